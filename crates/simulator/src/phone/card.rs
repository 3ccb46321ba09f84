//! Messages and cards as they are drawn.

use serde_json::Value;

use super::markup;
use crate::fields::{list, number, text};
use crate::message::Message;

/// One message in the conversation.
pub(crate) struct MessageView {
    pub(crate) id: String,
    /// Shown above it, where the last one is a while ago.
    pub(crate) time: Option<String>,
    pub(crate) content: Content,
}

/// What a message shows.
pub(crate) enum Content {
    /// A bubble of HTML.
    Bubble(String),
    /// A text card.
    TextCard(TextCard),
    /// A template card.
    Card(Box<CardView>),
    /// Withdrawn.
    Recalled,
}

/// A text card.
pub(crate) struct TextCard {
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) url: String,
    pub(crate) button: String,
}

/// A template card.
pub(crate) struct CardView {
    pub(crate) source: String,
    pub(crate) source_colour: &'static str,
    pub(crate) title: String,
    pub(crate) desc: String,
    pub(crate) emphasis: Option<(String, String)>,
    pub(crate) quote: Option<(String, String)>,
    pub(crate) subtitle: String,
    pub(crate) rows: Vec<Row>,
    pub(crate) verticals: Vec<(String, String)>,
    pub(crate) jumps: Vec<(String, String)>,
    pub(crate) url: String,
    pub(crate) menu: Vec<(String, String)>,
    pub(crate) questions: Vec<Question>,
    pub(crate) buttons: Vec<Button>,
    pub(crate) replaced: String,
}

/// A line of the card's table.
pub(crate) struct Row {
    pub(crate) key: String,
    pub(crate) value: String,
    pub(crate) url: String,
}

/// A question with its options.
pub(crate) struct Question {
    pub(crate) key: String,
    pub(crate) title: String,
    pub(crate) multi: bool,
    pub(crate) disabled: bool,
    pub(crate) select: bool,
    pub(crate) options: Vec<Choice>,
}

/// An option.
pub(crate) struct Choice {
    pub(crate) id: String,
    pub(crate) text: String,
    pub(crate) chosen: bool,
}

/// A button.
pub(crate) struct Button {
    pub(crate) text: String,
    pub(crate) key: String,
    pub(crate) url: String,
    pub(crate) style: i64,
}

/// A message as the member sees it now.
pub(crate) fn content(message: &Message, userid: &str) -> Content {
    if message.recalled {
        return Content::Recalled;
    }
    let kind = message.kind();
    let body = message.body.get(kind).unwrap_or(&Value::Null);
    match kind {
        "template_card" => Content::Card(Box::new(card(message.card_of(userid).unwrap_or(body)))),
        "textcard" => Content::TextCard(TextCard {
            title: text(body, "title").to_owned(),
            description: markup::card_description(text(body, "description")),
            url: web(text(body, "url")),
            button: or(text(body, "btntxt"), "详情"),
        }),
        "markdown" => Content::Bubble(format!(
            "<div class=\"md\">{}</div>",
            markup::markdown(text(body, "content"))
        )),
        "text" => Content::Bubble(markup::text(text(body, "content"))),
        _ => Content::Bubble(markup::escape(&message.text()).replace('\n', "<br>")),
    }
}

fn card(card: &Value) -> CardView {
    let at = |path: &str| {
        card.pointer(path)
            .and_then(Value::as_str)
            .unwrap_or("")
            .to_owned()
    };
    let pair = |area: &str, first: &str, second: &str| {
        let both = (at(&format!("/{area}/{first}")), at(&format!("/{area}/{second}")));
        (!(both.0.is_empty() && both.1.is_empty())).then_some(both)
    };
    let replaced = text(card, "replace_text").to_owned();
    CardView {
        source: at("/source/desc"),
        source_colour: match card.pointer("/source/desc_color").and_then(Value::as_i64) {
            Some(1) => "black",
            Some(2) => "red",
            Some(3) => "green",
            _ => "grey",
        },
        title: at("/main_title/title"),
        desc: at("/main_title/desc"),
        emphasis: pair("emphasis_content", "title", "desc"),
        quote: pair("quote_area", "title", "quote_text"),
        subtitle: text(card, "sub_title_text").to_owned(),
        rows: list(card, "horizontal_content_list").iter().map(row).collect(),
        verticals: list(card, "vertical_content_list")
            .iter()
            .map(|row| both(row, "title", "desc"))
            .collect(),
        jumps: list(card, "jump_list")
            .iter()
            .map(|jump| (web(text(jump, "url")), text(jump, "title").to_owned()))
            .collect(),
        url: web(&at("/card_action/url")),
        menu: card
            .get("action_menu")
            .map_or(&[][..], |menu| list(menu, "action_list"))
            .iter()
            .map(|action| both(action, "key", "text"))
            .collect(),
        questions: questions(card),
        buttons: if replaced.is_empty() {
            buttons(card)
        } else {
            Vec::new()
        },
        replaced,
    }
}

fn row(row: &Value) -> Row {
    Row {
        key: text(row, "keyname").to_owned(),
        value: text(row, "value").to_owned(),
        url: web(text(row, "url")),
    }
}

fn both(value: &Value, first: &str, second: &str) -> (String, String) {
    (text(value, first).to_owned(), text(value, second).to_owned())
}

fn questions(card: &Value) -> Vec<Question> {
    let dead = !text(card, "replace_text").is_empty();
    let checkbox = card.get("checkbox").into_iter().map(|question| (question, false));
    let selection = card
        .get("button_selection")
        .into_iter()
        .map(|question| (question, true));
    let selects = list(card, "select_list").iter().map(|question| (question, true));
    checkbox
        .chain(selection)
        .chain(selects)
        .filter(|(question, _)| !text(question, "question_key").is_empty())
        .map(|(question, select)| Question {
            key: text(question, "question_key").to_owned(),
            title: text(question, "title").to_owned(),
            multi: number(question, "mode") == Some(1),
            disabled: dead || question.get("disable").and_then(Value::as_bool).unwrap_or(false),
            select,
            options: list(question, "option_list")
                .iter()
                .map(|option| Choice {
                    id: text(option, "id").to_owned(),
                    text: text(option, "text").to_owned(),
                    chosen: text(option, "id") == text(question, "selected_id")
                        || option.get("is_checked").and_then(Value::as_bool).unwrap_or(false),
                })
                .collect(),
        })
        .collect()
}

fn buttons(card: &Value) -> Vec<Button> {
    let listed = list(card, "button_list").iter().map(|button| Button {
        text: text(button, "text").to_owned(),
        key: text(button, "key").to_owned(),
        url: if number(button, "type") == Some(1) {
            web(text(button, "url"))
        } else {
            String::new()
        },
        style: number(button, "style")
            .filter(|style| (1..=4).contains(style))
            .unwrap_or(1),
    });
    let submit = card.get("submit_button").map(|button| Button {
        text: text(button, "text").to_owned(),
        key: text(button, "key").to_owned(),
        url: String::new(),
        style: 1,
    });
    listed.chain(submit).collect()
}

/// The link, where it may be followed.
fn web(url: &str) -> String {
    if markup::is_web(url) {
        url.to_owned()
    } else {
        String::new()
    }
}

fn or(text: &str, otherwise: &str) -> String {
    if text.is_empty() {
        otherwise.to_owned()
    } else {
        text.to_owned()
    }
}
