//! 奖惩条例 1: who takes no part in the month's award. For administrators only; it is no part of
//! [`Figures`](crate::Figures), so that nobody shows it by accident.

use chrono_tz::Tz;
use serde::Serialize;

use crate::entry::Entry;
use crate::figures::{day_of, team_of};
use crate::period::{Month, Period};

/// A flow that broke the regulation, caused an incident and led to a client's claim.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Exclusion {
    /// The month of its execution.
    pub month: Month,
    /// The change.
    pub sp_no: String,
    /// Its title.
    pub title: String,
    /// Its team.
    pub team: String,
    /// User ids of the developers of that flow; its applicant where none is named.
    pub developers: Vec<String>,
    /// User ids of its testers.
    pub testers: Vec<String>,
    /// User ids of its product managers.
    pub product_managers: Vec<String>,
}

/// The flows executed in `period` whose developers, testers and product managers are left out of the month's
/// award, in order of month and number.
pub fn excluded_from_awards(entries: &[Entry], period: Period, zone: Tz) -> Vec<Exclusion> {
    let mut excluded: Vec<_> = entries
        .iter()
        .filter(|entry| entry.broke_regulation && entry.counts_as_incident() && entry.counts_as_claim())
        .filter_map(|entry| {
            let day = day_of(entry.executed_at?, zone);
            period.contains(day).then(|| exclusion(entry, Month::of(day)))
        })
        .collect();
    excluded.sort();
    excluded
}

fn exclusion(entry: &Entry, month: Month) -> Exclusion {
    let developers = match entry.developers.as_slice() {
        [] => vec![entry.applicant.clone()],
        named => named.to_vec(),
    };
    Exclusion {
        month,
        sp_no: entry.sp_no.clone(),
        title: entry.title.clone(),
        team: team_of(entry).to_owned(),
        developers,
        testers: entry.testers.clone(),
        product_managers: entry.product_managers.clone(),
    }
}
