//! A fresh look at one approval: fetch, map, judge, advance, and store it all in one transaction.

use std::sync::Arc;

use changegate_lifecycle::{Change, Event, advance};
use changegate_notifier as notifier;
use changegate_policy::{Verdict, evaluate};
use changegate_store::{Advance, ClaimedBatch, NewSubmission, NewVerdict, StoreError};
use changegate_wecom::approval::ApprovalDetail;
use changegate_wecom::event::{ApprovalChange, Event as WecomEvent};
use chrono::{DateTime, Utc};

use self::row::Row;
use super::Parts;
use crate::facts;
use crate::intake;

mod content;
mod effects;
mod not_ours;
mod row;
mod seen;

/// The kind of an inbox row that asks for a look without an event of WeCom's behind it.
pub(super) const LOOK: &str = "look";

/// What became of a batch.
pub(super) enum Settled {
    /// It was stored together with what came of it.
    Stored,
    /// There was nothing to do about it.
    NothingToDo,
}

/// Why an approval could not be looked at.
#[derive(Debug, thiserror::Error)]
pub(super) enum LookError {
    /// WeCom did not hand it over.
    #[error("oa/getapprovaldetail：{0}")]
    Wecom(#[from] changegate_wecom::error::Error),
    /// The form makes no sense.
    #[error("{0}")]
    Intake(#[from] intake::IntakeError),
    /// The database could not be read or written.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// A verdict that cannot be written down.
    #[error("JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// A message that cannot be made.
    #[error("message: {0}")]
    Message(#[from] changegate_wecom::message::MessageError),
    /// A message that cannot be written.
    #[error("message: {0}")]
    Render(#[from] notifier::RenderError),
}

/// Works off the events of one subject with one look.
pub(super) async fn work_off(parts: &Parts, batch: &ClaimedBatch) -> Result<Settled, LookError> {
    match asked_for(parts, batch) {
        Asked::Nothing => Ok(Settled::NothingToDo),
        Asked::NotOurs(event) => not_ours::record_event(parts, batch, &event).await,
        Asked::Look => {
            let detail = parts.wecom.get_approval_detail(&batch.subject).await?;
            if parts.settings.templates.contains(&detail.template_id) {
                ours(parts, batch, &detail).await
            } else {
                not_ours::record_detail(parts, batch, &detail).await
            }
        }
    }
}

enum Asked {
    /// Events that are none of an approval's; they are kept and that is all.
    Nothing,
    /// An approval of another template.
    NotOurs(Box<ApprovalChange>),
    /// An approval of ours, or one that has to be fetched to know.
    Look,
}

fn asked_for(parts: &Parts, batch: &ClaimedBatch) -> Asked {
    let mut asked = Asked::Nothing;
    for event in &batch.events {
        if event.kind == LOOK {
            return Asked::Look;
        }
        match WecomEvent::parse(event.payload.as_bytes()) {
            Ok(WecomEvent::ApprovalChange(change)) if change.sp_no() == Some(&batch.subject) => {
                match change.template_id() {
                    Some(template) if !parts.settings.templates.iter().any(|ours| ours == template) => {
                        asked = Asked::NotOurs(change);
                    }
                    _ => return Asked::Look,
                }
            }
            Ok(
                WecomEvent::ApprovalChange(_)
                | WecomEvent::TemplateCard(_)
                | WecomEvent::TemplateCardMenu(_)
                | WecomEvent::OpenApprovalChange(_)
                | WecomEvent::Other(_),
            ) => {
                tracing::info!(event = %event.id, kind = %event.kind, "an event that nobody waits for is kept");
            }
            Err(error) => {
                tracing::error!(event = %event.id, %error, "a stored event cannot be read any more");
            }
        }
    }
    asked
}

async fn ours(parts: &Parts, batch: &ClaimedBatch, detail: &ApprovalDetail) -> Result<Settled, LookError> {
    let now = parts.clock.now();
    let submission = intake::submission(detail, &parts.settings.fields, &parts.policy)?;
    let facts = facts::gather(parts, &submission, detail).await?;
    let verdict = Arc::new(evaluate(&submission, &facts, &parts.policy, now));
    let stored = parts.store.change(&submission.sp_no).await?;
    let before = match &stored {
        Some(change) if !change.draft.told.is_null() => serde_json::from_value(change.draft.told.clone())?,
        _ => Change::default(),
    };
    let content = content::fingerprint(&submission);
    let look = seen::look(detail, &submission, &facts, &verdict, &content);
    let (after, effects) = advance(before.clone(), Event::Looked(look), now, &parts.policy);
    let judged_anew = before.judged != after.judged || before.content != after.content;
    let done = effects::carry_out(parts, &submission, &facts, after.stage, effects, now)?;
    let row = Row {
        detail,
        submission: &submission,
        team: facts::team(&facts, &submission),
        verdict: &verdict,
        after: &after,
        content: &content,
        open: still_open(parts, &after, &verdict, now),
        now,
    };
    let advance = Advance {
        now,
        lease: Some(batch.lease()),
        change: row.draft()?,
        expected_version: stored.as_ref().map(|change| change.version),
        submission: Some(NewSubmission {
            content_hash: content.clone(),
            body: serde_json::to_value(&submission)?,
        }),
        verdict: judged_anew.then(|| new_verdict(&verdict, &content)).transpose()?,
        timeline: done.timeline,
        messages: done.messages,
        ..Advance::default()
    };
    parts.store.commit(&advance).await?;
    metrics::counter!("changegate_looks_total", "result" => "ok").increment(1);
    tracing::info!(
        change = %submission.sp_no, stage = after.stage.word(), verdict = %word(verdict.verdict)?,
        messages = advance.messages.len(), "an approval was looked at"
    );
    Ok(Settled::Stored)
}

fn new_verdict(verdict: &Verdict, content: &str) -> Result<NewVerdict, LookError> {
    Ok(NewVerdict {
        verdict: word(verdict.verdict)?,
        policy_sha256: verdict.policy.sha256.clone(),
        content_hash: content.to_owned(),
        body: serde_json::to_value(verdict)?,
    })
}

/// The word that serialisation gives a unit variant.
fn word(value: impl serde::Serialize) -> Result<String, LookError> {
    Ok(match serde_json::to_value(value)? {
        serde_json::Value::String(word) => word,
        _ => String::new(),
    })
}

/// An approved change is looked after until its day is past by as many days as reconciliation looks back.
fn still_open(parts: &Parts, after: &Change, verdict: &Verdict, now: DateTime<Utc>) -> bool {
    let days = chrono::TimeDelta::days(i64::from(parts.settings.reconcile_days));
    let day = parts.policy.local(now - days).date_naive();
    let past = verdict
        .change
        .change_day
        .is_some_and(|change_day| change_day < day);
    after.stage.is_open() && (after.stage.awaits_approvers() || !past)
}
