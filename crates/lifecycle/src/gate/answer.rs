//! What the gate answers.

use std::fmt::Write as _;

use changegate_policy::RuleId;
use chrono::{DateTime, FixedOffset};
use serde::ser::SerializeStruct as _;
use serde::{Deserialize, Serialize, Serializer};

/// What the gate decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// It may be deployed now.
    Allowed,
    /// It may not; the reasons say why.
    Denied,
    /// Something is not known, and nothing else speaks against it. It may not be deployed.
    Unknown,
}

/// Why it may not be deployed, in a word for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonCode {
    /// No such change is known.
    NoSuchChange,
    /// The approval is none of the configured templates.
    NotApplicable,
    /// Approvers have yet to sign.
    NotApproved,
    /// It was sent back (退回).
    Returned,
    /// It was withdrawn.
    Withdrawn,
    /// It was declined.
    Declined,
    /// A newer flow replaces it (六.2).
    Superseded,
    /// Nobody carried it out in time.
    Expired,
    /// It is out already, or was and is over.
    AlreadyExecuted,
    /// Something is wrong with it, and no rollback is ordered (十.1).
    Anomaly,
    /// A rule fails.
    RuleFailed,
    /// A fact that a rule needs is not known.
    RuleUnknown,
    /// Facts are too old.
    StaleFacts,
    /// A fact could not be had at the moment of asking.
    FactsMissing,
    /// It is not inside its window.
    OutsideWindow,
    /// It is to be carried out outside of windows, and the development lead has not agreed (八.1).
    NoConsent,
    /// A freeze (封网) binds it.
    Frozen,
    /// An image is another one than was recorded (六.2).
    ImageChanged,
}

impl Decision {
    /// The word for it in the API and in figures.
    pub fn word(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Denied => "denied",
            Self::Unknown => "unknown",
        }
    }
}

impl ReasonCode {
    /// Whether it says that something is not known, rather than that something is wrong.
    pub fn is_not_known(self) -> bool {
        matches!(
            self,
            Self::NoSuchChange | Self::RuleUnknown | Self::StaleFacts | Self::FactsMissing
        )
    }
}

/// One reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateReason {
    /// Its word.
    pub code: ReasonCode,
    /// The rule behind it; none where it is about where the change stands.
    pub rule: Option<RuleId>,
    /// The clause of the regulation; empty where it has none.
    pub clause: String,
    /// What is wrong and what to do, in Chinese.
    pub message: String,
}

impl GateReason {
    /// A reason of a rule, under the rule's own clause.
    pub fn of_rule(code: ReasonCode, rule: RuleId, message: impl Into<String>) -> Self {
        Self {
            code,
            rule: Some(rule),
            clause: rule.clause().to_owned(),
            message: message.into(),
        }
    }

    /// A reason that no rule stands behind.
    pub(super) fn of_course(code: ReasonCode, clause: &str, message: impl Into<String>) -> Self {
        Self {
            code,
            rule: None,
            clause: clause.to_owned(),
            message: message.into(),
        }
    }
}

/// The window of a change, in the policy's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateWindow {
    /// Its first instant.
    pub opens: DateTime<FixedOffset>,
    /// The first instant after it.
    pub closes: DateTime<FixedOffset>,
}

/// What the gate answers. Its JSON is the public contract of the API and of `changegate gate`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct GateAnswer {
    /// The decision; follows from the reasons.
    pub decision: Decision,
    /// Everything that speaks against it; empty where it is allowed.
    pub reasons: Vec<GateReason>,
    /// The window that the change may be deployed in; none where it is deployed outside of windows, with consent.
    pub window: Option<GateWindow>,
}

impl GateAnswer {
    /// The answer that follows from reasons.
    pub(super) fn new(reasons: Vec<GateReason>, window: Option<GateWindow>) -> Self {
        Self {
            decision: decision(&reasons),
            reasons,
            window,
        }
    }

    /// The answer for a number under which no change is known.
    pub fn unknown_change(sp_no: &str) -> Self {
        let message =
            format!("没有单号为 {sp_no} 的生产上线变更；请核对单号，未发起的先在企业微信审批中发起");
        let reason = GateReason::of_course(ReasonCode::NoSuchChange, "六", message);
        Self::new(vec![reason], None)
    }

    /// Whether it may be deployed.
    pub fn allowed(&self) -> bool {
        self.decision == Decision::Allowed
    }

    /// Adds a reason that was found elsewhere, and decides anew.
    pub fn add(&mut self, reason: GateReason) {
        self.reasons.push(reason);
        self.decision = decision(&self.reasons);
    }

    /// The answer in lines of Chinese: the decision, then each reason on a line of its own. Control characters and
    /// line breaks in the words of a form are left out.
    pub fn in_words(&self) -> String {
        let mut text = match self.decision {
            Decision::Allowed => "允许发布".to_owned(),
            Decision::Denied => format!("不允许发布（{} 项）", self.reasons.len()),
            Decision::Unknown => format!("暂不能确认可否发布，不得发布（{} 项）", self.reasons.len()),
        };
        if self.allowed()
            && let Some(window) = &self.window
        {
            // writing to a String cannot fail
            write!(text, "；窗口 {}", window.in_words()).unwrap_or_default();
        }
        for reason in &self.reasons {
            let rule = reason.rule.map_or("–", RuleId::id);
            let clause = match reason.clause.as_str() {
                "" | "–" => String::new(),
                clause => format!("（{clause}）"),
            };
            let message = on_one_line(&reason.message);
            write!(text, "\n- {rule}{clause}：{message}").unwrap_or_default();
        }
        text
    }
}

impl GateWindow {
    /// Such as 11月24日 16:30–21:00.
    pub(super) fn in_words(&self) -> String {
        let (opens, closes) = (self.opens, self.closes);
        if opens.date_naive() == closes.date_naive() {
            format!("{}–{}", opens.format("%-m月%-d日 %H:%M"), closes.format("%H:%M"))
        } else {
            format!(
                "{}–{}",
                opens.format("%-m月%-d日 %H:%M"),
                closes.format("%-m月%-d日 %H:%M")
            )
        }
    }
}

impl Serialize for GateAnswer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut answer = serializer.serialize_struct("GateAnswer", 4)?;
        answer.serialize_field("allowed", &self.allowed())?;
        answer.serialize_field("decision", &self.decision)?;
        answer.serialize_field("reasons", &self.reasons)?;
        answer.serialize_field("window", &self.window)?;
        answer.end()
    }
}

fn decision(reasons: &[GateReason]) -> Decision {
    if reasons.is_empty() {
        Decision::Allowed
    } else if reasons.iter().all(|reason| reason.code.is_not_known()) {
        Decision::Unknown
    } else {
        Decision::Denied
    }
}

/// The text on one line, without control characters: it may end in a terminal.
fn on_one_line(text: &str) -> String {
    let words: Vec<String> = text
        .split_whitespace()
        .map(|word| word.chars().filter(|c| !c.is_control()).collect())
        .collect();
    words.join(" ")
}
