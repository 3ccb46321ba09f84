//! A line of text cut into the runs of characters that a reference may consist of, and what stands between them.

/// A run of the characters of references.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// The run, in plain ASCII, without punctuation at its ends.
    pub(crate) text: String,
    /// What stands between it and the one before, or the line's start.
    pub(crate) before: String,
    /// What stands between it and the next, or the line's end.
    pub(crate) after: String,
    /// Where it stands in the line, counted in characters.
    pub(crate) start: usize,
    /// Where it ends, exclusive.
    pub(crate) end: usize,
}

/// The characters of a text as they are compared: full-width forms as ASCII, those without width left out. Each comes
/// with the one that was entered.
pub(super) fn plain(text: &str) -> Vec<(char, char)> {
    text.chars()
        .filter(|c| !matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}'))
        .map(|c| (narrow(c), c))
        .collect()
}

/// The runs of a line.
pub(crate) fn tokens(line: &str) -> Vec<Token> {
    let plain: Vec<char> = plain(line).into_iter().map(|(c, _)| c).collect();
    of_plain(&plain)
}

pub(super) fn of_plain(line: &[char]) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut gap = String::new();
    let mut at = 0;
    for run in line.chunk_by(|a, b| is_part(*a) == is_part(*b)) {
        let end_of_run = at + run.len();
        let inner = |c: &char| c.is_ascii_alphanumeric();
        let first = run.iter().position(inner);
        let last = run.iter().rposition(inner);
        match (first, last) {
            (Some(first), Some(last)) if run.first().is_some_and(|c| is_part(*c)) => {
                gap.extend(run.iter().take(first));
                if let Some(previous) = tokens.last_mut() {
                    previous.after.clone_from(&gap);
                }
                tokens.push(Token {
                    text: run.iter().take(last + 1).skip(first).collect(),
                    before: std::mem::take(&mut gap),
                    after: String::new(),
                    start: at + first,
                    end: at + last + 1,
                });
                gap.extend(run.iter().skip(last + 1));
            }
            _ => gap.extend(run),
        }
        at = end_of_run;
    }
    if let Some(previous) = tokens.last_mut() {
        previous.after = gap;
    }
    tokens
}

fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | ':' | '@')
}

fn narrow(c: char) -> char {
    match c {
        '\u{3000}' | '\u{a0}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}
