//! Cards: a rendered template becomes the parts of a card, each within its limit.
//!
//! The first line says what to do and stands whole. The lines until the next empty one go under it, those after it
//! are the card's text, and below a line `--` each `键：值` is a row.

use changegate_wecom::message::limits::{CARD_DESC, CARD_SUB_TITLE, CARD_TITLE, HORIZONTAL};
use changegate_wecom::message::{
    Button, ButtonInteraction, CardAction, HorizontalContent, Jump, MainTitle, Source, TemplateCard,
    TextNotice,
};

use crate::letter::{BREAK, Line};

/// The longest key of a row, in characters, as advised.
const ROW_KEY: usize = 5;
/// The longest value of a row, in characters, as advised.
const ROW_VALUE: usize = 30;

/// A card without its buttons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CardText {
    /// What to do.
    pub(crate) title: String,
    /// Which change.
    pub(crate) desc: String,
    /// What else has to be known.
    pub(crate) text: String,
    /// Rows of key and value; the last is the change's number.
    pub(crate) rows: Vec<(String, String)>,
}

impl CardText {
    /// Reads a rendered template. `note` stands before the text.
    pub(crate) fn read(marked: &str, note: Option<&str>) -> Self {
        let (head, rows) = marked.split_once("\n--\n").unwrap_or((marked, ""));
        let mut lines = head.trim_start().lines();
        let title = Line::read(lines.next().unwrap_or_default()).in_characters(CARD_TITLE);
        let desc: Vec<&str> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
        let text: Vec<&str> = note
            .into_iter()
            .chain(lines.filter(|line| !line.is_empty()))
            .collect();
        let between = BREAK.to_string();
        Self {
            title,
            desc: Line::read(&desc.join(" ")).in_characters(CARD_DESC),
            text: Line::read(&text.join(&between)).in_characters(CARD_SUB_TITLE),
            rows: all_rows(rows),
        }
    }

    /// The card with its buttons, of which at least one calls back.
    pub(crate) fn with_buttons(self, task_id: &str, buttons: Vec<Button>, page: &str) -> TemplateCard {
        TemplateCard::ButtonInteraction(ButtonInteraction {
            source: Some(source()),
            main_title: self.main_title(),
            sub_title_text: self.sub_title(),
            horizontal_content_list: self.list(),
            card_action: Some(opens(page)),
            button_list: buttons,
            task_id: Some(task_id.to_owned()),
            ..ButtonInteraction::default()
        })
    }

    /// The card with links only: nothing on it calls back.
    pub(crate) fn with_links(self, links: &[(&str, &str)], page: &str) -> TemplateCard {
        TemplateCard::TextNotice(TextNotice {
            source: Some(source()),
            main_title: Some(self.main_title()),
            sub_title_text: self.sub_title(),
            horizontal_content_list: self.list(),
            jump_list: links
                .iter()
                .map(|(title, url)| Jump {
                    kind: Some(1),
                    title: (*title).to_owned(),
                    url: Some((*url).to_owned()),
                    ..Jump::default()
                })
                .collect(),
            card_action: opens(page),
            ..TextNotice::default()
        })
    }

    fn main_title(&self) -> MainTitle {
        MainTitle {
            title: Some(self.title.clone()),
            desc: (!self.desc.is_empty()).then(|| self.desc.clone()),
        }
    }

    fn sub_title(&self) -> Option<String> {
        (!self.text.is_empty()).then(|| self.text.clone())
    }

    fn list(&self) -> Vec<HorizontalContent> {
        self.rows
            .iter()
            .map(|(key, value)| HorizontalContent {
                keyname: key.clone(),
                value: Some(value.clone()),
                ..HorizontalContent::default()
            })
            .collect()
    }
}

/// The rows; where there are too many, the last one, which is the number, stays.
fn all_rows(marked: &str) -> Vec<(String, String)> {
    let mut rows: Vec<(String, String)> = marked
        .lines()
        .filter_map(|line| line.split_once('：'))
        .map(|(key, value)| {
            (
                Line::read(key).in_characters(ROW_KEY),
                Line::read(value).in_characters(ROW_VALUE),
            )
        })
        .filter(|(_, value)| !value.is_empty())
        .collect();
    if rows.len() > HORIZONTAL
        && let Some(number) = rows.pop()
    {
        rows.truncate(HORIZONTAL - 1);
        rows.push(number);
    }
    rows
}

fn source() -> Source {
    Source {
        desc: Some("变更闸".to_owned()),
        ..Source::default()
    }
}

fn opens(page: &str) -> CardAction {
    CardAction {
        kind: 1,
        url: Some(page.to_owned()),
        ..CardAction::default()
    }
}
