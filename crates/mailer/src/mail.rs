//! A mail as it was decided: stored as JSON, sent as often as it takes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Datelike as _, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::mailbox::Mailbox;
use crate::message_id::MessageId;

/// As many people may get one mail.
pub const MAX_RECIPIENTS: usize = 200;
/// Bytes of text and attachments together, before they are encoded (which adds a third).
pub const MAX_CONTENT: usize = 20 * 1024 * 1024;
const MAX_SUBJECT: usize = 500;
const MAX_ATTACHMENTS: usize = 100;
const MAX_FILE_NAME: usize = 255;

/// One mail. What it holds fixes every byte that is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// Whom it is for; at least one.
    pub to: Vec<Mailbox>,
    /// Who gets a copy.
    #[serde(default)]
    pub cc: Vec<Mailbox>,
    /// One line.
    pub subject: String,
    /// The mail in plain text.
    pub text: String,
    /// The same as HTML, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// Files that go with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// The mail that it answers, so that both stand together in the mailbox.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_reply_to: Option<MessageId>,
    /// Its identity.
    pub message_id: MessageId,
    /// When it was decided on; sent to the second, in UTC.
    pub date: DateTime<Utc>,
}

/// A file that goes with a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// The file's name, without folders.
    pub name: String,
    /// Such as `application/pdf`, without parameters.
    pub content_type: String,
    /// The bytes; base64 in JSON.
    #[serde(serialize_with = "to_base64", deserialize_with = "from_base64")]
    pub content: Vec<u8>,
}

/// Why a mail cannot be sent by anybody.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailFault {
    /// Nobody in `to`.
    #[error("the mail is for nobody")]
    NoRecipient,
    /// More than [`MAX_RECIPIENTS`].
    #[error("{0} recipients, and {MAX_RECIPIENTS} are allowed")]
    TooManyRecipients(usize),
    /// Empty, too long, or of more than one line.
    #[error("the subject is empty, longer than {MAX_SUBJECT} bytes, or has control characters")]
    Subject,
    /// More than [`MAX_CONTENT`].
    #[error("{0} bytes of content, and {MAX_CONTENT} are allowed")]
    TooLarge(usize),
    /// Too many files.
    #[error("{0} attachments, and {MAX_ATTACHMENTS} are allowed")]
    TooManyAttachments(usize),
    /// A file's name or type.
    #[error("attachment {number}: {reason}")]
    Attachment {
        /// Which, counted from one.
        number: usize,
        /// What is wrong.
        reason: &'static str,
    },
    /// A date that no header can hold.
    #[error("the date is not between 1970 and 9999")]
    Date,
    /// Refused while the bytes were made.
    #[error("the mail cannot be put into bytes: {0}")]
    Format(String),
}

impl Mail {
    /// Whether it keeps to the limits. Header injection needs no check here: addresses, ids and file types are of
    /// one line by their types, and the rest is looked at.
    pub fn check(&self) -> Result<(), MailFault> {
        if self.to.is_empty() {
            return Err(MailFault::NoRecipient);
        }
        let recipients = self.to.len() + self.cc.len();
        if recipients > MAX_RECIPIENTS {
            return Err(MailFault::TooManyRecipients(recipients));
        }
        if self.subject.trim().is_empty() || self.subject.len() > MAX_SUBJECT || has_control(&self.subject) {
            return Err(MailFault::Subject);
        }
        if !(1970..=9999).contains(&self.date.year()) {
            return Err(MailFault::Date);
        }
        if self.attachments.len() > MAX_ATTACHMENTS {
            return Err(MailFault::TooManyAttachments(self.attachments.len()));
        }
        let files: usize = self.attachments.iter().map(|file| file.content.len()).sum();
        let size = files + self.text.len() + self.html.as_ref().map_or(0, String::len);
        if size > MAX_CONTENT {
            return Err(MailFault::TooLarge(size));
        }
        for (number, file) in (1..).zip(&self.attachments) {
            file.check()
                .map_err(|reason| MailFault::Attachment { number, reason })?;
        }
        Ok(())
    }

    /// Everybody who gets it, each address once.
    pub fn recipients(&self) -> Vec<&Mailbox> {
        let mut seen = std::collections::HashSet::new();
        self.to
            .iter()
            .chain(&self.cc)
            .filter(|mailbox| seen.insert(mailbox.address().to_ascii_lowercase()))
            .collect()
    }
}

impl Attachment {
    fn check(&self) -> Result<(), &'static str> {
        let name = self.name.as_str();
        if name.trim().is_empty() || name.len() > MAX_FILE_NAME {
            return Err("the name is empty or too long");
        }
        if has_control(name) || name.contains(['/', '\\', '"']) {
            return Err("the name has control characters, slashes or quotes");
        }
        let token = |text: &str| {
            let good = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&byte);
            !text.is_empty() && text.bytes().all(good)
        };
        let parts = self.content_type.split_once('/');
        if self.content_type.len() > 127 || !parts.is_some_and(|(kind, sub)| token(kind) && token(sub)) {
            return Err("the type is not of the form kind/subtype");
        }
        if self
            .content_type
            .get(..10)
            .is_some_and(|kind| kind.eq_ignore_ascii_case("multipart/"))
        {
            return Err("a multipart cannot be a file");
        }
        Ok(())
    }
}

fn has_control(text: &str) -> bool {
    text.contains(|c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'))
}

fn to_base64<S: Serializer>(content: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&STANDARD.encode(content))
}

fn from_base64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    STANDARD.decode(text).map_err(serde::de::Error::custom)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn mail() -> Mail {
        Mail {
            to: vec!["运维负责人 <ops@example.com>".parse().unwrap()],
            cc: vec!["cc@example.com".parse().unwrap()],
            subject: "紧急发版申请：行情".to_owned(),
            text: "请审阅。\n".to_owned(),
            html: Some("<p>请审阅。</p>".to_owned()),
            attachments: vec![Attachment {
                name: "变更计划清单.xlsx".to_owned(),
                content_type: "application/vnd.ms-excel".to_owned(),
                content: vec![0, 255, 13, 10, 46],
            }],
            in_reply_to: None,
            message_id: MessageId::new("1.apply", "example.com").unwrap(),
            date: DateTime::from_timestamp(1_795_500_000, 0).unwrap(),
        }
    }

    #[test]
    fn a_mail_comes_back_from_json_as_it_was() {
        let json = serde_json::to_string(&mail()).unwrap();
        assert!(json.contains(r#""content":"AP8NCi4=""#), "{json}");
        assert_eq!(serde_json::from_str::<Mail>(&json).unwrap(), mail());
        let injected = json.replace("cc@example.com", r"cc@example.com\r\nBcc: x@example.com");
        assert!(serde_json::from_str::<Mail>(&injected).is_err());
    }

    #[test]
    fn what_breaks_a_limit_is_told() {
        type Break = fn(&mut Mail);
        let cases: [(Break, &str); 9] = [
            (|mail| mail.to.clear(), "for nobody"),
            (
                |mail| mail.cc = vec!["a@example.com".parse().unwrap(); 200],
                "201 recipients",
            ),
            (
                |mail| mail.subject = "a\r\nBcc: b@example.com".to_owned(),
                "the subject",
            ),
            (|mail| mail.subject = " ".to_owned(), "the subject"),
            (|mail| mail.text = "x".repeat(MAX_CONTENT), "bytes of content"),
            (
                |mail| mail.attachments[0].name = "a\r\nX: y".to_owned(),
                "attachment 1: the name has",
            ),
            (
                |mail| mail.attachments[0].name = "../etc/passwd".to_owned(),
                "attachment 1: the name has",
            ),
            (
                |mail| mail.attachments[0].content_type = "text/plain\r\nX: y".to_owned(),
                "attachment 1: the type",
            ),
            (
                |mail| mail.date = DateTime::from_timestamp(-1, 0).unwrap(),
                "the date",
            ),
        ];
        assert_eq!(mail().check(), Ok(()));
        for (breaks, words) in cases {
            let mut mail = mail();
            breaks(&mut mail);
            let fault = mail.check().unwrap_err().to_string();
            assert!(fault.contains(words), "{fault}");
        }
    }

    #[test]
    fn nobody_is_written_to_twice() {
        let mut mail = mail();
        mail.cc = vec![
            "OPS@example.com".parse().unwrap(),
            "other@example.com".parse().unwrap(),
        ];
        let addresses: Vec<_> = mail
            .recipients()
            .iter()
            .map(|mailbox| mailbox.address())
            .collect();
        assert_eq!(addresses, ["ops@example.com", "other@example.com"]);
    }
}
