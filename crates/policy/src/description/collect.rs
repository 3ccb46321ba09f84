//! From the parts of a description to its items.

use std::ops::Range;

use super::acceptance::{self, Acceptance};
use super::item::Item;
use super::lexer::{Kind, word_end};
use super::links::{Fault, Link};
use super::list::{self, Entry, Parts};
use super::marker::{self, Marker};
use super::name::NameState;
use super::sections::{self, Heading, Section};
use crate::text::{Text, is_filler};

/// The items, and what speaks for all of them.
#[derive(Debug, Default)]
pub(super) struct Collected {
    pub(super) items: Vec<Item>,
    pub(super) cover: Acceptance,
    pub(super) absorbed: Vec<Range<usize>>,
    pub(super) spread: bool,
    pub(super) sample_left: bool,
}

/// Finds the items.
pub(super) fn collect(parts: Parts<'_>) -> Collected {
    let markers = marker::markers(parts.text, parts.links);
    let sections = sections::sections(parts.text, parts.tokens, &markers);
    let mut entries = numbered(parts, &sections, &markers);
    if entries.is_empty() || is_enumeration(parts, &entries) {
        let loose = unnumbered(parts, &sections);
        if !loose.is_empty() {
            entries = loose;
        }
    }
    let mut found = Collected::default();
    let tail = cut_tail(parts, &mut entries);
    found.items = entries.into_iter().map(|entry| Item::of(parts, entry)).collect();
    drop_samples(parts.text, &mut found);
    speak_for_all(parts, &sections, tail.as_ref(), &mut found);
    deny_by_number(parts, &sections, &mut found);
    spread_links(parts, tail.as_ref(), &mut found);
    found
}

fn entries_of(parts: Parts<'_>, section: &Section, markers: &[Marker], group: &mut usize) -> Vec<Entry> {
    let within: Vec<Marker> = markers
        .iter()
        .filter(|marker| section.body.contains(&marker.start))
        .cloned()
        .collect();
    let found = list::entries(parts, &within, section.body.end, group);
    found
        .into_iter()
        .filter(|entry| entry.marker.is_some())
        .map(|entry| Entry {
            technical: entry.technical || section.technical,
            ..entry
        })
        .collect()
}

/// The entries of the list of items, through all sections that go on with it.
fn numbered(parts: Parts<'_>, sections: &[Section], markers: &[Marker]) -> Vec<Entry> {
    let mut group = 0;
    let mut found: Vec<Entry> = Vec::new();
    let mut spare: Vec<Entry> = Vec::new();
    let mut nameless: Vec<Entry> = Vec::new();
    for section in sections
        .iter()
        .filter(|section| section.heading != Heading::Aside)
    {
        let entries = entries_of(parts, section, markers, &mut group);
        let carrying = entries.iter().any(|entry| list::carries(parts, entry));
        let named = entries.iter().any(|entry| list::is_named(parts, entry));
        if carrying && named {
            found.extend(entries);
        } else if carrying {
            if nameless.is_empty() {
                nameless = entries;
            }
        } else if spare.is_empty() && matches!(section.heading, Heading::Missing | Heading::Items) {
            spare = entries;
        } else if section.heading == Heading::Items && !found.is_empty() {
            found.extend(entries);
        }
    }
    while found.len() > 1 && found.last().is_some_and(|entry| is_link_only(parts, entry)) {
        found.pop();
    }
    if !found.is_empty() {
        return found;
    }
    for section in sections
        .iter()
        .filter(|section| section.heading == Heading::Aside && spare.is_empty() && nameless.is_empty())
    {
        let entries = entries_of(parts, section, markers, &mut group);
        let accepted = |entry: &Entry| acceptance::read(parts.text, parts.tokens_in(&entry.body)).is_said();
        if entries
            .iter()
            .any(|entry| accepted(entry) && list::is_named(parts, entry))
        {
            return entries;
        }
    }
    if spare.is_empty() { nameless } else { spare }
}

/// Whether an entry is nothing but a link, as in a numbered list of links behind the items.
fn is_link_only(parts: Parts<'_>, entry: &Entry) -> bool {
    let links = parts.links_in(&entry.body);
    let said = acceptance::read(parts.text, parts.tokens_in(&entry.body)).is_said();
    let bare = |at: usize| {
        let held = links.iter().any(|link| link.range.contains(&at));
        held || parts.text.get(at).is_none_or(|c| !c.is_alphanumeric())
    };
    !links.is_empty() && !said && entry.body.clone().all(bare)
}

/// Whether the numbers only enumerate parts of one feature, whose acceptance closes the line.
fn is_enumeration(parts: Parts<'_>, entries: &[Entry]) -> bool {
    let (Some(first), Some(last)) = (entries.first(), entries.last()) else {
        return false;
    };
    let Some(marker) = first.marker.as_ref().filter(|marker| !marker.at_line) else {
        return false;
    };
    let carrying = entries.iter().filter(|entry| list::carries(parts, entry)).count();
    let lead = parts.text.chars().get(..marker.start).unwrap_or_default();
    let line: String = lead
        .iter()
        .rev()
        .take_while(|c| **c != '\n')
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    entries.len() > 1
        && carrying == 1
        && list::carries(parts, last)
        && line.contains("功能")
        && !line.trim_end().ends_with("功能:")
}

/// Items without numbers: each line, or the whole, that holds everything an item needs.
fn unnumbered(parts: Parts<'_>, sections: &[Section]) -> Vec<Entry> {
    let complete = |body: &Range<usize>| {
        let entry = Entry {
            marker: None,
            body: body.clone(),
            group: 0,
            technical: false,
        };
        let item = Item::of(parts, entry.clone());
        let whole = item.name.state == NameState::Filled
            && (item.technical || item.acceptance.uat.is_said())
            && item.acceptance.regression.is_said()
            && !item.links.is_empty();
        whole.then_some(entry)
    };
    let mut lines = Vec::new();
    for section in sections
        .iter()
        .filter(|section| section.heading != Heading::Aside)
    {
        let chars = parts.text.chars().get(section.body.clone()).unwrap_or_default();
        let mut start = section.body.start;
        for line in chars.split(|c| *c == '\n') {
            let body = start..start + line.len();
            start = body.end + 1;
            lines.extend(complete(&body));
        }
    }
    if !lines.is_empty() {
        return lines;
    }
    let held = sections
        .iter()
        .filter(|section| section.heading != Heading::Aside);
    held.filter_map(|section| complete(&section.body).or_else(|| complete(&section.whole)))
        .take(1)
        .collect()
}

const COVER: [&str; 4] = ["以上", "上述", "如上", "上面"];
const COVER_LINE: [&str; 19] = [
    "所有",
    "全部",
    "均已",
    "均通过",
    "都已",
    "各功能",
    "各项",
    "这些",
    "本次",
    "两个功能",
    "三个功能",
    "几个",
    "两项",
    "三项",
    "测试情况",
    "验收情况",
    "测试结论",
    "验收结论",
    "此次",
];

/// Cuts off the last entry what speaks for all, or stands behind the list; answers where that stands.
fn cut_tail(parts: Parts<'_>, entries: &mut [Entry]) -> Option<Range<usize>> {
    let count = entries.len();
    let (last, before) = entries.split_last_mut()?;
    let body = last.body.clone();
    // A line that the items before have for themselves is the last item's own.
    let said_before = before.iter().any(|entry| says(parts, &entry.body));
    let linked_before = before.iter().any(|entry| !parts.links_in(&entry.body).is_empty());
    let cover = sentence_starts(parts, &body).into_iter().find(|(at, line)| {
        let all = COVER.iter().any(|word| word_end(parts.text, *at, word).is_some());
        let all = all
            || (*line
                && !(said_before
                    && OWN_LINE
                        .iter()
                        .any(|word| word_end(parts.text, *at, word).is_some()))
                && COVER_LINE
                    .iter()
                    .any(|word| word_end(parts.text, *at, word).is_some()));
        all && acceptance::read(parts.text, parts.tokens_in(&sentence(parts, *at, body.end))).is_said()
    });
    let spread = || {
        let line = sentence_starts(parts, &body)
            .into_iter()
            .find(|(at, line)| *line && begins_links(parts, *at))?;
        let links = without_twins(parts.links_in(&(line.0..body.end))).len();
        (count > 1 && !linked_before && links == count && parts.links_in(&(body.start..line.0)).is_empty())
            .then_some(line)
    };
    let (at, _) = cover.or_else(spread)?;
    last.body.end = at;
    Some(at..body.end)
}

/// Lines that may speak of one item as well as of all.
const OWN_LINE: [&str; 4] = ["测试情况", "验收情况", "测试结论", "验收结论"];

fn says(parts: Parts<'_>, body: &Range<usize>) -> bool {
    acceptance::read(parts.text, parts.tokens_in(body)).is_said()
}

/// Links, without the bare keys that only name them: TRADE-1 http://…/TRADE-1.
fn without_twins(links: &[Link]) -> Vec<Link> {
    let whole = links.iter().any(|link| link.fault != Some(Fault::BareKey));
    let kept = links
        .iter()
        .filter(|link| !whole || link.fault != Some(Fault::BareKey));
    kept.cloned().collect()
}

fn begins_links(parts: Parts<'_>, at: usize) -> bool {
    parts
        .tokens_in(&(at..at + 8))
        .iter()
        .any(|token| matches!(token.kind, Kind::Jira | Kind::Link))
}

/// Where sentences begin behind the first: the place, and whether it begins a line.
fn sentence_starts(parts: Parts<'_>, body: &Range<usize>) -> Vec<(usize, bool)> {
    let stops = parts
        .tokens_in(body)
        .iter()
        .filter(|token| matches!(token.kind, Kind::Stop | Kind::Link))
        .map(|token| (token.range.end, false));
    let lines = body
        .clone()
        .filter(|at| parts.text.get(*at) == Some('\n'))
        .map(|at| (at + 1, true));
    let mut all: Vec<(usize, bool)> = stops.chain(lines).collect();
    all.sort_unstable();
    let solid = |at: usize| {
        (at..body.end).find(|at| {
            parts
                .text
                .get(*at)
                .is_some_and(|c| !is_filler(c) && !matches!(c, ';' | '。' | ',' | '(' | ')'))
        })
    };
    all.into_iter()
        .filter_map(|(at, line)| solid(at).map(|place| (place, line)))
        .collect()
}

fn sentence(parts: Parts<'_>, at: usize, end: usize) -> Range<usize> {
    let line = (at..end)
        .find(|at| parts.text.get(*at) == Some('\n'))
        .unwrap_or(end);
    at..line
}

/// Lines of the regulation's sample above filled items are no items.
fn drop_samples(text: &Text<'_>, found: &mut Collected) {
    let filled = found
        .items
        .iter()
        .rposition(|item| item.name.state == NameState::Filled);
    let Some(filled) = filled else { return };
    let mut index = 0;
    found.items.retain(|item| {
        let sample =
            item.name.state == NameState::Placeholder && item.keys().next().is_none() && index < filled;
        let bare = item.links.iter().all(|link| link.fault == Some(Fault::NoKey));
        let stars = text
            .chars()
            .get(item.name.range.clone())
            .is_some_and(|name| name.contains(&'*'));
        let bare = bare && (stars || !item.links.is_empty());
        index += 1;
        found.sample_left |= sample && bare;
        !(sample && bare)
    });
}

/// Sentences before or after the list that speak for every item.
fn speak_for_all(parts: Parts<'_>, sections: &[Section], tail: Option<&Range<usize>>, found: &mut Collected) {
    let (Some(first), Some(last)) = (found.items.first(), found.items.last()) else {
        return;
    };
    let (start, end) = (first.whole().start, last.body.end);
    let mut places: Vec<Range<usize>> = Vec::new();
    for section in sections
        .iter()
        .filter(|section| section.heading != Heading::Aside)
    {
        if found.sample_left {
            continue;
        }
        if section.whole.start < start {
            places.push(section.whole.start..section.whole.end.min(start));
        } else if section.whole.start >= end {
            places.push(section.whole.clone());
        }
    }
    places.extend(tail.cloned());
    for place in places {
        let said = acceptance::read(parts.text, parts.tokens_in(&place));
        if !said.is_said() {
            continue;
        }
        let all: String = parts
            .text
            .chars()
            .get(place.clone())
            .unwrap_or_default()
            .iter()
            .filter(|c| !is_filler(**c))
            .collect();
        let explicit = [
            "以上", "以下", "上述", "均", "都", "全部", "所有", "本次", "下列", "各",
        ]
        .iter()
        .any(|word| all.contains(word));
        let from = found.cover.clone();
        merge(&mut found.cover.uat, said.uat, explicit);
        merge(&mut found.cover.regression, said.regression, explicit);
        if from != found.cover {
            found.absorbed.push(place);
        }
    }
}

/// 备注：第 2 项 UAT 验收尚未完成: a sentence behind the list that takes an item's acceptance back.
fn deny_by_number(parts: Parts<'_>, sections: &[Section], found: &mut Collected) {
    let Some(end) = found.items.last().map(|item| item.body.end) else {
        return;
    };
    for section in sections.iter().filter(|section| section.whole.start >= end) {
        let said = acceptance::read(parts.text, parts.tokens_in(&section.whole));
        if said.uat.denial.is_none() && said.regression.denial.is_none() {
            continue;
        }
        let numbers: Vec<usize> = section
            .whole
            .clone()
            .filter_map(|at| ordinal(parts, at))
            .collect();
        for (number, item) in (1..).zip(&mut found.items) {
            let named = numbers.contains(&number);
            if named && said.uat.denial.is_some() {
                item.acceptance.uat.denial.clone_from(&said.uat.denial);
            }
            if named && said.regression.denial.is_some() {
                item.acceptance
                    .regression
                    .denial
                    .clone_from(&said.regression.denial);
            }
        }
    }
}

/// The number of 第 2 项.
fn ordinal(parts: Parts<'_>, at: usize) -> Option<usize> {
    let solid = parts.text.chars().get(at..)?.iter().filter(|c| !is_filler(**c));
    let word: String = solid.take(5).collect();
    let rest = word.strip_prefix('第')?;
    let unit = rest.find(['项', '个', '条', '点'])?;
    rest.get(..unit)?.parse().ok()
}

fn merge(cover: &mut acceptance::Said, said: acceptance::Said, explicit: bool) {
    if said.denial.is_some() {
        if explicit {
            *cover = said;
        }
    } else if said.claim > cover.claim {
        *cover = said;
    }
}

/// Links behind the list, one for each item that has none.
fn spread_links(parts: Parts<'_>, tail: Option<&Range<usize>>, found: &mut Collected) {
    let Some(end) = found.items.last().map(|item| item.body.end) else {
        return;
    };
    let from = tail.map_or(end, |tail| tail.start);
    let links = without_twins(parts.links_in(&(from..parts.text.chars().len())));
    let without = found.items.iter().filter(|item| item.links.is_empty()).count();
    if links.is_empty() || links.len() != without {
        return;
    }
    found.spread = true;
    if let (Some(first), Some(last)) = (links.first(), links.last()) {
        let line = (from..first.range.start)
            .rev()
            .find(|at| parts.text.get(*at) == Some('\n'))
            .map_or(from, |at| at + 1);
        found.absorbed.push(line.max(from)..last.range.end);
    }
    let mut links = links.into_iter();
    for item in found.items.iter_mut().filter(|item| item.links.is_empty()) {
        item.links.extend(links.next());
    }
}
