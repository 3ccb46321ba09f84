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
mod stray;

use changegate_lifecycle::{Change, Effect, Event, Timer, advance};
use changegate_notifier as notifier;
use changegate_policy::Verdict;
use changegate_store::{
    Advance, Assessment, ClaimedBatch, Event as StoredEvent, EventSource, NewEvent, NewSubmission,
    NewVerdict, StoreError,
};
use changegate_wecom::error::ErrorClass;
use chrono::{DateTime, Utc};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use self::asked::Asked;
use self::scene::Scene;
use super::Parts;
use crate::gate::Gate;
use crate::intake;
use crate::web::{self, HookError, Outcome, Waiting};

pub(crate) use self::cards::subject_of_task;
pub(super) use self::carry_out::{CARD_UPDATE, GROUP, MAIL, WECOM_MESSAGE};

/// The kind of an inbox row that asks for a look without an event of WeCom's behind it.
const LOOK: &str = "look";
/// The kind of an inbox row that a deployment job made.
pub(crate) const DEPLOYMENT: &str = "deployment";
/// The kind of one that a deployment job made which knows of no change.
pub(crate) const STRAY: &str = "stray_deployment";
/// The kind of an inbox row that a page of ours made which filed a form itself: nothing is left to do.
pub(crate) const FILING: &str = "filing";
/// The kind of an inbox row that a page of ours made: somebody did there what a button does.
pub(crate) const PRESS: &str = "press";

/// Asks for a look at a change, once for each `reason`.
pub(crate) fn look(sp_no: &str, reason: &str, source: EventSource, now: DateTime<Utc>) -> NewEvent {
    NewEvent {
        key: Sha256::digest(format!("{LOOK}/{sp_no}/{reason}")).into(),
        subject: sp_no.to_owned(),
        kind: LOOK.to_owned(),
        payload: String::new(),
        source,
        received_at: now,
    }
}

/// What became of a batch.
pub(super) enum Settled {
    /// It was stored together with what came of it.
    Stored,
    /// There was nothing to do about it.
    NothingToDo,
    /// Something is not known yet; it is tried again at that time.
    NotYet { why: String, again_at: DateTime<Utc> },
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
    /// Whoever waits for the gate elsewhere could not be answered.
    #[error("{0}")]
    Hook(#[from] HookError),
    /// A mail that cannot be written.
    #[error("mail: {0}")]
    Mail(String),
}

/// Works off the events of one subject.
pub(super) async fn work_off(parts: &Parts, batch: &ClaimedBatch) -> Result<Settled, WorkError> {
    if let Some(event) = batch
        .events
        .iter()
        .find(|event| web::is_waiting_kind(&event.kind))
    {
        return answer_the_waiting(parts, event).await;
    }
    let asked = Asked::of(parts, batch).await?;
    if !asked.strays.is_empty() {
        stray::tell(parts, batch, None, &asked.strays).await?;
    }
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
    let reported_first = stored.is_none() && !asked.deployments.is_empty();
    if asked.look || reported_first || asked.reminds_approvers(&before) {
        let detail = match parts.wecom.get_approval_detail(&batch.subject).await {
            // The number that a job gave is no approval's.
            Err(error) if reported_first && error.class() == ErrorClass::Data => {
                stray::tell(parts, batch, Some(&batch.subject), &asked.deployments).await?;
                return Ok(Settled::NothingToDo);
            }
            answer => answer?,
        };
        if !parts.settings.templates.contains(&detail.template_id) {
            if !asked.deployments.is_empty() {
                stray::tell(parts, batch, Some(&batch.subject), &asked.deployments).await?;
            }
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

/// A deployment elsewhere waits for the gate; such a row is alone in its lane.
async fn answer_the_waiting(parts: &Parts, event: &StoredEvent) -> Result<Settled, WorkError> {
    let policy = parts.policy();
    let waiting = Waiting {
        gate: Gate {
            store: &parts.store,
            policy: &policy,
            registry: parts.registry.as_deref(),
        },
        github: parts.github.as_deref(),
        zadig: parts.zadig.as_deref(),
        now: parts.clock.now(),
    };
    Ok(match Box::pin(web::answer(&waiting, event)).await? {
        Outcome::Answered => Settled::NothingToDo,
        Outcome::NotYet { why, again_at } => Settled::NotYet { why, again_at },
    })
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
    // The timer that asks for a look comes before the look, which may set it anew.
    let (looked_for, timers): (Vec<Timer>, Vec<Timer>) = asked
        .timers
        .iter()
        .copied()
        .partition(|timer| *timer == Timer::Look);
    let look = scene
        .take_look()
        .into_iter()
        .map(|look| Event::Looked(Box::new(look)));
    let presses = asked
        .presses
        .iter()
        .map(|pressed| Event::Pressed(Box::new(pressed.press.clone())));
    let deployments = asked
        .deployments
        .iter()
        .map(|deployment| Event::Deployed(Box::new(deployment.clone())));
    let events = looked_for
        .into_iter()
        .map(Event::Due)
        .chain(look)
        .chain(timers.into_iter().map(Event::Due))
        .chain(presses)
        .chain(deployments);
    let mut after = scene.before.clone();
    let mut effects: Vec<Effect> = Vec::new();
    for event in events {
        let (next, came_of_it) = advance(after, event, now, &scene.policy);
        after = next;
        effects.extend(came_of_it);
    }
    let judged_anew = scene.before.judged != after.judged || scene.before.content != after.content;
    let done = carry_out::carry_out(parts, &scene, &after, effects, &asked).await?;
    let facts = scene.facts.as_ref().map(serde_json::to_value).transpose()?;
    let (submission, verdict) = match &scene.content {
        Some(content) => (
            Some(NewSubmission {
                content_hash: content.clone(),
                body: serde_json::to_value(&scene.submission)?,
            }),
            judged_anew
                .then(|| new_verdict(&scene.verdict, content, facts.clone()))
                .transpose()?,
        ),
        None => (None, None),
    };
    let assessment = match facts {
        Some(facts) => Some(Assessment {
            body: serde_json::to_value(&*scene.verdict)?,
            facts,
        }),
        None => None,
    };
    let advance = Advance {
        now,
        lease: Some(batch.lease()),
        change: row::draft(parts, batch, &scene, &after)?,
        expected_version: scene.version,
        submission,
        verdict,
        assessment,
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

fn new_verdict(verdict: &Verdict, content: &str, facts: Option<Value>) -> Result<NewVerdict, WorkError> {
    Ok(NewVerdict {
        verdict: word(verdict.verdict)?,
        policy_sha256: verdict.policy.sha256.clone(),
        content_hash: content.to_owned(),
        body: serde_json::to_value(verdict)?,
        facts,
    })
}

/// The word that serialisation gives a unit variant.
fn word(value: impl serde::Serialize) -> Result<String, WorkError> {
    Ok(match serde_json::to_value(value)? {
        Value::String(word) => word,
        _ => String::new(),
    })
}

/// An approved change is looked at until its day is past by as many days as reconciliation looks back; one that was
/// begun, until it is over.
fn still_open(parts: &Parts, after: &Change, verdict: &Verdict, now: DateTime<Utc>) -> bool {
    let days = chrono::TimeDelta::days(i64::from(parts.settings.reconcile_days));
    let day = parts.policy().local(now - days).date_naive();
    let past = verdict
        .change
        .change_day
        .is_some_and(|change_day| change_day < day);
    after.stage.is_open() && (after.stage != changegate_lifecycle::Stage::Approved || !past)
}
