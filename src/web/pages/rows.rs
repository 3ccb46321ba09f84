//! Timeline, duties and times of a change as rows of a page.

use changegate_lifecycle::{Action, Change, Duty, DutyKind, Timer};
use changegate_policy::{Policy, UserId};
use changegate_store::Entry;
use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{dossier, words};
use crate::pipeline::BOT;
use crate::web::dates;
use crate::web::verdict_page::TimelineRow;

/// What the timeline calls a button that was not acted on.
pub(super) const REFUSED: &str = "refused";
/// What it calls one that was.
pub(super) const PRESSED: &str = "pressed";

/// A duty as a row.
#[derive(Debug)]
pub(in crate::web) struct DutyRow {
    /// What it is called.
    pub(in crate::web) name: &'static str,
    /// Whose it is still, by name.
    pub(in crate::web) who: String,
    /// Since when.
    pub(in crate::web) since: String,
    /// Its page.
    pub(in crate::web) address: String,
}

/// The open duties of a change, the oldest first.
pub(in crate::web) fn duties(
    sp_no: &str,
    change: &Change,
    policy: &Policy,
    now: DateTime<Utc>,
) -> Vec<DutyRow> {
    let now = policy.local(now);
    let open = change.duties.iter().filter(|duty| duty.is_open());
    open.map(|duty| DutyRow {
        name: duty.kind.name(),
        who: dossier::names(awaited(duty), policy),
        since: dates::short(policy.local(duty.since), now),
        address: format!("/d/{}/{}", encoded(sp_no), duty.number),
    })
    .collect()
}

/// Of whom something is awaited: of all where each has to act, else of anybody.
fn awaited(duty: &Duty) -> Vec<&UserId> {
    if duty.kind.needs_everyone() {
        duty.awaited().collect()
    } else {
        duty.holders.iter().collect()
    }
}

/// A number as a part of a path.
pub(super) fn encoded(sp_no: &str) -> String {
    url::form_urlencoded::byte_serialize(sp_no.as_bytes()).collect()
}

/// When what happened, as far as it did.
pub(in crate::web) fn times(change: &Change, policy: &Policy) -> Vec<(&'static str, String)> {
    let times = &change.times;
    [
        ("审批通过", times.approved),
        ("开始执行", times.started),
        ("执行完成", times.executed),
        ("验证通过", times.verified),
        ("结束", times.closed),
    ]
    .into_iter()
    .filter_map(|(name, at)| Some((name, dates::minute(policy.local(at?)))))
    .collect()
}

/// The whole timeline in people's words.
pub(in crate::web) fn timeline(entries: &[Entry], policy: &Policy) -> Vec<TimelineRow> {
    entries.iter().map(|entry| row(entry, policy)).collect()
}

/// One entry in people's words.
pub(super) fn row(entry: &Entry, policy: &Policy) -> TimelineRow {
    let who = UserId::new(&entry.who);
    TimelineRow {
        at: policy.local(entry.at).format("%m-%d %H:%M:%S").to_string(),
        who: if entry.who == BOT {
            String::new()
        } else {
            dossier::name_of(&who, policy).to_owned()
        },
        what: text(entry, policy),
    }
}

/// Who was told something, by name, and what about; none for any other entry.
pub(super) fn told(entry: &Entry, policy: &Policy) -> Option<(String, String)> {
    if entry.what != "told" {
        return None;
    }
    let field = |name: &str| entry.detail.get(name).and_then(Value::as_str).unwrap_or_default();
    let user = UserId::new(field("to"));
    let about = words::notice(field("notice")).unwrap_or("消息");
    let duty = duty_kind(&entry.detail).map(DutyKind::name);
    let about = duty.map_or_else(|| about.to_owned(), |duty| format!("{about}：{duty}"));
    Some((dossier::name_of(&user, policy).to_owned(), about))
}

/// The words that were recorded, with names where ids can be told from text, else what the entry's kind is.
fn text(entry: &Entry, policy: &Policy) -> String {
    if let Some((whom, about)) = told(entry, policy) {
        return format!("已通知 {whom}：{about}");
    }
    if let Some(text) = entry.detail.get("text").and_then(Value::as_str) {
        return text.to_owned();
    }
    let action = entry
        .detail
        .get("action")
        .and_then(Value::as_str)
        .and_then(Action::from_word);
    if let Some(action) = action {
        let label = words::label(action, duty_kind(&entry.detail));
        let note = entry
            .detail
            .get("note")
            .and_then(Value::as_str)
            .unwrap_or_default();
        return if note.is_empty() {
            label.to_owned()
        } else {
            format!("{label}：{note}")
        };
    }
    match entry
        .detail
        .get("timer")
        .and_then(Value::as_str)
        .map(str::parse::<Timer>)
    {
        Some(Ok(timer)) => due(timer).to_owned(),
        _ => entry.what.clone(),
    }
}

fn duty_kind(detail: &Value) -> Option<DutyKind> {
    serde_json::from_value(detail.get("duty")?.clone()).ok()
}

fn due(timer: Timer) -> &'static str {
    match timer {
        Timer::Look => "再次核对审批单",
        Timer::ChangeDay => "变更日到了",
        Timer::Remind(_) => "到时未办，催办",
        Timer::BeforeClose => "变更窗口即将关闭",
        Timer::WindowClosed => "变更窗口已关闭",
        Timer::Expire => "长时间未执行",
        Timer::AnomalyTimeOut => "异常超过时限未解决，须回退",
        Timer::UsOpen => "美股开盘",
        Timer::SessionEve(_) => "下一交易日前一晚",
        Timer::BeforeSession(_) => "开盘前到岗提醒",
        Timer::SessionOpen(_) => "开盘",
        Timer::Report => "该写事故报告了",
    }
}
