//! Outbox rows into messages: at least once, the same bytes at every try, nobody held up by somebody else.

use std::time::Duration;

use changegate_store::{ClaimedMessage, Delivery, SendLimits, StoreError};
use changegate_wecom::error::{Error, ErrorClass};
use changegate_wecom::message::SendReply;
use chrono::{DateTime, TimeDelta, Utc};
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

use super::{Parts, backoff, moment};

/// Longer than a send takes: it is cut off after ten seconds, and tried twice at most.
const LEASE: Duration = Duration::from_secs(45);
/// Messages on their way side by side.
const SIDE_BY_SIDE: usize = 32;
/// After this long a message is a person's.
const GIVE_UP_AFTER: TimeDelta = TimeDelta::hours(24);

pub(super) async fn run(parts: Parts, stop: CancellationToken) {
    let mut sending = JoinSet::new();
    loop {
        let free = SIDE_BY_SIDE.saturating_sub(sending.len());
        let claimed = if stop.is_cancelled() {
            Vec::new()
        } else {
            claim(&parts, free).await
        };
        let found = !claimed.is_empty();
        for message in claimed {
            sending.spawn(send(parts.clone(), message));
        }
        if !found && !wait(&parts, &mut sending, &stop).await {
            break;
        }
        let mut settled = Vec::new();
        while let Some(sent) = sending.try_join_next() {
            settled.extend(returned(sent));
        }
        settle_all(&parts, settled).await;
    }
}

/// Waits until a message is due or one on its way is back; settles that. Answers whether to go on: when it is time
/// to stop, not before everything on its way is back.
async fn wait(parts: &Parts, sending: &mut JoinSet<Sent>, stop: &CancellationToken) -> bool {
    let bell = &parts.store.wake().outbox;
    let back = if stop.is_cancelled() {
        let Some(back) = sending.join_next().await else {
            return false;
        };
        back
    } else {
        let due = parts.store.next_message_at().await.unwrap_or_default();
        tokio::select! {
            Some(back) = sending.join_next() => back,
            _go_on = moment::next(bell, due, parts.clock.now(), stop) => return true,
        }
    };
    settle_all(parts, returned(back).into_iter().collect()).await;
    true
}

fn returned(sent: Result<Sent, JoinError>) -> Option<Sent> {
    sent.inspect_err(|error| tracing::error!(%error, "sending broke off; the message's lease will run out"))
        .ok()
}

async fn claim(parts: &Parts, free: usize) -> Vec<ClaimedMessage> {
    let limit = u32::try_from(free).unwrap_or(0);
    if limit == 0 {
        return Vec::new();
    }
    let claimed = parts
        .store
        .claim_messages(parts.clock.now(), LEASE, limit, SendLimits::default())
        .await;
    claimed.unwrap_or_else(|error| {
        tracing::error!(%error, "the outbox cannot be read; it is tried again");
        Vec::new()
    })
}

/// What is to become of a message after a try.
#[derive(Debug, PartialEq)]
enum Fate {
    Delivered(Delivery),
    Not(Setback),
}

/// Why a message was not delivered, and what then.
#[derive(Debug, PartialEq)]
enum Setback {
    /// Again later, for a reason that passes.
    Again(String, DateTime<Utc>),
    /// Not tried at all: the way is shut for everybody.
    Waits(String, DateTime<Utc>),
    /// A person's now.
    Undeliverable(String),
}

/// A message that was tried, and what is to become of it.
struct Sent {
    claimed: ClaimedMessage,
    fate: Fate,
    at: DateTime<Utc>,
}

async fn send(parts: Parts, claimed: ClaimedMessage) -> Sent {
    let answer = parts.wecom.send_message(&claimed.message.body).await;
    let at = parts.clock.now();
    let fate = fate(&claimed, answer, at);
    Sent { claimed, fate, at }
}

fn fate(claimed: &ClaimedMessage, sent: Result<SendReply, Error>, now: DateTime<Utc>) -> Fate {
    let message = &claimed.message;
    let error = match sent {
        Ok(reply) => return received(&message.recipient, reply),
        Err(error) => error,
    };
    let late = message
        .first_attempt_at
        .is_some_and(|first| now - first >= GIVE_UP_AFTER);
    let reason = error.to_string();
    let again = backoff::after_pause(now, &error, message.attempts);
    match error.class() {
        ErrorClass::Data | ErrorClass::StateExpired | ErrorClass::RestartLogin => {
            Fate::Not(Setback::Undeliverable(reason))
        }
        _ if late => Fate::Not(Setback::Undeliverable(format!("24 小时内未能送达：{reason}"))),
        ErrorClass::Configuration => Fate::Not(Setback::Waits(reason, again)),
        ErrorClass::Retry | ErrorClass::Token | ErrorClass::RateLimited => {
            Fate::Not(Setback::Again(reason, again))
        }
    }
}

impl Fate {
    /// The word for it in metrics.
    fn word(&self) -> &'static str {
        match self {
            Self::Delivered(_) => "delivered",
            Self::Not(Setback::Again(..)) => "again",
            Self::Not(Setback::Waits(..)) => "waits",
            Self::Not(Setback::Undeliverable(_)) => "undeliverable",
        }
    }
}

/// WeCom answers 0 even where the member got nothing.
fn received(recipient: &str, reply: SendReply) -> Fate {
    let names = |members: &str| {
        members
            .split('|')
            .any(|member| member.eq_ignore_ascii_case(recipient))
    };
    if names(&reply.invaliduser) {
        return Fate::Not(Setback::Undeliverable(format!(
            "{recipient} 不在应用可见范围内，或已离职（invaliduser）"
        )));
    }
    if names(&reply.unlicenseduser) {
        return Fate::Not(Setback::Undeliverable(format!(
            "{recipient} 没有基础接口许可，或许可已过期（unlicenseduser）"
        )));
    }
    let filled = |text: String| (!text.is_empty()).then_some(text);
    Fate::Delivered(Delivery {
        msgid: filled(reply.msgid),
        response_code: filled(reply.response_code),
    })
}

/// Stores what became of messages; those that arrived together in one commit, so that as few as possible are sent
/// again after a sudden end.
async fn settle_all(parts: &Parts, sent: Vec<Sent>) {
    let mut arrived = Vec::new();
    for Sent { claimed, fate, at } in sent {
        metrics::counter!("changegate_messages_total", "result" => fate.word()).increment(1);
        match fate {
            Fate::Delivered(delivery) => {
                if let Ok(waited) = (at - claimed.message.created_at).to_std() {
                    metrics::histogram!("changegate_message_seconds").record(waited.as_secs_f64());
                }
                arrived.push((claimed.message.id, claimed.token, delivery));
            }
            Fate::Not(setback) => {
                if let Err(error) = settle(parts, &claimed, setback).await {
                    tracing::error!(message = %claimed.message.id, %error, "what became of a message could not be stored");
                }
            }
        }
    }
    if arrived.is_empty() {
        return;
    }
    match parts.store.delivered(&arrived, parts.clock.now()).await {
        Ok(lost) if lost.is_empty() => {}
        Ok(lost) => {
            tracing::warn!(messages = ?lost, "messages were delivered after their leases had run out");
        }
        Err(error) => tracing::error!(%error, messages = arrived.len(), "deliveries could not be stored"),
    }
}

async fn settle(parts: &Parts, claimed: &ClaimedMessage, setback: Setback) -> Result<(), StoreError> {
    let ClaimedMessage { message, token } = claimed;
    match setback {
        Setback::Again(reason, at) => {
            tracing::warn!(message = %message.id, attempts = message.attempts, %reason, retry_at = %at, "a message failed");
            parts.store.retry_message(message.id, *token, &reason, at).await
        }
        Setback::Waits(reason, at) => {
            tracing::warn!(message = %message.id, %reason, retry_at = %at, "messages wait for WeCom to be usable");
            parts
                .store
                .release_message(message.id, *token, Some(&reason), at)
                .await
        }
        Setback::Undeliverable(reason) => {
            tracing::error!(message = %message.id, change = ?message.sp_no, %reason, "a message is undeliverable");
            parts.store.undeliverable(message.id, *token, &reason).await
        }
    }
}
