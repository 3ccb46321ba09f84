//! `separation-of-duties`: nobody approves their own change.
//!
//! The applicant's side of the chain is the development lead's node. A product manager or tester of the form
//! who signs there would vouch for the change twice, in the capacity of the applicant's side.

use crate::evaluate::{Context, Finding, Judgement};
use crate::facts::{ApprovalNode, Chain};
use crate::rules::people;
use crate::submission::UserId;

pub(crate) fn judge(context: &Context<'_>) -> Judgement {
    let Some(chain) = &context.facts.chain else {
        return Judgement::Skip("没有审批链数据".into());
    };
    if chain.nodes.iter().all(|node| node.approvers.is_empty()) {
        return Judgement::Skip("审批链中没有审批人".into());
    }
    let own: Vec<&UserId> = approvers(chain)
        .filter(|user| context.submission.applicants.contains(user))
        .collect();
    if !own.is_empty() {
        return warn(context, &own, "既是发起人又是审批人，请改由他人审批");
    }
    let twice: Vec<&UserId> = named(context)
        .filter(|user| signs_as_lead(context, chain, user))
        .collect();
    if !twice.is_empty() {
        return warn(
            context,
            &twice,
            "在表单上是产品经理或测试同事，又在开发组长节点审批，请改由他人审批",
        );
    }
    Judgement::Pass
}

fn approvers(chain: &Chain) -> impl Iterator<Item = &UserId> {
    chain.nodes.iter().flat_map(|node| &node.approvers)
}

/// Product managers and testers of the form.
fn named<'a>(context: &Context<'a>) -> impl Iterator<Item = &'a UserId> {
    let submission = context.submission;
    [&submission.product_manager, &submission.tester]
        .into_iter()
        .filter_map(|field| field.value())
        .flat_map(|people| &people.members)
}

fn signs_as_lead(context: &Context<'_>, chain: &Chain, user: &UserId) -> bool {
    let Some(team) = context.team() else { return false };
    let is_lead_node = |node: &&ApprovalNode| {
        node.approvers
            .iter()
            .any(|approver| team.development_leads.contains(approver))
    };
    chain
        .nodes
        .iter()
        .find(is_lead_node)
        .is_some_and(|node| node.approvers.contains(user))
}

fn warn(context: &Context<'_>, users: &[&UserId], what: &str) -> Judgement {
    let names = people::list(context, users.iter().copied());
    let message = format!("{names}{what}");
    Judgement::Warn(Finding {
        message,
        evidence: Some((names, None)),
        fix: None,
    })
}
