//! WeCom's limit of calls a minute, kept on this side.
//!
//! Any sixty seconds hold at most so many calls; all of them may come at once. A token bucket would have to hold
//! back most of a burst to promise that.

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

const MINUTE: Duration = Duration::from_mins(1);

/// The calls of the last minute, and those that wait for their turn.
pub(super) struct Window {
    most: usize,
    turns: Mutex<VecDeque<Instant>>,
}

impl Window {
    pub(super) fn new(per_minute: NonZeroU32) -> Self {
        let most = usize::try_from(per_minute.get()).unwrap_or(usize::MAX);
        Self {
            most,
            turns: Mutex::new(VecDeque::new()),
        }
    }

    /// Waits until one more call may be made; in the order of asking.
    pub(super) async fn turn(&self) {
        tokio::time::sleep_until(self.take(Instant::now())).await;
    }

    /// When the next call may be made; takes that turn.
    fn take(&self, now: Instant) -> Instant {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        while turns.front().is_some_and(|turn| *turn + MINUTE <= now) {
            turns.pop_front();
        }
        let before = turns.len().checked_sub(self.most).and_then(|at| turns.get(at));
        let turn = before.map_or(now, |before| now.max(*before + MINUTE));
        turns.push_back(turn);
        turn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_minute_holds_more_calls_than_allowed_and_none_waits_longer_than_needed() {
        let window = Window::new(NonZeroU32::new(3).unwrap());
        let start = Instant::now();
        let seconds = |at: Instant| (at - start).as_secs();
        let at_once: Vec<u64> = (0..7).map(|_| seconds(window.take(start))).collect();
        assert_eq!(at_once, [0, 0, 0, 60, 60, 60, 120]);
        let later = start + Duration::from_secs(200);
        assert_eq!(seconds(window.take(later)), 200);
    }
}
