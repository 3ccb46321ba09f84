#![doc = include_str!("../README.md")]

mod entry;
mod period;

mod figure;
mod row;

mod figures;

mod award;
mod exclusion;
mod summary;

pub use award::AwardMonth;
pub use entry::{Correction, CorrectionKind, Entry, Judged, Outcome, RoleTime, Urgency};
pub use exclusion::{Exclusion, excluded_from_awards};
pub use figure::{Count, Share, Timed, Times};
pub use figures::{Figures, ListedCorrection, NO_TEAM};
pub use period::{Month, Period};
pub use row::{RANKED_FROM, Row};
pub use summary::SummaryLine;

#[cfg(test)]
mod tests;
