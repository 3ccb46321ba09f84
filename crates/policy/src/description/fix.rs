//! The corrected description in the regulation's own form.

use std::fmt::Write as _;
use std::ops::Range;

use super::acceptance::Said;
use super::item::Item;
use super::lexer::{Kind, Token};
use super::{Description, JiraHosts, NameState};
use crate::text::{is_filler, is_han};

const UAT: &str = "已通过 UAT 验收";
const REGRESSION: &str = "已通过回归测试";
const NO_NAME: &str = "【待补充：功能名称】功能";
const NO_UAT: &str = "【待补充：UAT 验收结果】";
const NO_REGRESSION: &str = "【待补充：回归测试结果】";
const NO_LINK: &str = "【待补充：JIRA 单链接】";

/// The whole description: what stands around the items as it was, the items in the regulation's form.
///
/// Where what stands around the items would hide them, they stand alone.
pub(super) fn corrected(description: &Description, hosts: &JiraHosts) -> String {
    let whole = with_surroundings(description, hosts);
    if description.items.is_empty() || says_the_same(description, &Description::read(&whole, hosts)) {
        return whole;
    }
    let alone = |name: fn(&Item) -> String, rest: fn(&Description, &Item) -> Vec<String>| {
        let lines = (1_usize..).zip(&description.items);
        lines
            .map(|(number, item)| {
                line(
                    description,
                    item,
                    &name(item),
                    number,
                    &rest(description, item),
                    hosts,
                )
            })
            .collect::<Vec<_>>()
            .join("\n")
    };
    // A name that itself reads like a list is for the applicant to write anew.
    let tries = [alone(name, leftover), alone(name, |_, _| Vec::new())];
    let good = tries
        .into_iter()
        .find(|text| says_the_same(description, &Description::read(text, hosts)));
    good.unwrap_or_else(|| alone(|_| NO_NAME.to_owned(), |_, _| Vec::new()))
}

/// Whether the corrected text is read as the items that it was made from.
fn says_the_same(description: &Description, read: &Description) -> bool {
    let same = (1_u32..)
        .zip(description.items.iter().zip(&read.items))
        .all(|(number, (ours, theirs))| {
            let numbered = theirs
                .marker
                .as_ref()
                .is_some_and(|at| at.number == Some(number) && at.style.is_regular());
            let named = ours.name.state != NameState::Filled || theirs.feature() == name(ours);
            numbered
                && named
                && ours.technical == theirs.technical
                && (ours.technical || description.uat(ours).holds() == read.uat(theirs).holds())
                && description.regression(ours).holds() == read.regression(theirs).holds()
        });
    same && description.items.len() == read.items.len()
}

fn with_surroundings(description: &Description, hosts: &JiraHosts) -> String {
    let length = description.text.chars().len();
    let (start, end) = match (description.items.first(), description.items.last()) {
        (Some(first), Some(last)) => (first.whole().start, last.body.end),
        _ => return sketch(description),
    };
    let mut out = if description.sample_left {
        String::new()
    } else {
        without_table_head(around(description, 0..start))
    };
    let mut previous: Option<&Item> = None;
    for (number, item) in (1_usize..).zip(&description.items) {
        if let Some(previous) = previous {
            let between = around(description, previous.body.end..item.whole().start);
            push_line(&mut out, &between);
        }
        push_line(
            &mut out,
            &line(
                description,
                item,
                &name(item),
                number,
                &leftover(description, item),
                hosts,
            ),
        );
        previous = Some(item);
    }
    push_line(&mut out, &around(description, end..length));
    out
}

/// The head of a table whose rows became lines.
fn without_table_head(mut before: String) -> String {
    while let Some(start) = last_line(&before) {
        before.truncate(start);
        before.truncate(before.trim_end().len());
    }
    before
}

/// Where the last line begins, if it is a row of a table.
fn last_line(text: &str) -> Option<usize> {
    let start = text.rfind('\n').map_or(0, |at| at + 1);
    let line = text.get(start..)?.trim();
    (line.starts_with('|') && line.len() > 1).then_some(start)
}

/// The regulation's line, for a description without any item.
fn sketch(description: &Description) -> String {
    let mut out = around(description, 0..description.text.chars().len());
    push_line(
        &mut out,
        &format!("1、{NO_NAME}，{NO_UAT}，{NO_REGRESSION}；JIRA 单：{NO_LINK}；"),
    );
    out
}

fn push_line(out: &mut String, line: &str) {
    let line = line.trim_matches(['\n', '\r', ' ']);
    if line.is_empty() {
        return;
    }
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
    out.push_str(line);
}

/// Text around the items as entered, without the sentences and links that went into the items.
fn around(description: &Description, range: Range<usize>) -> String {
    let mut out = String::new();
    let mut at = range.start;
    let mut absorbed: Vec<&Range<usize>> = description.absorbed.iter().collect();
    absorbed.sort_by_key(|gone| gone.start);
    for gone in absorbed
        .into_iter()
        .filter(|gone| gone.end > range.start && gone.start < range.end)
    {
        if gone.start > at {
            out.push_str(&description.text.quote(at..gone.start.min(range.end)));
        }
        at = at.max(gone.end);
    }
    if at < range.end {
        out.push_str(&description.text.quote(at..range.end));
    }
    let rest = out.trim_matches(|c: char| c.is_whitespace() || matches!(c, '；' | ';' | '。' | '，' | ','));
    if matches!(rest, "()" | "（）") || !rest.chars().any(char::is_alphanumeric) {
        String::new()
    } else {
        rest.to_owned()
    }
}

/// An item's name as it should stand.
fn name(item: &Item) -> String {
    match item.name.state {
        NameState::Filled if item.name.closed => item.feature().to_owned(),
        NameState::Filled => format!("{}功能", item.feature()),
        NameState::Empty | NameState::Placeholder => NO_NAME.to_owned(),
    }
}

fn line(
    description: &Description,
    item: &Item,
    name: &str,
    number: usize,
    rest: &[String],
    hosts: &JiraHosts,
) -> String {
    let mut out = format!("{number}、{name}");
    for part in rest {
        if !part.starts_with(['(', '（']) {
            out.push('，');
        }
        out.push_str(part);
    }
    let technical = item.technical && !rest.iter().any(|part| part.contains("技术需求"));
    if technical {
        out.push_str("，技术需求");
    }
    if !item.technical {
        let uat = description.uat(item);
        out.push('，');
        out.push_str(if uat.holds() { UAT } else { NO_UAT });
    } else if description.uat(item).holds() {
        out.push('，');
        out.push_str(UAT);
    }
    out.push('，');
    out.push_str(said(description.regression(item)));
    out.push_str("；JIRA 单：");
    let mut keys: Vec<&str> = Vec::new();
    for key in item.links.iter().filter_map(|link| link.key.as_deref()) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    if item.keys().next().is_some() {
        keys = Vec::new();
        for key in item.keys() {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    if keys.is_empty() {
        out.push_str(NO_LINK);
    }
    for (index, key) in keys.iter().enumerate() {
        let gap = if index == 0 { "" } else { "、" };
        let _written = write!(out, "{gap}{}", hosts.link(key));
    }
    out.push('；');
    out
}

fn said(regression: &Said) -> &'static str {
    if regression.holds() {
        REGRESSION
    } else {
        NO_REGRESSION
    }
}

/// Clauses of an item that speak neither of acceptance nor of its link.
fn leftover(description: &Description, item: &Item) -> Vec<String> {
    if item.name.late {
        return Vec::new();
    }
    let body = item.name.range.end..item.body.end;
    let parts = description.parts();
    let mut found = Vec::new();
    let mut start = body.start;
    let mut clause: Vec<&Token> = Vec::new();
    let mut depth = 0_usize;
    let tokens = parts.tokens_in(&body);
    let flush = |from: usize, to: usize, clause: &[&Token], found: &mut Vec<String>| {
        if clause.iter().all(|token| is_plain(token.kind)) {
            let words = description.text.quote(from..to.max(from));
            let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
            let (opens, closes) = (words.contains(['(', '（']), words.contains([')', '）']));
            let words = words.trim_matches(|c: char| {
                c.is_whitespace()
                    || matches!(
                        c,
                        '：' | ':'
                            | '，'
                            | ','
                            | '；'
                            | ';'
                            | '。'
                            | '、'
                            | '*'
                            | '-'
                            | '—'
                            | '|'
                            | '['
                            | ']'
                    )
                    || (matches!(c, '(' | '（') && !closes)
                    || (matches!(c, ')' | '）') && !opens)
            });
            if words
                .chars()
                .filter(|c| is_han(*c) || c.is_alphanumeric())
                .count()
                > 1
                && !is_label(words)
            {
                found.push(words.to_owned());
            }
        }
    };
    for token in tokens {
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.saturating_sub(1),
            Kind::Comma | Kind::Stop if depth == 0 => {
                flush(start, token.range.start, &clause, &mut found);
                clause.clear();
                start = token.range.end;
                continue;
            }
            Kind::Break | Kind::Link | Kind::Jira => {
                flush(start, token.range.start, &clause, &mut found);
                clause.clear();
                depth = 0;
                start = token.range.end;
                if token.kind == Kind::Jira {
                    start = skip_label(description, start, body.end);
                }
                continue;
            }
            _ => {}
        }
        clause.push(token);
    }
    flush(start, body.end, &clause, &mut found);
    found
}

fn skip_label(description: &Description, start: usize, end: usize) -> usize {
    let colon = (start..end.min(start + 8)).find(|at| description.text.get(*at) == Some(':'));
    colon.map_or(start, |at| at + 1)
}

fn is_plain(kind: Kind) -> bool {
    match kind {
        Kind::And | Kind::Open | Kind::Close | Kind::Comma | Kind::Stop | Kind::Production => true,
        Kind::StandardUat
        | Kind::StandardRegression
        | Kind::Uat
        | Kind::Regression
        | Kind::UatDone
        | Kind::UatOpen
        | Kind::RegressionDone
        | Kind::RegressionOpen
        | Kind::Yes
        | Kind::No
        | Kind::Except
        | Kind::Whether
        | Kind::But
        | Kind::Remains
        | Kind::Jira
        | Kind::Link
        | Kind::Break => false,
    }
}

fn is_label(words: &str) -> bool {
    let words: String = words.chars().filter(|c| !is_filler(*c)).collect();
    matches!(
        words.as_str(),
        "单" | "链接" | "单号" | "地址" | "需求单" | "需求链接" | "单链接" | "url" | "link" | "对应"
    )
}
