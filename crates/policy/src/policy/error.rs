//! A mistake in a policy file, shown where it stands.

use std::fmt;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

/// A mistake in a policy file, with line, column and the source line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyError {
    message: String,
    line: usize,
    column: usize,
    report: String,
}

impl PolicyError {
    pub(crate) fn at(text: &str, file_name: &str, span: Range<usize>, message: impl Into<String>) -> Self {
        let message = message.into();
        let span = within(text, span);
        let before = text.get(..span.start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|&c| c != '\n').count() + 1;
        let snippet = Snippet::source(text)
            .path(file_name)
            .annotation(AnnotationKind::Primary.span(span));
        let report: &[Group<'_>] = &[Level::ERROR.primary_title(message.as_str()).element(snippet)];
        let report = Renderer::plain().render(report);
        Self {
            message,
            line,
            column,
            report,
        }
    }

    /// What is wrong, without the place.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The line, from 1.
    pub fn line(&self) -> usize {
        self.line
    }

    /// The column, from 1, in characters.
    pub fn column(&self) -> usize {
        self.column
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.report)
    }
}

impl std::error::Error for PolicyError {}

/// A span that lies in the text, on character borders.
fn within(text: &str, span: Range<usize>) -> Range<usize> {
    let start = text.floor_char_boundary(span.start.min(text.len()));
    let end = text.ceil_char_boundary(span.end.clamp(start, text.len()));
    start..end
}
