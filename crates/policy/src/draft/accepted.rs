//! Whether JIRA's change log shows that a requirement was accepted: the rule `uat-accepted` is asked, so that a
//! proposal and the verdict on it cannot differ.

use std::collections::BTreeMap;

use super::Draft;
use crate::evaluate::evaluate;
use crate::facts::{Facts, Issue, IssueFact, StatusChange};
use crate::policy::Standing;
use crate::rule::RuleId;
use crate::submission::{Field, Submission};
use crate::verdict::Status;

/// Where a requirement stands.
pub(super) enum Acceptance<'a> {
    /// Accepted by now, with the move out of UAT.
    Accepted(&'a StatusChange),
    /// Not accepted; whose turn it is.
    Open(String),
}

pub(super) fn of<'a>(draft: &Draft<'_>, key: &str, issue: &'a Issue) -> Acceptance<'a> {
    match (holds(draft, key, issue), last_move(draft, issue)) {
        (true, Some(change)) => Acceptance::Accepted(change),
        (true, None) | (false, _) => Acceptance::Open(whose_turn(draft, key, issue)),
    }
}

/// The rule's answer for a form of this issue alone. 紧急: the day of filing is not settled yet.
fn holds(draft: &Draft<'_>, key: &str, issue: &Issue) -> bool {
    let link = draft.policy.jira_hosts().link(key);
    let none = || Field::Absent(String::new());
    let form = Submission {
        sp_no: String::new(),
        applicants: Vec::new(),
        apply_time: draft.now,
        title: Field::Empty,
        urgency: Field::Filled("紧急".to_owned()),
        description: Field::Filled(format!(
            "1、需求功能，已通过 UAT 验收，已通过回归测试；JIRA 单：{link}；"
        )),
        rollback: Field::Empty,
        product_manager: Field::Absent(String::new()),
        tester: Field::Absent(String::new()),
        middle_platform: none(),
        attachments: Field::Absent(String::new()),
        related: Field::Absent(String::new()),
        planned_time: Field::Absent(String::new()),
        images: none(),
        markets: none(),
    };
    let facts = Facts {
        issues: Some(BTreeMap::from([(
            key.to_owned(),
            IssueFact::Found(issue.clone()),
        )])),
        ..Facts::default()
    };
    let verdict = evaluate(&form, &facts, draft.policy, draft.now);
    verdict
        .of(RuleId::UatAccepted)
        .is_some_and(|result| matches!(result.status, Status::Pass | Status::Warn))
}

/// The last move out of UAT.
fn last_move<'a>(draft: &Draft<'_>, issue: &'a Issue) -> Option<&'a StatusChange> {
    let left = |change: &&StatusChange| {
        let jira = draft.policy.jira();
        jira.standing(&change.from) == Standing::Uat && jira.standing(&change.to) != Standing::Uat
    };
    issue
        .status_changes
        .iter()
        .filter(left)
        .max_by_key(|change| change.at)
}

fn whose_turn(draft: &Draft<'_>, key: &str, issue: &Issue) -> String {
    let jira = draft.policy.jira();
    let (uat, ready) = (jira.uat_name(), jira.ready_name());
    let status = issue.status.trim();
    if status.is_empty() {
        return format!("{key}：JIRA 没有给出状态，验收情况未知；请在 JIRA 核对后改写该项");
    }
    match jira.standing(status) {
        Standing::Uat => format!(
            "{key} 目前是“{status}”，尚未验收：请产品经理在 UAT 环境验收，并在 JIRA 由“{status}”变更至“{ready}”"
        ),
        Standing::Elsewhere => format!(
            "{key} 目前是“{status}”，还没到验收：请开发、测试同事完成后在 JIRA 转到“{uat}”，再由产品经理验收"
        ),
        Standing::Ready | Standing::Later => format!(
            "{key} 目前是“{status}”，但变更记录里没有由“{uat}”变更至“{ready}”的验收：请产品经理在 JIRA 补做验收流转"
        ),
    }
}
