//! Mails that people send to the app's own mailbox: whoever writes the emergency application (二) by hand forwards it
//! there, or copies it there, and it is taken as evidence.
//!
//! Mails are listed once a minute with an overlap and each is settled once, by its id. One that belongs to no change
//! waits a while, since a form may come just after its mail; then its sender is told, if the directory knows them.

mod belonging;
mod forwarded;
mod seen;

use std::time::Duration;

use changegate_policy::FileContent;
use changegate_store::{EventSource, NewFile, NewMessage, StoreError, URGENT};
use changegate_wecom::message::{Message, Recipients, fit, limits};
use changegate_wecom::{Error, ErrorClass};
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest as _, Sha256};
use tokio_util::sync::CancellationToken;

use self::forwarded::Forwarded;
use self::seen::Seen;
use super::work::{WECOM_MESSAGE, look};
use super::{Parts, moment};
use crate::mail::Transport;

/// The kept file of a mail has an id that begins so; no file of WeCom's does.
pub(crate) const FILE_ID: &str = "mail:";
/// Where the loop stopped is remembered under this name.
const STATE: &str = "mailbox";
/// What the kept file is called.
const FILE_NAME: &str = "转发的邮件.eml";
/// Whether it is time is asked so often.
const TICK: Duration = Duration::from_secs(1);
/// The mailbox is looked into so often.
const EVERY: TimeDelta = TimeDelta::seconds(60);
/// A mail that belongs to no change waits so long for one.
const PATIENCE: TimeDelta = TimeDelta::minutes(5);
/// A mail that cannot be read, or not be kept, is given up after this.
const GIVEN_UP: TimeDelta = TimeDelta::hours(24);
/// Mails taken up in one run: whoever floods the mailbox holds up nothing else.
const AT_ONCE: usize = 100;
/// Of a subject, so many characters are quoted.
const QUOTED: usize = 60;

#[derive(Debug, thiserror::Error)]
enum MailboxError {
    #[error("{0}")]
    Wecom(#[from] Error),
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error("message: {0}")]
    Message(#[from] changegate_wecom::message::MessageError),
    #[error("JSON: {0}")]
    Json(#[from] serde_json::Error),
}

impl MailboxError {
    /// Whether the next mail would meet the same.
    fn concerns_all(&self) -> bool {
        match self {
            Self::Wecom(error) => matches!(
                error.class(),
                ErrorClass::Configuration | ErrorClass::RateLimited | ErrorClass::Token
            ),
            Self::Store(_) | Self::Message(_) | Self::Json(_) => false,
        }
    }

    /// Whether it will never be otherwise.
    fn is_lasting(&self) -> bool {
        matches!(self, Self::Wecom(error) if error.class() == ErrorClass::Data)
    }
}

pub(super) async fn run(parts: Parts, stop: CancellationToken) {
    if !matches!(*parts.mail, Transport::Wecom(_)) {
        return stop.cancelled().await;
    }
    let mut last = None;
    let mut failing = false;
    loop {
        let now = parts.clock.now();
        if last.is_none_or(|last| last > now || now - last >= EVERY) {
            last = Some(now);
            match once(&parts, now).await {
                Ok(()) => failing = false,
                // The same failure each minute is no news.
                Err(error) if failing => tracing::debug!(%error, "the mailbox still cannot be read"),
                Err(error) => {
                    failing = true;
                    tracing::warn!(%error, "the app's mailbox could not be read; it is tried again each minute");
                }
            }
        }
        if !moment::pause(TICK, &stop).await {
            break;
        }
    }
}

async fn once(parts: &Parts, now: DateTime<Utc>) -> Result<(), MailboxError> {
    let stored = parts.store.state(STATE).await?;
    let before: Seen = stored
        .and_then(|stored| serde_json::from_value(stored).ok())
        .unwrap_or_default();
    let (from, to) = before.span(now);
    let listed = parts.wecom.inbox_mails(from.timestamp(), to.timestamp()).await?;
    let mut seen = before.clone();
    seen.note(listed, now);
    let settled = settle_all(parts, &mut seen, now).await;
    seen.forget(now);
    if seen != before {
        let value = serde_json::to_value(&seen)?;
        parts.store.set_state(STATE, &value, now).await?;
    }
    settled
}

/// Settles what is not settled yet, as far as that goes now.
async fn settle_all(parts: &Parts, seen: &mut Seen, now: DateTime<Utc>) -> Result<(), MailboxError> {
    for (mail_id, first) in seen.unsettled(AT_ONCE) {
        let waited = now - first;
        match settle(parts, &mail_id, waited >= PATIENCE, now).await {
            Ok(true) => seen.settled(&mail_id),
            Ok(false) => {}
            Err(error) if error.concerns_all() => return Err(error),
            Err(error) => {
                let given_up = error.is_lasting() || waited >= GIVEN_UP;
                tracing::warn!(mail = mail_id, %error, given_up, "a mail to the app could not be taken in");
                if given_up {
                    count("failed");
                    seen.settled(&mail_id);
                }
            }
        }
    }
    Ok(())
}

/// Takes one mail in; answers whether it is settled. `at_last`: it has waited long enough for its change.
async fn settle(
    parts: &Parts,
    mail_id: &str,
    at_last: bool,
    now: DateTime<Utc>,
) -> Result<bool, MailboxError> {
    let eml = parts.wecom.inbox_mail(mail_id).await?;
    let Some((mail, eml)) = forwarded::read(eml).await else {
        tracing::info!(mail = mail_id, "a mail to the app has no header to read");
        count("unreadable");
        return Ok(true);
    };
    if let Some(sp_no) = belonging::change_of(parts, &mail).await? {
        keep(parts, mail_id, &sp_no, &mail, eml, now).await?;
        count("taken");
        tracing::info!(
            mail = mail_id,
            change = sp_no,
            "a mail to the app is evidence for a change"
        );
        return Ok(true);
    }
    if at_last {
        tell(parts, mail_id, &mail, now).await?;
        count("unmatched");
        tracing::info!(
            mail = mail_id,
            "a mail to the app belongs to no open emergency change"
        );
    }
    Ok(at_last)
}

/// Keeps the mail as it came, and has the change looked at.
async fn keep(
    parts: &Parts,
    mail_id: &str,
    sp_no: &str,
    mail: &Forwarded,
    eml: Vec<u8>,
    now: DateTime<Utc>,
) -> Result<(), MailboxError> {
    let file_id = file_id(mail_id);
    let file = NewFile {
        sp_no: sp_no.to_owned(),
        file_id: file_id.clone(),
        name: FILE_NAME.to_owned(),
        sha256: hex::encode(Sha256::digest(&eml)),
        content_type: "message/rfc822".to_owned(),
        bytes: eml,
        reading: Some(serde_json::to_value(FileContent::Mail(mail.evidence()))?),
    };
    parts.store.keep_file(&file, now).await?;
    let look = look(sp_no, &file_id, EventSource::Manual, now);
    parts.store.insert_events(&[look]).await?;
    Ok(())
}

/// WeCom's id where it fits the database's column, else one made of it.
fn file_id(mail_id: &str) -> String {
    if mail_id.len() <= 200 {
        format!("{FILE_ID}{mail_id}")
    } else {
        format!("{FILE_ID}{}", hex::encode(Sha256::digest(mail_id)))
    }
}

/// Tells the sender, if the directory knows them, that nothing came of it.
async fn tell(
    parts: &Parts,
    mail_id: &str,
    mail: &Forwarded,
    now: DateTime<Utc>,
) -> Result<(), MailboxError> {
    let policy = parts.policy();
    let senders = belonging::senders(policy.directory().map(AsRef::as_ref), mail);
    // A text may hold links; a subject of somebody else's must not.
    let subject: String = mail.outer.subject.chars().take(QUOTED).collect();
    let content = format!(
        "收到您转发的邮件，但未找到对应的紧急变更，请在主题中写明审批单号（12 位数字）后重新转发\n主题：{}",
        subject.replace('<', "＜")
    );
    let content = fit(&content, limits::TEXT);
    let key = hex::encode(Sha256::digest(mail_id));
    let messages = senders
        .into_iter()
        .map(|who| {
            let message = Message::text(Recipients::user(who.as_str()), content.clone());
            Ok(NewMessage {
                dedupe_key: format!("mailbox/{key}/{who}"),
                channel: WECOM_MESSAGE.to_owned(),
                recipient: who.to_string(),
                priority: URGENT,
                body: message.to_json(parts.wecom.agent_id())?,
                ..NewMessage::default()
            })
        })
        .collect::<Result<Vec<_>, MailboxError>>()?;
    parts.store.add_messages(&messages, None, now).await?;
    Ok(())
}

fn count(result: &'static str) {
    metrics::counter!("changegate_inbox_mails_total", "result" => result).increment(1);
}
