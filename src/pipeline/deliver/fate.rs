//! What is to become of a message after a try.

use changegate_mailer::MailErrorClass;
use changegate_store::{Delivery, Message};
use changegate_wecom::error::{Error, ErrorClass};
use changegate_wecom::message::SendReply;
use chrono::{DateTime, TimeDelta, Utc};

use super::send::Answer;
use crate::mail::Receipt;
use crate::pipeline::backoff;

/// After this long a message is a person's.
const GIVE_UP_AFTER: TimeDelta = TimeDelta::hours(24);
/// The app has no callback address, so that it may not send cards with buttons.
const NO_CALLBACK: i64 = 43_012;
/// A code for changing a card was used before.
const CODE_USED: i64 = 42_022;
/// Faults of a card's own fields, and cards of a kind that is not to be had.
const CARD_FAULTS: std::ops::RangeInclusive<i64> = 42_014..=42_051;

/// None of those addressed can be reached by the app; a message of ours has one receiver.
const NOBODY: i64 = 81_013;

/// What is to become of it.
#[derive(Debug, PartialEq)]
pub(super) enum Fate {
    /// The other side has it.
    Delivered(Delivery),
    /// It does not.
    Not(Setback),
}

/// Why a message was not delivered, and what then.
#[derive(Debug, PartialEq)]
pub(super) enum Setback {
    /// Again later, for a reason that passes.
    Again(String, DateTime<Utc>),
    /// Not tried at all: the way is shut for everybody.
    Waits(String, DateTime<Utc>),
    /// At once in its simpler form.
    Otherwise(String),
    /// A person's now.
    Undeliverable(String),
}

impl Fate {
    /// The word for it in metrics.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::Delivered(_) => "delivered",
            Self::Not(Setback::Again(..)) => "again",
            Self::Not(Setback::Waits(..)) => "waits",
            Self::Not(Setback::Otherwise(_)) => "otherwise",
            Self::Not(Setback::Undeliverable(_)) => "undeliverable",
        }
    }
}

pub(super) fn fate(message: &Message, answer: Answer, now: DateTime<Utc>) -> Fate {
    match answer {
        Answer::Message(Ok(reply)) => received(&message.recipient, reply),
        Answer::Message(Err(error)) if message.fallback.is_some() && is_about_the_card(&error) => {
            Fate::Not(Setback::Otherwise(error.to_string()))
        }
        Answer::Card(Ok(reply)) => changed(message, &reply.invaliduser),
        Answer::Card(Err(error)) if is_ours_already(message, &error) => Fate::Delivered(Delivery::default()),
        Answer::Card(Err(error)) if is_too_late(&error) => too_late(message, &error.to_string()),
        Answer::Group(Ok(())) => Fate::Delivered(Delivery::default()),
        Answer::Message(Err(error)) | Answer::Card(Err(error)) | Answer::Group(Err(error)) => {
            Fate::Not(setback(message, &error, now))
        }
        Answer::Mail(Ok(receipt)) => mailed(receipt),
        Answer::Mail(Err(failure)) => {
            let again = backoff::next_attempt(now, message.attempts);
            Fate::Not(match failure.class {
                MailErrorClass::Permanent => Setback::Undeliverable(failure.reason),
                _ if is_late(message, now) => Setback::Undeliverable(late(&failure.reason)),
                MailErrorClass::Passing => Setback::Again(failure.reason, again),
                MailErrorClass::Configuration => Setback::Waits(failure.reason, again),
            })
        }
    }
}

fn setback(message: &Message, error: &Error, now: DateTime<Utc>) -> Setback {
    let reason = match error.errcode() {
        Some(NOBODY) => out_of_reach(&message.recipient, "81013"),
        _ => error.to_string(),
    };
    let again = backoff::after_pause(now, error, message.attempts);
    match error.class() {
        ErrorClass::Data | ErrorClass::StateExpired | ErrorClass::RestartLogin => {
            Setback::Undeliverable(reason)
        }
        _ if is_late(message, now) => Setback::Undeliverable(late(&reason)),
        ErrorClass::Configuration => Setback::Waits(reason, again),
        ErrorClass::Retry | ErrorClass::Token | ErrorClass::RateLimited => Setback::Again(reason, again),
    }
}

fn is_late(message: &Message, now: DateTime<Utc>) -> bool {
    message
        .first_attempt_at
        .is_some_and(|first| now - first >= GIVE_UP_AFTER)
}

fn late(reason: &str) -> String {
    format!("24 小时内未能送达：{reason}")
}

fn is_about_the_card(error: &Error) -> bool {
    error
        .errcode()
        .is_some_and(|code| code == NO_CALLBACK || CARD_FAULTS.contains(&code))
}

/// The code was used, and by an earlier try of the same change: it went through, and only its answer was lost.
fn is_ours_already(message: &Message, error: &Error) -> bool {
    error.errcode() == Some(CODE_USED) && message.attempts > 1
}

/// The code for changing the card is spent or over, or the card is gone.
fn is_too_late(error: &Error) -> bool {
    error.class() == ErrorClass::StateExpired || error.errcode() == Some(42_016)
}

/// Whoever pressed hears of the result in a message; nobody else is disturbed by a card that stays as it was.
fn too_late(message: &Message, reason: &str) -> Fate {
    if message.fallback.is_some() {
        Fate::Not(Setback::Otherwise(reason.to_owned()))
    } else {
        Fate::Delivered(Delivery::default())
    }
}

fn changed(message: &Message, invalid: &[String]) -> Fate {
    if invalid
        .iter()
        .any(|who| who.eq_ignore_ascii_case(&message.recipient))
    {
        return too_late(message, "the member has no such card (invaliduser)");
    }
    Fate::Delivered(Delivery::default())
}

fn out_of_reach(recipient: &str, word: &str) -> String {
    format!("{recipient} 不在应用可见范围内，或已离职（{word}）")
}

/// WeCom answers 0 even where the member got nothing.
fn received(recipient: &str, reply: SendReply) -> Fate {
    let names = |members: &str| {
        members
            .split('|')
            .any(|member| member.eq_ignore_ascii_case(recipient))
    };
    if names(&reply.invaliduser) {
        return Fate::Not(Setback::Undeliverable(out_of_reach(recipient, "invaliduser")));
    }
    if names(&reply.unlicenseduser) {
        return Fate::Not(Setback::Undeliverable(format!(
            "{recipient} 没有基础接口许可，或许可已过期（unlicenseduser）"
        )));
    }
    let filled = |text: String| (!text.is_empty()).then_some(text);
    Fate::Delivered(Delivery {
        msgid: filled(reply.msgid),
        response_code: filled(reply.response_code),
    })
}

/// The mail's identity is kept with the message; whom the server refused while others got it is logged.
fn mailed(receipt: Receipt) -> Fate {
    if !receipt.refused.is_empty() {
        tracing::error!(refused = ?receipt.refused, "a mail did not reach everybody");
    }
    Fate::Delivered(Delivery {
        msgid: receipt.message_id.or(Some(receipt.response)),
        response_code: None,
    })
}
