//! A day on which a change can be filed, so that the demo works on any day and at any hour.

use anyhow::Context as _;
use changegate_policy::Policy;
use changegate_simulator::Clock;
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

/// Filing in office hours leaves time before the cut-off.
const MORNING: NaiveTime = NaiveTime::from_hms_opt(10, 30, 0).unwrap();
const HALF_PAST_TWO: NaiveTime = NaiveTime::from_hms_opt(14, 30, 0).unwrap();
/// How long before the window closes the change is planned.
const BEFORE_CLOSE: TimeDelta = TimeDelta::hours(2);

/// Leaves the clock alone on a window day before half past two, else moves it to 10:30 of the next window day.
/// Answers when the change of the story is planned, inside that day's window.
pub(super) fn pretend_a_change_day(clock: &Clock) -> anyhow::Result<DateTime<Utc>> {
    let policy = Policy::built_in();
    let windows = policy.windows();
    let now = clock.now();
    let local = policy.local(now);
    let (today, time) = (local.date_naive(), local.time());
    let fits_today = !windows.windows_on(today).is_empty() && (MORNING..HALF_PAST_TWO).contains(&time);
    let window = windows
        .windows_from(now)
        .find(|window| fits_today || policy.local(window.opens).date_naive() > today)
        .context("the policy has no window in the next year")?;
    if !fits_today {
        clock.set(policy.at(policy.day_of(window.opens), MORNING));
    }
    Ok(window.closes - BEFORE_CLOSE)
}
