//! Days and times as the firm reads them.

use changegate_policy::Policy;
use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, TimeZone, Utc, Weekday};

/// What a browser's `datetime-local` holds.
const LOCAL: &str = "%Y-%m-%dT%H:%M";

/// A moment such as 2026-11-24 15:20:00（北京时间）.
pub(super) fn moment(at: DateTime<FixedOffset>) -> String {
    const BEIJING: i32 = 8 * 3600;
    let zone = if at.offset().local_minus_utc() == BEIJING {
        "北京时间".to_owned()
    } else {
        format!("UTC{}", at.format("%:z"))
    };
    format!("{}（{zone}）", at.format("%Y-%m-%d %H:%M:%S"))
}

/// A moment such as 2026-11-24 周二 15:20.
pub(super) fn minute(at: DateTime<FixedOffset>) -> String {
    format!("{} {}", day(at.date_naive()), at.format("%H:%M"))
}

/// A moment of the recent past, such as 17:42, or 11-23 17:42 on another day than `now`.
pub(super) fn short(at: DateTime<FixedOffset>, now: DateTime<FixedOffset>) -> String {
    let form = if at.date_naive() == now.date_naive() {
        "%H:%M"
    } else {
        "%m-%d %H:%M"
    };
    at.format(form).to_string()
}

/// From when until when, on one line.
pub(super) fn period(from: DateTime<FixedOffset>, until: Option<DateTime<FixedOffset>>) -> String {
    match until.filter(|until| *until != from) {
        None => minute(from),
        Some(until) if until.date_naive() == from.date_naive() => {
            format!("{}–{}", minute(from), until.format("%H:%M"))
        }
        Some(until) => format!("{} 至 {}", minute(from), minute(until)),
    }
}

/// A day such as 2026-11-24 周二.
pub(super) fn day(date: NaiveDate) -> String {
    let weekday = match date.weekday() {
        Weekday::Mon => "周一",
        Weekday::Tue => "周二",
        Weekday::Wed => "周三",
        Weekday::Thu => "周四",
        Weekday::Fri => "周五",
        Weekday::Sat => "周六",
        Weekday::Sun => "周日",
    };
    format!("{} {weekday}", date.format("%Y-%m-%d"))
}

/// What a `datetime-local` field shows for an instant, in the policy's zone.
pub(super) fn to_field(at: DateTime<Utc>, policy: &Policy) -> String {
    policy.local(at).format(LOCAL).to_string()
}

/// The instant that a `datetime-local` field holds, in the policy's zone.
pub(super) fn from_field(text: &str, policy: &Policy) -> Option<DateTime<Utc>> {
    let local = NaiveDateTime::parse_from_str(text, LOCAL)
        .or_else(|_without_seconds| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S"))
        .ok()?;
    let at = policy.zone().from_local_datetime(&local).earliest()?;
    Some(at.to_utc())
}
