//! A table as every format understands it.

use chrono::NaiveDateTime;

/// A table with a heading for each column.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Table {
    /// Its name; a workbook shows at most 31 characters.
    pub(crate) name: &'static str,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Vec<Cell>>,
}

/// A column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Column {
    pub(crate) heading: &'static str,
    /// In characters.
    pub(crate) width: u8,
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    /// Nothing, also where a share of nothing would stand.
    Empty,
    Text(String),
    Count(u32),
    /// A share, shown as a percentage.
    Share(f64),
    /// Minutes, perhaps half ones.
    Minutes(f64),
    /// A moment in the export's zone.
    Time(NaiveDateTime),
}

impl Cell {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(crate) fn count(count: usize) -> Self {
        Self::Count(u32::try_from(count).unwrap_or(u32::MAX))
    }

    pub(crate) fn share(share: Option<f64>) -> Self {
        share.map_or(Self::Empty, Self::Share)
    }

    pub(crate) fn minutes(minutes: Option<f64>) -> Self {
        minutes.map_or(Self::Empty, Self::Minutes)
    }

    pub(crate) fn yes(is: bool) -> Self {
        if is { Self::text("是") } else { Self::Empty }
    }
}
