//! A workbook with every table: headings that stay, columns that are wide enough, numbers that are numbers. Text is
//! written as text, so that nothing of it is computed.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use super::table::{Cell, Table};
use super::{Export, sheets};

/// The longest text of a cell in Excel's count, less room for the mark of an omission.
const CELL_UNITS: usize = 32_700;

/// The workbook's bytes.
pub(crate) fn write(export: &Export<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let formats = Formats::new();
    for table in sheets(export) {
        fill(workbook.add_worksheet(), &table, &formats)?;
    }
    workbook.save_to_buffer()
}

struct Formats {
    heading: Format,
    text: Format,
    count: Format,
    share: Format,
    minutes: Format,
    time: Format,
}

impl Formats {
    fn new() -> Self {
        Self {
            heading: Format::new()
                .set_bold()
                .set_background_color(Color::RGB(0x1F_3A_5F))
                .set_font_color(Color::White)
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter)
                .set_border_bottom(FormatBorder::Thin),
            text: Format::new().set_align(FormatAlign::Top),
            count: Format::new().set_num_format("0").set_align(FormatAlign::Top),
            share: Format::new().set_num_format("0.0%").set_align(FormatAlign::Top),
            minutes: Format::new()
                .set_num_format("#,##0.0")
                .set_align(FormatAlign::Top),
            time: Format::new()
                .set_num_format("yyyy-mm-dd hh:mm")
                .set_align(FormatAlign::Top),
        }
    }
}

fn fill(sheet: &mut Worksheet, table: &Table, formats: &Formats) -> Result<(), XlsxError> {
    sheet.set_name(table.name)?;
    sheet.set_freeze_panes(1, 1)?;
    sheet.set_row_height(0, 22)?;
    for (number, column) in (0_u16..).zip(&table.columns) {
        sheet.set_column_width(number, f64::from(column.width))?;
        sheet.write_string_with_format(0, number, column.heading, &formats.heading)?;
    }
    for (number, row) in (1_u32..).zip(&table.rows) {
        for (column, cell) in (0_u16..).zip(row) {
            put(sheet, number, column, cell, formats)?;
        }
    }
    let last_row = u32::try_from(table.rows.len()).unwrap_or(u32::MAX);
    let last_column = u16::try_from(table.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    sheet.autofilter(0, 0, last_row, last_column)?;
    Ok(())
}

fn put(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    formats: &Formats,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => {}
        Cell::Text(text) => {
            sheet.write_string_with_format(row, column, fitting(text), &formats.text)?;
        }
        Cell::Count(count) => {
            sheet.write_number_with_format(row, column, *count, &formats.count)?;
        }
        Cell::Share(share) => {
            sheet.write_number_with_format(row, column, *share, &formats.share)?;
        }
        Cell::Minutes(minutes) => {
            sheet.write_number_with_format(row, column, *minutes, &formats.minutes)?;
        }
        Cell::Time(at) => {
            sheet.write_datetime_with_format(row, column, at, &formats.time)?;
        }
    }
    Ok(())
}

/// What fits a cell, and can stand in XML.
fn fitting(text: &str) -> String {
    let mut units = 0;
    let mut kept = String::new();
    for char in text.chars().filter(|char| !char.is_control() || *char == '\n') {
        units += char.len_utf16();
        if units > CELL_UNITS {
            kept.push('…');
            break;
        }
        kept.push(char);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_holds_what_excel_lets_it_hold() {
        assert_eq!(fitting("a\u{0}\tb\nc"), "ab\nc");
        let long = fitting(&"😀".repeat(40_000));
        assert!(long.ends_with('…') && long.encode_utf16().count() <= CELL_UNITS + 1);
    }
}
