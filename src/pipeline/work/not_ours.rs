//! Approvals of other templates: recorded as not applicable, told to nobody.

use changegate_lifecycle::Change;
use changegate_policy::Outcome;
use changegate_store::{Advance, ChangeDraft, ClaimedBatch};
use changegate_wecom::approval::ApprovalDetail;
use changegate_wecom::event::ApprovalChange;
use chrono::DateTime;

use super::{Settled, WorkError, entries, word};
use crate::pipeline::Parts;

/// Records what an event tells; the form is not even fetched.
pub(super) async fn record_event(
    parts: &Parts,
    batch: &ClaimedBatch,
    event: &ApprovalChange,
) -> Result<Settled, WorkError> {
    let draft = ChangeDraft {
        title: event.sp_name.clone().unwrap_or_default(),
        applicant: event.applicants().next().unwrap_or_default().to_owned(),
        apply_time: event
            .apply_time
            .and_then(|seconds| DateTime::from_timestamp(seconds, 0)),
        template_id: event.template_id().unwrap_or_default().to_owned(),
        ..ChangeDraft::default()
    };
    record(parts, batch, draft).await
}

/// Records what was fetched before its template was known.
pub(super) async fn record_detail(
    parts: &Parts,
    batch: &ClaimedBatch,
    detail: &ApprovalDetail,
) -> Result<Settled, WorkError> {
    let draft = ChangeDraft {
        title: detail.sp_name.clone(),
        applicant: detail.applicants().next().unwrap_or_default().to_owned(),
        apply_time: detail
            .apply_time
            .and_then(|seconds| DateTime::from_timestamp(seconds, 0)),
        template_id: detail.template_id.clone(),
        ..ChangeDraft::default()
    };
    record(parts, batch, draft).await
}

async fn record(parts: &Parts, batch: &ClaimedBatch, draft: ChangeDraft) -> Result<Settled, WorkError> {
    let now = parts.clock.now();
    let stored = parts.store.change(&batch.subject).await?;
    let known = stored.is_some();
    let draft = ChangeDraft {
        sp_no: batch.subject.clone(),
        stage: Change::default().stage.word().to_owned(),
        verdict: word(Outcome::NotApplicable)?,
        open: false,
        seen_at: Some(now),
        first_source: batch.events.first().map(|event| event.source),
        ..draft
    };
    let timeline = if known {
        Vec::new()
    } else {
        entries::not_applicable(now, &draft.template_id)
    };
    let advance = Advance {
        now,
        lease: Some(batch.lease()),
        change: draft,
        expected_version: stored.map(|change| change.version),
        timeline,
        ..Advance::default()
    };
    parts.store.commit(&advance).await?;
    Ok(Settled::Stored)
}
