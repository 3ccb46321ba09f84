//! `urgency-window` (二): 正常 lies in a change window, 紧急 outside of all of them.

use changegate_calendar::Window;
use chrono::{DateTime, NaiveDate, Utc};

use crate::evaluate::{Context, Finding, Judgement};
use crate::policy::day_in_words;
use crate::reading::Urgency;
use crate::rules::starts;
use crate::submission::PlannedTime;

pub(crate) fn judge(context: &Context<'_>) -> Judgement {
    match context.reading.urgency {
        None => Judgement::Skip("紧急程度未填，无法核对变更窗口".into()),
        Some(Urgency::Normal) => normal(context),
        Some(Urgency::Emergency) => emergency(context),
    }
}

fn normal(context: &Context<'_>) -> Judgement {
    let windows = context.policy.windows();
    let inside = match context.reading.planned {
        Some(PlannedTime::Instant(at)) => windows.window_at(at).is_some(),
        Some(PlannedTime::Range(from, until)) => windows
            .window_at(from)
            .is_some_and(|window| window.fits(from, until)),
        Some(PlannedTime::Day(day)) => context.policy.is_window_day(day),
        None => context.policy.is_window_day(context.reading.change_day),
    };
    if inside {
        not_before_filing(context)
    } else {
        fail(outside(context), context)
    }
}

/// What a 正常 flow outside the windows is told.
fn outside(context: &Context<'_>) -> String {
    let policy = context.policy;
    match context.reading.planned {
        Some(PlannedTime::Instant(at)) => {
            format!(
                "“计划变更时间”{}不在变更窗口内，正常变更须在窗口内进行",
                moment(context, at)
            )
        }
        Some(PlannedTime::Range(from, until)) if until < from => format!(
            "“计划变更时间”的结束时间{}早于开始时间{}，请改填",
            moment(context, until),
            moment(context, from)
        ),
        Some(PlannedTime::Range(from, until)) => {
            let range = format!("{} 至 {}", moment(context, from), moment(context, until));
            match policy.windows().window_at(from) {
                Some(window) => format!(
                    "“计划变更时间”{range}超出了变更窗口 {} 的关闭时间",
                    starts::in_words(context, window)
                ),
                None => format!("“计划变更时间”{range}不是从变更窗口内开始，正常变更须在窗口内进行"),
            }
        }
        Some(PlannedTime::Day(day)) => no_window_day("计划变更日", day, context),
        None => no_window_day("变更日", context.reading.change_day, context),
    }
}

fn no_window_day(what: &str, day: NaiveDate, context: &Context<'_>) -> String {
    let frozen = !context.policy.windows().windows_on(day).is_empty();
    let why = if frozen {
        "处于封网期"
    } else {
        "没有变更窗口"
    };
    format!("{what}{}{why}，正常变更须在变更窗口内进行", day_in_words(day))
}

fn fail(mut message: String, context: &Context<'_>) -> Judgement {
    message.push_str("；确需在窗口外上线的，请将“紧急程度”改为“紧急”并走 CCB 审批");
    Judgement::Fail(Finding {
        message: starts::with_next(context, message),
        evidence: None,
        fix: None,
    })
}

fn emergency(context: &Context<'_>) -> Judgement {
    match context.reading.planned {
        Some(PlannedTime::Instant(at)) => match usable(context, at, at) {
            Some(window) => reachable(context, window, "处于"),
            None => not_before_filing(context),
        },
        Some(PlannedTime::Range(from, until)) if until < from => warn(outside(context)),
        Some(PlannedTime::Range(from, until)) => match usable(context, from, until) {
            Some(window) if window.fits(from, until) => reachable(context, window, "处于"),
            Some(window) => reachable(context, window, "触及"),
            None => not_before_filing(context),
        },
        Some(PlannedTime::Day(day)) => emergency_day(context, day),
        None => emergency_day(context, context.reading.change_day),
    }
}

/// A day alone does not say whether a window is hit, unless none is left on it.
fn emergency_day(context: &Context<'_>, day: NaiveDate) -> Judgement {
    let filed = context.submission.apply_time;
    let left = context
        .policy
        .windows()
        .windows_on(day)
        .into_iter()
        .filter_map(|window| context.policy.free_part(window))
        .any(|window| filed < window.closes);
    if left {
        Judgement::Skip("没有填写具体的计划变更时间，无法判断是否在变更窗口内".into())
    } else {
        not_before_filing(context)
    }
}

/// The window that a time touches and that 正常 flows may use.
fn usable(context: &Context<'_>, from: DateTime<Utc>, until: DateTime<Utc>) -> Option<Window> {
    context
        .policy
        .windows()
        .windows_from(from)
        .take_while(|window| window.opens <= until)
        .filter_map(|window| context.policy.free_part(window))
        .find(|window| window.touches(from, until))
}

fn reachable(context: &Context<'_>, window: Window, how: &str) -> Judgement {
    warn(format!(
        "“紧急程度”选了“紧急”，但“计划变更时间”{how}变更窗口 {}；窗口内的变更请按“正常”发起，无需 CCB 审批",
        starts::in_words(context, window)
    ))
}

fn not_before_filing(context: &Context<'_>) -> Judgement {
    let filed = context.submission.apply_time;
    let start = match context.reading.planned {
        Some(PlannedTime::Instant(at) | PlannedTime::Range(at, _)) => {
            (at < filed).then(|| moment(context, at))
        }
        Some(PlannedTime::Day(day)) => (day < context.reading.apply_day).then(|| day_in_words(day)),
        None => None,
    };
    match start {
        None => Judgement::Pass,
        Some(start) => warn(format!(
            "“计划变更时间”{start}早于发起时间{}，请核对后改填",
            moment(context, filed)
        )),
    }
}

fn warn(message: String) -> Judgement {
    Judgement::Warn(Finding {
        message,
        evidence: None,
        fix: None,
    })
}

/// An instant such as 11月26日（周四）16:30.
fn moment(context: &Context<'_>, at: DateTime<Utc>) -> String {
    let local = context.policy.local(at);
    format!("{}{}", day_in_words(local.date_naive()), local.format("%H:%M"))
}

#[cfg(test)]
mod tests {
    use crate::facts::Facts;
    use crate::rule::RuleId;
    use crate::rules::testing::{at, compliant, day, instant, judged, judged_by, policy_with, range, text};
    use crate::submission::{Field, PlannedTime, Submission};
    use crate::verdict::Status::{Fail, Pass, Skip, Warn};

    fn form(urgency: &str, applied: &str, planned: Field<PlannedTime>) -> Submission {
        Submission {
            urgency: text(urgency),
            apply_time: at(applied),
            planned_time: planned,
            ..compliant()
        }
    }

    #[test]
    fn a_normal_change_lies_in_a_window() {
        let cases = [
            // Tuesday, standard time.
            (instant("2026-11-24 16:29:59"), Fail),
            (instant("2026-11-24 16:30:00"), Pass),
            (instant("2026-11-24 20:59:59"), Pass),
            (instant("2026-11-24 21:00:00"), Fail),
            (instant("2026-11-25 17:00"), Fail),
            (instant("2026-11-28 10:00"), Pass),
            (instant("2026-11-28 20:00"), Fail),
            // Daylight time.
            (instant("2027-03-16 19:59:59"), Pass),
            (instant("2027-03-16 20:00:00"), Fail),
            (range("2026-11-24 16:30", "2026-11-24 21:00"), Pass),
            (range("2026-11-24 16:30", "2026-11-24 21:00:01"), Fail),
            (range("2026-11-24 16:00", "2026-11-24 18:00"), Fail),
            (range("2026-11-24 18:00", "2026-11-24 17:00"), Fail),
            (day("2026-11-24"), Pass),
            (day("2026-11-25"), Fail),
            (Field::Empty, Pass),
            (instant("2026-11-19 17:00"), Warn),
        ];
        for (planned, status) in cases {
            let result = judged(
                RuleId::UrgencyWindow,
                &form("正常", "2026-11-24 14:00", planned.clone()),
                &Facts::default(),
            );
            assert_eq!(result.status, status, "{planned:?}: {result:?}");
        }
        let wednesday = form("正常", "2026-11-25 14:00", Field::Empty);
        assert_eq!(
            judged(RuleId::UrgencyWindow, &wednesday, &Facts::default()).status,
            Fail
        );
    }

    #[test]
    fn an_emergency_lies_outside_of_all() {
        let cases = [
            (instant("2026-11-24 16:29:59"), Pass),
            (instant("2026-11-24 16:30:00"), Warn),
            (instant("2026-11-24 21:00:00"), Pass),
            (instant("2026-11-25 17:00"), Pass),
            (instant("2026-11-24 13:00"), Warn),
            (range("2026-11-24 15:00", "2026-11-24 16:30"), Pass),
            (range("2026-11-24 15:00", "2026-11-24 16:30:01"), Warn),
            (range("2026-11-24 21:00", "2026-11-24 22:00"), Pass),
            (range("2026-11-25 10:00", "2026-11-27 10:00"), Warn),
            (Field::Empty, Skip),
            (day("2026-11-24"), Skip),
            (day("2026-11-25"), Pass),
        ];
        for (planned, status) in cases {
            let result = judged(
                RuleId::UrgencyWindow,
                &form("紧急", "2026-11-24 14:00", planned.clone()),
                &Facts::default(),
            );
            assert_eq!(result.status, status, "{planned:?}: {result:?}");
        }
        for (applied, status) in [
            ("2026-11-24 20:59:59", Skip),
            ("2026-11-24 21:00:00", Pass),
            ("2026-11-25 14:00", Pass),
        ] {
            let result = judged(
                RuleId::UrgencyWindow,
                &form("紧急", applied, Field::Empty),
                &Facts::default(),
            );
            assert_eq!(result.status, status, "{applied}");
        }
        let unset = form("特急", "2026-11-24 14:00", Field::Empty);
        assert_eq!(
            judged(RuleId::UrgencyWindow, &unset, &Facts::default()).status,
            Skip
        );
    }

    #[test]
    fn the_next_three_starts_are_named_with_what_took_the_earlier() {
        let late = form("正常", "2026-11-24 15:30", Field::Empty);
        let message = judged(RuleId::Cutoff, &late, &Facts::default()).message.unwrap();
        assert_eq!(
            message,
            "正常流程须在变更当天 15:00 前发起，本流程在11月24日（周二） 15:30:00 才发起，请撤回，改在下一个可用窗口当天 15:00 前重新发起。\
             可选的变更时间：11月26日（周四）16:30–21:00，11月28日（周六）10:00–20:00，12月1日（周二）16:30–21:00\
             （不可选：11月24日（周二）16:30–21:00，已过当天 15:00 的发起截止时间（cutoff））"
        );
        let policy = policy_with("[[freezes]]\nname = \"年终封网\"\nfrom = 2026-11-26\nuntil = 2026-11-27\n");
        let early = form("正常", "2026-11-25 10:00", Field::Empty);
        let message = judged_by(&policy, RuleId::UrgencyWindow, &early, &Facts::default())
            .message
            .unwrap();
        assert!(
            message.contains("可选的变更时间：11月28日（周六）10:00–20:00"),
            "{message}"
        );
        assert!(
            message.contains("11月26日（周四）16:30–21:00，封网“年终封网”（freeze）"),
            "{message}"
        );
    }
}
