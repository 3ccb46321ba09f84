//! Mail from the app's own mailbox: `exmail/app/compose_send`, where the firm has no mail server to send through.
//!
//! WeCom answers a code and nothing else: no id, and not who of many was refused. It documents no check for
//! duplicates either, so a retry after a lost answer may arrive twice.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::Client;
use crate::error::Error;

const COMPOSE: &str = "exmail/app/compose_send";
/// Bytes of content and files together, before base64.
const MAX_SIZE: usize = 50 * 1024 * 1024;
const MAX_FILES: usize = 200;

/// A mail as `compose_send` takes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MailBody {
    /// Whom it is for.
    pub to: MailPeople,
    /// Who gets a copy.
    #[serde(skip_serializing_if = "MailPeople::is_empty")]
    pub cc: MailPeople,
    /// One line.
    pub subject: String,
    /// Text or HTML.
    pub content: String,
    /// Which of the two.
    pub content_type: MailContent,
    /// Files that go with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attachment_list: Vec<MailFile>,
}

/// People by address, by WeCom's user id, or both.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct MailPeople {
    /// `user@host`, without a name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<String>,
    /// Members within the app's visible range.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub userids: Vec<String>,
}

/// What the content is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MailContent {
    /// Plain text.
    Text,
    /// HTML.
    Html,
}

/// A file of a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MailFile {
    /// Its name.
    pub file_name: String,
    /// Its bytes.
    #[serde(serialize_with = "to_base64")]
    pub content: Vec<u8>,
}

/// Why WeCom would not take a mail.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailLimit {
    /// Nobody in `to`.
    #[error("the mail is for nobody")]
    NoRecipient,
    /// Both are needed.
    #[error("subject and content must not be empty")]
    Empty,
    /// Too many files.
    #[error("{0} files, and {MAX_FILES} are allowed")]
    TooManyFiles(usize),
    /// Too large.
    #[error("{0} bytes, and {MAX_SIZE} are allowed")]
    TooLarge(usize),
}

impl MailPeople {
    /// Whether nobody is named.
    pub fn is_empty(&self) -> bool {
        self.emails.is_empty() && self.userids.is_empty()
    }
}

impl MailBody {
    /// The body for [`Client::compose_mail`], if it keeps to WeCom's limits.
    pub fn to_json(&self) -> Result<String, MailLimit> {
        if self.to.is_empty() {
            return Err(MailLimit::NoRecipient);
        }
        if self.subject.trim().is_empty() || self.content.trim().is_empty() {
            return Err(MailLimit::Empty);
        }
        if self.attachment_list.len() > MAX_FILES {
            return Err(MailLimit::TooManyFiles(self.attachment_list.len()));
        }
        let files: usize = self.attachment_list.iter().map(|file| file.content.len()).sum();
        let size = files + self.content.len();
        if size > MAX_SIZE {
            return Err(MailLimit::TooLarge(size));
        }
        Ok(serde_json::json!(self).to_string())
    }
}

impl Client {
    /// Sends a mail from the app's mailbox; the body is from [`MailBody::to_json`].
    pub async fn compose_mail(&self, body: impl AsRef<[u8]>) -> Result<(), Error> {
        #[derive(Deserialize)]
        struct Done {}
        let Done {} = self.post(COMPOSE, body.as_ref()).await?;
        Ok(())
    }
}

fn to_base64<S: serde::Serializer>(content: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&STANDARD.encode(content))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body() -> MailBody {
        MailBody {
            to: MailPeople {
                emails: vec!["ops@example.com".to_owned()],
                userids: vec!["zhangsan".to_owned()],
            },
            cc: MailPeople::default(),
            subject: "紧急发版申请".to_owned(),
            content: "<p>请审阅</p>".to_owned(),
            content_type: MailContent::Html,
            attachment_list: vec![MailFile {
                file_name: "a.txt".to_owned(),
                content: b"a".to_vec(),
            }],
        }
    }

    #[test]
    fn a_mail_is_what_the_page_shows() {
        let json: serde_json::Value = serde_json::from_str(&body().to_json().unwrap()).unwrap();
        assert_eq!(
            json,
            serde_json::json!({
                "to": {"emails": ["ops@example.com"], "userids": ["zhangsan"]}, "subject": "紧急发版申请",
                "content": "<p>请审阅</p>", "content_type": "html",
                "attachment_list": [{"file_name": "a.txt", "content": "YQ=="}],
            })
        );
    }

    #[test]
    fn what_wecom_would_not_take_is_not_sent() {
        let broken = |breaks: fn(&mut MailBody)| {
            let mut body = body();
            breaks(&mut body);
            body.to_json().unwrap_err()
        };
        assert_eq!(
            broken(|body| body.to = MailPeople::default()),
            MailLimit::NoRecipient
        );
        assert_eq!(broken(|body| body.subject = " ".to_owned()), MailLimit::Empty);
        assert_eq!(broken(|body| body.content.clear()), MailLimit::Empty);
        assert_eq!(
            broken(|body| body.attachment_list = vec![body.attachment_list[0].clone(); 201]),
            MailLimit::TooManyFiles(201)
        );
        assert_eq!(
            broken(|body| body.attachment_list[0].content = vec![0; MAX_SIZE]),
            MailLimit::TooLarge(MAX_SIZE + body().content.len())
        );
    }
}
