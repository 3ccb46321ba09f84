//! The judgement as the page shows it: what fails first, the corrected texts on top.

use changegate_policy::{ChainStep, Outcome, Policy};
use chrono::{DateTime, Utc};

use super::judged::Judged;
use crate::web::dates;
use crate::web::pages::dossier;
use crate::web::verdict_page::corrections;
use crate::web::verdict_page::groups::{self, Fix};

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
    /// The next legal starts, where a window is the matter.
    pub(super) starts: Vec<String>,
    /// What took the earlier ones.
    pub(super) taken: String,
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
    let corrected = corrections::of(verdict);
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
        groups: groups::of(verdict, &corrected).into_iter().map(group).collect(),
        corrections: corrected.iter().map(owned).collect(),
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

/// A corrected text, as it is copied from this page.
fn owned(correction: &corrections::Correction<'_>) -> Correction {
    Correction {
        id: correction.id.to_owned(),
        name: correction.name,
        text: correction.text.to_owned(),
    }
}

fn group(group: groups::Group<'_>) -> Group {
    Group {
        name: group.name,
        tone: group.tone,
        folded: group.folded,
        rows: group.results.into_iter().map(row).collect(),
    }
}

fn row(result: groups::Row<'_>) -> Row {
    Row {
        name: result.name,
        clause: result.clause.to_owned(),
        message: result.message.to_owned(),
        starts: result.starts.into_iter().map(str::to_owned).collect(),
        taken: result.taken.to_owned(),
        evidence: result.evidence.unwrap_or_default().to_owned(),
        fix: match result.fix {
            Fix::Here(id, text) => Some(Correction {
                id,
                name: result.name,
                text: text.to_owned(),
            }),
            Fix::Above(..) | Fix::None => None,
        },
    }
}
