//! When to try again.

use std::time::Duration;

use changegate_wecom::Error;
use chrono::{DateTime, Utc};

const FIRST: Duration = Duration::from_secs(2);
const LONGEST: Duration = Duration::from_mins(5);
/// How often what waits behind an open circuit looks whether it has closed.
const CIRCUIT: Duration = Duration::from_secs(15);

/// The moment of the next attempt after `failures` failed ones: about two seconds, doubling to five minutes.
pub(super) fn next_attempt(now: DateTime<Utc>, failures: u32) -> DateTime<Utc> {
    now + wait(failures)
}

/// The moment of the next attempt after a call that WeCom's side has put off for so long. A circuit that opens is
/// looked at again well before its next probe: asking costs nothing, and once the probe has gone through, what
/// waited goes on at once.
pub(super) fn after_pause(now: DateTime<Utc>, error: &Error, failures: u32) -> DateTime<Utc> {
    match (error, error.retry_after()) {
        (Error::CircuitOpen { .. }, Some(pause)) => now + pause.min(CIRCUIT),
        (_, Some(pause)) => now + pause,
        (_, None) => next_attempt(now, failures),
    }
}

fn wait(failures: u32) -> Duration {
    let doublings = failures.saturating_sub(1).min(16);
    FIRST.saturating_mul(1 << doublings).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_circuit_is_looked_at_before_its_next_probe() {
        let now = DateTime::UNIX_EPOCH;
        let open = |secs| Error::CircuitOpen {
            path: "message/send",
            errcode: 40_001,
            errmsg: String::new(),
            retry_in: Duration::from_secs(secs),
        };
        let limited = Error::Api {
            path: "message/send",
            errcode: 45_009,
            errmsg: String::new(),
        };
        assert_eq!(after_pause(now, &open(3_000), 9).timestamp(), 15);
        assert_eq!(after_pause(now, &open(4), 9).timestamp(), 4);
        assert_eq!(after_pause(now, &limited, 1).timestamp(), 60);
    }

    #[test]
    fn waits_double_from_two_seconds_to_five_minutes() {
        let seconds: Vec<u64> = (0..=10).map(|failures| wait(failures).as_secs()).collect();
        assert_eq!(seconds, [2, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        assert_eq!(wait(u32::MAX), LONGEST);
    }
}
