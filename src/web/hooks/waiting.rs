//! Deployments elsewhere that wait for the gate's answer: stored in the inbox, answered from there.

use changegate_lifecycle::{Decision, GateAnswer, ReasonCode};
use changegate_store::{Event, EventSource, NewEvent, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{GithubApp, Zadig, github, zadig};
use crate::gate::{Gate, GateError};
use crate::web::server::Site;

/// What is not known is asked again for so long.
const PATIENCE: TimeDelta = TimeDelta::hours(24);
/// The longest pause between two questions, in minutes.
const LONGEST_PAUSE: u32 = 5;

/// With what the waiting are answered.
pub(crate) struct Waiting<'a> {
    pub(crate) gate: Gate<'a>,
    /// GitHub, where it is configured.
    pub(crate) github: Option<&'a GithubApp>,
    /// Zadig, where it is configured.
    pub(crate) zadig: Option<&'a Zadig>,
    pub(crate) now: DateTime<Utc>,
}

/// What became of a question.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It is answered, or nobody waits for the answer any more.
    Answered,
    /// The gate does not know yet.
    NotYet {
        /// Why, for the operator.
        why: String,
        /// When to ask again.
        again_at: DateTime<Utc>,
    },
}

/// Why a question could not be answered; it is to be tried again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HookError {
    /// The gate itself has no answer.
    #[error("{0}")]
    Gate(#[from] GateError),
    /// A question cannot be stored.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// A question or an answer cannot be written down, or read again.
    #[error("JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// The other side did not answer.
    #[error("{what}: no answer: {why}")]
    NoAnswer { what: &'static str, why: String },
    /// The other side refused.
    #[error("{what}: HTTP {status} {words}")]
    Refused {
        what: &'static str,
        status: u16,
        words: String,
    },
    /// The other side is not configured (any more), or its address or key is of no use.
    #[error("{0}")]
    Setup(String),
}

/// What is said to whoever waits.
pub(super) enum Said {
    Allowed,
    Denied,
    /// Not known yet. The last time nobody will be asked again.
    NotYet {
        last: bool,
    },
    /// The deployment names no change, or several.
    NoNumber(&'static str),
}

/// Whether inbox rows of this kind are answered by [`answer`].
pub(crate) fn is_waiting_kind(kind: &str) -> bool {
    [github::KIND, zadig::KIND].contains(&kind)
}

/// Asks the gate for one who waits, and sends the answer. `event` is an inbox row of a kind of [`is_waiting_kind`].
pub(crate) async fn answer(waiting: &Waiting<'_>, event: &Event) -> Result<Outcome, HookError> {
    let done = if waiting.now - event.received_at > PATIENCE * 2 {
        tracing::error!(kind = %event.kind, last_error = ?event.last_error, "a deployment was never answered; it is given up");
        Outcome::Answered
    } else if event.kind == github::KIND {
        let github = waiting
            .github
            .ok_or_else(|| HookError::Setup("[github] is not configured any more".to_owned()))?;
        Box::pin(github::decide(github, waiting, event)).await?
    } else {
        let zadig = waiting
            .zadig
            .ok_or_else(|| HookError::Setup("[zadig] is not configured any more".to_owned()))?;
        Box::pin(zadig::decide(zadig, waiting, event)).await?
    };
    Ok(done)
}

impl Waiting<'_> {
    /// What the gate says of a change, and in words.
    pub(super) async fn ask(&self, sp_no: &str, event: &Event) -> Result<(Said, String), HookError> {
        let answer = self.gate.answer(sp_no, self.now).await?;
        let words = format!("变更 {sp_no}：{}", answer.in_words());
        let last = self.now - event.received_at >= PATIENCE;
        let said = match answer.decision {
            _ if is_unheard_of(&answer) => Said::NotYet { last },
            Decision::Allowed => Said::Allowed,
            Decision::Denied => Said::Denied,
            Decision::Unknown => Said::NotYet { last },
        };
        metrics::counter!("changegate_gate_answers_total", "decision" => said.word()).increment(1);
        tracing::info!(change = %sp_no, decision = said.word(), by = %event.kind, "the gate was asked");
        Ok((said, words))
    }

    /// Ask again after a minute, later after five.
    pub(super) fn not_yet(&self, why: String, event: &Event) -> Outcome {
        let minutes = (event.attempts + 1).min(LONGEST_PAUSE);
        Outcome::NotYet {
            why,
            again_at: self.now + TimeDelta::minutes(i64::from(minutes)),
        }
    }
}

/// A change that was filed a moment ago may not have been seen yet.
fn is_unheard_of(answer: &GateAnswer) -> bool {
    answer
        .reasons
        .iter()
        .any(|reason| reason.code == ReasonCode::NoSuchChange)
}

impl Said {
    fn word(&self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Denied | Self::NoNumber(_) => "denied",
            Self::NotYet { .. } => "unknown",
        }
    }
}

/// Stores a question, once for the same `delivery`; each is worked off for itself.
pub(super) async fn store(
    site: &Site,
    kind: &'static str,
    delivery: &str,
    question: &impl Serialize,
) -> Result<(), HookError> {
    let payload = serde_json::to_string(question)?;
    let key: [u8; 32] = Sha256::digest(format!("{kind}/{delivery}")).into();
    let event = NewEvent {
        key,
        subject: format!("{kind}/{}", hex::encode(key)),
        kind: kind.to_owned(),
        payload,
        source: EventSource::Manual,
        received_at: site.clock.now(),
    };
    site.store.insert_events(&[event]).await?;
    Ok(())
}
