//! When the exchanges trade: sessions, holidays, half days, from a data file that says how far it reaches.
//!
//! `scripts/exchange-calendars` makes the file from maintained sources. Beyond it nothing is guessed: the answer is
//! [`OutOfCoverage`], and whoever asks has to say so aloud. Hours are of the exchange's own zone and become
//! instants by the time-zone database, so that New York's opening is 21:30 or 22:30 in Shanghai as it should be.

mod data;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use chrono::{DateTime, Datelike, NaiveDate, Utc, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

pub use self::data::CalendarDataError;
use self::data::Hours;
use crate::local;

/// An exchange whose sessions are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exchange {
    /// New York (XNYS): 美股.
    NewYork,
    /// Hong Kong (XHKG): 港股.
    HongKong,
    /// Singapore (XSES): 新加坡股票.
    Singapore,
    /// Shanghai (XSHG): A股, and the mainland's days off.
    Shanghai,
}

impl Exchange {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::NewYork, Self::HongKong, Self::Singapore, Self::Shanghai];

    /// Its market, as people call it.
    pub fn market_name(self) -> &'static str {
        match self {
            Self::NewYork => "美股",
            Self::HongKong => "港股",
            Self::Singapore => "新加坡股票",
            Self::Shanghai => "A股",
        }
    }

    /// Its short name, as people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::NewYork => "美股",
            Self::HongKong => "港股",
            Self::Singapore => "新加坡",
            Self::Shanghai => "沪市",
        }
    }

    /// Its market identifier code (ISO 10383).
    pub fn mic(self) -> &'static str {
        match self {
            Self::NewYork => "XNYS",
            Self::HongKong => "XHKG",
            Self::Singapore => "XSES",
            Self::Shanghai => "XSHG",
        }
    }

    /// The zone of its days and hours.
    pub fn zone(self) -> Tz {
        match self {
            Self::NewYork => chrono_tz::America::New_York,
            Self::HongKong => chrono_tz::Asia::Hong_Kong,
            Self::Singapore => chrono_tz::Asia::Singapore,
            Self::Shanghai => chrono_tz::Asia::Shanghai,
        }
    }
}

/// A day's trading, a midday break included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    /// Where.
    pub exchange: Exchange,
    /// The day, as the exchange counts it.
    pub day: NaiveDate,
    /// When trading opens.
    pub opens: DateTime<Utc>,
    /// When it closes for the day.
    pub closes: DateTime<Utc>,
    /// Whether the day is a half day.
    pub early_close: bool,
}

/// A day of which the calendar knows nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the calendar of {} covers {covered_from} to {covered_until}, which {day} is not in",
    exchange.mic()
)]
pub struct OutOfCoverage {
    /// Whose calendar.
    pub exchange: Exchange,
    /// The first day that was needed and is not covered, as the exchange counts it.
    pub day: NaiveDate,
    /// The first day that is.
    pub covered_from: NaiveDate,
    /// The last day that is.
    pub covered_until: NaiveDate,
}

/// The sessions of all exchanges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExchangeCalendars {
    calendars: BTreeMap<Exchange, Calendar>,
    sources: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Calendar {
    covered_from: NaiveDate,
    covered_until: NaiveDate,
    checked_until: NaiveDate,
    hours: Hours,
    half_day_hours: Option<Hours>,
    /// Closed weekdays and their names.
    closed: BTreeMap<NaiveDate, String>,
    half_days: BTreeMap<NaiveDate, String>,
    /// Days closed at short notice.
    closures: BTreeSet<NaiveDate>,
}

static BUILT_IN: LazyLock<ExchangeCalendars> = LazyLock::new(|| {
    #[expect(
        clippy::expect_used,
        reason = "the text is part of the program, and a test parses it"
    )]
    ExchangeCalendars::parse(include_str!("../data/exchanges.json"))
        .expect("the built-in calendars are valid")
});

impl ExchangeCalendars {
    /// The calendars that the program brings with it, parsed once.
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// Reads a file such as `scripts/exchange-calendars` makes.
    pub fn parse(text: &str) -> Result<Self, CalendarDataError> {
        data::parse(text)
    }

    /// The same, with days on which an exchange stays closed at short notice (typhoons).
    #[must_use]
    pub fn with_closures(&self, closures: impl IntoIterator<Item = (Exchange, NaiveDate)>) -> Self {
        let mut calendars = self.clone();
        for (exchange, day) in closures {
            if let Some(calendar) = calendars.calendars.get_mut(&exchange) {
                calendar.closures.insert(day);
            }
        }
        calendars
    }

    /// The trading of one day of the exchange; none where it is closed.
    pub fn session_on(&self, exchange: Exchange, day: NaiveDate) -> Result<Option<Session>, OutOfCoverage> {
        let calendar = self.calendar(exchange, day)?;
        Ok(calendar.hours_on(day).map(|(hours, early_close)| Session {
            exchange,
            day,
            opens: local::instant(exchange.zone(), day.and_time(hours.opens)),
            closes: local::instant(exchange.zone(), day.and_time(hours.closes)),
            early_close,
        }))
    }

    /// The first session that opens strictly after an instant.
    pub fn next_open(&self, exchange: Exchange, after: DateTime<Utc>) -> Result<Session, OutOfCoverage> {
        let first = local::day(exchange.zone(), after);
        for day in first.iter_days() {
            if let Some(session) = self
                .session_on(exchange, day)?
                .filter(|session| after < session.opens)
            {
                return Ok(session);
            }
        }
        Err(self.uncovered(exchange, NaiveDate::MAX))
    }

    /// The next opening as if there were no holidays: the first weekday's at the exchange's usual hours. For the time
    /// beyond the calendar, where nobody knows better; whoever uses it has to say so.
    pub fn assumed_open(&self, exchange: Exchange, after: DateTime<Utc>) -> DateTime<Utc> {
        let opens = self.calendars.get(&exchange).map(|calendar| calendar.hours.opens);
        local::day(exchange.zone(), after)
            .iter_days()
            .filter(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun))
            .map(|day| local::instant(exchange.zone(), day.and_time(opens.unwrap_or_default())))
            .find(|opens| after < *opens)
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// Whether the exchange trades on that day, as it counts days.
    pub fn is_trading_day(&self, exchange: Exchange, day: NaiveDate) -> Result<bool, OutOfCoverage> {
        Ok(self.calendar(exchange, day)?.hours_on(day).is_some())
    }

    /// Whether the mainland works on that day.
    ///
    /// Shanghai's trading days stand in for it: the weekdays without public holidays. Working Saturdays and Sundays
    /// that make up for a long holiday (调休) are no trading days, and count as days off here.
    pub fn is_working_day(&self, day: NaiveDate) -> Result<bool, OutOfCoverage> {
        self.is_trading_day(Exchange::Shanghai, day)
    }

    /// What a closed weekday, or a half day, is called in the source.
    pub fn occasion(&self, exchange: Exchange, day: NaiveDate) -> Option<&str> {
        let calendar = self.calendars.get(&exchange)?;
        calendar
            .closed
            .get(&day)
            .or_else(|| calendar.half_days.get(&day))
            .map(String::as_str)
    }

    /// The last day that is answered for, as the exchange counts it.
    pub fn covered_until(&self, exchange: Exchange) -> NaiveDate {
        self.calendars
            .get(&exchange)
            .map_or(NaiveDate::MIN, |calendar| calendar.covered_until)
    }

    /// The last day on which two independent sources agree.
    pub fn checked_until(&self, exchange: Exchange) -> NaiveDate {
        self.calendars
            .get(&exchange)
            .map_or(NaiveDate::MIN, |calendar| calendar.checked_until)
    }

    /// The sources of the data, each with its version.
    pub fn sources(&self) -> impl Iterator<Item = (&str, &str)> {
        self.sources
            .iter()
            .map(|(name, version)| (name.as_str(), version.as_str()))
    }

    fn calendar(&self, exchange: Exchange, day: NaiveDate) -> Result<&Calendar, OutOfCoverage> {
        self.calendars
            .get(&exchange)
            .filter(|calendar| (calendar.covered_from..=calendar.covered_until).contains(&day))
            .ok_or_else(|| self.uncovered(exchange, day))
    }

    fn uncovered(&self, exchange: Exchange, day: NaiveDate) -> OutOfCoverage {
        let calendar = self.calendars.get(&exchange);
        OutOfCoverage {
            exchange,
            day,
            covered_from: calendar.map_or(NaiveDate::MAX, |calendar| calendar.covered_from),
            covered_until: calendar.map_or(NaiveDate::MIN, |calendar| calendar.covered_until),
        }
    }
}

impl Calendar {
    /// The hours of a day, and whether it is a half day.
    fn hours_on(&self, day: NaiveDate) -> Option<(Hours, bool)> {
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        if weekend || self.closed.contains_key(&day) || self.closures.contains(&day) {
            return None;
        }
        match self.half_day_hours.filter(|_| self.half_days.contains_key(&day)) {
            Some(hours) => Some((hours, true)),
            None => Some((self.hours, false)),
        }
    }
}
