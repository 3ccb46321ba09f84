//! How long the strings are that cells share. calamine copies a string for each cell that shows it, so their lengths
//! are needed before; they are found exactly as calamine reads them.

use std::vec::IntoIter;

use crate::bytes::{index_at, u8_at, u16_at};
use crate::{Unreadable, limits};

/// Two bytes a character, not one.
const WIDE: u8 = 0b0001;
/// Followed by phonetic marks.
const PHONETIC: u8 = 0b0100;
/// Followed by where its looks change.
const RICH: u8 = 0b1000;
/// Two declared counts, which nobody needs.
const COUNTS: usize = 8;

/// The length of each string, in characters of 16 bits.
pub(super) fn lengths(pieces: Vec<&[u8]>) -> Result<Vec<usize>, Unreadable> {
    // calamine takes pieces off the front of a list, which takes time for each that follows.
    if pieces.len() > limits::XLS_PIECES {
        return Err(Unreadable::TooManyStrings);
    }
    let mut lengths = Vec::new();
    let mut following = pieces.into_iter();
    // A workbook of numbers has no table.
    let Some(current) = following.next() else {
        return Ok(lengths);
    };
    let mut reader = Pieces { current, following };
    reader.advance(COUNTS).ok_or(Unreadable::Damaged)?;
    while !reader.current.is_empty() || reader.go_on().is_some() {
        if lengths.len() >= limits::STRINGS {
            return Err(Unreadable::TooManyStrings);
        }
        lengths.push(reader.string().ok_or(Unreadable::Damaged)?);
    }
    Ok(lengths)
}

/// A record's data and what continues it, read from front to back.
struct Pieces<'s> {
    current: &'s [u8],
    following: IntoIter<&'s [u8]>,
}

impl Pieces<'_> {
    fn go_on(&mut self) -> Option<()> {
        self.current = self.following.next()?;
        Some(())
    }

    fn advance(&mut self, count: usize) -> Option<()> {
        self.current = self.current.get(count..)?;
        Some(())
    }

    /// The length of the next string, which is passed.
    fn string(&mut self) -> Option<usize> {
        let (count, flags) = (usize::from(u16_at(self.current, 0)?), u8_at(self.current, 2)?);
        self.advance(3)?;
        let mut looks = 0;
        if flags & RICH != 0 {
            looks = usize::from(u16_at(self.current, 0)?) * 4;
            self.advance(2)?;
        }
        let mut marks = 0;
        if flags & PHONETIC != 0 {
            marks = index_at(self.current, 0)?;
            self.advance(4)?;
        }
        self.pass_characters(count, flags)?;
        self.pass(looks)?;
        self.pass(marks)?;
        Some(count)
    }

    /// Where characters go on in another piece, that begins with its own width.
    fn pass_characters(&mut self, count: usize, mut flags: u8) -> Option<()> {
        let mut left = count;
        loop {
            let width = if flags & WIDE != 0 { 2 } else { 1 };
            let fitting = left.min(self.current.len() / width);
            self.advance(fitting * width)?;
            left -= fitting;
            if left == 0 {
                return Some(());
            }
            self.go_on()?;
            flags = u8_at(self.current, 0)?;
            self.advance(1)?;
        }
    }

    fn pass(&mut self, count: usize) -> Option<()> {
        let mut left = count;
        while left > 0 {
            if self.current.is_empty() {
                self.go_on()?;
            }
            let size = self.current.len().min(left);
            self.advance(size)?;
            left -= size;
        }
        Some(())
    }
}
