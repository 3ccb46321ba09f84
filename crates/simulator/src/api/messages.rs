//! `message/send`, `message/update_template_card`, `message/recall`.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::receivers::{Receivers, receivers, sort_out};
use super::{Answer, Request};
use crate::error::ApiError;
use crate::fields::{list, number, text, texts};
use crate::hub::{Hub, random_id};
use crate::message::limits::{check_card, check_content, check_task_id, is_interactive};
use crate::message::{Channel, Message};
use crate::office::new_response_code;
use crate::world::{Sent, World};

const DUPLICATE_SECONDS: i64 = 1800;
const LONGEST_DUPLICATE_SECONDS: i64 = 4 * 3600;
const RECALL_HOURS: i64 = 24;

pub(super) fn send(hub: &Hub, call: &Request) -> Answer {
    let body = call.json()?;
    if number(body, "agentid") != Some(i64::from(hub.settings.agent_id)) {
        return Err(ApiError::new(301_002, "agentid does not match access_token"));
    }
    check_content(body, 2048)?;
    let card = body
        .get("template_card")
        .filter(|_| text(body, "msgtype") == "template_card");
    if let Some(card) = card {
        check_task_id(card)?;
        let refused = |world: &World| world.callback_url.is_none() || world.refuse_interactive;
        if is_interactive(card) && hub.read(refused) {
            return Err(ApiError::new(43012, "app must configure callback url"));
        }
    }
    let mut receivers = receivers(hub, body)?;
    let now = hub.now();
    hub.write(|world| {
        sort_out(world, &mut receivers);
        if let Some(msgid) = suppressed(world, body, now) {
            return Ok(reply(&receivers, &msgid, None));
        }
        let task_id = card.map_or("", |card| text(card, "task_id"));
        if !task_id.is_empty() && world.messages.iter().any(|message| message.task_id() == task_id) {
            return Err(ApiError::new(42014, "invalid task_id, already used"));
        }
        if receivers.members.is_empty() {
            return Err(ApiError::new(81013, "user & party & tag all invalid"));
        }
        let (to, dropped) = within_limits(hub, world, receivers.members.clone(), now);
        let msgid = random_id();
        let response_code = card
            .filter(|card| is_interactive(card))
            .map(|_| new_response_code(world, &msgid, now));
        let cards = card.map_or_else(BTreeMap::new, |card| {
            to.iter().map(|userid| (userid.clone(), card.clone())).collect()
        });
        let seq = world.next_serial();
        world.record_message(Message {
            id: msgid.clone(),
            seq,
            at: now,
            channel: Channel::App,
            to,
            dropped,
            body: body.clone(),
            cards,
            recalled: false,
            read_by: BTreeSet::new(),
        });
        world.sent.push_back(Sent {
            request: body.clone(),
            at: now,
            msgid: msgid.clone(),
        });
        Ok(reply(&receivers, &msgid, response_code))
    })
}

/// The message of an identical request that is still inside its interval. What WeCom answers then is not
/// documented; here it is the first `msgid`, and no second response code.
fn suppressed(world: &mut World, body: &Value, now: DateTime<Utc>) -> Option<String> {
    let longest = TimeDelta::seconds(LONGEST_DUPLICATE_SECONDS);
    while world.sent.front().is_some_and(|sent| sent.at <= now - longest) {
        world.sent.pop_front();
    }
    if number(body, "enable_duplicate_check") != Some(1) {
        return None;
    }
    let seconds = number(body, "duplicate_check_interval").unwrap_or(DUPLICATE_SECONDS);
    let interval = TimeDelta::seconds(seconds.clamp(0, LONGEST_DUPLICATE_SECONDS));
    world
        .sent
        .iter()
        .rev()
        .find(|sent| sent.request == *body && sent.at > now - interval)
        .map(|sent| sent.msgid.clone())
}

fn within_limits(
    hub: &Hub,
    world: &mut World,
    members: Vec<String>,
    now: DateTime<Utc>,
) -> (Vec<String>, Vec<String>) {
    let limits = hub.settings.limits;
    let most = [
        (TimeDelta::minutes(1), limits.per_member_minute),
        (TimeDelta::hours(1), limits.per_member_hour),
    ];
    members
        .into_iter()
        .partition(|userid| world.allow(&format!("member {userid}"), &most, now))
}

fn reply(receivers: &Receivers, msgid: &str, response_code: Option<String>) -> Value {
    let mut reply = json!({
        "errcode": 0, "errmsg": "ok", "invaliduser": receivers.invalid_users.join("|"),
        "invalidparty": receivers.invalid_parties.join("|"), "invalidtag": receivers.invalid_tags.join("|"),
        "unlicenseduser": receivers.unlicensed.join("|"), "msgid": msgid,
    });
    if let (Some(code), Some(reply)) = (response_code, reply.as_object_mut()) {
        reply.insert("response_code".to_owned(), Value::String(code));
    }
    reply
}

pub(super) fn update(hub: &Hub, call: &Request) -> Answer {
    let body = call.json()?;
    if number(body, "agentid") != Some(i64::from(hub.settings.agent_id)) {
        return Err(ApiError::new(42015, "updating app is not the sending app"));
    }
    let replace_name = body.pointer("/button/replace_name").and_then(Value::as_str);
    let new_card = body.get("template_card");
    if let Some(card) = new_card {
        check_card(card)?;
    } else if replace_name.is_none_or(str::is_empty) {
        return Err(ApiError::new(40058, "button or template_card missing"));
    }
    let now = hub.now();
    let code = text(body, "response_code");
    hub.write(|world| {
        let held = world.response_codes.get(code).cloned();
        let held = held.filter(|held| held.expires > now);
        let held = held.ok_or_else(|| ApiError::new(60140, "invalid response_code, perhaps expired"))?;
        if held.used {
            return Err(ApiError::new(42022, "response_code already used"));
        }
        let message = world
            .message_mut(&held.message)
            .ok_or_else(|| ApiError::new(42016, "task_id not found"))?;
        let (targets, invalid) = targets(hub, message, body)?;
        for userid in targets {
            if let Some(card) = message.cards.get_mut(&userid) {
                change_card(card, replace_name, new_card);
            }
        }
        if let Some(held) = world.response_codes.get_mut(code) {
            held.used = true;
        }
        Ok(json!({"errcode": 0, "errmsg": "ok", "invaliduser": invalid}))
    })
}

/// Who of the card's holders is meant, and who named is none.
fn targets(hub: &Hub, message: &Message, body: &Value) -> Result<(Vec<String>, Vec<String>), ApiError> {
    if number(body, "atall") == Some(1) {
        return Ok((message.cards.keys().cloned().collect(), Vec::new()));
    }
    let users = texts(body, "userids");
    let parties: Vec<i64> = list(body, "partyids").iter().filter_map(Value::as_i64).collect();
    if users.is_empty() && parties.is_empty() && list(body, "tagids").is_empty() {
        return Err(ApiError::new(
            40058,
            "userids, partyids, tagids and atall all missing",
        ));
    }
    let (mut found, mut invalid) = (Vec::new(), Vec::new());
    for user in users {
        match message
            .cards
            .keys()
            .find(|holder| holder.eq_ignore_ascii_case(&user))
        {
            Some(holder) => found.push(holder.clone()),
            None => invalid.push(user.to_ascii_lowercase()),
        }
    }
    let in_party = |holder: &&String| {
        hub.person(holder)
            .is_some_and(|person| parties.contains(&i64::from(hub.department_id(person))))
    };
    found.extend(message.cards.keys().filter(in_party).cloned());
    Ok((found, invalid))
}

fn change_card(card: &mut Value, replace_name: Option<&str>, new_card: Option<&Value>) {
    let task_id = text(card, "task_id").to_owned();
    if let Some(new_card) = new_card {
        *card = new_card.clone();
    }
    if let Some(fields) = card.as_object_mut() {
        if !task_id.is_empty() {
            fields.entry("task_id").or_insert(Value::String(task_id));
        }
        if let (Some(name), None) = (replace_name, new_card) {
            fields.insert("replace_text".to_owned(), json!(name));
        }
    }
}

pub(super) fn recall(hub: &Hub, call: &Request) -> Answer {
    let msgid = text(call.json()?, "msgid").to_owned();
    let now = hub.now();
    hub.write(|world| {
        let message = world
            .message_mut(&msgid)
            .ok_or_else(|| ApiError::new(40058, "invalid msgid"))?;
        if message.at <= now - TimeDelta::hours(RECALL_HOURS) {
            return Err(ApiError::new(42052, "message is too old to recall"));
        }
        message.recalled = true;
        Ok(json!({"errcode": 0, "errmsg": "ok"}))
    })
}
