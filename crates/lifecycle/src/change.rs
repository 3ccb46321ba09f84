//! What is remembered of a change between two events.

use std::collections::{BTreeMap, BTreeSet};

use changegate_policy::{Outcome, RuleId, Status, UserId, Verdict};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Where a change stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Filed; no verdict yet.
    #[default]
    Submitted,
    /// Its approvers are signing.
    Approving,
    /// An approver sent it back (退回); it goes on when it is handed in again.
    Returned,
    /// Every approver signed.
    Approved,
    /// Closed: the applicant withdrew or deleted it.
    Withdrawn,
    /// Closed: an approver declined it.
    Declined,
}

impl Stage {
    /// Every stage.
    pub const ALL: &'static [Self] = &[
        Self::Submitted,
        Self::Approving,
        Self::Returned,
        Self::Approved,
        Self::Withdrawn,
        Self::Declined,
    ];

    /// The word for it in the API and in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Approving => "approving",
            Self::Returned => "returned",
            Self::Approved => "approved",
            Self::Withdrawn => "withdrawn",
            Self::Declined => "declined",
        }
    }

    /// The stage of a word; none where there is no such stage.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|stage| stage.word() == word)
    }

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Submitted => "已提交",
            Self::Approving => "审批中",
            Self::Returned => "已退回",
            Self::Approved => "已通过",
            Self::Withdrawn => "已撤销",
            Self::Declined => "已驳回",
        }
    }

    /// Whether it still takes its course.
    pub fn is_open(self) -> bool {
        match self {
            Self::Submitted | Self::Approving | Self::Returned | Self::Approved => true,
            Self::Withdrawn | Self::Declined => false,
        }
    }

    /// Whether approvers may still act on it.
    pub fn awaits_approvers(self) -> bool {
        match self {
            Self::Submitted | Self::Approving | Self::Returned => true,
            Self::Approved | Self::Withdrawn | Self::Declined => false,
        }
    }
}

/// One thing that a verdict holds against a form, as far as it can be compared with an earlier one: proposals
/// such as the next legal start move with time and are no news.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Fault {
    /// The rule.
    pub rule: RuleId,
    /// Whether it fails.
    pub fails: bool,
    /// The offending text.
    pub evidence: Option<String>,
}

/// What was told last of a verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The verdict.
    pub outcome: Outcome,
    /// Its faults.
    pub faults: BTreeSet<Fault>,
    /// When it was told for the first time in this form.
    pub at: DateTime<Utc>,
}

impl Told {
    /// What there is to tell of a verdict.
    pub fn of(verdict: &Verdict, at: DateTime<Utc>) -> Self {
        let faults = verdict
            .binding()
            .filter(|result| matches!(result.status, Status::Fail | Status::Warn | Status::Unknown))
            .map(|result| Fault {
                rule: result.rule,
                fails: result.status == Status::Fail,
                evidence: result.evidence.clone(),
            })
            .collect();
        Self {
            outcome: verdict.verdict,
            faults,
            at,
        }
    }

    /// Whether both say the same, whenever they were told.
    pub fn says_the_same_as(&self, other: &Self) -> bool {
        self.outcome == other.outcome && self.faults == other.faults
    }

    /// The rules that are against the form.
    pub fn rules(&self) -> BTreeSet<RuleId> {
        self.faults.iter().map(|fault| fault.rule).collect()
    }
}

/// What is remembered of a change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Change {
    /// Where it stands.
    pub stage: Stage,
    /// What the last recorded verdict held against it.
    pub judged: Option<Told>,
    /// What its applicants were told last.
    pub applicant_told: Option<Told>,
    /// Who was warned before signing, and of what: approvers whose turn it was, and the operations leads.
    pub warned: BTreeMap<UserId, Told>,
    /// Approvers whose signature is on record.
    pub signed: BTreeSet<UserId>,
    /// Content hash of the form at the last look.
    pub content: Option<String>,
    /// How many messages it has caused; makes their idempotency keys.
    pub messages: u32,
}
