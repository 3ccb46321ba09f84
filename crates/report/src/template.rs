//! The template of our own, made of the files in this crate's folder `template`.

use crate::{ReportError, archive};

/// A report's .docx with placeholders, for firms without one of their own, and as a start for one. Always the same
/// bytes.
pub fn default_template() -> Result<Vec<u8>, ReportError> {
    archive::write(PARTS.iter().map(|(name, text)| (*name, text.as_bytes())))
}

const PARTS: &[(&str, &str)] = &[
    (archive::TYPES, include_str!("../template/[Content_Types].xml")),
    ("_rels/.rels", include_str!("../template/_rels/.rels")),
    (archive::DOCUMENT, include_str!("../template/word/document.xml")),
    (
        "word/_rels/document.xml.rels",
        include_str!("../template/word/_rels/document.xml.rels"),
    ),
    ("word/styles.xml", include_str!("../template/word/styles.xml")),
    ("word/header1.xml", include_str!("../template/word/header1.xml")),
    ("word/footer1.xml", include_str!("../template/word/footer1.xml")),
    ("docProps/core.xml", include_str!("../template/docProps/core.xml")),
];
