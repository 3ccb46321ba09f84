//! How the form would be judged, with the chain that the regulation wants for it. Nothing is stored or told.

use changegate_attachments::PlanRow;
use changegate_policy::{
    ApprovalNode, ApproverMode, Chain, ChainGap, ChainStep, Facts, Policy, Status, Submission, Verdict,
    wanted_chain,
};
use changegate_store::StoreError;
use chrono::{DateTime, Utc};

use super::plan;
use crate::facts;
use crate::web::server::Site;

/// The verdict, and what filing needs.
pub(super) struct Judged {
    pub(super) submission: Submission,
    pub(super) verdict: Verdict,
    /// Who has to sign; else why that cannot be told. Nothing where the urgency is not set.
    pub(super) chain: Option<Result<Vec<ChainStep>, ChainGap>>,
    pub(super) plan: Vec<PlanRow>,
}

/// Judges a submission as of `at`.
pub(super) async fn judge(
    site: &Site,
    policy: &Policy,
    submission: Submission,
    at: DateTime<Utc>,
) -> Result<Judged, StoreError> {
    let summary = changegate_policy::read(&submission, policy);
    let plan = plan::rows(&submission, &summary, policy);
    let chain = summary.urgency.zip(submission.applicants.first());
    let chain = chain
        .map(|(urgency, applicant)| wanted_chain(applicant, urgency, policy.directory().map(AsRef::as_ref)));
    let gathered = facts::of_draft(site, policy, &submission, at).await?;
    let facts = Facts {
        chain: chain.as_ref().and_then(|chain| Some(nodes(chain.as_ref().ok()?))),
        files: Some(plan::as_facts(&plan)),
        ..gathered
    };
    Ok(Judged {
        verdict: changegate_policy::evaluate(&submission, &facts, policy, at),
        submission,
        chain,
        plan,
    })
}

impl Judged {
    /// How many rules fail and count.
    pub(super) fn failing(&self) -> usize {
        self.verdict
            .binding()
            .filter(|result| result.status == Status::Fail)
            .count()
    }
}

fn nodes(steps: &[ChainStep]) -> Chain {
    let node = |step: &ChainStep| ApprovalNode {
        mode: ApproverMode::Any,
        approvers: step.members.clone(),
        signed: Vec::new(),
    };
    Chain {
        nodes: steps.iter().map(node).collect(),
    }
}
