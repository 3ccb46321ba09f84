//! Months and stretches of days, in the zone of the caller.

use std::fmt;

use chrono::{Datelike as _, NaiveDate};
use serde::{Serialize, Serializer};

/// A month of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i32,
    month: u32,
}

impl Month {
    /// The month `1..=12` of a year; none where there is no such month.
    pub fn new(year: i32, month: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, 1).map(|_| Self { year, month })
    }

    /// The month that a day is in.
    pub fn of(day: NaiveDate) -> Self {
        Self {
            year: day.year(),
            month: day.month(),
        }
    }

    /// Its year.
    pub fn year(self) -> i32 {
        self.year
    }

    /// Its number in the year, from 1.
    pub fn number(self) -> u32 {
        self.month
    }

    /// The month after it.
    #[must_use]
    pub fn next(self) -> Self {
        if self.month < 12 {
            Self {
                year: self.year,
                month: self.month + 1,
            }
        } else {
            Self {
                year: self.year + 1,
                month: 1,
            }
        }
    }

    /// The month before it.
    #[must_use]
    pub fn previous(self) -> Self {
        if self.month > 1 {
            Self {
                year: self.year,
                month: self.month - 1,
            }
        } else {
            Self {
                year: self.year - 1,
                month: 12,
            }
        }
    }

    /// Its first day.
    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, self.month, 1).unwrap_or(NaiveDate::MAX)
    }

    /// Its last day.
    pub fn last_day(self) -> NaiveDate {
        self.next().first_day().pred_opt().unwrap_or(NaiveDate::MAX)
    }
}

impl fmt::Display for Month {
    /// As in `2026-11`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The days that figures are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// One month.
    Month(Month),
    /// A calendar year.
    Year(i32),
    /// Both days and all between them; empty where the first is after the last.
    Range {
        /// The first day.
        from: NaiveDate,
        /// The last day.
        to: NaiveDate,
    },
}

impl Period {
    /// Its first day.
    pub fn first_day(self) -> NaiveDate {
        match self {
            Self::Month(month) => month.first_day(),
            Self::Year(year) => NaiveDate::from_yo_opt(year, 1).unwrap_or(NaiveDate::MAX),
            Self::Range { from, .. } => from,
        }
    }

    /// Its last day.
    pub fn last_day(self) -> NaiveDate {
        match self {
            Self::Month(month) => month.last_day(),
            Self::Year(year) => NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or(NaiveDate::MIN),
            Self::Range { to, .. } => to,
        }
    }

    /// Whether a day is one of its days.
    pub fn contains(self, day: NaiveDate) -> bool {
        self.first_day() <= day && day <= self.last_day()
    }

    /// Every month that has a day in it, in order.
    pub fn months(self) -> impl Iterator<Item = Month> {
        let (first, last) = (self.first_day(), self.last_day());
        let start = (first <= last).then(|| Month::of(first));
        std::iter::successors(start, move |month| {
            (*month < Month::of(last)).then(|| month.next())
        })
    }
}
