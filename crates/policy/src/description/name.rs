//! Where an item's name stands, and what is left of it.

use std::borrow::Cow;
use std::ops::Range;

use super::acceptance;
use super::lexer::{Kind, Token};
use super::links::{Fault, Link};
use crate::text::{Text, find_placeholder, is_filler, is_han, is_placeholder_in};

/// An item's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    /// Where it stands, with its closing 功能.
    pub(crate) range: Range<usize>,
    /// Whether it ends with 功能.
    pub(crate) closed: bool,
    /// Whether it was found after the acceptance only.
    pub(crate) late: bool,
    pub(crate) state: NameState,
}

/// Whether a name is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameState {
    Filled,
    Empty,
    Placeholder,
}

/// Labels that people write before a name.
const LABELS: [&str; 8] = [
    "升级功能描述",
    "升级功能",
    "功能名称",
    "需求名称",
    "功能点",
    "名称",
    "功能",
    "需求",
];

/// Finds the name in `body`; `tokens` and `links` are those inside it.
pub(crate) fn find(text: &Text<'_>, body: Range<usize>, tokens: &[Token], links: &[Link]) -> Name {
    // 除…外 inside a name is part of the name.
    let plain: Cow<'_, [Token]> = if tokens.iter().any(|token| token.kind == Kind::Except) {
        let others = tokens.iter().filter(|token| token.kind != Kind::Except);
        others.cloned().collect()
    } else {
        Cow::Borrowed(tokens)
    };
    let said = acceptance::read(text, &plain).start;
    let link = links
        .iter()
        .find(|link| link.fault != Some(Fault::BareKey))
        .map(|link| link.range.start);
    let label = tokens
        .iter()
        .find(|token| token.kind == Kind::Jira)
        .map(|token| token.range.start);
    let border = [said, link, label]
        .into_iter()
        .flatten()
        .min()
        .map(|border| first_words(text, tokens, border));
    let limit = border.unwrap_or_else(|| sentence_end(&body, tokens));
    let name = within(text, body.start, limit);
    if name.state != NameState::Empty {
        return name;
    }
    // 已通过…，条件单功能: a reader still finds it, behind the first words of acceptance.
    let late = feature_ends(text, limit, body.end).into_iter().find_map(|end| {
        let start = tokens
            .iter()
            .filter(|token| {
                token.range.end <= end && !matches!(token.kind, Kind::And | Kind::Open | Kind::Close)
            })
            .map(|token| token.range.end)
            .max()?;
        Some(within(text, start.max(body.start), end))
            .filter(|name| name.closed && name.state != NameState::Empty)
    });
    late.map_or(name, |name| Name { late: true, ..name })
}

/// Takes in what stands directly before the first words of acceptance and belongs to them: 部分, 45/50, 是否.
fn first_words(text: &Text<'_>, tokens: &[Token], border: usize) -> usize {
    let mut start = border;
    for token in tokens.iter().rev().filter(|token| token.range.end <= border) {
        let near = text
            .chars()
            .get(token.range.end..start)
            .is_some_and(|gap| gap.iter().all(|c| is_filler(*c) && *c != '\n'));
        let governs = matches!(
            token.kind,
            Kind::No | Kind::Except | Kind::Whether | Kind::Yes | Kind::Remains
        );
        if !near || !governs {
            break;
        }
        start = token.range.start;
    }
    start
}

fn sentence_end(body: &Range<usize>, tokens: &[Token]) -> usize {
    tokens
        .iter()
        .find(|token| matches!(token.kind, Kind::Stop | Kind::Break) && token.range.start > body.start + 1)
        .map_or(body.end, |token| token.range.start)
}

/// Where 功能 ends in a stretch, each time.
fn feature_ends(text: &Text<'_>, start: usize, end: usize) -> Vec<usize> {
    let stretch = text.chars().get(start..end).unwrap_or_default();
    stretch
        .iter()
        .enumerate()
        .filter(|(_, c)| **c == '功')
        .filter_map(|(at, _)| super::lexer::word_end(text, start + at, "功能"))
        .filter(|found| *found <= end)
        .collect()
}

fn within(text: &Text<'_>, start: usize, limit: usize) -> Name {
    let closed_at = feature_ends(text, start, limit).into_iter().next_back();
    let start = skip_label(text, start, limit);
    let closed_at = closed_at.filter(|end| *end > start);
    let core_end = closed_at.map(|end| {
        let from_end = text
            .chars()
            .get(start..end)
            .unwrap_or_default()
            .iter()
            .rposition(|c| *c == '功');
        from_end.map_or(end, |at| start + at)
    });
    let (range, closed, core) = if let (Some(end), Some(core)) = (closed_at, core_end) {
        (start..end, true, start..core)
    } else {
        let end = clause_end(text, start, limit);
        (start..end, false, start..end)
    };
    let range = trim(text, range);
    let core = trim(text, core);
    let word = text.chars().get(core.clone()).unwrap_or_default();
    // Emphasis may close behind 功能, so marks are looked for in the whole name.
    let marks = text
        .chars()
        .iter()
        .skip(range.end)
        .take_while(|c| matches!(c, '*' | '_'))
        .count();
    let whole = text
        .chars()
        .get(core.start..range.end + marks)
        .unwrap_or_default();
    // What only closes an emphasis, opened before the number or not at all, fills no place.
    let length = range.end.saturating_sub(core.start);
    let state =
        if is_placeholder_in(word) || find_placeholder(whole).is_some_and(|found| found.start < length) {
            NameState::Placeholder
        } else if has_letters(text, core.start, core.end) {
            NameState::Filled
        } else {
            NameState::Empty
        };
    Name {
        range,
        closed,
        late: false,
        state,
    }
}

fn skip_label(text: &Text<'_>, start: usize, limit: usize) -> usize {
    let first = (start..limit).find(|at| {
        text.get(*at)
            .is_some_and(|c| !is_filler(c) && !matches!(c, '、' | '.' | ',' | ':' | ';'))
    });
    let Some(first) = first else { return limit };
    let label = LABELS
        .iter()
        .find_map(|label| super::lexer::word_end(text, first, label));
    label
        .filter(|end| *end < limit && text.get(*end) == Some(':'))
        .map_or(start, |end| end + 1)
}

fn clause_end(text: &Text<'_>, start: usize, limit: usize) -> usize {
    let first = (start..limit)
        .find(|at| has_letters(text, *at, at + 1))
        .unwrap_or(limit);
    (first..limit)
        .find(|at| {
            text.get(*at)
                .is_some_and(|c| matches!(c, ',' | ';' | '。' | '\n' | '\t' | '|'))
        })
        .unwrap_or(limit)
}

fn has_letters(text: &Text<'_>, start: usize, end: usize) -> bool {
    let stretch = text.chars().get(start..end).unwrap_or_default();
    stretch
        .iter()
        .any(|c| is_han(*c) || c.is_alphabetic() || c.is_ascii_digit())
        || stretch.iter().any(|c| matches!(c, '*' | '_' | '{'))
}

fn trim(text: &Text<'_>, range: Range<usize>) -> Range<usize> {
    let edge = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '。' | ':' | '、' | '|' | '-' | '—');
    let start = range
        .clone()
        .find(|at| text.get(*at).is_some_and(|c| !edge(c)))
        .unwrap_or(range.end);
    let end = (start..range.end)
        .rev()
        .find(|at| text.get(*at).is_some_and(|c| !edge(c)))
        .map_or(start, |at| at + 1);
    start..end
}
