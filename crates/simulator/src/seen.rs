//! Messages as a member sees them at this moment, card changes included, in a form that tests can ask.

use serde::Serialize;
use serde_json::Value;

use crate::fields::{list, number, text};
use crate::message::{Channel, Message};

/// A message as its reader sees it now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// Its `msgid`.
    pub id: String,
    /// Its place in the order of arrival.
    pub seq: u64,
    /// `text`, `markdown`, `textcard`, or of a card its `card_type` now, such as `button_interaction`.
    pub kind: String,
    /// The headline of a card; empty for others.
    pub title: String,
    /// Everything that is read in it, one part a line.
    pub text: String,
    /// The rows of a card: name and value.
    pub rows: Vec<(String, String)>,
    /// The buttons and menu entries, as far as they can be used now.
    pub buttons: Vec<SeenButton>,
    /// What one touches to get to a page: the address of the whole card, or of the text card.
    pub url: String,
    /// Whether the card was changed after it was sent.
    pub replaced: bool,
    /// Withdrawn by the bot.
    pub recalled: bool,
    /// The card's task id; empty without one.
    pub task_id: String,
}

/// A button that can be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SeenButton {
    /// What it says.
    pub text: String,
    /// What it sends back; empty where it opens a page.
    pub key: String,
    /// The page that it opens; empty where it sends something back.
    pub url: String,
}

/// What became of a press.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PressOutcome {
    /// WeCom told the app.
    Sent,
    /// The member has no such card.
    NoSuchCard,
    /// The card as the member sees it has no such button, or none any more.
    NoSuchButton,
}

impl Seen {
    /// The button that says this, where it can be used.
    pub fn button(&self, text: &str) -> Option<&SeenButton> {
        self.buttons.iter().find(|button| button.text == text)
    }
}

/// The message as one member sees it.
pub(crate) fn seen(message: &Message, userid: &str) -> Seen {
    let kind = message.kind();
    let sent = message.body.get(kind).unwrap_or(&Value::Null);
    let card = message.card_of(userid);
    let content = card.unwrap_or(sent);
    Seen {
        id: message.id.clone(),
        seq: message.seq,
        kind: card.map_or_else(|| kind.to_owned(), |card| text(card, "card_type").to_owned()),
        title: match content.pointer("/main_title/title").and_then(Value::as_str) {
            Some(title) => title.to_owned(),
            None => text(content, "title").to_owned(),
        },
        text: message.text_for(userid),
        rows: list(content, "horizontal_content_list")
            .iter()
            .map(|row| (text(row, "keyname").to_owned(), text(row, "value").to_owned()))
            .collect(),
        buttons: if message.recalled {
            Vec::new()
        } else {
            buttons(content)
        },
        url: match content.pointer("/card_action/url").and_then(Value::as_str) {
            Some(url) => url.to_owned(),
            None => text(content, "url").to_owned(),
        },
        replaced: card.is_some_and(|card| card != sent),
        recalled: message.recalled,
        task_id: match message.channel {
            Channel::App => message.task_id().to_owned(),
            Channel::Chat(_) | Channel::Webhook(_) => String::new(),
        },
    }
}

fn buttons(card: &Value) -> Vec<SeenButton> {
    let dead = !text(card, "replace_text").is_empty();
    let own = list(card, "button_list").iter().chain(card.get("submit_button"));
    let own = own.filter(|_| !dead).map(|button| {
        let opens = number(button, "type") == Some(1);
        SeenButton {
            text: text(button, "text").to_owned(),
            key: if opens {
                String::new()
            } else {
                text(button, "key").to_owned()
            },
            url: if opens {
                text(button, "url").to_owned()
            } else {
                String::new()
            },
        }
    });
    let menu = card
        .get("action_menu")
        .map_or(&[][..], |menu| list(menu, "action_list"));
    let menu = menu.iter().map(|action| SeenButton {
        text: text(action, "text").to_owned(),
        key: text(action, "key").to_owned(),
        url: String::new(),
    });
    let jumps = list(card, "jump_list").iter().map(|jump| SeenButton {
        text: text(jump, "title").to_owned(),
        key: String::new(),
        url: text(jump, "url").to_owned(),
    });
    own.chain(menu).chain(jumps).collect()
}
