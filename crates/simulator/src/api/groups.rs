//! Messages to groups: `appchat/send` and group robots.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{Answer, Request};
use crate::error::ApiError;
use crate::fields::text;
use crate::hub::{Hub, random_id};
use crate::message::limits::{check_content, is_interactive};
use crate::message::{Channel, Message};

pub(super) fn chat(hub: &Hub, call: &Request) -> Answer {
    let body = call.json()?;
    let chat = text(body, "chatid");
    if hub.chat_name(chat).is_none() {
        return Err(ApiError::new(40050, "invalid chatid"));
    }
    if text(body, "msgtype") == "template_card" {
        return Err(ApiError::new(40008, "invalid message type"));
    }
    check_content(body, 2048)?;
    deliver(hub, Channel::Chat(chat.to_owned()), body);
    Ok(json!({"errcode": 0, "errmsg": "ok"}))
}

pub(super) fn webhook(hub: &Hub, call: &Request) -> Answer {
    let body = call.json()?;
    let key = call.param("key");
    if key.is_empty() {
        return Err(ApiError::new(93000, "invalid webhook url"));
    }
    check_content(body, 4096)?;
    if body.get("template_card").is_some_and(is_interactive) {
        return Err(ApiError::new(40058, "this card cannot be sent by webhook"));
    }
    let most = [(TimeDelta::minutes(1), hub.settings.limits.webhook_minute)];
    let now = hub.now();
    if !hub.write(|world| world.allow(&format!("webhook {key}"), &most, now)) {
        return Err(ApiError::new(45009, "api freq out of limit"));
    }
    deliver(hub, Channel::Webhook(key.to_owned()), body);
    Ok(json!({"errcode": 0, "errmsg": "ok"}))
}

fn deliver(hub: &Hub, channel: Channel, body: &Value) {
    let at = hub.now();
    hub.write(|world| {
        let seq = world.next_serial();
        world.record_message(Message {
            id: random_id(),
            seq,
            at,
            channel,
            to: Vec::new(),
            dropped: Vec::new(),
            body: body.clone(),
            cards: BTreeMap::new(),
            recalled: false,
            read_by: BTreeSet::new(),
        });
    });
}
