//! Gathers what the form does not say and the policy needs.

use std::sync::Arc;

use changegate_policy::{
    ApprovalNode, ApproverMode, Chain, Directory, Facts, FileNames, OtherChange, PlannedTime, Policy,
    Submission, UserId,
};
use changegate_store::{Neighbourhood, OpenChange, StoreError};
use changegate_wecom::approval::{ApprovalDetail, Mode, Node, NodeKind, NodeStatus};

use crate::pipeline::Parts;

/// All facts that this installation can gather about a submission.
pub(crate) async fn gather(
    parts: &Parts,
    submission: &Submission,
    detail: &ApprovalDetail,
) -> Result<Facts, StoreError> {
    let summary = changegate_policy::read(submission, &parts.policy);
    let jira_keys: Vec<String> = summary.items.into_iter().flat_map(|item| item.jira).collect();
    let others = parts
        .store
        .open_changes_beside(&Neighbourhood {
            sp_no: &submission.sp_no,
            jira_keys: &jira_keys,
            system: summary.system.as_deref().unwrap_or_default(),
            change_day: summary.change_day,
        })
        .await?;
    let open_changes = others.into_iter().filter_map(other_change).collect();
    Ok(Facts {
        directory: parts.policy.directory().cloned(),
        chain: Some(chain(detail)),
        open_changes: Some(open_changes),
        file_names: FileNames::NotGathered,
        waivers: Vec::new(),
    })
}

/// What is known without asking anybody: the directory of the policy file and, with it, the chain that the
/// form itself shows.
pub(crate) fn of_form_alone(detail: &ApprovalDetail, policy: &Policy) -> Facts {
    let directory: Option<Arc<Directory>> = policy.directory().cloned();
    let chain = directory.is_some().then(|| chain(detail));
    Facts {
        directory,
        chain,
        ..Facts::default()
    }
}

/// The team that files a change, where the directory knows.
pub(crate) fn team<'a>(facts: &'a Facts, submission: &Submission) -> Option<&'a str> {
    let directory = facts.directory.as_deref()?;
    submission
        .applicants
        .iter()
        .find_map(|applicant| directory.team_of(applicant))
        .map(|team| team.name.as_str())
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
fn other_change(other: OpenChange) -> Option<OtherChange> {
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
