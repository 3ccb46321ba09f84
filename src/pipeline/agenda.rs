//! What the firm's calendar brings: the cut-off reminder, the digest when a window opens, New York's clocks, the end of
//! the trading calendars, the month's figures.
//!
//! Any number of replicas may run this: what is told has a key of its day, so it is told once.

mod clocks;
mod figures;
mod plan;
mod window;

use std::collections::BTreeSet;
use std::time::Duration;

use changegate_notifier::{self as notifier, FirmNotice};
use changegate_policy::{Role, UserId};
use changegate_store::{DIGEST, NewMessage, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use self::plan::{Item, Kind};
use super::work::WECOM_MESSAGE;
use super::{Parts, moment};

/// Up to when the agenda was worked off, is remembered under this name.
const STATE: &str = "agenda";
/// How often the agenda is looked at.
const EVERY: Duration = Duration::from_secs(2);
/// The first run looks so far back.
const FIRST: TimeDelta = TimeDelta::minutes(5);
/// After an outage it goes back at most so far.
const LONGEST: TimeDelta = TimeDelta::days(7);

/// Why an item could not be told.
#[derive(Debug, thiserror::Error)]
enum AgendaError {
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error("message: {0}")]
    Render(#[from] notifier::RenderError),
    #[error("message: {0}")]
    Message(#[from] changegate_wecom::message::MessageError),
    #[error("JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// Something to tell one member.
struct Telling {
    to: UserId,
    notice: FirmNotice,
}

pub(super) async fn run(parts: Parts, stop: CancellationToken) {
    while moment::pause(EVERY, &stop).await {
        if let Err(error) = once(&parts).await {
            tracing::error!(%error, "the agenda could not be worked off; it is tried again");
        }
    }
}

async fn once(parts: &Parts) -> Result<(), AgendaError> {
    let now = parts.clock.now();
    let last = match parts.store.state(STATE).await? {
        Some(Value::String(text)) => text.parse::<DateTime<Utc>>().unwrap_or(now - FIRST),
        _ => now - FIRST,
    };
    let from = last.max(now - LONGEST);
    let items = plan::due(from, now, &parts.policy());
    if items.is_empty() && now - last < TimeDelta::minutes(1) {
        return Ok(());
    }
    let mut messages = Vec::new();
    for item in items {
        messages.extend(written(parts, &item, tellings(parts, &item, now).await?)?);
    }
    // A clock that was set back does not make the agenda tell yesterday again.
    let upto = json!(now.max(last));
    parts
        .store
        .add_messages(&messages, Some((STATE, &upto)), now)
        .await?;
    Ok(())
}

async fn tellings(parts: &Parts, item: &Item, now: DateTime<Utc>) -> Result<Vec<Telling>, AgendaError> {
    match &item.kind {
        Kind::Cutoff => window::cutoff(parts).await,
        Kind::WindowOpens { opens, closes } => window::digest(parts, *opens, *closes).await,
        Kind::ClocksChange { change } => clocks::change(parts, change).await,
        Kind::CalendarEnds {
            exchange,
            covered_until,
            days_left,
        } => {
            let notice = FirmNotice::CalendarEnding {
                exchange: *exchange,
                covered_until: *covered_until,
                days_left: *days_left,
            };
            Ok(each(administrators(parts), &notice))
        }
        Kind::Monthly { year, month } => figures::monthly(parts, (*year, *month), now).await,
    }
}

fn written(parts: &Parts, item: &Item, tellings: Vec<Telling>) -> Result<Vec<NewMessage>, AgendaError> {
    let policy = parts.policy();
    let directory = policy.directory().map(AsRef::as_ref);
    let home = parts.links.home();
    tellings
        .into_iter()
        .map(|Telling { to, notice }| {
            let message = notifier::firm(&notice, &to, directory, &policy, &home)?;
            Ok(NewMessage {
                dedupe_key: format!("agenda/{}/{to}", item.key),
                channel: WECOM_MESSAGE.to_owned(),
                recipient: to.to_string(),
                priority: DIGEST,
                body: message.to_json(parts.wecom.agent_id())?,
                ..NewMessage::default()
            })
        })
        .collect()
}

/// The same to several.
fn each(people: BTreeSet<UserId>, notice: &FirmNotice) -> Vec<Telling> {
    people
        .into_iter()
        .map(|to| Telling {
            to,
            notice: notice.clone(),
        })
        .collect()
}

fn holders(parts: &Parts, role: Role) -> BTreeSet<UserId> {
    parts
        .policy()
        .directory()
        .map(|directory| directory.holders(role).cloned().collect())
        .unwrap_or_default()
}

/// Administrators, else operations leads.
fn administrators(parts: &Parts) -> BTreeSet<UserId> {
    let admins = holders(parts, Role::Admin);
    if admins.is_empty() {
        holders(parts, Role::OperationsLead)
    } else {
        admins
    }
}
