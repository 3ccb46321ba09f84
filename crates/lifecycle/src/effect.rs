//! What a change wants done. Effects are data; the shell carries them out.

use std::sync::Arc;

use changegate_policy::{RuleId, UserId, Verdict};

use crate::change::Stage;

/// Something to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Tell one member something.
    Notify {
        /// Whom.
        to: UserId,
        /// Which message of this change it is: with the change's number it makes the idempotency key.
        sequence: u32,
        /// What.
        notice: Notice,
    },
    /// Write into the timeline.
    Record(Record),
}

/// What people are told. Every notice is about one change and carries the verdict that it speaks of.
#[derive(Debug, Clone, PartialEq)]
pub enum Notice {
    /// To an applicant: the first verdict on the form.
    Verdict {
        /// It.
        verdict: Arc<Verdict>,
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
    /// To an operations lead: an approver signed although rules fail.
    SignedDespite {
        /// The verdict.
        verdict: Arc<Verdict>,
        /// Who signed.
        signer: UserId,
        /// Whole minutes between the warning and the signature; absent when the signature came first.
        minutes_after_warning: Option<i64>,
    },
}

impl Notice {
    /// The verdict that it speaks of.
    pub fn verdict(&self) -> &Arc<Verdict> {
        match self {
            Self::Verdict { verdict }
            | Self::VerdictChanged { verdict, .. }
            | Self::BeforeSigning { verdict }
            | Self::Breach { verdict, .. }
            | Self::Resolved { verdict }
            | Self::Closed { verdict, .. }
            | Self::SignedDespite { verdict, .. } => verdict,
        }
    }

    /// The word for it in logs and in the database.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Verdict { .. } => "verdict",
            Self::VerdictChanged { .. } => "verdict_changed",
            Self::BeforeSigning { .. } => "before_signing",
            Self::Breach { .. } => "breach",
            Self::Resolved { .. } => "resolved",
            Self::Closed { .. } => "closed",
            Self::SignedDespite { .. } => "signed_despite",
        }
    }
}

/// An entry for the timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// The change moved on.
    Moved {
        /// From.
        from: Stage,
        /// To.
        to: Stage,
    },
    /// The form was judged, for the first time or with another result.
    Judged {
        /// The verdict's word and the rules against the form.
        outcome: changegate_policy::Outcome,
        /// Rules that fail.
        failed: Vec<RuleId>,
        /// Rules that warn.
        warned: Vec<RuleId>,
    },
    /// The form's content is another one than at the last look.
    Edited,
    /// An approver signed.
    Signed {
        /// Who.
        who: UserId,
        /// Rules that failed at that time.
        despite: Vec<RuleId>,
    },
    /// Somebody is being told something.
    Told {
        /// Whom.
        who: UserId,
        /// The notice's word.
        notice: &'static str,
    },
}
