//! Inbox rows into changes: one change at a time, different changes side by side.

use std::sync::Arc;
use std::time::Duration;

use changegate_store::{ClaimedBatch, StoreError};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::flood::Flood;
use super::work::{self, Settled, WorkError};
use super::{Parts, backoff, moment};

/// What a worker holds that is no more comes back after this; one at work renews it.
const LEASE: Duration = Duration::from_secs(30);
const RENEW: Duration = Duration::from_secs(10);
/// Changes worked on side by side.
const SIDE_BY_SIDE: usize = 32;
/// Somebody else wrote the change while it was judged: judge again, this often at once.
const CONFLICTS: u32 = 5;

pub(super) async fn run(parts: Parts, stop: CancellationToken) {
    let slots = Arc::new(Semaphore::new(SIDE_BY_SIDE));
    let mut working = JoinSet::new();
    let mut flood = Flood::default();
    loop {
        while working.try_join_next().is_some() {}
        if !flood.passes(&parts.store, &stop).await {
            break;
        }
        let claimed = claim(&parts, slots.available_permits()).await;
        let found = !claimed.is_empty();
        for batch in claimed {
            let Ok(slot) = Arc::clone(&slots).acquire_owned().await else {
                break;
            };
            let parts = parts.clone();
            working.spawn(async move {
                Box::pin(work_off(&parts, &batch)).await;
                drop(slot);
                parts.store.wake().inbox.notify_one();
            });
        }
        if stop.is_cancelled() {
            break;
        }
        if !found {
            let due = parts.store.next_event_at().await.unwrap_or_default();
            if !moment::next(&parts.store.wake().inbox, due, parts.clock.now(), &stop).await {
                break;
            }
        }
    }
    while working.join_next().await.is_some() {}
}

async fn claim(parts: &Parts, free: usize) -> Vec<ClaimedBatch> {
    let limit = u32::try_from(free).unwrap_or(0);
    if limit == 0 {
        return Vec::new();
    }
    parts
        .store
        .claim_events(parts.clock.now(), LEASE, limit)
        .await
        .unwrap_or_else(|error| {
            tracing::error!(%error, "the inbox cannot be read; it is tried again");
            Vec::new()
        })
}

/// Works a batch off, or gives it back with the reason.
async fn work_off(parts: &Parts, batch: &ClaimedBatch) {
    let outcome = holding_the_lane(parts, batch, Box::pin(settle(parts, batch))).await;
    let result = match outcome {
        Ok(Settled::Stored) => Ok(()),
        Ok(Settled::NothingToDo) => {
            parts
                .store
                .complete_batch(&batch.lease(), parts.clock.now())
                .await
        }
        Ok(Settled::NotYet { why, again_at }) => parts.store.fail_batch(&batch.lease(), &why, again_at).await,
        Err(WorkError::Store(StoreError::LeaseLost { .. })) => {
            tracing::info!(subject = %batch.subject, "somebody else works on it");
            Ok(())
        }
        Err(error) => give_back(parts, batch, &error).await,
    };
    if let Err(error) = result {
        tracing::error!(subject = %batch.subject, %error, "an event could not be settled; its lease will run out");
    }
}

/// Does the work, and renews the lease meanwhile: a fetch may wait for its turn among WeCom's 600 a minute.
async fn holding_the_lane<T>(parts: &Parts, batch: &ClaimedBatch, work: impl Future<Output = T>) -> T {
    let mut work = std::pin::pin!(work);
    let lease = batch.lease();
    loop {
        match tokio::time::timeout(RENEW, &mut work).await {
            Ok(done) => return done,
            Err(_elapsed) => {
                if let Err(error) = parts.store.renew_lease(&lease, parts.clock.now(), LEASE).await {
                    tracing::warn!(subject = %batch.subject, %error, "a lease could not be renewed");
                }
            }
        }
    }
}

async fn settle(parts: &Parts, batch: &ClaimedBatch) -> Result<Settled, WorkError> {
    let mut conflicts = 0;
    loop {
        match Box::pin(work::work_off(parts, batch)).await {
            Err(WorkError::Store(StoreError::VersionConflict { .. })) if conflicts < CONFLICTS => {
                conflicts += 1;
            }
            other => return other,
        }
    }
}

async fn give_back(parts: &Parts, batch: &ClaimedBatch, error: &WorkError) -> Result<(), StoreError> {
    let now = parts.clock.now();
    let failures = batch.attempts() + 1;
    let retry_at = match error {
        WorkError::Wecom(error) => backoff::after_pause(now, error, failures),
        WorkError::Intake(_)
        | WorkError::Store(_)
        | WorkError::Json(_)
        | WorkError::Message(_)
        | WorkError::Render(_)
        | WorkError::Hook(_)
        | WorkError::Mail(_) => backoff::next_attempt(now, failures),
    };
    metrics::counter!("changegate_looks_total", "result" => "failed").increment(1);
    tracing::warn!(
        subject = %batch.subject, attempts = failures, %retry_at, error = %format!("{error:#}"),
        "an approval could not be looked at; the event stays in the inbox"
    );
    parts
        .store
        .fail_batch(&batch.lease(), &error.to_string(), retry_at)
        .await
}
