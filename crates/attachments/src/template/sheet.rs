//! Draws the table and its explanation, for the screen and for paper.

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, Format, FormatAlign, FormatBorder, Worksheet, XlsxError,
};

use super::columns::Column;
use super::{Template, TemplateError};
use crate::limits;

/// The row of the headings: the title stands above.
const HEADINGS: u32 = 1;
/// The first row to fill in.
const FIRST: u32 = 2;
/// How many rows a blank workbook is ruled for.
const RULED: u32 = 30;
/// A4 in Excel's list of papers.
const A4: u8 = 9;
/// The longest text of a cell, in characters of up to two UTF-16 units.
const CELL_CHARS: usize = 16_000;

/// Draws the table: title, headings that stay, numbered rows, and the given cells behind the numbers.
pub(super) fn table(
    sheet: &mut Worksheet,
    template: Template,
    columns: &[Column],
    rows: &[Vec<&str>],
) -> Result<(), TemplateError> {
    let too_long = TemplateError::TooLong { found: rows.len() };
    let filled = match u32::try_from(rows.len()) {
        Ok(filled) if filled <= limits::ROWS - FIRST => filled,
        _ => return Err(too_long),
    };
    let last = FIRST + filled.max(RULED) - 1;
    let last_column = last_of(columns);
    sheet.set_name(template.title())?;
    sheet.merge_range(0, 0, 0, last_column, template.title(), &title())?;
    sheet.set_row_height(0, 30)?;
    sheet.set_row_height(HEADINGS, 24)?;
    sheet.set_freeze_panes(FIRST, 2)?;
    for (number, column) in (0_u16..).zip(columns) {
        sheet.set_column_width(number, column.width)?;
        sheet.write_with_format(HEADINGS, number, column.heading, &heading(column))?;
        if !column.choices.is_empty() {
            sheet.add_data_validation(FIRST, number, last, number, &choice(column)?)?;
        }
    }
    for row in FIRST..=last {
        sheet.write_with_format(row, 0, row - FIRST + 1, &number())?;
        for column in 1..=last_column {
            sheet.write_blank(row, column, &cell())?;
        }
    }
    for (row, cells) in (FIRST..).zip(rows) {
        for (column, text) in (1_u16..).zip(cells).filter(|(_, text)| !text.is_empty()) {
            let text: String = text.chars().take(CELL_CHARS).collect();
            sheet.write_string_with_format(row, column, text, &cell())?;
        }
    }
    sheet.set_repeat_rows(0, HEADINGS)?;
    paper(sheet);
    Ok(())
}

/// Explains each column on a sheet of its own, which is not read as part of the table.
pub(super) fn notes(sheet: &mut Worksheet, template: Template, columns: &[Column]) -> Result<(), XlsxError> {
    sheet.set_name("填写说明")?;
    let heading_text = format!("{}：填写说明", template.title());
    sheet.merge_range(0, 0, 0, 2, &heading_text, &title())?;
    sheet.set_row_height(0, 30)?;
    for (number, (text, width)) in (0_u16..).zip([("栏目", 30_u16), ("必填", 8), ("怎样填写", 80)]) {
        sheet.set_column_width(number, width)?;
        sheet.write_with_format(HEADINGS, number, text, &plain_heading())?;
    }
    for (row, column) in (FIRST..).zip(columns) {
        sheet.write_with_format(row, 0, column.heading, &cell())?;
        sheet.write_with_format(row, 1, if column.is_needed { "是" } else { "" }, &number())?;
        sheet.write_with_format(row, 2, column.note, &cell())?;
    }
    sheet.set_freeze_panes(FIRST, 0)?;
    paper(sheet);
    Ok(())
}

fn last_of(columns: &[Column]) -> u16 {
    u16::try_from(columns.len().saturating_sub(1)).unwrap_or(u16::MAX)
}

fn paper(sheet: &mut Worksheet) {
    sheet.set_paper_size(A4);
    sheet.set_landscape();
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_footer("&L&A&R第 &P 页，共 &N 页");
}

fn choice(column: &Column) -> Result<DataValidation, XlsxError> {
    DataValidation::new()
        .allow_list_strings(column.choices)?
        .set_input_message(format!("请选择：{}", column.choices.join("、")))?
        .set_error_title("请从列表中选择")?
        .set_error_message(format!("{}只能是{}", column.heading, column.choices.join("、")))
        .map(|choice| choice.set_error_style(DataValidationErrorStyle::Stop))
}

fn title() -> Format {
    let format = Format::new().set_bold().set_font_size(16);
    format
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
}

/// A column that is needed has the darker heading.
fn heading(column: &Column) -> Format {
    let shade = if column.is_needed { 0x1F_3A_5F } else { 0x5B_73_91 };
    plain_heading().set_background_color(Color::RGB(shade))
}

fn plain_heading() -> Format {
    cell()
        .set_bold()
        .set_background_color(Color::RGB(0x1F_3A_5F))
        .set_font_color(Color::White)
        .set_align(FormatAlign::Center)
}

fn number() -> Format {
    cell().set_align(FormatAlign::Center)
}

fn cell() -> Format {
    Format::new()
        .set_border(FormatBorder::Thin)
        .set_border_color(Color::RGB(0xBF_C8_D2))
        .set_text_wrap()
        .set_align(FormatAlign::VerticalCenter)
}
