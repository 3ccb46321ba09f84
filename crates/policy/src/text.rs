//! How text is read: a normalised copy beside the original.
//!
//! The copy is NFKC, case folded and in simplified characters, and every character of it knows where it
//! stands in the original, so that evidence can always quote what was really entered. Circled numbers stay
//! as they are (NFKC would turn ① into a bare 1), and characters without width are dropped.

mod placeholder;
mod simplified;

use std::borrow::Cow;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

pub(crate) use placeholder::{
    find_placeholder, has_placeholder, has_placeholder_in, is_placeholder, is_placeholder_in,
};

/// A text as entered, and its normalised characters.
#[derive(Debug, Clone)]
pub(crate) struct Text<'a> {
    original: Cow<'a, str>,
    chars: Vec<char>,
    at: Vec<u32>,
    /// The character as entered behind each normalised one.
    source: Vec<char>,
}

impl<'a> Text<'a> {
    /// Normalises `original`; line breaks are kept as `\n`.
    pub(crate) fn of(original: &'a str) -> Self {
        let count = original.chars().count();
        let mut chars = Vec::with_capacity(count);
        let mut at = Vec::with_capacity(count);
        let mut source = Vec::with_capacity(count);
        let mut rest = (0_u32..).zip(original.chars()).peekable();
        while let Some((index, c)) = rest.next() {
            if c == '\r' && rest.peek().is_some_and(|(_, next)| *next == '\n') {
                continue;
            }
            for_each_normalised(c, |n| {
                chars.push(n);
                at.push(index);
                source.push(c);
            });
        }
        Self {
            original: Cow::Borrowed(original),
            chars,
            at,
            source,
        }
    }

    /// The same, no longer borrowing.
    pub(crate) fn into_owned(self) -> Text<'static> {
        let original = Cow::Owned(self.original.into_owned());
        Text {
            original,
            chars: self.chars,
            at: self.at,
            source: self.source,
        }
    }

    /// The normalised characters.
    pub(crate) fn chars(&self) -> &[char] {
        &self.chars
    }

    /// The normalised character at `index`.
    pub(crate) fn get(&self, index: usize) -> Option<char> {
        self.chars.get(index).copied()
    }

    /// The character as entered behind the normalised one at `index`.
    pub(crate) fn source(&self, index: usize) -> Option<char> {
        self.source.get(index).copied()
    }

    /// The original character positions behind a range of normalised ones.
    pub(crate) fn span(&self, range: Range<usize>) -> Range<usize> {
        let total = || self.original.chars().count();
        let place = |index: usize| self.at.get(index).and_then(|at| usize::try_from(*at).ok());
        let start = place(range.start).unwrap_or_else(total);
        let last = range.end.checked_sub(1).filter(|last| *last >= range.start);
        let end = last.map_or(start, |last| place(last).map_or_else(total, |at| at + 1));
        start..end.max(start)
    }

    /// The original text behind a range of normalised characters.
    pub(crate) fn quote(&self, range: Range<usize>) -> String {
        let span = self.span(range);
        let mut places = self.original.char_indices().map(|(at, _)| at).skip(span.start);
        let start = places.next().unwrap_or(self.original.len());
        let end = match span.len() {
            0 => start,
            length => places.nth(length - 1).unwrap_or(self.original.len()),
        };
        self.original.get(start..end).unwrap_or_default().to_owned()
    }
}

/// NFKC, case folded, simplified.
pub(crate) fn normalise(original: &str) -> String {
    let mut out = String::with_capacity(original.len());
    for c in original.chars() {
        for_each_normalised(c, |n| out.push(n));
    }
    out
}

/// [`normalise`], as characters.
pub(crate) fn normalised_chars(original: &str) -> Vec<char> {
    let mut out = Vec::with_capacity(original.len() / 2);
    for c in original.chars() {
        for_each_normalised(c, |n| out.push(n));
    }
    out
}

/// [`normalise`], without white space and markdown marks.
pub(crate) fn compact(original: &str) -> String {
    let mut out = String::with_capacity(original.len());
    for c in original.chars() {
        for_each_normalised(c, |n| {
            if !is_filler(n) {
                out.push(n);
            }
        });
    }
    out
}

/// White space and the marks that markdown puts around words.
pub(crate) fn is_filler(c: char) -> bool {
    c.is_whitespace() || matches!(c, '*' | '_' | '`' | '~')
}

/// A Chinese character.
pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{323af}' | '〇')
}

fn for_each_normalised(c: char, mut put: impl FnMut(char)) {
    match c {
        ' '..='~' => put(c.to_ascii_lowercase()),
        '\r' | '\u{2028}' | '\u{2029}' | '\u{85}' | '\u{b}' | '\u{c}' => put('\n'),
        '\t' => put('\t'),
        _ if c.is_ascii() => put(c.to_ascii_lowercase()),
        '\u{4e00}'..='\u{9fff}' => put(simplified::of(c)),
        // No width, so nobody saw them: soft hyphen, zero-width marks, direction marks, byte order mark,
        // variation selectors.
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}'
        | '\u{feff}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{180e}' => {}
        // The frame of a keycap emoji stands where a 、 would.
        '\u{20e3}' => put('、'),
        // Circled numbers keep their shape.
        '\u{2460}'..='\u{2473}' | '\u{2776}'..='\u{2793}' | '\u{24eb}'..='\u{24f4}' => put(c),
        '。' | '、' | '《' | '》' | '【' | '】' | '「' | '」' | '『' | '』' | '“' | '”' | '‘' | '’' =>
        {
            put(c);
        }
        '，' => put(','),
        '；' => put(';'),
        '：' => put(':'),
        '（' => put('('),
        '）' => put(')'),
        _ => {
            for n in std::iter::once(c).nfkc() {
                if n == c {
                    lower(n, &mut put);
                } else {
                    lower(simplified::of(n), &mut put);
                }
            }
        }
    }
}

fn lower(c: char, put: &mut impl FnMut(char)) {
    for n in c.to_lowercase() {
        put(n);
    }
}

#[cfg(test)]
mod tests;
