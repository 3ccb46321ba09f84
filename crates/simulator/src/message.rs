//! Messages that the bot sent, as each receiver has them, and cards as they change.

pub(crate) mod limits;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use crate::fields::{list, number, text};

/// Where a message was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// To members, by the app.
    App,
    /// To a group of the app, by its chat id.
    Chat(String),
    /// To a group robot, by its key.
    Webhook(String),
}

/// A message as it was sent.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Message {
    /// Its `msgid`.
    pub id: String,
    /// Its place in the order of arrival, from 1.
    pub seq: u64,
    /// When it arrived.
    pub at: DateTime<Utc>,
    /// Where it went.
    pub channel: Channel,
    /// Who has it.
    pub to: Vec<String>,
    /// Whose copy WeCom dropped silently because the member had too many.
    pub dropped: Vec<String>,
    /// The request's JSON.
    pub body: Value,
    /// Each receiver's card as it looks now; empty for other messages.
    pub cards: BTreeMap<String, Value>,
    /// Withdrawn by the bot.
    pub recalled: bool,
    /// Who has seen it on the phone page.
    #[serde(skip)]
    pub(crate) read_by: BTreeSet<String>,
}

/// What a member may press on a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pressed {
    Button,
    Menu,
}

impl Message {
    /// The kind of message (`msgtype`).
    pub fn kind(&self) -> &str {
        text(&self.body, "msgtype")
    }

    /// Its task id, where it is a card with one.
    pub fn task_id(&self) -> &str {
        self.body
            .get("template_card")
            .map_or("", |card| text(card, "task_id"))
    }

    /// The card as the member sees it now.
    pub fn card_of(&self, userid: &str) -> Option<&Value> {
        self.cards
            .iter()
            .find(|(holder, _)| holder.eq_ignore_ascii_case(userid))
            .map(|(_, card)| card)
    }

    /// Everything that a receiver reads in it, one part a line.
    pub fn text(&self) -> String {
        readable(&self.body)
    }

    /// Everything that one receiver reads in it now; differs from [`Self::text`] once a card has changed.
    pub fn text_for(&self, userid: &str) -> String {
        self.card_of(userid).map_or_else(|| self.text(), readable_card)
    }

    /// Whether the member holds a copy.
    pub fn is_to(&self, userid: &str) -> bool {
        self.to
            .iter()
            .any(|receiver| receiver.eq_ignore_ascii_case(userid))
    }
}

/// What a key of the card is, where it can be pressed now.
pub(crate) fn pressable(card: &Value, key: &str) -> Option<Pressed> {
    let menu = card
        .get("action_menu")
        .map_or(&[][..], |menu| list(menu, "action_list"));
    if menu.iter().any(|action| text(action, "key") == key) {
        return Some(Pressed::Menu);
    }
    if !text(card, "replace_text").is_empty() {
        return None;
    }
    let in_list = list(card, "button_list")
        .iter()
        .any(|button| number(button, "type").unwrap_or(0) == 0 && text(button, "key") == key);
    let submit = card
        .get("submit_button")
        .is_some_and(|button| text(button, "key") == key);
    (in_list || submit).then_some(Pressed::Button)
}

fn readable(body: &Value) -> String {
    let kind = text(body, "msgtype");
    let content = body.get(kind).unwrap_or(&Value::Null);
    match kind {
        "template_card" => readable_card(content),
        "textcard" => [
            text(content, "title"),
            text(content, "description"),
            text(content, "url"),
        ]
        .join("\n"),
        "news" => {
            let articles = list(content, "articles").iter();
            articles
                .map(|article| format!("{}\n{}", text(article, "title"), text(article, "description")))
                .collect::<Vec<_>>()
                .join("\n")
        }
        _ => text(content, "content").to_owned(),
    }
}

fn readable_card(card: &Value) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut say = |line: &str| {
        if !line.is_empty() {
            lines.push(line.to_owned());
        }
    };
    for path in [
        "/source/desc",
        "/main_title/title",
        "/main_title/desc",
        "/emphasis_content/title",
        "/emphasis_content/desc",
        "/quote_area/title",
        "/quote_area/quote_text",
        "/sub_title_text",
    ] {
        say(card.pointer(path).and_then(Value::as_str).unwrap_or(""));
    }
    for row in list(card, "horizontal_content_list") {
        say(&format!("{}：{}", text(row, "keyname"), text(row, "value")));
    }
    for row in list(card, "vertical_content_list") {
        say(&format!("{} {}", text(row, "title"), text(row, "desc")));
    }
    for jump in list(card, "jump_list") {
        say(&format!("[{}]", text(jump, "title")));
    }
    match text(card, "replace_text") {
        "" => {
            for button in list(card, "button_list") {
                say(&format!("[{}]", text(button, "text")));
            }
            if let Some(submit) = card.get("submit_button") {
                say(&format!("[{}]", text(submit, "text")));
            }
        }
        replaced => say(&format!("（{replaced}）")),
    }
    if let Some(menu) = card.get("action_menu") {
        for action in list(menu, "action_list") {
            say(&format!("[{}]", text(action, "text")));
        }
    }
    lines.join("\n")
}
