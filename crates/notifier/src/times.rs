//! Days and times of day as people write them, in the policy's zone.

use changegate_policy::Policy;
use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Utc, Weekday};

/// A day such as 11月24日（周二）.
pub(crate) fn day(day: NaiveDate) -> String {
    let weekday = match day.weekday() {
        Weekday::Mon => "周一",
        Weekday::Tue => "周二",
        Weekday::Wed => "周三",
        Weekday::Thu => "周四",
        Weekday::Fri => "周五",
        Weekday::Sat => "周六",
        Weekday::Sun => "周日",
    };
    format!("{}月{}日（{weekday}）", day.month(), day.day())
}

/// A time of day such as 16:30.
pub(crate) fn clock(at: DateTime<FixedOffset>) -> String {
    at.format("%H:%M").to_string()
}

/// A moment such as 11月24日（周二）16:30.
pub(crate) fn moment(policy: &Policy, at: DateTime<Utc>) -> String {
    let at = policy.local(at);
    format!("{}{}", day(at.date_naive()), clock(at))
}

/// A moment, without its day where that is today.
pub(crate) fn lately(policy: &Policy, at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    if policy.day_of(at) == policy.day_of(now) {
        clock(policy.local(at))
    } else {
        moment(policy, at)
    }
}

/// A span such as 11月24日（周二）16:30–21:00.
pub(crate) fn span(from: DateTime<FixedOffset>, until: DateTime<FixedOffset>) -> String {
    let (begins, ends) = (from.date_naive(), until.date_naive());
    if begins == ends {
        format!("{}{}–{}", day(begins), clock(from), clock(until))
    } else {
        format!("{}{}–{}{}", day(begins), clock(from), day(ends), clock(until))
    }
}

/// A span between two instants; only its begin, where its end is not known.
pub(crate) fn between(policy: &Policy, from: DateTime<Utc>, until: Option<DateTime<Utc>>) -> String {
    match until {
        Some(until) if until > from => span(policy.local(from), policy.local(until)),
        Some(_) | None => moment(policy, from),
    }
}
