//! The issues that the simulated JIRA holds, and how they come about and move.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// The states of the firm's flow, in its order.
pub(crate) const STATES: [&str; 7] = [
    "待开发",
    "开发中",
    "SIT 测试",
    "UAT 验收",
    "待上线",
    "已上线",
    "已关闭",
];

/// The projects and their names.
pub(crate) const PROJECTS: [(&str, &str); 4] = [
    ("QUOTE", "行情系统"),
    ("TRADE", "交易系统"),
    ("ACCOUNT", "账户系统"),
    ("MID", "中台"),
];

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
    /// The keys of issues that it blocks.
    pub blocks: Vec<String>,
    /// When it came about.
    pub created: DateTime<Utc>,
    /// When it was last changed.
    pub updated: DateTime<Utc>,
    /// Its change log, oldest first.
    pub history: Vec<IssueChange>,
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
    /// The keys of issues that it blocks.
    #[serde(default)]
    pub blocks: Vec<String>,
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
            blocks: Vec::new(),
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
    /// The key is of no project that exists, or no key.
    #[error("no project for key {0}")]
    BadKey(String),
    /// The key is taken.
    #[error("{0} exists already")]
    Taken(String),
}

/// Everything in the simulated JIRA.
#[derive(Debug, Default)]
pub(crate) struct Tracker {
    issues: BTreeMap<(String, u64), JiraIssue>,
}

impl Tracker {
    pub(crate) fn create(&mut self, new: NewIssue, now: DateTime<Utc>) -> Result<String, IssueRefusal> {
        let place = place(&new.key)
            .filter(|(project, _)| PROJECTS.iter().any(|(key, _)| key == project))
            .ok_or_else(|| IssueRefusal::BadKey(new.key.clone()))?;
        let status = if new.status.is_empty() {
            STATES[0].to_owned()
        } else {
            state(&new.status)?
        };
        let key = format!("{}-{}", place.0, place.1);
        if self.issues.contains_key(&place) {
            return Err(IssueRefusal::Taken(key));
        }
        let issue = JiraIssue {
            key: key.clone(),
            summary: new.summary,
            status,
            issue_type: if new.issue_type.is_empty() {
                "需求".to_owned()
            } else {
                new.issue_type
            },
            assignee: new.assignee,
            components: new.components,
            labels: new.labels,
            blocks: new.blocks,
            created: now,
            updated: now,
            history: Vec::new(),
        };
        self.issues.insert(place, issue);
        Ok(key)
    }

    /// Moves an issue to a state; one that is there already stays untouched.
    pub(crate) fn move_to(
        &mut self,
        key: &str,
        status: &str,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<(), IssueRefusal> {
        let status = state(status)?;
        let issue = place(key)
            .and_then(|place| self.issues.get_mut(&place))
            .ok_or_else(|| IssueRefusal::NoSuchIssue(key.to_owned()))?;
        if issue.status == status {
            return Ok(());
        }
        let from = std::mem::replace(&mut issue.status, status.clone());
        issue.updated = now;
        issue.history.push(IssueChange {
            at: now,
            by: by.to_owned(),
            field: "status".to_owned(),
            from,
            to: status,
        });
        Ok(())
    }

    pub(crate) fn find(&self, key: &str) -> Option<&JiraIssue> {
        self.issues.get(&place(key)?)
    }

    /// By project, then by number.
    pub(crate) fn issues(&self) -> impl Iterator<Item = &JiraIssue> {
        self.issues.values()
    }
}

/// The project and the number of a key.
fn place(key: &str) -> Option<(String, u64)> {
    let (project, number) = key.rsplit_once('-')?;
    Some((project.to_ascii_uppercase(), number.parse().ok()?))
}

fn state(name: &str) -> Result<String, IssueRefusal> {
    STATES
        .iter()
        .find(|state| state.eq_ignore_ascii_case(name))
        .map(|state| (*state).to_owned())
        .ok_or_else(|| IssueRefusal::NoSuchStatus(name.to_owned()))
}

/// The demonstration's issues: those of the ready-made forms and some beside them, as they stand the day after
/// the product managers accepted them.
pub(crate) fn seed(now: DateTime<Utc>) -> Tracker {
    // Key, headline, type, assignee, who accepted it (none: still at 开发中), up to which state.
    const ISSUES: [(&str, &str, &str, &str, &str, &str); 10] = [
        (
            "QUOTE-1024",
            "港股十档行情功能",
            "需求",
            "zhangwei",
            "chenjing",
            "待上线",
        ),
        (
            "QUOTE-1031",
            "盘口刷新提速功能",
            "需求",
            "zhangwei",
            "chenjing",
            "待上线",
        ),
        (
            "QUOTE-1040",
            "美股盘前行情功能",
            "需求",
            "zhouyang",
            "chenjing",
            "UAT 验收",
        ),
        (
            "QUOTE-1052",
            "行情网关日志整理",
            "技术需求",
            "zhouyang",
            "liqiang",
            "待上线",
        ),
        ("TRADE-1024", "条件单功能", "需求", "wulei", "linfeng", "待上线"),
        (
            "TRADE-1025",
            "条件单到期提醒功能",
            "需求",
            "wulei",
            "linfeng",
            "待上线",
        ),
        (
            "TRADE-1033",
            "新加坡下单通道功能",
            "需求",
            "xuting",
            "linfeng",
            "UAT 验收",
        ),
        (
            "TRADE-1041",
            "下单风控接口升级",
            "技术需求",
            "xuting",
            "hejun",
            "开发中",
        ),
        (
            "ACCOUNT-210",
            "开户证件识别功能",
            "需求",
            "xuting",
            "linfeng",
            "已上线",
        ),
        (
            "MID-77",
            "统一权限接口改造",
            "需求",
            "zhouyang",
            "chenjing",
            "待上线",
        ),
    ];
    let mut tracker = Tracker::default();
    for (key, summary, issue_type, assignee, by, up_to) in ISSUES {
        let new = NewIssue::new(key, summary)
            .of_type(issue_type)
            .assigned_to(assignee);
        let mut at = now - TimeDelta::days(21);
        let mut done = tracker.create(new, at).map(|_| ());
        let stop = STATES.iter().position(|state| *state == up_to).unwrap_or(0);
        for state in STATES.iter().take(stop + 1).skip(1) {
            // The last steps are a day old, as the regulation asks (三.1).
            at = (at + TimeDelta::days(5)).min(now - TimeDelta::days(1));
            let mover = if matches!(*state, "待上线" | "已上线") {
                by
            } else {
                assignee
            };
            done = done.and_then(|()| tracker.move_to(key, state, mover, at));
        }
        debug_assert!(done.is_ok(), "the seed is consistent: {done:?}");
    }
    tracker
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_492_800, 0).unwrap()
    }

    #[test]
    fn the_seed_was_accepted_the_day_before_by_the_product_managers() {
        let tracker = seed(noon());
        let issue = tracker.find("quote-1024").unwrap();
        assert_eq!(issue.status, "待上线");
        let last = issue.history.last().unwrap();
        assert_eq!(
            (last.by.as_str(), last.from.as_str(), last.to.as_str()),
            ("chenjing", "UAT 验收", "待上线")
        );
        assert_eq!(last.at, noon() - TimeDelta::days(1));
        assert_eq!(tracker.issues().count(), 10);
    }

    #[test]
    fn moves_are_logged_and_refusals_change_nothing() {
        let mut tracker = Tracker::default();
        let key = tracker.create(NewIssue::new("trade-1", "一"), noon()).unwrap();
        tracker.move_to(&key, "uat 验收", "linfeng", noon()).unwrap();
        tracker.move_to(&key, "UAT 验收", "linfeng", noon()).unwrap();
        assert_eq!(tracker.find("TRADE-1").unwrap().history.len(), 1);
        assert_eq!(
            tracker.move_to(&key, "飞行中", "x", noon()),
            Err(IssueRefusal::NoSuchStatus("飞行中".to_owned()))
        );
        assert_eq!(
            tracker.create(NewIssue::new("TRADE-1", "二"), noon()),
            Err(IssueRefusal::Taken("TRADE-1".to_owned()))
        );
        assert_eq!(
            tracker.create(NewIssue::new("NOPE-1", "二"), noon()),
            Err(IssueRefusal::BadKey("NOPE-1".to_owned()))
        );
    }
}
