//! A .docx as a list of parts. Reading trusts nothing: sizes, numbers, ratios and names have limits. Writing gives
//! the same bytes for the same parts.

use std::collections::BTreeSet;
use std::io::{Cursor, Read as _, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use crate::ReportError;

/// Limit of a template's size in bytes.
const FILE_LIMIT: usize = 10 * 1024 * 1024;
/// Limit of the number of parts.
const PART_COUNT_LIMIT: usize = 500;
/// Limit of one part's size in bytes, unpacked.
const PART_LIMIT: u64 = 16 * 1024 * 1024;
/// Limit of all parts together in bytes, unpacked.
const TOTAL_LIMIT: u64 = 48 * 1024 * 1024;
/// From this unpacked size on the ratio is looked at.
const RATIO_FROM: u64 = 256 * 1024;
/// How many times larger than packed a part may be.
const RATIO_LIMIT: u64 = 100;

/// The list of what is what; a document has it.
pub(crate) const TYPES: &str = "[Content_Types].xml";
/// The text itself.
pub(crate) const DOCUMENT: &str = "word/document.xml";

/// One file of the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) content: Vec<u8>,
}

/// The parts of a .docx, in their order.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Part>, ReportError> {
    if bytes.len() > FILE_LIMIT {
        return Err(too_large("文件大小（字节）", FILE_LIMIT));
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes))?;
    if archive.len() > PART_COUNT_LIMIT {
        return Err(too_large("文件数", PART_COUNT_LIMIT));
    }
    let mut names = BTreeSet::new();
    let mut total = 0;
    let mut parts = Vec::new();
    for index in 0..archive.len() {
        let file = archive.by_index(index)?;
        let name = file.name()?.into_owned();
        check_name(&name)?;
        if file.encrypted() || file.is_symlink() {
            return Err(refused(&name, "加密文件或链接"));
        }
        if !names.insert(name.to_lowercase()) {
            return Err(refused(&name, "重名"));
        }
        if file.is_dir() {
            continue;
        }
        let packed = file.compressed_size();
        let mut content = Vec::new();
        // What the archive says of its sizes is not believed.
        file.take(PART_LIMIT + 1).read_to_end(&mut content)?;
        let size = u64::try_from(content.len()).unwrap_or(u64::MAX);
        total += size;
        if size > PART_LIMIT || total > TOTAL_LIMIT {
            return Err(ReportError::TooLarge {
                what: "解压后的大小（字节）",
                limit: if size > PART_LIMIT {
                    PART_LIMIT
                } else {
                    TOTAL_LIMIT
                },
            });
        }
        if size > RATIO_FROM && size / packed.max(1) > RATIO_LIMIT {
            return Err(ReportError::TooLarge {
                what: "压缩比",
                limit: RATIO_LIMIT,
            });
        }
        parts.push(Part { name, content });
    }
    for name in [TYPES, DOCUMENT] {
        if !parts.iter().any(|part| part.name == name) {
            return Err(ReportError::NotADocument(name));
        }
    }
    Ok(parts)
}

/// A .docx of these parts.
pub(crate) fn write<'a>(
    parts: impl IntoIterator<Item = (&'a str, &'a [u8])>,
) -> Result<Vec<u8>, ReportError> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(name, options)?;
        writer.write_all(content)?;
    }
    Ok(writer.finish()?.into_inner())
}

/// A name is a plain path below the archive's root, and no part is a program.
fn check_name(name: &str) -> Result<(), ReportError> {
    let plain = !name.starts_with('/')
        && !name.contains(['\\', ':', '\0'])
        && !name.split('/').any(|step| step == "..");
    if !plain {
        return Err(refused(name, "路径不正常"));
    }
    if name.to_lowercase().ends_with("vbaproject.bin") {
        return Err(refused(name, "带有宏"));
    }
    Ok(())
}

fn refused(name: &str, reason: &'static str) -> ReportError {
    ReportError::Refused {
        part: name.chars().filter(|char| !char.is_control()).take(80).collect(),
        reason,
    }
}

fn too_large(what: &'static str, limit: usize) -> ReportError {
    ReportError::TooLarge {
        what,
        limit: u64::try_from(limit).unwrap_or(u64::MAX),
    }
}
