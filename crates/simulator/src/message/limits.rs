//! What WeCom refuses in a message, with its codes. Lengths are bytes.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::error::ApiError;
use crate::fields::{list, number, text};

const TEXT_BYTES: usize = 2048;
const URL_BYTES: usize = 2048;
const KEY_BYTES: usize = 1024;
const ID_BYTES: usize = 128;

type Checked = Result<(), ApiError>;

/// Checks the content of a message; `markdown_bytes` differs between apps and webhooks.
pub(crate) fn check_content(body: &Value, markdown_bytes: usize) -> Checked {
    let kind = text(body, "msgtype");
    let content = body.get(kind).cloned().unwrap_or_default();
    match kind {
        "text" => check_text(text(&content, "content"), TEXT_BYTES),
        "markdown" | "markdown_v2" => check_text(text(&content, "content"), markdown_bytes),
        "textcard" => check_textcard(&content),
        "news" => check_news(&content),
        "image" | "voice" | "video" | "file" => {
            ensure(!text(&content, "media_id").is_empty(), 41006, "media_id missing")
        }
        "template_card" => check_card(&content),
        _ => Err(ApiError::new(40008, "invalid message type")),
    }
}

/// Whether the card answers to presses, so that the app needs a callback address.
pub(crate) fn is_interactive(card: &Value) -> bool {
    matches!(
        text(card, "card_type"),
        "button_interaction" | "vote_interaction" | "multiple_interaction"
    ) || !list(card.get("action_menu").unwrap_or(&Value::Null), "action_list").is_empty()
}

fn check_text(content: &str, limit: usize) -> Checked {
    ensure(!content.is_empty(), 44004, "empty content")?;
    ensure(content.len() <= limit, 45002, "content size out of limit")
}

fn check_textcard(content: &Value) -> Checked {
    ensure(!text(content, "title").is_empty(), 41016, "missing title")?;
    ensure(
        !text(content, "description").is_empty(),
        41033,
        "missing description",
    )?;
    check_url(text(content, "url"), 40063)?;
    ensure(
        text(content, "title").len() <= 128,
        45002,
        "title size out of limit",
    )?;
    ensure(
        text(content, "description").len() <= 512,
        45002,
        "description size out of limit",
    )
}

fn check_news(content: &Value) -> Checked {
    let articles = list(content, "articles");
    ensure(
        (1..=8).contains(&articles.len()),
        45008,
        "article size out of limit",
    )?;
    articles
        .iter()
        .try_for_each(|article| ensure(!text(article, "title").is_empty(), 41016, "missing title"))
}

/// Checks a template card.
pub(crate) fn check_card(card: &Value) -> Checked {
    check_common(card)?;
    match text(card, "card_type") {
        "text_notice" => check_notice(card, !text(card, "sub_title_text").is_empty()),
        "news_notice" => {
            ensure(!image_of(card).is_empty(), 42044, "card_image.url missing")?;
            ensure(
                list(card, "vertical_content_list").len() <= 4,
                42036,
                "vertical_content_list too long",
            )?;
            check_notice(card, false)
        }
        "button_interaction" => check_buttons(card),
        "vote_interaction" => {
            check_question(card.get("checkbox").unwrap_or(&Value::Null), 20)?;
            check_submit(card)
        }
        "multiple_interaction" => {
            let questions = list(card, "select_list");
            ensure(
                (1..=3).contains(&questions.len()),
                42047,
                "select_list length invalid",
            )?;
            unique(
                questions.iter().map(|question| text(question, "question_key")),
                42043,
                "question_key not unique",
            )?;
            questions
                .iter()
                .try_for_each(|question| check_question(question, 10))?;
            check_submit(card)
        }
        _ => Err(ApiError::new(42031, "invalid card_type")),
    }
}

/// Checks the task id, and that it is there where the card needs one.
pub(crate) fn check_task_id(card: &Value) -> Checked {
    let task_id = text(card, "task_id");
    ensure(
        !(task_id.is_empty() && is_interactive(card)),
        42014,
        "task_id missing",
    )?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '@');
    ensure(
        task_id.len() <= ID_BYTES && task_id.chars().all(allowed),
        42014,
        "invalid task_id",
    )
}

fn check_common(card: &Value) -> Checked {
    let horizontal = list(card, "horizontal_content_list");
    ensure(horizontal.len() <= 6, 42035, "horizontal_content_list too long")?;
    for row in horizontal {
        ensure(
            !text(row, "keyname").is_empty(),
            42027,
            "horizontal_content_list.keyname missing",
        )?;
        match number(row, "type").unwrap_or(0) {
            1 => check_url(text(row, "url"), 42028)?,
            2 => ensure(!text(row, "media_id").is_empty(), 42029, "media_id missing")?,
            3 => ensure(!text(row, "userid").is_empty(), 42050, "userid missing")?,
            _ => {}
        }
    }
    let jumps = list(card, "jump_list");
    ensure(jumps.len() <= 3, 42042, "jump_list too long")?;
    for jump in jumps {
        ensure(!text(jump, "title").is_empty(), 42033, "jump_list.title missing")?;
        if number(jump, "type") == Some(1) {
            check_url(text(jump, "url"), 42028)?;
        }
    }
    if let Some(menu) = card.get("action_menu").filter(|menu| !menu.is_null()) {
        let actions = list(menu, "action_list");
        ensure(
            (1..=3).contains(&actions.len()),
            40058,
            "action_list length invalid",
        )?;
        unique(
            actions.iter().map(|action| text(action, "key")),
            42051,
            "action_menu key clash",
        )?;
        actions
            .iter()
            .try_for_each(|action| check_key(text(action, "key"), 42051))?;
    }
    if number(card.get("quote_area").unwrap_or(&Value::Null), "type") == Some(1) {
        check_url(
            card.pointer("/quote_area/url")
                .and_then(Value::as_str)
                .unwrap_or(""),
            42028,
        )?;
    }
    Ok(())
}

fn check_notice(card: &Value, has_subtitle: bool) -> Checked {
    let title = card
        .pointer("/main_title/title")
        .and_then(Value::as_str)
        .unwrap_or("");
    ensure(
        has_subtitle || !title.is_empty(),
        42033,
        "main_title.title missing",
    )?;
    let action = card.get("card_action").unwrap_or(&Value::Null);
    match number(action, "type") {
        Some(1) => check_url(text(action, "url"), 42028),
        Some(2) => ensure(!text(action, "appid").is_empty(), 42030, "appid missing"),
        _ => Err(ApiError::new(42045, "card_action missing")),
    }
}

fn check_buttons(card: &Value) -> Checked {
    let title = card
        .pointer("/main_title/title")
        .and_then(Value::as_str)
        .unwrap_or("");
    ensure(!title.is_empty(), 42033, "main_title.title missing")?;
    let buttons = list(card, "button_list");
    let dead = !text(card, "replace_text").is_empty();
    ensure(
        dead || (1..=6).contains(&buttons.len()),
        42017,
        "button_list length invalid",
    )?;
    for button in buttons {
        ensure(!text(button, "text").is_empty(), 42038, "button text missing")?;
        if number(button, "type") == Some(1) {
            check_url(text(button, "url"), 42028)?;
        } else {
            check_key(text(button, "key"), 42039)?;
        }
    }
    let keys = buttons
        .iter()
        .map(|button| text(button, "key"))
        .filter(|key| !key.is_empty());
    unique(keys, 42039, "button key clash")?;
    match card
        .get("button_selection")
        .filter(|selection| !selection.is_null())
    {
        Some(selection) => check_question(selection, 10),
        None => Ok(()),
    }
}

fn check_question(question: &Value, most: usize) -> Checked {
    check_key(text(question, "question_key"), 42043)?;
    let options = list(question, "option_list");
    ensure(
        (1..=most).contains(&options.len()),
        42037,
        "option_list length invalid",
    )?;
    for option in options {
        let id = text(option, "id");
        ensure(!id.is_empty() && id.len() <= ID_BYTES, 42040, "option id invalid")?;
        ensure(!text(option, "text").is_empty(), 42041, "option text missing")?;
    }
    unique(
        options.iter().map(|option| text(option, "id")),
        42040,
        "option id clash",
    )
}

fn check_submit(card: &Value) -> Checked {
    if !text(card, "replace_text").is_empty() {
        return Ok(());
    }
    let button = card.get("submit_button").unwrap_or(&Value::Null);
    check_key(text(button, "key"), 42046)?;
    ensure(
        !text(button, "text").is_empty(),
        42049,
        "submit_button text missing",
    )
}

fn image_of(card: &Value) -> &str {
    ["/card_image/url", "/image_text_area/image_url"]
        .iter()
        .filter_map(|path| card.pointer(path).and_then(Value::as_str))
        .find(|url| !url.is_empty())
        .unwrap_or("")
}

fn check_key(key: &str, code: i64) -> Checked {
    ensure(
        !key.is_empty() && key.len() <= KEY_BYTES,
        code,
        "key missing or too long",
    )
}

fn check_url(url: &str, code: i64) -> Checked {
    let scheme = url.starts_with("http://") || url.starts_with("https://");
    ensure(
        !url.is_empty() && url.len() <= URL_BYTES,
        code,
        "url missing or too long",
    )?;
    ensure(scheme, 45034, "url without scheme")
}

fn unique<'a>(values: impl Iterator<Item = &'a str>, code: i64, message: &str) -> Checked {
    let mut seen = BTreeSet::new();
    for value in values {
        ensure(seen.insert(value), code, message)?;
    }
    Ok(())
}

fn ensure(holds: bool, code: i64, message: &str) -> Checked {
    if holds {
        Ok(())
    } else {
        Err(ApiError::new(code, message))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(body: &Value, code: i64) {
        let found = check_content(body, 2048).err().map_or(0, |error| error.code);
        assert_eq!(found, code, "{body}");
    }

    #[test]
    fn refusals_carry_their_codes() {
        let long = "字".repeat(683);
        check(&json!({"msgtype": "text", "text": {"content": "好"}}), 0);
        check(&json!({"msgtype": "text", "text": {"content": ""}}), 44004);
        check(
            &json!({"msgtype": "markdown", "markdown": {"content": long}}),
            45002,
        );
        check(
            &json!({"msgtype": "textcard", "textcard": {"title": "a", "description": "b", "url": "x.com"}}),
            45034,
        );
        check(&json!({"msgtype": "poem", "poem": {}}), 40008);
        let buttons = |buttons: Value| {
            json!({"msgtype": "template_card", "template_card": {"card_type": "button_interaction",
                "task_id": "t", "main_title": {"title": "标题"}, "button_list": buttons}})
        };
        check(&buttons(json!([{"text": "确认", "key": "k"}])), 0);
        check(&buttons(json!([{"text": "", "key": "k"}])), 42038);
        check(
            &buttons(json!([{"text": "a", "key": "k"}, {"text": "b", "key": "k"}])),
            42039,
        );
        check(&buttons(json!([])), 42017);
        let notice = json!({"msgtype": "template_card", "template_card": {"card_type": "text_notice",
            "main_title": {"title": "标题"}}});
        check(&notice, 42045);
    }

    #[test]
    fn task_ids_are_short_and_plain() {
        let card = |id: &str| json!({"card_type": "button_interaction", "task_id": id});
        assert!(check_task_id(&card("202611240001-a@b_c")).is_ok());
        assert_eq!(check_task_id(&card("")).unwrap_err().code, 42014);
        assert_eq!(check_task_id(&card("a b")).unwrap_err().code, 42014);
        assert_eq!(check_task_id(&card(&"a".repeat(129))).unwrap_err().code, 42014);
        assert!(check_task_id(&json!({"card_type": "text_notice"})).is_ok());
    }
}
