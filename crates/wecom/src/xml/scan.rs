//! The pieces of an XML document, borrowed from it.
//!
//! A callback has to be read within a few microseconds, of which a general reader takes most; what WeCom
//! sends needs no more than this. Tested against `quick-xml` as the judge.

use super::Fault;

/// A piece of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// A start tag, by name.
    Start(&'a str),
    /// An end tag; also follows the start of an empty element.
    End,
    /// Characters as written.
    Text(&'a str),
    /// Characters of a CDATA section.
    Cdata(&'a str),
    /// What stands between `&` and `;`.
    Reference(&'a str),
    /// The end of the document.
    Eof,
}

/// A place in a document.
pub(super) struct Scanner<'a> {
    rest: &'a str,
    open: Vec<&'a str>,
    empty: bool,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(document: &'a str) -> Self {
        Self {
            rest: document,
            open: Vec::with_capacity(8),
            empty: false,
        }
    }

    pub(super) fn next(&mut self) -> Result<Piece<'a>, Fault> {
        if self.empty {
            self.empty = false;
            return Ok(Piece::End);
        }
        loop {
            let Some(tag) = self.rest.strip_prefix('<') else {
                return self.characters();
            };
            match tag.as_bytes().first() {
                Some(b'/') => return self.end(tag),
                Some(b'?') => {
                    let instruction = tag.strip_prefix('?').unwrap_or(tag);
                    if instruction.starts_with(['>', '?']) {
                        return Err("an instruction without a name".to_owned());
                    }
                    self.rest = after(instruction, "?>")?.1;
                }
                Some(b'!') => {
                    if let Some(data) = tag.strip_prefix("![CDATA[") {
                        let (data, rest) = after(data, "]]>")?;
                        self.rest = rest;
                        return Ok(Piece::Cdata(data));
                    }
                    let Some(comment) = tag.strip_prefix("!--") else {
                        return Err("a document type definition is not allowed".to_owned());
                    };
                    if comment.starts_with('>') || comment.starts_with("->") {
                        return Err("a comment that ends before it begins".to_owned());
                    }
                    self.rest = after(comment, "-->")?.1;
                }
                _ => return self.start(tag),
            }
        }
    }

    fn characters(&mut self) -> Result<Piece<'a>, Fault> {
        if let Some(reference) = self.rest.strip_prefix('&') {
            return match reference.split_once(';') {
                Some((name, rest)) if name.len() <= 10 && name.bytes().all(is_of_reference) => {
                    self.rest = rest;
                    Ok(Piece::Reference(name))
                }
                _ => Err("a reference without end".to_owned()),
            };
        }
        let end = self
            .rest
            .bytes()
            .position(|byte| byte == b'<' || byte == b'&')
            .unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        Ok(if text.is_empty() {
            Piece::Eof
        } else {
            Piece::Text(text)
        })
    }

    fn start(&mut self, tag: &'a str) -> Result<Piece<'a>, Fault> {
        let end = tag.bytes().position(ends_name).ok_or("a tag without end")?;
        let (name, attributes) = tag.split_at_checked(end).unwrap_or((tag, ""));
        if name.is_empty() {
            return Err("a tag without a name".to_owned());
        }
        if let Some(rest) = attributes.strip_prefix('>') {
            self.rest = rest;
            self.open.push(name);
            return Ok(Piece::Start(name));
        }
        if !attributes.starts_with(|c: char| c == '/' || c.is_ascii_whitespace()) {
            return Err("a tag with a name that is none".to_owned());
        }
        let end = tag_end(attributes).ok_or("a tag without end")?;
        let (attributes, rest) = attributes.split_at_checked(end).unwrap_or((attributes, ""));
        self.rest = rest.strip_prefix('>').unwrap_or(rest);
        self.empty = attributes.ends_with('/');
        if !self.empty {
            if attributes.starts_with('/') {
                return Err("a tag with a name that is none".to_owned());
            }
            self.open.push(name);
        }
        Ok(Piece::Start(name))
    }

    fn end(&mut self, tag: &'a str) -> Result<Piece<'a>, Fault> {
        let rest = tag
            .strip_prefix('/')
            .zip(self.open.pop())
            .and_then(|(tag, name)| tag.strip_prefix(name));
        match rest.and_then(|rest| rest.trim_ascii_start().strip_prefix('>')) {
            Some(rest) => {
                self.rest = rest;
                Ok(Piece::End)
            }
            None => Err("an end tag that ends nothing".to_owned()),
        }
    }
}

fn ends_name(byte: u8) -> bool {
    matches!(
        byte,
        b'>' | b'/' | b' ' | b'\t' | b'\r' | b'\n' | b'<' | b'"' | b'\'' | b'='
    )
}

fn is_of_reference(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'#'
}

/// Where a start tag ends: a `>` in quotes does not end it.
fn tag_end(tag: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at),
            (None, b'<') => return None,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
    }
    None
}

/// What stands before a mark and what behind it.
fn after<'a>(text: &'a str, mark: &str) -> Result<(&'a str, &'a str), Fault> {
    let first = mark.bytes().next().unwrap_or_default();
    for at in memchr::memchr_iter(first, text.as_bytes()) {
        if let Some((head, tail)) = text.split_at_checked(at)
            && let Some(rest) = tail.strip_prefix(mark)
        {
            return Ok((head, rest));
        }
    }
    Err("document ends too early".to_owned())
}
