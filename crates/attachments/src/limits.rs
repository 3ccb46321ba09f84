//! What is read at most. Each bound is checked while reading, not believed from what the file says of itself.

const MIB: u64 = 1024 * 1024;

/// The largest file that is opened, in bytes.
pub const FILE_BYTES: u64 = 20 * MIB;
/// The largest `.xls` that is opened, in bytes: its one stream is held in memory as a whole.
pub const XLS_BYTES: u64 = 8 * MIB;
/// The largest mail that is opened, in bytes.
pub const MAIL_BYTES: u64 = 10 * MIB;

/// How many parts an `.xlsx` may have.
pub const PARTS: usize = 2_000;
/// The longest path of a part that is read, in bytes.
pub const PATH_BYTES: usize = 255;
/// The largest part that an `.xlsx` may declare, in bytes, unpacked, read or not.
pub const PART_BYTES: u64 = 64 * MIB;
/// How often a part that is larger than [`RATIO_FROM`] may be its packed size.
pub const RATIO: u64 = 200;
/// Below this size, in bytes, no ratio makes a bomb.
pub const RATIO_FROM: u64 = 4 * MIB;
/// How many bytes are unpacked in all, of the parts that are read.
pub const UNPACKED_BYTES: u64 = 16 * MIB;
/// How many unpacked bytes are read in all: a sheet with links is read twice, and sheets can share a part.
pub const READ_BYTES: usize = 48 * 1024 * 1024;
/// How many links, or names of ranges, a part may list. Excel's own limit for the links of a sheet is 65,530.
pub const NAMES: usize = 70_000;
/// The longest entry in a list of links, in bytes. Excel's own limit is some 2,000 characters.
pub const RELATIONSHIP_BYTES: usize = 8 * 1024;
/// Up to how many links on cells are looked at. Where there are more, none is.
pub const LINKS: usize = 5_000;
/// How deep elements of XML may lie in one another.
pub const DEPTH: usize = 128;

/// How many visible sheets are read.
pub const SHEETS: usize = 20;
/// How many sheets an `.xlsx` may list, hidden ones too.
pub const ALL_SHEETS: usize = 200;
/// The rows, from the top of a sheet, in which something may stand.
pub const ROWS: u32 = 20_000;
/// The columns, from the left, in which something may stand.
pub const COLUMNS: u32 = 256;
/// How many filled cells there may be, over all sheets.
pub const CELLS: u32 = 200_000;
/// How many shared strings there may be.
pub const STRINGS: usize = 200_000;
/// How many bytes of a cell's text are looked at. Excel's own limit is 32,767 characters.
pub const TEXT_BYTES: usize = 128 * 1024;
/// How many characters of a column's heading are kept.
pub const HEADING_CHARS: usize = 100;
/// How many JIRA keys are kept.
pub const KEYS: usize = 1_000;

/// How many characters the cells of an `.xls` may hold together.
pub const XLS_CHARACTERS: usize = 4_000_000;
/// How many cells the sheets of an `.xls` may span together, filled or not: the rows times the columns between the
/// first and the last in which something stands.
pub const XLS_AREA: usize = 640_000;
/// How large the stream of an `.xls` may be when each visible sheet is written out, in bytes.
pub const XLS_STREAM: usize = 8 * 1024 * 1024;
/// In how many records the shared strings of an `.xls` may lie. A full one holds 8 KiB.
pub const XLS_PIECES: usize = 2_000;

/// How many bytes of a mail's header are read; its body never is.
pub const MAIL_HEADER_BYTES: usize = 256 * 1024;
/// How many addresses, and how many ids, are kept of each list in a mail.
pub const MAIL_LIST: usize = 200;
