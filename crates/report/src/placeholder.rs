//! The names that a template may use in double braces, and what stands there afterwards.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::incident::IncidentReport;

/// What stands where something is still to be written.
pub const MISSING: &str = "【待填写】";

/// A name that a template may use, as in `{{标题}}`.
#[derive(Debug, Clone, Copy)]
pub struct Placeholder {
    /// The name between the braces.
    pub name: &'static str,
    /// What it stands for, in Chinese.
    pub meaning: &'static str,
    /// Whether a report without it lacks a part that the regulation's procedure asks for.
    pub essential: bool,
    value: fn(&IncidentReport) -> String,
}

/// Every name, in the order of the report. `{{原因}}` and `{{原因分析}}` are the same, and so on.
pub fn placeholders() -> &'static [Placeholder] {
    PLACEHOLDERS
}

/// The text for a name, by lines, never without one; none where there is no such name.
pub(crate) fn lines_of(name: &str, report: &IncidentReport) -> Option<Vec<String>> {
    let known = PLACEHOLDERS
        .iter()
        .find(|placeholder| placeholder.name == resolve(name))?;
    let text = (known.value)(report);
    let lines: Vec<String> = text.trim().lines().map(printable).collect();
    Some(if lines.is_empty() {
        vec![MISSING.to_owned()]
    } else {
        lines
    })
}

/// The name behind a shorter one.
pub(crate) fn resolve(name: &str) -> &str {
    match name {
        "影响" => "影响范围",
        "原因" => "原因分析",
        "处理" => "处理过程",
        "预防" => "改进与预防措施",
        other => other,
    }
}

/// What XML has no way to write is left out.
fn printable(line: &str) -> String {
    line.trim_end()
        .chars()
        .filter(|char| *char == '\t' || !(char.is_control() || matches!(char, '\u{fffe}' | '\u{ffff}')))
        .collect()
}

macro_rules! placeholders {
    ($($name:literal, $meaning:literal, $essential:literal, $value:expr;)+) => {
        const PLACEHOLDERS: &[Placeholder] = &[$(Placeholder {
            name: $name, meaning: $meaning, essential: $essential, value: $value,
        }),+];
    };
}

placeholders! {
    "编号", "报告编号", false, |report| report.number.clone();
    "标题", "事故标题", false, |report| report.title.clone();
    "审批单号", "引起事故的变更的审批单号", false, |report| report.sp_no.clone();
    "变更标题", "该变更的标题", false, |report| report.change_title.clone();
    "小组", "所属小组", false, |report| report.team.clone();
    "系统", "所属系统", false, |report| report.system.clone();
    "发生时间", "故障发生时间", false, |report| time(report.occurred_at, report.zone);
    "恢复时间", "服务恢复时间", false, |report| time(report.recovered_at, report.zone);
    "持续时长", "从发生到恢复", false, duration;
    "报告时间", "报告起草时间", false, |report| time(report.drafted_at, report.zone);
    "发现人", "首先报告异常的人", false, |report| report.reported_by.clone();
    "开发人员", "相关开发同事", false, |report| report.developers.join("、");
    "测试人员", "相关测试同事", false, |report| report.testers.join("、");
    "产品经理", "相关产品经理", false, |report| report.product_managers.join("、");
    "运维人员", "执行变更的运维同事", false, |report| report.executors.join("、");
    "事件经过", "时间线，每行一条", true, course;
    "影响范围", "影响范围（也可写 {{影响}}）", true, |report| report.impact.clone();
    "原因分析", "原因分析（也可写 {{原因}}）", true, |report| report.cause.clone();
    "处理过程", "处理过程（也可写 {{处理}}）", true, |report| report.handling.clone();
    "改进与预防措施", "改进与预防措施（也可写 {{预防}}）", true, |report| report.prevention.clone();
    "对外口径", "对用户的统一说明", false, |report| report.statement.clone();
    "通知记录", "何时通知了谁，每行一条", false, told;
}

fn time(at: Option<DateTime<Utc>>, zone: Tz) -> String {
    at.map(|at| at.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string())
        .unwrap_or_default()
}

/// As in `1 小时 5 分钟`; nothing while it lasts, or where it ends before it begins.
fn duration(report: &IncidentReport) -> String {
    let lasted = report
        .occurred_at
        .zip(report.recovered_at)
        .map(|(from, to)| to - from);
    let Some(lasted) = lasted.filter(|lasted| lasted.num_seconds() >= 0) else {
        return String::new();
    };
    match (lasted.num_hours(), lasted.num_minutes() % 60) {
        (0, minutes) => format!("{minutes} 分钟"),
        (hours, 0) => format!("{hours} 小时"),
        (hours, minutes) => format!("{hours} 小时 {minutes} 分钟"),
    }
}

fn course(report: &IncidentReport) -> String {
    let lines = report
        .course
        .iter()
        .map(|entry| line(entry.at, &entry.who, &entry.what, report.zone));
    lines.collect::<Vec<_>>().join("\n")
}

fn told(report: &IncidentReport) -> String {
    let lines = report
        .told
        .iter()
        .map(|entry| line(entry.at, &entry.who, &entry.what, report.zone));
    lines.collect::<Vec<_>>().join("\n")
}

fn line(at: DateTime<Utc>, who: &str, what: &str, zone: Tz) -> String {
    let at = time(Some(at), zone);
    match who.trim() {
        "" => format!("{at}　{what}"),
        who => format!("{at}　{who}：{what}"),
    }
}
