//! A title without what does not count: blanks, surrounding quotes, final punctuation.

use std::ops::Range;

use crate::text::Text;

/// Normalised characters of a title, each knowing its place.
#[derive(Debug, Clone)]
pub(super) struct Line<'t> {
    text: &'t Text<'t>,
    chars: Vec<char>,
    /// Where each character stands in the text's normalised characters.
    at: Vec<usize>,
}

impl<'t> Line<'t> {
    pub(super) fn of(text: &'t Text<'t>) -> Self {
        let kept = text
            .chars()
            .iter()
            .copied()
            .enumerate()
            .filter(|(_, c)| !c.is_whitespace());
        let (at, chars): (Vec<usize>, Vec<char>) = kept.unzip();
        let frame = frame(&chars);
        Self {
            text,
            chars: chars.get(frame.clone()).unwrap_or_default().to_vec(),
            at: at.get(frame).unwrap_or_default().to_vec(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.chars.len()
    }

    pub(super) fn is_blank(&self) -> bool {
        self.chars.is_empty()
    }

    pub(super) fn get(&self, index: usize) -> Option<char> {
        self.chars.get(index).copied()
    }

    pub(super) fn slice(&self, range: Range<usize>) -> &[char] {
        self.chars.get(range).unwrap_or_default()
    }

    /// Whether a blank was entered before this character.
    pub(super) fn blank_before(&self, index: usize) -> bool {
        let previous = index.checked_sub(1).and_then(|previous| self.at.get(previous));
        match (previous, self.at.get(index)) {
            (Some(previous), Some(here)) => previous + 1 < *here,
            _ => false,
        }
    }

    /// Where a word first stands at or after `from`.
    pub(super) fn find(&self, word: &[char], from: usize) -> Option<Range<usize>> {
        if word.is_empty() {
            return None;
        }
        let rest = self.chars.get(from..)?;
        let at = rest.windows(word.len()).position(|window| window == word)?;
        Some(from + at..from + at + word.len())
    }

    /// The text as entered behind a range.
    pub(super) fn quote(&self, range: Range<usize>) -> String {
        let places = self.at.get(range).unwrap_or_default();
        match (places.first(), places.last()) {
            // Where characters in the middle were left out, only the kept ones are quoted.
            (Some(&first), Some(&last))
                if last - first + 1 == places.len() || self.has_only_blanks(places) =>
            {
                self.text.quote(first..last + 1)
            }
            (Some(_), Some(_)) => places
                .iter()
                .map(|&place| self.text.quote(place..place + 1))
                .collect(),
            _ => String::new(),
        }
    }

    /// Without bracketed remarks and punctuation.
    pub(super) fn without_groups(&self) -> Self {
        let mut depth = 0_usize;
        self.keeping(|c| match c {
            '【' | '[' | '(' | '<' | '《' => {
                depth += 1;
                false
            }
            '】' | ']' | ')' | '>' | '》' => {
                depth = depth.saturating_sub(1);
                false
            }
            _ => depth == 0 && (c.is_alphanumeric() || is_mark_of_blank(c)),
        })
    }

    /// Without the marks of emphasis around words, if there are any.
    pub(super) fn without_emphasis(&self) -> Option<Self> {
        let mut gone: Vec<usize> = Vec::new();
        let mut open: Option<usize> = None;
        let mut at = 0;
        while let Some(c) = self.get(at) {
            let run = self
                .chars
                .iter()
                .skip(at)
                .take_while(|other| **other == c)
                .count();
            if matches!(c, '*' | '_') && run == 2 {
                open = match open {
                    Some(start) if self.get(start) == Some(c) => {
                        gone.extend([start, start + 1, at, at + 1]);
                        None
                    }
                    Some(_) | None => Some(at),
                };
            }
            at += run.max(1);
        }
        if gone.is_empty() {
            return None;
        }
        let mut at = 0;
        Some(self.keeping(|_| {
            at += 1;
            !gone.contains(&(at - 1))
        }))
    }

    /// Without punctuation.
    pub(super) fn without_marks(&self) -> Self {
        self.keeping(|c| c.is_alphanumeric() || is_mark_of_blank(c))
    }

    fn keeping(&self, mut keep: impl FnMut(char) -> bool) -> Self {
        let kept = self
            .chars
            .iter()
            .copied()
            .zip(self.at.iter().copied())
            .filter(|&(c, _)| keep(c));
        let (chars, at) = kept.unzip();
        Self {
            text: self.text,
            chars,
            at,
        }
    }

    fn has_only_blanks(&self, places: &[usize]) -> bool {
        places.windows(2).all(|pair| match pair {
            [left, right] => (left + 1..*right).all(|at| self.text.get(at).is_none_or(char::is_whitespace)),
            _ => true,
        })
    }
}

/// Marks that may stand for a name still to be filled in.
fn is_mark_of_blank(c: char) -> bool {
    matches!(c, '*' | '_' | '×' | '○' | '{' | '}')
}

/// The range that is left without surrounding quotes and final punctuation.
fn frame(chars: &[char]) -> Range<usize> {
    let (mut start, mut end) = (0, chars.len());
    loop {
        let (first, last) = (
            chars.get(start),
            end.checked_sub(1).and_then(|last| chars.get(last)),
        );
        let (Some(&first), Some(&last)) = (first, last) else {
            return start..end;
        };
        if start >= end {
            return start..start;
        } else if is_quote(last) || is_final(last) {
            end -= 1;
        } else if is_quote(first) {
            start += 1;
        } else if first == last && matches!(first, '*' | '`' | '_') && end - start > 2 {
            start += 1;
            end -= 1;
        } else {
            return start..end;
        }
    }
}

fn is_quote(c: char) -> bool {
    matches!(
        c,
        '"' | '\''
            | '“'
            | '”'
            | '‘'
            | '’'
            | '「'
            | '」'
            | '『'
            | '』'
            | '《'
            | '》'
            | '〈'
            | '〉'
            | '«'
            | '»'
    )
}

fn is_final(c: char) -> bool {
    matches!(
        c,
        '。' | '.' | '!' | ';' | ',' | '、' | '?' | ':' | '~' | '…' | '｡'
    )
}
