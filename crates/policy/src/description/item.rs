//! One item of the description.

use std::borrow::Cow;
use std::ops::Range;

use super::acceptance::{self, Acceptance};
use super::lexer::{Token, word_end};
use super::links::Link;
use super::list::{Entry, Parts};
use super::marker::Marker;
use super::name::{self, Name, NameState};
use crate::text::{Text, is_han};

/// A feature that the change brings.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) marker: Option<Marker>,
    /// Everything of it, without its number.
    pub(crate) body: Range<usize>,
    pub(crate) name: Name,
    /// Marked as a technical requirement, which needs no acceptance by a product manager.
    pub(crate) technical: bool,
    pub(crate) acceptance: Acceptance,
    pub(crate) links: Vec<Link>,
    /// Items under one heading share it.
    pub(crate) group: usize,
    feature: String,
}

impl Item {
    /// Reads what stands under one number.
    pub(super) fn of(parts: Parts<'_>, entry: Entry) -> Self {
        let (tokens, links) = (parts.tokens_in(&entry.body), parts.links_in(&entry.body));
        let name = name::find(parts.text, entry.body.clone(), tokens, links);
        let rest: Cow<'_, [Token]> = if name.late {
            let outside = tokens
                .iter()
                .filter(|token| token.range.end <= name.range.start || token.range.start >= name.range.end);
            outside.cloned().collect()
        } else {
            let from = tokens.partition_point(|token| token.range.start < name.range.end);
            Cow::Borrowed(tokens.get(from..).unwrap_or_default())
        };
        let feature = match name.state {
            NameState::Filled => clean(&parts.text.quote(name.range.clone())),
            NameState::Empty | NameState::Placeholder => String::new(),
        };
        Self {
            technical: entry.technical || is_technical(parts.text, &entry.body, &name),
            acceptance: acceptance::read(parts.text, &rest),
            links: links.to_vec(),
            marker: entry.marker,
            body: entry.body,
            group: entry.group,
            name,
            feature,
        }
    }

    /// Its feature's name as entered, with the closing 功能 where it has it; empty where there is none.
    pub(crate) fn feature(&self) -> &str {
        &self.feature
    }

    /// The issues that its links lead to, upper case.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.links
            .iter()
            .filter(|link| link.leads())
            .filter_map(|link| link.key.as_deref())
    }

    /// Number and body.
    pub(crate) fn whole(&self) -> Range<usize> {
        self.marker
            .as_ref()
            .map_or(self.body.start, |marker| marker.start)..self.body.end
    }
}

/// A name without what decorates it.
fn clean(name: &str) -> String {
    let name: Vec<&str> = name.split_whitespace().collect();
    let name = name.join(" ");
    if !name.contains(['*', '_', '`']) {
        return name;
    }
    name.replace("**", "").replace("__", "").replace('`', "")
}

/// Whether an item is marked as technical: 技术需求 not inside its name and not denied, or 无需产品验收.
fn is_technical(text: &Text<'_>, body: &Range<usize>, name: &Name) -> bool {
    body.clone().any(|at| match text.get(at) {
        Some('技') => {
            let end = ["技术需求", "技术类需求", "技术性需求"]
                .iter()
                .find_map(|word| word_end(text, at, word));
            let inside = at >= name.range.start && at < name.range.end;
            end.is_some_and(|end| {
                let lead: String = text
                    .chars()
                    .get(body.start.max(at.saturating_sub(4))..at)
                    .unwrap_or_default()
                    .iter()
                    .collect();
                let denied = ["非", "不是", "不属于", "不为", "并非", "无", "没有"]
                    .iter()
                    .any(|word| lead.trim_end().ends_with(word))
                    || answered_no(text, end);
                let goes_on = text.get(end).is_some_and(is_han)
                    || (inside
                        && text.get(at.wrapping_sub(1)).is_some_and(is_han)
                        && at > body.start
                        && text.get(end).is_some_and(|c| c != ')'));
                !(denied || (inside && goes_on))
            })
        }
        Some('无' | '不' | '免' | '毋') => exempt(text, at, body.end),
        _ => false,
    })
}

/// 是否技术需求：否.
fn answered_no(text: &Text<'_>, end: usize) -> bool {
    let mut answer = text
        .chars()
        .iter()
        .skip(end)
        .skip_while(|c| c.is_whitespace() || matches!(c, ':' | '?' | '('));
    let asked = text
        .chars()
        .iter()
        .skip(end)
        .find(|c| !c.is_whitespace())
        .is_some_and(|c| matches!(c, ':' | '?' | '('));
    let no = answer
        .next()
        .is_some_and(|c| matches!(c, '否' | '不' | '无' | '×' | '☐' | '□'));
    // 技术需求（无需产品验收） says yes.
    let exempt = answer
        .next()
        .is_some_and(|c| matches!(c, '需' | '须' | '用' | '必'));
    asked && no && !exempt
}

/// 无须/无需/不需要产品验收, and what people make of it.
fn exempt(text: &Text<'_>, at: usize, end: usize) -> bool {
    let Some(mut place) = ["无需", "无须", "毋须", "不需要", "不用", "不需", "免"]
        .iter()
        .find_map(|word| word_end(text, at, word))
    else {
        return false;
    };
    let mut product = false;
    while place < end {
        let step = [
            "产品经理",
            "产品侧",
            "产品方",
            "产品人员",
            "产品",
            "业务",
            "进行",
            "参与",
            "做",
            "经",
            "的",
            "uat",
            " ",
            "环境",
        ]
        .iter()
        .find_map(|word| word_end(text, place, word).map(|end| (*word, end)));
        match step {
            Some((word, after)) => {
                product |= word.starts_with("产品") || word == "业务";
                place = after;
            }
            None => break,
        }
    }
    product && word_end(text, place, "验收").is_some()
}
