//! What was told last of a verdict, so that only news is told again.

use std::collections::BTreeSet;

use changegate_policy::{Outcome, RuleId, Status, Verdict};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

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
                // What a service said when it could not answer is another thing at every try.
                evidence: result
                    .evidence
                    .clone()
                    .filter(|_| result.status != Status::Unknown),
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

    /// Whether both hold the same against the form, apart from certain rules.
    pub(crate) fn says_the_same_beside(&self, other: &Self, rules: &BTreeSet<RuleId>) -> bool {
        let beside = |told: &'_ Self| -> BTreeSet<Fault> {
            let faults = told.faults.iter().filter(|fault| !rules.contains(&fault.rule));
            faults.cloned().collect()
        };
        beside(self) == beside(other)
    }

    /// The rules that are against the form.
    pub fn rules(&self) -> BTreeSet<RuleId> {
        self.faults.iter().map(|fault| fault.rule).collect()
    }
}
