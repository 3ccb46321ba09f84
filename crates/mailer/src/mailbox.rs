//! A mail address, with or without a name.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// RFC 5321: a path has at most 256 bytes, two of which are its brackets.
const MAX_ADDRESS: usize = 254;
const MAX_NAME: usize = 128;

/// `ops@example.com` or `运维负责人 <ops@example.com>`; of one line, the address in ASCII.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Mailbox {
    name: Option<String>,
    address: lettre::Address,
}

/// Why a text is no mailbox. Says nothing of the text itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MailboxError {
    /// Not `user@host`.
    #[error("not an address like user@example.com")]
    Address,
    /// A name that is too long, or holds control characters, quotes or brackets.
    #[error("the name before the address is too long or holds control characters, quotes or brackets")]
    Name,
}

impl Mailbox {
    /// The name, if it has one.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// `user@host`.
    pub fn address(&self) -> &str {
        self.address.as_ref()
    }

    /// What stands behind the `@`.
    pub fn domain(&self) -> &str {
        self.address.domain()
    }

    pub(crate) fn envelope_address(&self) -> lettre::Address {
        self.address.clone()
    }

    pub(crate) fn header_mailbox(&self) -> lettre::message::Mailbox {
        lettre::message::Mailbox::new(self.name.clone(), self.address.clone())
    }
}

impl FromStr for Mailbox {
    type Err = MailboxError;

    fn from_str(text: &str) -> Result<Self, MailboxError> {
        let text = text.trim();
        let (name, address) = match text.strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
            Some((name, address)) => (name.trim(), address.trim()),
            None => ("", text),
        };
        let name = name
            .strip_prefix('"')
            .and_then(|name| name.strip_suffix('"'))
            .unwrap_or(name);
        let unfit = |c: char| c.is_control() || matches!(c, '"' | '<' | '>' | '\\' | '\u{2028}' | '\u{2029}');
        if name.len() > MAX_NAME || name.contains(unfit) {
            return Err(MailboxError::Name);
        }
        let fit = address.len() <= MAX_ADDRESS
            && address
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>' | b'"'));
        let parsed = if fit { address.parse().ok() } else { None };
        Ok(Self {
            name: (!name.is_empty()).then(|| name.to_owned()),
            address: parsed.ok_or(MailboxError::Address)?,
        })
    }
}

impl TryFrom<String> for Mailbox {
    type Error = MailboxError;

    fn try_from(text: String) -> Result<Self, MailboxError> {
        text.parse()
    }
}

impl From<Mailbox> for String {
    fn from(mailbox: Mailbox) -> Self {
        mailbox.to_string()
    }
}

impl fmt::Display for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(f, "{name} <{}>", self.address),
            None => write!(f, "{}", self.address),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_reads_back_as_it_was_written() {
        for (text, name, address) in [
            ("ops@example.com", None, "ops@example.com"),
            (
                "运维负责人 <ops@example.com>",
                Some("运维负责人"),
                "ops@example.com",
            ),
            (
                "\"Lee, Ops\" <lee.o+x@mail.example.com>",
                Some("Lee, Ops"),
                "lee.o+x@mail.example.com",
            ),
            ("<ops@localhost>", None, "ops@localhost"),
        ] {
            let mailbox: Mailbox = text.parse().unwrap();
            assert_eq!((mailbox.name(), mailbox.address()), (name, address), "{text}");
            assert_eq!(mailbox.to_string().parse(), Ok(mailbox), "{text}");
        }
    }

    #[test]
    fn what_could_become_another_header_or_command_is_no_mailbox() {
        for text in [
            "",
            "ops",
            "@example.com",
            "ops@",
            "a@b.com, c@d.com",
            "a@b.com\r\nBcc: c@d.com",
            "a@b.com>\r\nRCPT TO:<c@d.com",
            "x\r\nBcc: c@d.com <a@b.com>",
            "x\u{0} <a@b.com>",
            "a b@c.com",
            "\"a\r\n b\"@c.com",
            "张三@example.com",
            "ops@例子.com",
        ] {
            assert!(text.parse::<Mailbox>().is_err(), "{text:?}");
        }
        let long = format!("{}@example.com", "a".repeat(300));
        assert_eq!(long.parse::<Mailbox>(), Err(MailboxError::Address));
    }
}
