//! Local times as instants, on the days on which clocks change too.

use chrono::{DateTime, LocalResult, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// The day of an instant in a zone. At the ends of what can be written, where a zone's day cannot be, UTC's.
pub(crate) fn day(zone: Tz, at: DateTime<Utc>) -> NaiveDate {
    let offset = zone.offset_from_utc_datetime(&at.naive_utc()).fix();
    at.naive_utc()
        .checked_add_offset(offset)
        .map_or_else(|| at.naive_utc().date(), |local| local.date())
}

/// The instant of a local time: of two, the earlier; where the clocks skip it, the end of the gap.
pub fn instant(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    match zone.from_local_datetime(&local) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at.with_timezone(&Utc),
        LocalResult::None => after_gap(zone, local),
    }
}

fn after_gap(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    (1..=24 * 60)
        .filter_map(|minutes| local.checked_add_signed(TimeDelta::minutes(minutes)))
        .find_map(|later| zone.from_local_datetime(&later).earliest())
        .map_or_else(|| local.and_utc(), |at| at.with_timezone(&Utc))
}
