//! The report on an incident (事后总结): what is known of it, in the firm's template.

use std::collections::BTreeSet;
use std::sync::Arc;

use changegate_lifecycle::Change;
use changegate_policy::{Policy, UserId};
use changegate_report::{CourseEntry, IncidentReport, ReportError, Told, default_template, fill};
use changegate_store::{ChangeDraft, Entry};
use chrono::{DateTime, Utc};

/// Writes reports.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reports {
    /// The firm's own template; none is the built-in one.
    template: Option<Arc<Vec<u8>>>,
}

impl Reports {
    /// With the firm's own template, where there is one.
    pub(crate) fn new(template: Option<Vec<u8>>) -> Self {
        Self {
            template: template.map(Arc::new),
        }
    }

    /// The report as a .docx.
    pub(crate) fn fill(&self, report: &IncidentReport) -> Result<Vec<u8>, ReportError> {
        let filled = match &self.template {
            Some(template) => fill(template, report)?,
            None => fill(&default_template()?, report)?,
        };
        Ok(filled.bytes)
    }
}

/// What is known of a change's incident; empty where it has none.
pub(crate) fn incident(
    change: &Change,
    row: &ChangeDraft,
    timeline: &[Entry],
    policy: &Policy,
    now: DateTime<Utc>,
) -> IncidentReport {
    let people = &change.people;
    let each = |users: &BTreeSet<UserId>| -> Vec<String> {
        users
            .iter()
            .map(|user| name_of(user, policy).to_owned())
            .collect()
    };
    let first = change.anomalies.first();
    let incident = change.incident.clone();
    let text = incident
        .as_ref()
        .map(|incident| incident.report.clone())
        .unwrap_or_default();
    let since = first.map(|anomaly| anomaly.at);
    let (told, course): (Vec<&Entry>, Vec<&Entry>) = timeline
        .iter()
        .partition(|entry| matches!(entry.what.as_str(), "told" | "group" | "mail"));
    IncidentReport {
        number: incident
            .as_ref()
            .map(|incident| incident.number.clone())
            .unwrap_or_default(),
        title: first
            .and_then(|anomaly| anomaly.what.lines().next())
            .filter(|title| !title.is_empty())
            .unwrap_or(&row.title)
            .to_owned(),
        sp_no: row.sp_no.clone(),
        change_title: row.title.clone(),
        team: row.team.clone(),
        system: row.system.clone(),
        occurred_at: since,
        recovered_at: change.current_anomaly().and_then(|anomaly| anomaly.recovered),
        drafted_at: Some(now),
        reported_by: first.map_or_else(String::new, |anomaly| name_of(&anomaly.by, policy).to_owned()),
        developers: each(&people.applicants),
        testers: each(&people.testers),
        product_managers: each(&people.product_managers),
        executors: each(&people.executors),
        impact: text.impact,
        cause: text.cause,
        handling: text.handling,
        prevention: text.prevention,
        statement: incident
            .and_then(|incident| incident.statement)
            .unwrap_or_default(),
        course: course
            .into_iter()
            .map(|entry| CourseEntry {
                at: entry.at,
                who: who(&entry.who, policy),
                what: sentence(entry),
            })
            .collect(),
        told: told
            .into_iter()
            .filter(|entry| since.is_none_or(|since| entry.at >= since))
            .map(|entry| Told {
                at: entry.at,
                who: receiver(entry, policy),
                what: sentence(entry),
            })
            .collect(),
        zone: policy.zone(),
    }
}

fn sentence(entry: &Entry) -> String {
    let text = entry.detail.get("text").and_then(serde_json::Value::as_str);
    text.unwrap_or(&entry.what).to_owned()
}

fn receiver(entry: &Entry, policy: &Policy) -> String {
    match entry.detail.get("to").and_then(serde_json::Value::as_str) {
        Some(to) => who(to, policy),
        None if entry.what == "group" => "问题反馈群".to_owned(),
        None => "邮件".to_owned(),
    }
}

fn who(id: &str, policy: &Policy) -> String {
    if id == crate::pipeline::BOT {
        return "变更闸".to_owned();
    }
    name_of(&UserId::new(id), policy).to_owned()
}

fn name_of<'a>(user: &'a UserId, policy: &'a Policy) -> &'a str {
    policy
        .directory()
        .map_or(user.as_str(), |directory| directory.name_of(user))
}
