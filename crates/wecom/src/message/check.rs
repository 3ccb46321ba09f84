//! WeCom's limits, held before a message leaves: what WeCom would cut or refuse is an error here, so that
//! whoever writes messages decides what to leave out.

use std::collections::HashSet;

use super::card::TemplateCard;
use super::limits;
use super::parts::{
    ActionMenu, Button, ButtonSelection, CardAction, CardOption, HorizontalContent, Jump, MainTitle,
    SubmitButton,
};
use super::{Body, Message, Recipients};

/// A message that WeCom would refuse or cut.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// A field is required.
    #[error("{field} is missing")]
    Missing {
        /// Which.
        field: &'static str,
    },
    /// A text is too long.
    #[error("{field} has {length}, {max} are allowed")]
    TooLong {
        /// Which.
        field: &'static str,
        /// Bytes (of a text card's button: characters).
        length: usize,
        /// As many are allowed.
        max: usize,
    },
    /// A list is too long.
    #[error("{field} has {count} entries, {max} are allowed")]
    TooMany {
        /// Which.
        field: &'static str,
        /// Entries.
        count: usize,
        /// As many are allowed.
        max: usize,
    },
    /// Two entries share what must be unique.
    #[error("{field} stands twice")]
    Repeated {
        /// Which.
        field: &'static str,
    },
    /// A value is not allowed.
    #[error("{field}: {why}")]
    Invalid {
        /// Which.
        field: &'static str,
        /// Why.
        why: &'static str,
    },
    /// It could not be written as JSON.
    #[error("cannot be written as JSON: {0}")]
    Json(String),
}

type Checked = Result<(), MessageError>;

/// Whether a text can be the id of one member: `@all` is everybody, `|` joins several.
pub fn is_userid(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text != "@all"
        && !text.contains(|c: char| c == '|' || c.is_whitespace() || c.is_control())
}

pub(crate) fn message(message: &Message) -> Checked {
    if let Recipients::Some { users, parties, tags } = &message.to {
        if users.is_empty() && parties.is_empty() && tags.is_empty() {
            return Err(MessageError::Missing { field: "touser" });
        }
        count("touser", users.len(), limits::USERS)?;
        count("toparty", parties.len(), limits::PARTIES)?;
        count("totag", tags.len(), limits::PARTIES)?;
        if !users.iter().all(|user| is_userid(user)) {
            return Err(MessageError::Invalid {
                field: "touser",
                why: "not a user id",
            });
        }
    }
    if message
        .duplicate_check
        .is_some_and(|seconds| seconds > limits::DUPLICATE_INTERVAL)
    {
        return Err(MessageError::Invalid {
            field: "duplicate_check_interval",
            why: "more than four hours",
        });
    }
    body(&message.body)
}

pub(crate) fn body(body: &Body) -> Checked {
    body_within(body, limits::MARKDOWN)
}

pub(crate) fn webhook_body(body: &Body) -> Checked {
    body_within(body, limits::WEBHOOK_MARKDOWN)
}

fn body_within(body: &Body, markdown: usize) -> Checked {
    match body {
        Body::Text { content } => text("text.content", content, limits::TEXT),
        Body::Markdown { content } => text("markdown.content", content, markdown),
        Body::TextCard {
            title,
            description,
            url,
            btntxt,
        } => {
            text("textcard.title", title, limits::TEXTCARD_TITLE)?;
            text("textcard.description", description, limits::TEXTCARD_DESCRIPTION)?;
            link("textcard.url", Some(url))?;
            let length = btntxt.as_deref().unwrap_or_default().chars().count();
            if length > limits::TEXTCARD_BUTTON {
                let max = limits::TEXTCARD_BUTTON;
                return Err(MessageError::TooLong {
                    field: "textcard.btntxt",
                    length,
                    max,
                });
            }
            Ok(())
        }
        Body::TemplateCard(card) => new_card(card),
    }
}

fn new_card(card: &TemplateCard) -> Checked {
    match card.task_id() {
        Some(id) => task_id(id)?,
        None if card.calls_back() => return Err(MessageError::Missing { field: "task_id" }),
        None => {}
    }
    match card {
        TemplateCard::ButtonInteraction(card) if card.button_list.is_empty() => {
            return Err(MessageError::Missing { field: "button_list" });
        }
        TemplateCard::VoteInteraction(card) if card.submit_button.is_none() => {
            return Err(MessageError::Missing {
                field: "submit_button",
            });
        }
        TemplateCard::MultipleInteraction(card) if card.submit_button.is_none() => {
            return Err(MessageError::Missing {
                field: "submit_button",
            });
        }
        _ => {}
    }
    replacement(card)
}

/// What holds also for a card that takes the place of another.
pub(crate) fn replacement(card: &TemplateCard) -> Checked {
    match card {
        TemplateCard::TextNotice(card) => {
            menu(card.action_menu.as_ref())?;
            let titled = card
                .main_title
                .as_ref()
                .is_some_and(|part| filled(part.title.as_deref()));
            if !titled && !filled(card.sub_title_text.as_deref()) {
                return Err(MessageError::Missing {
                    field: "main_title.title",
                });
            }
            rows(&card.horizontal_content_list)?;
            jumps(&card.jump_list)?;
            action(&card.card_action)
        }
        TemplateCard::NewsNotice(card) => {
            menu(card.action_menu.as_ref())?;
            title(&card.main_title)?;
            if card.image_text_area.is_none() && card.card_image.is_none() {
                return Err(MessageError::Missing { field: "card_image" });
            }
            if let Some(area) = &card.image_text_area {
                link("image_text_area.image_url", Some(&area.image_url))?;
            }
            if let Some(image) = &card.card_image {
                link("card_image.url", Some(&image.url))?;
                if image
                    .aspect_ratio
                    .is_some_and(|ratio| !(130..=225).contains(&ratio.hundredths))
                {
                    return Err(MessageError::Invalid {
                        field: "card_image.aspect_ratio",
                        why: "not 1.3 to 2.25",
                    });
                }
            }
            count(
                "vertical_content_list",
                card.vertical_content_list.len(),
                limits::VERTICAL,
            )?;
            rows(&card.horizontal_content_list)?;
            jumps(&card.jump_list)?;
            action(&card.card_action)
        }
        TemplateCard::ButtonInteraction(card) => {
            menu(card.action_menu.as_ref())?;
            title(&card.main_title)?;
            rows(&card.horizontal_content_list)?;
            selection(card.button_selection.as_ref())?;
            buttons(&card.button_list)
        }
        TemplateCard::VoteInteraction(card) => {
            title(&card.main_title)?;
            text("checkbox.question_key", &card.checkbox.question_key, limits::KEY)?;
            let ids = card.checkbox.option_list.iter().map(|option| option.id.as_str());
            option_ids(ids, limits::CHECKBOX_OPTIONS)?;
            submit(card.submit_button.as_ref())
        }
        TemplateCard::MultipleInteraction(card) => {
            title(&card.main_title)?;
            if card.select_list.is_empty() {
                return Err(MessageError::Missing { field: "select_list" });
            }
            count("select_list", card.select_list.len(), limits::SELECTS)?;
            unique(
                "select_list.question_key",
                card.select_list.iter().map(|list| list.question_key.as_str()),
            )?;
            for list in &card.select_list {
                text("select_list.question_key", &list.question_key, limits::KEY)?;
                options(&list.option_list)?;
            }
            submit(card.submit_button.as_ref())
        }
    }
}

fn title(part: &MainTitle) -> Checked {
    if filled(part.title.as_deref()) {
        Ok(())
    } else {
        Err(MessageError::Missing {
            field: "main_title.title",
        })
    }
}

fn menu(menu: Option<&ActionMenu>) -> Checked {
    let Some(menu) = menu else { return Ok(()) };
    if menu.action_list.is_empty() {
        return Err(MessageError::Missing {
            field: "action_menu.action_list",
        });
    }
    count(
        "action_menu.action_list",
        menu.action_list.len(),
        limits::MENU_ACTIONS,
    )?;
    unique(
        "action_menu.key",
        menu.action_list.iter().map(|action| action.key.as_str()),
    )?;
    menu.action_list.iter().try_for_each(|action| {
        text("action_menu.text", &action.text, limits::KEY)?;
        text("action_menu.key", &action.key, limits::KEY)
    })
}

fn rows(rows: &[HorizontalContent]) -> Checked {
    count("horizontal_content_list", rows.len(), limits::HORIZONTAL)?;
    for row in rows {
        text("horizontal_content_list.keyname", &row.keyname, limits::KEY)?;
        match row.kind {
            Some(1) => link("horizontal_content_list.url", row.url.as_ref())?,
            Some(2) if !filled(row.media_id.as_deref()) => {
                return Err(MessageError::Missing {
                    field: "horizontal_content_list.media_id",
                });
            }
            Some(3) if !filled(row.userid.as_deref()) => {
                return Err(MessageError::Missing {
                    field: "horizontal_content_list.userid",
                });
            }
            _ => {}
        }
    }
    Ok(())
}

fn jumps(jumps: &[Jump]) -> Checked {
    count("jump_list", jumps.len(), limits::JUMPS)?;
    for jump in jumps {
        text("jump_list.title", &jump.title, limits::KEY)?;
        if jump.kind == Some(1) {
            link("jump_list.url", jump.url.as_ref())?;
        }
    }
    Ok(())
}

fn action(action: &CardAction) -> Checked {
    match action.kind {
        1 => link("card_action.url", action.url.as_ref()),
        2 if filled(action.appid.as_deref()) => Ok(()),
        2 => Err(MessageError::Missing {
            field: "card_action.appid",
        }),
        _ => Err(MessageError::Missing { field: "card_action" }),
    }
}

fn buttons(buttons: &[Button]) -> Checked {
    count("button_list", buttons.len(), limits::BUTTONS)?;
    unique(
        "button_list.key",
        buttons.iter().filter_map(|button| button.key.as_deref()),
    )?;
    for button in buttons {
        text("button_list.text", &button.text, limits::KEY)?;
        if button.kind == Some(1) {
            link("button_list.url", button.url.as_ref())?;
        } else {
            text(
                "button_list.key",
                button.key.as_deref().unwrap_or_default(),
                limits::KEY,
            )?;
        }
    }
    Ok(())
}

fn selection(selection: Option<&ButtonSelection>) -> Checked {
    let Some(selection) = selection else { return Ok(()) };
    text(
        "button_selection.question_key",
        &selection.question_key,
        limits::KEY,
    )?;
    options(&selection.option_list)
}

fn options(list: &[CardOption]) -> Checked {
    option_ids(
        list.iter().map(|option| option.id.as_str()),
        limits::SELECT_OPTIONS,
    )
}

fn option_ids<'a>(ids: impl ExactSizeIterator<Item = &'a str> + Clone, max: usize) -> Checked {
    if ids.len() == 0 {
        return Err(MessageError::Missing { field: "option_list" });
    }
    count("option_list", ids.len(), max)?;
    unique("option_list.id", ids.clone())?;
    ids.into_iter()
        .try_for_each(|id| text("option_list.id", id, limits::OPTION_ID))
}

fn submit(button: Option<&SubmitButton>) -> Checked {
    let Some(button) = button else { return Ok(()) };
    text("submit_button.text", &button.text, limits::KEY)?;
    text("submit_button.key", &button.key, limits::KEY)
}

fn task_id(id: &str) -> Checked {
    text("task_id", id, limits::TASK_ID)?;
    if id
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"_-@".contains(&byte))
    {
        Ok(())
    } else {
        Err(MessageError::Invalid {
            field: "task_id",
            why: "only letters, digits, _ - @ are allowed",
        })
    }
}

fn link(field: &'static str, url: Option<&String>) -> Checked {
    let url = url.map(String::as_str).unwrap_or_default();
    text(field, url, limits::URL)?;
    if url.starts_with("https://") || url.starts_with("http://") {
        Ok(())
    } else {
        Err(MessageError::Invalid {
            field,
            why: "a link begins with http:// or https://",
        })
    }
}

/// A text that must be there and must not be too long.
fn text(field: &'static str, text: &str, max: usize) -> Checked {
    match text.len() {
        0 => Err(MessageError::Missing { field }),
        length if length > max => Err(MessageError::TooLong { field, length, max }),
        _ => Ok(()),
    }
}

pub(crate) fn count(field: &'static str, count: usize, max: usize) -> Checked {
    if count > max {
        Err(MessageError::TooMany { field, count, max })
    } else {
        Ok(())
    }
}

fn unique<'a>(field: &'static str, keys: impl Iterator<Item = &'a str>) -> Checked {
    let mut seen = HashSet::new();
    for key in keys {
        if !seen.insert(key) {
            return Err(MessageError::Repeated { field });
        }
    }
    Ok(())
}

fn filled(text: Option<&str>) -> bool {
    text.is_some_and(|text| !text.is_empty())
}
