//! Issues as JIRA sends them.

use chrono::{DateTime, Utc};
use chrono_tz::Asia::Shanghai;
use serde_json::{Value, json};

use super::tracker::{JiraIssue, PROJECTS, STATES, Tracker};
use crate::hub::Hub;

/// All states.
pub(super) fn statuses() -> Value {
    STATES
        .iter()
        .zip(1..)
        .map(|(name, id)| json!({"id": format!("{id}"), "name": name}))
        .collect()
}

/// An issue with all its fields.
pub(super) fn issue(hub: &Hub, tracker: &Tracker, issue: &JiraIssue) -> Value {
    let project = issue.key.rsplit_once('-').map_or("", |(project, _)| project);
    let project_name = PROJECTS
        .iter()
        .find(|(key, _)| *key == project)
        .map_or(project, |(_, name)| name);
    let named = |names: &[String]| -> Vec<Value> { names.iter().map(|name| json!({"name": name})).collect() };
    json!({
        "key": issue.key,
        "fields": {
            "summary": issue.summary,
            "status": {"name": issue.status},
            "issuetype": {"name": issue.issue_type, "subtask": false},
            "project": {"key": project, "name": project_name},
            "assignee": issue.assignee.as_deref().map(|userid| user(hub, userid)),
            "components": named(&issue.components),
            "labels": issue.labels,
            "created": stamp(issue.created),
            "updated": stamp(issue.updated),
            "issuelinks": links(tracker, issue),
        },
    })
}

/// The issue with only some of its fields; none named is all.
pub(super) fn only(mut issue: Value, fields: &[String]) -> Value {
    if let (false, Some(all)) = (
        fields.is_empty() || fields.iter().any(|field| field == "*all"),
        issue.get_mut("fields").and_then(Value::as_object_mut),
    ) {
        all.retain(|name, _| fields.contains(name));
    }
    issue
}

/// Some entries of the change log, below the name of their list.
pub(super) fn changelog(hub: &Hub, issue: &JiraIssue, start: usize, most: usize, list: &str) -> Value {
    let entries: Vec<Value> = issue
        .history
        .iter()
        .zip(1..)
        .skip(start)
        .take(most)
        .map(|(change, id)| {
            json!({"id": format!("{id}"), "author": user(hub, &change.by), "created": stamp(change.at),
                "items": [{"field": change.field, "fieldtype": "jira",
                    "fromString": change.from, "toString": change.to}]})
        })
        .collect();
    json!({"startAt": start, "maxResults": most, "total": issue.history.len(), list: entries})
}

fn user(hub: &Hub, userid: &str) -> Value {
    json!({"name": userid, "key": userid, "displayName": hub.name_of(userid), "active": true})
}

fn links(tracker: &Tracker, issue: &JiraIssue) -> Vec<Value> {
    let kind = json!({"name": "Blocks", "inward": "is blocked by", "outward": "blocks"});
    let end = |key: &str| {
        let status = tracker.find(key).map_or("", |other| other.status.as_str());
        json!({"key": key, "fields": {"status": {"name": status}}})
    };
    let outward = issue
        .blocks
        .iter()
        .map(|key| json!({"type": kind, "outwardIssue": end(key)}));
    let inward = tracker
        .issues()
        .filter(|other| other.blocks.contains(&issue.key))
        .map(|other| json!({"type": kind, "inwardIssue": end(&other.key)}));
    outward.chain(inward).collect()
}

fn stamp(at: DateTime<Utc>) -> String {
    at.with_timezone(&Shanghai)
        .format("%Y-%m-%dT%H:%M:%S%.3f%z")
        .to_string()
}
