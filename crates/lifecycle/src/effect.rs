//! What a change wants done. Effects are data; the shell carries them out.

use std::collections::BTreeSet;

use changegate_policy::{Outcome, RuleId, UserId};
use chrono::{DateTime, Utc};

use crate::action::Action;
use crate::deployment::Deployment;
use crate::duty::DutyKind;
use crate::notice::{GroupNotice, Mail, Notice};
use crate::stage::{Cause, Ending, Stage};
use crate::timer::Timer;

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
    /// Tell the feedback group something.
    Group {
        /// As for [`Effect::Notify`].
        sequence: u32,
        /// What.
        notice: GroupNotice,
    },
    /// Send a mail.
    Mail {
        /// As for [`Effect::Notify`].
        sequence: u32,
        /// Which.
        mail: Mail,
    },
    /// Turn the cards of a duty into its result.
    Settle {
        /// As for [`Effect::Notify`]; one for each card.
        sequence: u32,
        /// The duty.
        duty: u32,
        /// Only this member's card; none: everybody's who still has one.
        of: Option<UserId>,
    },
    /// Set a timer; one of the same name is replaced.
    Set {
        /// Which.
        timer: Timer,
        /// When it is due.
        at: DateTime<Utc>,
    },
    /// Clear a timer.
    Clear {
        /// Which.
        timer: Timer,
    },
    /// Remember a decision about a waiver, so that the next verdict minds it.
    Waive {
        /// The rules.
        rules: BTreeSet<RuleId>,
        /// Whether they are lifted.
        granted: bool,
        /// Who decided.
        by: UserId,
        /// Why.
        reason: String,
    },
    /// Write into the timeline.
    Record(Record),
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
        /// Why.
        cause: Cause,
        /// How it ended, when it did.
        ending: Option<Ending>,
    },
    /// The form was judged, for the first time or with another result.
    Judged {
        /// The verdict's word and the rules against the form.
        outcome: Outcome,
        /// Rules that fail.
        failed: Vec<RuleId>,
        /// Rules that warn.
        warned: Vec<RuleId>,
    },
    /// The form's content is another one than at the last look.
    Edited {
        /// The names of the fields that differ.
        fields: Vec<String>,
    },
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
        /// The duty that it is about.
        duty: Option<DutyKind>,
    },
    /// A button was pressed and acted on.
    Pressed {
        /// Who.
        who: UserId,
        /// What.
        action: Action,
        /// The duty that it was about.
        duty: Option<DutyKind>,
        /// What was said with it.
        note: String,
    },
    /// A button was pressed and not acted on.
    Refused {
        /// Who.
        who: UserId,
        /// What.
        action: Action,
        /// The duty that it was about.
        duty: Option<DutyKind>,
        /// Why, in a word.
        why: &'static str,
    },
    /// A job reported a deployment.
    Deployed {
        /// Its report, with whether the gate counts as having let it through.
        deployment: Box<Deployment>,
    },
    /// A timer was due and something came of it.
    Due {
        /// Which.
        timer: Timer,
    },
    /// An event that means nothing where the change stands.
    Ignored {
        /// What.
        what: &'static str,
    },
    /// The feedback group is being told something.
    GroupTold {
        /// What it is told.
        text: &'static str,
    },
    /// A mail is being sent.
    Mailed {
        /// What about.
        about: &'static str,
    },
    /// The trading calendar does not cover the day that was needed.
    CalendarEnds {
        /// Of which market.
        market: changegate_policy::Market,
    },
}
