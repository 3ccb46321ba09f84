//! The figures of a period as a file: what is in it (`sheets`), and how each format writes it.
//!
//! Claims (索赔) and who is kept from an award (奖惩条例 1) are for administrators and in no export.

pub(crate) mod entries;

pub(crate) mod csv;
pub(crate) mod json;
pub(crate) mod xlsx;

mod sheets;
mod table;

use changegate_figures::{Entry, Figures, Period};
use chrono_tz::Tz;

pub use sheets::Sheet;
pub(crate) use sheets::build as sheets;

/// What an export is made of.
pub(crate) struct Export<'a> {
    /// The changes of the period, and perhaps others.
    entries: &'a [Entry],
    /// The figures.
    figures: Figures,
    /// The zone of all days and times.
    zone: Tz,
}

impl<'a> Export<'a> {
    /// An export of `period`, whose days are those of `zone`.
    pub(crate) fn new(entries: &'a [Entry], period: Period, zone: Tz) -> Self {
        Self {
            entries,
            figures: Figures::of(entries, period, zone),
            zone,
        }
    }

    /// The changes that stand behind some figure of the period.
    fn changes(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| {
            let moments = [entry.filed_at, entry.approved_at, entry.executed_at];
            moments.into_iter().flatten().any(|at| {
                let day = at.with_timezone(&self.zone).date_naive();
                self.figures.period.contains(day)
            })
        })
    }
}

#[cfg(test)]
mod tests;
