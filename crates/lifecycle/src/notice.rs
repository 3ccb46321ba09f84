//! What people are told.

use std::collections::BTreeSet;
use std::sync::Arc;

use changegate_policy::{Market, RuleId, UserId, Verdict};
use chrono::{DateTime, Utc};

use crate::action::Action;
use crate::change::Stamp;
use crate::deployment::Deployment;
use crate::event::Difference;
use crate::stage::Stage;

/// What one member is told about one change. Who reads it, and the change as it stands after the step, are known
/// beside it.
#[derive(Debug, Clone, PartialEq)]
pub enum Notice {
    /// To an applicant: the first verdict on the form.
    Verdict {
        /// It.
        verdict: Arc<Verdict>,
        /// The rejected flow that this one replaces.
        earlier: Option<Comparison>,
    },
    /// To an applicant: the verdict is another one than told before.
    VerdictChanged {
        /// The verdict now.
        verdict: Arc<Verdict>,
        /// Rules that were against the form and are no more.
        resolved: Vec<RuleId>,
        /// Rules that are against it since.
        added: Vec<RuleId>,
    },
    /// To the approver whose turn it is: the change, its verdict, and the checklist of that role (七).
    YourTurn {
        /// The verdict.
        verdict: Arc<Verdict>,
    },
    /// To the approver whose turn it is, before they sign: what is wrong, and what to send it back for.
    BeforeSigning {
        /// The verdict.
        verdict: Arc<Verdict>,
    },
    /// To an operations lead: a flow breaks the regulation.
    Breach {
        /// The verdict.
        verdict: Arc<Verdict>,
        /// Whose turn it is.
        current_approvers: Vec<UserId>,
    },
    /// To somebody who was warned: what they were warned of is mended.
    Resolved {
        /// The verdict now.
        verdict: Arc<Verdict>,
    },
    /// To somebody who was warned: the form is withdrawn or declined, nothing is left to do.
    Closed {
        /// The last verdict.
        verdict: Arc<Verdict>,
        /// How it ended.
        stage: Stage,
    },
    /// To operations leads and administrators: an approver signed although rules fail.
    SignedDespite {
        /// The verdict.
        verdict: Arc<Verdict>,
        /// Who signed.
        signer: UserId,
        /// Whole minutes between the warning and the signature; absent when the signature came first.
        minutes_after_warning: Option<i64>,
    },
    /// To those who signed and to the current approver: the form is another one than was signed.
    EditedAfterSigning {
        /// The verdict now.
        verdict: Arc<Verdict>,
        /// What differs, field by field.
        differences: Vec<Difference>,
    },
    /// To applicant and operations leads: an administrator waived rules, or did not.
    WaiverDecided {
        /// Whether it was granted.
        granted: bool,
        /// The rules.
        rules: BTreeSet<RuleId>,
        /// Why.
        reason: String,
        /// Who decided.
        by: UserId,
    },
    /// To operations executors: rules fail since the form passed; do not begin.
    StopBeforeStart {
        /// The verdict now.
        verdict: Arc<Verdict>,
    },
    /// To operations leads and development leads: it was deployed although the gate would not have let it through.
    DeployedAgainstGate {
        /// What the job reported.
        deployment: Arc<Deployment>,
    },
    /// To executors, applicants and development leads: a deployment failed.
    DeploymentFailed {
        /// What the job reported.
        deployment: Arc<Deployment>,
    },
    /// To the same and to operations leads: what ran before runs again.
    DeploymentRolledBack {
        /// What the job reported.
        deployment: Arc<Deployment>,
    },
    /// To a holder of a duty: what has to be done, with the duty's buttons.
    Duty {
        /// Its number in the change.
        duty: u32,
    },
    /// The same, once more.
    Reminder {
        /// The duty.
        duty: u32,
        /// Which one this is, and what follows.
        count: Count,
    },
    /// To operations executors, applicant and development leads: it will miss the window (八.1).
    WillMissWindow {
        /// When the window closes.
        closes: DateTime<Utc>,
    },
    /// To the same: the window closed without execution.
    MissedWindow {
        /// When the next one opens.
        next: Option<DateTime<Utc>>,
    },
    /// To applicant, development leads and executors: it is planned for another time.
    Rescheduled {
        /// Who moved it.
        by: UserId,
    },
    /// To operations executors: a development lead decided about the start outside the window.
    ConsentDecided {
        /// Whether it may start.
        agreed: bool,
        /// Who decided.
        by: UserId,
    },
    /// To an applicant: it is out; who has to stay, and until when (八.2, 九.3).
    Executed,
    /// To everyone who stayed: done, free to leave.
    Released,
    /// To product managers and testers: what went wrong, and what to tell users (十.2).
    AnomalyReported,
    /// To the emergency response group and operations leads: report now (事中上报).
    IncidentOpened,
    /// To those who come in: the session ahead, told the evening before (九.3).
    SessionAhead {
        /// Of which market.
        market: Market,
        /// When it opens.
        opens: DateTime<Utc>,
    },
    /// To applicant and approver: a newer flow replaces this one; withdraw it (六.2).
    Superseded {
        /// The newer flow.
        by: String,
    },
    /// To applicant and operations leads: nobody carried it out, the flow counts as over.
    Expired,
    /// To operations leads: the form was withdrawn although the change had begun.
    WithdrawnAfterStart,
    /// To operations leads: a form passed that counted as over.
    PassedTooLate,
    /// To whoever pressed a button that could not be acted on, or whose card cannot be changed any more.
    Answer {
        /// The duty that it was about.
        duty: Option<u32>,
        /// What was pressed.
        action: Action,
        /// What came of it.
        answer: Answer,
    },
}

/// How a form compares with the rejected one that it replaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// The earlier flow.
    pub sp_no: String,
    /// Rules that failed there and are kept now.
    pub resolved: BTreeSet<RuleId>,
    /// Rules that failed there and still do.
    pub remaining: BTreeSet<RuleId>,
}

/// Which of how many reminders, and what happens after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// Which one, from 1.
    pub number: u32,
    /// How many at most.
    pub of: u32,
    /// Minutes until the next; none: this is the last.
    pub next_in: Option<i64>,
    /// Who hears of it then beside the holders.
    pub next: BTreeSet<UserId>,
    /// Whether the reader is a holder; else somebody further up.
    pub to_holder: bool,
}

/// What came of a press.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It was done.
    Accepted,
    /// Not by this member: who may.
    NotYours {
        /// They may.
        may: BTreeSet<UserId>,
    },
    /// Somebody did it before.
    AlreadyDone {
        /// Who, and when.
        by: Option<Stamp>,
    },
    /// The change has moved on; nothing is left to do here.
    MovedOn {
        /// Where it stands.
        stage: Stage,
    },
    /// To start outside the window needs the development lead's consent, who has been asked (八.1).
    ConsentAsked {
        /// Who was asked.
        of: BTreeSet<UserId>,
    },
    /// Something is missing: a reason, a time, a name.
    Incomplete {
        /// What.
        what: &'static str,
    },
}

/// What the feedback group is told (十.2, 十.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GroupNotice {
    /// The agreed statement for users, new or changed.
    Statement {
        /// It.
        text: String,
    },
    /// The function is back.
    Recovered,
}

/// What goes out by e-mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mail {
    /// 紧急发版申请 (二).
    EmergencyApplication,
    /// The report on an incident, to the report mailbox (事后总结).
    IncidentReport,
}

impl Notice {
    /// The word for it in logs and in the database.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Verdict { .. } => "verdict",
            Self::VerdictChanged { .. } => "verdict_changed",
            Self::YourTurn { .. } => "your_turn",
            Self::BeforeSigning { .. } => "before_signing",
            Self::Breach { .. } => "breach",
            Self::Resolved { .. } => "resolved",
            Self::Closed { .. } => "closed",
            Self::SignedDespite { .. } => "signed_despite",
            Self::EditedAfterSigning { .. } => "edited_after_signing",
            Self::WaiverDecided { .. } => "waiver_decided",
            Self::StopBeforeStart { .. } => "stop_before_start",
            Self::DeployedAgainstGate { .. } => "deployed_against_gate",
            Self::DeploymentFailed { .. } => "deployment_failed",
            Self::DeploymentRolledBack { .. } => "deployment_rolled_back",
            Self::Duty { .. } => "duty",
            Self::Reminder { .. } => "reminder",
            Self::WillMissWindow { .. } => "will_miss_window",
            Self::MissedWindow { .. } => "missed_window",
            Self::Rescheduled { .. } => "rescheduled",
            Self::ConsentDecided { .. } => "consent_decided",
            Self::Executed => "executed",
            Self::Released => "released",
            Self::AnomalyReported => "anomaly_reported",
            Self::IncidentOpened => "incident_opened",
            Self::SessionAhead { .. } => "session_ahead",
            Self::Superseded { .. } => "superseded",
            Self::Expired => "expired",
            Self::WithdrawnAfterStart => "withdrawn_after_start",
            Self::PassedTooLate => "passed_too_late",
            Self::Answer { .. } => "answer",
        }
    }

    /// Whether it can wait a moment to be sent together with others to the same member.
    pub fn can_wait(&self) -> bool {
        matches!(self, Self::Reminder { .. })
    }

    /// The duty whose buttons it carries.
    pub fn duty(&self) -> Option<u32> {
        match self {
            Self::Duty { duty } | Self::Reminder { duty, .. } => Some(*duty),
            _ => None,
        }
    }
}
