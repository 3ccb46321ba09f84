//! A window day: what has still to be filed before the cut-off, and what is due once the window opens.

use std::collections::BTreeSet;

use changegate_jira::Waiting;
use changegate_lifecycle::{Change, Stage};
use changegate_notifier::{DigestChange, FirmNotice};
use changegate_policy::{Role, Submission, Team, UserId};
use changegate_store::Change as Stored;
use chrono::{DateTime, Utc};

use super::{AgendaError, Telling, each, holders};
use crate::pipeline::Parts;

/// Characters of a rollback plan in a digest.
const ROLLBACK: usize = 60;

/// To each development lead: the team's issues at 待上线 for which no flow was started. Without JIRA there is nothing
/// to tell; where it does not answer, that is told.
pub(super) async fn cutoff(parts: &Parts) -> Result<Vec<Telling>, AgendaError> {
    let policy = parts.policy();
    let (Some(jira), Some(directory)) = (&parts.jira, policy.directory()) else {
        return Ok(Vec::new());
    };
    let filed = filed_keys(parts).await?;
    let ready: Vec<&str> = policy.ready_status().iter().map(String::as_str).collect();
    let mut tellings = Vec::new();
    for team in directory
        .teams
        .iter()
        .filter(|team| !team.jira_projects.is_empty())
    {
        let projects: Vec<&str> = team.jira_projects.iter().map(String::as_str).collect();
        let waiting = jira.issues.client().awaiting_release(&projects, &ready).await;
        let notice = match waiting {
            Ok(waiting) => unfiled(parts, jira.browse.as_str(), &waiting, &filed),
            Err(error) => {
                tracing::warn!(team = %team.name, %error, "JIRA could not be asked before the cut-off");
                Some(reminder(parts, Vec::new(), false))
            }
        };
        tellings.extend(notice.into_iter().flat_map(|notice| each(leads(team), &notice)));
    }
    Ok(tellings)
}

fn leads(team: &Team) -> BTreeSet<UserId> {
    team.development_leads.clone()
}

fn unfiled(parts: &Parts, browse: &str, waiting: &Waiting, filed: &BTreeSet<String>) -> Option<FirmNotice> {
    let issues: Vec<(String, String, String)> = waiting
        .issues
        .iter()
        .filter(|issue| !filed.contains(&issue.key.to_ascii_uppercase()))
        .map(|issue| {
            (
                issue.key.clone(),
                issue.summary.clone(),
                format!("{browse}{}", issue.key),
            )
        })
        .collect();
    (!issues.is_empty()).then(|| reminder(parts, issues, true))
}

fn reminder(parts: &Parts, issues: Vec<(String, String, String)>, known: bool) -> FirmNotice {
    FirmNotice::CutoffReminder {
        issues,
        cutoff: parts.policy().cutoff().format("%H:%M").to_string(),
        known,
    }
}

/// Issues for which a flow is on its way.
async fn filed_keys(parts: &Parts) -> Result<BTreeSet<String>, AgendaError> {
    let open: Vec<&str> = Stage::ALL
        .iter()
        .filter(|stage| stage.is_open())
        .map(|stage| stage.word())
        .collect();
    let changes = parts.store.open_changes_in_stage(&open).await?;
    Ok(changes
        .into_iter()
        .flat_map(|change| change.draft.jira_keys)
        .map(|key| key.to_ascii_uppercase())
        .collect())
}

/// To the operations executors: what is due in the window.
pub(super) async fn digest(
    parts: &Parts,
    opens: DateTime<Utc>,
    closes: DateTime<Utc>,
) -> Result<Vec<Telling>, AgendaError> {
    let stages = [Stage::Approved.word(), Stage::Executing.word()];
    let mut changes = Vec::new();
    for stored in parts.store.open_changes_in_stage(&stages).await? {
        let change: Change = serde_json::from_value(stored.draft.told.clone())?;
        if is_due(&change, opens, closes) {
            changes.push(line(parts, &stored, &change).await?);
        }
    }
    if changes.is_empty() {
        return Ok(Vec::new());
    }
    let notice = FirmNotice::WindowDigest {
        opens,
        closes,
        changes,
    };
    let mut executors = holders(parts, Role::OperationsExecutor);
    if executors.is_empty() {
        executors = holders(parts, Role::OperationsLead);
    }
    Ok(each(executors, &notice))
}

fn is_due(change: &Change, opens: DateTime<Utc>, closes: DateTime<Utc>) -> bool {
    let inside = |at: DateTime<Utc>| opens <= at && at < closes;
    match change.plan.from {
        Some(from) => inside(from),
        None => change.plan.opens.is_some_and(inside),
    }
}

/// A change as a line of a digest.
pub(super) async fn line(
    parts: &Parts,
    stored: &Stored,
    change: &Change,
) -> Result<DigestChange, AgendaError> {
    let draft = &stored.draft;
    let form = parts.store.latest_submission(&draft.sp_no).await?;
    let form: Option<Submission> = form.map(|form| serde_json::from_value(form.body)).transpose()?;
    let rollback = form
        .map(|form| form.rollback.text().to_owned())
        .unwrap_or_default();
    Ok(DigestChange {
        title: draft.title.clone(),
        sp_no: draft.sp_no.clone(),
        applicant: UserId::new(&draft.applicant),
        urgency: change.plan.urgency,
        planned: change.plan.from,
        stage: change.stage,
        rollback_short: rollback.chars().take(ROLLBACK).collect(),
        link: parts.links.to_change(&draft.sp_no, parts.clock.now()),
    })
}
