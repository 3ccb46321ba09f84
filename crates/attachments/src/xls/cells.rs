//! Copies from the stream of an `.xls` what calamine is to see: the visible sheets, the shared strings, the cells with
//! a number or a text. Left out is what calamine would reserve by declaration (sizes), copy many times (names), or
//! spell out (formulas, each of which can come to a megabyte); a formula's value becomes a cell of its own.

use super::bounds::Bounds;
use super::records::{Record, Records, write};
use super::strings;
use crate::bytes::{index_at, u8_at, u16_at};
use crate::{Unreadable, limits};

/// The version of BIFF that Excel has written since 1997, and a stream of it.
const BIFF8: u16 = 0x0600;
const BEGIN: [u8; 4] = [0, 6, 0, 0];
/// The bits that hide a sheet.
const HIDING: u8 = 0b11;

/// A stream of nothing but checked cells.
pub(super) fn only(stream: &[u8]) -> Result<Vec<u8>, Unreadable> {
    let globals = Globals::read(stream)?;
    let found = globals.sheets.len();
    if found > limits::SHEETS {
        return Err(Unreadable::TooManySheets { found });
    }
    let mut copy = Copy {
        lengths: strings::lengths(globals.strings.clone())?,
        bounds: Bounds::default(),
        stream: Vec::new(),
    };
    write(&mut copy.stream, Record::BEGIN, &[&BEGIN]);
    let mut places = Vec::new();
    for sheet in &globals.sheets {
        places.push(copy.stream.len() + 4);
        write(&mut copy.stream, Record::BOUND_SHEET, &[&[0; 6], sheet.name]);
    }
    for (number, piece) in globals.strings.iter().enumerate() {
        let kind = if number == 0 {
            Record::SHARED_STRINGS
        } else {
            Record::CONTINUE
        };
        write(&mut copy.stream, kind, &[piece]);
    }
    write(&mut copy.stream, Record::END, &[]);
    for (sheet, place) in globals.sheets.iter().zip(places) {
        let start = u32::try_from(copy.stream.len()).map_err(|_why| Unreadable::Damaged)?;
        if let Some(place) = copy.stream.get_mut(place..place + 4) {
            place.copy_from_slice(&start.to_le_bytes());
        }
        copy.sheet(stream.get(sheet.start..).ok_or(Unreadable::Damaged)?)?;
    }
    Ok(copy.stream)
}

/// What all sheets share.
#[derive(Default)]
struct Globals<'s> {
    sheets: Vec<Sheet<'s>>,
    /// The table of strings, in pieces.
    strings: Vec<&'s [u8]>,
}

/// A table that people see.
struct Sheet<'s> {
    /// Where it begins in the stream.
    start: usize,
    name: &'s [u8],
}

impl<'s> Globals<'s> {
    fn read(stream: &'s [u8]) -> Result<Self, Unreadable> {
        let mut globals = Self::default();
        let mut records = Records::new(stream);
        let first = records.next().ok_or(Unreadable::Damaged)?;
        match (first.kind, u16_at(first.data, 0)) {
            (Record::BEGIN, Some(BIFF8)) => {}
            (Record::BEGIN, Some(_)) => return Err(Unreadable::OtherFormat { format: "Excel 95" }),
            _ => return Err(Unreadable::Damaged),
        }
        while let Some(record) = records.next() {
            match record.kind {
                Record::END => return Ok(globals),
                Record::FILE_PASS => return Err(Unreadable::PasswordProtected),
                Record::BOUND_SHEET => globals.sheets.extend(visible_sheet(record.data)),
                Record::SHARED_STRINGS => globals.strings = records.with_continued(record.data),
                _ => {}
            }
        }
        Err(Unreadable::Damaged)
    }
}

fn visible_sheet(data: &[u8]) -> Option<Sheet<'_>> {
    let is_table = u8_at(data, 5)? == 0;
    let is_visible = u8_at(data, 4)? & HIDING == 0;
    let sheet = Sheet {
        start: index_at(data, 0)?,
        name: data.get(6..)?,
    };
    (is_table && is_visible).then_some(sheet)
}

/// A copy under way.
struct Copy {
    lengths: Vec<usize>,
    bounds: Bounds,
    stream: Vec<u8>,
}

impl Copy {
    fn sheet(&mut self, stream: &[u8]) -> Result<(), Unreadable> {
        write(&mut self.stream, Record::BEGIN, &[&BEGIN]);
        let (mut depth, mut formula) = (0_usize, None);
        for record in Records::new(stream) {
            let data = record.data;
            match record.kind {
                // A chart on the sheet is a stream in the stream.
                Record::BEGIN => depth += 1,
                Record::END if depth <= 1 => {
                    write(&mut self.stream, Record::END, &[]);
                    return self.bounds.end_sheet();
                }
                Record::END => depth -= 1,
                _ if depth > 1 => {}
                // Place, format and value stand in it as in a number; a text comes in a record of its own.
                Record::FORMULA => {
                    let (head, rest) = split(data)?;
                    formula = Some(head);
                    if let Some((value, _)) = rest.split_at_checked(8).filter(|_| is_number(rest)) {
                        self.cell(Record::NUMBER, head, value)?;
                    }
                }
                Record::STRING => {
                    if let Some(head) = formula.take() {
                        self.cell(Record::LABEL, head, data)?;
                    }
                }
                Record::NUMBER
                | Record::RK
                | Record::MULTIPLE_RK
                | Record::LABEL
                | Record::RICH_LABEL
                | Record::SHARED_LABEL => {
                    let (head, rest) = split(data)?;
                    self.cell(record.kind, head, rest)?;
                }
                _ => {}
            }
        }
        Err(Unreadable::Damaged)
    }

    /// Copies a cell, or several numbers in one row; one without text is none.
    fn cell(&mut self, kind: u16, head: &[u8], rest: &[u8]) -> Result<(), Unreadable> {
        let (count, length) = match kind {
            // calamine reserves as many characters as a text declares.
            Record::LABEL | Record::RICH_LABEL => (1, u16_at(rest, 0).unwrap_or_default().into()),
            Record::SHARED_LABEL => {
                let known = index_at(rest, 0).and_then(|number| self.lengths.get(number));
                (1, *known.ok_or(Unreadable::Damaged)?)
            }
            Record::MULTIPLE_RK => (u16::try_from(rest.len() / 6).unwrap_or(u16::MAX), 1),
            _ => (1, 1),
        };
        if length == 0 {
            return Ok(());
        }
        let place = u16_at(head, 0).zip(u16_at(head, 2));
        let (row, column) = place.ok_or(Unreadable::Damaged)?;
        self.bounds.add(row, column, count, length)?;
        write(&mut self.stream, kind, &[head, rest]);
        if self.stream.len() > limits::XLS_STREAM {
            return Err(Unreadable::TooMuchText);
        }
        Ok(())
    }
}

/// A cell's place and format, and what is in it.
fn split(data: &[u8]) -> Result<(&[u8], &[u8]), Unreadable> {
    data.split_at_checked(6).ok_or(Unreadable::Damaged)
}

/// Whether a formula's value is a number, and no text, error or box.
fn is_number(rest: &[u8]) -> bool {
    u16_at(rest, 6).is_some_and(|mark| mark != 0xFFFF)
}
