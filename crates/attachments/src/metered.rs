//! A reader that gives out only so many bytes, however often they are asked for. What a parser holds grows with what
//! it reads: so neither time nor memory goes beyond what a file of the largest size needs.

use std::cell::Cell;
use std::io::{Error, ErrorKind, Read, Seek, SeekFrom};
use std::rc::Rc;

/// Counts what is read, and ends with an error when it is too much.
#[derive(Debug)]
pub(crate) struct Metered<R> {
    inner: R,
    left: usize,
    is_over: Rc<Cell<bool>>,
}

impl<R> Metered<R> {
    /// Lets so many bytes be read.
    pub(crate) fn new(inner: R, bytes: usize) -> Self {
        Self {
            inner,
            left: bytes,
            is_over: Rc::default(),
        }
    }

    /// Whether more was asked for, for after the reader has gone to a parser.
    pub(crate) fn is_over(&self) -> Rc<Cell<bool>> {
        Rc::clone(&self.is_over)
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Error> {
        let read = self.inner.read(buffer)?;
        let Some(left) = self.left.checked_sub(read) else {
            self.is_over.set(true);
            return Err(Error::from(ErrorKind::FileTooLarge));
        };
        self.left = left;
        Ok(read)
    }
}

impl<R: Seek> Seek for Metered<R> {
    fn seek(&mut self, to: SeekFrom) -> Result<u64, Error> {
        self.inner.seek(to)
    }
}
