//! What JIRA's web hooks say. Whoever knows the address can send one, so only the key is of use: as a reason to ask
//! JIRA again. The rest is for the log.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::issue::User;
use crate::jql;
use crate::lenient::or_default;

/// No larger body is read; JIRA sends the whole issue with its comments.
pub const MAX_WEBHOOK: usize = 4 * 1024 * 1024;

/// A web hook, as far as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebHook {
    /// What happened.
    pub event: HookEvent,
    /// The issue's key.
    pub key: String,
    /// The key that the issue had before, where it was moved to another project.
    pub former_key: Option<String>,
    /// The state before and after, where it changed.
    pub status: Option<(String, String)>,
    /// Who did it, as the hook says.
    pub by: Option<User>,
    /// When, as the hook says.
    pub at: Option<DateTime<Utc>>,
}

/// What a web hook tells of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HookEvent {
    /// The issue came about.
    Created,
    /// It changed.
    Updated,
    /// It is gone.
    Deleted,
    /// Something else happened around it, such as a comment; JIRA's name for it.
    Other(String),
}

/// Why a web hook is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HookError {
    /// It is larger than any that is read.
    #[error("a web hook of {size} bytes, {MAX_WEBHOOK} are read")]
    TooLarge {
        /// Its size in bytes.
        size: usize,
    },
    /// It is no JSON object, or not of the form that JIRA sends.
    #[error("no web hook of JIRA")]
    Unreadable,
    /// It names no issue: it is about a project, a version, a board.
    #[error("a web hook without an issue's key")]
    NoIssue,
}

#[derive(Deserialize)]
struct RawHook {
    #[serde(default, rename = "webhookEvent", deserialize_with = "or_default")]
    event: String,
    #[serde(default)]
    timestamp: Option<i64>,
    #[serde(default)]
    user: Option<User>,
    #[serde(default)]
    issue: Option<RawIssue>,
    #[serde(default, deserialize_with = "or_default")]
    changelog: RawChangelog,
}

#[derive(Deserialize)]
struct RawIssue {
    #[serde(default, deserialize_with = "or_default")]
    key: String,
}

#[derive(Deserialize, Default)]
struct RawChangelog {
    #[serde(default, deserialize_with = "or_default")]
    items: Vec<RawItem>,
}

#[derive(Deserialize)]
struct RawItem {
    #[serde(default, deserialize_with = "or_default")]
    field: String,
    #[serde(default, rename = "fromString", deserialize_with = "or_default")]
    from: String,
    #[serde(default, rename = "toString", deserialize_with = "or_default")]
    to: String,
}

/// Reads the body of a web hook.
pub fn parse_webhook(body: &[u8]) -> Result<WebHook, HookError> {
    if body.len() > MAX_WEBHOOK {
        return Err(HookError::TooLarge { size: body.len() });
    }
    let raw: RawHook = serde_json::from_slice(body).ok().ok_or(HookError::Unreadable)?;
    let key = raw
        .issue
        .and_then(|issue| jql::key(&issue.key))
        .ok_or(HookError::NoIssue)?;
    let changed = |field: &str| {
        let mut items = raw.changelog.items.iter();
        items.find(|item| item.field.eq_ignore_ascii_case(field))
    };
    Ok(WebHook {
        event: match raw.event.as_str() {
            "jira:issue_created" => HookEvent::Created,
            "jira:issue_updated" => HookEvent::Updated,
            "jira:issue_deleted" => HookEvent::Deleted,
            other => HookEvent::Other(other.chars().take(100).collect()),
        },
        former_key: changed("key").and_then(|item| jql::key(&item.from)),
        status: changed("status").map(|item| (item.from.clone(), item.to.clone())),
        key,
        by: raw.user,
        at: raw.timestamp.and_then(DateTime::from_timestamp_millis),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse(hook: &serde_json::Value) -> Result<WebHook, HookError> {
        parse_webhook(hook.to_string().as_bytes())
    }

    #[test]
    fn a_move_is_read_with_who_and_when() {
        let hook = parse(&json!({
            "timestamp": 1_795_492_800_000_i64, "webhookEvent": "jira:issue_updated",
            "issue_event_type_name": "issue_generic",
            "user": {"name": "linfeng", "displayName": "林峰", "active": true},
            "issue": {"id": "10001", "key": "TRADE-1033", "fields": {"summary": "x"}},
            "changelog": {"id": "1", "items": [
                {"field": "assignee", "from": "a", "fromString": null, "to": "b", "toString": "乙"},
                {"field": "status", "from": "4", "fromString": "UAT 验收", "to": "5", "toString": "待上线"}]}}))
        .unwrap();
        assert_eq!(
            (hook.event, hook.key.as_str()),
            (HookEvent::Updated, "TRADE-1033")
        );
        assert_eq!(hook.status, Some(("UAT 验收".to_owned(), "待上线".to_owned())));
        assert_eq!(hook.by.unwrap().name, "linfeng");
        assert_eq!(hook.at, DateTime::from_timestamp(1_795_492_800, 0));
    }

    #[test]
    fn a_move_to_another_project_names_the_former_key() {
        let hook = parse(
            &json!({"webhookEvent": "jira:issue_updated", "issue": {"key": "MID-90"},
            "changelog": {"items": [{"field": "Key", "fromString": "TRADE-1", "toString": "MID-90"}]}}),
        )
        .unwrap();
        assert_eq!(
            (hook.key.as_str(), hook.former_key.as_deref()),
            ("MID-90", Some("TRADE-1"))
        );
    }

    #[test]
    fn the_little_that_is_needed_is_a_key() {
        let hook = parse(&json!({"issue": {"key": "trade-1"}, "user": null, "changelog": null})).unwrap();
        assert_eq!((hook.key.as_str(), hook.at), ("TRADE-1", None));
        assert_eq!(hook.event, HookEvent::Other(String::new()));
    }

    #[test]
    fn what_is_no_web_hook_of_an_issue_is_told_apart() {
        for body in ["", "7", "<html>", "{\"issue\": 7}", &"[".repeat(100_000)] {
            assert_eq!(parse_webhook(body.as_bytes()), Err(HookError::Unreadable));
        }
        for hook in [
            json!({}),
            json!([]),
            json!({"issue": {"key": "../admin"}}),
            json!({"issue": {}}),
        ] {
            assert_eq!(parse(&hook), Err(HookError::NoIssue), "{hook}");
        }
        let size = MAX_WEBHOOK + 1;
        assert_eq!(
            parse_webhook(&vec![b' '; size]),
            Err(HookError::TooLarge { size })
        );
    }
}
