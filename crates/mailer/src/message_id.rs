//! A mail's identity, decided with the mail and never again.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A header line has at most 998 bytes; nobody needs so many.
const MAX: usize = 250;

/// `<left@right>`, as it stands in the header.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MessageId(String);

/// A text that is no Message-ID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a Message-ID like <left@right>, of letters, digits, dots, hyphens and the like")]
pub struct MessageIdError;

impl MessageId {
    /// From what is unique in the installation, and the installation's domain.
    pub fn new(unique: &str, domain: &str) -> Result<Self, MessageIdError> {
        format!("<{unique}@{domain}>").parse()
    }

    /// With its brackets.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for MessageId {
    type Err = MessageIdError;

    fn from_str(text: &str) -> Result<Self, MessageIdError> {
        let inner = text.strip_prefix('<').and_then(|text| text.strip_suffix('>'));
        let (left, right) = inner
            .and_then(|inner| inner.split_once('@'))
            .ok_or(MessageIdError)?;
        if text.len() <= MAX && is_dot_atom(left) && is_dot_atom(right) {
            Ok(Self(text.to_owned()))
        } else {
            Err(MessageIdError)
        }
    }
}

fn is_dot_atom(text: &str) -> bool {
    text.split('.').all(|atom| {
        !atom.is_empty()
            && atom
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte))
    })
}

impl TryFrom<String> for MessageId {
    type Error = MessageIdError;

    fn try_from(text: String) -> Result<Self, MessageIdError> {
        text.parse()
    }
}

impl From<MessageId> for String {
    fn from(id: MessageId) -> Self {
        id.0
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_one_word_with_one_at() {
        assert_eq!(
            MessageId::new("202611240001.apply-1", "changegate.example.com")
                .unwrap()
                .as_str(),
            "<202611240001.apply-1@changegate.example.com>"
        );
        for (left, right) in [
            ("", "x"),
            ("x", ""),
            ("a b", "x"),
            ("a\r\nBcc: b", "x"),
            ("a>", "x"),
            ("a@b", "x"),
            ("a..b", "x"),
            ("审批", "x"),
            ("a", "x y"),
        ] {
            assert_eq!(MessageId::new(left, right), Err(MessageIdError), "{left} {right}");
        }
        assert!(MessageId::new(&"a".repeat(300), "x").is_err());
        assert!("a@b".parse::<MessageId>().is_err());
    }
}
