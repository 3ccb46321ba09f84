//! What WeCom says after a message.

use serde::{Deserialize, Serialize};

use crate::lenient;

/// The reply of `message/send`. Some receivers may be missing although it is no error.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendReply {
    /// Members outside the app's visible range, joined by `|`.
    #[serde(default, deserialize_with = "lenient::text")]
    pub invaliduser: String,
    /// Departments likewise.
    #[serde(default, deserialize_with = "lenient::text")]
    pub invalidparty: String,
    /// Tags likewise.
    #[serde(default, deserialize_with = "lenient::text")]
    pub invalidtag: String,
    /// Members without a licence for it, joined by `|`.
    #[serde(default, deserialize_with = "lenient::text")]
    pub unlicenseduser: String,
    /// For a recall, within 24 h.
    #[serde(default, deserialize_with = "lenient::text")]
    pub msgid: String,
    /// For one update of the card, within 72 h; empty where the card cannot be updated.
    #[serde(default, deserialize_with = "lenient::text")]
    pub response_code: String,
}

impl SendReply {
    /// Members who did not get it, invalid or unlicensed, as WeCom writes them: in lower case.
    pub fn missed_users(&self) -> impl Iterator<Item = &str> {
        self.invaliduser
            .split('|')
            .chain(self.unlicenseduser.split('|'))
            .filter(|user| !user.is_empty())
    }
}

/// The reply of `message/update_template_card`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateReply {
    /// Members whose card was not updated.
    #[serde(default, deserialize_with = "lenient::many")]
    pub invaliduser: Vec<String>,
}
