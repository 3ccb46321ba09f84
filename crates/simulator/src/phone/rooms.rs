//! What reaches nobody's own conversation: group chats, group robots and mails.

use serde_json::Value;

use super::card::{Content, content};
use super::day_and_time;
use crate::fields::{text, texts};
use crate::hub::Hub;
use crate::message::{Channel, Message};

const SHOWN: usize = 100;

/// Groups and mails.
pub(crate) struct Rooms {
    pub(crate) groups: Vec<Room>,
    pub(crate) mails: Vec<MailView>,
}

/// A group with what was said in it, newest last.
pub(crate) struct Room {
    pub(crate) name: String,
    pub(crate) said: Vec<(String, Content)>,
}

/// A mail.
pub(crate) struct MailView {
    pub(crate) time: String,
    pub(crate) subject: String,
    pub(crate) to: String,
    pub(crate) cc: String,
    /// A whole page for HTML; shown apart from this one, without scripts.
    pub(crate) html: String,
    pub(crate) plain: String,
}

/// Everything there is.
pub(crate) fn rooms(hub: &Hub) -> Rooms {
    hub.read(|world| {
        let mut groups: Vec<Room> = Vec::new();
        for message in &world.messages {
            let name = match &message.channel {
                Channel::App => continue,
                Channel::Chat(id) => hub.chat_name(id).unwrap_or(id).to_owned(),
                Channel::Webhook(key) => format!("群机器人 {}", key.chars().take(8).collect::<String>()),
            };
            let line = (day_and_time(message.at), content(message, ""));
            match groups.iter_mut().find(|room| room.name == name) {
                Some(room) => room.said.push(line),
                None => groups.push(Room {
                    name,
                    said: vec![line],
                }),
            }
        }
        let mails = world.mails.iter().rev().take(SHOWN);
        Rooms {
            groups,
            mails: mails
                .map(|mail| mail_view(hub, day_and_time(mail.at), &mail.body))
                .collect(),
        }
    })
}

/// How many there are: shown at the tab.
pub(crate) fn count(hub: &Hub) -> usize {
    hub.read(|world| {
        let said = |message: &&Message| message.channel != Channel::App;
        world.messages.iter().filter(said).count() + world.mails.len()
    })
}

fn mail_view(hub: &Hub, time: String, body: &Value) -> MailView {
    let people = |key: &str| {
        let named = body.get(key).unwrap_or(&Value::Null);
        let members = texts(named, "userids");
        let members = members.iter().map(|userid| hub.name_of(userid).to_owned());
        members
            .chain(texts(named, "emails"))
            .collect::<Vec<_>>()
            .join("、")
    };
    let content = text(body, "content").to_owned();
    let plain = text(body, "content_type") == "text";
    MailView {
        time,
        subject: text(body, "subject").to_owned(),
        to: people("to"),
        cc: people("cc"),
        html: if plain { String::new() } else { content.clone() },
        plain: if plain { content } else { String::new() },
    }
}
