//! What the evaluation says. Message, page, API and audit all read this one value; its JSON is the public
//! contract of `changegate check --format json`.

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};

use changegate_calendar::Season;

use crate::reading::Urgency;
use crate::rule::{Mode, RuleId};

/// The whole answer for one submission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// The approval's number.
    pub sp_no: String,
    /// The verdict itself.
    pub verdict: Outcome,
    /// The policy it was made under.
    pub policy: PolicyRef,
    /// When it was made (`now` of the caller), in the policy's zone.
    pub evaluated_at: DateTime<FixedOffset>,
    /// What was read from the form.
    pub change: ChangeSummary,
    /// Every rule's result, in the order of the regulation.
    pub results: Vec<RuleResult>,
}

/// The verdict on a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Some rule fails.
    Rejected,
    /// No rule fails; some rule's fact could not be had yet.
    Undecided,
    /// Nothing fails or is open; something could be better.
    Warnings,
    /// All is well.
    Compliant,
    /// Not an approval of a configured template.
    NotApplicable,
}

impl Outcome {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rejected => "不合规",
            Self::Undecided => "待核实",
            Self::Warnings => "合规（有改进建议）",
            Self::Compliant => "合规",
            Self::NotApplicable => "不适用",
        }
    }
}

/// What a rule says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// As the regulation wants it.
    Pass,
    /// Against the regulation.
    Fail,
    /// Could be better.
    Warn,
    /// Does not apply; the message says why.
    Skip,
    /// A fact it needs could not be had; the message says which.
    Unknown,
}

/// The policy version behind a verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyRef {
    /// The regulation's own version, such as `2.1`.
    pub version: String,
    /// SHA-256 of the policy file, lower-case hex.
    pub sha256: String,
}

/// What was read from the form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeSummary {
    /// The title as entered.
    pub title: String,
    /// The urgency, where it is set.
    pub urgency: Option<Urgency>,
    /// The change day in the policy's zone.
    pub change_day: Option<NaiveDate>,
    /// The window that the change falls in, else the next.
    pub window: Option<WindowSummary>,
    /// The items of the description.
    pub items: Vec<ItemSummary>,
    /// The system named in the title.
    pub system: Option<String>,
    /// The feature named in the title.
    pub feature: Option<String>,
}

/// A change window, in the policy's zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowSummary {
    /// Its first instant.
    pub opens: DateTime<FixedOffset>,
    /// The first instant after it.
    pub closes: DateTime<FixedOffset>,
    /// The season of New York at its opening.
    pub season: Season,
}

/// One item of the description.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemSummary {
    /// Its place in the list, from 1.
    pub number: u32,
    /// Its feature's name, with the closing 功能 where it has it.
    pub feature: String,
    /// JIRA keys of its valid links, upper case.
    pub jira: Vec<String>,
}

/// One rule's result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleResult {
    /// The rule.
    pub rule: RuleId,
    /// The clause of the regulation behind it.
    pub clause: String,
    /// What it says.
    pub status: Status,
    /// What is wrong, or why the rule does not apply, in the words of the form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The offending text as it stands on the form, or the record that a rule on facts rests on, also of a pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// Where the evidence stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Evidence>,
    /// The corrected text, ready to paste.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
    /// Whether the rule is only watched; absent when in force.
    #[serde(default, skip_serializing_if = "Mode::is_in_force")]
    pub mode: Mode,
    /// Whether a waiver lifts it: it keeps its status and does not count for the verdict.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub waived: bool,
}

/// Where a piece of evidence stands: `start..end` counts characters (Unicode scalar values) of the field's
/// original text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The field's key in `[wecom.fields]`, such as `description`.
    pub field: String,
    /// First character.
    pub start: usize,
    /// First character after it.
    pub end: usize,
}

impl Verdict {
    /// The results that count for the verdict: in force and not waived.
    pub fn binding(&self) -> impl Iterator<Item = &RuleResult> {
        self.results
            .iter()
            .filter(|result| result.mode.is_in_force() && !result.waived)
    }

    /// The result of one rule.
    pub fn of(&self, rule: RuleId) -> Option<&RuleResult> {
        self.results.iter().find(|result| result.rule == rule)
    }
}
