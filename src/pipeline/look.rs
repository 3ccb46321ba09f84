//! A fresh look at one approval: fetch, map, judge, advance, and store it all in one transaction.

use std::sync::Arc;

use changegate_lifecycle::{Change, Event, FormStatus, Look, Signature, advance};
use changegate_notifier as notifier;
use changegate_policy::{Facts, Outcome, Role, Submission, UserId, Verdict, evaluate};
use changegate_store::{Advance, ChangeDraft, ClaimedBatch, NewSubmission, NewVerdict, StoreError};
use changegate_wecom::approval::{ApprovalDetail, FormStatus as WecomStatus, NodeKind, NodeStatus};
use changegate_wecom::event::{ApprovalChange, Event as WecomEvent};
use changegate_wecom::message::is_userid;
use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

use super::Parts;
use crate::facts;
use crate::intake;

mod effects;

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
        Asked::NotOurs(event) => not_ours(parts, batch, &event).await,
        Asked::Look => {
            let detail = parts.wecom.get_approval_detail(&batch.subject).await?;
            if parts.settings.templates.contains(&detail.template_id) {
                ours(parts, batch, &detail).await
            } else {
                other_template(parts, batch, &detail).await
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

/// An approval of another template is recorded, neither fetched nor told to anybody.
async fn not_ours(parts: &Parts, batch: &ClaimedBatch, event: &ApprovalChange) -> Result<Settled, LookError> {
    let draft = ChangeDraft {
        title: event.sp_name.clone().unwrap_or_default(),
        applicant: event.applicants().next().unwrap_or_default().to_owned(),
        apply_time: event
            .apply_time
            .and_then(|seconds| DateTime::from_timestamp(seconds, 0)),
        template_id: event.template_id().unwrap_or_default().to_owned(),
        ..ChangeDraft::default()
    };
    not_applicable(parts, batch, draft).await
}

async fn other_template(
    parts: &Parts,
    batch: &ClaimedBatch,
    detail: &ApprovalDetail,
) -> Result<Settled, LookError> {
    let draft = ChangeDraft {
        title: detail.sp_name.clone(),
        applicant: detail.applicants().next().unwrap_or_default().to_owned(),
        apply_time: detail
            .apply_time
            .and_then(|seconds| DateTime::from_timestamp(seconds, 0)),
        template_id: detail.template_id.clone(),
        ..ChangeDraft::default()
    };
    not_applicable(parts, batch, draft).await
}

async fn not_applicable(
    parts: &Parts,
    batch: &ClaimedBatch,
    draft: ChangeDraft,
) -> Result<Settled, LookError> {
    let now = parts.clock.now();
    let stored = parts.store.change(&batch.subject).await?;
    let known = stored.is_some();
    let draft = ChangeDraft {
        sp_no: batch.subject.clone(),
        stage: Change::default().stage.word().to_owned(),
        verdict: word(Outcome::NotApplicable)?,
        open: false,
        seen_at: Some(now),
        ..draft
    };
    let timeline = if known {
        Vec::new()
    } else {
        effects::not_applicable(now, &draft.template_id)
    };
    let advance = Advance {
        now,
        lease: Some(batch.lease()),
        change: draft,
        expected_version: stored.map(|change| change.version),
        submission: None,
        verdict: None,
        timeline,
        messages: Vec::new(),
        set_timers: Vec::new(),
        clear_timers: Vec::new(),
    };
    parts.store.commit(&advance).await?;
    Ok(Settled::Stored)
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
    let content = content_hash(&submission)?;
    let look = look(detail, &submission, &facts, &verdict, &content);
    let (after, effects) = advance(before.clone(), Event::Looked(look), now, &parts.policy);
    let judged_anew = before.judged != after.judged || before.content != after.content;
    let done = effects::carry_out(parts, &submission, &facts, after.stage, effects, now)?;
    let advance = Advance {
        now,
        lease: Some(batch.lease()),
        change: draft(
            parts,
            detail,
            &submission,
            &facts,
            &verdict,
            &after,
            &content,
            now,
        )?,
        expected_version: stored.as_ref().map(|change| change.version),
        submission: Some(NewSubmission {
            content_hash: content.clone(),
            body: serde_json::to_value(&submission)?,
        }),
        verdict: judged_anew.then(|| new_verdict(&verdict, &content)).transpose()?,
        timeline: done.timeline,
        messages: done.messages,
        set_timers: Vec::new(),
        clear_timers: Vec::new(),
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

/// Hash of the form's content, without its number and time: two snapshots of one form differ only in content.
fn content_hash(submission: &Submission) -> Result<String, LookError> {
    Ok(hex::encode(Sha256::digest(serde_json::to_vec(submission)?)))
}

fn look(
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

#[expect(
    clippy::too_many_arguments,
    reason = "a row of the database is made of all of these"
)]
fn draft(
    parts: &Parts,
    detail: &ApprovalDetail,
    submission: &Submission,
    facts: &Facts,
    verdict: &Verdict,
    after: &Change,
    content: &str,
    now: DateTime<Utc>,
) -> Result<ChangeDraft, LookError> {
    let team = facts.directory.as_deref().and_then(|directory| {
        submission
            .applicants
            .iter()
            .find_map(|applicant| directory.team_of(applicant))
    });
    let (planned_from, planned_until) = intake::planned_instants(submission);
    let summary = &verdict.change;
    Ok(ChangeDraft {
        sp_no: submission.sp_no.clone(),
        title: summary.title.clone(),
        urgency: summary.urgency.map(word).transpose()?.unwrap_or_default(),
        stage: after.stage.word().to_owned(),
        verdict: word(verdict.verdict)?,
        applicant: submission
            .applicants
            .first()
            .map(ToString::to_string)
            .unwrap_or_default(),
        team: team.map(|team| team.name.clone()).unwrap_or_default(),
        system: summary.system.clone().unwrap_or_default(),
        feature: summary.feature.clone().unwrap_or_default(),
        change_day: summary.change_day,
        planned_from,
        planned_until,
        apply_time: Some(submission.apply_time),
        template_id: detail.template_id.clone(),
        sp_status: i32::try_from(detail.sp_status.code()).unwrap_or(0),
        open: still_open(parts, after, verdict, now),
        jira_keys: summary
            .items
            .iter()
            .flat_map(|item| item.jira.iter().cloned())
            .collect(),
        policy_sha256: verdict.policy.sha256.clone(),
        content_hash: content.to_owned(),
        seen_at: Some(now),
        told: serde_json::to_value(after)?,
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
