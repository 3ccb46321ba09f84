//! What the statistics need to know of one change.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How urgent a change says it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// 正常.
    Normal,
    /// 紧急.
    Emergency,
    /// The form says nothing, or nothing that is known.
    #[default]
    Unset,
}

/// What a verdict said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judged {
    /// Some rule failed.
    Rejected,
    /// A fact could not be had yet.
    Undecided,
    /// Something could have been better.
    Warnings,
    /// All was well.
    Compliant,
}

/// How a change ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Executed and verified.
    Successful,
    /// Executed and taken back.
    RolledBack,
    /// Executed, and put right without taking it back.
    FixedForward,
    /// Withdrawn by its applicant.
    Withdrawn,
    /// Declined by an approver.
    Declined,
    /// Replaced by a later one.
    Superseded,
    /// Never executed, and its time is past.
    Expired,
}

/// How long the approvers of one role had it before one of them signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleTime {
    /// The role, as the caller names it.
    pub role: String,
    /// Whole minutes.
    pub minutes: u32,
}

/// What a correction says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CorrectionKind {
    /// One recorded anomaly was none.
    AnomalyWithdrawn,
    /// An anomaly was not recorded when it happened.
    AnomalyAdded,
    /// It was no 生产事故.
    IncidentWithdrawn,
    /// No client's claim came of it.
    ClaimWithdrawn,
}

/// A correction of what is recorded. The record itself stays.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Correction {
    /// When it was made.
    pub at: DateTime<Utc>,
    /// Who made it, as a user id.
    pub by: String,
    /// What it says.
    pub what: CorrectionKind,
    /// Why, in that person's words.
    pub reason: String,
}

/// One change, as far as it is counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Entry {
    /// The approval's number; each stands once among entries.
    pub sp_no: String,
    /// The form's title.
    pub title: String,
    /// The team; empty where it is not known.
    pub team: String,
    /// The system concerned.
    pub system: String,
    /// How urgent.
    pub urgency: Urgency,
    /// The applicant's user id.
    pub applicant: String,
    /// User ids of the developers of the flow (奖惩条例 1).
    pub developers: Vec<String>,
    /// User ids of its testers.
    pub testers: Vec<String>,
    /// User ids of its product managers.
    pub product_managers: Vec<String>,
    /// When it was filed.
    pub filed_at: Option<DateTime<Utc>>,
    /// What the first verdict said; none where there was none, or where the regulation does not apply.
    pub first_verdict: Option<Judged>,
    /// What the latest verdict said.
    pub last_verdict: Option<Judged>,
    /// Ids of the rules that failed in the first verdict.
    pub rules_failed: Vec<String>,
    /// When the last approver signed.
    pub approved_at: Option<DateTime<Utc>>,
    /// When it was executed.
    pub executed_at: Option<DateTime<Utc>>,
    /// When everybody had verified it.
    pub verified_at: Option<DateTime<Utc>>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// How many anomalies were reported.
    pub anomalies: u32,
    /// Whether one of them was a 生产事故.
    pub incident: bool,
    /// Whether a client's claim (索赔) came of it; an administrator says so.
    pub claim: bool,
    /// Whether its flow broke the regulation.
    pub broke_regulation: bool,
    /// How many signatures were given although rules failed.
    pub signed_despite: u32,
    /// How long each approval took; a role may stand several times.
    pub role_times: Vec<RoleTime>,
    /// What was put right later.
    pub corrections: Vec<Correction>,
}

impl Entry {
    /// The anomalies that count once the corrections are heard.
    pub fn counted_anomalies(&self) -> u32 {
        self.anomalies
            .saturating_add(self.corrected(CorrectionKind::AnomalyAdded))
            .saturating_sub(self.corrected(CorrectionKind::AnomalyWithdrawn))
    }

    /// Whether it counts as a 生产事故 once the corrections are heard.
    pub fn counts_as_incident(&self) -> bool {
        self.incident && self.corrected(CorrectionKind::IncidentWithdrawn) == 0
    }

    /// Whether a claim counts once the corrections are heard.
    pub fn counts_as_claim(&self) -> bool {
        self.claim && self.corrected(CorrectionKind::ClaimWithdrawn) == 0
    }

    fn corrected(&self, kind: CorrectionKind) -> u32 {
        let count = self
            .corrections
            .iter()
            .filter(|correction| correction.what == kind)
            .count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }
}
