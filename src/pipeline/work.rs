//! One change at a time: what its due events ask for, the look or the stored state that they are judged by, the
//! machine's steps, and all that comes of them in one transaction.

mod asked;
mod cards;
mod carry_out;
mod content;
mod entries;
mod mails;
mod not_ours;
mod people;
mod row;
mod scene;
mod seen;

use changegate_lifecycle::{Change, Effect, Event, advance};
use changegate_notifier as notifier;
use changegate_policy::Verdict;
use changegate_store::{Advance, ClaimedBatch, NewSubmission, NewVerdict, StoreError};
use chrono::{DateTime, Utc};

use self::asked::Asked;
use self::scene::Scene;
use super::Parts;
use crate::intake;

pub(crate) use self::cards::subject_of_task;
pub(super) use self::carry_out::{CARD_UPDATE, GROUP, MAIL, WECOM_MESSAGE};

/// The kind of an inbox row that asks for a look without an event of WeCom's behind it.
pub(crate) const LOOK: &str = "look";
/// The kind of an inbox row that a page of ours made: somebody did there what a button does.
pub(crate) const PRESS: &str = "press";

/// What became of a batch.
pub(super) enum Settled {
    /// It was stored together with what came of it.
    Stored,
    /// There was nothing to do about it.
    NothingToDo,
}

/// Why events could not be worked off.
#[derive(Debug, thiserror::Error)]
pub(super) enum WorkError {
    /// WeCom did not hand the approval over.
    #[error("oa/getapprovaldetail：{0}")]
    Wecom(#[from] changegate_wecom::error::Error),
    /// The form makes no sense.
    #[error("{0}")]
    Intake(#[from] intake::IntakeError),
    /// The database could not be read or written.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// Something that cannot be written down, or read again.
    #[error("JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// A message that cannot be made.
    #[error("message: {0}")]
    Message(#[from] changegate_wecom::message::MessageError),
    /// A message that cannot be written.
    #[error("message: {0}")]
    Render(#[from] notifier::RenderError),
    /// A mail that cannot be written.
    #[error("mail: {0}")]
    Mail(String),
}

/// Works off the events of one subject.
pub(super) async fn work_off(parts: &Parts, batch: &ClaimedBatch) -> Result<Settled, WorkError> {
    let asked = Asked::of(parts, batch).await?;
    let stored = parts.store.change(&batch.subject).await?;
    if let Some(event) = &asked.not_ours
        && asked.is_for_nothing_else()
    {
        return not_ours::record_event(parts, batch, event).await;
    }
    let before: Change = match &stored {
        Some(change) if !change.draft.told.is_null() => serde_json::from_value(change.draft.told.clone())?,
        _ => Change::default(),
    };
    if asked.look || asked.reminds_approvers(&before) {
        let detail = parts.wecom.get_approval_detail(&batch.subject).await?;
        if !parts.settings.templates.contains(&detail.template_id) {
            return not_ours::record_detail(parts, batch, &detail).await;
        }
        let scene = Box::pin(Scene::looked(parts, detail, stored, before)).await?;
        return Box::pin(store(parts, batch, scene, asked)).await;
    }
    if asked.is_for_nothing() {
        return Ok(Settled::NothingToDo);
    }
    let Some(scene) = Scene::remembered(parts, stored, before).await? else {
        tracing::info!(subject = %batch.subject, "a press or timer of a change that is not known is kept");
        return Ok(Settled::NothingToDo);
    };
    Box::pin(store(parts, batch, scene, asked)).await
}

/// Runs the machine over the scene and stores everything.
async fn store(
    parts: &Parts,
    batch: &ClaimedBatch,
    mut scene: Scene,
    asked: Asked,
) -> Result<Settled, WorkError> {
    asked.note_codes(parts).await?;
    let now = scene.now;
    let events = scene
        .take_look()
        .into_iter()
        .map(|look| Event::Looked(Box::new(look)));
    let events = events.chain(asked.timers.iter().copied().map(Event::Due)).chain(
        asked
            .presses
            .iter()
            .map(|pressed| Event::Pressed(Box::new(pressed.press.clone()))),
    );
    let mut after = scene.before.clone();
    let mut effects: Vec<Effect> = Vec::new();
    for event in events {
        let (next, came_of_it) = advance(after, event, now, &parts.policy);
        after = next;
        effects.extend(came_of_it);
    }
    let judged_anew = scene.before.judged != after.judged || scene.before.content != after.content;
    let done = carry_out::carry_out(parts, &scene, &after, effects, &asked).await?;
    let (submission, verdict) = match &scene.content {
        Some(content) => (
            Some(NewSubmission {
                content_hash: content.clone(),
                body: serde_json::to_value(&scene.submission)?,
            }),
            judged_anew
                .then(|| new_verdict(&scene.verdict, content))
                .transpose()?,
        ),
        None => (None, None),
    };
    let advance = Advance {
        now,
        lease: Some(batch.lease()),
        change: row::draft(parts, &scene, &after)?,
        expected_version: scene.version,
        submission,
        verdict,
        timeline: done.timeline,
        messages: done.messages,
        set_timers: done.set_timers,
        clear_timers: done.clear_timers,
        close_duties: done.close_duties,
        new_cards: done.new_cards,
        new_waivers: done.new_waivers,
        decide_waivers: done.decide_waivers,
    };
    parts.store.commit(&advance).await?;
    metrics::counter!("changegate_looks_total", "result" => "ok").increment(1);
    tracing::info!(
        change = %batch.subject, stage = after.stage.word(), verdict = %word(scene.verdict.verdict)?,
        messages = advance.messages.len(), presses = asked.presses.len(), timers = asked.timers.len(),
        "a change was moved on"
    );
    Ok(Settled::Stored)
}

fn new_verdict(verdict: &Verdict, content: &str) -> Result<NewVerdict, WorkError> {
    Ok(NewVerdict {
        verdict: word(verdict.verdict)?,
        policy_sha256: verdict.policy.sha256.clone(),
        content_hash: content.to_owned(),
        body: serde_json::to_value(verdict)?,
    })
}

/// The word that serialisation gives a unit variant.
fn word(value: impl serde::Serialize) -> Result<String, WorkError> {
    Ok(match serde_json::to_value(value)? {
        serde_json::Value::String(word) => word,
        _ => String::new(),
    })
}

/// An approved change is looked at until its day is past by as many days as reconciliation looks back; one that was
/// begun, until it is over.
fn still_open(parts: &Parts, after: &Change, verdict: &Verdict, now: DateTime<Utc>) -> bool {
    let days = chrono::TimeDelta::days(i64::from(parts.settings.reconcile_days));
    let day = parts.policy.local(now - days).date_naive();
    let past = verdict
        .change
        .change_day
        .is_some_and(|change_day| change_day < day);
    after.stage.is_open() && (after.stage != changegate_lifecycle::Stage::Approved || !past)
}
