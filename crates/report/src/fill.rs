//! Filling in a template: every part that holds text is rewritten, all others are kept byte for byte.

mod braces;
mod part;

use std::collections::BTreeSet;

use crate::incident::IncidentReport;
use crate::placeholder;
use crate::{ReportError, archive, placeholders};

/// A filled-in template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// The .docx.
    pub bytes: Vec<u8>,
    /// Names in double braces that are no placeholders; they are left as they stand.
    pub unknown: Vec<String>,
    /// Essential placeholders that the template does not use: what they stand for is in no place of the report.
    pub unused: Vec<&'static str>,
}

/// Fills the placeholders of a .docx, in its text, headers, footers and notes, whatever runs Word has split them
/// into. Lines become line breaks. What is not known stands there as [`MISSING`](crate::MISSING). A template that
/// is broken, too large or holds what no template needs is an error.
pub fn fill(template: &[u8], report: &IncidentReport) -> Result<Filled, ReportError> {
    let mut parts = archive::read(template)?;
    let mut names = BTreeSet::new();
    for part in parts.iter_mut().filter(|part| holds_text(&part.name)) {
        part.content = part::fill(&part.name, &part.content, |name| {
            names.insert(placeholder::resolve(name).to_owned());
            placeholder::lines_of(name, report)
        })?;
    }
    let bytes = archive::write(
        parts
            .iter()
            .map(|part| (part.name.as_str(), part.content.as_slice())),
    )?;
    let known = |name: &str| placeholders().iter().any(|known| known.name == name);
    Ok(Filled {
        bytes,
        unused: placeholders()
            .iter()
            .filter(|known| known.essential && !names.contains(known.name))
            .map(|known| known.name)
            .collect(),
        unknown: names.into_iter().filter(|name| !known(name)).collect(),
    })
}

/// Whether a part holds text that people read.
fn holds_text(name: &str) -> bool {
    let Some(name) = name
        .strip_prefix("word/")
        .and_then(|name| name.strip_suffix(".xml"))
    else {
        return false;
    };
    let kind = name.trim_end_matches(|char: char| char.is_ascii_digit());
    matches!(kind, "document" | "header" | "footer" | "footnotes" | "endnotes")
}
