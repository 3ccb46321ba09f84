//! `.xlsx` and `.xlsm`: the visible sheets of a checked package, cell by cell. Nothing outside the package is opened,
//! whatever it links to; macros, pictures and embedded files stay packed.

use std::collections::HashMap;
use std::io::{Cursor, Read, Seek};
use std::rc::Rc;

use calamine::{Data, DataRef, Reader, Xlsx, XlsxError};

use crate::metered::Metered;
use crate::tally::{Tally, Workbook};
use crate::text::Text;
use crate::{Unreadable, limits, package, tally};

/// The texts that cells share, by where calamine holds them.
type Shared = HashMap<(usize, usize), Rc<Text>>;

/// Reads a package.
pub(crate) fn read(bytes: &[u8]) -> Result<Workbook, Unreadable> {
    let package = package::checked(bytes)?;
    // Sheets can share a part, which is then read for each.
    let reader = Metered::new(Cursor::new(package.bytes), limits::READ_BYTES);
    let is_over = reader.is_over();
    let has_links = (1..=limits::LINKS).contains(&package.links);
    parse(reader, has_links).map_err(|why| if is_over.get() { Unreadable::Bomb } else { why })
}

fn parse<R: Read + Seek>(package: R, has_links: bool) -> Result<Workbook, Unreadable> {
    let mut book = Xlsx::new(package).map_err(|error| refuse(&error))?;
    if book.sheets_metadata().is_empty() {
        return Err(Unreadable::Damaged);
    }
    let sheets = tally::sheets(book.sheets_metadata())?;
    let mut tally = Tally::default();
    let mut shared = Shared::new();
    for sheet in &sheets {
        take_cells(&mut book, sheet, &mut shared, &mut tally)?;
        if has_links {
            let links = book.hyperlinks_by_sheet_name(sheet);
            for link in links.map_err(|error| refuse(&error))? {
                tally.link(link.range.start.0, &link.target.unwrap_or_default());
            }
        }
        tally.end_sheet();
    }
    Ok(tally.finish())
}

fn take_cells<R: Read + Seek>(
    book: &mut Xlsx<R>,
    sheet: &str,
    shared: &mut Shared,
    tally: &mut Tally,
) -> Result<(), Unreadable> {
    let cells = book.worksheet_cells_reader(sheet);
    let mut cells = cells.map_err(|error| refuse(&error))?;
    while let Some(cell) = cells.next_cell().map_err(|error| refuse(&error))? {
        let (row, column) = cell.get_position();
        if let Some(text) = text(cell.get_value(), shared) {
            tally.cell(row, column, text)?;
        }
    }
    Ok(())
}

/// A text that a thousand cells share is judged once.
fn text(value: &DataRef<'_>, shared: &mut Shared) -> Option<Rc<Text>> {
    match value {
        DataRef::SharedString(text) => {
            let place = (text.as_ptr().addr(), text.len());
            let known = shared.entry(place).or_insert_with(|| Rc::new(Text::new(text)));
            Some(Rc::clone(known))
        }
        other => Text::of(&Data::from(other.clone())).map(Rc::new),
    }
}

fn refuse(error: &XlsxError) -> Unreadable {
    match error {
        XlsxError::Password => Unreadable::PasswordProtected,
        _ => Unreadable::Damaged,
    }
}
