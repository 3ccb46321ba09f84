//! A cursor over the small XML documents of callbacks.
//!
//! It borrows from the document, recurses only where its caller does, and knows no entities but XML's five
//! and numeric ones; a document type definition is refused.

mod scan;

use std::borrow::Cow;

use self::scan::{Piece, Scanner};

/// What is wrong with a document.
pub(crate) type Fault = String;

/// How much is made of text between elements, where it has no meaning.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stray {
    Refuse,
    Ignore,
}

/// A position in a document.
pub(crate) struct Cursor<'a> {
    scanner: Scanner<'a>,
    stray: Stray,
}

impl<'a> Cursor<'a> {
    /// For documents from strangers: text between elements is a fault, white space around text is not text.
    pub(crate) fn strict(document: &'a str) -> Self {
        Self::new(document, Stray::Refuse)
    }

    /// For documents whose origin is proven.
    pub(crate) fn tolerant(document: &'a str) -> Self {
        Self::new(document, Stray::Ignore)
    }

    fn new(document: &'a str, stray: Stray) -> Self {
        let document = document.strip_prefix('\u{feff}').unwrap_or(document);
        Self {
            scanner: Scanner::new(document),
            stray,
        }
    }

    /// Visits each child of the one root element `xml`.
    pub(crate) fn document(
        &mut self,
        visit: impl FnMut(&mut Self, &str) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        loop {
            match self.scanner.next()? {
                Piece::Start("xml") => break,
                Piece::Start(_) => return Err("the root element is not xml".to_owned()),
                Piece::Text(text) if is_blank(text) => {}
                Piece::Eof => return Err("no element".to_owned()),
                _ => return Err("text outside the root element".to_owned()),
            }
        }
        self.children(visit)?;
        loop {
            match self.scanner.next()? {
                Piece::Eof => return Ok(()),
                Piece::Text(text) if is_blank(text) => {}
                _ => return Err("content after the root element".to_owned()),
            }
        }
    }

    /// Visits each child of the element just entered; the visitor takes the whole child.
    pub(crate) fn children(
        &mut self,
        mut visit: impl FnMut(&mut Self, &str) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        loop {
            match self.scanner.next()? {
                Piece::Start(name) => visit(self, name)?,
                Piece::End => return Ok(()),
                Piece::Eof => return Err("document ends too early".to_owned()),
                Piece::Text(text) if self.stray == Stray::Ignore || is_blank(text) => {}
                Piece::Text(_) | Piece::Cdata(_) | Piece::Reference(_) => {
                    if self.stray == Stray::Refuse {
                        return Err("text between elements".to_owned());
                    }
                }
            }
        }
    }

    /// Takes the element just entered and returns its text, CDATA or not; elements within are passed over.
    pub(crate) fn text(&mut self) -> Result<Cow<'a, str>, Fault> {
        let mut out = Cow::Borrowed("");
        loop {
            match self.scanner.next()? {
                Piece::Cdata(data) => append(&mut out, data),
                // White space beside CDATA is layout.
                Piece::Text(text) if is_blank(text) => {}
                Piece::Text(text) if self.stray == Stray::Refuse => append(&mut out, text.trim()),
                Piece::Text(text) => append(&mut out, text),
                Piece::Reference(name) => out.to_mut().push(character(name)?),
                Piece::Start(_) => self.skip()?,
                Piece::End => return Ok(lines(out)),
                Piece::Eof => return Err("document ends too early".to_owned()),
            }
        }
    }

    /// Passes over the element just entered.
    pub(crate) fn skip(&mut self) -> Result<(), Fault> {
        let mut depth = 1_usize;
        while depth > 0 {
            match self.scanner.next()? {
                Piece::Start(_) => depth += 1,
                Piece::End => depth -= 1,
                Piece::Eof => return Err("document ends too early".to_owned()),
                Piece::Text(_) | Piece::Cdata(_) | Piece::Reference(_) => {}
            }
        }
        Ok(())
    }
}

fn append<'a>(out: &mut Cow<'a, str>, piece: &'a str) {
    if out.is_empty() {
        *out = Cow::Borrowed(piece);
    } else {
        out.to_mut().push_str(piece);
    }
}

/// Line ends as XML wants them.
fn lines(text: Cow<'_, str>) -> Cow<'_, str> {
    if memchr::memchr(b'\r', text.as_bytes()).is_some() {
        return Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"));
    }
    text
}

fn character(name: &str) -> Result<char, Fault> {
    let code = match name {
        "lt" => return Ok('<'),
        "gt" => return Ok('>'),
        "amp" => return Ok('&'),
        "apos" => return Ok('\''),
        "quot" => return Ok('"'),
        _ => name.strip_prefix('#').ok_or("unknown entity")?,
    };
    let code = match code.strip_prefix('x') {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => code.parse().ok(),
    };
    let character = code
        .and_then(char::from_u32)
        .filter(|character| *character != '\0');
    character.ok_or_else(|| "not a character".to_owned())
}

fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_whitespace())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use quick_xml::events::Event;
    use quick_xml::reader::Reader;

    use super::scan::{Piece, Scanner};

    /// What our scanner makes of a document: its pieces, adjoining text joined, or none if it is refused.
    fn ours(document: &str) -> Option<Vec<String>> {
        let mut scanner = Scanner::new(document);
        let mut out = Vec::new();
        loop {
            match scanner.next().ok()? {
                Piece::Start(name) => out.push(format!("<{name}")),
                Piece::End => out.push(">".to_owned()),
                Piece::Text(text) => out.push(format!("t{text}")),
                Piece::Cdata(text) => out.push(format!("c{text}")),
                Piece::Reference(name) => out.push(format!("&{name}")),
                Piece::Eof => return Some(out),
            }
        }
    }

    /// The same by the judge.
    fn judged(document: &str) -> Option<Vec<String>> {
        let mut reader = Reader::from_str(document);
        reader.config_mut().expand_empty_elements = true;
        let mut out = Vec::new();
        loop {
            match reader.read_event().ok()? {
                Event::Start(start) => out.push(format!("<{}", start.name().into_inner())),
                Event::End(_) => out.push(">".to_owned()),
                Event::Text(text) => out.push(format!("t{}", text.into_inner())),
                Event::CData(text) => out.push(format!("c{}", text.into_inner())),
                Event::GeneralRef(name) => out.push(format!("&{}", name.into_inner())),
                Event::DocType(_) => return None,
                Event::Empty(_) | Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
                Event::Eof => return Some(out),
            }
        }
    }

    fn check(document: &str) {
        // Where ours refuses what the judge takes, it is the stricter one, which does no harm.
        if let Some(ours) = ours(document) {
            assert_eq!(Some(ours), judged(document), "{document}");
        }
    }

    #[test]
    fn ordinary_documents_are_read_as_the_judge_reads_them() {
        for document in [
            "<xml><a>1</a><b/><c x=\"1>2\" y='<'>t</c ></xml>",
            "<?xml version=\"1.0\"?><!-- <a> --><xml><![CDATA[<a>&b;]] ]]>x&amp;y&#65;</xml>",
            "<xml>a]]b<a\n b='c'/></xml> ",
            "<a><b></a></b>",
            "<a>",
            "text",
        ] {
            assert_eq!(ours(document).is_some(), judged(document).is_some(), "{document}");
            check(document);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn any_mixture_of_markup_is_read_as_the_judge_reads_it_or_refused(
            parts in proptest::collection::vec(
                prop_oneof![
                    Just("<a>"), Just("</a>"), Just("<b/>"), Just("<c x='1'>"), Just("</c>"), Just("<![CDATA["),
                    Just("]]>"), Just("]"), Just("<!--"), Just("-->"), Just("<?p"), Just("?>"), Just("&lt;"),
                    Just("&"), Just(";"), Just("<"), Just(">"), Just("/"), Just("\""), Just("'"), Just("变更"),
                    Just(" "), Just("\n"), Just("x"), Just("<!DOCTYPE a>"),
                ],
                0..14,
            )
        ) {
            check(&parts.concat());
        }
    }
}
