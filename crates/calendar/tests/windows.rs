//! The regulation's windows, against an independent reckoning of New York's clock changes.

#![expect(clippy::unwrap_used, reason = "a story whose stage cannot be set has failed")]

use changegate_calendar::{Freeze, Season, WeeklyWindow, Window, WindowTable, WindowTableError};
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::America::New_York;
use chrono_tz::Asia::Shanghai;
use proptest::prelude::*;

fn time(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap()
}

fn weekly(days: &[Weekday], opens: NaiveTime, closes: NaiveTime) -> WeeklyWindow {
    WeeklyWindow {
        days: days.to_vec(),
        opens,
        closes,
    }
}

fn regulation() -> WindowTable {
    let saturday = || weekly(&[Weekday::Sat], time(10, 0), time(20, 0));
    let evening = |closes| weekly(&[Weekday::Tue, Weekday::Thu], time(16, 30), closes);
    WindowTable::new(
        Shanghai,
        New_York,
        vec![evening(time(20, 0)), saturday()],
        vec![evening(time(21, 0)), saturday()],
    )
    .unwrap()
}

fn shanghai(year: i32, month: u32, day: u32, hour: u32, minute: u32) -> DateTime<Utc> {
    Shanghai
        .with_ymd_and_hms(year, month, day, hour, minute, 0)
        .unwrap()
        .to_utc()
}

/// The `nth` Sunday of a month, by counting days.
fn sunday(year: i32, month: u32, nth: u32) -> NaiveDate {
    (1..=31)
        .filter_map(|day| NaiveDate::from_ymd_opt(year, month, day))
        .filter(|day| day.weekday() == Weekday::Sun)
        .nth(usize::try_from(nth).unwrap() - 1)
        .unwrap()
}

/// The law since 2007, without a time-zone database: daylight time from 07:00 UTC of March's second Sunday
/// (2:00 standard time) until 06:00 UTC of November's first (2:00 daylight time).
fn daylight_by_law(at: DateTime<Utc>) -> bool {
    let starts = sunday(at.year(), 3, 2).and_time(time(7, 0)).and_utc();
    let ends = sunday(at.year(), 11, 1).and_time(time(6, 0)).and_utc();
    starts <= at && at < ends
}

/// The regulation's window of a day, reckoned with Shanghai's fixed offset of eight hours.
fn window_by_hand(day: NaiveDate) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let utc = |at: NaiveTime| day.and_time(at).and_utc() - TimeDelta::hours(8);
    match day.weekday() {
        Weekday::Tue | Weekday::Thu => {
            let opens = utc(time(16, 30));
            Some((opens, utc(time(if daylight_by_law(opens) { 20 } else { 21 }, 0))))
        }
        Weekday::Sat => Some((utc(time(10, 0)), utc(time(20, 0)))),
        Weekday::Mon | Weekday::Wed | Weekday::Fri | Weekday::Sun => None,
    }
}

#[test]
fn borders_of_a_window_are_half_open() {
    let table = regulation();
    let second = TimeDelta::seconds(1);
    for (opens, closes) in [
        (shanghai(2026, 11, 24, 16, 30), shanghai(2026, 11, 24, 21, 0)),
        (shanghai(2026, 10, 29, 16, 30), shanghai(2026, 10, 29, 20, 0)),
        (shanghai(2026, 10, 31, 10, 0), shanghai(2026, 10, 31, 20, 0)),
        (shanghai(2026, 11, 3, 16, 30), shanghai(2026, 11, 3, 21, 0)),
        (shanghai(2026, 3, 5, 16, 30), shanghai(2026, 3, 5, 21, 0)),
        (shanghai(2026, 3, 10, 16, 30), shanghai(2026, 3, 10, 20, 0)),
    ] {
        assert_eq!(table.window_at(opens - second), None);
        let window = table.window_at(opens).unwrap();
        assert_eq!((window.opens, window.closes), (opens, closes));
        assert_eq!(table.window_at(closes - second), Some(window));
        assert_eq!(table.window_at(closes), None);
    }
}

#[test]
fn a_range_fits_up_to_the_closing_instant() {
    let window = regulation().window_at(shanghai(2026, 11, 24, 17, 0)).unwrap();
    let at = |hour, minute| shanghai(2026, 11, 24, hour, minute);
    for (from, until, fits, touches) in [
        (at(16, 30), at(21, 0), true, true),
        (at(16, 30), at(21, 1), false, true),
        (at(16, 29), at(17, 0), false, true),
        (at(15, 0), at(16, 30), false, false),
        (at(21, 0), at(22, 0), false, false),
        (at(20, 0), at(20, 0), true, true),
        (at(20, 0), at(19, 0), false, true),
    ] {
        assert_eq!(
            (window.fits(from, until), window.touches(from, until)),
            (fits, touches),
            "{from}..{until}"
        );
    }
}

#[test]
fn next_windows_begin_with_the_one_that_is_open() {
    let opens = |from, n| -> Vec<String> {
        let local = |window: &Window| {
            window
                .opens
                .with_timezone(&Shanghai)
                .format("%m-%d %H:%M")
                .to_string()
        };
        regulation().next_windows(from, n).iter().map(local).collect()
    };
    assert_eq!(
        opens(shanghai(2026, 11, 24, 20, 59), 3),
        ["11-24 16:30", "11-26 16:30", "11-28 10:00"]
    );
    assert_eq!(
        opens(shanghai(2026, 11, 24, 21, 0), 3),
        ["11-26 16:30", "11-28 10:00", "12-01 16:30"]
    );
    assert_eq!(opens(shanghai(2026, 11, 24, 0, 0), 0), Vec::<String>::new());
}

#[test]
fn a_table_that_makes_no_sense_is_refused() {
    let backwards = vec![weekly(&[Weekday::Tue], time(20, 0), time(16, 30))];
    let good = vec![weekly(&[Weekday::Tue], time(16, 30), time(20, 0))];
    assert_eq!(
        WindowTable::new(Shanghai, New_York, good.clone(), backwards),
        Err(WindowTableError::Backwards {
            season: Season::Standard,
            opens: time(20, 0),
            closes: time(16, 30)
        })
    );
    assert_eq!(
        WindowTable::new(
            Shanghai,
            New_York,
            vec![weekly(&[], time(1, 0), time(2, 0))],
            good
        ),
        Err(WindowTableError::NoWindow(Season::Daylight))
    );
}

#[test]
fn a_window_can_last_until_midnight_and_survive_a_skipped_hour() {
    let nights = || vec![weekly(&[Weekday::Sun], time(2, 30), NaiveTime::MIN)];
    let table = WindowTable::new(New_York, New_York, nights(), nights()).unwrap();
    let day = NaiveDate::from_ymd_opt(2026, 3, 8).unwrap();
    let windows = table.windows_on(day);
    let local: Vec<_> = windows
        .iter()
        .map(|w| {
            (
                w.opens.with_timezone(&New_York).naive_local(),
                w.closes.with_timezone(&New_York).naive_local(),
            )
        })
        .collect();
    assert_eq!(
        local,
        [(
            day.and_time(time(3, 0)),
            day.succ_opt().unwrap().and_time(NaiveTime::MIN)
        )]
    );
}

#[test]
fn a_freeze_is_half_open_and_needs_a_length() {
    let (from, until) = (shanghai(2026, 12, 24, 0, 0), shanghai(2026, 12, 27, 0, 0));
    let freeze = Freeze::new("圣诞封网", from, until).unwrap();
    assert!(freeze.covers(from) && !freeze.covers(until));
    assert!(freeze.touches(from - TimeDelta::hours(1), from + TimeDelta::hours(1)));
    assert!(!freeze.touches(from - TimeDelta::hours(1), from) && !freeze.touches(until, until));
    assert!(Freeze::new("空", from, from).is_err());
}

proptest! {
    #[test]
    fn every_minute_of_forty_years_agrees_with_the_law(
        day in 0_u64..14_244,
        minute in 0_i64..1_440,
        second in 0_i64..60,
    ) {
        let table = regulation();
        let day = NaiveDate::from_ymd_opt(2007, 1, 1).unwrap() + Days::new(day);
        let at = day.and_time(NaiveTime::MIN).and_utc() - TimeDelta::hours(8)
            + TimeDelta::minutes(minute) + TimeDelta::seconds(second);
        let expected = window_by_hand(day).filter(|(opens, closes)| *opens <= at && at < *closes);
        prop_assert_eq!(table.window_at(at).map(|w| (w.opens, w.closes)), expected);
    }

    #[test]
    fn next_windows_are_those_of_the_days_in_order(day in 0_u64..14_000, minute in 0_i64..1_440) {
        let first = NaiveDate::from_ymd_opt(2007, 1, 1).unwrap() + Days::new(day);
        let from = first.and_time(NaiveTime::MIN).and_utc() - TimeDelta::hours(8) + TimeDelta::minutes(minute);
        let expected: Vec<_> = (0..10)
            .filter_map(|offset| window_by_hand(first + Days::new(offset)))
            .filter(|(_, closes)| from < *closes)
            .take(3)
            .collect();
        let found: Vec<_> =
            regulation().next_windows(from, 3).into_iter().map(|w| (w.opens, w.closes)).collect();
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn every_clock_change_of_new_york_moves_the_close_by_one_hour() {
    let table = regulation();
    for year in 2007..=2045 {
        for (change, before, after) in [(sunday(year, 3, 2), 21, 20), (sunday(year, 11, 1), 20, 21)] {
            let (thursday, tuesday) = (change - Days::new(3), change + Days::new(2));
            let close = |day| {
                let windows = table.windows_on(day);
                windows.first().unwrap().closes.with_timezone(&Shanghai).time()
            };
            assert_eq!(
                (close(thursday), close(tuesday)),
                (time(before, 0), time(after, 0)),
                "{year}"
            );
        }
    }
}
