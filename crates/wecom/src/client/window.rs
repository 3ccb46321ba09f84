//! WeCom's limits of calls a minute, kept on this side.
//!
//! Any sixty seconds hold at most so many calls; all of them may come at once. A token bucket would have to hold
//! back most of a burst to promise that.
//!
//! Two limits are documented: 10,000 for any API, and 600 for those of approvals, of which nobody says whether it
//! is the company's, the app's or the address's. Holding back a verdict for a limit that may not be ours costs a team
//! its time; so the lower one holds for an hour from the moment WeCom complains (45009).

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

const MINUTE: Duration = Duration::from_mins(1);
/// What WeCom allows of any API.
const BASE: usize = 10_000;
/// How long the lower limit holds after a complaint.
const MEMORY: Duration = Duration::from_hours(1);

/// The calls of the last minute, and those that wait for their turn.
pub(super) struct Window {
    strict: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    turns: VecDeque<Instant>,
    strict_until: Option<Instant>,
}

impl Window {
    /// A window that holds `strict` calls once WeCom has complained.
    pub(super) fn new(strict: NonZeroU32) -> Self {
        let strict = usize::try_from(strict.get()).unwrap_or(usize::MAX);
        Self {
            strict,
            state: Mutex::default(),
        }
    }

    /// Waits until one more call may be made; in the order of asking.
    pub(super) async fn turn(&self) {
        tokio::time::sleep_until(self.take(Instant::now())).await;
    }

    /// WeCom has answered that there were too many.
    pub(super) fn complained(&self) {
        self.be_strict(Instant::now());
    }

    fn be_strict(&self, now: Instant) {
        self.state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .strict_until = Some(now + MEMORY);
    }

    /// When the next call may be made; takes that turn.
    fn take(&self, now: Instant) -> Instant {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        while state.turns.front().is_some_and(|turn| *turn + MINUTE <= now) {
            state.turns.pop_front();
        }
        let most = if state.strict_until.is_some_and(|until| now < until) {
            self.strict
        } else {
            BASE
        };
        let before = state
            .turns
            .len()
            .checked_sub(most)
            .and_then(|at| state.turns.get(at));
        let turn = before.map_or(now, |before| now.max(*before + MINUTE));
        state.turns.push_back(turn);
        turn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(window: &Window, times: usize, start: Instant, after: u64) -> Vec<u64> {
        let now = start + Duration::from_secs(after);
        (0..times).map(|_| (window.take(now) - start).as_secs()).collect()
    }

    #[test]
    fn after_a_complaint_no_minute_holds_more_calls_than_allowed() {
        let window = Window::new(NonZeroU32::new(3).unwrap());
        let start = Instant::now();
        window.be_strict(start);
        assert_eq!(taken(&window, 7, start, 0), [0, 0, 0, 60, 60, 60, 120]);
        assert_eq!(
            taken(&window, 1, start, 200),
            [200],
            "none waits longer than needed"
        );
    }

    #[test]
    fn a_complaint_is_forgotten_after_an_hour() {
        let window = Window::new(NonZeroU32::new(1).unwrap());
        let start = Instant::now();
        assert_eq!(taken(&window, 3, start, 0), [0, 0, 0], "nobody has complained");
        window.be_strict(start);
        assert_eq!(taken(&window, 2, start, 100), [100, 160]);
        assert_eq!(taken(&window, 2, start, 3_700), [3_700, 3_700]);
    }
}
