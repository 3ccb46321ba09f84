//! What the feedback group reads (十.2, 十.3): people outside of development, so neither numbers nor rules.

use changegate_lifecycle::GroupNotice;
use changegate_wecom::message::Body;
use changegate_wecom::message::limits::TEXT;

use crate::about::{About, RenderError};
use crate::letter::Letter;
use crate::templates::fill;
use crate::times;
use crate::words::{Words, said};

/// The text for a group chat, which members of the personal messenger can read, too.
pub fn group(notice: &GroupNotice, about: &About<'_>) -> Result<Body, RenderError> {
    let mut words = Words::of_change(about);
    let template = match notice {
        GroupNotice::Statement { text } => {
            words.statement = said(text);
            "group/statement.txt"
        }
        GroupNotice::Recovered => {
            if words.recovered_at.is_empty() {
                words.recovered_at = times::moment(about.policy, about.now);
            }
            "group/recovered.txt"
        }
    };
    Ok(Body::Text {
        content: Letter::read(&fill(template, &words)?).within(TEXT),
    })
}
