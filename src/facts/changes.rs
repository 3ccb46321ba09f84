//! Other changes, the approval chain, waivers and what leads said: what the bot itself knows.

use changegate_lifecycle::{Action, Change, DutyKind, Stage};
use changegate_policy::{
    ApprovalNode, ApproverMode, Chain, OtherChange, PlannedTime, TechnicalConfirmations, UserId, Waiver,
};
use changegate_store::OpenChange;
use changegate_wecom::approval::{ApprovalDetail, Mode, Node, NodeKind, NodeStatus};
use chrono::{DateTime, Utc};

/// Another open change beside the one that is looked at.
#[derive(Debug)]
pub(crate) struct Beside {
    pub(crate) sp_no: String,
    pub(crate) applicant: UserId,
    pub(crate) apply_time: Option<DateTime<Utc>>,
    pub(crate) jira_keys: Vec<String>,
    /// Whether every approver has signed.
    pub(crate) passed: bool,
}

/// A granted waiver; one of a rule that is no more lifts nothing.
pub(super) fn waiver(stored: changegate_store::Waiver) -> Option<Waiver> {
    let decision = stored.decision.filter(|decision| decision.granted)?;
    Some(Waiver {
        sp_no: Some(stored.sp_no),
        team: None,
        rule: stored.rule.parse().ok()?,
        reason: decision.reason,
        granted_by: UserId::new(decision.by),
        until: None,
    })
}

/// What the leads said by their buttons.
pub(super) fn technical_confirmations(before: &Change) -> TechnicalConfirmations {
    let said = |kind: DutyKind, wanted: Action| {
        let duty = before.latest(kind)?;
        duty.said
            .iter()
            .find(|(_, said)| said.action == wanted)
            .map(|(who, _)| who.clone())
    };
    let by_development = DutyKind::TechnicalByDevelopment;
    let by_test = DutyKind::TechnicalByTest;
    TechnicalConfirmations {
        development_lead: said(by_development, Action::Confirm),
        test_lead: said(by_test, Action::Confirm),
        refused: said(by_development, Action::Refuse).or_else(|| said(by_test, Action::Refuse)),
    }
}

pub(super) fn beside(other: &OpenChange) -> Beside {
    let stage = Stage::from_word(&other.stage);
    Beside {
        sp_no: other.sp_no.clone(),
        applicant: UserId::new(&other.applicant),
        apply_time: other.apply_time,
        jira_keys: other.jira_keys.clone(),
        passed: stage.is_some_and(|stage| stage == Stage::Approved || stage.is_begun()),
    }
}

/// The approver nodes, in order, with the people who sign in them.
pub(crate) fn chain(detail: &ApprovalDetail) -> Chain {
    let nodes = detail.nodes();
    let approvers = nodes.iter().filter(|node| node.kind == NodeKind::Approver);
    Chain {
        nodes: approvers.map(approval_node).collect(),
    }
}

fn approval_node(node: &Node) -> ApprovalNode {
    let mode = match node.mode {
        Mode::All => ApproverMode::All,
        Mode::Any => ApproverMode::Any,
        Mode::Sequential => ApproverMode::Sequential,
    };
    let users = |wanted: fn(NodeStatus) -> bool| -> Vec<UserId> {
        let members = node.members.iter().filter(|member| wanted(member.status));
        members
            .map(|member| UserId::new(&member.userid))
            .filter(|user| !user.is_empty())
            .collect()
    };
    ApprovalNode {
        mode,
        approvers: users(|status| !matches!(status, NodeStatus::Transferred | NodeStatus::HandedOver)),
        signed: users(|status| matches!(status, NodeStatus::Agreed | NodeStatus::AgreedAndAdded)),
    }
}

/// A change without an apply time was never looked at: nothing is known that could be compared.
pub(super) fn other_change(other: OpenChange) -> Option<OtherChange> {
    let filled = |text: String| (!text.is_empty()).then_some(text);
    let planned_time = match (other.planned_from, other.planned_until) {
        (Some(from), Some(until)) => Some(PlannedTime::Range(from, until)),
        (Some(from), None) => Some(PlannedTime::Instant(from)),
        (None, _) => None,
    };
    Some(OtherChange {
        sp_no: other.sp_no,
        title: other.title,
        team: filled(other.team),
        system: filled(other.system),
        jira: other.jira_keys.into_iter().collect(),
        apply_time: other.apply_time?,
        planned_time,
        change_day: other.change_day?,
    })
}
