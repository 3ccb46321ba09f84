//! Waiting for the next reason to work.

use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// Other replicas' commits ring no bell here, so a loop looks by itself at least this often.
const LONGEST_NAP: Duration = Duration::from_secs(1);

/// Waits until the bell rings, the next row is due, a second has passed, or it is time to stop. Answers whether
/// to go on.
pub(super) async fn next(
    bell: &Notify,
    due: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    stop: &CancellationToken,
) -> bool {
    let nap = due
        .map_or(LONGEST_NAP, |due| (due - now).to_std().unwrap_or_default())
        .clamp(Duration::from_millis(10), LONGEST_NAP);
    nap_unless(bell, nap, stop).await
}

/// Waits for a while, or until the bell rings or it is time to stop. Answers whether to go on.
pub(super) async fn nap_unless(bell: &Notify, nap: Duration, stop: &CancellationToken) -> bool {
    tokio::select! {
        () = stop.cancelled() => false,
        _elapsed = tokio::time::timeout(nap, bell.notified()) => true,
    }
}

/// Waits for a while, or until it is time to stop. Answers whether to go on.
pub(super) async fn pause(nap: Duration, stop: &CancellationToken) -> bool {
    tokio::time::timeout(nap, stop.cancelled()).await.is_err()
}
