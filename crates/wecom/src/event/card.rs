//! `template_card_event` and `template_card_menu_event`.

use super::Common;
use super::fields::{id, once, words};
use crate::xml::{Cursor, Fault};

/// A member used a card. Who may do so is for the receiver to check: every receiver of a card can click it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CardEvent {
    /// What every callback carries; the clicker is its sender.
    pub common: Common,
    /// The key of the button or menu entry, as it was sent out.
    pub event_key: Option<String>,
    /// The card's task id.
    pub task_id: Option<String>,
    /// Which card.
    pub card_type: Option<String>,
    /// For one update of the card, within 72 h.
    pub response_code: Option<String>,
    /// What was chosen in its lists.
    pub selected: Vec<SelectedItem>,
}

/// What was chosen in one list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SelectedItem {
    /// The list.
    pub question_key: String,
    /// The choices.
    pub option_ids: Vec<String>,
}

impl CardEvent {
    /// Who clicked.
    pub fn clicked_by(&self) -> Option<&str> {
        self.common.from_user.as_deref()
    }

    /// The key of the button or menu entry.
    pub fn key(&self) -> &str {
        self.event_key.as_deref().unwrap_or_default()
    }

    /// The card's task id.
    pub fn task_id(&self) -> Option<&str> {
        self.task_id.as_deref()
    }

    /// For one update of the card.
    pub fn response_code(&self) -> Option<&str> {
        self.response_code.as_deref()
    }

    /// The first choice in the list of this key.
    pub fn choice(&self, question_key: &str) -> Option<&str> {
        let list = self
            .selected
            .iter()
            .find(|item| item.question_key == question_key)?;
        list.option_ids.first().map(String::as_str)
    }

    pub(super) fn visit(&mut self, cursor: &mut Cursor<'_>, name: &str) -> Result<(), Fault> {
        match name {
            "TaskId" => once(&mut self.task_id, id(cursor)?, name),
            "CardType" => once(&mut self.card_type, id(cursor)?, name),
            "ResponseCode" => once(&mut self.response_code, id(cursor)?, name),
            "SelectedItems" => cursor.children(|cursor, name| match name {
                "SelectedItem" => {
                    self.selected.push(selected(cursor)?);
                    Ok(())
                }
                _ => cursor.skip(),
            }),
            _ => cursor.skip(),
        }
    }
}

fn selected(cursor: &mut Cursor<'_>) -> Result<SelectedItem, Fault> {
    let mut out = SelectedItem::default();
    let mut key = None;
    cursor.children(|cursor, name| match name {
        "QuestionKey" => once(&mut key, words(cursor)?, name),
        "OptionIds" => cursor.children(|cursor, name| match name {
            "OptionId" => {
                out.option_ids.extend(words(cursor)?);
                Ok(())
            }
            _ => cursor.skip(),
        }),
        _ => cursor.skip(),
    })?;
    out.question_key = key.unwrap_or_default();
    Ok(out)
}
