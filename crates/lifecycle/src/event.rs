//! What can happen to a change.

use std::sync::Arc;

use changegate_policy::{UserId, Verdict};
use chrono::{DateTime, Utc};

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The approval was fetched afresh and judged.
    Looked(Look),
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
    /// The approval's state.
    pub form: FormStatus,
    /// Its applicants.
    pub applicants: Vec<UserId>,
    /// Whose turn it is; empty when nobody's.
    pub current_approvers: Vec<UserId>,
    /// Who signed so far.
    pub signatures: Vec<Signature>,
    /// Members who answer for operations, from the directory.
    pub operations_leads: Vec<UserId>,
    /// What the policy says of it.
    pub verdict: Arc<Verdict>,
    /// Hash of the form's meaningful fields.
    pub content: String,
}
