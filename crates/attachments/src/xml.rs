//! Looks through a part of a package before calamine reads it: is it whole, and does it hold no more than what
//! calamine may keep. calamine reserves what `uniqueCount` declares, and keeps each shared string, sheet, name and link.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::{Unreadable, limits};

/// What was met in a part.
#[derive(Debug, Default)]
struct Count {
    strings: usize,
    sheets: usize,
    names: usize,
    links: usize,
}

/// Checks a part: no document type, so no entities but the built-in ones, no nesting without end, no declared size
/// beyond the bounds. Tells how many links hang on its cells.
pub(crate) fn check(part: &[u8]) -> Result<usize, Unreadable> {
    let mut reader = Reader::from_reader(part);
    let mut buffer = Vec::new();
    let mut count = Count::default();
    let mut depth = 0_usize;
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer);
        match event.map_err(|_why| Unreadable::Damaged)? {
            Event::Start(tag) => {
                depth += 1;
                count.add(&tag)?;
            }
            Event::Empty(tag) => count.add(&tag)?,
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Eof if depth == 0 => return count.judge(),
            Event::Eof | Event::DocType(_) => return Err(Unreadable::Damaged),
            _ => {}
        }
        if depth > limits::DEPTH {
            return Err(Unreadable::Damaged);
        }
    }
}

impl Count {
    fn add(&mut self, tag: &BytesStart<'_>) -> Result<(), Unreadable> {
        match tag.local_name().as_ref() {
            "si" if self.strings >= limits::STRINGS => return Err(Unreadable::TooManyStrings),
            "si" => self.strings += 1,
            "sst" => check_declared(tag)?,
            "sheet" => self.sheets += 1,
            "hyperlink" => self.links += 1,
            // calamine copies a target for each sheet and each link that leads to it.
            "Relationship" if tag.len() > limits::RELATIONSHIP_BYTES => return Err(Unreadable::Damaged),
            "Relationship" | "definedName" if self.names >= limits::NAMES => return Err(Unreadable::Damaged),
            "Relationship" | "definedName" => self.names += 1,
            _ => {}
        }
        Ok(())
    }

    /// How many links there are; the sheets are all counted, for people to see.
    fn judge(self) -> Result<usize, Unreadable> {
        match self.sheets {
            found if found > limits::ALL_SHEETS => Err(Unreadable::TooManySheets { found }),
            _ => Ok(self.links),
        }
    }
}

/// An attribute that cannot be told apart here might still be one to calamine.
fn check_declared(tag: &BytesStart<'_>) -> Result<(), Unreadable> {
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_why| Unreadable::Damaged)?;
        if attribute.key.local_name().as_ref() == "uniqueCount" {
            let declared = attribute.value.parse::<usize>();
            if declared.map_err(|_why| Unreadable::Damaged)? > limits::STRINGS {
                return Err(Unreadable::TooManyStrings);
            }
        }
    }
    Ok(())
}
