//! Decides what a file is, and has it read: by its content first, then by what its name promises.

use std::panic::{UnwindSafe, catch_unwind};

use memchr::memmem;

use crate::compound::Compound;
use crate::{Kind, Mail, Unreadable, Workbook, limits, mail, xls, xlsx};

/// What is in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A workbook.
    Workbook(Workbook),
    /// A mail.
    Mail(Mail),
    /// Neither by name nor by content; nobody needs to open it.
    Other,
    /// It should be a workbook or a mail, and cannot be read.
    Unreadable(Unreadable),
}

/// What a file's name promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Promise {
    Workbook,
    Mail,
    OutlookMail,
    Nothing,
}

/// Reads a file. Takes processor time, and at most some tens of MiB: call it where that holds up nobody else.
pub fn read(name: &str, bytes: &[u8]) -> Content {
    guarded(|| decide(Promise::of(name), bytes))
}

/// The parsers are other people's, the files are anybody's: a file at which one panics is damaged.
fn guarded(read: impl FnOnce() -> Result<Content, Unreadable> + UnwindSafe) -> Content {
    match catch_unwind(read).unwrap_or(Err(Unreadable::Damaged)) {
        Ok(content) => content,
        Err(why) => Content::Unreadable(why),
    }
}

impl Promise {
    fn of(name: &str) -> Self {
        let extension = name.trim().rsplit_once('.').map(|(_, extension)| extension);
        match extension.unwrap_or_default().to_lowercase().as_str() {
            "xlsx" | "xlsm" | "xltx" | "xltm" | "xls" | "xlt" | "xlsb" | "et" => Self::Workbook,
            "eml" => Self::Mail,
            "msg" => Self::OutlookMail,
            _ => Self::Nothing,
        }
    }
}

fn decide(promise: Promise, bytes: &[u8]) -> Result<Content, Unreadable> {
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if size > limits::FILE_BYTES {
        return broken(promise, too_large(size, limits::FILE_BYTES));
    }
    let kind = Kind::of(bytes);
    match kind {
        Kind::Archive if is_workbook_package(bytes) => match xlsx::read(bytes) {
            // An archive with a workbook in it is no workbook itself.
            Err(Unreadable::Damaged) => broken(promise, Unreadable::Damaged),
            read => read.map(Content::Workbook),
        },
        Kind::Archive if promise == Promise::Workbook && is_cut_off(bytes) => Err(Unreadable::Damaged),
        Kind::Compound if size > limits::XLS_BYTES => broken(promise, too_large(size, limits::XLS_BYTES)),
        Kind::Compound => read_compound(promise, bytes),
        Kind::Text | Kind::Unknown if mail::looks_like(bytes) => read_mail(bytes, size),
        _ => match promise {
            Promise::Workbook if kind == Kind::Empty => Err(Unreadable::Damaged),
            Promise::Workbook => Err(Unreadable::NotAWorkbook { looks_like: kind }),
            Promise::Mail => Err(Unreadable::NotAMail { looks_like: kind }),
            Promise::OutlookMail => Err(Unreadable::OutlookMail),
            Promise::Nothing => Ok(Content::Other),
        },
    }
}

fn too_large(bytes: u64, limit: u64) -> Unreadable {
    Unreadable::TooLarge { bytes, limit }
}

/// A file that cannot be opened matters only where somebody needs to open it.
fn broken(promise: Promise, why: Unreadable) -> Result<Content, Unreadable> {
    match promise {
        Promise::Workbook | Promise::Mail => Err(why),
        Promise::OutlookMail => Err(Unreadable::OutlookMail),
        Promise::Nothing => Ok(Content::Other),
    }
}

/// Names of parts stand in the archive as they are, packed or not.
fn is_workbook_package(bytes: &[u8]) -> bool {
    ["xl/workbook", "xl/worksheets/"]
        .iter()
        .any(|part| memmem::find(bytes, part.as_bytes()).is_some())
}

/// An archive ends with its directory, which may be what tells a workbook from other packages.
fn is_cut_off(bytes: &[u8]) -> bool {
    memmem::rfind(bytes, b"PK\x05\x06").is_none()
}

fn read_compound(promise: Promise, bytes: &[u8]) -> Result<Content, Unreadable> {
    let Some(container) = Compound::open(bytes) else {
        return broken(promise, Unreadable::Damaged);
    };
    if container.has("Workbook") || container.has("Book") {
        return xls::read(container).map(Content::Workbook);
    }
    match promise {
        Promise::Workbook if container.has("EncryptedPackage") => Err(Unreadable::PasswordProtected),
        Promise::Workbook => Err(Unreadable::NotAWorkbook {
            looks_like: Kind::Compound,
        }),
        Promise::Mail | Promise::OutlookMail => Err(Unreadable::OutlookMail),
        Promise::Nothing => Ok(Content::Other),
    }
}

fn read_mail(bytes: &[u8], size: u64) -> Result<Content, Unreadable> {
    if size > limits::MAIL_BYTES {
        return Err(too_large(size, limits::MAIL_BYTES));
    }
    mail::read(bytes).map(Content::Mail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_at_which_a_parser_panics_is_damaged() {
        let content = guarded(|| panic!("a parser's own words"));
        assert_eq!(content, Content::Unreadable(Unreadable::Damaged));
    }
}
