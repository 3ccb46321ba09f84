//! The policy in Chinese, for people who do not read TOML.

use std::fmt::Write as _;

use changegate_calendar::{Exchange, WeeklyWindow};
use chrono::{Datelike, NaiveDate, NaiveTime, Weekday};

use super::{ExecutionRecord, Policy, RequiredWhen, Severity};
use crate::markets::Market;
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
    let jira = policy.jira();
    for (what, names) in [
        ("JIRA 验收中的状态", &jira.uat.written),
        ("JIRA 已验收、等待上线的状态", &jira.ready.written),
        ("JIRA 已上线及以后的状态", &jira.later.written),
        ("JIRA 中表示耦合的关联", &jira.coupled_links.written),
        ("JIRA 机器人账号", &jira.robots.written),
    ] {
        let names = if names.is_empty() {
            "无".to_owned()
        } else {
            names.join("、")
        };
        line(format_args!("{what}：{names}"));
    }
    for file in policy.required_files() {
        let when = match file.when {
            RequiredWhen::Always => "始终",
            RequiredWhen::MiddlePlatform => "涉及中台时",
        };
        let keys = if file.jira_keys {
            "，所列 JIRA 单号与“升级功能描述”一致"
        } else {
            ""
        };
        line(format_args!("附件：{}（{when}{keys}）", file.name));
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
    course(policy, &mut line);
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

/// How a change is led to its end: times, reminders, markets.
fn course(policy: &Policy, line: &mut impl FnMut(std::fmt::Arguments<'_>)) {
    let (pace, hours) = (policy.pace(), policy.work_hours());
    let days: Vec<_> = hours.days.iter().map(|&day| weekday(day)).collect();
    line(format_args!(
        "工作时间：{} {}–{}，法定节假日除外；变更时间窗口内也算",
        days.join("、"),
        clock(hours.from),
        clock(hours.to)
    ));
    line(format_args!(
        "审批超时提醒：正常 {} 分钟、紧急 {} 分钟，最多 {} 次",
        pace.approval_reminder.num_minutes(),
        pace.emergency_approval_reminder.num_minutes(),
        pace.approval_reminders
    ));
    line(format_args!(
        "生产验证超时提醒：{} 分钟，最多 {} 次；其他待办：{} 分钟，最多 {} 次；{} 秒内的提醒合并发送",
        pace.verification_reminder.num_minutes(),
        pace.verification_reminders,
        pace.duty_reminder.num_minutes(),
        pace.duty_reminders,
        pace.bundle_seconds
    ));
    line(format_args!(
        "尚未发起流程的提醒：窗口日 {}；将错过窗口的提醒：窗口关闭前 {} 分钟",
        clock(pace.cutoff_reminder),
        pace.before_close.num_minutes()
    ));
    line(format_args!(
        "异常 {} 分钟内未解决须回退；过了变更日 {} 天仍未执行的流程自动关闭",
        pace.anomaly_time_out.num_minutes(),
        pace.expire_after_days
    ));
    line(format_args!(
        "次日开盘前到岗：前一晚 {} 和开盘前 {} 分钟提醒",
        clock(pace.session_eve),
        pace.before_session.num_minutes()
    ));
    let recorded = match policy.execution() {
        ExecutionRecord::Button => "运维同事点击按钮",
        ExecutionRecord::ApprovalNode => "运维同事在审批中办理自己的节点",
    };
    line(format_args!("变更执行以{recorded}为准"));
    for market in Market::ALL {
        let words = policy.market_words.of(Some(market)).join("、");
        line(format_args!("涉及{}的字样：{words}", market.name()));
    }
    line(format_args!(
        "涉及全部市场的字样：{}",
        policy.market_words.of(None).join("、")
    ));
    for exchange in Exchange::ALL {
        line(format_args!(
            "{}交易日历：截至 {}",
            exchange.market_name(),
            policy.exchanges().covered_until(exchange)
        ));
    }
    for closure in &policy.closures {
        line(format_args!(
            "临时休市：{} {}（{}）",
            closure.exchange.market_name(),
            closure.day,
            closure.name
        ));
    }
}

pub(super) fn windows(table: &[WeeklyWindow]) -> String {
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
