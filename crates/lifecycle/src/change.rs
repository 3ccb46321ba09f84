//! What is remembered of a change between two events.

use std::collections::{BTreeMap, BTreeSet};

use changegate_policy::{Market, RuleId, Urgency, UserId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::deployment::Reported;
use crate::duty::{Duty, DutyKind};
use crate::people::People;
use crate::stage::{Ending, Stage};
use crate::timer::Timer;
use crate::told::Told;

/// What is remembered of a change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Change {
    /// The approval's number.
    pub sp_no: String,
    /// Where it stands.
    pub stage: Stage,
    /// How it ended, once it is closed after an execution.
    pub ending: Option<Ending>,
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
    /// Who has to do with it, as of the last look.
    pub people: People,
    /// When and how it is to be carried out.
    pub plan: Plan,
    /// Every duty that it has brought, by number.
    pub duties: Vec<Duty>,
    /// The timers that are set.
    pub timers: BTreeMap<Timer, DateTime<Utc>>,
    /// Who agreed that it starts outside the window, and when (八.1).
    pub consent: Option<Stamp>,
    /// When what happened.
    pub times: Times,
    /// Anomalies, the oldest first.
    pub anomalies: Vec<Anomaly>,
    /// The incident that it turned into.
    pub incident: Option<Incident>,
    /// Waivers that were asked for.
    pub waivers: Vec<WaiverRequest>,
    /// The agreed statement for users, as the feedback group heard it last (十.2).
    pub statement: Option<String>,
    /// Who comes in before the next session of a market (九.3).
    pub watchers: BTreeMap<Market, BTreeSet<UserId>>,
    /// The rejected flow that it replaces.
    pub earlier: Option<String>,
    /// The newer flow that replaces it.
    pub newer: Option<String>,
    /// How many signatures were given although rules failed.
    pub signed_despite: u32,
    /// Whether the emergency application was mailed (二), by the bot or by hand.
    pub emergency_mailed: bool,
    /// The sequence of the bot's own mail, so that what became of it can be looked up.
    pub emergency_mail: Option<u32>,
    /// Reports of deployments that were taken in, the oldest first.
    pub deployments: Vec<Reported>,
    /// Rules that failed already when the form passed: operations began to wait for it in spite of them.
    pub passed_despite: BTreeSet<RuleId>,
    /// Rules that fail since it passed, for which executors were told not to begin.
    pub held: BTreeSet<RuleId>,
    /// Whether those who stayed were told that they may leave.
    pub released: bool,
    /// Whether operations heard that the form's state contradicts what was done.
    pub inconsistent: bool,
    /// Whether it was over when it was first seen, so that nobody is told of it.
    pub quiet: bool,
}

/// Somebody did something at some time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Who.
    pub by: UserId,
    /// When.
    pub at: DateTime<Utc>,
}

/// When and how a change is to be carried out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Plan {
    /// 正常 or 紧急.
    pub urgency: Option<Urgency>,
    /// The change day, in the policy's zone.
    pub change_day: Option<NaiveDate>,
    /// When its window opens.
    pub opens: Option<DateTime<Utc>>,
    /// When its window closes.
    pub closes: Option<DateTime<Utc>>,
    /// The planned start on the form, or after 改期.
    pub from: Option<DateTime<Utc>>,
    /// The planned end.
    pub until: Option<DateTime<Utc>>,
    /// Whether people moved it with 改期: the form's own times count no more.
    pub moved: bool,
    /// Whether it concerns the middle platform.
    pub middle_platform: bool,
    /// Whether it has technical requirements without product acceptance (三).
    pub technical: bool,
    /// Markets whose quotes or trading it concerns (九.3).
    pub markets: BTreeSet<Market>,
    /// Whether people decided about the markets; the form's words count no more.
    pub markets_decided: bool,
}

/// When what happened to a change; absent: not yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Times {
    /// The form was filed.
    pub filed: Option<DateTime<Utc>>,
    /// Every approver had signed.
    pub approved: Option<DateTime<Utc>>,
    /// Operations began.
    pub started: Option<DateTime<Utc>>,
    /// Operations were done.
    pub executed: Option<DateTime<Utc>>,
    /// Everybody who verifies had done so.
    pub verified: Option<DateTime<Utc>>,
    /// It was over.
    pub closed: Option<DateTime<Utc>>,
}

/// Something that went wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anomaly {
    /// Since when.
    pub at: DateTime<Utc>,
    /// Who reported it.
    pub by: UserId,
    /// What is wrong, in their words; empty until they say.
    pub what: String,
    /// Who took it up.
    pub handled: Option<Stamp>,
    /// When the function was back.
    pub recovered: Option<DateTime<Utc>>,
    /// An administrator's correction: it was none. The anomaly stays on record and counts no more.
    #[serde(default)]
    pub corrected: Option<Correction>,
}

/// A correction, as an entry of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// Who corrects, and when.
    pub stamp: Stamp,
    /// Why.
    pub reason: String,
}

/// A production incident (生产事故).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// Its number.
    pub number: String,
    /// Who marked it, and when.
    pub opened: Stamp,
    /// The agreed statement for users (十.2).
    #[serde(default)]
    pub statement: Option<String>,
    /// When its report was sent.
    #[serde(default)]
    pub reported: Option<Stamp>,
    /// Whether a client claimed damages (索赔), marked by an administrator.
    #[serde(default)]
    pub claim: Option<Stamp>,
    /// What the report says, as far as people wrote it.
    #[serde(default)]
    pub report: ReportText,
}

/// The parts of an incident's report that only people can write.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReportText {
    /// 影响范围.
    pub impact: String,
    /// 原因分析.
    pub cause: String,
    /// 处理过程.
    pub handling: String,
    /// 改进与预防措施.
    pub prevention: String,
}

/// A waiver that an applicant asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaiverRequest {
    /// The duty of the administrators that it brought.
    pub duty: u32,
    /// The rules.
    pub rules: BTreeSet<RuleId>,
    /// Who asks, and when.
    pub asked: Stamp,
    /// Why.
    pub reason: String,
    /// How it was decided.
    pub decision: Option<WaiverDecision>,
}

/// How a waiver was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaiverDecision {
    /// Whether it was granted.
    pub granted: bool,
    /// By whom, and when.
    pub stamp: Stamp,
    /// Why.
    pub reason: String,
}

impl Change {
    /// The duty of a number.
    pub fn duty(&self, number: u32) -> Option<&Duty> {
        self.duties.iter().find(|duty| duty.number == number)
    }

    /// The newest duty of a kind.
    pub fn latest(&self, kind: DutyKind) -> Option<&Duty> {
        self.duties.iter().rev().find(|duty| duty.kind == kind)
    }

    /// The open duty of a kind.
    pub fn open_duty(&self, kind: DutyKind) -> Option<&Duty> {
        self.duties
            .iter()
            .rev()
            .find(|duty| duty.kind == kind && duty.is_open())
    }

    /// The duties of the change day that nobody reported done (三.2): what approvers are shown as missing.
    pub fn missing_preparations(&self) -> impl Iterator<Item = &Duty> {
        self.duties.iter().filter(|duty| {
            duty.is_open()
                && matches!(
                    duty.kind,
                    DutyKind::Regression | DutyKind::RollbackReady | DutyKind::VerificationReady
                )
        })
    }

    /// Whether an anomaly is on record that no correction took back.
    pub fn had_anomaly(&self) -> bool {
        self.anomalies.iter().any(|anomaly| anomaly.corrected.is_none())
    }

    /// The anomaly that is not recovered from yet, else the last.
    pub fn current_anomaly(&self) -> Option<&Anomaly> {
        self.anomalies.last()
    }

    /// Who stays until it is verified (九.3).
    pub fn who_stay(&self) -> BTreeSet<UserId> {
        self.people.who_stay(self.plan.middle_platform)
    }
}
