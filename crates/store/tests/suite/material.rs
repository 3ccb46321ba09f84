//! Values that tests are made of.

use std::time::Duration;

use changegate_store::URGENT;
use changegate_store::{
    Advance, ChangeDraft, EventSource, NewEntry, NewEvent, NewMessage, NewSubmission, NewVerdict,
};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use sha2::{Digest, Sha256};

pub(crate) const LEASE: Duration = Duration::from_secs(30);

/// Tuesday, 2026-11-24, 14:05:00.123456 in Shanghai, and `seconds` later.
pub(crate) fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(1_795_500_300_123_456).expect("a valid instant")
        + TimeDelta::seconds(seconds)
}

pub(crate) fn event(subject: &str, text: &str) -> NewEvent {
    NewEvent {
        key: Sha256::digest(format!("{subject}/{text}")).into(),
        subject: subject.to_owned(),
        kind: "sys_approval_change".to_owned(),
        payload: text.to_owned(),
        source: EventSource::Callback,
        received_at: at(0),
    }
}

pub(crate) fn message(key: &str, recipient: &str) -> NewMessage {
    NewMessage {
        dedupe_key: key.to_owned(),
        sp_no: Some("202611240001".to_owned()),
        channel: "wecom_message".to_owned(),
        recipient: recipient.to_owned(),
        priority: URGENT,
        body: format!("{{\"touser\":\"{recipient}\",\"content\":\"变更 {key}\"}}"),
        ..NewMessage::default()
    }
}

pub(crate) fn entry(what: &str) -> NewEntry {
    NewEntry {
        at: at(1),
        what: what.to_owned(),
        who: "张三".to_owned(),
        detail: json!({ "说明": what }),
    }
}

pub(crate) fn draft(sp_no: &str) -> ChangeDraft {
    ChangeDraft {
        sp_no: sp_no.to_owned(),
        title: "【行情】条件单功能上线".to_owned(),
        urgency: "normal".to_owned(),
        stage: "submitted".to_owned(),
        verdict: "rejected".to_owned(),
        applicant: "zhangsan".to_owned(),
        team: "交易".to_owned(),
        system: "行情".to_owned(),
        feature: "条件单".to_owned(),
        change_day: Some("2026-11-24".parse().expect("a day")),
        planned_from: Some(at(3_600)),
        planned_until: None,
        apply_time: Some(at(-60)),
        template_id: "TPL".to_owned(),
        sp_status: 1,
        open: true,
        jira_keys: vec!["TRADE-1024".to_owned()],
        policy_sha256: "ab".repeat(32),
        content_hash: "cd".repeat(32),
        seen_at: Some(at(0)),
        told: json!({ "verdict": "rejected" }),
        first_verdict: "rejected".to_owned(),
        ..ChangeDraft::default()
    }
}

/// The first step of a change: its form was seen, judged and told.
pub(crate) fn first_step(sp_no: &str) -> Advance {
    Advance {
        now: at(2),
        lease: None,
        change: draft(sp_no),
        expected_version: None,
        submission: Some(NewSubmission {
            content_hash: "cd".repeat(32),
            body: json!({ "title": "条件单" }),
        }),
        verdict: Some(NewVerdict {
            verdict: "rejected".to_owned(),
            policy_sha256: "ab".repeat(32),
            content_hash: "cd".repeat(32),
            body: json!({ "results": [{ "rule": "cutoff", "status": "fail" }] }),
            facts: None,
        }),
        timeline: vec![entry("submitted"), entry("evaluated")],
        messages: vec![message(&format!("{sp_no}/verdict/zhangsan"), "zhangsan")],
        ..Advance::default()
    }
}
