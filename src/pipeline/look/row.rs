//! A change as it is stored after a look.

use changegate_lifecycle::Change;
use changegate_policy::{Submission, Verdict};
use changegate_store::ChangeDraft;
use changegate_wecom::approval::ApprovalDetail;
use chrono::{DateTime, Utc};

use super::{LookError, word};
use crate::intake;

/// All that a row is made of.
pub(super) struct Row<'a> {
    pub(super) detail: &'a ApprovalDetail,
    pub(super) submission: &'a Submission,
    /// The team that files it, where the directory knows.
    pub(super) team: Option<&'a str>,
    pub(super) verdict: &'a Verdict,
    /// What the lifecycle remembers.
    pub(super) after: &'a Change,
    /// The form's fingerprint.
    pub(super) content: &'a str,
    /// Whether it still has to be looked after.
    pub(super) open: bool,
    pub(super) now: DateTime<Utc>,
}

impl Row<'_> {
    /// The row.
    pub(super) fn draft(&self) -> Result<ChangeDraft, LookError> {
        let (planned_from, planned_until) = intake::planned_instants(self.submission);
        let summary = &self.verdict.change;
        Ok(ChangeDraft {
            sp_no: self.submission.sp_no.clone(),
            title: summary.title.clone(),
            urgency: summary.urgency.map(word).transpose()?.unwrap_or_default(),
            stage: self.after.stage.word().to_owned(),
            verdict: word(self.verdict.verdict)?,
            applicant: self
                .submission
                .applicants
                .first()
                .map(ToString::to_string)
                .unwrap_or_default(),
            team: self.team.unwrap_or_default().to_owned(),
            system: summary.system.clone().unwrap_or_default(),
            feature: summary.feature.clone().unwrap_or_default(),
            change_day: summary.change_day,
            planned_from,
            planned_until,
            apply_time: Some(self.submission.apply_time),
            template_id: self.detail.template_id.clone(),
            sp_status: i32::try_from(self.detail.sp_status.code()).unwrap_or(0),
            open: self.open,
            jira_keys: summary
                .items
                .iter()
                .flat_map(|item| item.jira.iter().cloned())
                .collect(),
            policy_sha256: self.verdict.policy.sha256.clone(),
            content_hash: self.content.to_owned(),
            seen_at: Some(self.now),
            told: serde_json::to_value(self.after)?,
            ..ChangeDraft::default()
        })
    }
}
