//! 变更时间窗口: a weekly table for each season, and the windows that it makes.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc, Weekday};
use chrono_tz::Tz;

use crate::local::instant;
use crate::season::{Season, season_at};

/// A window that returns every week, in the table's zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeeklyWindow {
    /// The days that have it.
    pub days: Vec<Weekday>,
    /// When it opens.
    pub opens: NaiveTime,
    /// When it closes, on the same day; midnight means the end of that day.
    pub closes: NaiveTime,
}

/// One window: half-open, its opening instant is inside and its closing instant is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Its first instant.
    pub opens: DateTime<Utc>,
    /// The first instant after it.
    pub closes: DateTime<Utc>,
    /// The season that it belongs to: that of its opening instant.
    pub season: Season,
}

impl Window {
    /// Whether an instant lies inside.
    pub fn contains(&self, at: DateTime<Utc>) -> bool {
        self.opens <= at && at < self.closes
    }

    /// Whether a range fits: it starts inside and ends no later than the closing instant. A range that ends
    /// before it starts fits nowhere.
    pub fn fits(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> bool {
        self.contains(from) && from <= until && until <= self.closes
    }

    /// Whether a range shares an instant with the window.
    pub fn touches(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> bool {
        if until <= from {
            self.contains(from)
        } else {
            from < self.closes && self.opens < until
        }
    }
}

/// The windows of the regulation: one weekly table for each season.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WindowTable {
    zone: Tz,
    season_zone: Tz,
    daylight: Vec<WeeklyWindow>,
    standard: Vec<WeeklyWindow>,
}

/// A table that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WindowTableError {
    /// A season without any window would keep every change out for months.
    #[error("the table of the {0:?} season has no window")]
    NoWindow(Season),
    /// A window that closes before it opens.
    #[error("a window of the {season:?} season closes at {closes}, not after it opens at {opens}")]
    Backwards {
        /// Whose table.
        season: Season,
        /// When it opens.
        opens: NaiveTime,
        /// When it closes.
        closes: NaiveTime,
    },
}

/// How far [`WindowTable::next_windows`] looks: a table has a window every week of its season.
const HORIZON_DAYS: u64 = 400;

impl WindowTable {
    /// A table in `zone`, with the seasons of `season_zone`.
    pub fn new(
        zone: Tz,
        season_zone: Tz,
        daylight: Vec<WeeklyWindow>,
        standard: Vec<WeeklyWindow>,
    ) -> Result<Self, WindowTableError> {
        for (season, table) in [(Season::Daylight, &daylight), (Season::Standard, &standard)] {
            if table.iter().all(|window| window.days.is_empty()) {
                return Err(WindowTableError::NoWindow(season));
            }
            if let Some(window) = table
                .iter()
                .find(|window| window.closes != NaiveTime::MIN && window.closes <= window.opens)
            {
                return Err(WindowTableError::Backwards {
                    season,
                    opens: window.opens,
                    closes: window.closes,
                });
            }
        }
        Ok(Self {
            zone,
            season_zone,
            daylight,
            standard,
        })
    }

    /// The zone of the table's days and times of day.
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// The season at an instant.
    pub fn season_at(&self, at: DateTime<Utc>) -> Season {
        season_at(self.season_zone, at)
    }

    /// The windows of a day of the table's zone, in order.
    pub fn windows_on(&self, day: NaiveDate) -> Vec<Window> {
        let mut windows: Vec<Window> = [
            (Season::Daylight, &self.daylight),
            (Season::Standard, &self.standard),
        ]
        .into_iter()
        .flat_map(|(season, table)| table.iter().map(move |weekly| (season, weekly)))
        .filter(|(_, weekly)| weekly.days.contains(&day.weekday()))
        .filter_map(|(season, weekly)| self.window(season, weekly, day))
        .collect();
        windows.sort_by_key(|window| window.opens);
        windows
    }

    /// The window that an instant lies in.
    pub fn window_at(&self, at: DateTime<Utc>) -> Option<Window> {
        self.windows_on(at.with_timezone(&self.zone).date_naive())
            .into_iter()
            .find(|window| window.contains(at))
    }

    /// The windows that are open at `from` or open later, in order, without an end.
    pub fn windows_from(&self, from: DateTime<Utc>) -> impl Iterator<Item = Window> + '_ {
        let first = from.with_timezone(&self.zone).date_naive();
        (0..HORIZON_DAYS)
            .filter_map(move |offset| first.checked_add_days(Days::new(offset)))
            .flat_map(|day| self.windows_on(day))
            .filter(move |window| from < window.closes)
    }

    /// The next `n` windows: the one that is open at `from`, and those that open later.
    pub fn next_windows(&self, from: DateTime<Utc>, n: usize) -> Vec<Window> {
        self.windows_from(from).take(n).collect()
    }

    fn window(&self, season: Season, weekly: &WeeklyWindow, day: NaiveDate) -> Option<Window> {
        let opens = instant(self.zone, day.and_time(weekly.opens));
        if self.season_at(opens) != season {
            return None;
        }
        let closing_day = if weekly.closes == NaiveTime::MIN {
            day.succ_opt()?
        } else {
            day
        };
        Some(Window {
            opens,
            closes: instant(self.zone, closing_day.and_time(weekly.closes)),
            season,
        })
    }
}
