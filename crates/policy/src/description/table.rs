//! Tables: a header row gives the cells below it their subject. √ in the column UAT 验收 speaks of UAT.

use std::ops::Range;

use super::lexer::{Kind, Token};
use crate::text::{Text, is_filler};

/// What a column says about each item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Uat,
    Regression,
    Other,
}

/// Gives the cells of tables their topics, and takes the words of header rows out.
pub(super) fn read_tables(text: &Text<'_>, tokens: &mut Vec<Token>) {
    if !text.chars().iter().any(|c| matches!(c, '\t' | '|')) {
        return;
    }
    let mut header: Option<Vec<Column>> = None;
    let mut waiting: Option<Range<usize>> = None;
    for line in lines(text) {
        let cells = cells(text, &line);
        if let Some(columns) = header.as_ref().filter(|columns| columns.len() == cells.len()) {
            if cells.iter().all(|cell| is_rule(text, cell)) {
                continue;
            }
            if let Some(head) = waiting.take() {
                tokens.retain(|token| token.kind == Kind::Break || !head.contains(&token.range.start));
            }
            for (column, cell) in columns.iter().zip(&cells) {
                answer(text, *column, cell, tokens);
            }
        } else {
            header = columns(text, &cells);
            waiting = header.as_ref().map(|_| line);
        }
    }
}

fn lines(text: &Text<'_>) -> Vec<Range<usize>> {
    let mut start = 0;
    let lines = text.chars().split(|c| *c == '\n').map(|line| {
        let range = start..start + line.len();
        start = range.end + 1;
        range
    });
    lines.collect()
}

/// The cells of a line, without the blanks around their contents.
fn cells(text: &Text<'_>, line: &Range<usize>) -> Vec<Range<usize>> {
    let line = trimmed(text, line.clone());
    let edge = |at: usize| line.contains(&at) && text.get(at) == Some('|');
    let start = line.start + usize::from(edge(line.start));
    let end = line.end - usize::from(line.end > start && edge(line.end - 1));
    let chars = text.chars().get(start..end).unwrap_or_default();
    let border = if chars.contains(&'|') { '|' } else { '\t' };
    let mut at = start;
    let cells = chars.split(|c| *c == border).map(|cell| {
        let range = at..at + cell.len();
        at = range.end + 1;
        trimmed(text, range)
    });
    cells.collect()
}

/// A range without blanks around it; cells that tabs make stay.
fn trimmed(text: &Text<'_>, range: Range<usize>) -> Range<usize> {
    let blank = |at: &usize| text.get(*at).is_some_and(|c| c.is_whitespace() && c != '\t');
    let start = range.clone().find(|at| !blank(at)).unwrap_or(range.end);
    let last = (start..range.end).rev().find(|at| !blank(at));
    start..last.map_or(start, |last| last + 1)
}

fn words(text: &Text<'_>, cell: &Range<usize>) -> String {
    let chars = text.chars().get(cell.clone()).unwrap_or_default();
    chars.iter().filter(|c| !is_filler(**c)).collect()
}

/// Whether a cell belongs to the line below a header in markdown.
fn is_rule(text: &Text<'_>, cell: &Range<usize>) -> bool {
    let words = words(text, cell);
    !words.is_empty() && words.chars().all(|c| matches!(c, '-' | ':' | '='))
}

/// The columns of a header row, if the line is one.
fn columns(text: &Text<'_>, cells: &[Range<usize>]) -> Option<Vec<Column>> {
    if cells.len() < 3 {
        return None;
    }
    let words: Vec<String> = cells.iter().map(|cell| words(text, cell)).collect();
    let numbered = words
        .first()
        .is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    if numbered
        || words
            .iter()
            .any(|word| word.contains("http") || word.chars().count() > 12)
    {
        return None;
    }
    let columns: Vec<Column> = words
        .iter()
        .map(|word| {
            if word.contains("uat") || word.contains("验收") {
                Column::Uat
            } else if word.contains("回归") {
                Column::Regression
            } else {
                Column::Other
            }
        })
        .collect();
    let named = words
        .iter()
        .any(|word| word.contains("功能") || word.contains("需求") || word.contains("名称"));
    (named && columns.iter().any(|column| *column != Column::Other)).then_some(columns)
}

/// Reads a cell as the answer to its column.
fn answer(text: &Text<'_>, column: Column, cell: &Range<usize>, tokens: &mut Vec<Token>) {
    let topic = match column {
        Column::Uat => Kind::Uat,
        Column::Regression => Kind::Regression,
        Column::Other => return,
    };
    let words = words(text, cell);
    let known = match &*words {
        "是" | "y" | "yes" | "true" => Some(Kind::Yes),
        "否" | "n" | "no" | "false" | "无" => Some(Kind::No),
        _ => None,
    };
    let from = tokens.partition_point(|token| token.range.start < cell.start);
    let to = tokens.partition_point(|token| token.range.start < cell.end);
    let inside = tokens.get(from..to.max(from)).unwrap_or_default();
    let of_topic = |token: &Token| {
        matches!(
            token.kind,
            Kind::StandardUat
                | Kind::StandardRegression
                | Kind::Uat
                | Kind::Regression
                | Kind::UatDone
                | Kind::UatOpen
                | Kind::RegressionDone
                | Kind::RegressionOpen
        )
    };
    if words.is_empty() || inside.iter().any(of_topic) {
        return;
    }
    let topic = Token {
        kind: topic,
        range: cell.start..cell.start,
    };
    match known {
        Some(kind) => {
            let range = cell.clone();
            tokens.splice(from..to.max(from), [topic, Token { kind, range }]);
        }
        None => tokens.insert(from, topic),
    }
}
