//! One file per message.

mod before_signing;
mod breach;
mod closed;
mod resolved;
mod signed_despite;
mod verdict;
mod verdict_changed;

use changegate_lifecycle::Notice;
use changegate_policy::UserId;
use changegate_wecom::message::limits::DUPLICATE_INTERVAL;
use changegate_wecom::message::{Message, Recipients};

use crate::about::{About, Link, RenderError};

/// The message that tells `to` of a notice, with `link` to the page of the change. The same arguments always
/// give the same bytes, so that WeCom knows a repeated request again.
pub fn render(notice: &Notice, to: &UserId, about: &About<'_>, link: &str) -> Result<Message, RenderError> {
    let content = text(notice, to, about, Link::new(link)?);
    Ok(Message::markdown(Recipients::user(to.as_str()), content).with_duplicate_check(DUPLICATE_INTERVAL))
}

/// The message's text in WeCom's markdown, at most [`LIMIT`](crate::letter::LIMIT) bytes.
pub(crate) fn text(notice: &Notice, to: &UserId, about: &About<'_>, link: Link<'_>) -> String {
    let letter = match notice {
        Notice::Verdict { verdict } => verdict::letter(verdict, about, link),
        Notice::VerdictChanged {
            verdict,
            resolved,
            added,
        } => verdict_changed::letter(verdict, resolved, added, about, link),
        Notice::BeforeSigning { verdict } => before_signing::letter(verdict, to, about, link),
        Notice::Breach {
            verdict,
            current_approvers,
        } => breach::letter(verdict, current_approvers, about, link),
        Notice::Resolved { verdict } => resolved::letter(verdict, about, link),
        Notice::Closed { verdict, stage } => closed::letter(verdict, *stage, about, link),
        Notice::SignedDespite {
            verdict,
            signer,
            minutes_after_warning,
        } => signed_despite::letter(verdict, signer, *minutes_after_warning, about, link),
    };
    letter.finish()
}
