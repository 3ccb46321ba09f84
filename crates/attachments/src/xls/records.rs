//! The records of a BIFF stream: a kind, a size, the data.

use crate::bytes::u16_at;

/// A record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'s> {
    pub(super) kind: u16,
    pub(super) data: &'s [u8],
}

impl Record<'_> {
    pub(super) const FORMULA: u16 = 0x0006;
    pub(super) const END: u16 = 0x000A;
    pub(super) const FILE_PASS: u16 = 0x002F;
    pub(super) const CONTINUE: u16 = 0x003C;
    pub(super) const BOUND_SHEET: u16 = 0x0085;
    pub(super) const MULTIPLE_RK: u16 = 0x00BD;
    pub(super) const RICH_LABEL: u16 = 0x00D6;
    pub(super) const SHARED_STRINGS: u16 = 0x00FC;
    pub(super) const SHARED_LABEL: u16 = 0x00FD;
    pub(super) const NUMBER: u16 = 0x0203;
    pub(super) const LABEL: u16 = 0x0204;
    pub(super) const STRING: u16 = 0x0207;
    pub(super) const RK: u16 = 0x027E;
    pub(super) const BEGIN: u16 = 0x0809;
}

/// The records, in order; they end where the stream ends or a record is cut off.
#[derive(Debug)]
pub(super) struct Records<'s> {
    rest: &'s [u8],
}

impl<'s> Records<'s> {
    pub(super) fn new(stream: &'s [u8]) -> Self {
        Self { rest: stream }
    }

    /// A record's data with that of the records that continue it, which are taken.
    pub(super) fn with_continued(&mut self, data: &'s [u8]) -> Vec<&'s [u8]> {
        let mut pieces = vec![data];
        while u16_at(self.rest, 0) == Some(Record::CONTINUE) {
            let Some(record) = self.next() else { break };
            pieces.push(record.data);
        }
        pieces.retain(|piece| !piece.is_empty());
        pieces
    }
}

impl<'s> Iterator for Records<'s> {
    type Item = Record<'s>;

    fn next(&mut self) -> Option<Record<'s>> {
        let kind = u16_at(self.rest, 0)?;
        let size = usize::from(u16_at(self.rest, 2)?);
        let (data, rest) = self.rest.get(4..)?.split_at_checked(size)?;
        self.rest = rest;
        Some(Record { kind, data })
    }
}

/// Writes a record; what it cannot hold is left out.
pub(super) fn write(stream: &mut Vec<u8>, kind: u16, data: &[&[u8]]) {
    let data = data.concat();
    let size = u16::try_from(data.len()).unwrap_or(u16::MAX);
    stream.extend(kind.to_le_bytes());
    stream.extend(size.to_le_bytes());
    stream.extend_from_slice(data.get(..size.into()).unwrap_or_default());
}
