//! The policy in Chinese, for people who do not read TOML.

use std::fmt::Write as _;

use changegate_calendar::WeeklyWindow;
use chrono::{Datelike, NaiveDate, NaiveTime, Weekday};

use super::{Policy, RequiredWhen, Severity};
use crate::rule::{Mode, RuleId};

/// A day of the week, such as 周四.
pub(crate) fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "周一",
        Weekday::Tue => "周二",
        Weekday::Wed => "周三",
        Weekday::Thu => "周四",
        Weekday::Fri => "周五",
        Weekday::Sat => "周六",
        Weekday::Sun => "周日",
    }
}

pub(super) fn in_words(policy: &Policy) -> String {
    let mut words = String::new();
    let mut line = |text: std::fmt::Arguments<'_>| {
        // Writing to a String cannot fail.
        let _infallible = words.write_fmt(text);
        words.push('\n');
    };
    let reference = policy.reference();
    line(format_args!(
        "制度版本：V{}（SHA-256 {}）",
        reference.version, reference.sha256
    ));
    line(format_args!("时区：{}", policy.zone()));
    for (table, season) in [
        (&policy.weekly.daylight, "夏令时"),
        (&policy.weekly.standard, "冬令时"),
    ] {
        line(format_args!("变更时间窗口（美国{season}）：{}", windows(table)));
    }
    line(format_args!(
        "正常变更须在变更当天 {} 前发起",
        clock(policy.cutoff())
    ));
    line(format_args!("标题格式：{}", policy.title_pattern()));
    line(format_args!(
        "允许的 JIRA 主机：{}",
        policy.jira_hosts().names().collect::<Vec<_>>().join("、")
    ));
    for file in policy.required_files() {
        let when = match file.when {
            RequiredWhen::Always => "始终",
            RequiredWhen::MiddlePlatform => "涉及中台时",
        };
        line(format_args!("附件：{}（{when}）", file.name));
    }
    for freeze in policy.freezes() {
        let (from, until) = (
            policy.local(freeze.freeze.from()),
            policy.local(freeze.freeze.until()),
        );
        line(format_args!(
            "封网：{}，{} 至 {}",
            freeze.freeze.name(),
            from.format("%Y-%m-%d %H:%M"),
            until.format("%Y-%m-%d %H:%M")
        ));
    }
    for &rule in RuleId::ALL {
        let severity = match policy.severity(rule) {
            Severity::Fail => "不通过",
            Severity::Warn => "提醒",
        };
        let mode = match policy.mode(rule) {
            Mode::InForce => "生效",
            Mode::Shadow => "试运行",
            Mode::Off => "停用",
        };
        line(format_args!(
            "规则 {}（{}，{}）：违反时{severity}，{mode}",
            rule.name(),
            rule.id(),
            rule.clause()
        ));
    }
    words
}

fn windows(table: &[WeeklyWindow]) -> String {
    let windows = table.iter().map(|window| {
        let days = window
            .days
            .iter()
            .map(|&day| weekday(day))
            .collect::<Vec<_>>()
            .join("、");
        let closes = if window.closes == NaiveTime::MIN {
            "24:00".to_owned()
        } else {
            clock(window.closes)
        };
        format!("{days} {}–{closes}", clock(window.opens))
    });
    windows.collect::<Vec<_>>().join("；")
}

fn clock(time: NaiveTime) -> String {
    time.format("%H:%M").to_string()
}

/// A day such as 11月26日（周四）.
pub(crate) fn day(day: NaiveDate) -> String {
    format!("{}月{}日（{}）", day.month(), day.day(), weekday(day.weekday()))
}
