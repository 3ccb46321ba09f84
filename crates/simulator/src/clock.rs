//! The simulator's time: the system's, the system's moved by some amount, or standing still. The only file of
//! this crate that reads the system clock.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// A clock that can be moved. Clones share the same time.
#[derive(Debug, Clone)]
pub struct Clock(Arc<Mutex<Mode>>);

#[derive(Debug, Clone, Copy)]
enum Mode {
    Running(TimeDelta),
    Standing(DateTime<Utc>),
}

impl Clock {
    /// The system's time.
    pub fn system() -> Self {
        Self(Arc::new(Mutex::new(Mode::Running(TimeDelta::zero()))))
    }

    /// Stands still at an instant until it is moved.
    pub fn standing_at(at: DateTime<Utc>) -> Self {
        Self(Arc::new(Mutex::new(Mode::Standing(at))))
    }

    /// The time it is here.
    pub fn now(&self) -> DateTime<Utc> {
        match *self.mode() {
            Mode::Running(offset) => system_now() + offset,
            Mode::Standing(at) => at,
        }
    }

    /// Makes it `at` now. A running clock runs on from there, a standing one stands there.
    pub fn set(&self, at: DateTime<Utc>) {
        let mut mode = self.mode();
        *mode = match *mode {
            Mode::Running(_) => Mode::Running(at - system_now()),
            Mode::Standing(_) => Mode::Standing(at),
        };
    }

    /// Moves it by an amount, back where that is negative.
    pub fn advance(&self, by: TimeDelta) {
        self.set(self.now() + by);
    }

    /// Stops it at an instant.
    pub fn stand_at(&self, at: DateTime<Utc>) {
        *self.mode() = Mode::Standing(at);
    }

    /// Lets it follow the system's time again, with no offset.
    pub fn follow_system(&self) {
        *self.mode() = Mode::Running(TimeDelta::zero());
    }

    fn mode(&self) -> std::sync::MutexGuard<'_, Mode> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place of the simulator that reads the system clock"
)]
fn system_now() -> DateTime<Utc> {
    Utc::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standing_clock_moves_only_when_told() {
        let start = DateTime::from_timestamp(1_795_500_000, 0).unwrap();
        let clock = Clock::standing_at(start);
        let shared = clock.clone();
        shared.advance(TimeDelta::days(7));
        assert_eq!(clock.now(), start + TimeDelta::days(7));
    }

    #[test]
    fn a_running_clock_runs_on_from_where_it_was_set() {
        let clock = Clock::system();
        let at = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        clock.set(at);
        assert!(clock.now() >= at && clock.now() < at + TimeDelta::minutes(1));
    }
}
