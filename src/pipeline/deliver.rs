//! Outbox rows into messages, card updates and mails: at least once, the same bytes at every try, nobody held up by
//! somebody else.

mod fate;
mod send;
mod unreachable;

use std::time::Duration;

use changegate_notifier::{self as notifier, DigestLine};
use changegate_policy::UserId;
use changegate_store::{BundleLine, ClaimedMessage, EventSource, SendLimits, StoreError};
use chrono::{DateTime, Utc};
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

use self::fate::{Fate, Setback};
use super::work::{self, MAIL, WECOM_MESSAGE};
use super::{Parts, moment};

/// Longer than a send takes: it is cut off after ten seconds, and tried twice at most.
const LEASE: Duration = Duration::from_secs(30);
/// Messages on their way side by side.
const SIDE_BY_SIDE: usize = 32;

pub(super) async fn run(parts: Parts, stop: CancellationToken) {
    let mut sending = JoinSet::new();
    loop {
        let free = SIDE_BY_SIDE.saturating_sub(sending.len());
        let claimed = if stop.is_cancelled() {
            Vec::new()
        } else {
            // One instant for both: what falls due between them would go out unbundled.
            let now = parts.clock.now();
            bundle(&parts, now).await;
            claim(&parts, free, now).await
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

/// Several reminders for one member go out as one message.
async fn bundle(parts: &Parts, now: DateTime<Utc>) {
    let compose = |recipient: &str, lines: &[BundleLine]| {
        let lines: Vec<DigestLine> = lines
            .iter()
            .map(|line| DigestLine {
                sp_no: line.sp_no.clone().unwrap_or_default(),
                line: line.line.clone(),
            })
            .collect();
        let message = notifier::digest(&lines, &UserId::new(recipient), &parts.links.home())?;
        message
            .to_json(parts.wecom.agent_id())
            .map_err(notifier::RenderError::from)
    };
    match parts.store.bundle_reminders(now, &compose).await {
        Ok(bundled) => {
            for (recipient, error) in bundled.failed {
                tracing::error!(%recipient, %error, "reminders could not be put into one message; they go one by one");
            }
        }
        Err(error) => tracing::error!(%error, "reminders could not be put together; they go one by one"),
    }
}

async fn claim(parts: &Parts, free: usize, now: DateTime<Utc>) -> Vec<ClaimedMessage> {
    let limit = u32::try_from(free).unwrap_or(0);
    if limit == 0 {
        return Vec::new();
    }
    let claimed = parts
        .store
        .claim_messages(now, LEASE, limit, SendLimits::default())
        .await;
    claimed.unwrap_or_else(|error| {
        tracing::error!(%error, "the outbox cannot be read; it is tried again");
        Vec::new()
    })
}

/// A message that was tried, and what is to become of it.
struct Sent {
    claimed: ClaimedMessage,
    fate: Fate,
    at: DateTime<Utc>,
}

async fn send(parts: Parts, claimed: ClaimedMessage) -> Sent {
    let answer = send::send(&parts, &claimed.message).await;
    let at = parts.clock.now();
    let fate = fate::fate(&claimed.message, answer, at);
    Sent { claimed, fate, at }
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
        Setback::Otherwise(reason) => {
            tracing::warn!(message = %message.id, %reason, "a message goes in its simpler form");
            let now = parts.clock.now();
            parts
                .store
                .use_fallback(message.id, *token, WECOM_MESSAGE, &reason, now)
                .await
        }
        Setback::Undeliverable(reason) => {
            tracing::error!(message = %message.id, change = ?message.sp_no, %reason, "a message is undeliverable");
            parts.store.undeliverable(message.id, *token, &reason).await?;
            // A rule may rest on the mail: the applicant is asked to send it, now rather than at the next look.
            if let (MAIL, Some(sp_no)) = (message.channel.as_str(), &message.sp_no) {
                let why = format!("mail/{}/{}", message.id, message.attempts);
                let look = work::look(sp_no, &why, EventSource::Timer, parts.clock.now());
                parts.store.insert_events(&[look]).await?;
            }
            unreachable::tell(parts, message, &reason).await
        }
    }
}
