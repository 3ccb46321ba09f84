//! `[work_hours]`: when people are at work, so that what is not urgent waits until then.
//!
//! Work time is the hours of a working day, and every change window: those who carry changes out are at work in it.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc, Weekday};
use serde::Deserialize;
use toml::Spanned;

use super::Policy;
use super::check::{Mistake, time, weekday};

/// The hours of work in the policy's zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkHours {
    /// The days of the week; public holidays of the mainland that fall on them are off.
    pub days: Vec<Weekday>,
    /// When work begins.
    pub from: NaiveTime,
    /// When it ends, on the same day.
    pub to: NaiveTime,
}

impl Default for WorkHours {
    fn default() -> Self {
        Self {
            days: vec![
                Weekday::Mon,
                Weekday::Tue,
                Weekday::Wed,
                Weekday::Thu,
                Weekday::Fri,
            ],
            from: NaiveTime::from_hms_opt(9, 0, 0).unwrap_or(NaiveTime::MIN),
            to: NaiveTime::from_hms_opt(18, 30, 0).unwrap_or(NaiveTime::MIN),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct WorkHoursFile {
    days: Option<Spanned<Vec<Spanned<String>>>>,
    from: Option<Spanned<String>>,
    to: Option<Spanned<String>>,
}

pub(super) fn work_hours(file: WorkHoursFile) -> Result<WorkHours, Mistake> {
    let default = WorkHours::default();
    let days = match &file.days {
        None => default.days,
        Some(days) if days.as_ref().is_empty() => {
            return Err((days.span(), "work needs at least one day".to_owned()));
        }
        Some(days) => days.as_ref().iter().map(weekday).collect::<Result<_, _>>()?,
    };
    let from = file.from.as_ref().map_or(Ok(default.from), time)?;
    let to = file.to.as_ref().map_or(Ok(default.to), time)?;
    if to <= from {
        let span = file.to.or(file.from).map_or(0..0, |written| written.span());
        return Err((span, format!("work ends at {to}, not after it begins at {from}")));
    }
    Ok(WorkHours { days, from, to })
}

/// How many days are searched for work: more than any holiday, and than any wait that makes sense.
const HORIZON_DAYS: usize = 4_000;

impl Policy {
    /// Whether people are at work: in the hours of a working day, or in a change window.
    pub fn is_work_time(&self, at: DateTime<Utc>) -> bool {
        self.work_on(self.day_of(at))
            .iter()
            .any(|&(from, until)| from <= at && at < until)
    }

    /// The instant at which `by` of work time has passed since `from`; `from` itself where `by` is nothing.
    pub fn after_work_time(&self, from: DateTime<Utc>, by: TimeDelta) -> DateTime<Utc> {
        let mut left = by;
        if left <= TimeDelta::zero() {
            return from;
        }
        for day in self.day_of(from).iter_days().take(HORIZON_DAYS) {
            for (opens, closes) in self.work_on(day) {
                let starts = opens.max(from);
                let length = closes - starts;
                if length <= TimeDelta::zero() {
                    continue;
                }
                if left <= length {
                    return starts + left;
                }
                left -= length;
            }
        }
        from.checked_add_signed(by).unwrap_or(from)
    }

    /// Whether the firm works on a day: one of its days of the week, and no public holiday of the mainland.
    ///
    /// Where the mainland's calendar is not known, every such day counts. A Saturday or Sunday counts only if it is
    /// one of the firm's days: those that make up for holidays (调休) are not known.
    pub fn is_working_day(&self, day: NaiveDate) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        self.work_hours.days.contains(&day.weekday())
            && (weekend || self.exchanges.is_working_day(day).unwrap_or(true))
    }

    /// The first working day of a month. A month that does not exist is taken as the nearest that does.
    pub fn first_working_day(&self, year: i32, month: u32) -> NaiveDate {
        let first = NaiveDate::from_ymd_opt(year, month.clamp(1, 12), 1).unwrap_or(if year < 0 {
            NaiveDate::MIN
        } else {
            NaiveDate::MAX
        });
        self.working_day_from(first)
    }

    /// The first working day after a day.
    pub fn next_working_day(&self, day: NaiveDate) -> NaiveDate {
        self.working_day_from(day.checked_add_days(Days::new(1)).unwrap_or(day))
    }

    fn working_day_from(&self, first: NaiveDate) -> NaiveDate {
        first
            .iter_days()
            .take(HORIZON_DAYS)
            .find(|&day| self.is_working_day(day))
            .unwrap_or(first)
    }

    /// The stretches of work of a day, in order and apart from one another.
    fn work_on(&self, day: NaiveDate) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
        let hours = self.is_working_day(day).then(|| {
            Some((
                self.instant(day, self.work_hours.from)?,
                self.instant(day, self.work_hours.to)?,
            ))
        });
        let windows = self.windows.windows_on(day);
        let mut stretches: Vec<_> = hours
            .flatten()
            .into_iter()
            .chain(windows.iter().map(|window| (window.opens, window.closes)))
            .collect();
        stretches.sort_unstable();
        let mut apart: Vec<(DateTime<Utc>, DateTime<Utc>)> = Vec::new();
        for (from, until) in stretches {
            match apart.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(until),
                Some(_) | None => apart.push((from, until)),
            }
        }
        apart
    }

    /// A time of day as an instant; none where the clocks skip it.
    fn instant(&self, day: NaiveDate, time: NaiveTime) -> Option<DateTime<Utc>> {
        let local = self.zone().from_local_datetime(&day.and_time(time));
        local.earliest().map(|at| at.with_timezone(&Utc))
    }
}
