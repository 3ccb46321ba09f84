//! The judgement as the page shows it: what fails first, the corrected texts on top.

use changegate_policy::{ChainStep, Outcome, Policy, RuleId, RuleResult, Status, Verdict};
use chrono::{DateTime, Utc};

use super::judged::Judged;
use crate::web::dates;
use crate::web::pages::dossier;

/// The whole result.
#[derive(Debug)]
pub(super) struct ResultView {
    pub(super) tone: &'static str,
    pub(super) sign: &'static str,
    pub(super) word: &'static str,
    pub(super) what_to_do: &'static str,
    /// When it is judged.
    pub(super) at: String,
    pub(super) window: String,
    pub(super) corrections: Vec<Correction>,
    pub(super) groups: Vec<Group>,
    /// Place and names, in order.
    pub(super) chain: Vec<(&'static str, String)>,
    /// Why it cannot be filed from here.
    pub(super) obstacles: Vec<String>,
    /// How many rules fail and count.
    pub(super) failing: usize,
}

/// A corrected text.
#[derive(Debug)]
pub(super) struct Correction {
    pub(super) id: String,
    pub(super) name: &'static str,
    pub(super) text: String,
}

/// Results of one kind.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) name: &'static str,
    pub(super) tone: &'static str,
    pub(super) folded: bool,
    pub(super) rows: Vec<Row>,
}

/// One rule's result.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) clause: String,
    pub(super) message: String,
    pub(super) evidence: String,
    /// The corrected text, where it is not on top.
    pub(super) fix: Option<Correction>,
}

/// Makes the result.
pub(super) fn view(
    judged: &Judged,
    obstacles: Vec<String>,
    at: DateTime<Utc>,
    is_now: bool,
    policy: &Policy,
) -> ResultView {
    let verdict = &judged.verdict;
    let (tone, sign, word, what_to_do) = banner(verdict.verdict);
    let corrections = corrections(verdict);
    let minute = dates::minute(policy.local(at));
    ResultView {
        tone,
        sign,
        word,
        what_to_do,
        at: if is_now {
            format!("{minute}（现在）")
        } else {
            minute
        },
        window: verdict.change.window.as_ref().map_or_else(
            || "近期没有变更窗口".to_owned(),
            |window| dates::period(window.opens, Some(window.closes)),
        ),
        groups: groups(verdict, &corrections),
        corrections,
        chain: match &judged.chain {
            Some(Ok(steps)) => steps.iter().map(|step| people(step, policy)).collect(),
            Some(Err(_)) | None => Vec::new(),
        },
        obstacles,
        failing: judged.failing(),
    }
}

fn banner(outcome: Outcome) -> (&'static str, &'static str, &'static str, &'static str) {
    match outcome {
        Outcome::Rejected => (
            "fail",
            "✕",
            "不合规",
            "请按下文修改后再提交；现在提交会被判为不合规。",
        ),
        Outcome::Undecided => (
            "open",
            "…",
            "尚在核对",
            "有的规则暂时无法核对，可以稍后再看，也可以先提交。",
        ),
        Outcome::Warnings => ("warn", "!", "合规，有改进建议", "可以提交；建议先按下文改进。"),
        Outcome::Compliant => ("pass", "✓", "合规", "可以提交。"),
        Outcome::NotApplicable => ("skip", "–", "不在检查范围", "这份表单不在检查范围。"),
    }
}

fn people(step: &ChainStep, policy: &Policy) -> (&'static str, String) {
    let names = dossier::names(&step.members, policy);
    let any = if step.members.len() > 1 {
        "（或签）"
    } else {
        ""
    };
    (step.name, format!("{names}{any}"))
}

/// Title and description as they should be, each once.
fn corrections(verdict: &Verdict) -> Vec<Correction> {
    let fix = |rules: &[RuleId]| {
        verdict
            .binding()
            .filter(|result| rules.contains(&result.rule) && is_against(result))
            .find_map(|result| result.fix.clone())
    };
    let title = fix(&[RuleId::TitleFormat]).map(|text| ("fix-title", "标题", text));
    let description = fix(&[
        RuleId::DescriptionItems,
        RuleId::DescriptionUat,
        RuleId::DescriptionRegression,
        RuleId::DescriptionJira,
    ]);
    let description = description.map(|text| ("fix-description", "升级功能描述", text));
    title
        .into_iter()
        .chain(description)
        .map(|(id, name, text)| Correction {
            id: id.to_owned(),
            name,
            text,
        })
        .collect()
}

fn is_against(result: &RuleResult) -> bool {
    match result.status {
        Status::Fail | Status::Warn => true,
        Status::Pass | Status::Skip | Status::Unknown => false,
    }
}

fn groups(verdict: &Verdict, corrections: &[Correction]) -> Vec<Group> {
    [
        ("不合规", "fail", Status::Fail, false),
        ("建议改进", "warn", Status::Warn, false),
        ("尚在核对", "open", Status::Unknown, false),
        ("通过", "pass", Status::Pass, true),
        ("不适用", "skip", Status::Skip, true),
    ]
    .into_iter()
    .map(|(name, tone, status, folded)| Group {
        name,
        tone,
        folded,
        rows: verdict
            .binding()
            .filter(|result| result.status == status)
            .map(|result| row(result, corrections))
            .collect(),
    })
    .filter(|group| !group.rows.is_empty())
    .collect()
}

fn row(result: &RuleResult, corrections: &[Correction]) -> Row {
    let has_clause = result.clause.chars().any(char::is_alphanumeric);
    let on_top = |text: &String| corrections.iter().any(|correction| correction.text == *text);
    Row {
        name: result.rule.name(),
        clause: if has_clause {
            result.clause.clone()
        } else {
            String::new()
        },
        message: result.message.clone().unwrap_or_default(),
        evidence: result.evidence.clone().unwrap_or_default(),
        fix: result
            .fix
            .clone()
            .filter(|text| !on_top(text))
            .map(|text| Correction {
                id: format!("fix-{}", result.rule.id()),
                name: result.rule.name(),
                text,
            }),
    }
}
