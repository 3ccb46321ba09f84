//! Several reminders to one member in one message.

use changegate_policy::UserId;
use changegate_wecom::message::limits::{DUPLICATE_INTERVAL, MARKDOWN};
use changegate_wecom::message::{Message, Recipients};

use crate::about::{Link, RenderError};
use crate::letter::Letter;
use crate::templates::fill;
use crate::words::{Entry, Words, said};

/// One reminder in a digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestLine {
    /// The change that it is about.
    pub sp_no: String,
    /// What [`Rendered::line`](crate::Rendered::line) says.
    pub line: String,
}

/// One message for several reminders, with the way to the reader's duties; what does not fit is counted.
pub fn digest(lines: &[DigestLine], to: &UserId, duties: &str) -> Result<Message, RenderError> {
    let words = Words {
        link: Link::new(duties)?.address().to_owned(),
        lines: lines
            .iter()
            .map(|line| Entry {
                label: String::new(),
                text: said(&line.line),
            })
            .collect(),
        ..Words::default()
    };
    let content = Letter::read(&fill("digest.txt", &words)?).within(MARKDOWN);
    let message =
        Message::markdown(Recipients::user(to.as_str()), content).with_duplicate_check(DUPLICATE_INTERVAL);
    message.validate()?;
    Ok(message)
}
