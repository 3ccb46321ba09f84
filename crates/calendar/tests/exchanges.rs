//! Sessions of the exchanges around holidays, half days and clock changes, against what the exchanges announced.

#![expect(clippy::unwrap_used, reason = "a story whose stage cannot be set has failed")]

use changegate_calendar::{Exchange, ExchangeCalendars, next_clock_change};
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::Asia::Shanghai;
use proptest::prelude::*;

use Exchange::{HongKong, NewYork, Singapore};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A time of Shanghai, such as `2026-03-06 22:30`.
fn shanghai(text: &str) -> DateTime<Utc> {
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    Shanghai.from_local_datetime(&local).unwrap().to_utc()
}

/// From when until when an exchange trades on its day, as Shanghai sees it.
fn trading(exchange: Exchange, of: &str) -> String {
    let session = ExchangeCalendars::built_in()
        .session_on(exchange, day(of))
        .unwrap();
    session.map_or_else(
        || "closed".to_owned(),
        |session| {
            let local = |at: DateTime<Utc>| at.with_timezone(&Shanghai).format("%d %H:%M").to_string();
            let half = if session.early_close { ", half day" } else { "" };
            format!("{} to {}{half}", local(session.opens), local(session.closes))
        },
    )
}

fn expect_all(exchange: Exchange, days: &[(&str, &str)]) {
    for (of, expected) in days {
        assert_eq!(trading(exchange, of), *expected, "{exchange:?} {of}");
    }
}

#[test]
fn new_york_around_its_clock_changes_and_holidays() {
    expect_all(
        NewYork,
        &[
            ("2026-01-01", "closed"),
            ("2026-01-02", "02 22:30 to 03 05:00"),
            // Daylight-saving time begins on Sunday, March 8.
            ("2026-03-06", "06 22:30 to 07 05:00"),
            ("2026-03-07", "closed"),
            ("2026-03-08", "closed"),
            ("2026-03-09", "09 21:30 to 10 04:00"),
            ("2026-04-03", "closed"),
            ("2026-07-02", "02 21:30 to 03 04:00"),
            ("2026-07-03", "closed"),
            // It ends on Sunday, November 1.
            ("2026-10-30", "30 21:30 to 31 04:00"),
            ("2026-11-02", "02 22:30 to 03 05:00"),
            ("2026-11-25", "25 22:30 to 26 05:00"),
            ("2026-11-26", "closed"),
            ("2026-11-27", "27 22:30 to 28 02:00, half day"),
            ("2026-11-30", "30 22:30 to 01 05:00"),
            ("2026-12-24", "24 22:30 to 25 02:00, half day"),
            ("2026-12-25", "closed"),
            ("2026-12-28", "28 22:30 to 29 05:00"),
            ("2026-12-31", "31 22:30 to 01 05:00"),
            ("2027-03-12", "12 22:30 to 13 05:00"),
            ("2027-03-15", "15 21:30 to 16 04:00"),
        ],
    );
}

#[test]
fn hong_kong_around_lunar_new_year_and_half_days() {
    expect_all(
        HongKong,
        &[
            ("2026-02-13", "13 09:30 to 13 16:00"),
            ("2026-02-16", "16 09:30 to 16 12:00, half day"),
            ("2026-02-17", "closed"),
            ("2026-02-18", "closed"),
            ("2026-02-19", "closed"),
            ("2026-02-20", "20 09:30 to 20 16:00"),
            ("2026-12-24", "24 09:30 to 24 12:00, half day"),
            ("2026-12-25", "closed"),
            ("2026-12-28", "28 09:30 to 28 16:00"),
            ("2026-12-31", "31 09:30 to 31 12:00, half day"),
            ("2027-01-01", "closed"),
            ("2027-02-05", "05 09:30 to 05 12:00, half day"),
            ("2027-02-08", "closed"),
            ("2027-02-09", "closed"),
            ("2027-02-10", "10 09:30 to 10 16:00"),
        ],
    );
}

#[test]
fn singapore_around_lunar_new_year_and_half_days() {
    expect_all(
        Singapore,
        &[
            ("2026-02-13", "13 09:00 to 13 17:00"),
            ("2026-02-16", "16 09:00 to 16 12:00, half day"),
            ("2026-02-17", "closed"),
            ("2026-02-18", "closed"),
            ("2026-02-19", "19 09:00 to 19 17:00"),
            ("2026-08-10", "closed"),
            ("2026-12-24", "24 09:00 to 24 12:00, half day"),
            ("2026-12-25", "closed"),
            ("2026-12-31", "31 09:00 to 31 12:00, half day"),
            ("2027-01-01", "closed"),
            ("2027-01-04", "04 09:00 to 04 17:00"),
        ],
    );
}

#[test]
fn the_next_opening_is_the_one_that_people_wait_for() {
    let calendars = ExchangeCalendars::built_in();
    for (exchange, after, expected) in [
        (NewYork, "2026-11-24 20:15", "2026-11-24 22:30"),
        (NewYork, "2026-11-24 22:29", "2026-11-24 22:30"),
        // Strictly after: at the opening itself, the next one.
        (NewYork, "2026-11-24 22:30", "2026-11-25 22:30"),
        // In New York it is still the 25th.
        (NewYork, "2026-11-26 02:00", "2026-11-27 22:30"),
        (NewYork, "2026-11-26 20:15", "2026-11-27 22:30"),
        (NewYork, "2026-03-07 12:00", "2026-03-09 21:30"),
        (NewYork, "2026-10-31 12:00", "2026-11-02 22:30"),
        (NewYork, "2026-12-24 23:00", "2026-12-28 22:30"),
        (HongKong, "2026-11-24 20:15", "2026-11-25 09:30"),
        (HongKong, "2026-02-14 19:00", "2026-02-16 09:30"),
        (HongKong, "2026-02-16 19:00", "2026-02-20 09:30"),
        (HongKong, "2026-12-24 20:15", "2026-12-28 09:30"),
        (Singapore, "2026-02-16 19:00", "2026-02-19 09:00"),
        (Singapore, "2026-11-28 19:00", "2026-11-30 09:00"),
    ] {
        let session = calendars.next_open(exchange, shanghai(after)).unwrap();
        assert_eq!(session.opens, shanghai(expected), "{exchange:?} after {after}");
        assert_eq!(session.exchange, exchange);
    }
}

#[test]
fn a_closure_at_short_notice_moves_the_next_opening() {
    let typhoon = ExchangeCalendars::built_in()
        .with_closures([(HongKong, day("2026-11-25")), (HongKong, day("2026-12-24"))]);
    let session = typhoon.next_open(HongKong, shanghai("2026-11-24 20:15")).unwrap();
    assert_eq!(session.day, day("2026-11-26"));
    assert!(!typhoon.is_trading_day(HongKong, day("2026-12-24")).unwrap());
    assert!(typhoon.is_trading_day(Singapore, day("2026-11-25")).unwrap());
    assert!(
        ExchangeCalendars::built_in()
            .is_trading_day(HongKong, day("2026-11-25"))
            .unwrap()
    );
}

#[test]
fn the_mainland_works_on_shanghais_trading_days() {
    let works = |of| ExchangeCalendars::built_in().is_working_day(day(of)).unwrap();
    assert!(works("2026-11-24") && works("2026-09-30") && works("2026-10-08"));
    for off in [
        "2026-10-01",
        "2026-10-07",
        "2026-02-16",
        "2026-02-23",
        "2026-11-28",
    ] {
        assert!(!works(off), "{off}");
    }
    // A Saturday that made up for the holiday: known to be unknown.
    assert!(!works("2026-10-10"));
}

#[test]
fn beyond_the_data_nothing_is_guessed() {
    let calendars = ExchangeCalendars::built_in();
    for exchange in Exchange::ALL {
        let last = calendars.covered_until(exchange);
        assert!(calendars.checked_until(exchange) <= last);
        assert!(calendars.checked_until(exchange) >= day("2026-12-31"));
        assert!(calendars.session_on(exchange, last).is_ok());
        let next = last + Days::new(1);
        let error = calendars.session_on(exchange, next).unwrap_err();
        assert_eq!(
            (error.exchange, error.day, error.covered_until),
            (exchange, next, last)
        );
        assert!(error.to_string().contains(&last.to_string()), "{error}");
        assert!(calendars.is_trading_day(exchange, day("2023-12-31")).is_err());
        let close = calendars
            .next_open(exchange, shanghai("2028-06-01 00:00"))
            .unwrap_err();
        assert_eq!(close.covered_until, last);
        assert!(calendars.next_open(exchange, DateTime::<Utc>::MAX_UTC).is_err());
        assert!(calendars.next_open(exchange, DateTime::<Utc>::MIN_UTC).is_err());
    }
    let after_the_last = calendars
        .next_open(NewYork, shanghai("2027-12-31 23:00"))
        .unwrap_err();
    assert_eq!(after_the_last.day, day("2028-01-01"));
}

#[test]
fn the_file_names_its_sources() {
    let sources: Vec<_> = ExchangeCalendars::built_in().sources().collect();
    assert_eq!(
        sources.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
        ["exchange_calendars", "holidays"]
    );
    assert!(sources.iter().all(|(_, version)| version.contains('.')));
    let calendars = ExchangeCalendars::built_in();
    assert_eq!(
        calendars.occasion(NewYork, day("2026-11-26")),
        Some("Thanksgiving Day")
    );
    assert_eq!(calendars.occasion(NewYork, day("2026-11-25")), None);
}

#[test]
fn a_file_that_cannot_be_is_refused() {
    let text = include_str!("../data/exchanges.json");
    assert!(ExchangeCalendars::parse(text).is_ok());
    for (from, to, message) in [
        ("\"XNYS\"", "\"XNAS\"", "there is no calendar of XNYS"),
        ("America/New_York", "America/Chicago", "its zone"),
        ("\"16:00\"", "\"09:00\"", "do not follow one another"),
        ("\"16:00\"", "\"4 pm\"", "its hours"),
        (
            "2027-12-31\",\n   \"checked",
            "2023-12-31\",\n   \"checked",
            "ends before it begins",
        ),
        ("\"closed\"", "\"shut\"", "cannot be read"),
    ] {
        assert!(text.contains(from), "{from}");
        let error = ExchangeCalendars::parse(&text.replacen(from, to, 1)).unwrap_err();
        assert!(error.to_string().contains(message), "{to}: {error}");
    }
}

#[test]
fn new_york_changes_its_clocks_twice_a_year() {
    let zone = chrono_tz::America::New_York;
    let mut at = shanghai("2026-01-01 00:00");
    for (expected, before, after, begins) in [
        ("2026-03-08T07:00:00Z", -300, -240, true),
        ("2026-11-01T06:00:00Z", -240, -300, false),
        ("2027-03-14T07:00:00Z", -300, -240, true),
        ("2027-11-07T06:00:00Z", -240, -300, false),
        ("2028-03-12T07:00:00Z", -300, -240, true),
    ] {
        let change = next_clock_change(zone, at).unwrap();
        assert_eq!(change.at, expected.parse::<DateTime<Utc>>().unwrap());
        assert_eq!(
            (change.before, change.after, change.begins_daylight),
            (before, after, begins)
        );
        let just_before = change.at - TimeDelta::nanoseconds(1);
        assert_eq!(next_clock_change(zone, just_before), Some(change));
        at = change.at;
    }
}

#[test]
fn zones_without_daylight_saving_never_change_theirs() {
    for zone in [
        Shanghai,
        chrono_tz::Asia::Hong_Kong,
        chrono_tz::Asia::Singapore,
        chrono_tz::UTC,
    ] {
        assert_eq!(
            next_clock_change(zone, shanghai("2026-11-24 12:00")),
            None,
            "{zone}"
        );
    }
    assert_eq!(next_clock_change(chrono_tz::UTC, DateTime::<Utc>::MAX_UTC), None);
}

proptest! {
    #[test]
    fn sessions_open_on_weekdays_before_they_close(offset in 0_u64..1096, which in 0_usize..4) {
        let exchange = Exchange::ALL[which];
        let of = day("2024-01-01") + Days::new(offset);
        if let Some(session) = ExchangeCalendars::built_in().session_on(exchange, of).unwrap() {
            prop_assert!(session.opens < session.closes);
            prop_assert!(!matches!(of.weekday(), Weekday::Sat | Weekday::Sun));
            prop_assert_eq!(session.opens.with_timezone(&exchange.zone()).date_naive(), of);
            let whole = session.closes - session.opens;
            prop_assert_eq!(session.early_close, whole < TimeDelta::hours(5));
        }
    }

    #[test]
    fn no_session_lies_between_an_instant_and_the_next_opening(minutes in 0_i64..1_400_000, which in 0_usize..3) {
        let exchange = Exchange::ALL[which];
        let calendars = ExchangeCalendars::built_in();
        let after = shanghai("2024-01-03 00:00") + TimeDelta::minutes(minutes);
        let next = calendars.next_open(exchange, after).unwrap();
        prop_assert!(after < next.opens);
        let mut between = after.with_timezone(&exchange.zone()).date_naive();
        while between < next.day {
            let session = calendars.session_on(exchange, between).unwrap();
            prop_assert!(session.is_none_or(|session| session.opens <= after));
            between = between + Days::new(1);
        }
    }

    #[test]
    fn new_york_opens_at_half_past_nine_or_ten_in_the_evening_of_shanghai(offset in 0_u64..1460) {
        let of = day("2024-01-01") + Days::new(offset);
        if let Some(session) = ExchangeCalendars::built_in().session_on(NewYork, of).unwrap() {
            // Second Sunday of March until first Sunday of November, reckoned without the database.
            let sunday = |month, nth| {
                NaiveDate::from_weekday_of_month_opt(of.year(), month, Weekday::Sun, nth).unwrap()
            };
            let daylight = sunday(3, 2) <= of && of < sunday(11, 1);
            let local = session.opens.with_timezone(&Shanghai).format("%H:%M").to_string();
            prop_assert_eq!(local, if daylight { "21:30" } else { "22:30" });
        }
    }
}
