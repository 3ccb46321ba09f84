//! Files of the old format made to hurt whoever opens them.

use crate::hostile_files::Hostile;
use crate::made::{container, record, xls};

/// The shared strings, a cell that shows one, a text of a cell's own.
const STRINGS: u16 = 0x00FC;
const SHARED: u16 = 0x00FD;
const LABEL: u16 = 0x0204;

/// All of them.
pub(crate) const ALL: [Hostile; 12] = [
    ("a container whose directory is a ring", "a.xls", || ring(48)),
    ("a container whose table is a ring", "a.xls", || ring(68)),
    (
        "a container that lists a table 1,500,000 times",
        "a.xls",
        many_tables,
    ),
    ("an .xls that declares 4,294,967,295 rows", "a.xls", || {
        let size = [&[0; 4][..], &[0xFF; 4], &[0, 0], &[0xFF, 0xFF], &[0, 0]].concat();
        xls(&[], &record(0x0200, &size))
    }),
    ("an .xls of a million strings", "a.xls", || {
        let table = record(STRINGS, &[0xFF; 8]);
        let piece = record(0x003C, &[0; 6_000]);
        xls(&[table, piece.repeat(500)].concat(), &[])
    }),
    ("an .xls whose strings lie in a million records", "a.xls", || {
        let piece = record(0x003C, &[0]);
        xls(&[record(STRINGS, &[0; 8]), piece.repeat(1_000_000)].concat(), &[])
    }),
    ("an .xls of 300,000 cells of one string", "a.xls", || {
        let text = [&[0xFF; 8][..], &8_000_u16.to_le_bytes(), &[0], &[b'x'; 8_000]].concat();
        let label = record(SHARED, &[0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
        xls(&record(STRINGS, &text), &label.repeat(300_000))
    }),
    ("an .xls of texts that declare 65,535 characters", "a.xls", || {
        let label = record(LABEL, &[0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, b'x']);
        xls(&[], &label.repeat(190_000))
    }),
    ("an .xls of 300,000 numbers", "a.xls", || {
        let number = record(0x027E, &[0, 0, 0, 0, 0, 0, 10, 0, 0, 0]);
        xls(&[], &number.repeat(300_000))
    }),
    ("an .xls of two corners", "a.xls", || {
        let corner = |row: u16, column: u8| {
            let place = [&row.to_le_bytes()[..], &[column, 0, 0, 0]].concat();
            record(0x027E, &[&place[..], &[10, 0, 0, 0]].concat())
        };
        xls(&[], &[corner(0, 0), corner(19_999, 255)].concat())
    }),
    ("an .xls of formulas within formulas", "a.xls", nested_formulas),
    ("an .xls as large as can be", "a.xls", full),
];

/// A container of 6 MiB in which the sector that a field of the header names leads to itself.
fn ring(field: usize) -> Vec<u8> {
    let mut bytes = container(&[("Workbook", &vec![0; 6 << 20])]);
    let sector = 100_u32;
    bytes[field..field + 4].copy_from_slice(&sector.to_le_bytes());
    bytes[512 + 400..512 + 404].copy_from_slice(&sector.to_le_bytes());
    let list = 512 * 102 - 4;
    bytes[list..list + 4].copy_from_slice(&sector.to_le_bytes());
    bytes
}

/// A chain of 12,000 sectors, each of which lists sector 0 as a part of the table as often as it can.
fn many_tables() -> Vec<u8> {
    let mut bytes = container(&[("Workbook", &vec![0; 7_000_000])]);
    bytes[68..72].copy_from_slice(&1_000_u32.to_le_bytes());
    for number in 1_000..13_000_u32 {
        let start = (usize::try_from(number).unwrap() + 1) * 512;
        let sector = &mut bytes[start..start + 512];
        sector.fill(0);
        let next = if number < 12_999 { number + 1 } else { 0xFFFF_FFFE };
        sector[508..].copy_from_slice(&next.to_le_bytes());
    }
    bytes
}

/// Each spells out the name of a sheet a thousand times, and puts as many signs in front.
fn nested_formulas() -> Vec<u8> {
    let reference = [0x3A, 0, 0, 0, 0, 0, 0];
    let tokens = [reference.repeat(1_000), vec![0x13; 1_000]].concat();
    let size = u16::try_from(tokens.len()).unwrap().to_le_bytes();
    let value = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let formula = record(0x0006, &[&value[..], &size, &tokens].concat());
    xls(&record(0x0017, &[1, 0, 0, 0, 0, 0, 0, 0]), &formula.repeat(900))
}

/// As many strings, cells, characters as are read, over the largest area.
fn full() -> Vec<u8> {
    let string = [&20_u16.to_le_bytes()[..], &[1], &[0x57; 40]].concat();
    let first = record(STRINGS, &[&[0; 8][..], &string].concat());
    let more = record(0x003C, &string.repeat(150));
    let cells = (0..200_000_u32).map(|number| {
        let row = u16::try_from(number / 10).unwrap().to_le_bytes();
        let column = u8::try_from(number % 10 * 31 / 9).unwrap();
        let index = (number % 90_000).to_le_bytes();
        record(SHARED, &[&row[..], &[column, 0, 0, 0], &index].concat())
    });
    let cells: Vec<u8> = cells.flatten().collect();
    xls(&[first, more.repeat(600)].concat(), &cells)
}
