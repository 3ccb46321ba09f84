//! The title against the policy's pattern.

mod decoration;
mod guess;
mod line;

use std::ops::Range;

use self::line::Line;
use crate::policy::{Slot, TitlePattern};
use crate::text::{self, Text};

/// What the title says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TitleReading {
    /// Nothing was entered, or the form has no such control.
    Missing,
    /// As the pattern wants it.
    Right(Named),
    /// Right but for something around it or between its parts.
    Decorated(Named),
    /// Not after the pattern; what could be made out of it.
    Wrong {
        system: Option<String>,
        feature: Option<String>,
        why: Wrong,
    },
}

/// System and feature of a title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) system: String,
    pub(crate) feature: String,
}

/// Why a title is not after the pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// A placeholder stands where a name should.
    Placeholder,
    /// Nothing stands where a name should.
    EmptySlot,
    /// The fixed words are not all there, or not in their places.
    Wording,
}

impl TitleReading {
    pub(crate) fn of(title: &str, pattern: &TitlePattern) -> Self {
        let text = Text::of(title);
        let line = Line::of(&text);
        if line.is_blank() {
            return Self::Missing;
        }
        let why = match read(&line, pattern) {
            Ok(reading) => return reading,
            Err(why) => why,
        };
        if let Some(Ok(Self::Right(named) | Self::Decorated(named))) =
            line.without_emphasis().map(|line| read(&line, pattern))
        {
            return Self::Decorated(named);
        }
        let without_marks = [line.without_groups(), line.without_marks()];
        let decorated = without_marks
            .iter()
            .find_map(|line| match (why, read(line, pattern)) {
                (Wrong::Wording, Ok(Self::Right(named) | Self::Decorated(named))) => {
                    Some(Self::Decorated(named))
                }
                _ => None,
            });
        decorated.unwrap_or_else(|| {
            let (system, feature) = guess::parts(&line, pattern);
            Self::Wrong { system, feature, why }
        })
    }

    pub(crate) fn system(&self) -> Option<&str> {
        match self {
            Self::Missing => None,
            Self::Right(named) | Self::Decorated(named) => Some(&named.system),
            Self::Wrong { system, .. } => system.as_deref(),
        }
    }

    pub(crate) fn feature(&self) -> Option<&str> {
        match self {
            Self::Missing => None,
            Self::Right(named) | Self::Decorated(named) => Some(&named.feature),
            Self::Wrong { feature, .. } => feature.as_deref(),
        }
    }
}

/// A title that has all fixed words in their places.
fn read(line: &Line<'_>, pattern: &TitlePattern) -> Result<TitleReading, Wrong> {
    let parts = split(line, pattern)?;
    let first = decoration::clean_start(line, parts.first);
    let second = decoration::clean(line, parts.second);
    let decorated = parts.decorated || first.decorated || second.decorated;
    let (one, two) = (line.quote(first.range), line.quote(second.range));
    for name in [&one, &two] {
        if text::has_placeholder(name) {
            return Err(Wrong::Placeholder);
        }
        let says_nothing = matches!(&*text::compact(name), "系统" | "功能" | "()");
        if !name.chars().any(char::is_alphanumeric) || says_nothing {
            return Err(if slot_was_marks(name) {
                Wrong::Placeholder
            } else {
                Wrong::EmptySlot
            });
        }
    }
    let named = match pattern.first() {
        Slot::System => Named {
            system: one,
            feature: two,
        },
        Slot::Feature => Named {
            system: two,
            feature: one,
        },
    };
    Ok(if decorated {
        TitleReading::Decorated(named)
    } else {
        TitleReading::Right(named)
    })
}

fn slot_was_marks(name: &str) -> bool {
    name.contains(['*', '＊', '_'])
}

/// The two slots of a title, as ranges of the line.
struct Parts {
    first: Range<usize>,
    second: Range<usize>,
    /// Whether something stands before or after the pattern's own text.
    decorated: bool,
}

fn split(line: &Line<'_>, pattern: &TitlePattern) -> Result<Parts, Wrong> {
    let words = pattern.words();
    let whole = line.len();
    let start = if words.before.is_empty() {
        0..0
    } else {
        line.find(&words.before, 0).ok_or(Wrong::Wording)?
    };
    let between = line.find(&words.between, start.end).ok_or(Wrong::Wording)?;
    // A system's name may itself begin with the fixed word: 系统管理系统….
    let between = if between.start == start.end {
        line.find(&words.between, start.end + 1).unwrap_or(between)
    } else {
        between
    };
    let end = if words.after.is_empty() {
        whole..whole
    } else {
        line.find(&words.after, between.end).ok_or(Wrong::Wording)?
    };
    // A feature's name may begin with the last fixed words only if they come again.
    let end = if end.start == between.end {
        line.find(&words.after, end.start + 1).unwrap_or(end)
    } else {
        end
    };
    let between = joined_systems(line, &words.between, between, end.start);
    if between.start == start.end || end.start == between.end {
        return Err(Wrong::EmptySlot);
    }
    Ok(Parts {
        first: start.end..between.start,
        second: between.end..end.start,
        decorated: start.start > 0 || end.end < whole,
    })
}

/// 行情系统、交易系统…: several systems are one name, up to the last fixed word.
fn joined_systems(line: &Line<'_>, word: &[char], between: Range<usize>, end: usize) -> Range<usize> {
    let joins = line
        .get(between.end)
        .is_some_and(|c| matches!(c, '、' | '和' | '及' | '与' | '&' | '+' | '/'));
    match line.find(word, between.end) {
        Some(next) if joins && next.start > between.end + 1 && next.end < end => {
            joined_systems(line, word, next, end)
        }
        Some(_) | None => between,
    }
}

#[cfg(test)]
mod tests;
