//! Little-endian numbers at a place in bytes; none where the bytes end before.

pub(crate) fn u8_at(bytes: &[u8], at: usize) -> Option<u8> {
    bytes.get(at).copied()
}

pub(crate) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().copied().map(u16::from_le_bytes)
}

/// A 32-bit number as an index.
pub(crate) fn index_at(bytes: &[u8], at: usize) -> Option<usize> {
    let number = bytes.get(at..)?.first_chunk().copied();
    usize::try_from(u32::from_le_bytes(number?)).ok()
}
