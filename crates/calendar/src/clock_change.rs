//! When a zone next changes its clocks.

use chrono::{DateTime, Offset, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::season::{Season, season_at};

/// One change between standard and daylight-saving time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockChange {
    /// The first instant of the new time.
    pub at: DateTime<Utc>,
    /// Minutes ahead of UTC until then; behind it where negative.
    pub before: i32,
    /// Minutes ahead of UTC from then on; behind it where negative.
    pub after: i32,
    /// Whether daylight-saving time (夏令时) begins; else it ends.
    pub begins_daylight: bool,
}

/// How far ahead a change is looked for: zones with daylight-saving time change twice a year.
const HORIZON_DAYS: i64 = 400;

/// The first change strictly after an instant; none where the zone keeps one time for the next 400 days.
pub fn next_clock_change(zone: Tz, after: DateTime<Utc>) -> Option<ClockChange> {
    let (mut still, changed) = days_around(zone, after)?;
    let mut at = changed;
    while at - still > TimeDelta::seconds(1) {
        let middle = still + TimeDelta::seconds((at - still).num_seconds() / 2);
        if time_of(zone, middle) == time_of(zone, still) {
            still = middle;
        } else {
            at = middle;
        }
    }
    let (season, before) = time_of(zone, still);
    let (_, after) = time_of(zone, at);
    Some(ClockChange {
        at,
        before,
        after,
        begins_daylight: season == Season::Standard,
    })
}

/// Two instants a day apart between which the season changes.
fn days_around(zone: Tz, after: DateTime<Utc>) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    // Whole seconds, since clocks change on them: halving then ends on the very second.
    let first = DateTime::from_timestamp(after.timestamp(), 0)?;
    (0..HORIZON_DAYS)
        .filter_map(|day| {
            let from = first.checked_add_signed(TimeDelta::days(day))?;
            Some((from, from.checked_add_signed(TimeDelta::days(1))?))
        })
        .find(|&(from, until)| season_at(zone, from) != season_at(zone, until))
}

fn time_of(zone: Tz, at: DateTime<Utc>) -> (Season, i32) {
    let offset = at.with_timezone(&zone).offset().fix();
    (season_at(zone, at), offset.local_minus_utc() / 60)
}
