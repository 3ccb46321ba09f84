//! What can happen to a change.

use std::collections::BTreeSet;
use std::sync::Arc;

use changegate_policy::{Market, RuleId, UserId, Verdict};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::action::Action;
use crate::change::ReportText;
use crate::deployment::Deployment;
use crate::people::People;
use crate::timer::Timer;

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The approval was fetched afresh and judged.
    Looked(Box<Look>),
    /// Somebody pressed a button, or did the same on a page.
    Pressed(Box<Press>),
    /// A timer was due.
    Due(Timer),
    /// A job reported a deployment.
    Deployed(Box<Deployment>),
}

/// The approval's own state, in the words of the regulation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FormStatus {
    /// 审批中.
    InProgress,
    /// 审批中, and the node whose turn it is was sent back (退回).
    Returned,
    /// 已通过, also once it is paid.
    Approved,
    /// 已驳回.
    Declined,
    /// 已撤销, 通过后撤销 or 已删除.
    Withdrawn,
}

/// One approver's consent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Who signed.
    pub who: UserId,
    /// When, as WeCom tells.
    pub at: DateTime<Utc>,
}

/// What a fresh look at an approval found.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// The approval's state. With execution recorded by the executor's own node, a form of which only that node is
    /// open counts as approved.
    pub form: FormStatus,
    /// When it was filed.
    pub filed: DateTime<Utc>,
    /// Its applicants, in the form's order.
    pub applicants: Vec<UserId>,
    /// Whose turn it is; empty when nobody's.
    pub current_approvers: Vec<UserId>,
    /// Who signed so far.
    pub signatures: Vec<Signature>,
    /// Everybody who has to do with it.
    pub people: People,
    /// What the policy says of it.
    pub verdict: Arc<Verdict>,
    /// Hash of the form's meaningful fields.
    pub content: String,
    /// What differs from the form as it was seen last, field by field; empty where nothing does.
    pub differences: Vec<Difference>,
    /// The planned start and end on the form.
    pub planned: (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
    /// Whether it concerns the middle platform.
    pub middle_platform: bool,
    /// Whether it has technical requirements without product acceptance.
    pub technical: bool,
    /// Markets that it concerns, by the policy's reading of the form.
    pub markets: BTreeSet<Market>,
    /// The operations executor's own node, once done; only where the policy records execution by it.
    pub executed: Option<Signature>,
    /// An earlier flow of the same requirement that was rejected.
    pub earlier: Option<Earlier>,
    /// A newer flow of the same requirement.
    pub newer: Option<Newer>,
    /// When the form is to be looked at again of itself, since a fact could not be had or must be fresh.
    pub look_again_at: Option<DateTime<Utc>>,
    /// Whether people send the emergency application themselves: there is no way out for mails, or an address is
    /// not known.
    pub mail_by_hand: bool,
    /// Whether the bot's own emergency application could not be sent.
    pub emergency_mail_failed: bool,
    /// Whether the mail itself is at hand, attached to the form or forwarded: nobody has to say that it is sent.
    pub emergency_mail_shown: bool,
}

/// An earlier flow for the same requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// Its number.
    pub sp_no: String,
    /// The rules that failed there.
    pub failed: BTreeSet<RuleId>,
}

/// A newer flow for the same requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newer {
    /// Its number.
    pub sp_no: String,
    /// Whether it passed.
    pub passed: bool,
}

/// A field of the form that is another than it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// The field's name on the form.
    pub field: String,
    /// What it said.
    pub before: String,
    /// What it says.
    pub after: String,
}

/// A button that was pressed, or the same done on a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Press {
    /// Who, as WeCom tells; never what a page or a card claims.
    pub by: UserId,
    /// The duty that the card was about; none for what a page offers outside of any duty.
    pub duty: Option<u32>,
    /// What was pressed.
    pub action: Action,
    /// What else was said; only pages can.
    pub details: Details,
}

/// What a page adds to an action.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Details {
    /// Words: a reason, a description, a statement.
    pub note: String,
    /// Whether an anomaly is a production incident.
    pub incident: bool,
    /// Members that were named.
    pub people: BTreeSet<UserId>,
    /// From when.
    pub from: Option<DateTime<Utc>>,
    /// Until when.
    pub until: Option<DateTime<Utc>>,
    /// Rules to be waived.
    pub rules: BTreeSet<RuleId>,
    /// The report's texts.
    pub report: Option<ReportText>,
}
