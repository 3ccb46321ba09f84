//! How the cast is organised in WeCom: departments and tags.

use super::{ROLES, owned};
use crate::directory::{Department, Tag};

/// The departments that go with [`demo`](super::demo): the groups stand below the product line, with who leads them.
pub fn departments() -> Vec<Department> {
    const LINE: u32 = 6;
    let department = |id, name: &str, parent, leaders: &[&str]| Department {
        id,
        name: name.to_owned(),
        parent,
        leaders: owned(leaders),
    };
    vec![
        department(1, "示例证券", 0, &[]),
        department(2, "行情组", LINE, &["liqiang"]),
        department(3, "交易组", LINE, &["hejun"]),
        department(4, "测试部", LINE, &["sunli"]),
        department(5, "产品部", LINE, &["chenjing"]),
        department(LINE, "平台产品技术线", 1, &["guoming"]),
        department(7, "运维部", 1, &["zhaolei"]),
    ]
}

/// The tags that go with [`demo`](super::demo): the roles that are no department's.
pub fn tags() -> Vec<Tag> {
    let tag = |id, name: &str, role: &str, departments: &[u32]| Tag {
        id,
        name: name.to_owned(),
        members: ROLES
            .iter()
            .find(|(known, _)| *known == role)
            .map_or_else(Vec::new, |(_, members)| owned(members)),
        departments: departments.to_vec(),
    };
    vec![
        tag(1, "CCB 组", "ccb", &[]),
        tag(2, "产品经理", "product-manager", &[]),
        tag(3, "测试同事", "tester", &[]),
        tag(4, "运维同事", "", &[7]),
        tag(5, "应急响应", "emergency-response", &[]),
        tag(6, "权限配置岗", "permission-configurer", &[]),
    ]
}
