//! Counts what stands in a workbook, cell by cell: the header, the filled rows below it, the JIRA keys. It holds one
//! row at a time, and knows no file format.

use std::collections::BTreeSet;
use std::rc::Rc;

use calamine::{SheetType, SheetVisible};

use crate::text::{Sort, Text};
use crate::{Unreadable, keys, limits};

/// What stands in a workbook, over all its visible sheets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Workbook {
    /// Rows below a header in which more stands than a running number. Examples and fillers (`****`) do not count.
    pub filled_rows: u32,
    /// The JIRA keys in its cells, upper case, without those of examples.
    pub jira_keys: BTreeSet<String>,
    /// The headings of the first sheet that has a header; empty where none has.
    pub header: Vec<String>,
}

/// Sheets that explain the table and are no part of it.
const NOTES: [&str; 4] = ["填写说明", "说明", "填表说明", "示例"];
/// Headings of a column that only numbers the rows.
const NUMBERING: [&str; 8] = ["序号", "编号", "序", "行号", "项次", "NO", "NO.", "#"];

/// The names of the sheets that are read: visible, and part of the table.
pub(crate) fn sheets(all: &[calamine::Sheet]) -> Result<Vec<String>, Unreadable> {
    let visible = all.iter().filter(|sheet| sheet.visible == SheetVisible::Visible);
    let found = visible.clone().count();
    if found > limits::SHEETS {
        return Err(Unreadable::TooManySheets { found });
    }
    let tables = visible.filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let names = tables.map(|sheet| sheet.name.clone());
    Ok(names.filter(|name| !NOTES.contains(&name.trim())).collect())
}

/// A count under way.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    workbook: Workbook,
    cells: u32,
    sheet: Sheet,
}

/// What is known of the sheet that is being read.
#[derive(Debug, Default)]
struct Sheet {
    header: Header,
    /// Whether the workbook's header is this sheet's.
    gave_header: bool,
    /// Rows filled below the header so far.
    filled: u32,
    /// Rows that are examples.
    samples: BTreeSet<u32>,
    row: u32,
    cells: Vec<(u32, Rc<Text>)>,
}

/// The header of a sheet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Header {
    /// Not met yet.
    #[default]
    None,
    /// A row of several cells, which may still be a line above the table.
    Guessed,
    /// A row that starts with 序号, in this column.
    Numbered(u32),
}

impl Tally {
    /// Takes a cell by its place, both from 0. Cells come row by row.
    pub(crate) fn cell(&mut self, row: u32, column: u32, text: Rc<Text>) -> Result<(), Unreadable> {
        if text.sort() == Sort::Blank {
            return Ok(());
        }
        if row >= limits::ROWS {
            return Err(Unreadable::TooManyRows {
                row: row.saturating_add(1),
            });
        }
        if column >= limits::COLUMNS {
            return Err(Unreadable::TooManyColumns {
                column: column.saturating_add(1),
            });
        }
        self.cells += 1;
        if self.cells > limits::CELLS {
            return Err(Unreadable::TooManyCells);
        }
        if row != self.sheet.row {
            self.end_row();
            self.sheet.row = row;
        }
        self.sheet.cells.push((column, text));
        Ok(())
    }

    /// Takes the target of a link that hangs on a cell, once its sheet's cells are all there.
    pub(crate) fn link(&mut self, row: u32, target: &str) {
        self.end_row();
        if !self.sheet.samples.contains(&row) {
            keys::note(target, &mut self.workbook.jira_keys);
        }
    }

    /// Closes a sheet.
    pub(crate) fn end_sheet(&mut self) {
        self.end_row();
        self.workbook.filled_rows = self.workbook.filled_rows.saturating_add(self.sheet.filled);
        self.sheet = Sheet::default();
    }

    /// The count.
    pub(crate) fn finish(mut self) -> Workbook {
        self.end_sheet();
        self.workbook
    }

    fn end_row(&mut self) {
        let cells = std::mem::take(&mut self.sheet.cells);
        if cells.iter().any(|(_, text)| text.sort() == Sort::Sample) {
            self.sheet.samples.insert(self.sheet.row);
            return;
        }
        for (_, text) in &cells {
            text.note_keys(&mut self.workbook.jira_keys);
        }
        let numbering = cells.first().filter(|(_, text)| is_numbering(text));
        match (self.sheet.header, numbering) {
            (_, _) if cells.len() < 2 && numbering.is_some() => {}
            (Header::None, None) if cells.len() >= 2 => self.begin_table(Header::Guessed, &cells),
            (Header::None | Header::Guessed, Some((column, _))) => {
                self.begin_table(Header::Numbered(*column), &cells);
            }
            // The header of another table below the first.
            (Header::Numbered(_), Some(_)) | (Header::None, None) => {}
            (header, None) => {
                if cells.iter().any(|(column, text)| header.is_filled(*column, text)) {
                    self.sheet.filled = self.sheet.filled.saturating_add(1);
                }
            }
        }
    }

    fn begin_table(&mut self, header: Header, cells: &[(u32, Rc<Text>)]) {
        if self.workbook.header.is_empty() || self.sheet.header == Header::Guessed && self.sheet.gave_header {
            self.workbook.header = cells.iter().map(|(_, text)| text.heading()).collect();
            self.sheet.gave_header = true;
        }
        self.sheet.header = header;
        self.sheet.filled = 0;
    }
}

impl Header {
    fn is_filled(self, column: u32, text: &Text) -> bool {
        match text.sort() {
            Sort::Blank | Sort::Filler | Sort::Sample => false,
            Sort::Number => self != Self::Numbered(column),
            Sort::Words => true,
        }
    }
}

fn is_numbering(text: &Text) -> bool {
    let text = text.as_str();
    // A long text that every row begins with is not looked through for every row.
    NUMBERING.iter().any(|word| word.eq_ignore_ascii_case(text))
}
