//! What can speak against a deployment, in words.

use changegate_policy::{Policy, RuleId, RuleResult, Status, Urgency, Verdict};
use chrono::{DateTime, Utc};

use super::answer::{GateReason, GateWindow, ReasonCode};
use super::window::Span;
use crate::change::Change;
use crate::stage::Stage;

/// Why a change may not be deployed where it stands; none where it may.
pub(super) fn of_stage(change: &Change) -> Option<GateReason> {
    let course = GateReason::of_course;
    let approval = |code, message: &str| GateReason::of_rule(code, RuleId::ApprovalChain, message);
    Some(match change.stage {
        Stage::Approved | Stage::Executing | Stage::RollingBack => return None,
        Stage::Submitted | Stage::Approving => approval(
            ReasonCode::NotApproved,
            "审批尚未全部通过；请等全部审批人签署后再发布",
        ),
        Stage::Returned => approval(
            ReasonCode::Returned,
            "流程已被退回；请申请人修改后重新提交，全部审批通过后再发布",
        ),
        Stage::Withdrawn => approval(
            ReasonCode::Withdrawn,
            "流程已撤销，不得按本单发布；仍需上线的请重新发起",
        ),
        Stage::Declined => approval(
            ReasonCode::Declined,
            "流程已被驳回，不得按本单发布；仍需上线的请修改后重新发起",
        ),
        Stage::Expired => approval(
            ReasonCode::Expired,
            "流程逾期未执行，已经关闭；仍需上线的请重新发起",
        ),
        Stage::Superseded => superseded(change.newer.as_deref()),
        Stage::Verifying => course(
            ReasonCode::AlreadyExecuted,
            "八.2",
            "变更已执行，正在验证；再次发布请另行发起流程，验证发现问题请报告异常",
        ),
        Stage::Anomaly => course(
            ReasonCode::Anomaly,
            "十.1",
            "变更出现异常，正在处理；要回退请先在卡片或详情页点“执行回退”，要修复上线请另行发起紧急变更",
        ),
        Stage::RolledBack => course(
            ReasonCode::AlreadyExecuted,
            "十.3",
            "变更已回退，正在确认原功能；要再次上线请重新发起流程",
        ),
        Stage::Fixed => course(
            ReasonCode::AlreadyExecuted,
            "十.3",
            "变更已修复，正在确认功能；再次发布请另行发起流程",
        ),
        Stage::Closed => course(
            ReasonCode::AlreadyExecuted,
            "八.2",
            "变更已执行完毕并结束；再次发布请另行发起流程",
        ),
    })
}

fn superseded(newer: Option<&str>) -> GateReason {
    let message = match newer {
        Some(newer) => format!("流程已被新流程 {newer} 替代；请按新流程发布，并撤销本流程"),
        None => "流程已被同一需求的新流程替代；请按新流程发布，并撤销本流程".to_owned(),
    };
    GateReason::of_rule(ReasonCode::Superseded, RuleId::SupersededFlow, message)
}

/// The approval is none of ours.
pub(super) fn not_applicable() -> GateReason {
    GateReason::of_course(
        ReasonCode::NotApplicable,
        "六",
        "该审批不是生产上线变更；请核对单号，未发起的先发起生产上线变更",
    )
}

/// Rules that fail, and rules whose facts are not known, in the order of the regulation.
pub(super) fn of_rules(verdict: &Verdict) -> Vec<GateReason> {
    verdict.binding().filter_map(of_rule).collect()
}

fn of_rule(result: &RuleResult) -> Option<GateReason> {
    let (code, otherwise) = match result.status {
        Status::Fail => (ReasonCode::RuleFailed, "不合规，请按详情页修改或申请豁免"),
        Status::Unknown => (ReasonCode::RuleUnknown, "尚未核实，核实后自动更新，请稍后重试"),
        Status::Pass | Status::Warn | Status::Skip => return None,
    };
    let message = match result.message.as_deref() {
        Some(message) if !message.trim().is_empty() => message.to_owned(),
        _ => format!("“{}”{otherwise}", result.rule.name()),
    };
    Some(GateReason {
        code,
        rule: Some(result.rule),
        clause: result.clause.clone(),
        message,
    })
}

/// The facts are too old, or nobody gathered any.
pub(super) fn stale_facts() -> GateReason {
    GateReason::of_course(
        ReasonCode::StaleFacts,
        "三",
        "事实已过期，正在重新核对，请一分钟后重试",
    )
}

/// A freeze binds it now.
pub(super) fn frozen(name: &str) -> GateReason {
    let message = format!("现在是封网期（{name}）；请在封网结束后发布，确需发布的先由管理员豁免“封网”");
    GateReason::of_rule(ReasonCode::Frozen, RuleId::Freeze, message)
}

/// It is not inside its window, and nobody agreed that it goes out at another time (八.1).
pub(super) fn outside_window(
    change: &Change,
    window: Option<&Span>,
    now: DateTime<Utc>,
    policy: &Policy,
) -> GateReason {
    let clock = policy.local(now).format("%-m月%-d日 %H:%M");
    let emergency = change.plan.urgency == Some(Urgency::Emergency);
    let Some(window) = window else {
        let message = if emergency {
            "紧急变更在时间窗口外发布，需与研发小组长确认（八.1）；请运维同事点“开始执行”请其确认"
        } else {
            "没有可用的变更时间窗口；请改期到窗口内，或点“开始执行”请研发小组长确认（八.1）"
        };
        let code = if emergency {
            ReasonCode::NoConsent
        } else {
            ReasonCode::OutsideWindow
        };
        return GateReason::of_rule(code, RuleId::UrgencyWindow, message);
    };
    let when = GateWindow {
        opens: policy.local(window.opens),
        closes: policy.local(window.closes),
    }
    .in_words();
    let message = if now < window.opens {
        format!("窗口 {when} 尚未开始（现在 {clock}）；请等窗口开始，提前发布需与研发小组长确认（八.1）")
    } else if change.stage == Stage::Executing {
        format!(
            "窗口 {when} 已过（现在 {clock}）；请停止发布并与研发小组长确认（八.1），已发布的部分有问题请报告异常并回退"
        )
    } else {
        format!("窗口 {when} 已过（现在 {clock}）；请改期到下一窗口，或与研发小组长确认（八.1）后发布")
    };
    GateReason::of_rule(ReasonCode::OutsideWindow, RuleId::UrgencyWindow, message)
}
