//! Effects into rows: messages with their exact bytes, timeline entries with their words.

use changegate_lifecycle::{Effect, Record, Stage};
use changegate_notifier::{self as notifier, About};
use changegate_policy::{Facts, RuleId, Submission};
use changegate_store::{NewEntry, NewMessage, URGENT};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{LookError, word};
use crate::pipeline::{BOT, Parts};

/// The channel of messages that go by `message/send`.
pub(in crate::pipeline) const WECOM_MESSAGE: &str = "wecom_message";

/// What a step wants stored.
pub(super) struct Done {
    pub(super) timeline: Vec<NewEntry>,
    pub(super) messages: Vec<NewMessage>,
}

/// Turns effects into what is stored together with the change.
pub(super) fn carry_out(
    parts: &Parts,
    submission: &Submission,
    facts: &Facts,
    stage: Stage,
    effects: Vec<Effect>,
    now: DateTime<Utc>,
) -> Result<Done, LookError> {
    let link = parts.links.to_change(&submission.sp_no, now);
    let about = About::new(submission, facts.directory.as_deref()).in_stage(stage);
    let mut done = Done {
        timeline: Vec::new(),
        messages: Vec::new(),
    };
    for effect in effects {
        match effect {
            Effect::Record(record) => done.timeline.push(entry(&record, now)?),
            Effect::Notify { to, sequence, notice } => {
                let message = notifier::render(&notice, &to, &about, &link)?;
                done.messages.push(NewMessage {
                    dedupe_key: format!("{}/{sequence}", submission.sp_no),
                    sp_no: Some(submission.sp_no.clone()),
                    channel: WECOM_MESSAGE.to_owned(),
                    recipient: to.to_string(),
                    priority: URGENT,
                    body: message.to_json(parts.wecom.agent_id())?,
                    ..NewMessage::default()
                });
            }
        }
    }
    Ok(done)
}

/// The only entry of an approval that is none of ours.
pub(super) fn not_applicable(now: DateTime<Utc>, template: &str) -> Vec<NewEntry> {
    let detail = json!({ "text": "不是生产上线变更模板的审批，不适用", "template_id": template });
    vec![NewEntry {
        at: now,
        what: "not_applicable".to_owned(),
        who: BOT.to_owned(),
        detail,
    }]
}

fn entry(record: &Record, now: DateTime<Utc>) -> Result<NewEntry, LookError> {
    let (what, who, detail) = match record {
        Record::Moved { from, to } => (
            "stage",
            None,
            json!({ "text": format!("{} → {}", from.name(), to.name()), "from": from.word(), "to": to.word() }),
        ),
        Record::Judged {
            outcome,
            failed,
            warned,
        } => ("verdict", None, judged(&word(outcome)?, *outcome, failed, warned)),
        Record::Edited => ("edited", None, json!({ "text": "表单内容有改动，重新评审" })),
        Record::Signed { who, despite } => ("signed", Some(who), signed(despite)),
        Record::Told { who, notice } => (
            "told",
            None,
            json!({ "text": format!("已通知 {who}"), "to": who, "notice": notice }),
        ),
    };
    let who = who.map_or_else(|| BOT.to_owned(), ToString::to_string);
    Ok(NewEntry {
        at: now,
        what: what.to_owned(),
        who,
        detail,
    })
}

fn judged(verdict: &str, outcome: changegate_policy::Outcome, failed: &[RuleId], warned: &[RuleId]) -> Value {
    let mut text = format!("评审结果：{}", outcome.name());
    for (label, rules) in [("不合规", failed), ("建议改进", warned)] {
        if !rules.is_empty() {
            text.extend(["；", label, "：", &names(rules)]);
        }
    }
    json!({ "text": text, "verdict": verdict, "failed": failed, "warned": warned })
}

fn signed(despite: &[RuleId]) -> Value {
    let text = if despite.is_empty() {
        "已同意".to_owned()
    } else {
        format!("已同意（仍有不合规项：{}）", names(despite))
    };
    json!({ "text": text, "despite": despite })
}

fn names(rules: &[RuleId]) -> String {
    rules
        .iter()
        .map(|rule| rule.name())
        .collect::<Vec<_>>()
        .join("、")
}
