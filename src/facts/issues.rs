//! What JIRA says of the issues that a form names.

use std::collections::BTreeMap;
use std::time::Duration;

use changegate_jira::{IssueWithLog, Looked};
use changegate_policy::{Issue, IssueFact, IssueLink, StatusChange};
use chrono::{DateTime, Utc};

use crate::pipeline::Jira;

/// A look waits for JIRA so long; what was not had by then is had at the next look.
const PATIENCE: Duration = Duration::from_secs(6);

/// Each issue, by its key.
pub(super) async fn issues(jira: &Jira, keys: &[String], now: DateTime<Utc>) -> BTreeMap<String, IssueFact> {
    let asked: Vec<&str> = keys.iter().map(String::as_str).collect();
    jira.issues
        .facts(&asked, PATIENCE, now)
        .await
        .into_iter()
        .map(|(key, looked)| (key.to_ascii_uppercase(), fact(looked)))
        .collect()
}

fn fact(looked: Looked) -> IssueFact {
    match looked {
        Looked::Found(found) => IssueFact::Found(issue(*found)),
        Looked::Missing => IssueFact::Missing,
        Looked::Unavailable(error) => IssueFact::Unavailable(error.in_words()),
    }
}

fn issue(found: IssueWithLog) -> Issue {
    let IssueWithLog { issue, log, read_at } = found;
    let status_changes = log
        .status_changes()
        .map(|change| {
            let by = change.by.clone();
            StatusChange {
                at: change.at,
                by: by.as_ref().map(|user| user.name.clone()).unwrap_or_default(),
                by_name: by.map(|user| user.display_name).unwrap_or_default(),
                from: change.from.clone(),
                to: change.to.clone(),
            }
        })
        .collect();
    let links = issue
        .links
        .into_iter()
        .map(|link| IssueLink {
            relation: link.relation,
            key: link.key.to_ascii_uppercase(),
            status: link.status,
        })
        .collect();
    Issue {
        summary: issue.summary,
        status: issue.status,
        issue_type: issue.issue_type,
        components: issue.components,
        status_changes,
        log_incomplete: !log.complete,
        links,
        read_at: Some(read_at),
    }
}
