//! Tells the list of items from numbered blocks of other kinds: backgrounds, notes, steps, parts of an item,
//! headings over items.

use std::ops::Range;

use super::acceptance;
use super::lexer::{Kind, Token};
use super::links::Link;
use super::marker::{Marker, Style};
use super::name::{self, NameState};
use super::sections::{self, Heading};
use crate::text::{Text, is_filler};

/// The text with all that was found in it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parts<'a> {
    pub(crate) text: &'a Text<'a>,
    pub(crate) tokens: &'a [Token],
    pub(crate) links: &'a [Link],
}

impl<'a> Parts<'a> {
    pub(crate) fn tokens_in(&self, range: &Range<usize>) -> &'a [Token] {
        let from = self
            .tokens
            .partition_point(|token| token.range.start < range.start);
        let to = self.tokens.partition_point(|token| token.range.start < range.end);
        self.tokens.get(from..to.max(from)).unwrap_or_default()
    }

    pub(crate) fn links_in(&self, range: &Range<usize>) -> &'a [Link] {
        let from = self.links.partition_point(|link| link.range.start < range.start);
        let to = self.links.partition_point(|link| link.range.start < range.end);
        self.links.get(from..to.max(from)).unwrap_or_default()
    }

    /// Whether a stretch carries an acceptance or a link.
    fn carries(&self, range: &Range<usize>) -> bool {
        !self.links_in(range).is_empty() || acceptance::read(self.text, self.tokens_in(range)).is_said()
    }

    fn is_named(&self, range: &Range<usize>) -> bool {
        let name = name::find(
            self.text,
            range.clone(),
            self.tokens_in(range),
            self.links_in(range),
        );
        name.state != NameState::Empty && !name.late
    }
}

/// An entry of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) marker: Option<Marker>,
    pub(crate) body: Range<usize>,
    /// Entries under one heading share it.
    pub(crate) group: usize,
    pub(crate) technical: bool,
}

/// The entries under one level of markers, up to `end`; `technical` where the heading said so.
pub(crate) fn entries(parts: Parts<'_>, markers: &[Marker], end: usize, group: &mut usize) -> Vec<Entry> {
    let levels = split(parts, markers, end);
    let mut first: Option<Vec<Entry>> = None;
    for (level, end) in levels {
        let found = level_entries(parts, &level, end, group);
        if found.iter().any(|entry| parts.carries(&entry.body)) {
            return found;
        }
        first.get_or_insert(found);
    }
    first.unwrap_or_default()
}

/// A marker of a level and what stands under it.
#[derive(Debug, Clone)]
struct Member {
    marker: Marker,
    children: Vec<Marker>,
}

/// Lists of the same style that follow one another: a list that starts again after one that carries nothing.
fn split(parts: Parts<'_>, markers: &[Marker], end: usize) -> Vec<(Vec<Member>, usize)> {
    let mut members: Vec<Member> = Vec::new();
    let mut levels = Vec::new();
    for marker in markers {
        let Some(last) = members.last_mut() else {
            members.push(Member {
                marker: marker.clone(),
                children: Vec::new(),
            });
            continue;
        };
        if !same_level(last, marker) {
            let stray = marker.style == last.marker.style && !marker.at_line;
            if !stray {
                last.children.push(marker.clone());
            }
            continue;
        }
        let again = marker.number == Some(1) && marker.at_line && members.len() > 1;
        let from = members.first().map_or(0, |member| member.marker.end);
        if again && !parts.carries(&(from..marker.start)) {
            levels.push((std::mem::take(&mut members), marker.start));
        }
        members.push(Member {
            marker: marker.clone(),
            children: Vec::new(),
        });
    }
    levels.push((members, end));
    levels
}

fn same_level(last: &Member, marker: &Marker) -> bool {
    let next = matches!((last.marker.number, marker.number), (Some(a), Some(b)) if b == a + 1);
    if marker.style == last.marker.style {
        return marker.at_line || next || (!last.marker.at_line && marker.number.is_some());
    }
    let own_child = last.children.iter().any(|child| child.style == marker.style);
    let bullets = matches!(
        (marker.style, last.marker.style),
        (Style::Bullet(_), Style::Bullet(_))
    );
    next && !own_child && marker.at_line == last.marker.at_line && !bullets
}

fn level_entries(parts: Parts<'_>, level: &[Member], end: usize, group: &mut usize) -> Vec<Entry> {
    let ends = level
        .iter()
        .skip(1)
        .map(|member| member.marker.start)
        .chain([end]);
    let spans: Vec<(&Member, Range<usize>)> = level
        .iter()
        .zip(ends)
        .map(|(member, end)| (member, member.marker.end..end))
        .collect();
    let headings = spans.iter().any(|(member, span)| is_heading(parts, member, span));
    *group += 1;
    let own = *group;
    let mut found = Vec::new();
    for (member, span) in spans {
        let title = span.start..member.children.first().map_or(span.end, |child| child.start);
        let words = title_words(parts.text, &title);
        let aside = sections::kind_of(&words) == Some(Heading::Aside);
        let carries = parts.carries(&if member.children.is_empty() {
            span.clone()
        } else {
            title.clone()
        });
        if headings && !member.children.is_empty() && !carries {
            if !aside {
                let technical = words.contains("技术需求") && !words.contains("非技术需求");
                let inner = entries(parts, &member.children, span.end, group);
                found.extend(inner.into_iter().map(|entry| Entry {
                    technical: entry.technical || technical,
                    ..entry
                }));
            }
            continue;
        }
        if (headings || aside) && !parts.carries(&span) {
            continue;
        }
        found.push(Entry {
            marker: Some(member.marker.clone()),
            body: span,
            group: own,
            technical: false,
        });
    }
    found
}

/// The first line of an entry, as the words of a heading.
fn title_words(text: &Text<'_>, title: &Range<usize>) -> String {
    let chars = text.chars().get(title.clone()).unwrap_or_default();
    let line = chars
        .iter()
        .skip_while(|c| c.is_whitespace())
        .take_while(|c| !matches!(c, '\n' | ':'));
    line.filter(|c| !is_filler(**c) && !matches!(c, '【' | '】' | '#'))
        .take(40)
        .collect()
}

/// Whether an entry only stands over items: it carries nothing itself, and the first entry under it is named
/// and carries something.
fn is_heading(parts: Parts<'_>, member: &Member, span: &Range<usize>) -> bool {
    let Some(first) = member.children.first() else {
        return false;
    };
    let title = span.start..first.start;
    if parts.carries(&title) {
        return false;
    }
    let mut group = 0;
    let inner = entries(parts, &member.children, span.end, &mut group);
    let carrying = |entry: &Entry| parts.carries(&entry.body) && parts.is_named(&entry.body);
    if is_sublist(parts, member, &title, &inner) {
        return false;
    }
    let outline =
        matches!(member.marker.style, Style::Han | Style::HanOther | Style::Ordinal) && first.at_line;
    let several = inner.iter().filter(|entry| parts.carries(&entry.body)).count();
    let closing = inner.last().is_some_and(|entry| same_line(parts, entry));
    inner.first().is_some_and(carrying)
        || (outline && closing && inner.iter().any(carrying))
        || several > 1 && inner.iter().filter(|entry| carrying(entry)).count() > 1
}

/// Whether bullets or numbers only detail a numbered feature: none of them is an item by itself.
fn is_sublist(parts: Parts<'_>, member: &Member, title: &Range<usize>, inner: &[Entry]) -> bool {
    let numbered = matches!(
        member.marker.style,
        Style::Comma | Style::Dot | Style::Paren | Style::Brackets | Style::Circled
    );
    let bulleted = member
        .children
        .iter()
        .all(|child| matches!(child.style, Style::Bullet(_)));
    let complete = |body: &Range<usize>| {
        !parts.links_in(body).is_empty() && acceptance::read(parts.text, parts.tokens_in(body)).is_said()
    };
    let alone = inner.iter().any(|entry| complete(&own_line(parts, entry)));
    let several = inner.iter().filter(|entry| complete(&entry.body)).count() > 1;
    // 1）支持港股: the lines of a numbered sublist name no feature and carry nothing.
    let details = inner.iter().all(|entry| {
        let line = own_line(parts, entry);
        let words = parts.text.chars().get(line.clone()).unwrap_or_default();
        let words: String = words.iter().filter(|c| !is_filler(**c)).collect();
        !parts.carries(&line) && !words.trim_end_matches([';', '。', ':']).ends_with("功能")
    });
    let closing = inner
        .split_last()
        .is_some_and(|(_, before)| before.iter().all(|entry| !parts.carries(&entry.body)));
    numbered
        && (bulleted && !alone || details && closing)
        && !several
        && title_words(parts.text, title).ends_with("功能")
}

/// An entry's own line.
fn own_line(parts: Parts<'_>, entry: &Entry) -> Range<usize> {
    let line = parts
        .text
        .chars()
        .iter()
        .skip(entry.body.start)
        .position(|c| *c == '\n')
        .map_or(entry.body.end, |at| entry.body.start + at);
    entry.body.start..line
}

/// Whether an entry's acceptance stands on its own line.
fn same_line(parts: Parts<'_>, entry: &Entry) -> bool {
    parts.tokens_in(&own_line(parts, entry)).iter().any(|token| {
        matches!(
            token.kind,
            Kind::Link | Kind::StandardUat | Kind::StandardRegression | Kind::Uat | Kind::Regression
        )
    })
}

/// Whether an entry carries an acceptance or a link.
pub(crate) fn carries(parts: Parts<'_>, entry: &Entry) -> bool {
    parts.carries(&entry.body)
}

/// Whether an entry has a name before its acceptance.
pub(crate) fn is_named(parts: Parts<'_>, entry: &Entry) -> bool {
    parts.is_named(&entry.body)
}
