//! Lines that several messages share.

use changegate_lifecycle::Stage;
use changegate_policy::{Directory, Role, RuleId, RuleResult, Status, Urgency, UserId, Verdict};
use chrono::{DateTime, Datelike, FixedOffset, Weekday};

use crate::about::{About, Link};
use crate::letter::{Letter, Point};
use crate::plain::{is_safe_code, plain, shorten};

/// A number is a dozen digits; whatever else is sent in its place does not take the message's room.
const LONGEST_NUMBER: usize = 64;

/// A corrected title beyond this is copied from the page.
const LONGEST_TITLE: usize = 600;

/// How the policy's fixes begin a blank that only the applicant can fill.
const BLANK: &str = "【待填写";

/// Where the policy's window rules name the next legal starts.
const STARTS: &str = "。可选的变更时间：";
/// Where they go on with what took the earlier ones.
const TAKEN: &str = "（不可选：";

/// The change by title and number.
pub(crate) fn identity(letter: &mut Letter, about: &About<'_>) {
    let title = if about.title.trim().is_empty() {
        "（未填写标题）"
    } else {
        about.title
    };
    letter.text("变更：", title);
    letter.line(format!("单号：{}", shorten(&plain(about.sp_no), LONGEST_NUMBER)));
}

/// Who applied, and how urgently.
pub(crate) fn applicant(letter: &mut Letter, about: &About<'_>, verdict: &Verdict) {
    letter.text("申请人：", &about.names_of(about.applicants));
    if let Some(urgency) = verdict.change.urgency {
        letter.line(format!("紧急程度：{}", urgency_name(urgency)));
    }
}

/// The results that count and have a status.
pub(crate) fn with_status(verdict: &Verdict, status: Status) -> Vec<&RuleResult> {
    verdict
        .binding()
        .filter(|result| result.status == status)
        .collect()
}

/// A list of what rules say, with its heading in one of WeCom's colours.
pub(crate) fn list(letter: &mut Letter, colour: &str, heading: &str, results: &[&RuleResult]) {
    if results.is_empty() {
        return;
    }
    letter.gap();
    letter.line(format!("<font color=\"{colour}\">{heading}</font>"));
    letter.points(results.iter().map(|result| point(result)));
}

/// The title to copy, where the one on the form is against the rule.
pub(crate) fn corrected_title(letter: &mut Letter, verdict: &Verdict) {
    let fix = verdict
        .binding()
        .filter(|result| result.rule == RuleId::TitleFormat && is_against(result))
        .find_map(|result| result.fix.as_deref());
    let Some(fix) = fix else { return };
    let elsewhere = "更正后的标题请在详情页复制";
    letter.gap();
    if fix.len() <= LONGEST_TITLE && is_safe_code(fix) {
        let to_fill = if fix.contains(BLANK) {
            "（请先补全标出的空白）"
        } else {
            ""
        };
        letter.extra_or(format!("更正后的标题{to_fill}：\n`{}`", fix.trim()), elsewhere);
    } else {
        letter.line(elsewhere);
    }
}

/// The next legal starts, once, however many rules name them.
pub(crate) fn next_starts(letter: &mut Letter, verdict: &Verdict) {
    let starts = verdict
        .binding()
        .filter(|result| is_against(result))
        .find_map(|result| result.message.as_deref()?.split_once(STARTS))
        .map(|(_, starts)| starts.split_once(TAKEN).map_or(starts, |(starts, _)| starts));
    if let Some(starts) = starts {
        letter.gap();
        letter.extra(format!(
            "可选的变更时间：{}",
            shorten(&plain(&windows(starts)), LONGEST_TITLE)
        ));
    }
}

/// Rules by name in one line, such as what could be better beside what fails.
pub(crate) fn names(rules: impl IntoIterator<Item = RuleId>) -> String {
    rules.into_iter().map(RuleId::name).collect::<Vec<_>>().join("、")
}

/// What could be better, in one line.
pub(crate) fn advice(letter: &mut Letter, verdict: &Verdict) {
    let warned = with_status(verdict, Status::Warn);
    if !warned.is_empty() {
        let named = names(warned.iter().map(|result| result.rule));
        letter.gap();
        letter.extra_or(
            format!("另有 {} 项建议改进：{named}", warned.len()),
            &format!("另有 {} 项建议改进，见详情", warned.len()),
        );
    }
}

/// What is still open, in one line.
pub(crate) fn open(letter: &mut Letter, verdict: &Verdict) {
    let unknown = with_status(verdict, Status::Unknown);
    if !unknown.is_empty() {
        let named = names(unknown.iter().map(|result| result.rule));
        letter.gap();
        letter.extra_or(
            format!("另有 {} 项尚在核对：{named}", unknown.len()),
            &format!("另有 {} 项尚在核对，见详情", unknown.len()),
        );
    }
}

/// Rules that a waiver lifts.
pub(crate) fn waived(letter: &mut Letter, verdict: &Verdict) {
    let lifted: Vec<RuleId> = verdict
        .results
        .iter()
        .filter(|result| result.waived && is_against(result))
        .map(|result| result.rule)
        .collect();
    if !lifted.is_empty() {
        letter.extra(format!("已豁免：{}", names(lifted)));
    }
}

/// The way to the page.
pub(crate) fn link(letter: &mut Letter, link: Link<'_>, text: &str) {
    letter.gap();
    letter.line(format!("[{text}]({})", link.address()));
}

/// What an applicant has to do about a form that breaks the regulation.
pub(crate) fn what_to_do(stage: Stage) -> &'static str {
    match stage {
        Stage::Submitted | Stage::Approving => "变更申请不合规，请撤销后按下文修改再提交",
        Stage::Returned => "变更申请不合规，请按下文修改后重新提交",
        Stage::Approved => "变更已通过审批但不合规，请暂缓发布并联系运维负责人",
        Stage::Withdrawn | Stage::Declined => "变更申请不合规，再次提交时请按下文修改",
    }
}

/// What comes after filing: the window of a 正常 change, the mail of a 紧急 one, and who signs.
pub(crate) fn what_is_next(letter: &mut Letter, about: &About<'_>, verdict: &Verdict) {
    let urgency = verdict.change.urgency;
    if let (Some(window), Some(Urgency::Normal)) = (&verdict.change.window, urgency) {
        letter.line(format!("变更窗口：{}", period(window.opens, window.closes)));
    }
    let chain = match urgency {
        Some(Urgency::Emergency) => "开发组长 → 测试组长 → 平台产品技术线 CCB 组 → 运维负责人",
        Some(Urgency::Normal) | None => "开发组长 → 测试组长 → 运维负责人",
    };
    match about.stage {
        Stage::Submitted | Stage::Approving | Stage::Returned => {
            letter.line(format!("审批顺序：{chain}"));
        }
        Stage::Approved => {
            letter.line("审批已全部通过，请与运维同事确认变更时间");
        }
        Stage::Withdrawn | Stage::Declined => {}
    }
    if urgency == Some(Urgency::Emergency) && about.stage.is_open() {
        letter.line("紧急变更还需邮件申请：发送小组长、运维部、产研线总监，抄送项目经理、产品经理及测试人员");
    }
}

/// What an approver is to look at, by the role in which the directory knows them (七).
pub(crate) fn checklist(letter: &mut Letter, reader: &UserId, about: &About<'_>) {
    let Some(directory) = about.directory() else {
        return;
    };
    for line in duties(directory, reader) {
        letter.extra(format!("<font color=\"comment\">{line}</font>"));
    }
}

fn duties(directory: &Directory, reader: &UserId) -> Vec<&'static str> {
    let leads = |of: fn(&changegate_policy::Team) -> &std::collections::BTreeSet<UserId>| {
        directory.teams.iter().any(|team| of(team).contains(reader))
    };
    [
        (
            leads(|team| &team.development_leads),
            "开发组长请核对：SIT 测试与验收已通过，有回退方案，涉及中台及前端页面的已通知对方同步上线（七.1）",
        ),
        (leads(|team| &team.test_leads), "测试组长请核对：功能测试完成，UAT 验收通过，回归测试完成（七.2）"),
        (directory.holds(reader, Role::Ccb), "CCB 组请核对：已充分了解紧急变更的情况（七.3）"),
        (
            directory.holds(reader, Role::OperationsLead),
            "运维负责人请核对：流程是否规范，不规范应退回并指导填写（七.4）",
        ),
    ]
    .into_iter()
    .filter_map(|(holds, line)| holds.then_some(line))
    .collect()
}

/// The rule with its clause, where the regulation has one.
pub(crate) fn rule_and_clause(result: &RuleResult) -> String {
    let clause = plain(&result.clause);
    let name = result.rule.name();
    if clause.chars().any(char::is_alphanumeric) {
        format!("{name}（{}）", shorten(&clause, 24))
    } else {
        name.to_owned()
    }
}

/// Whether a result speaks against the form, or asks for better.
pub(crate) fn is_against(result: &RuleResult) -> bool {
    match result.status {
        Status::Fail | Status::Warn => true,
        Status::Pass | Status::Skip | Status::Unknown => false,
    }
}

fn point(result: &RuleResult) -> Point {
    let message = result.message.as_deref().unwrap_or_default();
    let fault = message.split_once(STARTS).map_or(message, |(fault, _)| fault);
    Point {
        label: format!("**{}**", rule_and_clause(result)),
        text: fault.to_owned(),
    }
}

fn urgency_name(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Normal => "正常",
        Urgency::Emergency => "紧急",
    }
}

/// Windows one after the other, told apart as the commas inside a sentence are not.
fn windows(starts: &str) -> String {
    starts.trim_end_matches('。').replace('，', "；")
}

/// A window such as 11月24日（周二）16:30–21:00.
fn period(opens: DateTime<FixedOffset>, closes: DateTime<FixedOffset>) -> String {
    let weekday = match opens.weekday() {
        Weekday::Mon => "周一",
        Weekday::Tue => "周二",
        Weekday::Wed => "周三",
        Weekday::Thu => "周四",
        Weekday::Fri => "周五",
        Weekday::Sat => "周六",
        Weekday::Sun => "周日",
    };
    format!(
        "{}月{}日（{weekday}）{}–{}",
        opens.month(),
        opens.day(),
        opens.format("%H:%M"),
        closes.format("%H:%M")
    )
}
