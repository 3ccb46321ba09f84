//! 奖惩条例 2: the teams with the lowest anomaly rate of each month.

use std::cmp::Ordering;

use serde::Serialize;

use crate::figures::Figures;
use crate::period::Month;
use crate::row::Row;

/// A month, and who had the lowest anomaly rate in it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AwardMonth {
    /// The month.
    pub month: Month,
    /// The lowest rate; none where no team was ranked.
    pub rate: Option<f64>,
    /// The teams that had it: all of them where several did.
    pub teams: Vec<String>,
}

impl Figures {
    /// One line for every month of the period, also for those in which no team is ranked.
    pub fn lowest_by_month(&self) -> Vec<AwardMonth> {
        self.period.months().map(|month| self.lowest_of(month)).collect()
    }

    fn lowest_of(&self, month: Month) -> AwardMonth {
        let ranked: Vec<(&String, &Row)> = self
            .by_month_and_team
            .get(&month)
            .into_iter()
            .flatten()
            .filter(|(_, row)| row.ranked)
            .collect();
        let order = |one: &Row, other: &Row| {
            one.anomaly_rate
                .compare(&other.anomaly_rate)
                .unwrap_or(Ordering::Equal)
        };
        let lowest = ranked
            .iter()
            .min_by(|(_, one), (_, other)| order(one, other))
            .map(|(_, row)| *row);
        AwardMonth {
            month,
            rate: lowest.and_then(|row| row.anomaly_rate.value),
            teams: ranked
                .iter()
                .filter(|(_, row)| lowest.is_some_and(|lowest| order(row, lowest).is_eq()))
                .map(|(team, _)| (*team).clone())
                .collect(),
        }
    }
}
