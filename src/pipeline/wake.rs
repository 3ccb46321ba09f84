//! Due timers into events of their changes, whichever replica gets there first.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{Parts, moment};

/// Timers turned into events at once: few, so that replicas share a crowd of them.
const AT_ONCE: u32 = 50;
/// After a failure.
const PAUSE: Duration = Duration::from_secs(1);

pub(super) async fn run(parts: Parts, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let now = parts.clock.now();
        let go_on = match parts.store.fire_due_timers(now, AT_ONCE).await {
            Ok(fired) if !fired.is_empty() => {
                metrics::counter!("changegate_timers_total")
                    .increment(u64::try_from(fired.len()).unwrap_or(u64::MAX));
                true
            }
            Ok(_none) => {
                let due = parts.store.next_timer_at().await.unwrap_or_default();
                moment::next(&parts.store.wake().timers, due, now, &stop).await
            }
            Err(error) => {
                tracing::error!(%error, "timers cannot be read; they are tried again");
                moment::pause(PAUSE, &stop).await
            }
        };
        if !go_on {
            break;
        }
    }
}
