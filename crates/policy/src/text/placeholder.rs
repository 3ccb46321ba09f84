//! Placeholders: what people leave where a name, a version, a key or a part of a URL should stand.

use super::{is_han, normalised_chars};

/// Words that stand for something still to be entered.
const WORDS: [&str; 12] = [
    "待填写",
    "待补充",
    "待填充",
    "待填",
    "待补",
    "待定",
    "待确定",
    "请填写",
    "请补充",
    "tbd",
    "todo",
    "tba",
];

/// What may follow a placeholder word without making another word of it.
const TAILS: [&str; 5] = ["功能", "系统", "版本", "名称", "单号"];

/// Whether the whole of `text` is a placeholder; blanks, brackets, quotes and final punctuation around it do
/// not count. An empty text is none.
pub(crate) fn is_placeholder(text: &str) -> bool {
    is_placeholder_in(&normalised_chars(text))
}

/// [`is_placeholder`] of normalised characters.
pub(crate) fn is_placeholder_in(chars: &[char]) -> bool {
    let whole = trimmed(chars, char::is_whitespace);
    let core = trimmed(whole, is_wrapping);
    if whole.first() == Some(&'{') && whole.last() == Some(&'}') {
        return true;
    }
    let first = core.iter().find(|c| !c.is_whitespace());
    let begins = |c: &char| {
        matches!(
            c,
            '*' | '_' | 'x' | '×' | '○' | '〇' | '?' | '.' | '-' | '/' | '某' | '待' | '请' | 't' | 'v'
        )
    };
    if !first.is_some_and(begins) {
        return false;
    }
    let core: Vec<char> = core.iter().copied().filter(|c| !c.is_whitespace()).collect();
    let all = |of: fn(char) -> bool| core.iter().all(|c| of(*c));
    all(|c| matches!(c, '*' | '_' | 'x' | '×' | '○' | '〇' | '?' | '.' | '-' | '/'))
        && core
            .iter()
            .any(|c| matches!(c, '*' | '_' | 'x' | '×' | '○' | '〇'))
        || all(|c| c == '某')
        || WORDS.iter().any(|word| word.chars().eq(core.iter().copied()))
        || is_version(&core)
}

/// Whether a placeholder stands somewhere in `text`.
pub(crate) fn has_placeholder(text: &str) -> bool {
    has_placeholder_in(&normalised_chars(text))
}

/// [`has_placeholder`] in normalised characters.
pub(crate) fn has_placeholder_in(chars: &[char]) -> bool {
    find_placeholder(chars).is_some() || is_placeholder_in(chars)
}

fn trimmed(mut chars: &[char], off: impl Fn(char) -> bool) -> &[char] {
    while let [first, rest @ ..] = chars
        && off(*first)
    {
        chars = rest;
    }
    while let [rest @ .., last] = chars
        && off(*last)
    {
        chars = rest;
    }
    chars
}

/// The first placeholder in normalised characters.
pub(crate) fn find_placeholder(chars: &[char]) -> Option<std::ops::Range<usize>> {
    let mut at = 0;
    while at < chars.len() {
        let end = match chars.get(at).copied().unwrap_or(' ') {
            c @ ('*' | '_') => {
                let end = run(chars, at, |n| n == c);
                match (is_mark(chars, at, end, c), emphasis(chars, at, end, c)) {
                    (_, Some(close)) => {
                        let inside = chars.get(end..close).and_then(find_placeholder);
                        if let Some(found) = inside {
                            return Some(end + found.start..end + found.end);
                        }
                        at = close + (end - at);
                        continue;
                    }
                    (true, None) => return Some(at..end),
                    (false, None) => end,
                }
            }
            c @ ('x' | '×' | '○' | '〇') => {
                let end = run(chars, at, |n| n == c);
                if end - at >= 2 && !touches(chars, at, end) {
                    return Some(at..end);
                }
                match version_end(chars, at) {
                    Some(end) => return Some(at..end),
                    None => end,
                }
            }
            'v' => match version_end(chars, at) {
                Some(end) => return Some(at..end),
                None => at + 1,
            },
            '某' => {
                let end = run(chars, at, |n| n == '某');
                let alone = before(chars, at).is_none_or(|c| !is_letter(c) && !is_han(c));
                if alone && closes(chars, end) {
                    return Some(at..end);
                }
                end
            }
            '{' => match braces(chars, at) {
                Some(end) => return Some(at..end),
                None => at + 1,
            },
            '待' | '请' | 't' => match word_end(chars, at) {
                Some(end) => return Some(at..end),
                None => at + 1,
            },
            _ => at + 1,
        };
        at = end;
    }
    None
}

/// Whether a run of asterisks or underscores stands for something.
fn is_mark(chars: &[char], start: usize, end: usize, mark: char) -> bool {
    let (left, right) = (before(chars, start), chars.get(end).copied());
    let joined = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    if mark == '_' {
        return end - start >= 2 && (end - start >= 4 || !(joined(left) || joined(right)));
    }
    match end - start {
        // 7*24, SELECT *, /path/*, `* a bullet`.
        1 => {
            // SELECT *优化: the mark belongs to the Latin word before it.
            let near = chars.get(..start).unwrap_or_default();
            let word = near.iter().rev().copied().find(|c| !c.is_whitespace());
            if word != left && joined(word) {
                return false;
            }
            let han = |c: Option<char>| c.is_some_and(is_han);
            let alone = chars
                .iter()
                .enumerate()
                .all(|(at, c)| at == start || c.is_whitespace());
            let line_start = left.is_none_or(|c| c == '\n') && right.is_some_and(char::is_whitespace);
            alone || ((han(left) || han(right)) && !joined(left) && !line_start && left != Some('/'))
        }
        2 => left != Some('/') && !(joined(left) && joined(right)),
        // 138****1234: digits that are masked.
        _ => {
            let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
            !(digit(left) && digit(right))
        }
    }
}

/// Where markdown emphasis that opens at `start..end` closes, if it is one: something without a break of
/// sentence between two runs of one or two marks.
fn emphasis(chars: &[char], start: usize, end: usize, mark: char) -> Option<usize> {
    let width = end - start;
    if width > 2 || chars.get(end).is_none_or(|c| c.is_whitespace()) {
        return None;
    }
    let mut at = end;
    while let Some(&c) = chars.get(at) {
        if c == mark {
            let close = run(chars, at, |n| n == mark);
            return (close - at == width && at > end).then_some(at);
        }
        if matches!(c, '\n' | ',' | ';' | '。') {
            return None;
        }
        at += 1;
    }
    None
}

fn braces(chars: &[char], start: usize) -> Option<usize> {
    let inside = chars.get(start + 1..)?;
    let length = inside.iter().take(24).position(|c| *c == '}')?;
    let inner = inside.get(..length)?;
    let code = inner
        .iter()
        .any(|c| matches!(c, '"' | '\'' | ':' | ',' | '{' | '\n' | ';' | '='));
    (!code && !matches!(before(chars, start), Some('$' | '/'))).then_some(start + length + 2)
}

fn word_end(chars: &[char], start: usize) -> Option<usize> {
    WORDS.iter().find_map(|word| {
        let end = start + word.chars().count();
        if !chars.get(start..end)?.iter().copied().eq(word.chars()) {
            return None;
        }
        let ascii = word.is_ascii();
        let left = before(chars, start).is_some_and(|c| ascii && is_letter(c));
        let fits = if ascii {
            !chars.get(end).is_some_and(|c| is_letter(*c))
        } else {
            closes(chars, end)
        };
        (!left && fits).then_some(end)
    })
}

/// Whether a word ends at `end`: nothing follows, or no letter, or a word that only says what is missing.
fn closes(chars: &[char], end: usize) -> bool {
    let rest = chars.get(end..).unwrap_or_default();
    rest.first().is_none_or(|c| !is_letter(*c) && !is_han(*c))
        || TAILS
            .iter()
            .any(|tail| rest.iter().copied().take(2).eq(tail.chars()))
}

fn is_version(core: &[char]) -> bool {
    version_end(core, 0) == Some(core.len())
}

/// vX.X.X, X.Y.Z.
fn version_end(chars: &[char], start: usize) -> Option<usize> {
    if before(chars, start).is_some_and(|c| is_letter(c) || matches!(c, '-' | '.')) {
        return None;
    }
    let mut at = if chars.get(start) == Some(&'v') {
        start + 1
    } else {
        start
    };
    let mut parts = 0;
    while matches!(chars.get(at), Some('x' | 'y' | 'z' | '*' | 'n')) {
        if parts == 0 && chars.get(at) != Some(&'x') {
            return None;
        }
        parts += 1;
        at = run(chars, at, |c| matches!(c, 'x' | 'y' | 'z' | '*' | 'n'));
        if chars.get(at) == Some(&'.') && matches!(chars.get(at + 1), Some('x' | 'y' | 'z' | '*' | 'n')) {
            at += 1;
        } else {
            break;
        }
    }
    (parts >= 2 && !chars.get(at).is_some_and(|c| is_letter(*c))).then_some(at)
}

fn touches(chars: &[char], start: usize, end: usize) -> bool {
    let near = |c: char| is_letter(c) || c == '-';
    before(chars, start).is_some_and(near) || chars.get(end).is_some_and(|c| near(*c))
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || (c.is_alphanumeric() && !is_han(c) && !matches!(c, '○' | '〇'))
}

fn before(chars: &[char], at: usize) -> Option<char> {
    at.checked_sub(1).and_then(|at| chars.get(at)).copied()
}

fn run(chars: &[char], start: usize, same: impl Fn(char) -> bool) -> usize {
    start + chars.iter().skip(start).take_while(|c| same(**c)).count()
}

fn is_wrapping(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '(' | ')'
                | '['
                | ']'
                | '【'
                | '】'
                | '「'
                | '」'
                | '《'
                | '》'
                | '<'
                | '>'
                | '"'
                | '\''
                | '“'
                | '”'
                | '‘'
                | '’'
                | ';'
                | ','
                | '。'
                | ':'
                | '、'
                | '!'
                | '{'
                | '}'
        )
}
