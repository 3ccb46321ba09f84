//! `.xls` (BIFF8, Excel 97 and later): the visible sheets of a container. calamine reads the whole stream at once, so
//! it gets one in which nothing is left but checked cells.

mod bounds;
mod cells;
mod records;
mod strings;

use std::io::Cursor;
use std::rc::Rc;

use calamine::{Reader, Xls};

use crate::Unreadable;
use crate::compound::{Compound, WORKBOOK, around};
use crate::tally::{self, Tally, Workbook};
use crate::text::Text;

/// Reads the container's workbook.
pub(crate) fn read(mut container: Compound<'_>) -> Result<Workbook, Unreadable> {
    if container.has("Book") && !container.has(WORKBOOK) {
        return Err(Unreadable::OtherFormat { format: "Excel 95" });
    }
    let stream = container.stream(WORKBOOK).ok_or(Unreadable::Damaged)?;
    drop(container);
    let checked = cells::only(&stream)?;
    drop(stream);
    let container = around(&checked).map_err(|_why| Unreadable::Damaged)?;
    drop(checked);
    parse(container)
}

fn parse(container: Vec<u8>) -> Result<Workbook, Unreadable> {
    let mut book = Xls::new(Cursor::new(container)).map_err(|_why| Unreadable::Damaged)?;
    let mut tally = Tally::default();
    for sheet in tally::sheets(book.sheets_metadata())? {
        let range = book.worksheet_range(&sheet);
        let range = range.map_err(|_why| Unreadable::Damaged)?;
        let (first_row, first_column) = range.start().unwrap_or_default();
        for (row, cells) in (first_row..).zip(range.rows()) {
            for (column, value) in (first_column..).zip(cells) {
                if let Some(text) = Text::of(value) {
                    tally.cell(row, column, Rc::new(text))?;
                }
            }
        }
        tally.end_sheet();
    }
    Ok(tally.finish())
}
