//! What is told of an issue's acceptance: what was found, what is needed, who does it.

use super::course::{Acceptance, Course};
use super::next_start;
use crate::evaluate::Context;
use crate::facts::{Issue, StatusChange};
use crate::policy::{Policy, day_in_words};
use crate::reading::Urgency;
use crate::rules::linked_issues::{Linked, moment};

/// Who moved the issue, from which state to which, and when: the record of its acceptance, else of what took it back.
pub(super) fn record(policy: &Policy, key: &str, course: &Course<'_>) -> Option<String> {
    let line = |change: &StatusChange, states: &str| {
        let at = policy.local(change.at).format("%Y-%m-%d %H:%M:%S");
        format!("{key}：{at} {}将{states}", mover_with_login(change))
    };
    match (&course.accepted, course.taken_back) {
        (Some(acceptance), _) => {
            let (left, entry) = (acceptance.left_uat, acceptance.entry);
            let states = if left == entry {
                format!("“{}”变更至“{}”", entry.from, entry.to)
            } else {
                format!("“{}”经“{}”变更至“{}”", left.from, left.to, entry.to)
            };
            Some(line(entry, &states))
        }
        (None, Some(back)) => Some(line(back, &format!("“{}”退回“{}”", back.from, back.to))),
        (None, None) => None,
    }
}

/// It stands in UAT.
pub(super) fn in_uat(context: &Context<'_>, link: &Linked<'_>, issue: &Issue, course: &Course<'_>) -> String {
    let (name, status, ready) = (link.name(), issue.status.trim(), ready(context));
    let when = day_before(context);
    match course.taken_back {
        Some(back) => format!(
            "{name} 验收后又于 {} 由{}从“{}”退回“{}”，目前是“{status}”；请产品经理重新完成 UAT 验收，并在 JIRA 中变更至“{ready}”{when}",
            moment(context.policy, back.at),
            mover(back),
            back.from,
            back.to
        ),
        None => format!(
            "{name} 目前是“{status}”，尚未验收；请产品经理完成 UAT 验收，并在 JIRA 中由“{status}”变更至“{ready}”{when}"
        ),
    }
}

/// It stands neither in UAT nor behind it.
pub(super) fn elsewhere(context: &Context<'_>, link: &Linked<'_>, issue: &Issue) -> String {
    format!(
        "{} 目前是“{}”，不是“{ready}”；请开发和测试同事完成后提交 UAT，由产品经理验收并在 JIRA 中变更至“{ready}”{}",
        link.name(),
        issue.status.trim(),
        day_before(context),
        ready = ready(context)
    )
}

/// It stands where it should, and the log does not say how it got there.
pub(super) fn no_acceptance(
    context: &Context<'_>,
    link: &Linked<'_>,
    issue: &Issue,
    course: &Course<'_>,
) -> String {
    let (uat, ready) = (context.policy.jira().uat_name(), ready(context));
    let found = match course.taken_back {
        Some(back) => format!(
            "但 {} 退回“{}”之后，变更记录中没有重新验收的流转",
            moment(context.policy, back.at),
            back.to
        ),
        None => format!("但变更记录中没有由“{uat}”至“{ready}”的流转"),
    };
    format!(
        "{} 目前是“{}”，{found}；请产品经理在 UAT 环境完成验收，并在 JIRA 中由“{uat}”变更至“{ready}”{}",
        link.name(),
        issue.status.trim(),
        day_before(context)
    )
}

/// It was accepted too late for this flow.
pub(super) fn late(
    context: &Context<'_>,
    link: &Linked<'_>,
    issue: &Issue,
    acceptance: &Acceptance<'_>,
) -> String {
    let policy = context.policy;
    let (at, apply) = (acceptance.entry.at, context.submission.apply_time);
    let found = format!(
        "{} 目前是“{}”，{}于 {} 才变更至“{}”",
        link.name(),
        issue.status.trim(),
        mover(acceptance.entry),
        moment(policy, at),
        acceptance.entry.to
    );
    let after = if at < apply {
        String::new()
    } else {
        format!("，晚于发起时间 {}", moment(policy, apply))
    };
    match context.reading.urgency {
        Some(Urgency::Normal) => {
            let last = context
                .reading
                .apply_day
                .pred_opt()
                .map(day_in_words)
                .unwrap_or_default();
            let next = next_start::after(context, at).map_or_else(
                || "近期没有可用的变更窗口，请与运维负责人确认".to_owned(),
                |start| format!("请撤回后在 {start} 的窗口当天重新发起"),
            );
            format!(
                "{found}{after}；正常变更须由产品经理在发起前一天（{last}及以前）完成验收，{next}；确属紧急的，改按“紧急”发起"
            )
        }
        Some(Urgency::Emergency) => {
            format!("{found}{after}；紧急变更应在 UAT 验收通过或者问题修复后发起（六），请审批人知悉")
        }
        None => format!("{found}{after}；变更须在产品经理完成 UAT 验收之后发起，请填写“紧急程度”后重新发起"),
    }
}

/// What somebody should look at although the acceptance is there and in time.
pub(super) fn doubts(
    context: &Context<'_>,
    link: &Linked<'_>,
    acceptance: &Acceptance<'_>,
) -> Option<String> {
    let (left, entry) = (acceptance.left_uat, acceptance.entry);
    let mut doubts = Vec::new();
    if left != entry {
        doubts.push(format!(
            "由“{}”先到“{}”，再由“{}”变更至“{}”，不是直接流转",
            left.from, left.to, entry.from, entry.to
        ));
    }
    let jira = context.policy.jira();
    if jira.is_robot(&entry.by) || jira.is_robot(&entry.by_name) {
        doubts.push(format!(
            "由机器人账号 {} 变更至“{}”，制度要求由产品经理处理",
            mover(entry),
            entry.to
        ));
    }
    if let Some(returned) = acceptance.returned {
        doubts.push(format!(
            "验收后曾退出“{}”，{} 由“{}”回到“{}”，没有再经过 UAT 验收",
            entry.to,
            moment(context.policy, returned.at),
            returned.from,
            returned.to
        ));
    }
    (!doubts.is_empty()).then(|| {
        format!(
            "{} {}；请产品经理确认已完成 UAT 验收",
            link.name(),
            doubts.join("；")
        )
    })
}

fn ready<'a>(context: &Context<'a>) -> &'a str {
    context.policy.jira().ready_name()
}

fn day_before(context: &Context<'_>) -> &'static str {
    match context.reading.urgency {
        Some(Urgency::Normal) => "（正常变更须在发起前一天完成）",
        Some(Urgency::Emergency) | None => "",
    }
}

/// Who moved it, by the name shown.
fn mover(change: &StatusChange) -> &str {
    [change.by_name.trim(), change.by.trim()]
        .into_iter()
        .find(|name| !name.is_empty())
        .unwrap_or("（JIRA 未记录操作人）")
}

fn mover_with_login(change: &StatusChange) -> String {
    let (name, login) = (mover(change), change.by.trim());
    if login.is_empty() || name == login {
        name.to_owned()
    } else {
        format!("{name}（{login}）")
    }
}
