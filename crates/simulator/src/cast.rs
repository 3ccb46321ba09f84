//! The people of the simulated company: who they are, what they hold, and by whom a form is approved.

mod company;

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

pub use self::company::{departments, tags};
use crate::approval::{NodeKind, SignMode};

/// A member of the company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// WeCom's user id.
    pub userid: String,
    /// The name shown.
    pub name: String,
    /// The department's name.
    pub department: String,
    /// What the person does, shown on the phone page.
    #[serde(default)]
    pub role: String,
    /// Whether the app sees the person (its 可见范围).
    #[serde(default = "yes")]
    pub visible: bool,
}

fn yes() -> bool {
    true
}

/// One node of the approval flow that an administrator set for the template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowNode {
    /// What the node is for, shown on the phone page.
    pub label: String,
    /// Approver, copy or handler.
    #[serde(default)]
    pub kind: NodeKind,
    /// How its members sign.
    #[serde(default)]
    pub mode: SignMode,
    /// Its members' user ids.
    pub members: Vec<String>,
    /// Only for forms whose 紧急程度 is 紧急.
    #[serde(default)]
    pub only_urgent: bool,
    /// Only for applicants of this department.
    #[serde(default)]
    pub only_department: Option<String>,
}

const ROLES: [(&str, &[&str]); 10] = [
    ("product-manager", &["chenjing", "linfeng"]),
    ("tester", &["wangfang", "liuyan"]),
    ("ccb", &["huangtao"]),
    ("operations-lead", &["zhaolei"]),
    ("operations-executor", &["machao", "qianhao"]),
    ("rd-director", &["guoming"]),
    ("project-manager", &["songjia"]),
    ("permission-configurer", &["tangyu"]),
    ("emergency-response", &["guoming", "zhaolei"]),
    ("admin", &["yexin"]),
];

struct TeamOf {
    name: &'static str,
    leads: &'static [&'static str],
    test_leads: &'static [&'static str],
    members: &'static [&'static str],
    projects: &'static [&'static str],
}

const TEAMS: [TeamOf; 2] = [
    TeamOf {
        name: "行情组",
        leads: &["liqiang"],
        test_leads: &["sunli"],
        members: &["zhangwei", "zhouyang"],
        projects: &["QUOTE"],
    },
    TeamOf {
        name: "交易组",
        leads: &["hejun"],
        test_leads: &["sunli"],
        members: &["wulei", "xuting"],
        projects: &["TRADE"],
    },
];

/// The demonstration's cast: every role of the regulation is held by somebody.
pub fn demo() -> Vec<Person> {
    [
        ("zhangwei", "张伟", "行情组", "开发同事"),
        ("zhouyang", "周洋", "行情组", "开发同事"),
        ("liqiang", "李强", "行情组", "开发组长"),
        ("wulei", "吴磊", "交易组", "开发同事"),
        ("xuting", "许婷", "交易组", "开发同事"),
        ("hejun", "何军", "交易组", "开发组长"),
        ("sunli", "孙丽", "测试部", "测试组长"),
        ("wangfang", "王芳", "测试部", "测试同事"),
        ("liuyan", "刘艳", "测试部", "测试同事"),
        ("chenjing", "陈静", "产品部", "产品经理"),
        ("linfeng", "林峰", "产品部", "产品经理"),
        ("songjia", "宋佳", "产品部", "项目经理"),
        ("huangtao", "黄涛", "平台产品技术线", "CCB 组"),
        ("guoming", "郭明", "平台产品技术线", "产研线总监"),
        ("zhaolei", "赵磊", "运维部", "运维负责人"),
        ("machao", "马超", "运维部", "运维同事"),
        ("qianhao", "钱浩", "运维部", "运维同事"),
        ("tangyu", "唐宇", "运维部", "权限配置岗"),
        ("yexin", "叶欣", "平台产品技术线", "管理员"),
    ]
    .into_iter()
    .map(|(userid, name, department, role)| Person {
        userid: userid.to_owned(),
        name: name.to_owned(),
        department: department.to_owned(),
        role: role.to_owned(),
        visible: true,
    })
    .collect()
}

/// The app's groups that go with [`demo`]: chat id and name.
pub fn chats() -> Vec<(String, String)> {
    [("feedback", "问题反馈群"), ("emergency", "应急处理群")]
        .into_iter()
        .map(|(id, name)| (id.to_owned(), name.to_owned()))
        .collect()
}

/// The approval flow that goes with [`demo`]: development lead, test lead, CCB for 紧急, operations lead.
pub fn flow() -> Vec<FlowNode> {
    let node = |label: &str, members: &[&str]| FlowNode {
        label: label.to_owned(),
        kind: NodeKind::Approver,
        mode: SignMode::Any,
        members: owned(members),
        only_urgent: false,
        only_department: None,
    };
    let mut nodes: Vec<FlowNode> = TEAMS
        .iter()
        .map(|team| FlowNode {
            only_department: Some(team.name.to_owned()),
            ..node("开发组长", team.leads)
        })
        .collect();
    nodes.push(node("测试组长", &["sunli"]));
    nodes.push(FlowNode {
        only_urgent: true,
        ..node("CCB 组", &["huangtao"])
    });
    nodes.push(node("运维负责人", &["zhaolei"]));
    nodes.push(FlowNode {
        kind: NodeKind::Copy,
        ..node("抄送", &["songjia"])
    });
    nodes
}

/// The cast as the tables of a policy file's directory (`[[teams]]`, `[roles]`, `[names]`, `[emails]`), every table below
/// `prefix` (`"directory"` gives `[[directory.teams]]`; empty gives `[[teams]]`).
pub fn directory_toml(prefix: &str) -> String {
    let dot = if prefix.is_empty() {
        String::new()
    } else {
        format!("{prefix}.")
    };
    let mut out = String::new();
    for team in &TEAMS {
        push(
            &mut out,
            format_args!("[[{dot}teams]]\nname = \"{}\"\n", team.name),
        );
        for (key, values) in [
            ("development_leads", team.leads),
            ("test_leads", team.test_leads),
            ("members", team.members),
            ("jira_projects", team.projects),
        ] {
            push(&mut out, format_args!("{key} = {}\n", list(values)));
        }
        out.push('\n');
    }
    push(&mut out, format_args!("[{dot}roles]\n"));
    for (role, members) in ROLES {
        push(&mut out, format_args!("{role} = {}\n", list(members)));
    }
    push(&mut out, format_args!("\n[{dot}names]\n"));
    for person in demo() {
        push(
            &mut out,
            format_args!("{} = \"{}\"\n", person.userid, person.name),
        );
    }
    push(&mut out, format_args!("\n[{dot}emails]\n"));
    for person in demo() {
        push(
            &mut out,
            format_args!("{0} = \"{0}@yxzq.example\"\n", person.userid),
        );
    }
    out
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    let written = out.write_fmt(text);
    debug_assert!(written.is_ok(), "writing to a string cannot fail");
}

fn list(values: &[&str]) -> String {
    let quoted: Vec<String> = values.iter().map(|value| format!("\"{value}\"")).collect();
    format!("[{}]", quoted.join(", "))
}

fn owned(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_holder_of_a_role_is_in_the_cast() {
        let people = demo();
        let known = |userid: &str| people.iter().any(|person| person.userid == userid);
        assert!(
            ROLES
                .iter()
                .flat_map(|(_, members)| *members)
                .all(|userid| known(userid))
        );
        assert!(
            TEAMS
                .iter()
                .flat_map(|team| team.members.iter().chain(team.leads))
                .all(|userid| known(userid))
        );
        assert!(
            departments()
                .iter()
                .flat_map(|department| &department.leaders)
                .chain(tags().iter().flat_map(|tag| &tag.members))
                .all(|userid| known(userid))
        );
        assert!(
            tags()
                .iter()
                .all(|tag| !tag.members.is_empty() || !tag.departments.is_empty())
        );
        assert!(
            flow()
                .iter()
                .flat_map(|node| &node.members)
                .all(|userid| known(userid))
        );
    }

    #[test]
    fn directory_names_its_tables_below_the_prefix() {
        let text = directory_toml("directory");
        assert!(
            text.starts_with("[[directory.teams]]\nname = \"行情组\"\ndevelopment_leads = [\"liqiang\"]\n")
        );
        assert!(text.contains("[directory.roles]\nproduct-manager = [\"chenjing\", \"linfeng\"]\n"));
        assert!(text.contains("[directory.names]\nzhangwei = \"张伟\"\n"));
        assert!(text.contains("[directory.emails]\nzhangwei = \"zhangwei@yxzq.example\"\n"));
        assert!(directory_toml("").starts_with("[[teams]]\n"));
    }
}
