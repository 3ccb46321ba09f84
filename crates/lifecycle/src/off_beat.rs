//! WeCom is slow at the full and the half hour: what is told at a time of our own choosing keeps off them.

use chrono::{DateTime, TimeDelta, Timelike, Utc};

/// By so much.
const OFF_BEAT: TimeDelta = TimeDelta::minutes(2);

/// The instant, off the full and the half hour: a little later.
pub fn off_beat(at: DateTime<Utc>) -> DateTime<Utc> {
    if is_on_the_beat(at) { at + OFF_BEAT } else { at }
}

/// The same, a little earlier.
pub(crate) fn off_beat_before(at: DateTime<Utc>) -> DateTime<Utc> {
    if is_on_the_beat(at) { at - OFF_BEAT } else { at }
}

fn is_on_the_beat(at: DateTime<Utc>) -> bool {
    at.minute().is_multiple_of(30)
}
