//! Issues as JIRA sends them.

use chrono::{DateTime, Utc};
use chrono_tz::Asia::Shanghai;
use serde_json::{Value, json};

use super::issue::{IssueChange, JiraIssue};
use super::tracker::{LINKS, PROJECTS, Tracker};
use crate::hub::Hub;

/// All states.
pub(super) fn statuses(tracker: &Tracker) -> Value {
    tracker
        .states()
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
                "items": [item(change)]})
        })
        .collect();
    json!({"startAt": start, "maxResults": most, "total": issue.history.len(), list: entries})
}

/// One field of a change.
pub(super) fn item(change: &IssueChange) -> Value {
    json!({"field": change.field, "fieldtype": "jira", "fromString": change.from, "toString": change.to})
}

pub(super) fn user(hub: &Hub, userid: &str) -> Value {
    json!({"name": userid, "key": userid, "displayName": hub.name_of(userid), "active": true})
}

/// The links of an issue in both directions; those to issues that may not be seen are left out, as JIRA does.
fn links(tracker: &Tracker, issue: &JiraIssue) -> Vec<Value> {
    let kind = |name: &str| {
        let found = LINKS.iter().find(|(known, _, _)| *known == name);
        found.map(|(name, inward, outward)| json!({"name": name, "inward": inward, "outward": outward}))
    };
    let end = |key: &str| {
        let other = tracker.visible(key)?;
        Some(json!({"key": other.key, "fields": {"summary": other.summary,
            "status": {"name": other.status}, "issuetype": {"name": other.issue_type}}}))
    };
    let outward = issue
        .links
        .iter()
        .filter_map(|link| Some(json!({"type": kind(&link.kind)?, "outwardIssue": end(&link.key)?})));
    let is_here = |key: &str| tracker.find(key).is_some_and(|found| found.key == issue.key);
    let inward = tracker.issues().flat_map(|other| {
        let links = other.links.iter().filter(|link| is_here(&link.key));
        links.filter_map(|link| Some(json!({"type": kind(&link.kind)?, "inwardIssue": end(&other.key)?})))
    });
    outward.chain(inward).collect()
}

fn stamp(at: DateTime<Utc>) -> String {
    at.with_timezone(&Shanghai)
        .format("%Y-%m-%dT%H:%M:%S%.3f%z")
        .to_string()
}
