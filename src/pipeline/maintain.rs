//! Housekeeping: the database's own log, old queue rows, the figures.

use std::time::Duration;

use changegate_store::StoreError;
use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;

use super::{FILING, Parts, moment};

const INTERVAL: Duration = Duration::from_secs(5);
/// Counting goes through whole tables: once in so many intervals.
const COUNT_EVERY: u32 = 6;
/// Worked-off events are kept this long: far beyond any repetition of WeCom's.
const KEEP_EVENTS: TimeDelta = TimeDelta::days(30);
/// Sessions end after seven days at the latest, sign-ins that were begun after minutes.
const KEEP_SESSIONS: TimeDelta = TimeDelta::days(8);
const KEEP_LOGINS: TimeDelta = TimeDelta::hours(1);
/// Whoever presses on an older card hears that it is over, as for one that was never known.
const KEEP_CARDS: TimeDelta = TimeDelta::days(400);
/// Files that no form names any more.
const KEEP_FILES: TimeDelta = TimeDelta::days(90);
const FILES_AT_ONCE: u32 = 20;
/// Rows removed at once, so that nobody waits for the clearing-up.
const AT_ONCE: u32 = 500;

pub(super) async fn run(parts: Parts, stop: CancellationToken) {
    let mut interval = 0_u32;
    while moment::pause(INTERVAL, &stop).await {
        interval = interval.wrapping_add(1);
        let done = if interval.is_multiple_of(COUNT_EVERY) {
            thorough(&parts).await
        } else {
            parts.store.maintain().await
        };
        if let Err(error) = done {
            tracing::warn!(%error, "housekeeping failed; it is tried again");
        }
    }
}

async fn thorough(parts: &Parts) -> Result<(), StoreError> {
    parts.store.maintain().await?;
    parts
        .store
        .prune_inbox(parts.clock.now() - KEEP_EVENTS, AT_ONCE)
        .await?;
    let now = parts.clock.now();
    parts.store.prune_sessions(now - KEEP_SESSIONS, AT_ONCE).await?;
    parts.store.prune_logins(now - KEEP_LOGINS, AT_ONCE).await?;
    parts.store.prune_cards(now - KEEP_CARDS, AT_ONCE).await?;
    parts
        .store
        .prune_states(&format!("{FILING}/"), now - KEEP_EVENTS, AT_ONCE)
        .await?;
    parts.store.prune_files(now - KEEP_FILES, FILES_AT_ONCE).await?;
    let inbox = parts.store.inbox_counts().await?;
    let outbox = parts.store.outbox_counts().await?;
    for (state, rows) in [
        ("ready", inbox.ready),
        ("retrying", inbox.retrying),
        ("failed", inbox.failed),
    ] {
        metrics::gauge!("changegate_inbox_rows", "state" => state).set(gauge(rows));
    }
    for (state, rows) in [
        ("ready", outbox.ready),
        ("retrying", outbox.retrying),
        ("sending", outbox.sending),
        ("undeliverable", outbox.undeliverable),
    ] {
        metrics::gauge!("changegate_outbox_rows", "state" => state).set(gauge(rows));
    }
    Ok(())
}

fn gauge(rows: u64) -> f64 {
    u32::try_from(rows).map_or(f64::INFINITY, f64::from)
}
