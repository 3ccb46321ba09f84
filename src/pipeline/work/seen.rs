//! What a look found, in the words of the lifecycle.

use std::sync::Arc;

use changegate_lifecycle::{FormStatus, Look, Signature};
use changegate_policy::{
    Directory, ExecutionRecord, Policy, Role, RuleId, Status, Submission, UserId, Verdict,
};
use changegate_wecom::approval::{
    ApprovalDetail, FormStatus as WecomStatus, Node, NodeKind, NodeMember, NodeStatus,
};
use changegate_wecom::message::is_userid;
use chrono::{DateTime, Utc};

use super::people::people;
use crate::intake;

pub(super) fn look(
    policy: &Policy,
    detail: &ApprovalDetail,
    submission: &Submission,
    directory: Option<&Directory>,
    verdict: &Arc<Verdict>,
    content: &str,
) -> Look {
    let nodes = detail.nodes();
    let execution = match policy.execution() {
        ExecutionRecord::ApprovalNode => execution_node(&nodes, directory),
        ExecutionRecord::Button => None,
    };
    let mut form = form_status(detail);
    if form == FormStatus::InProgress && execution.is_some_and(|at| only_open(&nodes, at)) {
        form = FormStatus::Approved;
    }
    let executed = execution.and_then(|at| nodes.get(at)).and_then(|node| {
        let passed = form_status(detail) == FormStatus::Approved;
        (passed || node.is_finished()).then(|| signatures(node).next())?
    });
    Look {
        form,
        filed: submission.apply_time,
        applicants: submission.applicants.clone(),
        current_approvers: detail
            .current_approvers()
            .iter()
            .filter(|id| is_userid(id))
            .map(UserId::new)
            .collect(),
        signatures: nodes
            .iter()
            .enumerate()
            .filter(|(at, node)| node.kind == NodeKind::Approver && Some(*at) != execution)
            .flat_map(|(_, node)| signatures(node))
            .collect(),
        people: people(submission, directory),
        verdict: Arc::clone(verdict),
        content: content.to_owned(),
        differences: Vec::new(),
        planned: intake::planned_instants(submission),
        middle_platform: verdict
            .of(RuleId::MiddlePlatform)
            .is_some_and(|result| result.status != Status::Skip),
        technical: !changegate_policy::technical_items(submission, policy).is_empty(),
        markets: policy.markets(submission).markets,
        executed,
        earlier: None,
        newer: None,
        look_again_at: None,
        mail_by_hand: false,
        emergency_mail_failed: false,
        emergency_mail_shown: false,
    }
}

fn form_status(detail: &ApprovalDetail) -> FormStatus {
    match detail.sp_status {
        WecomStatus::InProgress if detail.is_returned() => FormStatus::Returned,
        WecomStatus::InProgress | WecomStatus::Other(_) => FormStatus::InProgress,
        WecomStatus::Approved | WecomStatus::Paid => FormStatus::Approved,
        WecomStatus::Rejected => FormStatus::Declined,
        WecomStatus::Withdrawn | WecomStatus::WithdrawnAfterApproval | WecomStatus::Deleted => {
            FormStatus::Withdrawn
        }
    }
}

/// The operations executor's own node: the last one that carries out, else the last whose members are executors.
fn execution_node(nodes: &[Node], directory: Option<&Directory>) -> Option<usize> {
    let is_executors = |node: &Node| {
        directory.is_some_and(|directory| {
            node.members
                .iter()
                .any(|member| directory.holds(&UserId::new(&member.userid), Role::OperationsExecutor))
        })
    };
    nodes
        .iter()
        .rposition(|node| node.kind == NodeKind::Handler)
        .or_else(|| {
            nodes
                .iter()
                .rposition(|node| node.kind == NodeKind::Approver && is_executors(node))
        })
}

/// Whether only that node is still open.
fn only_open(nodes: &[Node], at: usize) -> bool {
    nodes
        .iter()
        .enumerate()
        .all(|(place, node)| place == at || node.is_finished())
}

fn signatures(node: &Node) -> impl Iterator<Item = Signature> + '_ {
    node.members
        .iter()
        .filter(|member| signed(member))
        .filter_map(|member| {
            let at: DateTime<Utc> = DateTime::from_timestamp(member.acted_at?, 0)?;
            Some(Signature {
                who: UserId::new(&member.userid),
                at,
            })
        })
}

/// Of a node that carries out, done (已办理) is what consent is of the others.
fn signed(member: &NodeMember) -> bool {
    matches!(
        member.status,
        NodeStatus::Agreed | NodeStatus::AgreedAndAdded | NodeStatus::Handled
    )
}
