//! `[[exchanges.closures]]`: days on which an exchange stays closed at short notice (typhoons).

use changegate_calendar::{Exchange, ExchangeCalendars};
use chrono::{NaiveDate, NaiveTime};
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::check::{Mistake, local};

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ExchangesFile {
    closures: Vec<ClosureFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClosureFile {
    exchange: Exchange,
    day: Spanned<Datetime>,
    name: Spanned<String>,
}

/// A day on which an exchange stays closed, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Closure {
    pub(super) exchange: Exchange,
    pub(super) day: NaiveDate,
    pub(super) name: String,
}

pub(super) fn closures(file: ExchangesFile) -> Result<Vec<Closure>, Mistake> {
    file.closures.into_iter().map(closure).collect()
}

pub(super) fn calendars(closures: &[Closure]) -> ExchangeCalendars {
    let days = closures.iter().map(|closure| (closure.exchange, closure.day));
    ExchangeCalendars::built_in().with_closures(days)
}

fn closure(file: ClosureFile) -> Result<Closure, Mistake> {
    let whole_day = file.day.as_ref().time.is_none();
    let day = local(file.day.as_ref(), NaiveTime::MIN)
        .filter(|_| whole_day)
        .ok_or_else(|| {
            let message = format!("`{}` is no day such as 2026-09-06", file.day.as_ref());
            (file.day.span(), message)
        })?;
    if file.name.as_ref().trim().is_empty() {
        return Err((file.name.span(), "a closure needs a name".to_owned()));
    }
    Ok(Closure {
        exchange: file.exchange,
        day: day.date(),
        name: file.name.into_inner(),
    })
}
