//! Ids: UUIDs of version 7, made from the caller's `now`, so that they sort by age and need no clock here.

use chrono::{DateTime, Utc};
use uuid::{NoContext, Timestamp, Uuid};

/// A new id for a row born at `now`.
pub(crate) fn at(now: DateTime<Utc>) -> Uuid {
    let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
    Uuid::new_v7(Timestamp::from_unix(
        NoContext,
        seconds,
        now.timestamp_subsec_nanos(),
    ))
}

/// The smallest id that a row born at `now` can have: ranges of ids are ranges of time.
pub(crate) fn floor(now: DateTime<Utc>) -> Uuid {
    let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
    Uuid::from_u128((u128::from(millis) << 80) | (0x7 << 76) | (0b10 << 62))
}

/// A fencing token: random, so that no two leases ever share one.
pub(crate) fn token() -> Uuid {
    Uuid::new_v4()
}
