//! The data file, and what has to hold in it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveTime};
use serde::Deserialize;

use super::{Calendar, Exchange, ExchangeCalendars};

/// From the first opening of a day to its last close.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hours {
    pub(super) opens: NaiveTime,
    pub(super) closes: NaiveTime,
}

/// A data file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CalendarDataError {
    /// It is not laid out as it should be.
    #[error("the exchange calendars cannot be read")]
    Layout(#[from] serde_json::Error),
    /// An exchange is missing.
    #[error("there is no calendar of {0}")]
    Missing(&'static str),
    /// What is said of an exchange cannot be.
    #[error("the calendar of {exchange} is wrong: {what}")]
    Wrong {
        /// Its market identifier code.
        exchange: &'static str,
        /// What is wrong.
        what: &'static str,
    },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DataFile {
    covered_from: NaiveDate,
    sources: BTreeMap<String, String>,
    exchanges: BTreeMap<String, ExchangeFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExchangeFile {
    zone: String,
    sessions: Vec<(String, String)>,
    half_day_sessions: Vec<(String, String)>,
    covered_until: NaiveDate,
    checked_until: NaiveDate,
    closed: BTreeMap<NaiveDate, String>,
    half_days: BTreeMap<NaiveDate, String>,
}

pub(super) fn parse(text: &str) -> Result<ExchangeCalendars, CalendarDataError> {
    let mut file: DataFile = serde_json::from_str(text)?;
    let mut calendars = BTreeMap::new();
    for exchange in Exchange::ALL {
        let part = file
            .exchanges
            .remove(exchange.mic())
            .ok_or_else(|| CalendarDataError::Missing(exchange.mic()))?;
        let calendar = calendar(exchange, file.covered_from, part).map_err(|what| {
            let exchange = exchange.mic();
            CalendarDataError::Wrong { exchange, what }
        })?;
        calendars.insert(exchange, calendar);
    }
    Ok(ExchangeCalendars {
        calendars,
        sources: file.sources,
    })
}

fn calendar(
    exchange: Exchange,
    covered_from: NaiveDate,
    file: ExchangeFile,
) -> Result<Calendar, &'static str> {
    if file.zone != exchange.zone().name() {
        return Err("its zone is not the exchange's");
    }
    if file.covered_until < covered_from || file.covered_until < file.checked_until {
        return Err("it ends before it begins, or before it was checked");
    }
    let half_day_hours = match &*file.half_day_sessions {
        [] => None,
        sessions => Some(hours(sessions)?),
    };
    if half_day_hours.is_none() && !file.half_days.is_empty() {
        return Err("it has half days and no hours for them");
    }
    if file.half_days.keys().any(|day| file.closed.contains_key(day)) {
        return Err("a day is both closed and a half day");
    }
    Ok(Calendar {
        covered_from,
        covered_until: file.covered_until,
        checked_until: file.checked_until,
        hours: hours(&file.sessions)?,
        half_day_hours,
        closed: file.closed,
        half_days: file.half_days,
        closures: BTreeSet::new(),
    })
}

/// The sessions of a day have to follow one another.
fn hours(sessions: &[(String, String)]) -> Result<Hours, &'static str> {
    let mut times = Vec::with_capacity(sessions.len() * 2);
    for (opens, closes) in sessions {
        times.push(time(opens)?);
        times.push(time(closes)?);
    }
    match (times.first(), times.last()) {
        (Some(&opens), Some(&closes)) if times.is_sorted_by(|a, b| a < b) => Ok(Hours { opens, closes }),
        _ => Err("its sessions do not follow one another"),
    }
}

fn time(text: &str) -> Result<NaiveTime, &'static str> {
    NaiveTime::parse_from_str(text, "%H:%M").map_err(|_unreadable| "its hours cannot be read")
}
