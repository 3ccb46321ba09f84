//! Finds what may number an item. Digits of dates, times, versions, amounts, keys and enumerations are none.

mod lines;

use self::lines::{before_digits, counts_on};
use super::links::Link;
use crate::text::{Text, is_han};

/// How an item is numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// 1、
    Comma,
    /// 1.
    Dot,
    /// 1)
    Paren,
    /// （1）
    Brackets,
    /// ①
    Circled,
    /// 一、
    Han,
    /// 一. （一）
    HanOther,
    /// 1：
    Colon,
    /// 【1】
    Square,
    /// 第一、
    Ordinal,
    /// a.
    Letter,
    /// A dash or a dot.
    Bullet(char),
    /// 1 followed by a blank, a tab, a comma or a dash.
    Plain,
    /// 需求1：
    Label,
}

impl Style {
    /// Whether the regulation's readers know it as a number.
    pub(crate) fn is_regular(self) -> bool {
        matches!(
            self,
            Self::Comma | Self::Dot | Self::Paren | Self::Brackets | Self::Circled | Self::Han
        )
    }
}

/// A number or bullet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Marker {
    pub(crate) start: usize,
    /// The first character after it.
    pub(crate) end: usize,
    pub(crate) number: Option<u32>,
    pub(crate) style: Style,
    pub(crate) at_line: bool,
    /// A keycap emoji and the like.
    pub(crate) odd: bool,
}

/// Every marker, in order.
pub(crate) fn markers(text: &Text<'_>, links: &[Link]) -> Vec<Marker> {
    let mut found: Vec<Marker> = Vec::new();
    let mut links = links.iter().peekable();
    let (mut at, mut at_line, mut closed_until) = (0, true, 0);
    while let Some(c) = text.get(at) {
        if let Some(link) = links.next_if(|link| link.range.start <= at) {
            at = link.range.end.max(at + 1);
            at_line = false;
            let whole = link.fault != Some(super::links::Fault::BareKey);
            if let Some(marker) =
                marker_at(text, at, false).filter(|marker| whole && marker.style.is_regular())
            {
                at = marker.end;
                found.push(marker);
            }
            continue;
        }
        if c == '\n' {
            (at, at_line, closed_until) = (at + 1, true, 0);
            continue;
        }
        if c.is_whitespace()
            || (at_line && matches!(c, '#' | '>' | '|' | '`' | '~'))
            || (at_line && is_bold(text, at))
        {
            at += 1;
            continue;
        }
        let fits = at >= closed_until && (at_line || inline(text, at, c));
        let marker = fits.then(|| marker_at(text, at, at_line)).flatten();
        let marker = marker.or_else(|| at_line.then(|| before_digits(text, at)).flatten());
        let marker = marker.filter(|marker| at_line || allowed_inline(text, marker));
        if let Some(marker) = marker {
            let marker = without_emphasis(text, marker);
            // A bullet before a number is only its ornament.
            at = marker.end;
            at_line = at_line && matches!(marker.style, Style::Bullet(_)) && next_is_number(text, at);
            if !at_line {
                found.push(marker);
            }
            continue;
        }
        if c == '(' {
            closed_until = closing(text, at).unwrap_or(closed_until).max(closed_until);
        }
        at_line = false;
        at += 1;
    }
    found
}

fn is_bold(text: &Text<'_>, at: usize) -> bool {
    let c = text.get(at);
    matches!(c, Some('*' | '_'))
        && (text.get(at + 1) == c || at.checked_sub(1).is_some_and(|before| text.get(before) == c))
}

/// `**1、**功能`: the emphasis of a number ends with it.
fn without_emphasis(text: &Text<'_>, mut marker: Marker) -> Marker {
    let mark = marker.start.checked_sub(1).and_then(|at| text.get(at));
    let emphasised = marker.at_line
        && matches!(mark, Some('*' | '_'))
        && text.get(marker.end) == mark
        && text.get(marker.end + 1) == mark
        && text.get(marker.end + 2) != mark;
    if emphasised {
        marker.end += 2;
    }
    marker
}

fn next_is_number(text: &Text<'_>, at: usize) -> bool {
    skip_blanks(text, at)
        .is_some_and(|at| marker_at(text, at, true).is_some_and(|marker| marker.style.is_regular()))
}

fn skip_blanks(text: &Text<'_>, at: usize) -> Option<usize> {
    (at..text.chars().len()).find(|at| text.get(*at).is_some_and(|c| !matches!(c, ' ' | '*' | '\u{a0}')))
}

/// Where a bracket closes on the same line.
fn closing(text: &Text<'_>, at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (place, c) in text.chars().iter().enumerate().skip(at).take(120) {
        match c {
            '(' => depth += 1,
            ')' => {
                depth -= 1;
                if depth == 0 {
                    return Some(place + 1);
                }
            }
            '\n' => return None,
            _ => {}
        }
    }
    None
}

/// Whether a number may begin here, in the middle of a line.
fn inline(text: &Text<'_>, at: usize, c: char) -> bool {
    match c {
        '①'..='⑳' | '❶'..='❿' => return true,
        '0'..='9'
        | '('
        | '【'
        | '['
        | '「'
        | '<'
        | '第'
        | '一'
        | '二'
        | '三'
        | '四'
        | '五'
        | '六'
        | '七'
        | '八'
        | '九'
        | '十' => {}
        // Nothing else begins a number in the middle of a line.
        _ => return false,
    }
    let Some(before) = at.checked_sub(1).and_then(|at| text.get(at)) else {
        return true;
    };
    let bracket = c == '(' && (is_han(before) || matches!(before, ':' | ',' | ';' | '。' | ' ' | '\t'));
    let separated = matches!(before, ';' | '。' | '!' | ',' | ')' | '】' | '”' | '√' | '|');
    let announced = before == ':'
        && !at
            .checked_sub(2)
            .and_then(|at| text.get(at))
            .is_some_and(|c| c.is_ascii_digit());
    let spaced = before.is_whitespace()
        && super::lexer::solid_before(text, at).is_none_or(|c| !c.is_ascii_alphanumeric());
    let lead = text.chars().get(at.saturating_sub(2)..at).unwrap_or_default();
    let accepted = matches!(lead, ['测', '试'] | ['验', '收'] | ['通', '过'] | ['完', '成']);
    bracket || separated || announced || spaced || accepted
}

/// What a marker in the middle of a line has to fulfil beyond standing there.
fn allowed_inline(text: &Text<'_>, marker: &Marker) -> bool {
    let before = super::lexer::solid_before(text, marker.start);
    let strong = before.is_none_or(|c| matches!(c, ';' | '。' | '!' | ':'));
    let next = text.get(marker.end);
    let enumerated = next.is_some_and(|c| c.is_ascii_digit());
    match marker.style {
        Style::Circled | Style::Brackets => true,
        Style::Comma | Style::Dot | Style::Paren => strong || !enumerated,
        Style::Han => strong || before.is_some_and(|c| !is_han(c)),
        Style::Colon | Style::Square | Style::Ordinal => strong && !enumerated,
        Style::HanOther | Style::Letter | Style::Bullet(_) | Style::Plain | Style::Label => false,
    }
}

fn marker_at(text: &Text<'_>, at: usize, at_line: bool) -> Option<Marker> {
    let make = |end, number, style| {
        Some(Marker {
            start: at,
            end,
            number,
            style,
            at_line,
            odd: false,
        })
    };
    let c = text.get(at)?;
    match c {
        '①'..='⑳' => make(at + 1, Some(u32::from(c) - u32::from('①') + 1), Style::Circled),
        '❶'..='❿' => make(at + 1, Some(u32::from(c) - u32::from('❶') + 1), Style::Circled),
        '0'..='9' => digits_marker(text, at, at_line),
        '(' => {
            let (number, end, han) = bracketed(text, at, ')')?;
            make(
                end,
                Some(number),
                if han { Style::HanOther } else { Style::Brackets },
            )
        }
        '【' | '[' | '「' | '<' => {
            let close = match c {
                '【' => '】',
                '[' => ']',
                '「' => '」',
                _ => '>',
            };
            let (number, end, _) = bracketed(text, at, close)?;
            make(end, Some(number), Style::Square)
        }
        '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' => {
            let (number, end) = han_number(text, at)?;
            match text.get(end)? {
                '、' => make(end + 1, Some(number), Style::Han),
                '.' | ':' | ')' | ',' if at_line => make(end + 1, Some(number), Style::HanOther),
                _ => None,
            }
        }
        '第' => {
            let (number, end) = numeral(text, at + 1)?;
            match text.get(end)? {
                '、' | ',' | ':' | '.' => make(end + 1, Some(number), Style::Ordinal),
                '项' | '个' | '条' | '点' => {
                    let end = end + 1;
                    let end = ["功能点", "功能", "需求"]
                        .iter()
                        .find_map(|word| super::lexer::word_end(text, end, word))
                        .unwrap_or(end);
                    matches!(text.get(end), Some(':' | '、' | ',' | '.' | ' '))
                        .then(|| make(end + 1, Some(number), Style::Ordinal))?
                }
                _ => None,
            }
        }
        _ if !at_line => None,
        '-' | '—' | '–' | '•' | '·' | '●' | '○' | '▪' | '■' | '◆' | '▶' | '►' | '→' | '☆' | '★' | '+'
        | '*' | '※' => {
            let next = text.get(at + 1)?;
            let rule = next == c || (matches!(c, '+' | '*') && !next.is_whitespace());
            let figure = matches!(c, '-' | '+' | '·') && next.is_ascii_digit();
            (!rule && !figure).then(|| make(at + 1, None, Style::Bullet(c)))?
        }
        '#' | 'n' => {
            let start = if c == '#' {
                at + 1
            } else {
                super::lexer::word_end(text, at, "no.").or_else(|| super::lexer::word_end(text, at, "no"))?
            };
            let (number, end) = numeral(text, start)?;
            text.get(end)
                .is_none_or(|c| !c.is_ascii_alphanumeric())
                .then(|| make(end, Some(number), Style::Plain))?
        }
        'a'..='j' => matches!(text.get(at + 1)?, '、' | '.' | ')')
            .then(|| make(at + 2, Some(u32::from(c) - u32::from('a') + 1), Style::Letter))?,
        '需' | '功' | '变' | '项' | '升' | '优' => {
            let end = ["需求", "功能点", "功能", "变更", "项目", "升级", "优化"]
                .iter()
                .find_map(|word| super::lexer::word_end(text, at, word))?;
            let (number, end) = numeral(text, end)?;
            matches!(text.get(end)?, ':' | '、' | '.' | ' ' | ',' | '-')
                .then(|| make(end + 1, Some(number), Style::Label))?
        }
        _ => None,
    }
}

fn digits_marker(text: &Text<'_>, at: usize, at_line: bool) -> Option<Marker> {
    let length = text
        .chars()
        .iter()
        .skip(at)
        .take_while(|c| c.is_ascii_digit())
        .count();
    if length > 2 {
        return None;
    }
    let (number, after) = numeral(text, at)?;
    let blanks = text
        .chars()
        .iter()
        .skip(after)
        .take_while(|c| matches!(c, ' ' | '*'))
        .count();
    let sign = after + blanks;
    let next = text.get(sign + 1);
    let figure = next.is_some_and(|c| c.is_ascii_digit());
    let odd = text.source(after) == Some('\u{20e3}');
    let make = |end, style| {
        Some(Marker {
            start: at,
            end,
            number: Some(number),
            style,
            at_line,
            odd,
        })
    };
    match text.get(sign) {
        Some('、') => make(sign + 1, Style::Comma),
        Some('.') if !figure => make(sign + 1 + usize::from(next == Some('、')), Style::Dot),
        Some(')') => make(sign + 1, Style::Paren),
        Some(':') if !figure => make(sign + 1, Style::Colon),
        Some(',' | '。' | '-' | '—' | '–' | '·' | ';') if at_line && !figure => {
            make(sign + 1, Style::Plain)
        }
        Some('\t' | '|') if at_line => make(sign + 1, Style::Plain),
        Some(c)
            if at_line
                && blanks > 0
                && (is_han(c) || c.is_ascii_alphabetic() || matches!(c, '【' | '“' | '<')) =>
        {
            let unit = "个档月日号年点期级只支项条次倍分秒元万亿折手股天周小%".contains(c);
            (!unit || counts_on(text, number, sign)).then(|| make(sign, Style::Plain))?
        }
        _ => None,
    }
}

fn bracketed(text: &Text<'_>, at: usize, close: char) -> Option<(u32, usize, bool)> {
    let start = skip_blanks(text, at + 1)?;
    let (number, end) = numeral(text, start)?;
    let end = skip_blanks(text, end)?;
    (text.get(end) == Some(close)).then(|| (number, end + 1, text.get(start).is_some_and(is_han)))
}

/// One or two digits, or a Chinese number up to 99.
fn numeral(text: &Text<'_>, at: usize) -> Option<(u32, usize)> {
    let digit = |at: usize| text.get(at).and_then(|c| c.to_digit(10));
    match (digit(at), digit(at + 1), digit(at + 2)) {
        (None, _, _) => han_number(text, at),
        (Some(one), None, _) => Some((one, at + 1)),
        (Some(ten), Some(one), None) => Some((ten * 10 + one, at + 2)),
        (Some(_), Some(_), Some(_)) => None,
    }
}

fn han_number(text: &Text<'_>, at: usize) -> Option<(u32, usize)> {
    let digit = |c: char| {
        "一二三四五六七八九"
            .chars()
            .position(|d| d == c)
            .and_then(|at| u32::try_from(at + 1).ok())
    };
    let (first, second, third) = (text.get(at)?, text.get(at + 1), text.get(at + 2));
    match (digit(first), first == '十') {
        (Some(tens), _) if second == Some('十') => match third.and_then(digit) {
            Some(ones) => Some((tens * 10 + ones, at + 3)),
            None => Some((tens * 10, at + 2)),
        },
        (Some(ones), _) => Some((ones, at + 1)),
        (None, true) => match second.and_then(digit) {
            Some(ones) => Some((10 + ones, at + 2)),
            None => Some((10, at + 1)),
        },
        (None, false) => None,
    }
}
