//! What went wrong with a mail, at which step, and whether trying again can help.

use std::error::Error as _;
use std::fmt;

use lettre::transport::smtp::Error as SmtpError;

use crate::mail::MailFault;

/// Of a server's words, so much is kept.
const MAX_WORDS: usize = 300;
/// Shorter ones would mask common words.
const MIN_SECRET: usize = 4;

/// A mail that was not sent, or a server that was not reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailError {
    /// What to do about it.
    pub class: MailErrorClass,
    /// How far it came.
    pub stage: Stage,
    /// The server's code, if it gave one.
    pub code: Option<u16>,
    /// The server's or the system's words, on one line, without the password.
    pub words: String,
    /// Who was refused, where that is why.
    pub refused: Vec<Refused>,
}

/// What to do about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MailErrorClass {
    /// Try the same bytes again later. After [`Stage::Content`] the mail may have arrived all the same.
    Passing,
    /// This mail will never go as it is.
    Permanent,
    /// No mail will go before an administrator mends the settings.
    Configuration,
}

/// The steps of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Nothing was sent: the mail itself is at fault.
    Mail,
    /// Connection, TLS from the first byte, greeting.
    Connect,
    /// STARTTLS.
    Encrypt,
    /// Login.
    LogIn,
    /// `MAIL FROM`.
    Sender,
    /// `RCPT TO`.
    Recipients,
    /// The mail's bytes, and whether the server took them over.
    Content,
}

/// A recipient whom the server does not accept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// `user@host`.
    pub address: String,
    /// The server's code.
    pub code: u16,
    /// The server's words.
    pub words: String,
}

impl MailError {
    pub(crate) fn new(class: MailErrorClass, stage: Stage, words: &str) -> Self {
        Self {
            class,
            stage,
            code: None,
            words: words.to_owned(),
            refused: Vec::new(),
        }
    }

    pub(crate) fn late(stage: Stage) -> Self {
        Self::new(MailErrorClass::Passing, stage, "no answer in time")
    }

    pub(crate) fn all_refused(refused: Vec<Refused>) -> Self {
        let mut error = Self::new(
            MailErrorClass::Permanent,
            Stage::Recipients,
            "no recipient was accepted",
        );
        error.code = refused.first().map(|first| first.code);
        error.refused = refused;
        error
    }

    /// Judges what lettre met at a step.
    pub(crate) fn judge(stage: Stage, error: &SmtpError, secret: &str) -> Self {
        let code = error.status().map(u16::from);
        let class = if error.is_permanent() {
            class_of_refusal(stage, code)
        } else if error.is_client() || error.is_tls() || speaks_of_tls(error) {
            MailErrorClass::Configuration
        } else {
            MailErrorClass::Passing
        };
        Self {
            class,
            stage,
            code,
            words: words_of(error, secret),
            refused: Vec::new(),
        }
    }
}

/// 530 asks for a login; 552 for a smaller mail; before the recipients, the server has seen nothing but our settings.
fn class_of_refusal(stage: Stage, code: Option<u16>) -> MailErrorClass {
    match (stage, code) {
        (_, Some(530)) => MailErrorClass::Configuration,
        (_, Some(552)) | (Stage::Mail | Stage::Recipients | Stage::Content, _) => MailErrorClass::Permanent,
        (Stage::Connect | Stage::Encrypt | Stage::LogIn | Stage::Sender, _) => MailErrorClass::Configuration,
    }
}

/// Whether the two sides disagreed about TLS: a certificate, a version, or one that does not speak it.
fn speaks_of_tls(error: &SmtpError) -> bool {
    let mut source = error.source();
    while let Some(cause) = source {
        let inner = cause
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref)
            .and_then(|inner| inner.downcast_ref::<rustls::Error>());
        if inner.is_some() || cause.is::<rustls::Error>() {
            return true;
        }
        source = cause.source();
    }
    false
}

fn words_of(error: &SmtpError, secret: &str) -> String {
    let words = match error.source() {
        Some(cause) => cause.to_string(),
        None => error.to_string(),
    };
    clean(&words, secret)
}

/// On one line, not too long, and without the password.
pub(crate) fn clean(words: &str, secret: &str) -> String {
    let masked = if secret.len() >= MIN_SECRET {
        words.replace(secret, "***")
    } else {
        words.to_owned()
    };
    masked
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(MAX_WORDS)
        .collect()
}

impl From<MailFault> for MailError {
    fn from(fault: MailFault) -> Self {
        Self::new(MailErrorClass::Permanent, Stage::Mail, &fault.to_string())
    }
}

impl fmt::Display for MailError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let step = match self.stage {
            Stage::Mail => "the mail",
            Stage::Connect => "connecting",
            Stage::Encrypt => "STARTTLS",
            Stage::LogIn => "login",
            Stage::Sender => "MAIL FROM",
            Stage::Recipients => "RCPT TO",
            Stage::Content => "DATA",
        };
        write!(f, "{step}: {}", self.words)?;
        if let Some(code) = self.code {
            write!(f, " ({code})")?;
        }
        self.refused
            .iter()
            .try_for_each(|refused| write!(f, "; {}: {} ({})", refused.address, refused.words, refused.code))
    }
}

impl std::error::Error for MailError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_servers_words_are_one_line_without_the_password() {
        assert_eq!(clean("no\r\nhunter22 here", "hunter22"), "no  *** here");
        assert_eq!(clean(&"x".repeat(900), "").len(), MAX_WORDS);
    }

    #[test]
    fn a_refusal_before_the_recipients_is_about_the_settings() {
        for (stage, code, class) in [
            (Stage::Connect, 554, MailErrorClass::Configuration),
            (Stage::LogIn, 535, MailErrorClass::Configuration),
            (Stage::Sender, 550, MailErrorClass::Configuration),
            (Stage::Sender, 552, MailErrorClass::Permanent),
            (Stage::Recipients, 530, MailErrorClass::Configuration),
            (Stage::Recipients, 550, MailErrorClass::Permanent),
            (Stage::Content, 554, MailErrorClass::Permanent),
        ] {
            assert_eq!(class_of_refusal(stage, Some(code)), class, "{stage:?} {code}");
        }
    }
}
