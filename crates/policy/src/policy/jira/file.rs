//! `[jira]` as TOML lays it out, what holds where it says nothing, and its mistakes.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::robots::Robots;
use super::{JiraSettings, Names};
use crate::description::JiraHosts;
use crate::policy::check::Mistake;
use crate::reading::squeeze;

const UAT: [&str; 13] = [
    "UAT 验收",
    "UAT 验收中",
    "待 UAT 验收",
    "UAT 测试",
    "UAT 测试中",
    "UAT",
    "In UAT",
    "UAT Testing",
    "待验收",
    "验收中",
    "产品验收",
    "产品验收中",
    "用户验收",
];
const READY: [&str; 8] = [
    "待上线",
    "待发布",
    "待投产",
    "准备上线",
    "Ready for Release",
    "Ready to Release",
    "Ready for Production",
    "Ready to Deploy",
];
const LATER: [&str; 19] = [
    "已上线",
    "上线完成",
    "已发布",
    "发布完成",
    "已投产",
    "待生产验证",
    "生产验证",
    "生产验证中",
    "完成",
    "已完成",
    "已解决",
    "关闭",
    "已关闭",
    "Released",
    "Deployed",
    "In Production",
    "Resolved",
    "Done",
    "Closed",
];
const COUPLED_LINKS: [&str; 13] = [
    "depends on",
    "depends upon",
    "is dependent on",
    "is blocked by",
    "requires",
    "is coupled with",
    "coupled with",
    "依赖",
    "依赖于",
    "被阻塞",
    "被阻塞于",
    "耦合",
    "耦合于",
];
const ROBOTS: [&str; 10] = [
    "jira-bot",
    "jirabot",
    "bot",
    "robot",
    "automation",
    "automation for jira",
    "jenkins",
    "gitlab",
    "机器人",
    "自动化",
];

type Written = Option<Spanned<Vec<Spanned<String>>>>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::policy) struct JiraFile {
    hosts: Spanned<Vec<Spanned<String>>>,
    uat_status: Written,
    ready_status: Written,
    later_status: Written,
    coupled_links: Written,
    robots: Written,
}

pub(in crate::policy) fn jira(file: &JiraFile) -> Result<JiraSettings, Mistake> {
    let states = [
        ("uat_status", &file.uat_status),
        ("ready_status", &file.ready_status),
        ("later_status", &file.later_status),
    ];
    for (key, list) in states.iter().take(2) {
        if let Some(list) = list.as_ref().filter(|list| list.as_ref().is_empty()) {
            return Err((list.span(), format!("`{key}` needs at least one state")));
        }
    }
    for list in [&file.coupled_links, &file.robots] {
        named(list)?;
    }
    let placed = placed(states)?;
    // A state that the file puts into one list is in no other one by default.
    let list = |written: &Written, default: &[&'static str]| match written {
        Some(list) => Names::of(list.as_ref().iter().map(|name| name.as_ref().as_str())),
        None => Names::of(
            default
                .iter()
                .copied()
                .filter(|name| !placed.contains_key(&squeeze(name))),
        ),
    };
    Ok(JiraSettings {
        hosts: hosts(&file.hosts)?,
        uat: list(&file.uat_status, &UAT),
        ready: list(&file.ready_status, &READY),
        later: list(&file.later_status, &LATER),
        coupled_links: list(&file.coupled_links, &COUPLED_LINKS),
        robots: Robots::of(list(&file.robots, &ROBOTS).written),
    })
}

/// The states that the file names, as they are compared, each with its list.
fn placed(lists: [(&'static str, &Written); 3]) -> Result<BTreeMap<String, &'static str>, Mistake> {
    let mut placed = BTreeMap::new();
    for (key, list) in lists {
        named(list)?;
        for name in list.iter().flat_map(Spanned::as_ref) {
            if let Some(other) = placed
                .insert(squeeze(name.as_ref()), key)
                .filter(|&other| other != key)
            {
                let message = format!("`{}` stands in `{other}` already", name.as_ref());
                return Err((name.span(), message));
            }
        }
    }
    Ok(placed)
}

/// Refuses a name without a letter.
fn named(list: &Written) -> Result<(), Mistake> {
    let mut names = list.iter().flat_map(Spanned::as_ref);
    match names.find(|name| !name.as_ref().chars().any(char::is_alphanumeric)) {
        Some(nameless) => Err((
            nameless.span(),
            "a name needs at least one letter or digit".to_owned(),
        )),
        None => Ok(()),
    }
}

fn hosts(hosts: &Spanned<Vec<Spanned<String>>>) -> Result<JiraHosts, Mistake> {
    if hosts.as_ref().is_empty() {
        return Err((
            hosts.span(),
            "at least one JIRA host has to be allowed".to_owned(),
        ));
    }
    for host in hosts.as_ref() {
        JiraHosts::new([host.as_ref().as_str()]).map_err(|error| (host.span(), error.to_string()))?;
    }
    JiraHosts::new(hosts.as_ref().iter().map(|host| host.as_ref().as_str()))
        .map_err(|error| (hosts.span(), error.to_string()))
}
