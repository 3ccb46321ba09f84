//! Outbox rows into messages: at least once, the same bytes at every try, nobody held up by somebody else.

use std::sync::Arc;
use std::time::Duration;

use changegate_store::{ClaimedMessage, Delivery, SendLimits, StoreError};
use changegate_wecom::error::{Error, ErrorClass};
use changegate_wecom::message::SendReply;
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{Parts, backoff, moment};

/// Longer than a send takes: it is cut off after ten seconds, and tried twice at most.
const LEASE: Duration = Duration::from_secs(45);
/// Messages on their way side by side.
const SIDE_BY_SIDE: usize = 32;
/// After this long a message is a person's.
const GIVE_UP_AFTER: TimeDelta = TimeDelta::hours(24);

pub(super) async fn run(parts: Parts, stop: CancellationToken) {
    let slots = Arc::new(Semaphore::new(SIDE_BY_SIDE));
    let mut sending = JoinSet::new();
    loop {
        while sending.try_join_next().is_some() {}
        let claimed = claim(&parts, slots.available_permits()).await;
        let found = !claimed.is_empty();
        for message in claimed {
            let Ok(slot) = Arc::clone(&slots).acquire_owned().await else {
                break;
            };
            let parts = parts.clone();
            sending.spawn(async move {
                deliver(&parts, &message).await;
                drop(slot);
                parts.store.wake().outbox.notify_one();
            });
        }
        if stop.is_cancelled() {
            break;
        }
        if !found {
            let due = parts.store.next_message_at().await.unwrap_or_default();
            if !moment::next(&parts.store.wake().outbox, due, parts.clock.now(), &stop).await {
                break;
            }
        }
    }
    while sending.join_next().await.is_some() {}
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
    /// Again later, for a reason that passes.
    Again(String, DateTime<Utc>),
    /// Not tried at all: the way is shut for everybody.
    Waits(String, DateTime<Utc>),
    /// A person's now.
    Undeliverable(String),
}

async fn deliver(parts: &Parts, claimed: &ClaimedMessage) {
    let sent = parts.wecom.send_message(&claimed.message.body).await;
    let now = parts.clock.now();
    let fate = fate(claimed, sent, now);
    let result = settle(parts, claimed, &fate, now).await;
    if let Err(error) = result {
        tracing::error!(message = %claimed.message.id, %error, "what became of a message could not be stored");
    }
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
        ErrorClass::Data | ErrorClass::StateExpired | ErrorClass::RestartLogin => Fate::Undeliverable(reason),
        _ if late => Fate::Undeliverable(format!("24 小时内未能送达：{reason}")),
        ErrorClass::Configuration => Fate::Waits(reason, again),
        ErrorClass::Retry | ErrorClass::Token | ErrorClass::RateLimited => Fate::Again(reason, again),
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
        return Fate::Undeliverable(format!("{recipient} 不在应用可见范围内，或已离职（invaliduser）"));
    }
    if names(&reply.unlicenseduser) {
        return Fate::Undeliverable(format!(
            "{recipient} 没有基础接口许可，或许可已过期（unlicenseduser）"
        ));
    }
    let filled = |text: String| (!text.is_empty()).then_some(text);
    Fate::Delivered(Delivery {
        msgid: filled(reply.msgid),
        response_code: filled(reply.response_code),
    })
}

async fn settle(
    parts: &Parts,
    claimed: &ClaimedMessage,
    fate: &Fate,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let ClaimedMessage { message, token } = claimed;
    let word = match fate {
        Fate::Delivered(_) => "delivered",
        Fate::Again(..) => "again",
        Fate::Waits(..) => "waits",
        Fate::Undeliverable(_) => "undeliverable",
    };
    metrics::counter!("changegate_messages_total", "result" => word).increment(1);
    match fate {
        Fate::Delivered(delivery) => {
            if let Ok(waited) = (now - message.created_at).to_std() {
                metrics::histogram!("changegate_message_seconds").record(waited.as_secs_f64());
            }
            parts.store.delivered(message.id, *token, delivery, now).await
        }
        Fate::Again(reason, at) => {
            tracing::warn!(message = %message.id, attempts = message.attempts, %reason, retry_at = %at, "a message failed");
            parts.store.retry_message(message.id, *token, reason, *at).await
        }
        Fate::Waits(reason, at) => {
            tracing::warn!(message = %message.id, %reason, retry_at = %at, "messages wait for WeCom to be usable");
            parts
                .store
                .release_message(message.id, *token, Some(reason), *at)
                .await
        }
        Fate::Undeliverable(reason) => {
            tracing::error!(message = %message.id, change = ?message.sp_no, %reason, "a message is undeliverable");
            parts.store.undeliverable(message.id, *token, reason).await
        }
    }
}
