//! What the cells of an `.xls` come to in memory. calamine lays each sheet out as a whole, from its first row and
//! column to its last, filled or not.

use crate::{Unreadable, limits};

/// The sums over a workbook.
#[derive(Debug, Default)]
pub(super) struct Bounds {
    cells: u32,
    characters: usize,
    area: usize,
    sheet: Option<Extent>,
}

/// The first and the last row and column in which something stands, from 0.
#[derive(Debug)]
struct Extent {
    rows: (u16, u16),
    columns: (u16, u16),
}

impl Bounds {
    /// Takes so many cells in one row, from a column on, and the length of their text.
    pub(super) fn add(&mut self, row: u16, column: u16, count: u16, text: usize) -> Result<(), Unreadable> {
        let last = column.saturating_add(count.saturating_sub(1));
        if u32::from(row) >= limits::ROWS {
            return Err(Unreadable::TooManyRows {
                row: u32::from(row) + 1,
            });
        }
        if u32::from(last) >= limits::COLUMNS {
            return Err(Unreadable::TooManyColumns {
                column: u32::from(last) + 1,
            });
        }
        self.cells += u32::from(count);
        if self.cells > limits::CELLS {
            return Err(Unreadable::TooManyCells);
        }
        self.characters += text;
        if self.characters > limits::XLS_CHARACTERS {
            return Err(Unreadable::TooMuchText);
        }
        let sheet = self.sheet.get_or_insert(Extent {
            rows: (row, row),
            columns: (column, last),
        });
        sheet.rows = (sheet.rows.0.min(row), sheet.rows.1.max(row));
        sheet.columns = (sheet.columns.0.min(column), sheet.columns.1.max(last));
        Ok(())
    }

    /// Closes a sheet.
    pub(super) fn end_sheet(&mut self) -> Result<(), Unreadable> {
        let length = |(first, last): (u16, u16)| usize::from(last - first) + 1;
        if let Some(sheet) = self.sheet.take() {
            self.area += length(sheet.rows) * length(sheet.columns);
        }
        if self.area > limits::XLS_AREA {
            return Err(Unreadable::TooWideApart { found: self.area });
        }
        Ok(())
    }
}
