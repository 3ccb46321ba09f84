//! 变更明细: one line for each change behind the figures.

use changegate_figures::{Entry, Judged, NO_TEAM, Outcome, Urgency};
use chrono::{DateTime, Utc};

use super::{Cell, Export, Table, columns};

pub(super) fn table(export: &Export<'_>) -> Table {
    let mut entries: Vec<_> = export.changes().collect();
    entries.sort_by(|one, other| one.sp_no.cmp(&other.sp_no));
    Table {
        name: "变更明细",
        columns: columns(&[
            ("审批单号", 16),
            ("标题", 36),
            ("小组", 14),
            ("系统", 14),
            ("紧急程度", 10),
            ("申请人", 14),
            ("提交时间", 18),
            ("首次评审", 12),
            ("最近评审", 12),
            ("首次不通过的规则", 30),
            ("规则不通过仍签字次数", 22),
            ("通过时间", 18),
            ("执行时间", 18),
            ("验证时间", 18),
            ("结束时间", 18),
            ("结果", 12),
            ("异常次数", 10),
            ("生产事故", 10),
        ]),
        rows: entries.into_iter().map(|entry| row(entry, export)).collect(),
    }
}

fn row(entry: &Entry, export: &Export<'_>) -> Vec<Cell> {
    let time = |at: Option<DateTime<Utc>>| {
        at.map_or(Cell::Empty, |at| {
            Cell::Time(at.with_timezone(&export.zone).naive_local())
        })
    };
    let team = match entry.team.trim() {
        "" => NO_TEAM,
        team => team,
    };
    vec![
        Cell::text(&entry.sp_no),
        Cell::text(&entry.title),
        Cell::text(team),
        Cell::text(&entry.system),
        Cell::text(urgency(entry.urgency)),
        Cell::text(&entry.applicant),
        time(entry.filed_at),
        entry
            .first_verdict
            .map_or(Cell::Empty, |verdict| Cell::text(judged(verdict))),
        entry
            .last_verdict
            .map_or(Cell::Empty, |verdict| Cell::text(judged(verdict))),
        Cell::text(entry.rules_failed.join("、")),
        Cell::Count(entry.signed_despite),
        time(entry.approved_at),
        time(entry.executed_at),
        time(entry.verified_at),
        time(entry.closed_at),
        entry
            .outcome
            .map_or(Cell::Empty, |outcome| Cell::text(ended(outcome))),
        Cell::Count(entry.counted_anomalies()),
        Cell::yes(entry.counts_as_incident()),
    ]
}

fn urgency(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Normal => "正常",
        Urgency::Emergency => "紧急",
        Urgency::Unset => "",
    }
}

fn judged(verdict: Judged) -> &'static str {
    match verdict {
        Judged::Rejected => "不合规",
        Judged::Undecided => "待核实",
        Judged::Warnings => "有改进建议",
        Judged::Compliant => "合规",
    }
}

fn ended(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Successful => "成功",
        Outcome::RolledBack => "已回退",
        Outcome::FixedForward => "修复后完成",
        Outcome::Withdrawn => "已撤销",
        Outcome::Declined => "已驳回",
        Outcome::Superseded => "已被新流程替代",
        Outcome::Expired => "已过期",
    }
}
