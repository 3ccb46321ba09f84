//! Callbacks first: while they pour in, they are stored, and worked off once the flood is over.
//!
//! WeCom waits five seconds for an answer and may not ask again, so when events come faster than any company's
//! approvals do, the loops behind the inbox step back instead of taking the database's and the machine's time.

use std::time::Duration;

use changegate_store::Store;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::moment;

/// Events a second that make a flood.
const FLOOD: u64 = 1_000;
/// The rate is taken over at least this long.
const WATCH: Duration = Duration::from_millis(50);
/// However long a flood lasts, work goes on now and then.
const LONGEST: Duration = Duration::from_secs(5);

/// What was seen of the stream of events so far.
#[derive(Default)]
pub(super) struct Flood {
    seen: Option<(Instant, u64)>,
}

impl Flood {
    /// Waits until no flood is on, five seconds at most. Answers whether to go on.
    pub(super) async fn passes(&mut self, store: &Store, stop: &CancellationToken) -> bool {
        let began = Instant::now();
        while self.is_on(store.events_taken(), Instant::now()) && began.elapsed() < LONGEST {
            if !moment::pause(WATCH, stop).await {
                return false;
            }
        }
        true
    }

    fn is_on(&mut self, taken: u64, now: Instant) -> bool {
        let Some((then, before)) = self.seen else {
            self.seen = Some((now, taken));
            return false;
        };
        let watched = now - then;
        let came = u128::from(taken.saturating_sub(before));
        if watched >= WATCH {
            self.seen = Some((now, taken));
        }
        came * 1_000 > u128::from(FLOOD) * watched.max(WATCH).as_millis()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_more_than_a_thousand_a_second() {
        let start = Instant::now();
        let after = |millis| start + Duration::from_millis(millis);
        let mut flood = Flood::default();
        assert!(!flood.is_on(0, start));
        assert!(!flood.is_on(50, after(60)), "50 in 60 ms are none");
        assert!(flood.is_on(200, after(120)), "150 in 60 ms are one");
        assert!(!flood.is_on(220, after(200)), "it is over");
        assert!(
            !flood.is_on(300_000, after(600_000)),
            "many over a long time are none"
        );
    }

    #[test]
    fn a_burst_counts_before_the_time_to_watch_is_over() {
        let start = Instant::now();
        let mut flood = Flood::default();
        flood.is_on(0, start);
        assert!(flood.is_on(51, start + Duration::from_millis(1)));
    }
}
