//! All figures of a period.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use crate::entry::{Correction, Entry};
use crate::period::{Month, Period};
use crate::row::{Row, Tally};

/// The team of a change that has none.
pub const NO_TEAM: &str = "未归组";

/// A correction, with the change that it is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ListedCorrection {
    /// The change.
    pub sp_no: String,
    /// The correction.
    #[serde(flatten)]
    pub correction: Correction,
}

/// The figures of a period, in the groups in which they are asked for. Groups without a change are left out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures {
    /// The days they are about.
    pub period: Period,
    /// The zone of these days.
    pub zone: Tz,
    /// All changes.
    pub total: Row,
    /// By team.
    pub by_team: BTreeMap<String, Row>,
    /// By month.
    pub by_month: BTreeMap<Month, Row>,
    /// By year.
    pub by_year: BTreeMap<i32, Row>,
    /// By month and team, which is what the anomaly rate is defined for.
    pub by_month_and_team: BTreeMap<Month, BTreeMap<String, Row>>,
    /// Corrections of the changes that were filed, approved or executed in the period.
    pub corrections: Vec<ListedCorrection>,
}

impl Figures {
    /// The figures of `period`, whose days are those of `zone`. Changes of other times do no harm, whatever the
    /// order.
    pub fn of(entries: &[Entry], period: Period, zone: Tz) -> Self {
        let mut tallies = Tallies::default();
        let mut corrections = Vec::new();
        for entry in entries {
            let mut concerned = false;
            for (at, count) in moments(entry) {
                let Some(day) = at.map(|at| day_of(at, zone)).filter(|day| period.contains(*day)) else {
                    continue;
                };
                concerned = true;
                for tally in tallies.of(team_of(entry), day) {
                    count(tally, entry);
                }
            }
            if concerned {
                let listed = |correction: &Correction| ListedCorrection {
                    sp_no: entry.sp_no.clone(),
                    correction: correction.clone(),
                };
                corrections.extend(entry.corrections.iter().map(listed));
            }
        }
        corrections.sort();
        tallies.finish(period, zone, corrections)
    }
}

/// The team of a change, never empty.
pub(crate) fn team_of(entry: &Entry) -> &str {
    match entry.team.trim() {
        "" => NO_TEAM,
        team => team,
    }
}

/// The day of an instant in a zone.
pub(crate) fn day_of(at: DateTime<Utc>, zone: Tz) -> NaiveDate {
    at.with_timezone(&zone).date_naive()
}

type CountFn = fn(&mut Tally, &Entry);

/// The moments by which a change is counted, and what is counted at each.
fn moments(entry: &Entry) -> [(Option<DateTime<Utc>>, CountFn); 3] {
    [
        (entry.filed_at, Tally::file),
        (entry.approved_at, Tally::approve),
        (entry.executed_at, Tally::execute),
    ]
}

#[derive(Default)]
struct Tallies {
    total: Tally,
    by_team: BTreeMap<String, Tally>,
    by_month: BTreeMap<Month, Tally>,
    by_year: BTreeMap<i32, Tally>,
    by_month_and_team: BTreeMap<Month, BTreeMap<String, Tally>>,
}

impl Tallies {
    /// Every tally that a change of `team` on `day` belongs to.
    fn of(&mut self, team: &str, day: NaiveDate) -> [&mut Tally; 5] {
        let month = Month::of(day);
        [
            &mut self.total,
            self.by_team.entry(team.to_owned()).or_default(),
            self.by_month.entry(month).or_default(),
            self.by_year.entry(day.year()).or_default(),
            self.by_month_and_team
                .entry(month)
                .or_default()
                .entry(team.to_owned())
                .or_default(),
        ]
    }

    fn finish(self, period: Period, zone: Tz, corrections: Vec<ListedCorrection>) -> Figures {
        let teams = |tallies: BTreeMap<String, Tally>| -> BTreeMap<String, Row> {
            tallies
                .into_iter()
                .map(|(team, tally)| {
                    let row = tally.finish(team != NO_TEAM);
                    (team, row)
                })
                .collect()
        };
        Figures {
            period,
            zone,
            total: self.total.finish(false),
            by_team: teams(self.by_team),
            by_month: self
                .by_month
                .into_iter()
                .map(|(month, tally)| (month, tally.finish(false)))
                .collect(),
            by_year: self
                .by_year
                .into_iter()
                .map(|(year, tally)| (year, tally.finish(false)))
                .collect(),
            by_month_and_team: self
                .by_month_and_team
                .into_iter()
                .map(|(month, tallies)| (month, teams(tallies)))
                .collect(),
            corrections,
        }
    }
}
