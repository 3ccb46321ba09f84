//! Steps of the clock that a story needs: to the next reminder, window, market open, morning. Holidays are not
//! known here.

use chrono::{DateTime, Datelike, Days, NaiveTime, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::America::New_York;
use chrono_tz::Asia::{Hong_Kong, Shanghai};
use chrono_tz::Tz;

use super::forms::likely_window;

/// The steps and their labels, in the order of the buttons.
pub(super) const STEPS: [(&str, &str); 8] = [
    ("minutes", "+10 分钟"),
    ("hour", "+1 小时"),
    ("cutoff", "到 14:30"),
    ("window", "到下一个窗口"),
    ("us-open", "到美股开盘"),
    ("evening", "到 20:00"),
    ("morning", "次日 09:00"),
    ("hk-open", "到港股开盘"),
];

/// Where a step leads from an instant; none for an unknown one.
pub(crate) fn step(name: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    match name {
        "minutes" => Some(now + TimeDelta::minutes(10)),
        "hour" => Some(now + TimeDelta::hours(1)),
        "cutoff" => next(now, Shanghai, 14, 30, |_| true),
        "window" => Some(likely_window(now)),
        "window-day" => {
            let afternoon = TimeDelta::hours(3);
            Some(likely_window(now + afternoon) - afternoon)
        }
        "us-open" => next(now, New_York, 9, 30, weekday),
        "hk-open" => next(now, Hong_Kong, 9, 30, weekday),
        "evening" => next(now, Shanghai, 20, 0, |_| true),
        "morning" => {
            let local = now.with_timezone(&Shanghai).date_naive();
            at(local.checked_add_days(Days::new(1))?, Shanghai, 9, 0)
        }
        _ => None,
    }
}

/// The first such time of a day after `now` that is not refused.
fn next(
    now: DateTime<Utc>,
    zone: Tz,
    hour: u32,
    minute: u32,
    on: impl Fn(Weekday) -> bool,
) -> Option<DateTime<Utc>> {
    let today = now.with_timezone(&zone).date_naive();
    (0..8)
        .filter_map(|days| today.checked_add_days(Days::new(days)))
        .filter(|day| on(day.weekday()))
        .filter_map(|day| at(day, zone, hour, minute))
        .find(|at| *at > now)
}

fn at(day: chrono::NaiveDate, zone: Tz, hour: u32, minute: u32) -> Option<DateTime<Utc>> {
    let time = NaiveTime::from_hms_opt(hour, minute, 0)?;
    zone.from_local_datetime(&day.and_time(time))
        .earliest()
        .map(|at| at.to_utc())
}

fn weekday(day: Weekday) -> bool {
    !matches!(day, Weekday::Sat | Weekday::Sun)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, from: &str, to: &str) {
        let read = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().to_utc();
        assert_eq!(step(name, read(from)), Some(read(to)), "{name} from {from}");
    }

    #[test]
    fn steps_lead_to_the_next_such_time() {
        check(
            "minutes",
            "2026-11-24T12:00:00+08:00",
            "2026-11-24T12:10:00+08:00",
        );
        check("cutoff", "2026-11-24T12:00:00+08:00", "2026-11-24T14:30:00+08:00");
        check("cutoff", "2026-11-24T14:30:00+08:00", "2026-11-25T14:30:00+08:00");
        check("window", "2026-11-24T12:00:00+08:00", "2026-11-24T17:00:00+08:00");
        check(
            "us-open",
            "2026-11-24T12:00:00+08:00",
            "2026-11-24T22:30:00+08:00",
        );
        check(
            "us-open",
            "2026-07-03T23:00:00+08:00",
            "2026-07-06T21:30:00+08:00",
        );
        check(
            "hk-open",
            "2026-11-27T10:00:00+08:00",
            "2026-11-30T09:30:00+08:00",
        );
        check(
            "morning",
            "2026-11-24T23:59:00+08:00",
            "2026-11-25T09:00:00+08:00",
        );
        check(
            "evening",
            "2026-11-24T20:00:00+08:00",
            "2026-11-25T20:00:00+08:00",
        );
        assert_eq!(step("yesterday", Utc.timestamp_opt(0, 0).unwrap()), None);
    }

    #[test]
    fn every_button_has_a_step() {
        let now = Utc.timestamp_opt(1_795_492_800, 0).unwrap();
        for (name, label) in STEPS {
            assert!(step(name, now).is_some_and(|at| at > now), "{label}");
        }
    }
}
