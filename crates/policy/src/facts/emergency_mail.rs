//! The mail that applies for an emergency change (clause 二).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::MailContent;
use crate::submission::UserId;

/// Where the emergency application stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmergencyMail {
    /// changegate sends it itself, as soon as nothing else fails.
    Due,
    /// changegate sent it, or has it in its own queue for good.
    Sent {
        /// Its Message-ID.
        message_id: String,
        /// When it was handed over.
        at: DateTime<Utc>,
    },
    /// changegate could not send it; the reason, in Chinese.
    Failed(String),
    /// People send it themselves, and nobody has said yet that it is sent.
    ByHand,
    /// The applicant says that it is sent.
    Confirmed {
        /// Who says so.
        by: UserId,
        /// When.
        at: DateTime<Utc>,
    },
    /// The mail itself, attached to the form or forwarded.
    Shown(MailContent),
}
