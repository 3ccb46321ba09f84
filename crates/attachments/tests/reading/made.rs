//! Files made byte by byte: packages, containers, records.

use std::io::{Cursor, Write};

use cfb::{CompoundFile, Version};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// The largest part that is stored as it is. Larger ones are bombs, and are packed.
const STORED: usize = 16 << 20;

/// A zip archive of these parts.
pub(crate) fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let packed = stored.compression_method(CompressionMethod::Deflated);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        let options = if content.len() > STORED { packed } else { stored };
        writer.start_file(*name, options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Relationships of a kind to a target, `rId1` and on.
pub(crate) fn links(links: &[(&str, &str, &str)]) -> String {
    let links = (1..).zip(links).map(|(number, (kind, target, mode))| {
        format!(r#"<Relationship Id="rId{number}" Type="{RELATIONSHIPS}/{kind}" Target="{target}" {mode}/>"#)
    });
    format!("<Relationships>{}</Relationships>", links.collect::<String>())
}

/// A workbook's package of these parts, and the one that leads to it.
pub(crate) fn book(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let root = links(&[("officeDocument", "xl/workbook.xml", "")]);
    package(&[&[("_rels/.rels", root.as_bytes())], parts].concat())
}

/// A workbook of one sheet with further parts.
pub(crate) fn workbook_with(sheet: &str, strings: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let inner = links(&[
        ("worksheet", "worksheets/sheet1.xml", ""),
        ("sharedStrings", "sharedStrings.xml", ""),
    ]);
    let list = r#"<workbook><sheets><sheet name="清单" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("xl/workbook.xml", list.as_bytes()),
        ("xl/_rels/workbook.xml.rels", inner.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ("xl/sharedStrings.xml", strings.as_bytes()),
    ];
    parts.extend(more);
    book(&parts)
}

/// A workbook whose sheet holds these rows.
pub(crate) fn workbook(rows: &str) -> Vec<u8> {
    workbook_with(&sheet(rows), "<sst/>", &[])
}

/// A sheet of these rows.
pub(crate) fn sheet(rows: &str) -> String {
    format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")
}

/// A cell that holds its text itself.
pub(crate) fn cell(place: &str, text: &str) -> String {
    format!(r#"<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>"#)
}

/// An OLE2 container of these streams.
pub(crate) fn container(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = CompoundFile::create_with_version(Version::V3, Cursor::new(Vec::new())).unwrap();
    for (name, content) in streams {
        file.create_stream(name).unwrap().write_all(content).unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}

/// A record of an `.xls`.
pub(crate) fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let size = u16::try_from(data.len()).unwrap();
    [&kind.to_le_bytes(), &size.to_le_bytes(), data].concat()
}

/// An `.xls` of one sheet: the records that all sheets share, then the sheet's own.
pub(crate) fn xls(shared: &[u8], sheet: &[u8]) -> Vec<u8> {
    let begin = record(0x0809, &[0, 6, 5, 0]);
    let end = record(0x000A, &[]);
    let start = begin.len() + 13 + shared.len() + end.len();
    let place = u32::try_from(start).unwrap().to_le_bytes();
    let named = record(0x0085, &[&place[..], &[0, 0, 1, 0, b'A']].concat());
    let stream = [&begin, &named, shared, &end, &begin, sheet, &end].concat();
    container(&[("Workbook", &stream)])
}
