//! Numbers of items that only the lines around them tell from figures: `1.10 档盘口功能`, `2 股票搜索功能`.

use super::{Marker, Style, numeral, skip_blanks};
use crate::text::Text;

/// In longer texts a number before digits is not looked for: each one is compared with all lines.
const LONG: usize = 8_000;

/// `1.10 档盘口功能`: a number before a name that begins with digits, where the lines around it count on.
pub(super) fn before_digits(text: &Text<'_>, at: usize) -> Option<Marker> {
    let (number, sign) = line_number(text, at)?;
    let digit = |at: usize| text.get(at).is_some_and(|c| c.is_ascii_digit());
    let run = (sign + 1..text.chars().len()).take_while(|at| digit(*at)).count();
    let version = text.get(sign + 1 + run) == Some('.') && digit(sign + 2 + run);
    if text.get(sign) != Some('.') || run == 0 || version || text.chars().len() > LONG {
        return None;
    }
    let breaks = text.chars().iter().enumerate().filter(|(_, c)| **c == '\n');
    let starts = std::iter::once(0).chain(breaks.map(|(place, _)| place + 1));
    let others: Vec<(usize, u32, usize)> = starts
        .filter_map(|start| skip_blanks(text, start))
        .filter(|start| *start != at)
        .filter_map(|start| line_number(text, start).map(|(number, sign)| (start, number, sign)))
        .collect();
    let dotted = |sign: usize| text.get(sign) == Some('.');
    let has = |wanted: u32| {
        others
            .iter()
            .any(|(_, number, sign)| *number == wanted && dotted(*sign))
    };
    // 1.1 and 1.2 are parts of 1.
    let before = others.iter().rev().find(|(start, ..)| *start < at);
    let after = others.iter().find(|(start, ..)| *start > at);
    let part = before.is_some_and(|(_, other, sign)| *other == number && dotted(*sign))
        || after.is_some_and(|(_, other, sign)| *other == number && dotted(*sign) && digit(*sign + 1));
    let follows = number > 1 && has(number - 1);
    let leads = number == 1 && (others.is_empty() || has(2) || names_feature(text, at));
    (!part && (follows || leads)).then_some(Marker {
        start: at,
        end: sign + 1,
        number: Some(number),
        style: Style::Dot,
        at_line: true,
        odd: false,
    })
}

/// What is measured, where a digit stands before it: 10 档盘口, 1 分钟 K 线.
const MEASURES: [&str; 24] = [
    "分钟",
    "小时",
    "个月",
    "个工作",
    "年期",
    "年内",
    "天",
    "周内",
    "秒",
    "倍",
    "折",
    "万",
    "亿",
    "档",
    "只",
    "支",
    "元",
    "%",
    "分时",
    "日内",
    "日均",
    "级",
    "月期",
    "条行情",
];

/// `2 股票搜索功能`: whether a number before what might be a unit counts the lines.
pub(super) fn counts_on(text: &Text<'_>, number: u32, name: usize) -> bool {
    if text.chars().len() > LONG {
        return false;
    }
    let breaks = text.chars().iter().enumerate().filter(|(_, c)| **c == '\n');
    let starts = std::iter::once(0).chain(breaks.map(|(place, _)| place + 1));
    let wanted = if number == 1 { 2 } else { number - 1 };
    let spaced = |start: usize| {
        let (other, end) = numeral(text, start)?;
        let digits = text.get(start).is_some_and(|c| c.is_ascii_digit());
        (digits && text.get(end) == Some(' ')).then_some(other)
    };
    let solid = |start: usize| {
        (start..text.chars().len())
            .find(|at| text.get(*at).is_some_and(|c| !matches!(c, ' ' | '*' | '#' | '>')))
    };
    let neighbour = starts
        .filter_map(solid)
        .any(|start| spaced(start) == Some(wanted));
    let measure = || {
        MEASURES
            .iter()
            .any(|word| crate::description::lexer::word_end(text, name, word).is_some())
    };
    neighbour || (number == 1 && !measure())
}

/// Whether a line names a feature: its last 功能 ends it or a clause of it.
fn names_feature(text: &Text<'_>, at: usize) -> bool {
    let rest = text.chars().get(at..).unwrap_or_default();
    let line: Vec<char> = rest.iter().copied().take_while(|c| *c != '\n').collect();
    line.windows(2).enumerate().any(|(place, word)| {
        let next = line.get(place + 2);
        word == ['功', '能'] && next.is_none_or(|c| matches!(c, ',' | ';' | '。' | ' '))
    })
}

/// One or two digits and the sign behind them.
fn line_number(text: &Text<'_>, at: usize) -> Option<(u32, usize)> {
    text.get(at).filter(char::is_ascii_digit)?;
    let (number, sign) = numeral(text, at)?;
    matches!(text.get(sign), Some('.' | '、' | ')')).then_some((number, sign))
}
