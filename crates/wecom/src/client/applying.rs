//! Filing a form in somebody's name: `oa/applyevent`.
//!
//! WeCom knows no check for duplicates here: a call repeated after a lost answer would file a second form. So this one
//! is made once, and an error tells whether the form was surely not filed or whether it has to be looked for.

use serde::Deserialize;

use super::Client;
use crate::approval::{ApplyEvent, ApplyLimit};
use crate::error::Error;
use crate::lenient;

pub(super) const APPLY: &str = "oa/applyevent";

/// Why there is no number of a filed form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApplyError {
    /// Nothing was sent: WeCom would not have taken it.
    #[error("not filed: {0}")]
    Limit(#[from] ApplyLimit),
    /// Surely not filed: WeCom refused it, or never got it. What the source's class advises holds.
    #[error("not filed: {0}")]
    NotFiled(#[source] Error),
    /// Filed or not: the answer was lost. Before it is filed again, look for it among the creator's forms
    /// ([`Client::list_approvals`] with `creator` and `template_id`, from a minute before the call).
    #[error("filed or not, the answer is lost: {0}")]
    Unknown(#[source] Error),
}

impl Client {
    /// Files a form; answers its number. Never repeated by itself but for a refused token.
    pub async fn apply_event(&self, event: &ApplyEvent) -> Result<String, ApplyError> {
        #[derive(Deserialize)]
        struct Reply {
            #[serde(default, deserialize_with = "lenient::text")]
            sp_no: String,
        }
        let body = event.to_json()?;
        let reply: Result<Reply, Error> = self.post(APPLY, body.as_bytes()).await;
        match reply {
            Ok(reply) if !reply.sp_no.trim().is_empty() => Ok(reply.sp_no.trim().to_owned()),
            Ok(_) => Err(ApplyError::Unknown(Error::Answer {
                path: APPLY,
                message: "no sp_no in it".to_owned(),
            })),
            // A token that could not be had leaves nothing open.
            Err(error) if error.path() == APPLY && error.leaves_outcome_open() => {
                Err(ApplyError::Unknown(error))
            }
            Err(error) => Err(ApplyError::NotFiled(error)),
        }
    }
}
