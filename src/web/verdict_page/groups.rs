//! The rules' results, grouped by what they ask of the reader.

use changegate_policy::{RuleResult, Status, Verdict};

use super::corrections::{Correction, is_against};

/// Where the policy's window rules name the next legal starts.
const STARTS: &str = "。可选的变更时间：";
/// Where they go on with what took the earlier ones.
const TAKEN: &str = "（不可选：";

/// Results that ask the same of the reader.
#[derive(Debug)]
pub(crate) struct Group<'a> {
    pub(crate) name: &'static str,
    /// Its class in the style sheet.
    pub(crate) tone: &'static str,
    pub(crate) folded: bool,
    pub(crate) results: Vec<Row<'a>>,
}

/// One rule's result.
#[derive(Debug)]
pub(crate) struct Row<'a> {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) clause: &'a str,
    pub(crate) message: &'a str,
    /// The next legal starts, where a window is the matter.
    pub(crate) starts: Vec<&'a str>,
    /// What took the earlier ones.
    pub(crate) taken: &'a str,
    pub(crate) evidence: Option<&'a str>,
    pub(crate) place: String,
    pub(crate) fix: Fix<'a>,
}

/// Where the corrected text stands.
#[derive(Debug)]
pub(crate) enum Fix<'a> {
    /// There is none.
    None,
    /// At the top of the page: the place, and the control.
    Above(&'static str, &'static str),
    /// With the rule: the place, and the text.
    Here(String, &'a str),
}

/// The groups that have results. Rules that are only watched are for administrators and do not show.
pub(crate) fn of<'a>(verdict: &'a Verdict, corrections: &[Correction<'a>]) -> Vec<Group<'a>> {
    let binding = |name, tone, status, folded| {
        group(
            name,
            tone,
            folded,
            verdict.binding().filter(|result| result.status == status),
            corrections,
        )
    };
    let waived = verdict
        .results
        .iter()
        .filter(|result| result.mode.is_in_force() && result.waived && is_against(result));
    [
        binding("不合规", "fail", Status::Fail, false),
        binding("建议改进", "warn", Status::Warn, false),
        binding("尚在核对", "open", Status::Unknown, false),
        group("已豁免", "waived", true, waived, corrections),
        binding("通过", "pass", Status::Pass, true),
        binding("不适用", "skip", Status::Skip, true),
    ]
    .into_iter()
    .filter(|group| !group.results.is_empty())
    .collect()
}

fn group<'a>(
    name: &'static str,
    tone: &'static str,
    folded: bool,
    results: impl Iterator<Item = &'a RuleResult>,
    corrections: &[Correction<'a>],
) -> Group<'a> {
    Group {
        name,
        tone,
        folded,
        results: results.map(|result| row(result, corrections)).collect(),
    }
}

fn row<'a>(result: &'a RuleResult, corrections: &[Correction<'a>]) -> Row<'a> {
    let message = result.message.as_deref().unwrap_or_default();
    let (message, starts) = message.split_once(STARTS).unwrap_or((message, ""));
    let (starts, taken) = starts.split_once(TAKEN).unwrap_or((starts, ""));
    let has_clause = result.clause.chars().any(char::is_alphanumeric);
    Row {
        id: result.rule.id(),
        name: result.rule.name(),
        clause: if has_clause { &result.clause } else { "" },
        message,
        starts: starts.split('，').filter(|start| !start.is_empty()).collect(),
        taken: taken.strip_suffix('）').unwrap_or(taken),
        evidence: result
            .evidence
            .as_deref()
            .filter(|evidence| !evidence.trim().is_empty()),
        place: place(result),
        fix: fix(result, corrections),
    }
}

fn fix<'a>(result: &'a RuleResult, corrections: &[Correction<'a>]) -> Fix<'a> {
    let Some(text) = result.fix.as_deref() else {
        return Fix::None;
    };
    corrections
        .iter()
        .find(|correction| correction.text == text)
        .map_or_else(
            || Fix::Here(format!("fix-{}", result.rule.id()), text),
            |correction| Fix::Above(correction.id, correction.name),
        )
}

/// Where the evidence stands on the form, counted as people count; a record of JIRA, a registry or a mail stands
/// nowhere on it.
fn place(result: &RuleResult) -> String {
    let Some(position) = &result.position else {
        return "依据".to_owned();
    };
    let field = field_name(&position.field);
    let (first, last) = (position.start.saturating_add(1), position.end);
    if first < last {
        format!("{field}，第 {first}–{last} 字")
    } else {
        format!("{field}，第 {first} 字")
    }
}

fn field_name(key: &str) -> &str {
    match key {
        "title" => "标题",
        "urgency" => "紧急程度",
        "description" => "升级功能描述",
        "rollback" => "回退方案",
        "product_manager" => "产品经理",
        "tester" => "测试同事",
        "middle_platform" => "中台模块权限及接口",
        "attachments" => "附件",
        "related" => "关联审批单",
        "planned_time" => "计划变更时间",
        "images" => "镜像",
        "markets" => "涉及市场",
        other => other,
    }
}
