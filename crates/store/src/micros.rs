//! Instants as they are stored: whole microseconds since 1970 UTC.

use std::time::Duration;

use chrono::{DateTime, Utc};

/// The stored form of an instant.
pub(crate) fn to(at: DateTime<Utc>) -> i64 {
    at.timestamp_micros()
}

/// The instant of a stored value; what no calendar can hold becomes its nearest end.
pub(crate) fn from(micros: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(micros).unwrap_or(if micros < 0 {
        DateTime::<Utc>::MIN_UTC
    } else {
        DateTime::<Utc>::MAX_UTC
    })
}

/// The instant of a stored value that may be absent.
pub(crate) fn from_opt(micros: Option<i64>) -> Option<DateTime<Utc>> {
    micros.map(from)
}

/// `now` moved on by `by`, in stored form.
pub(crate) fn after(now: DateTime<Utc>, by: Duration) -> i64 {
    to(now).saturating_add(i64::try_from(by.as_micros()).unwrap_or(i64::MAX))
}

/// `now` moved back by `by`, in stored form.
pub(crate) fn before(now: DateTime<Utc>, by: Duration) -> i64 {
    to(now).saturating_sub(i64::try_from(by.as_micros()).unwrap_or(i64::MAX))
}
