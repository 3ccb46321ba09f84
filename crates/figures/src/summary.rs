//! The rows of the monthly message.

use std::cmp::Ordering;

use serde::Serialize;

use crate::figures::Figures;

/// What the monthly message says of one team.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SummaryLine {
    /// The team.
    pub team: String,
    /// Changes filed.
    pub filed: usize,
    /// Changes rejected.
    pub rejected: usize,
    /// Changes executed.
    pub executed: usize,
    /// Executed and closed changes that had an anomaly.
    pub anomalies: usize,
    /// Their share in the executed ones; none where nothing was executed.
    pub rate: Option<f64>,
    /// The place by rate, from 1, teams of the same rate on the same place; none where the team is not ranked.
    pub place: Option<usize>,
}

impl Figures {
    /// One line a team: the ranked ones by rate, the lowest first, then the others; by name where they are alike.
    pub fn summary_lines(&self) -> Vec<SummaryLine> {
        let mut rows: Vec<_> = self.by_team.iter().collect();
        rows.sort_by(|(_, one), (_, other)| {
            let by_rate = || one.anomaly_rate.compare(&other.anomaly_rate);
            // `by_team` is in the order of names, and this sort keeps it among equals.
            (!one.ranked).cmp(&!other.ranked).then_with(|| {
                by_rate().unwrap_or_else(|| {
                    let nothing = |whole: &[String]| whole.is_empty();
                    nothing(&one.anomaly_rate.whole).cmp(&nothing(&other.anomaly_rate.whole))
                })
            })
        });
        let place = |index: usize| -> Option<usize> {
            let (_, row) = rows.get(index).filter(|(_, row)| row.ranked)?;
            let better = |(_, other): &&(&String, &crate::Row)| {
                other.ranked && other.anomaly_rate.compare(&row.anomaly_rate) == Some(Ordering::Less)
            };
            Some(rows.iter().filter(better).count() + 1)
        };
        rows.iter()
            .enumerate()
            .map(|(index, (team, row))| SummaryLine {
                team: (*team).clone(),
                filed: row.filed.value,
                rejected: row.rejected.part.len(),
                executed: row.executed.value,
                anomalies: row.anomaly_rate.part.len(),
                rate: row.anomaly_rate.value,
                place: place(index),
            })
            .collect()
    }
}
