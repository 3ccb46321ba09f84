//! What a step of a change is decided on: the form as it was just fetched, or as it was stored last.

use std::collections::BTreeSet;
use std::sync::Arc;

use changegate_lifecycle::{Change, Earlier, Look, Newer};
use changegate_policy::{
    Directory, EmergencyMail, Facts, Policy, RuleId, Submission, UserId, Verdict, evaluate,
};
use changegate_store::{Change as Stored, ChangeDraft, ChangeFilter};
use changegate_wecom::approval::ApprovalDetail;
use chrono::{DateTime, TimeDelta, Utc};

use super::{WorkError, content, seen};
use crate::facts;
use crate::intake;
use crate::pipeline::Parts;

/// A rejected flow is looked for this far back when the next one comes.
const EARLIER: TimeDelta = TimeDelta::days(30);
/// So many of the applicant's flows are looked through for it.
const EARLIER_FLOWS: u32 = 50;

/// Everything that a step of one change needs to know.
pub(super) struct Scene {
    pub(super) now: DateTime<Utc>,
    /// The change before the step.
    pub(super) before: Change,
    /// The stored row's version; none: it is new.
    pub(super) version: Option<i64>,
    /// The stored row; none: it is new.
    pub(super) row: Option<ChangeDraft>,
    /// The policy of the whole step.
    pub(super) policy: Arc<Policy>,
    pub(super) submission: Submission,
    pub(super) verdict: Arc<Verdict>,
    /// What the verdict was made on, where it was made just now.
    pub(super) facts: Option<Facts>,
    pub(super) directory: Option<Arc<Directory>>,
    /// The team that files it, where the directory knows.
    pub(super) team: Option<String>,
    /// The approval, where it was fetched.
    pub(super) detail: Option<ApprovalDetail>,
    /// The form's fingerprint, where it was fetched.
    pub(super) content: Option<String>,
    look: Option<Look>,
}

impl Scene {
    /// The approval was fetched: it is mapped, facts are gathered, the policy judges.
    pub(super) async fn looked(
        parts: &Parts,
        detail: ApprovalDetail,
        stored: Option<Stored>,
        before: Change,
    ) -> Result<Self, WorkError> {
        let now = parts.clock.now();
        let policy = parts.policy();
        let submission = intake::submission(&detail, &parts.settings.fields, &policy)?;
        let gathered = Box::pin(facts::gather(parts, &policy, &submission, &detail, &before, now)).await?;
        let facts = gathered.facts;
        let verdict = Arc::new(evaluate(&submission, &facts, &policy, now));
        let fingerprint = content::fingerprint(&submission);
        let differences = match &before.content {
            Some(known) if *known != fingerprint => {
                let last = parts.store.latest_submission(&submission.sp_no).await?;
                let last: Option<Submission> =
                    last.map(|last| serde_json::from_value(last.body)).transpose()?;
                last.map(|last| content::differences(&last, &submission, &parts.settings.fields, &policy))
                    .unwrap_or_default()
            }
            _ => Vec::new(),
        };
        let earlier = if before.content.is_none() {
            earlier(parts, &submission, &verdict).await?
        } else {
            None
        };
        let directory = facts.directory.clone();
        let look = Look {
            differences,
            earlier,
            newer: newer(&submission, &verdict, &gathered.beside),
            look_again_at: facts::look_again_at(&verdict, &before, now),
            mail_by_hand: facts::mail_is_by_hand(parts),
            emergency_mail_failed: matches!(facts.emergency_mail, Some(EmergencyMail::Failed(_))),
            emergency_mail_shown: matches!(facts.emergency_mail, Some(EmergencyMail::Shown(_))),
            ..seen::look(
                &policy,
                &detail,
                &submission,
                directory.as_deref(),
                &verdict,
                &fingerprint,
            )
        };
        let team = facts::team(&facts, &submission).map(str::to_owned);
        let facts = kept(facts, &submission);
        Ok(Self {
            now,
            before,
            version: stored.as_ref().map(|stored| stored.version),
            row: stored.map(|stored| stored.draft),
            team,
            submission,
            verdict,
            directory,
            policy,
            facts: Some(facts),
            detail: Some(detail),
            content: Some(fingerprint),
            look: Some(look),
        })
    }

    /// A press or a timer: the change as it was stored. None where it never was.
    pub(super) async fn remembered(
        parts: &Parts,
        stored: Option<Stored>,
        before: Change,
    ) -> Result<Option<Self>, WorkError> {
        let Some(stored) = stored else { return Ok(None) };
        let sp_no = &stored.draft.sp_no;
        let submission = parts.store.latest_submission(sp_no).await?;
        let verdict = parts.store.latest_verdict(sp_no).await?;
        let (Some(submission), Some(verdict)) = (submission, verdict) else {
            return Ok(None);
        };
        let team = Some(stored.draft.team.clone()).filter(|team| !team.is_empty());
        let policy = parts.policy();
        Ok(Some(Self {
            now: parts.clock.now(),
            before,
            version: Some(stored.version),
            row: Some(stored.draft),
            submission: serde_json::from_value(submission.body)?,
            verdict: Arc::new(serde_json::from_value(verdict.body)?),
            directory: policy.directory().cloned(),
            policy,
            facts: None,
            team,
            detail: None,
            content: None,
            look: None,
        }))
    }

    /// What the look found, once.
    pub(super) fn take_look(&mut self) -> Option<Look> {
        self.look.take()
    }
}

/// The facts as they are stored beside the verdict: of the directory, what it rests on.
fn kept(facts: Facts, submission: &Submission) -> Facts {
    let Some(directory) = &facts.directory else {
        return facts;
    };
    let mut people: BTreeSet<UserId> = submission.applicants.iter().cloned().collect();
    for field in [&submission.product_manager, &submission.tester] {
        people.extend(
            field
                .value()
                .into_iter()
                .flat_map(|people| people.members.iter().cloned()),
        );
    }
    for node in facts.chain.iter().flat_map(|chain| &chain.nodes) {
        people.extend(node.approvers.iter().cloned());
    }
    Facts {
        directory: Some(Arc::new(directory.about(&people))),
        ..facts
    }
}

fn keys(verdict: &Verdict) -> BTreeSet<&str> {
    verdict
        .change
        .items
        .iter()
        .flat_map(|item| item.jira.iter().map(String::as_str))
        .collect()
}

/// The newest earlier flow of the same applicant for the same requirement, if it was rejected.
async fn earlier(
    parts: &Parts,
    submission: &Submission,
    verdict: &Verdict,
) -> Result<Option<Earlier>, WorkError> {
    let wanted = keys(verdict);
    let Some(applicant) = submission.applicants.first().filter(|_| !wanted.is_empty()) else {
        return Ok(None);
    };
    let filter = ChangeFilter {
        applicant: Some(applicant.to_string()),
        from: Some(submission.apply_time - EARLIER),
        to: Some(submission.apply_time + TimeDelta::seconds(1)),
        ..ChangeFilter::default()
    };
    let flows = parts.store.changes(&filter, None, EARLIER_FLOWS).await?;
    for flow in flows.items {
        let shares = flow
            .draft
            .jira_keys
            .iter()
            .any(|key| wanted.contains(key.as_str()));
        if flow.draft.sp_no == submission.sp_no || !shares {
            continue;
        }
        let change: Change = serde_json::from_value(flow.draft.told)?;
        let failed: BTreeSet<RuleId> = change
            .judged
            .iter()
            .flat_map(|told| &told.faults)
            .filter(|fault| fault.fails)
            .map(|fault| fault.rule)
            .collect();
        let was_carried_out = change.times.executed.is_some();
        return Ok((!failed.is_empty() && !was_carried_out).then_some(Earlier {
            sp_no: flow.draft.sp_no,
            failed,
        }));
    }
    Ok(None)
}

/// A later flow of the same people for the very same issues.
fn newer(submission: &Submission, verdict: &Verdict, beside: &[facts::Beside]) -> Option<Newer> {
    let mine = keys(verdict);
    if mine.is_empty() {
        return None;
    }
    beside
        .iter()
        .filter(|other| other.apply_time.is_some_and(|at| at > submission.apply_time))
        .filter(|other| submission.applicants.contains(&other.applicant))
        .find(|other| {
            other
                .jira_keys
                .iter()
                .map(String::as_str)
                .collect::<BTreeSet<_>>()
                == mine
        })
        .map(|other| Newer {
            sp_no: other.sp_no.clone(),
            passed: other.passed,
        })
}
