//! Workbooks of the old format, written by another program and compared with another reader.

use std::io::Cursor;

use calamine::{Data, Reader, Xls};
use changegate_attachments::{Content, Unreadable, Workbook, read};

use crate::made::{container, record, xls};

#[track_caller]
fn opened(bytes: &[u8]) -> Workbook {
    match read("清单.xls", bytes) {
        Content::Workbook(workbook) => workbook,
        content => panic!("{content:?}"),
    }
}

#[test]
fn an_old_workbook_is_read_like_a_new_one() {
    let book = opened(include_bytes!("../small.xls"));
    assert_eq!(book.header, ["序号", "功能", "JIRA 单", "回退方案", "日期"]);
    assert_eq!(book.filled_rows, 2);
    assert_eq!(Vec::from_iter(book.jira_keys), ["PROJ-12", "PROJ-13", "PROJ-14"]);
}

#[test]
fn strings_split_over_records_are_whole() {
    let bytes = include_bytes!("../long.xls");
    let mut other = Xls::new(Cursor::new(bytes.as_slice())).unwrap();
    let range = other.worksheet_range("清单").unwrap();
    let keys = range.used_cells().filter_map(|(_, _, value)| match value {
        Data::String(text) if text.starts_with("PROJ-") => Some(text.clone()),
        _ => None,
    });
    let book = opened(bytes);
    assert_eq!(book.jira_keys, keys.collect());
    assert_eq!(book.filled_rows, 400);
}

#[test]
fn packed_numbers_count_each() {
    let row = |number: u8, column: u8| [number, 0, column, 0, 0, 0];
    let label = |place: [u8; 6], text: &[u8]| {
        let size = u16::try_from(text.len()).unwrap().to_le_bytes();
        record(0x0204, &[&place[..], &size, &[0], text].concat())
    };
    let sheet = [
        label(row(0, 0), b"NO"),
        label(row(0, 1), b"PROJ-1"),
        // Two whole numbers, 1 and 2, from column 0 on.
        record(0x00BD, &[1, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 10, 0, 0, 0, 1, 0]),
        // A bare running number.
        record(0x027E, &[2, 0, 0, 0, 0, 0, 10, 0, 0, 0]),
        // A chart on the sheet, whose numbers are not the sheet's.
        record(0x0809, &[0, 6, 0x20, 0]),
        label(row(3, 1), b"CHART-1"),
        record(0x000A, &[]),
    ];
    let book = opened(&xls(&[], &sheet.concat()));
    assert_eq!(book.header, ["NO", "PROJ-1"]);
    assert_eq!(book.filled_rows, 1);
    assert_eq!(Vec::from_iter(book.jira_keys), ["PROJ-1"]);
}

#[test]
fn what_formulas_come_to_counts() {
    let formula = |row: u8, column: u8, value: [u8; 8]| {
        let rest = [0, 0, 0, 0, 0, 0, 1, 0, 0x16];
        record(0x0006, &[&[row, 0, column, 0, 0, 0][..], &value, &rest].concat())
    };
    let text = |text: &[u8]| {
        let size = u16::try_from(text.len()).unwrap().to_le_bytes();
        record(0x0207, &[&size[..], &[0], text].concat())
    };
    let is_text = [0, 0, 0, 0, 0, 0, 0xFF, 0xFF];
    let is_error = [2, 0, 7, 0, 0, 0, 0xFF, 0xFF];
    let sheet = [
        formula(0, 0, is_text),
        text(b"NO"),
        formula(0, 1, is_text),
        text(b"JIRA"),
        formula(1, 1, is_text),
        text(b"PROJ-1"),
        formula(2, 1, 2.5_f64.to_le_bytes()),
        formula(3, 1, is_error),
        formula(4, 1, is_text),
        text(b""),
    ];
    let book = opened(&xls(&[], &sheet.concat()));
    assert_eq!(book.header, ["NO", "JIRA"]);
    assert_eq!(book.filled_rows, 2);
    assert_eq!(Vec::from_iter(book.jira_keys), ["PROJ-1"]);
}

#[test]
fn excel_95_is_asked_for_in_another_format() {
    let why = read("清单.xls", &container(&[("Book", b"x")]));
    assert_eq!(
        why,
        Content::Unreadable(Unreadable::OtherFormat { format: "Excel 95" })
    );
}
