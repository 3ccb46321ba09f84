//! What a file looks like by its first bytes, whatever it is called.

use std::fmt;

use memchr::memmem;

/// How far into a file a tell-tale is looked for.
const PROBE: usize = 8 * 1024;

/// What a file looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Nothing is in it.
    Empty,
    /// A zip archive, the wrapping of `.xlsx`, `.docx` and many others.
    Archive,
    /// An OLE2 container, the wrapping of `.xls`, `.doc`, `.msg`, and of what Office encrypts.
    Compound,
    /// A program for Windows, Linux or macOS.
    Program,
    /// A PDF.
    Pdf,
    /// A picture.
    Picture,
    /// A RAR, 7z, gzip, bzip2 or xz archive.
    OtherArchive,
    /// HTML, which some systems export as `.xls`.
    Html,
    /// XML, not packed.
    Xml,
    /// Text.
    Text,
    /// None of these.
    Unknown,
}

/// First bytes that tell.
const MAGIC: [(&[u8], Kind); 20] = [
    (b"PK\x03\x04", Kind::Archive),
    (b"PK\x05\x06", Kind::Archive),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Kind::Compound),
    (b"MZ", Kind::Program),
    (b"\x7FELF", Kind::Program),
    (b"\xCF\xFA\xED\xFE", Kind::Program),
    (b"\xCA\xFE\xBA\xBE", Kind::Program),
    (b"#!", Kind::Program),
    (b"%PDF", Kind::Pdf),
    (b"\x89PNG", Kind::Picture),
    (b"\xFF\xD8\xFF", Kind::Picture),
    (b"GIF8", Kind::Picture),
    (b"BM", Kind::Picture),
    (b"Rar!", Kind::OtherArchive),
    (b"7z\xBC\xAF\x27\x1C", Kind::OtherArchive),
    (b"\x1F\x8B", Kind::OtherArchive),
    (b"BZh", Kind::OtherArchive),
    (b"\xFD7zXZ", Kind::OtherArchive),
    (b"<?xml", Kind::Xml),
    (b"\xEF\xBB\xBF<?xml", Kind::Xml),
];

impl Kind {
    /// What the bytes look like.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let head = bytes.get(..PROBE).unwrap_or(bytes);
        if head.is_empty() {
            return Self::Empty;
        }
        if is_html(head) {
            return Self::Html;
        }
        MAGIC
            .iter()
            .find(|(magic, _)| head.starts_with(magic))
            .map_or_else(|| plain(head), |(_, kind)| *kind)
    }
}

fn is_html(head: &[u8]) -> bool {
    let lower = head.to_ascii_lowercase();
    lower.trim_ascii_start().starts_with(b"<")
        && [b"<html".as_slice(), b"<!doctype html", b"<table"]
            .iter()
            .any(|tag| memmem::find(&lower, tag).is_some())
}

/// Text has no control characters; Chinese is text in any encoding.
fn plain(head: &[u8]) -> Kind {
    let control = |byte: &u8| *byte < 0x20 && !matches!(*byte, b'\t' | b'\n' | b'\r' | 0x0C);
    if head.iter().any(control) {
        Kind::Unknown
    } else {
        Kind::Text
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Empty => "空文件",
            Self::Archive => "压缩包或其他 Office 文件",
            Self::Compound => "旧版 Office 文件或邮件",
            Self::Program => "可执行文件",
            Self::Pdf => " PDF 文件",
            Self::Picture => "图片",
            Self::OtherArchive => "压缩包",
            Self::Html => "网页",
            Self::Xml => " XML 文件",
            Self::Text => "文本文件",
            Self::Unknown => "无法识别的文件",
        })
    }
}
