//! An issue of the simulated JIRA, and how one comes about.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// An issue of the simulated JIRA.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JiraIssue {
    /// Its key.
    pub key: String,
    /// Its headline.
    pub summary: String,
    /// Its state.
    pub status: String,
    /// Its type.
    pub issue_type: String,
    /// Who works on it, by user id.
    pub assignee: Option<String>,
    /// Its components.
    pub components: Vec<String>,
    /// Its labels.
    pub labels: Vec<String>,
    /// Its links to other issues, from this end; the other end shows them too.
    pub links: Vec<IssueLink>,
    /// Whether those who look may not see it: to them it does not exist.
    pub hidden: bool,
    /// When it came about.
    pub created: DateTime<Utc>,
    /// When it was last changed.
    pub updated: DateTime<Utc>,
    /// Its change log, oldest first.
    pub history: Vec<IssueChange>,
}

/// A link to another issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssueLink {
    /// Its kind: `Blocks`, `Dependency`, `Relates`, `Duplicate`, `Cloners` or `耦合`.
    pub kind: String,
    /// The other issue's key.
    pub key: String,
}

/// An entry of a change log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IssueChange {
    /// When.
    pub at: DateTime<Utc>,
    /// Who, by user id.
    pub by: String,
    /// Which field.
    pub field: String,
    /// What it was.
    pub from: String,
    /// What it became.
    pub to: String,
}

/// An issue about to be created.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewIssue {
    /// Its key, such as `TRADE-1024`; the project has to exist.
    pub key: String,
    /// Its headline.
    pub summary: String,
    /// Its state; empty: the first of the flow.
    #[serde(default)]
    pub status: String,
    /// Its type; empty: 需求.
    #[serde(default)]
    pub issue_type: String,
    /// Who works on it, by user id.
    #[serde(default)]
    pub assignee: Option<String>,
    /// Its components.
    #[serde(default)]
    pub components: Vec<String>,
    /// Its labels.
    #[serde(default)]
    pub labels: Vec<String>,
    /// Its links to other issues.
    #[serde(default)]
    pub links: Vec<IssueLink>,
}

impl NewIssue {
    /// A 需求 at 待开发.
    pub fn new(key: impl Into<String>, summary: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            summary: summary.into(),
            status: String::new(),
            issue_type: String::new(),
            assignee: None,
            components: Vec::new(),
            labels: Vec::new(),
            links: Vec::new(),
        }
    }

    /// In this state.
    #[must_use]
    pub fn at(mut self, status: impl Into<String>) -> Self {
        self.status = status.into();
        self
    }

    /// Of this type.
    #[must_use]
    pub fn of_type(mut self, issue_type: impl Into<String>) -> Self {
        self.issue_type = issue_type.into();
        self
    }

    /// In these hands.
    #[must_use]
    pub fn assigned_to(mut self, userid: impl Into<String>) -> Self {
        self.assignee = Some(userid.into());
        self
    }

    /// With a component more.
    #[must_use]
    pub fn with_component(mut self, component: impl Into<String>) -> Self {
        self.components.push(component.into());
        self
    }

    /// With a link more, such as `Blocks` to `QUOTE-1024`.
    #[must_use]
    pub fn linked(mut self, kind: impl Into<String>, key: impl Into<String>) -> Self {
        let (kind, key) = (kind.into(), key.into());
        self.links.push(IssueLink { kind, key });
        self
    }
}

/// Why the simulated JIRA does not do something.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IssueRefusal {
    /// No such issue.
    #[error("no issue {0}")]
    NoSuchIssue(String),
    /// The flow has no such state.
    #[error("no status {0}")]
    NoSuchStatus(String),
    /// There is no such kind of link.
    #[error("no kind of link {0}")]
    NoSuchLink(String),
    /// The key is of no project that exists, or no key.
    #[error("no project for key {0}")]
    BadKey(String),
    /// The key is taken.
    #[error("{0} exists already")]
    Taken(String),
}
