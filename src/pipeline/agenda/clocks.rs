//! New York changes its clocks: what moves, and which open changes that touches (二, 九.3).

use changegate_calendar::{ClockChange, Exchange};
use changegate_lifecycle::{Change, Stage};
use changegate_notifier::FirmNotice;
use changegate_policy::{Market, Role};
use chrono::{DateTime, TimeDelta, Utc};

use super::window::line;
use super::{AgendaError, Telling, administrators, each, holders};
use crate::pipeline::Parts;

pub(super) async fn change(parts: &Parts, change: &ClockChange) -> Result<Vec<Telling>, AgendaError> {
    let open: Vec<&str> = Stage::ALL
        .iter()
        .filter(|stage| stage.is_open())
        .map(|stage| stage.word())
        .collect();
    let mut touched = Vec::new();
    for stored in parts.store.open_changes_in_stage(&open).await? {
        let known: Change = serde_json::from_value(stored.draft.told.clone())?;
        if is_touched(&known, change.at, parts) {
            touched.push(line(parts, &stored, &known).await?);
        }
    }
    let notice = FirmNotice::ClocksChange {
        at: change.at,
        open_before: us_open(parts, change.at - TimeDelta::days(7)),
        open_after: us_open(parts, change.at),
        window_before: windows(parts, change.at - TimeDelta::seconds(1)),
        window_after: windows(parts, change.at),
        begins_daylight: change.begins_daylight,
        changes: touched,
    };
    let leads = holders(parts, Role::OperationsLead);
    let people = if leads.is_empty() {
        administrators(parts)
    } else {
        leads
    };
    Ok(each(people, &notice))
}

/// Its window, or the opening that it waits for, lies behind the change of clocks.
fn is_touched(change: &Change, at: DateTime<Utc>, parts: &Parts) -> bool {
    let plan = &change.plan;
    let behind = |time: Option<DateTime<Utc>>| time.is_some_and(|time| time >= at);
    let day = plan
        .change_day
        .is_some_and(|day| day >= parts.policy().day_of(at));
    let waits = change.timers.values().any(|due| *due >= at) && plan.markets.contains(&Market::Us);
    behind(plan.from) || behind(plan.opens) || day || waits
}

/// The first opening of New York after an instant, as the policy's zone shows it.
fn us_open(parts: &Parts, after: DateTime<Utc>) -> String {
    match parts.policy().exchanges().next_open(Exchange::NewYork, after) {
        Ok(session) => parts.policy().local(session.opens).format("%H:%M").to_string(),
        Err(_out_of_coverage) => "（交易日历未覆盖）".to_owned(),
    }
}

/// The windows of the season at an instant.
fn windows(parts: &Parts, at: DateTime<Utc>) -> String {
    let policy = &parts.policy();
    policy.windows_in_words(policy.windows().season_at(at))
}
