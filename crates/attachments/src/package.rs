//! The zip archive around an `.xlsx`. Its directory is checked before anything is unpacked, what is unpacked is
//! counted, since a directory can lie, and calamine gets a new archive of the checked parts that it needs.

use std::io::{Cursor, Read, Write};

use memchr::memmem;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::{Unreadable, limits, xml};

/// How an entry of the directory begins.
const ENTRY: &[u8] = b"PK\x01\x02";

/// An archive of checked parts, not packed.
#[derive(Debug)]
pub(crate) struct Package {
    pub(crate) bytes: Vec<u8>,
    /// How many links hang on cells.
    pub(crate) links: usize,
}

/// Checks an archive, and copies from it what is read of a workbook.
pub(crate) fn checked(bytes: &[u8]) -> Result<Package, Unreadable> {
    // Counted in the bytes themselves: opening an archive takes memory for each entry.
    if memmem::find_iter(bytes, ENTRY).nth(limits::PARTS).is_some() {
        return Err(Unreadable::TooManyParts);
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| refuse(&error))?;
    let mut copy = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let (mut left, mut links) = (limits::UNPACKED_BYTES, 0);
    for number in 0..archive.len() {
        let part = archive.by_index_raw(number).map_err(|error| refuse(&error))?;
        check_ratio(part.size(), part.compressed_size())?;
        let name = path(&part.name().map_err(|error| refuse(&error))?);
        drop(part);
        if name == "xl/workbook.bin" {
            return Err(Unreadable::OtherFormat { format: ".xlsb" });
        }
        if !is_read(&name) {
            continue;
        }
        let part = archive.by_index(number).map_err(|error| refuse(&error))?;
        let content = unpack(part, &mut left)?;
        links += xml::check(&content)?;
        copy.start_file(name, stored).map_err(|error| refuse(&error))?;
        copy.write_all(&content).map_err(|_why| Unreadable::Damaged)?;
    }
    let bytes = copy.finish().map_err(|error| refuse(&error))?.into_inner();
    Ok(Package { bytes, links })
}

/// Unpacks a part, of which no more may come than is left.
fn unpack(part: impl Read, left: &mut u64) -> Result<Vec<u8>, Unreadable> {
    let mut content = Vec::new();
    let size = part.take(left.saturating_add(1)).read_to_end(&mut content);
    let size = u64::try_from(size.map_err(|_why| Unreadable::Damaged)?).unwrap_or(u64::MAX);
    *left = left.checked_sub(size).ok_or(Unreadable::Bomb)?;
    Ok(content)
}

/// Media and other parts are not read here, but whoever opens the file will unpack them too.
fn check_ratio(size: u64, packed: u64) -> Result<(), Unreadable> {
    let is_bomb = size > limits::RATIO_FROM && size / packed.max(1) > limits::RATIO;
    if size > limits::PART_BYTES || is_bomb {
        return Err(Unreadable::Bomb);
    }
    Ok(())
}

/// A part's path, written so that no two names lead to one part.
fn path(name: &str) -> String {
    let name = name.replace('\\', "/").to_ascii_lowercase();
    name.trim_start_matches('/').to_owned()
}

/// Links, the list of sheets, shared strings, sheets. Never the styles, wherever they lie: calamine copies a font's
/// name for each format that uses it, which makes gigabytes of a small part; and a date counts the same as a number.
/// Names are kept in several places, so no part with a long one.
fn is_read(path: &str) -> bool {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let extension = file.rsplit('.').next().unwrap_or_default();
    let is_xml = ["xml", "rels"].contains(&extension);
    let is_of_workbook = file.starts_with("workbook") || [".rels", "sharedstrings.xml"].contains(&file);
    let is_of_sheet = folder.ends_with("worksheets") || folder.ends_with("worksheets/_rels");
    is_xml && path.len() <= limits::PATH_BYTES && file != "styles.xml" && (is_of_workbook || is_of_sheet)
}

fn refuse(error: &ZipError) -> Unreadable {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Unreadable::PasswordProtected,
        _ => Unreadable::Damaged,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_needed_is_unpacked() {
        for (name, expected) in [
            ("_rels/.rels", true),
            ("xl/workbook.xml", true),
            ("xl\\_rels\\Workbook.xml.rels", true),
            ("/xl/sharedStrings.xml", true),
            ("xl/worksheets/Sheet1.xml", true),
            ("xl/worksheets/_rels/sheet1.xml.rels", true),
            ("xl/styles.xml", false),
            ("xl/worksheets/STYLES.xml", false),
            ("xl/worksheets/theme/theme1.xml", false),
            ("xl/drawings/_rels/drawing1.xml.rels", false),
            ("xl/media/image1.png", false),
            ("xl/vbaProject.bin", false),
        ] {
            assert_eq!(is_read(&path(name)), expected, "{name}");
        }
    }
}
