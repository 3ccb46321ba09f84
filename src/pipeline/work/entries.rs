//! What happened, as the timeline tells it: a word for programs, a sentence for people.

use changegate_lifecycle::{Action, Change, Deployment, DutyKind, Record, Timer};
use changegate_notifier::action_name;
use changegate_policy::{Outcome, RuleId, UserId};
use changegate_store::NewEntry;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::scene::Scene;
use super::{WorkError, word};
use crate::pipeline::BOT;

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

/// The entry for a record.
pub(super) fn entry(record: &Record, scene: &Scene, after: &Change) -> Result<NewEntry, WorkError> {
    let name = |who: &UserId| {
        let directory = scene.directory.as_deref();
        directory.map_or_else(|| who.to_string(), |directory| directory.name_of(who).to_owned())
    };
    let (what, who, detail) = match record {
        Record::Moved {
            from,
            to,
            cause,
            ending,
        } => {
            let how = ending.map_or_else(String::new, |ending| format!("（{}）", ending.name()));
            let text = format!("{} → {}{how}", from.name(), to.name());
            let detail = json!({
                "text": text, "from": from.word(), "to": to.word(), "cause": format!("{cause:?}"),
                "outcome": ending.map(changegate_lifecycle::Ending::word),
            });
            ("stage", None, detail)
        }
        Record::Judged {
            outcome,
            failed,
            warned,
        } => ("verdict", None, judged(&word(outcome)?, *outcome, failed, warned)),
        Record::Edited { fields } => {
            let text = match fields.as_slice() {
                [] => "表单内容有改动，重新评审".to_owned(),
                fields => format!("表单内容有改动（{}），重新评审", fields.join("、")),
            };
            ("edited", None, json!({ "text": text, "fields": fields }))
        }
        Record::Signed { who, despite } => ("signed", Some(who), signed(despite, turn(who, scene, after))),
        Record::Told { who, notice, duty } => {
            let about = duty.map_or_else(String::new, |duty| format!("：{}", duty.name()));
            let text = format!("已通知 {}{about}", name(who));
            (
                "told",
                None,
                json!({ "text": text, "to": who, "notice": notice, "duty": duty }),
            )
        }
        Record::Pressed {
            who,
            action: Action::CorrectAnomaly,
            note,
            ..
        } => ("corrected", Some(who), corrected(note)),
        Record::Pressed {
            who,
            action,
            duty,
            note,
        } => ("pressed", Some(who), pressed(*action, *duty, note)),
        Record::Refused {
            who,
            action,
            duty,
            why,
        } => ("refused", Some(who), refused(*action, *duty, why)),
        Record::Deployed { deployment } => ("deployed", None, deployed(deployment)),
        Record::Due { timer } => (
            "timer",
            None,
            json!({ "text": format!("到点：{}", due(*timer)), "timer": timer }),
        ),
        Record::Ignored { what } => (
            "ignored",
            None,
            json!({ "text": "迟到或重复的事件，没有作用", "event": what }),
        ),
        Record::GroupTold { text } => (
            "group",
            None,
            json!({ "text": format!("已通知问题反馈群：{text}") }),
        ),
        Record::Mailed { about } => ("mail", None, json!({ "text": format!("已发出邮件：{about}") })),
        Record::CalendarEnds { market } => {
            let text = format!(
                "交易日历未覆盖下一个{}交易日，按工作日推算，请人工核对开盘时间",
                market.name()
            );
            ("calendar", None, json!({ "text": text, "market": market }))
        }
    };
    let who = who.map_or_else(|| BOT.to_owned(), ToString::to_string);
    Ok(NewEntry {
        at: scene.now,
        what: what.to_owned(),
        who,
        detail,
    })
}

fn pressed(action: Action, duty: Option<DutyKind>, note: &str) -> Value {
    let about = duty.map_or_else(String::new, |duty| format!("（{}）", duty.name()));
    let said = if note.is_empty() {
        String::new()
    } else {
        format!("：{note}")
    };
    let text = format!("{}{about}{said}", action_name(action));
    json!({ "text": text, "action": action.word(), "duty": duty, "note": note })
}

fn refused(action: Action, duty: Option<DutyKind>, why: &str) -> Value {
    let about = duty.map_or_else(String::new, |duty| format!("（{}）", duty.name()));
    let reason = match why {
        "not_yours" => "无权操作",
        "already_done" => "已经处理过",
        "moved_on" => "变更已进入其他阶段",
        _ => "填写不完整",
    };
    let text = format!("操作“{}”{about}未生效：{reason}", action_name(action));
    json!({ "text": text, "action": action.word(), "duty": duty, "why": why })
}

/// What a job reported; who it says it is stands beside it, since it is no member.
fn deployed(deployment: &Deployment) -> Value {
    let passed = if deployment.allowed {
        ""
    } else {
        "，闸门未放行"
    };
    let text = format!(
        "发布任务 {}（{}）：{}{passed}",
        deployment.id,
        deployment.by,
        deployment.state.name()
    );
    json!({
        "text": text, "deployment": deployment.id, "state": deployment.state, "by": deployment.by,
        "environment": deployment.environment, "images": deployment.images, "at": deployment.at,
        "note": deployment.note, "allowed": deployment.allowed, "why_not": deployment.why_not,
    })
}

fn due(timer: Timer) -> String {
    match timer {
        Timer::Look => "重新核对表单".to_owned(),
        Timer::ChangeDay => "变更当天准备事项".to_owned(),
        Timer::Remind(duty) => format!("第 {duty} 项待办提醒"),
        Timer::BeforeClose => "窗口即将关闭".to_owned(),
        Timer::WindowClosed => "窗口已关闭".to_owned(),
        Timer::Expire => "逾期未执行".to_owned(),
        Timer::AnomalyTimeOut => "异常处理时限已到".to_owned(),
        Timer::UsOpen => "美股开盘".to_owned(),
        Timer::SessionEve(market) => format!("{}开盘前夜提醒", market.name()),
        Timer::BeforeSession(market) => format!("{}开盘前提醒", market.name()),
        Timer::SessionOpen(market) => format!("{}开盘", market.name()),
        Timer::Report => "事故报告".to_owned(),
    }
}

fn judged(verdict: &str, outcome: Outcome, failed: &[RuleId], warned: &[RuleId]) -> Value {
    let mut text = format!("评审结果：{}", outcome.name());
    for (label, rules) in [("不合规", failed), ("建议改进", warned)] {
        if !rules.is_empty() {
            text.extend(["；", label, "：", &names(rules)]);
        }
    }
    json!({ "text": text, "verdict": verdict, "failed": failed, "warned": warned })
}

/// A correction is an entry of its own; what was reported stays as it is.
fn corrected(reason: &str) -> Value {
    let text = format!("更正：最近一次异常不成立（{reason}）");
    json!({ "text": text, "what": "anomaly_withdrawn", "reason": reason })
}

/// In which role somebody signed, and how many minutes after their turn came; none where the turn was never seen.
fn turn(who: &UserId, scene: &Scene, after: &Change) -> Option<(&'static str, i64)> {
    let people = &after.people;
    let role = [
        (&people.development_leads, "development_lead"),
        (&people.test_leads, "test_lead"),
        (&people.ccb, "ccb"),
        (&people.operations_leads, "operations_lead"),
        (&people.executors, "operations_executor"),
    ]
    .into_iter()
    .find(|(holders, _)| holders.contains(who))
    .map_or("other", |(_, role)| role);
    let duty = scene
        .before
        .open_duty(DutyKind::Sign)
        .filter(|duty| duty.holders.contains(who))?;
    Some((role, (scene.now - duty.since).num_minutes()))
}

fn signed(despite: &[RuleId], turn: Option<(&str, i64)>) -> Value {
    let text = if despite.is_empty() {
        "已同意".to_owned()
    } else {
        format!("已同意（仍有不合规项：{}）", names(despite))
    };
    let (role, minutes) = turn.unzip();
    json!({ "text": text, "despite": despite, "role": role, "minutes": minutes })
}

fn names(rules: &[RuleId]) -> String {
    rules
        .iter()
        .map(|rule| rule.name())
        .collect::<Vec<_>>()
        .join("、")
}
