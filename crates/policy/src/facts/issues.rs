//! What JIRA says of the issues that a form names.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What JIRA says of one issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IssueFact {
    /// It exists.
    Found(Issue),
    /// JIRA knows no such issue, or does not show it.
    Missing,
    /// JIRA could not be asked; the reason, in Chinese.
    Unavailable(String),
}

/// An issue, as far as the rules look at it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Issue {
    /// Its headline.
    pub summary: String,
    /// The name of its state.
    pub status: String,
    /// The name of its type.
    pub issue_type: String,
    /// The names of its components.
    pub components: Vec<String>,
    /// The changes of its state, oldest first.
    pub status_changes: Vec<StatusChange>,
    /// Whether the change log was cut short: older changes may be missing from `status_changes`.
    pub log_incomplete: bool,
    /// Its links to other issues.
    pub links: Vec<IssueLink>,
    /// When JIRA was asked.
    pub read_at: Option<DateTime<Utc>>,
}

/// An issue went from one state to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusChange {
    /// When.
    pub at: DateTime<Utc>,
    /// The login name of whoever moved it; empty where JIRA does not say.
    #[serde(default)]
    pub by: String,
    /// The name shown; empty: the login name.
    #[serde(default)]
    pub by_name: String,
    /// The state before, as JIRA shows it.
    pub from: String,
    /// The state after, as JIRA shows it.
    pub to: String,
}

/// A link to another issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssueLink {
    /// The kind of link read from this issue, such as `depends on` or `is blocked by`.
    pub relation: String,
    /// The other issue's key.
    pub key: String,
    /// The other issue's state; empty where JIRA does not say.
    #[serde(default)]
    pub status: String,
}
