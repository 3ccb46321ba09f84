//! The tables of an export, in the order in which they are read.

mod changes;

use changegate_figures::{CorrectionKind, Figures, Row};
use changegate_policy::RuleId;

use super::Export;
use super::table::{Cell, Column, Table};

/// Which table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Sheet {
    /// 汇总: by team.
    Teams,
    /// 按月: by month and team.
    Months,
    /// 变更明细: the changes behind the figures.
    Changes,
    /// 按规则: rejections by rule.
    Rules,
    /// 审批用时: how long approvers had it.
    Approvals,
    /// 奖惩条例 2: the lowest anomaly rate of each month.
    Lowest,
    /// 修正记录: corrections.
    Corrections,
}

impl Sheet {
    const ALL: [Self; 7] = [
        Self::Teams,
        Self::Months,
        Self::Changes,
        Self::Rules,
        Self::Approvals,
        Self::Lowest,
        Self::Corrections,
    ];
}

/// Every table.
pub(crate) fn build(export: &Export<'_>) -> Vec<Table> {
    Sheet::ALL.iter().map(|sheet| one(export, *sheet)).collect()
}

/// One table.
pub(crate) fn one(export: &Export<'_>, sheet: Sheet) -> Table {
    let figures = &export.figures;
    match sheet {
        Sheet::Teams => teams(figures),
        Sheet::Months => months(figures),
        Sheet::Changes => changes::table(export),
        Sheet::Rules => rules(figures),
        Sheet::Approvals => approvals(figures),
        Sheet::Lowest => lowest(figures),
        Sheet::Corrections => corrections(export),
    }
}

fn columns(columns: &[(&'static str, u8)]) -> Vec<Column> {
    columns
        .iter()
        .map(|&(heading, width)| Column { heading, width })
        .collect()
}

const TOTAL: &str = "合计";

/// What is told of every group of changes.
const FIGURES: &[(&str, u8)] = &[
    ("提交", 8),
    ("不合规", 8),
    ("一次通过率", 12),
    ("紧急占比", 10),
    ("规则不通过仍签字", 18),
    ("已通过", 8),
    ("不合规仍通过", 14),
    ("已执行", 8),
    ("异常变更", 10),
    ("异常率", 10),
    ("参与排名", 10),
    ("异常未结束", 12),
    ("验证用时中位数（分钟）", 24),
    ("验证用时 P90（分钟）", 22),
];

fn figures_of(row: &Row) -> Vec<Cell> {
    vec![
        Cell::count(row.filed.value),
        Cell::count(row.rejected.part.len()),
        Cell::share(row.first_time_right.value),
        Cell::share(row.emergency.value),
        Cell::count(row.signed_despite.value),
        Cell::count(row.approved_despite.whole.len()),
        Cell::count(row.approved_despite.part.len()),
        Cell::count(row.executed.value),
        Cell::count(row.anomaly_rate.part.len()),
        Cell::share(row.anomaly_rate.value),
        Cell::yes(row.ranked),
        Cell::count(row.anomaly_open.value),
        Cell::minutes(row.time_to_verify.median),
        Cell::minutes(row.time_to_verify.p90.map(f64::from)),
    ]
}

fn with_figures(lead: impl IntoIterator<Item = Cell>, row: &Row) -> Vec<Cell> {
    lead.into_iter().chain(figures_of(row)).collect()
}

fn teams(figures: &Figures) -> Table {
    let rows = figures
        .by_team
        .iter()
        .map(|(team, row)| with_figures([Cell::text(team)], row));
    let total = with_figures([Cell::text(TOTAL)], &figures.total);
    Table {
        name: "汇总",
        columns: columns(&[&[("小组", 16)], FIGURES].concat()),
        rows: rows.chain([total]).collect(),
    }
}

fn months(figures: &Figures) -> Table {
    let mut rows = Vec::new();
    for (month, row) in &figures.by_month {
        let lead = |team: &str| [Cell::text(month.to_string()), Cell::text(team)];
        let teams = figures.by_month_and_team.get(month);
        rows.extend(
            teams
                .into_iter()
                .flatten()
                .map(|(team, row)| with_figures(lead(team), row)),
        );
        rows.push(with_figures(lead(TOTAL), row));
    }
    Table {
        name: "按月",
        columns: columns(&[&[("月份", 10), ("小组", 16)], FIGURES].concat()),
        rows,
    }
}

/// Rejections, the most frequent first.
fn rules(figures: &Figures) -> Table {
    let mut found: Vec<_> = figures.total.rejections_by_rule.iter().collect();
    found.sort_by_key(|(_, count)| std::cmp::Reverse(count.value));
    let row = |(id, count): (&String, &changegate_figures::Count)| {
        let rule: Option<RuleId> = id.parse().ok();
        vec![
            Cell::text(id),
            Cell::text(rule.map_or("", RuleId::name)),
            Cell::text(rule.map_or("", RuleId::clause)),
            Cell::count(count.value),
            Cell::text(count.of.join("、")),
        ]
    };
    Table {
        name: "按规则",
        columns: columns(&[
            ("规则", 24),
            ("名称", 22),
            ("条款", 10),
            ("不合规变更", 12),
            ("审批单号", 60),
        ]),
        rows: found.into_iter().map(row).collect(),
    }
}

fn approvals(figures: &Figures) -> Table {
    let mut rows = Vec::new();
    let groups = figures
        .by_team
        .iter()
        .map(|(team, row)| (team.as_str(), row))
        .chain([(TOTAL, &figures.total)]);
    for (team, row) in groups {
        for (role, times) in &row.time_to_approve {
            rows.push(vec![
                Cell::text(team),
                Cell::text(role),
                Cell::count(times.of.len()),
                Cell::minutes(times.median),
                Cell::minutes(times.p90.map(f64::from)),
            ]);
        }
    }
    Table {
        name: "审批用时",
        columns: columns(&[
            ("小组", 16),
            ("审批角色", 16),
            ("次数", 8),
            ("中位数（分钟）", 16),
            ("P90（分钟）", 14),
        ]),
        rows,
    }
}

fn lowest(figures: &Figures) -> Table {
    let row = |month: changegate_figures::AwardMonth| {
        vec![
            Cell::text(month.month.to_string()),
            Cell::text(month.teams.join("、")),
            Cell::share(month.rate),
        ]
    };
    Table {
        name: "月度最低异常率",
        columns: columns(&[("月份", 10), ("异常率最低的小组", 32), ("异常率", 10)]),
        rows: figures.lowest_by_month().into_iter().map(row).collect(),
    }
}

fn corrections(export: &Export<'_>) -> Table {
    let listed = export.figures.corrections.iter();
    // Claims are in no export.
    let rows = listed
        .filter(|listed| listed.correction.what != CorrectionKind::ClaimWithdrawn)
        .map(|listed| {
            vec![
                Cell::text(&listed.sp_no),
                Cell::Time(listed.correction.at.with_timezone(&export.zone).naive_local()),
                Cell::text(&listed.correction.by),
                Cell::text(correction_name(listed.correction.what)),
                Cell::text(&listed.correction.reason),
            ]
        });
    Table {
        name: "修正记录",
        columns: columns(&[
            ("审批单号", 16),
            ("修正时间", 18),
            ("修正人", 14),
            ("修正内容", 18),
            ("原因", 40),
        ]),
        rows: rows.collect(),
    }
}

fn correction_name(kind: CorrectionKind) -> &'static str {
    match kind {
        CorrectionKind::AnomalyWithdrawn => "撤销一次异常",
        CorrectionKind::AnomalyAdded => "补记一次异常",
        CorrectionKind::IncidentWithdrawn => "不是生产事故",
        CorrectionKind::ClaimWithdrawn => "没有索赔",
    }
}
