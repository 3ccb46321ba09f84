//! What a look found, in the words of the lifecycle.

use std::sync::Arc;

use changegate_lifecycle::{FormStatus, Look, Signature};
use changegate_policy::{Facts, Role, Submission, UserId, Verdict};
use changegate_wecom::approval::{ApprovalDetail, FormStatus as WecomStatus, NodeKind, NodeStatus};
use changegate_wecom::message::is_userid;
use chrono::DateTime;

pub(super) fn look(
    detail: &ApprovalDetail,
    submission: &Submission,
    facts: &Facts,
    verdict: &Arc<Verdict>,
    content: &str,
) -> Look {
    let leads = facts
        .directory
        .iter()
        .flat_map(|directory| directory.holders(Role::OperationsLead));
    Look {
        form: form_status(detail),
        applicants: submission.applicants.clone(),
        current_approvers: detail
            .current_approvers()
            .iter()
            .filter(|id| is_userid(id))
            .map(UserId::new)
            .collect(),
        signatures: signatures(detail),
        operations_leads: leads.cloned().collect(),
        verdict: Arc::clone(verdict),
        content: content.to_owned(),
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

fn signatures(detail: &ApprovalDetail) -> Vec<Signature> {
    let signed = |status: NodeStatus| matches!(status, NodeStatus::Agreed | NodeStatus::AgreedAndAdded);
    detail
        .nodes()
        .iter()
        .filter(|node| node.kind == NodeKind::Approver)
        .flat_map(|node| &node.members)
        .filter(|member| signed(member.status))
        .filter_map(|member| {
            let at = DateTime::from_timestamp(member.acted_at?, 0)?;
            Some(Signature {
                who: UserId::new(&member.userid),
                at,
            })
        })
        .collect()
}
