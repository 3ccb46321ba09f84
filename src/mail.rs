//! Mails out: by a mail server or from the WeCom app's mailbox, whichever is configured.
//!
//! What is delivered is the mail as it was stored; a retry differs in nothing. Over SMTP the receiver can tell by the
//! Message-ID. WeCom takes no Message-ID: after a lost answer, a retry may arrive twice.

mod wecom;
mod words;

use std::sync::Arc;

use anyhow::Context as _;
use changegate_mailer::{Checked, Mail, MailError, MailErrorClass, Smtp, SmtpSettings, SmtpUrl};
use changegate_wecom::Client;
use secrecy::ExposeSecret as _;

use crate::config;

pub(crate) use words::{Told, explain};

/// What carries mails.
#[derive(Debug)]
pub(crate) enum Transport {
    /// A mail server.
    Smtp(Box<Smtp>),
    /// The app's own mailbox.
    Wecom(Arc<Client>),
    /// Nothing.
    Off,
}

/// A mail that was taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Receipt {
    /// Its identity, to be recorded; none where the carrier gives its own and does not tell it.
    pub(crate) message_id: Option<String>,
    /// What the carrier answered, such as its queue's number.
    pub(crate) response: String,
    /// Who was refused while others got it, with the server's words.
    pub(crate) refused: Vec<String>,
}

/// A mail that was not taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MailFailure {
    /// Why, and what to do about it; in Chinese.
    pub(crate) reason: String,
    /// Whether a retry can help: passing, never, or not before the settings are mended.
    pub(crate) class: MailErrorClass,
}

impl Transport {
    /// From the configuration; connects to nothing yet.
    pub(crate) fn new(settings: Option<&config::Mail>, wecom: &Arc<Client>) -> anyhow::Result<Self> {
        match settings {
            Some(config::Mail::Smtp(smtp)) => Ok(Self::Smtp(Box::new(server(smtp)?))),
            Some(config::Mail::Wecom) => Ok(Self::Wecom(Arc::clone(wecom))),
            None => Ok(Self::Off),
        }
    }

    /// Hands a mail over.
    pub(crate) async fn deliver(&self, mail: &Mail) -> Result<Receipt, MailFailure> {
        match self {
            Self::Smtp(smtp) => match smtp.send(mail).await {
                Ok(sent) => Ok(Receipt {
                    message_id: Some(sent.message_id.to_string()),
                    response: sent.response,
                    refused: sent
                        .refused
                        .iter()
                        .map(|refused| format!("{}（{} {}）", refused.address, refused.code, refused.words))
                        .collect(),
                }),
                Err(error) => Err(MailFailure::of(&error)),
            },
            Self::Wecom(client) => wecom::send(client, mail).await,
            Self::Off => Err(MailFailure {
                reason:
                    "请自行发送这封邮件：邮件未启用（没有 mail.smtp_url，也没有 mail.transport = \"wecom\"）"
                        .to_owned(),
                class: MailErrorClass::Configuration,
            }),
        }
    }
}

impl MailFailure {
    fn of(error: &MailError) -> Self {
        let Told { state, step } = explain(error);
        Self {
            reason: format!("{step}：{state}"),
            class: error.class,
        }
    }
}

/// The mail server of the configuration, and whether it would take a mail; nothing is sent.
pub(crate) async fn check(settings: &config::SmtpMail) -> anyhow::Result<Result<Checked, MailError>> {
    Ok(server(settings)?.check().await)
}

fn server(settings: &config::SmtpMail) -> anyhow::Result<Smtp> {
    let url = SmtpUrl::parse(settings.url.expose_secret()).context("mail.smtp_url")?;
    let mut smtp = SmtpSettings::new(url, settings.from.parse().context("mail.from")?);
    smtp.password.clone_from(&settings.password);
    if let Some(path) = &settings.ca_file {
        let pem = std::fs::read(path).with_context(|| format!("mail.ca_file：{}", path.display()))?;
        smtp.ca_pem = Some(pem);
    }
    Smtp::new(smtp).map_err(|error| anyhow::anyhow!(words::of_settings(&error)))
}

#[cfg(test)]
mod tests;
