//! What a member can do with a change outside of any duty, and why not where they cannot.
//!
//! This only decides what a page offers; the lifecycle decides again when it is sent.

use changegate_lifecycle::{Action, Cause, Change, Stage};
use changegate_policy::{Outcome, Policy, UserId};

use super::dossier;

/// Something that a page can offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Offer {
    pub(super) action: Action,
    /// Why it is not offered now; none: it is.
    pub(super) not_now: Option<String>,
}

/// What is offered to everybody who may see a change, in the order of the page.
const FOR_ALL: [Action; 8] = [
    Action::Anomaly,
    Action::Describe,
    Action::MarkIncident,
    Action::UpdateStatement,
    Action::RequestWaiver,
    Action::Reschedule,
    Action::MarkClaim,
    Action::CorrectAnomaly,
];

/// What there is for a member; what is for administrators only is not shown to others.
pub(super) fn of(change: &Change, user: &UserId, policy: &Policy) -> Vec<Offer> {
    FOR_ALL
        .iter()
        .filter(|action| {
            !matches!(action, Action::MarkClaim | Action::CorrectAnomaly)
                || change.who_may(**action).contains(user)
        })
        .map(|action| Offer {
            action: *action,
            not_now: not_now(*action, change, user, policy),
        })
        .collect()
}

/// Why the markets cannot be corrected now, or by this member.
pub(super) fn markets_not_now(change: &Change, user: &UserId, policy: &Policy) -> Option<String> {
    if !change.stage.is_open() {
        return Some(over(change.stage));
    }
    refused(
        Action::ToggleUs,
        "申请人、开发组长或产品经理",
        change,
        user,
        policy,
    )
}

fn not_now(action: Action, change: &Change, user: &UserId, policy: &Policy) -> Option<String> {
    match action {
        Action::Anomaly => anomaly(change.stage),
        Action::Describe => (!is_troubled(change.stage)).then(|| "当前没有处理中的异常。".to_owned()),
        Action::MarkIncident if change.incident.is_some() => Some("已经标记为生产事故。".to_owned()),
        Action::MarkIncident => (!change.had_anomaly()).then(|| "没有异常记录；请先报告异常。".to_owned()),
        Action::UpdateStatement if !is_troubled(change.stage) && change.incident.is_none() => {
            Some("出现异常或生产事故后，由产品、测试商定对外口径时使用。".to_owned())
        }
        Action::UpdateStatement => refused(action, "产品经理、测试同事或开发组长", change, user, policy),
        Action::RequestWaiver => waiver(change, user, policy),
        Action::Reschedule if !change.stage.is_before_execution() => Some(if change.stage.is_begun() {
            "变更已开始执行，不能改期。".to_owned()
        } else {
            "流程已结束，不能改期。".to_owned()
        }),
        Action::Reschedule => refused(action, "申请人、开发组长或运维同事", change, user, policy),
        Action::MarkClaim => match &change.incident {
            None => Some("没有登记生产事故。".to_owned()),
            Some(incident) => incident.claim.as_ref().map(|_| "已经标记过客户索赔。".to_owned()),
        },
        Action::CorrectAnomaly => (!change.had_anomaly()).then(|| "没有需要更正的异常记录。".to_owned()),
        _ => None,
    }
}

fn anomaly(stage: Stage) -> Option<String> {
    if stage.after(Cause::AnomalyReported).is_some() {
        return None;
    }
    Some(
        match stage {
            Stage::Anomaly | Stage::RollingBack => "异常已在处理中，有新情况请用“补充异常说明”。",
            stage if stage.is_before_execution() => "变更尚未执行。",
            _ => "变更没有执行，流程已结束。",
        }
        .to_owned(),
    )
}

fn waiver(change: &Change, user: &UserId, policy: &Policy) -> Option<String> {
    let rejected = change
        .judged
        .as_ref()
        .is_some_and(|judged| judged.outcome == Outcome::Rejected);
    if !rejected {
        return Some("评审结果不是“不合规”，不需要豁免。".to_owned());
    }
    if !change.stage.is_before_execution() {
        return Some("变更已开始执行或流程已结束，不能再申请豁免。".to_owned());
    }
    if change.waivers.iter().any(|request| request.decision.is_none()) {
        return Some("已提交申请，正在等待管理员决定。".to_owned());
    }
    refused(Action::RequestWaiver, "申请人", change, user, policy)
}

/// Whether something is wrong, or was until a moment ago.
pub(super) fn is_troubled(stage: Stage) -> bool {
    matches!(
        stage,
        Stage::Anomaly | Stage::RollingBack | Stage::RolledBack | Stage::Fixed
    )
}

fn over(stage: Stage) -> String {
    format!("流程{}，不再需要更正。", stage.name())
}

/// Why somebody may not, by the lifecycle's word; none: they may.
fn refused(action: Action, roles: &str, change: &Change, user: &UserId, policy: &Policy) -> Option<String> {
    let may = change.who_may(action);
    (!may.contains(user)).then(|| {
        if may.is_empty() {
            format!("只能由{roles}操作。")
        } else {
            format!("只能由{roles}操作：{}。", dossier::names(&may, policy))
        }
    })
}
