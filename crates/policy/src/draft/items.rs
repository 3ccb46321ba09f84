//! The items of 升级功能描述, one for each issue (clause 六.5).

use super::Draft;
use super::accepted::{self, Acceptance};
use crate::description::Description;
use crate::facts::{Issue, IssueFact, StatusChange};
use crate::reading::squeeze;

/// The longest name of a feature, in characters; what is longer is cut.
const LONGEST_NAME: usize = 60;
/// In place of a name that nobody knows; rules take it for a blank.
const NO_NAME: &str = "【待补充：功能名称】功能";

/// One item.
pub(super) struct Item<'a> {
    pub(super) key: String,
    /// What JIRA says; none: it could not be asked.
    pub(super) issue: Option<&'a Issue>,
    /// With the closing 功能.
    pub(super) feature: String,
    /// A technical requirement, which no product manager accepts (clause 三).
    pub(super) technical: bool,
    /// The move out of UAT, where it is accepted.
    pub(super) accepted: Option<&'a StatusChange>,
}

impl Item<'_> {
    /// The feature without the closing 功能; none where nobody knows.
    pub(super) fn name(&self) -> Option<&str> {
        (self.feature != NO_NAME).then(|| self.feature.trim_end_matches("功能"))
    }
}

/// The items for these keys; an issue that JIRA does not have is left out, with a note.
pub(super) fn of<'a>(draft: &Draft<'a>, keys: &[String], notes: &mut Vec<String>) -> Vec<Item<'a>> {
    let mut items: Vec<Item<'a>> = Vec::new();
    for key in keys {
        if items.iter().any(|item| item.key == *key) {
            continue;
        }
        match draft.issues.get(key) {
            Some(IssueFact::Found(issue)) => items.push(found(draft, key, issue, notes)),
            Some(IssueFact::Missing) => notes.push(format!(
                "JIRA 中没有 {key}，或变更闸无权查看，未写入描述；请核对单号"
            )),
            Some(IssueFact::Unavailable(reason)) => {
                notes.push(format!(
                    "{key} 的数据未取得（{reason}），请手工补全该项，或稍后重试"
                ));
                items.push(unknown(key));
            }
            None => {
                notes.push(format!("没有查询 {key}，请手工补全该项"));
                items.push(unknown(key));
            }
        }
    }
    if items.is_empty() {
        notes.push("没有可用的 JIRA 单，“升级功能描述”请手工填写".to_owned());
    } else if !draft.wishes.regression_done {
        notes.push(
            "回归测试尚未确认，描述中写的是“待回归测试”；测试同事完成后请勾选“回归测试已完成”重新生成"
                .to_owned(),
        );
    }
    readable(draft, &mut items, notes);
    items
}

/// The whole text.
pub(super) fn description(draft: &Draft<'_>, items: &[Item<'_>]) -> String {
    (1_usize..)
        .zip(items)
        .map(|(number, item)| line(draft, number, item))
        .collect::<Vec<_>>()
        .join("\n")
}

fn found<'a>(draft: &Draft<'_>, key: &str, issue: &'a Issue, notes: &mut Vec<String>) -> Item<'a> {
    let technical = squeeze(&issue.issue_type).contains("技术需求");
    let accepted = if technical {
        notes.push(format!(
            "{key} 在 JIRA 中是技术需求，无须产品验收；提交后由开发组长和测试组长确认"
        ));
        None
    } else {
        match accepted::of(draft, key, issue) {
            Acceptance::Accepted(change) => Some(change),
            Acceptance::Open(note) => {
                notes.push(note);
                None
            }
        }
    };
    Item {
        key: key.to_owned(),
        issue: Some(issue),
        feature: feature(&issue.summary).unwrap_or_else(|| NO_NAME.to_owned()),
        technical,
        accepted,
    }
}

fn unknown<'a>(key: &str) -> Item<'a> {
    Item {
        key: key.to_owned(),
        issue: None,
        feature: NO_NAME.to_owned(),
        technical: false,
        accepted: None,
    }
}

fn line(draft: &Draft<'_>, number: usize, item: &Item<'_>) -> String {
    let acceptance = if item.technical {
        "技术需求"
    } else if item.accepted.is_some() {
        "已通过 UAT 验收"
    } else {
        "待 UAT 验收"
    };
    let regression = if draft.wishes.regression_done {
        "已通过回归测试"
    } else {
        "待回归测试"
    };
    format!(
        "{number}、{}，{acceptance}，{regression}；JIRA 单：{}；",
        item.feature,
        link(draft, &item.key)
    )
}

/// The issue's page; where the policy would not take that address for JIRA's, its own.
fn link(draft: &Draft<'_>, key: &str) -> String {
    let hosts = draft.policy.jira_hosts();
    let address = format!("{}{key}", draft.browse);
    let known = url::Url::parse(&address).is_ok_and(|url| hosts.allows(&url));
    if known { address } else { hosts.link(key) }
}

/// A headline as a feature: one line, without labels in brackets before it and marks that would end the item.
fn feature(summary: &str) -> Option<String> {
    let mut rest = summary.trim();
    while let Some((label, after)) = labelled(rest) {
        // A headline of labels alone keeps the last.
        rest = if after.is_empty() { label } else { after };
    }
    let ends =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '，' | ',' | '；' | ';' | '。' | '：');
    let words: Vec<&str> = rest.split(ends).filter(|word| !word.is_empty()).collect();
    let plain = words.join(" ");
    let name: String = plain.chars().take(LONGEST_NAME).collect();
    let name = name.trim().trim_end_matches("功能").trim_end();
    name.chars()
        .any(char::is_alphanumeric)
        .then(|| format!("{name}功能"))
}

/// A label in brackets at the start, and what stands behind it.
fn labelled(text: &str) -> Option<(&str, &str)> {
    [('【', '】'), ('[', ']'), ('［', '］')]
        .into_iter()
        .find_map(|(opens, closes)| {
            let (label, after) = text.strip_prefix(opens)?.split_once(closes)?;
            Some((label.trim(), after.trim_start()))
        })
}

/// A name that the rules would read as something else is for the person to write.
fn readable(draft: &Draft<'_>, items: &mut [Item<'_>], notes: &mut Vec<String>) {
    for item in items.iter_mut().filter(|item| item.feature != NO_NAME) {
        let text = line(draft, 1, item);
        let read = Description::read(&text, draft.policy.jira_hosts());
        let same = match read.items() {
            [only] => {
                only.feature() == item.feature
                    && only.keys().eq([item.key.as_str()])
                    && only.technical == item.technical
                    && read.uat(only).holds() == item.accepted.is_some()
                    && read.regression(only).holds() == draft.wishes.regression_done
            }
            _ => false,
        };
        if !same {
            notes.push(format!(
                "{} 的标题不能直接作为功能名称，请在描述中补写该项的功能名称",
                item.key
            ));
            NO_NAME.clone_into(&mut item.feature);
        }
    }
}
