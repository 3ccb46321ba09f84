//! An OLE2 container (MS-CFB): finding and reading a stream, and making a new container around one.

use std::io::{Cursor, Error, Read, Write};

use cfb::{CompoundFile, Version};

use crate::metered::Metered;

/// How often the size of a file may be read from it. A sector can be listed as part of the table of chains any number
/// of times, and all that is listed is held.
const READINGS: usize = 3;
/// The name of the stream of an `.xls`.
pub(crate) const WORKBOOK: &str = "Workbook";

/// A container whose chains have an end and whose directory could be read.
pub(crate) struct Compound<'a> {
    file: CompoundFile<Metered<Cursor<&'a [u8]>>>,
    size: usize,
}

impl<'a> Compound<'a> {
    /// Reads the chains and the directory; none where they are broken.
    pub(crate) fn open(bytes: &'a [u8]) -> Option<Self> {
        let size = bytes.len();
        let reader = Metered::new(Cursor::new(bytes), size.saturating_mul(READINGS));
        let file = CompoundFile::open(reader).ok()?;
        Some(Self { file, size })
    }

    /// Whether there is a stream of that name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.file.is_stream(name)
    }

    /// A stream's bytes; none where it is missing or cut off.
    pub(crate) fn stream(&mut self, name: &str) -> Option<Vec<u8>> {
        let mut stream = self.file.open_stream(name).ok()?;
        if stream.len() > u64::try_from(self.size).ok()? {
            return None;
        }
        let mut content = Vec::new();
        stream.read_to_end(&mut content).ok()?;
        Some(content)
    }
}

/// A container of nothing but a workbook's stream. It is of the version whose sectors are small: calamine refuses the
/// other where all streams are large.
pub(crate) fn around(stream: &[u8]) -> Result<Vec<u8>, Error> {
    let mut file = CompoundFile::create_with_version(Version::V3, Cursor::new(Vec::new()))?;
    file.create_stream(WORKBOOK)?.write_all(stream)?;
    file.flush()?;
    Ok(file.into_inner().into_inner())
}
