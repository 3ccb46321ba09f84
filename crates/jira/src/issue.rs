//! Issues as they are read.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::lenient::{instant, or_default};

/// The fields that an [`Issue`] is made of, as JIRA names them.
pub const FIELDS: [&str; 9] = [
    "summary",
    "status",
    "issuetype",
    "project",
    "assignee",
    "components",
    "labels",
    "updated",
    "issuelinks",
];

/// An issue. Fields that were not asked for, or that JIRA leaves out, are empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Issue {
    /// Its key, such as `TRADE-1024`.
    pub key: String,
    /// Its headline.
    pub summary: String,
    /// The name of its state; compare with [`same_status`].
    pub status: String,
    /// The name of its type, such as `需求` or `技术需求`.
    pub issue_type: String,
    /// The key of its project.
    pub project: String,
    /// Who works on it.
    pub assignee: Option<User>,
    /// The names of its components.
    pub components: Vec<String>,
    /// Its labels.
    pub labels: Vec<String>,
    /// When it was last changed.
    pub updated: Option<DateTime<Utc>>,
    /// Its links to other issues.
    pub links: Vec<Link>,
}

/// A user of JIRA.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct User {
    /// The login name.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    /// The name shown.
    #[serde(default, rename = "displayName", deserialize_with = "or_default")]
    pub display_name: String,
}

/// A link to another issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The kind of link in its direction, such as `blocks` or `is blocked by`.
    pub relation: String,
    /// Which end the issue holds.
    pub direction: LinkDirection,
    /// The other issue's key.
    pub key: String,
    /// The name of the other issue's state; empty where JIRA does not say.
    pub status: String,
}

/// Which end of a link an issue holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkDirection {
    /// From this issue to the other.
    Outward,
    /// From the other issue to this one.
    Inward,
}

/// Whether two names mean the same state: blanks of any kind and case do not count.
pub fn same_status(one: &str, other: &str) -> bool {
    plain(one) == plain(other)
}

fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_whitespace() && *c != '\u{200b}' && *c != '\u{feff}')
        .flat_map(char::to_lowercase)
        .collect()
}

/// An issue as JIRA sends it.
#[derive(Deserialize)]
pub(crate) struct RawIssue {
    key: String,
    #[serde(default, deserialize_with = "or_default")]
    fields: RawFields,
    #[serde(default)]
    pub(crate) changelog: Option<crate::changelog::RawChangelog>,
}

#[derive(Deserialize, Default)]
struct RawFields {
    #[serde(default, deserialize_with = "or_default")]
    summary: String,
    #[serde(default, deserialize_with = "or_default")]
    status: Named,
    #[serde(default, deserialize_with = "or_default")]
    issuetype: Named,
    #[serde(default, deserialize_with = "or_default")]
    project: Keyed,
    #[serde(default)]
    assignee: Option<User>,
    #[serde(default, deserialize_with = "or_default")]
    components: Vec<Named>,
    #[serde(default, deserialize_with = "or_default")]
    labels: Vec<String>,
    #[serde(default, deserialize_with = "or_default")]
    updated: String,
    #[serde(default, deserialize_with = "or_default")]
    issuelinks: Vec<RawLink>,
}

#[derive(Deserialize, Default)]
struct Named {
    #[serde(default, deserialize_with = "or_default")]
    name: String,
}

#[derive(Deserialize, Default)]
struct Keyed {
    #[serde(default, deserialize_with = "or_default")]
    key: String,
}

#[derive(Deserialize)]
struct RawLink {
    #[serde(default, rename = "type", deserialize_with = "or_default")]
    kind: LinkKind,
    #[serde(default, rename = "outwardIssue")]
    outward: Option<RawIssue>,
    #[serde(default, rename = "inwardIssue")]
    inward: Option<RawIssue>,
}

#[derive(Deserialize, Default)]
struct LinkKind {
    #[serde(default, deserialize_with = "or_default")]
    inward: String,
    #[serde(default, deserialize_with = "or_default")]
    outward: String,
}

impl From<RawIssue> for Issue {
    fn from(raw: RawIssue) -> Self {
        let fields = raw.fields;
        let project = if fields.project.key.is_empty() {
            raw.key
                .rsplit_once('-')
                .map_or_else(String::new, |(project, _)| project.to_owned())
        } else {
            fields.project.key
        };
        Self {
            key: raw.key,
            summary: fields.summary,
            status: fields.status.name,
            issue_type: fields.issuetype.name,
            project,
            assignee: fields.assignee,
            components: fields.components.into_iter().map(|named| named.name).collect(),
            labels: fields.labels,
            updated: instant(&fields.updated),
            links: fields.issuelinks.into_iter().filter_map(link).collect(),
        }
    }
}

fn link(raw: RawLink) -> Option<Link> {
    let (issue, relation, direction) = match (raw.outward, raw.inward) {
        (Some(issue), _) => (issue, raw.kind.outward, LinkDirection::Outward),
        (None, Some(issue)) => (issue, raw.kind.inward, LinkDirection::Inward),
        (None, None) => return None,
    };
    Some(Link {
        relation,
        direction,
        key: issue.key,
        status: issue.fields.status.name,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: serde_json::Value) -> Issue {
        serde_json::from_value::<RawIssue>(value).unwrap().into()
    }

    #[test]
    fn an_issue_is_read_with_its_links() {
        let issue = read(json!({"key": "TRADE-1", "id": "1", "fields": {
            "summary": "条件单功能", "status": {"name": "待上线", "id": "3"}, "issuetype": {"name": "需求"},
            "project": {"key": "TRADE", "name": "交易"}, "assignee": {"name": "wulei", "displayName": "吴磊"},
            "components": [{"name": "下单"}], "labels": ["coupled"], "updated": "2026-11-24T12:00:00.000+0800",
            "issuelinks": [
                {"type": {"inward": "is blocked by", "outward": "blocks"},
                 "outwardIssue": {"key": "QUOTE-2", "fields": {"status": {"name": "UAT 验收"}}}},
                {"type": {"inward": "is blocked by", "outward": "blocks"}, "inwardIssue": {"key": "QUOTE-3"}},
                {"type": {}}]}}));
        assert_eq!(issue.links.len(), 2);
        assert_eq!(
            (issue.links[0].relation.as_str(), issue.links[0].direction),
            ("blocks", LinkDirection::Outward)
        );
        assert_eq!(
            (issue.links[1].relation.as_str(), issue.links[1].key.as_str()),
            ("is blocked by", "QUOTE-3")
        );
        assert_eq!(
            issue.assignee.as_ref().map(|user| user.display_name.as_str()),
            Some("吴磊")
        );
        assert_eq!(issue.updated, DateTime::from_timestamp(1_795_492_800, 0));
        assert_eq!(
            (issue.project.as_str(), issue.components[0].as_str()),
            ("TRADE", "下单")
        );
    }

    #[test]
    fn what_jira_leaves_out_or_nulls_is_empty() {
        let issue = read(
            json!({"key": "TRADE-1", "fields": {"assignee": null, "labels": null, "status": null, "updated": null}}),
        );
        assert_eq!(
            issue,
            Issue {
                key: "TRADE-1".to_owned(),
                project: "TRADE".to_owned(),
                ..Issue::default()
            }
        );
        assert_eq!(read(json!({"key": "A-1", "fields": null})).status, "");
    }

    #[test]
    fn blanks_and_case_do_not_tell_states_apart() {
        assert!(same_status("UAT 验收", "uat验收"));
        assert!(same_status("UAT\u{a0}验收\u{200b}", "UAT 验收"));
        assert!(!same_status("UAT 验收", "待上线"));
    }
}
