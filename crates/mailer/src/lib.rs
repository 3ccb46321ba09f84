#![doc = include_str!("../README.md")]

mod error;
mod mail;
mod mailbox;
mod message_id;
mod render;
mod settings;
mod smtp;

pub use crate::error::{MailError, MailErrorClass, Refused, Stage};
pub use crate::mail::{Attachment, MAX_CONTENT, MAX_RECIPIENTS, Mail, MailFault};
pub use crate::mailbox::{Mailbox, MailboxError};
pub use crate::message_id::{MessageId, MessageIdError};
pub use crate::settings::{Security, SettingsError, SmtpSettings, SmtpUrl};
pub use crate::smtp::{Checked, Sent, Smtp};
