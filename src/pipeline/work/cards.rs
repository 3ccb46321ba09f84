//! Cards: one per person and duty, each with keys that nobody can guess, and what a card turns into.

use changegate_lifecycle::{Answer, Change, Duty, Notice};
use changegate_notifier::{self as notifier, About, Links};
use changegate_policy::UserId;
use changegate_store::{Card, NewMessage, URGENT};
use changegate_wecom::message::{self, Message, Recipients};
use chrono::{DateTime, TimeDelta, Utc};

use super::WorkError;
use super::asked::Asked;
use super::carry_out::{CARD_UPDATE, WECOM_MESSAGE};
use crate::pipeline::Parts;

/// WeCom's codes for changing a card end after 72 hours; one that is nearly over is not tried.
const CODE_LIFETIME: TimeDelta = TimeDelta::hours(71);

/// The ids of a card that is about to be made.
pub(super) struct Ids {
    pub(super) task_id: String,
    pub(super) card_key: String,
}

impl Ids {
    /// A task id that names the change and begins with its number, and a key of 128 random bits.
    pub(super) fn new(sp_no: &str, duty: u32, sequence: u32) -> Self {
        let mut random = [0_u8; 24];
        rand::fill(&mut random);
        let (key, tail) = random.split_at(16);
        Self {
            task_id: format!("{sp_no}-{duty}-{sequence}-{}", hex::encode(tail)),
            card_key: hex::encode(key),
        }
    }
}

/// The change that a task id of ours is about: what stands before its first dash.
pub(crate) fn subject_of_task(task_id: &str) -> Option<&str> {
    let (sp_no, _) = task_id.split_once('-')?;
    (!sp_no.is_empty()).then_some(sp_no)
}

/// Turns cards of a duty into what they say now: of one member, or of everybody who still has a live one.
///
/// A card whose code is spent or over cannot be changed any more. Whoever pressed on such a card gets a message in its
/// place; nobody else is disturbed.
pub(super) async fn settle(
    (parts, asked): (&Parts, &Asked),
    (about, links): (&About<'_>, &Links<'_>),
    change: &Change,
    (sp_no, sequence, number, of): (&str, u32, u32, Option<&UserId>),
    now: DateTime<Utc>,
) -> Result<Vec<NewMessage>, WorkError> {
    let Some(duty) = change.duty(number) else {
        return Ok(Vec::new());
    };
    let cards = parts.store.cards_of(sp_no, i64::from(number)).await?;
    let mut messages = Vec::new();
    for card in cards.iter().filter(|card| card.live) {
        let holder = UserId::new(&card.holder);
        if of.is_some_and(|of| *of != holder) || said_before(duty, &holder, now) {
            continue;
        }
        let result = notifier::settled(duty, &holder, about, links)?;
        let pressed_here = asked.presses.iter().find(|pressed| {
            pressed
                .card
                .as_ref()
                .is_some_and(|pressed| pressed.task_id == card.task_id)
        });
        let instead = pressed_here
            .map(|pressed| {
                let notice = Notice::Answer {
                    duty: Some(number),
                    action: pressed.press.action,
                    answer: Answer::Accepted,
                };
                notifier::render(&notice, &holder, about, links, None).map(|rendered| rendered.message)
            })
            .transpose()?;
        let key = format!("{sp_no}/{sequence}/{}", card.task_id);
        messages.extend(update(parts, card, (&key, sp_no), &result, instead, now)?);
    }
    Ok(messages)
}

/// A card that was pressed although what it asks for is settled turns now: what should have turned it never reached it,
/// and the press brought a fresh code. `messages` are those of this step, which may turn it already.
pub(super) fn turn_again(
    (parts, asked): (&Parts, &Asked),
    (about, links): (&About<'_>, &Links<'_>),
    change: &Change,
    messages: &[NewMessage],
    now: DateTime<Utc>,
) -> Result<Vec<NewMessage>, WorkError> {
    let mut turned = Vec::new();
    for pressed in &asked.presses {
        let (Some(card), Some(code)) = (&pressed.card, &pressed.code) else {
            continue;
        };
        let duty = pressed.press.duty.and_then(|number| change.duty(number));
        let holder = UserId::new(&card.holder);
        let Some(duty) = duty.filter(|duty| !duty.is_open() || said_before(duty, &holder, now)) else {
            continue;
        };
        let turns_already = |message: &NewMessage| {
            message.channel == CARD_UPDATE && message.dedupe_key.ends_with(card.task_id.as_str())
        };
        if messages.iter().any(turns_already) {
            continue;
        }
        let result = notifier::settled(duty, &holder, about, links)?;
        let of = std::slice::from_ref(&card.holder);
        turned.push(NewMessage {
            dedupe_key: format!(
                "{}/again/{}/{}",
                card.sp_no,
                card.task_id,
                pressed.at.timestamp_micros()
            ),
            sp_no: Some(card.sp_no.clone()),
            channel: CARD_UPDATE.to_owned(),
            recipient: card.holder.clone(),
            priority: URGENT,
            body: message::replace_card_json(parts.wecom.agent_id(), code, of, &result)?,
            ..NewMessage::default()
        });
    }
    Ok(turned)
}

/// Whose card has turned already, when they said it.
fn said_before(duty: &Duty, holder: &UserId, now: DateTime<Utc>) -> bool {
    duty.said.get(holder).is_some_and(|said| said.at < now)
}

fn update(
    parts: &Parts,
    card: &Card,
    (key, sp_no): (&str, &str),
    result: &message::TemplateCard,
    instead: Option<Message>,
    now: DateTime<Utc>,
) -> Result<Option<NewMessage>, WorkError> {
    let agent = parts.wecom.agent_id();
    let instead = instead.map(|message| message.to_json(agent)).transpose()?;
    let is_fresh = card.code_at.is_some_and(|at| now - at < CODE_LIFETIME);
    let new = |channel: &str, body: String, fallback: Option<String>| NewMessage {
        dedupe_key: key.to_owned(),
        sp_no: Some(sp_no.to_owned()),
        channel: channel.to_owned(),
        recipient: card.holder.clone(),
        priority: URGENT,
        body,
        fallback,
        ..NewMessage::default()
    };
    Ok(match &card.response_code {
        Some(code) if is_fresh => {
            let body = message::replace_card_json(agent, code, std::slice::from_ref(&card.holder), result)?;
            Some(new(CARD_UPDATE, body, instead))
        }
        _ => instead.map(|body| new(WECOM_MESSAGE, body, None)),
    })
}

/// One member, for a message of our own making.
pub(super) fn to(who: &UserId) -> Recipients {
    Recipients::user(who.as_str())
}
