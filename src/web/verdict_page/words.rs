//! The page's own words: banner, facts, the way to a waiver.

use changegate_calendar::Season;
use changegate_lifecycle::Stage;
use changegate_policy::{Directory, Outcome, Role, Status, Urgency, UserId, Verdict, WindowSummary};

use super::VerdictPage;
use crate::web::dates;

/// The verdict at the top.
#[derive(Debug)]
pub(super) struct Banner {
    /// Its class in the style sheet.
    pub(super) tone: &'static str,
    pub(super) sign: &'static str,
    pub(super) word: &'static str,
    pub(super) what_to_do: &'static str,
    pub(super) counts: String,
}

/// One line about the change.
#[derive(Debug)]
pub(crate) struct Fact {
    /// What.
    pub(crate) name: &'static str,
    /// How it is.
    pub(crate) value: String,
}

/// How to ask for a waiver.
#[derive(Debug)]
pub(super) struct Waiver {
    pub(super) whom: String,
    pub(super) rules: String,
}

pub(super) fn banner(page: &VerdictPage<'_>) -> Banner {
    let verdict = page.verdict;
    let (tone, sign, word) = match verdict.verdict {
        Outcome::Rejected => ("fail", "✕", "不合规"),
        Outcome::Undecided => ("open", "…", "尚在核对"),
        Outcome::Warnings => ("warn", "!", "合规，有改进建议"),
        Outcome::Compliant => ("pass", "✓", "合规"),
        Outcome::NotApplicable => ("skip", "–", "不在检查范围"),
    };
    Banner {
        tone,
        sign,
        word,
        what_to_do: what_to_do(verdict.verdict, stage(page)),
        counts: counts(verdict),
    }
}

/// The stored word as a stage; a change that never left the first has none yet.
fn stage(page: &VerdictPage<'_>) -> Stage {
    Stage::from_word(&page.change.stage).unwrap_or_default()
}

fn what_to_do(outcome: Outcome, stage: Stage) -> &'static str {
    match (outcome, stage) {
        (_, Stage::Withdrawn) => "审批单已撤销，无需再处理；再次提交时请留意下列各项。",
        (_, Stage::Declined) => "审批单已驳回，无需再处理；再次提交时请留意下列各项。",
        (_, Stage::Superseded) => "已被新流程替代，无需再处理；本单请撤销。",
        (_, Stage::Expired) => "长时间未执行，流程已过期；仍需上线请重新提交。",
        (Outcome::NotApplicable, _) => "该审批不是生产上线变更，无需操作。",
        (_, Stage::Executing) => "变更正在执行，请等待运维同事报告完成。",
        (_, Stage::Verifying) => "变更已执行，请立即在生产验证，并留意反馈群。",
        (_, Stage::Anomaly) => "变更出现异常，请立即处理；不能很快修复的执行回退。",
        (_, Stage::RollingBack) => "正在回退，请等待运维同事报告完成。",
        (_, Stage::RolledBack) => "已回退，请确认原功能恢复正常。",
        (_, Stage::Fixed) => "问题已修复，请确认功能正常。",
        (_, Stage::Closed) => "变更已结束，无需操作。",
        (Outcome::Rejected, Stage::Submitted | Stage::Approving) => "请撤销后按下文修改，再重新提交。",
        (Outcome::Rejected, Stage::Returned) => "请按下文修改后重新提交。",
        (Outcome::Rejected, Stage::Approved) => "审批虽已通过，请暂缓发布，并联系运维负责人。",
        (Outcome::Undecided, _) => "已受理，暂无需操作；核对完成后另行通知。",
        (Outcome::Warnings, _) => "已受理，建议不影响审批，下次填写时请留意。",
        (Outcome::Compliant, Stage::Approved) => "审批已全部通过，请与运维同事确认变更时间。",
        (Outcome::Compliant, _) => "已受理，请等待审批。",
    }
}

fn counts(verdict: &Verdict) -> String {
    let of = |status, unit: &str| {
        let count = verdict.binding().filter(|result| result.status == status).count();
        (count > 0).then(|| format!("{count} 项{unit}"))
    };
    [
        of(Status::Fail, "不合规"),
        of(Status::Warn, "建议改进"),
        of(Status::Unknown, "尚在核对"),
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join(" · ")
}

pub(super) fn facts(page: &VerdictPage<'_>) -> Vec<Fact> {
    let change = &page.verdict.change;
    let stored = page.change;
    let mut facts = vec![Fact {
        name: "状态",
        value: stage(page).name().to_owned(),
    }];
    if !stored.applicant.is_empty() {
        facts.push(Fact {
            name: "申请人",
            value: name_of(page, &stored.applicant),
        });
    }
    facts.push(Fact {
        name: "紧急程度",
        value: change.urgency.map_or("未填写", urgency).to_owned(),
    });
    facts.extend(stored.apply_time.map(|at| Fact {
        name: "发起时间",
        value: dates::minute(page.policy.local(at)),
    }));
    facts.extend(planned(page).map(|value| Fact {
        name: "计划时间",
        value,
    }));
    facts.extend(change.change_day.map(|date| Fact {
        name: "变更日",
        value: dates::day(date),
    }));
    facts.extend(change.window.as_ref().map(|window| Fact {
        name: if change.change_day == Some(window.opens.date_naive()) {
            "变更窗口"
        } else {
            "下一窗口"
        },
        value: period(window),
    }));
    facts.extend(change.system.clone().map(|value| Fact {
        name: "系统", value
    }));
    facts
}

fn planned(page: &VerdictPage<'_>) -> Option<String> {
    let from = page.policy.local(page.change.planned_from?);
    let until = page.change.planned_until.map(|until| page.policy.local(until));
    Some(dates::period(from, until))
}

/// Only a form that breaks rules and was not carried out yet needs one.
pub(super) fn waiver(page: &VerdictPage<'_>) -> Option<Waiver> {
    let failed: Vec<&str> = page
        .verdict
        .binding()
        .filter(|result| result.status == Status::Fail)
        .map(|result| result.rule.name())
        .collect();
    if failed.is_empty() || !stage(page).is_before_execution() {
        return None;
    }
    Some(Waiver {
        whom: whom(page.directory),
        rules: failed.join("、"),
    })
}

/// Who decides on waivers, by name where the directory has names.
fn whom(directory: Option<&Directory>) -> String {
    let named = |role| {
        let names: Vec<&str> = directory
            .into_iter()
            .flat_map(|directory| directory.holders(role).map(|user| directory.name_of(user)))
            .collect();
        if names.is_empty() {
            String::new()
        } else {
            format!("（{}）", names.join("、"))
        }
    };
    format!(
        "运维负责人{}或变更闸管理员{}",
        named(Role::OperationsLead),
        named(Role::Admin)
    )
}

fn name_of(page: &VerdictPage<'_>, id: &str) -> String {
    let user = UserId::new(id);
    page.directory
        .map_or(id, |directory| directory.name_of(&user))
        .to_owned()
}

fn urgency(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Normal => "正常",
        Urgency::Emergency => "紧急",
    }
}

fn period(window: &WindowSummary) -> String {
    let season = match window.season {
        Season::Daylight => "美国夏令时",
        Season::Standard => "美国冬令时",
    };
    let (opens, closes) = (window.opens, window.closes);
    format!(
        "{} {}–{}（{season}）",
        dates::day(opens.date_naive()),
        opens.format("%H:%M"),
        closes.format("%H:%M")
    )
}
