//! The text of a cell, judged once however many cells share it.

use std::cell::Cell;
use std::collections::BTreeSet;

use calamine::Data;

use crate::{keys, limits};

/// What a cell's text amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    /// Nothing.
    Blank,
    /// Stars, dashes and the like, which stand for "to be filled in".
    Filler,
    /// Marks its row as an example.
    Sample,
    /// A bare number, as rows are numbered with.
    Number,
    /// Anything else.
    Words,
}

/// A cell's text.
#[derive(Debug)]
pub(crate) struct Text {
    content: Box<str>,
    sort: Sort,
    noted: Cell<bool>,
}

impl Text {
    /// Judges a text. Only its first bytes are kept, see [`limits::TEXT_BYTES`].
    pub(crate) fn new(text: &str) -> Self {
        let end = text.floor_char_boundary(limits::TEXT_BYTES);
        let text = text.get(..end).unwrap_or_default().trim();
        Self {
            sort: sort(text),
            content: text.into(),
            noted: Cell::new(false),
        }
    }

    /// Judges a cell's value; an error or an unticked box says nothing.
    pub(crate) fn of(value: &Data) -> Option<Self> {
        match value {
            Data::Empty | Data::Error(_) | Data::Bool(false) => None,
            Data::Bool(true) => Some(Self::new("1")),
            Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => Some(Self::new(text)),
            Data::Int(number) => Some(Self::new(&number.to_string())),
            Data::Float(number) => Some(Self::new(&number.to_string())),
            Data::DateTime(day) => Some(Self::new(&day.as_f64().to_string())),
        }
    }

    /// What it amounts to.
    pub(crate) fn sort(&self) -> Sort {
        self.sort
    }

    /// The text without blanks around it.
    pub(crate) fn as_str(&self) -> &str {
        &self.content
    }

    /// The beginning of it, as a heading.
    pub(crate) fn heading(&self) -> String {
        let chars = self.content.chars().take(limits::HEADING_CHARS);
        chars
            .map(|char| if char.is_control() { ' ' } else { char })
            .collect()
    }

    /// Adds its JIRA keys, the first time it is asked: a text that a thousand cells share is searched once.
    pub(crate) fn note_keys(&self, keys: &mut BTreeSet<String>) {
        if !self.noted.replace(true) {
            keys::note(&self.content, keys);
        }
    }
}

fn sort(text: &str) -> Sort {
    if text.is_empty() {
        Sort::Blank
    } else if !text.contains(char::is_alphanumeric) {
        Sort::Filler
    } else if is_sample(text) {
        Sort::Sample
    } else if is_number(text) {
        Sort::Number
    } else {
        Sort::Words
    }
}

/// `示例`, `（样例）`, `示例1`, `例如：…`; but `示例工程升级` is a change.
fn is_sample(text: &str) -> bool {
    let text = text.trim_start_matches(|char: char| !char.is_alphanumeric());
    ["示例行", "示例", "样例", "例如", "例"].iter().any(|word| {
        text.strip_prefix(word).is_some_and(|rest| {
            let rest = rest.trim_start_matches(|char: char| char.is_ascii_digit());
            !rest.starts_with(char::is_alphanumeric)
        })
    })
}

/// `1`, `1.0`, `1、`, `（1）`.
fn is_number(text: &str) -> bool {
    text.len() <= 24 && !text.contains(|char: char| char.is_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_judged_by_what_it_says() {
        for (text, expected) in [
            ("", Sort::Blank),
            (" \u{3000}\n", Sort::Blank),
            ("****", Sort::Filler),
            ("—", Sort::Filler),
            ("示例", Sort::Sample),
            ("（示例）", Sort::Sample),
            ("示例1", Sort::Sample),
            ("例：登录", Sort::Sample),
            ("示例工程升级", Sort::Words),
            ("例行维护", Sort::Words),
            ("1", Sort::Number),
            ("1.", Sort::Number),
            ("（1）", Sort::Number),
            ("PROJ-1", Sort::Words),
        ] {
            assert_eq!(Text::new(text).sort(), expected, "{text}");
        }
    }

    #[test]
    fn a_shared_text_is_searched_once() {
        let text = Text::new("PROJ-1");
        let mut keys = BTreeSet::new();
        text.note_keys(&mut keys);
        keys.clear();
        text.note_keys(&mut keys);
        assert!(keys.is_empty());
    }
}
