//! When to try again.

use std::time::Duration;

use chrono::{DateTime, Utc};

const FIRST: Duration = Duration::from_secs(2);
const LONGEST: Duration = Duration::from_mins(5);

/// The moment of the next attempt after `failures` failed ones: about two seconds, doubling to five minutes.
pub(super) fn next_attempt(now: DateTime<Utc>, failures: u32) -> DateTime<Utc> {
    now + wait(failures)
}

fn wait(failures: u32) -> Duration {
    let doublings = failures.saturating_sub(1).min(16);
    FIRST.saturating_mul(1 << doublings).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_from_two_seconds_to_five_minutes() {
        let seconds: Vec<u64> = (0..=10).map(|failures| wait(failures).as_secs()).collect();
        assert_eq!(seconds, [2, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        assert_eq!(wait(u32::MAX), LONGEST);
    }
}
