//! Where the mail that applies for an emergency change stands.

use changegate_lifecycle::{Action, Change, DutyKind};
use changegate_mailer::MessageId;
use changegate_policy::{EmergencyMail, FileContent, Files, MailContent, UserId};
use changegate_store::{MessageState, MessageStatus, StoreError};
use chrono::{DateTime, TimeDelta, Utc};

use super::files::is_forwarded;
use crate::mail::Transport;
use crate::pipeline::Parts;

/// A mail that was tried so long and is not out counts as failed, until it is.
const IN_VAIN: TimeDelta = TimeDelta::minutes(3);

/// What is on record. A mail that was shown says more than a word that it was sent.
pub(super) async fn emergency_mail(
    parts: &Parts,
    sp_no: &str,
    before: &Change,
    files: Option<&Files>,
) -> Result<EmergencyMail, StoreError> {
    let forwarded = forwarded(parts, sp_no).await?;
    if let Some(mail) = newest(forwarded.into_iter().chain(attached(files))) {
        return Ok(EmergencyMail::Shown(mail));
    }
    if let Some((by, at)) = confirmed(before) {
        return Ok(EmergencyMail::Confirmed { by, at });
    }
    if let Some(sequence) = before.emergency_mail {
        let sent = parts.store.message_by_key(&format!("{sp_no}/{sequence}")).await?;
        if let Some(row) = sent {
            if let Some(reason) = not_out(&row, parts.clock.now()) {
                return Ok(EmergencyMail::Failed(reason));
            }
            return Ok(EmergencyMail::Sent {
                message_id: MessageId::new(&format!("{sp_no}.{sequence}"), &parts.links.domain())
                    .map(|id| id.to_string())
                    .unwrap_or_default(),
                at: row.delivered_at.unwrap_or(row.created_at),
            });
        }
    }
    Ok(if is_by_hand(parts) {
        EmergencyMail::ByHand
    } else {
        EmergencyMail::Due
    })
}

/// Why the mail is not out, and people had better send it themselves: it was given up, or was tried in vain for minutes.
/// An emergency does not wait for a mail server, which is tried for a day.
fn not_out(row: &MessageStatus, now: DateTime<Utc>) -> Option<String> {
    let reason = || row.last_error.clone();
    match row.state {
        MessageState::Undeliverable => Some(reason().unwrap_or_else(|| "邮件服务器拒收".to_owned())),
        MessageState::Ready | MessageState::Sending if now - row.created_at >= IN_VAIN => reason(),
        MessageState::Ready | MessageState::Sending | MessageState::Delivered | MessageState::Bundled => None,
    }
}

/// Whether people send it themselves: there is no way out for mails, or nobody's address is known.
pub(crate) fn is_by_hand(parts: &Parts) -> bool {
    let policy = parts.policy();
    let nobody = policy.contacts().operations_mailbox.is_none()
        && policy
            .directory()
            .is_none_or(|directory| directory.emails.is_empty());
    nobody || matches!(*parts.mail, Transport::Off)
}

/// The mails that came to the app for this change; the one that came last goes first.
async fn forwarded(parts: &Parts, sp_no: &str) -> Result<Vec<MailContent>, StoreError> {
    let mut kept = parts.store.attachments(sp_no).await?;
    kept.retain(is_forwarded);
    kept.sort_by_key(|file| std::cmp::Reverse(file.fetched_at));
    let contents = kept.into_iter().filter_map(|file| file.reading);
    Ok(contents
        .filter_map(|reading| mail_in(&serde_json::from_value(reading).ok()?))
        .collect())
}

/// The mails that are attached to the form.
fn attached(files: Option<&Files>) -> impl Iterator<Item = MailContent> {
    let known = files.into_iter().flat_map(|files| &files.known);
    known.filter_map(|file| mail_in(&file.content))
}

fn mail_in(content: &FileContent) -> Option<MailContent> {
    match content {
        FileContent::Mail(mail) => Some(mail.clone()),
        FileContent::NotRead | FileContent::Unreadable(_) | FileContent::Workbook(_) => None,
    }
}

/// Whoever shows a second mail has mended the first. Among mails of one date the first counts.
fn newest(mails: impl Iterator<Item = MailContent>) -> Option<MailContent> {
    mails.reduce(|newest, next| if next.date > newest.date { next } else { newest })
}

fn confirmed(before: &Change) -> Option<(UserId, DateTime<Utc>)> {
    let duty = before.latest(DutyKind::EmergencyMail)?;
    duty.said
        .iter()
        .find(|(_, said)| said.action == Action::Confirm)
        .map(|(who, said)| (who.clone(), said.at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_that_is_tried_in_vain_for_minutes_is_not_out() {
        let at = |second| DateTime::from_timestamp(second, 0).unwrap();
        let told = |state, error: Option<&str>, second| {
            let row = MessageStatus {
                id: uuid::Uuid::nil(),
                state,
                attempts: 1,
                run_at: at(0),
                last_error: error.map(str::to_owned),
                created_at: at(0),
                delivered_at: None,
            };
            not_out(&row, at(second))
        };
        let refused = Some("登录失败");
        for (state, error, second, reason) in [
            (MessageState::Ready, None, 600, None),
            (MessageState::Ready, refused, 179, None),
            (MessageState::Ready, refused, 180, refused),
            (MessageState::Sending, refused, 180, refused),
            (MessageState::Delivered, refused, 600, None),
            (MessageState::Undeliverable, refused, 1, refused),
            (MessageState::Undeliverable, None, 1, Some("邮件服务器拒收")),
        ] {
            assert_eq!(
                told(state, error, second).as_deref(),
                reason,
                "{state:?} {error:?} {second}"
            );
        }
    }

    #[test]
    fn the_newest_mail_counts_and_one_without_a_date_only_alone() {
        let mail = |id: &str, minute: Option<i64>| MailContent {
            message_id: id.to_owned(),
            date: minute.and_then(|minute| DateTime::from_timestamp(minute * 60, 0)),
            ..MailContent::default()
        };
        let counts = |mails: &[MailContent]| newest(mails.iter().cloned()).map(|mail| mail.message_id);
        let (undated, old, new) = (mail("undated", None), mail("old", Some(1)), mail("new", Some(2)));
        let again = mail("again", Some(2));
        assert_eq!(
            counts(&[undated.clone(), old.clone(), new.clone()]).as_deref(),
            Some("new")
        );
        assert_eq!(counts(&[again, new, old]).as_deref(), Some("again"));
        assert_eq!(counts(&[undated]).as_deref(), Some("undated"));
        assert_eq!(counts(&[]), None);
    }
}
