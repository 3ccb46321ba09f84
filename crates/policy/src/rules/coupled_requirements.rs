//! `coupled-requirements` (三): what the linked issues depend on goes live with them, or is live already.

use std::collections::BTreeSet;

use super::linked_issues::{Answer, Linked, dated, linked, unknown};
use crate::evaluate::{Context, Finding, Judgement};
use crate::facts::{Issue, IssueFact, IssueLink};
use crate::policy::Standing;

pub(crate) fn judge(context: &Context<'_>) -> Judgement {
    let linked = match linked(context) {
        Ok(linked) => linked,
        Err(judgement) => return judgement,
    };
    let companions = companions(context);
    let (mut left_behind, mut unavailable) = (Vec::new(), Vec::new());
    for link in &linked {
        match link.answer {
            Answer::Missing => {}
            Answer::Unavailable(reason) => unavailable.push((link.key, reason)),
            Answer::Found(issue) => left_behind.extend(
                alone(context, issue, &companions)
                    .into_iter()
                    .map(|other| (link, issue, other)),
            ),
        }
    }
    if !left_behind.is_empty() {
        Judgement::Warn(finding(context, &left_behind))
    } else if !unavailable.is_empty() {
        unknown(&unavailable)
    } else {
        Judgement::Pass
    }
}

/// The keys that go live with this change: its own, and those of the changes attached to it.
fn companions(context: &Context<'_>) -> BTreeSet<String> {
    let related = context.facts.related_changes.iter().flatten();
    let keys = context.reading.keys().into_iter().map(str::to_ascii_uppercase);
    let theirs = related
        .flat_map(|change| &change.jira)
        .map(|key| key.to_ascii_uppercase());
    keys.chain(theirs).collect()
}

/// An issue that goes live neither now nor before.
struct Other {
    key: String,
    /// Its state; empty where nobody knows.
    status: String,
    relation: String,
}

fn alone(context: &Context<'_>, issue: &Issue, companions: &BTreeSet<String>) -> Vec<Other> {
    let jira = context.policy.jira();
    let mut others: Vec<Other> = Vec::new();
    for link in issue.links.iter().filter(|link| jira.couples(&link.relation)) {
        let key = link.key.trim().to_ascii_uppercase();
        let status = status(context, link, &key);
        let released = jira.standing(status) == Standing::Later;
        if !released && !companions.contains(&key) && others.iter().all(|known| known.key != key) {
            others.push(Other {
                key,
                status: status.to_owned(),
                relation: link.relation.trim().to_owned(),
            });
        }
    }
    others
}

/// The other issue's state: as the link says, else as the issue itself.
fn status<'a>(context: &Context<'a>, link: &'a IssueLink, key: &str) -> &'a str {
    if !link.status.trim().is_empty() {
        return link.status.trim();
    }
    match context.facts.issues.as_ref().and_then(|issues| issues.get(key)) {
        Some(IssueFact::Found(issue)) => issue.status.trim(),
        Some(IssueFact::Missing | IssueFact::Unavailable(_)) | None => "",
    }
}

fn finding(context: &Context<'_>, left_behind: &[(&Linked<'_>, &Issue, Other)]) -> Finding {
    let parts: Vec<String> = left_behind
        .iter()
        .map(|(link, _, other)| {
            let status = if other.status.is_empty() {
                "状态未知".to_owned()
            } else {
                format!("目前是“{}”", other.status)
            };
            format!("{}（{}）{}，{status}", link.name(), other.relation, other.key)
        })
        .collect();
    let unread = context
        .submission
        .related
        .value()
        .is_some_and(|related| !related.is_empty())
        && context.facts.related_changes.is_none();
    let unread = if unread {
        "（“关联审批单”的内容没有取得，未能核对）"
    } else {
        ""
    };
    let message = format!(
        "耦合的需求须一起测试、验收并上线，以下关联的单既不在本次变更和关联审批单中，也还没有上线：{}{unread}；\
         请一并列入本次变更，或在“关联审批单”中附上其流程，或等其上线后再发起",
        parts.join("；")
    );
    Finding {
        message: dated(context, message, left_behind.iter().map(|(_, issue, _)| *issue)),
        evidence: left_behind.first().map(|(link, ..)| link.evidence(context)),
        fix: None,
    }
}

#[cfg(test)]
mod tests;
