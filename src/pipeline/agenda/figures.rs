//! The month's figures, and in January the year's (奖惩条例 2).

use changegate_figures::{Figures, Month, Period};
use changegate_notifier::{FirmNotice, MonthBest, TeamRow};
use chrono::{DateTime, TimeDelta, Utc};

use super::{AgendaError, Telling, administrators, each};
use crate::export::entries;
use crate::pipeline::Parts;

/// To team leads and administrators.
pub(super) async fn monthly(
    parts: &Parts,
    (year, month): (i32, u32),
    now: DateTime<Utc>,
) -> Result<Vec<Telling>, AgendaError> {
    let Some(which) = Month::new(year, month) else {
        return Ok(Vec::new());
    };
    let figures = read(parts, Period::Month(which), now).await?;
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let rows = figures
        .summary_lines()
        .into_iter()
        .map(|line| TeamRow {
            team: line.team,
            filed: count(line.filed),
            rejected: count(line.rejected),
            executed: count(line.executed),
            with_anomaly: count(line.anomalies),
            rate: line.rate,
            ranked: line.place.is_some(),
        })
        .collect();
    let yearly = if month == 12 {
        let figures = read(parts, Period::Year(year), now).await?;
        let months = figures.lowest_by_month().into_iter().map(|best| MonthBest {
            month: best.month.number(),
            teams: best.teams,
            rate: best.rate,
        });
        Some(months.collect())
    } else {
        None
    };
    let notice = FirmNotice::Monthly {
        year,
        month,
        rows,
        yearly,
    };
    let mut people = administrators(parts);
    if let Some(directory) = parts.policy().directory() {
        for team in &directory.teams {
            people.extend(team.development_leads.iter().cloned());
            people.extend(team.test_leads.iter().cloned());
        }
    }
    Ok(each(people, &notice))
}

async fn read(parts: &Parts, period: Period, now: DateTime<Utc>) -> Result<Figures, AgendaError> {
    let from = parts.policy().start_of(period.first_day());
    let to = period
        .last_day()
        .succ_opt()
        .map_or(now, |day| parts.policy().start_of(day));
    // What was filed before the period may have been executed in it, and what was executed in it closed after it.
    let entries = entries::read(&parts.store, from, to + TimeDelta::days(1)).await?;
    Ok(Figures::of(&entries, period, parts.policy().zone()))
}
