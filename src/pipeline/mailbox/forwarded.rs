//! What is read of a mail to the app: its header, the header of the mail that it carries whole, and its text, in which
//! an approval number may stand.
//!
//! The mailbox is open to the world. So parts are found line by line, without nesting and within bounds: a parser that
//! builds the tree of a hostile mail would need as much stack as the mail is deep.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use changegate_attachments::{self as attachments, Content, Mail};
use changegate_policy::MailContent;

/// Bytes of text that are kept in all, and of one part.
const TEXT_BYTES: usize = 256 * 1024;
/// Bytes of the header of a part, and of one line of it.
const HEADER_BYTES: usize = 64 * 1024;
/// The header of a mail is within so many bytes; what is attached behind it may be larger than a mail that is read.
const HEAD_BYTES: usize = 512 * 1024;
/// Parts that are looked at.
const MOST_PARTS: usize = 50;

/// A mail that came to the app.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Forwarded {
    /// The mail itself.
    pub(super) outer: Mail,
    /// The mail that it carries whole, as a file.
    pub(super) original: Option<Mail>,
    /// What it says, markup included.
    pub(super) text: String,
}

impl Forwarded {
    /// The mail that counts: the one that is carried, else the one that came. What is quoted in a text is no header.
    pub(super) fn evidence(&self) -> MailContent {
        let mail = self.original.as_ref().unwrap_or(&self.outer).clone();
        MailContent {
            message_id: mail.message_id,
            from: mail.from,
            to: mail.to,
            cc: mail.cc,
            subject: mail.subject,
            date: mail.date,
            thread: mail.thread,
        }
    }

    /// Its subjects.
    pub(super) fn subjects(&self) -> String {
        let original = self.original.as_ref().map_or("", |mail| mail.subject.as_str());
        format!("{} {original}", self.outer.subject)
    }

    /// The mails that it answers or carries, by Message-ID.
    pub(super) fn thread(&self) -> impl Iterator<Item = &str> {
        let original = self
            .original
            .iter()
            .flat_map(|mail| std::iter::once(&mail.message_id).chain(&mail.thread));
        self.outer.thread.iter().chain(original).map(String::as_str)
    }
}

/// Reads a mail on a thread of its own, and gives its bytes back; none where it has no header.
pub(super) async fn read(eml: Vec<u8>) -> Option<(Forwarded, Vec<u8>)> {
    let reading = tokio::task::spawn_blocking(move || Some((parse(&eml)?, eml)));
    match reading.await {
        Ok(read) => read,
        Err(error) => {
            tracing::error!(%error, "reading a mail broke off");
            None
        }
    }
}

fn parse(eml: &[u8]) -> Option<Forwarded> {
    let outer = header_of(eml)?;
    let mut mail = Forwarded {
        outer,
        ..Forwarded::default()
    };
    for part in parts(eml) {
        match part.kind {
            Kind::Text if mail.text.len() < TEXT_BYTES => {
                mail.text.push_str(&String::from_utf8_lossy(&part.content));
                mail.text.push('\n');
            }
            Kind::Mail if mail.original.is_none() => mail.original = header_of(&part.content),
            Kind::Text | Kind::Mail | Kind::Other => {}
        }
    }
    Some(mail)
}

fn header_of(eml: &[u8]) -> Option<Mail> {
    let head = eml.get(..HEAD_BYTES).unwrap_or(eml);
    match attachments::read("mail.eml", head) {
        Content::Mail(mail) => Some(mail),
        Content::Workbook(_) | Content::Other | Content::Unreadable(_) => None,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Mail,
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Base64,
    QuotedPrintable,
    Plain,
}

/// A part as it is collected.
struct Part {
    kind: Kind,
    encoding: Encoding,
    content: Vec<u8>,
}

/// The parts of a mail whose content is of use, decoded.
fn parts(eml: &[u8]) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut boundaries: Vec<Vec<u8>> = Vec::new();
    let mut header = Some(String::new());
    for line in eml.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if is_boundary(line, &boundaries) {
            if parts.len() >= MOST_PARTS {
                break;
            }
            header = Some(String::new());
        } else if let Some(fields) = &mut header {
            if !line.is_empty() {
                if fields.len() < HEADER_BYTES {
                    fields.push_str(&unfolded(line.get(..HEADER_BYTES).unwrap_or(line)));
                }
                continue;
            }
            boundaries.extend(boundary(fields).filter(|_| boundaries.len() < MOST_PARTS));
            parts.push(Part::of(fields));
            header = None;
        } else if let Some(part) = parts.last_mut().filter(|part| part.kind != Kind::Other) {
            part.take(line);
        }
    }
    for part in &mut parts {
        part.decode();
    }
    parts
}

/// A line of a header: one that goes on with the line before begins with a blank.
fn unfolded(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line);
    if text.starts_with([' ', '\t']) {
        format!(" {}", text.trim())
    } else {
        format!("\n{}", text.trim_end())
    }
}

fn is_boundary(line: &[u8], boundaries: &[Vec<u8>]) -> bool {
    line.strip_prefix(b"--")
        .is_some_and(|rest| boundaries.iter().any(|boundary| rest.starts_with(boundary)))
}

/// The value of a field, in lower case.
fn field(fields: &str, name: &str) -> String {
    let mut lines = fields.lines().map(str::to_ascii_lowercase);
    let found = lines.find_map(|line| Some(line.strip_prefix(name)?.strip_prefix(':')?.trim().to_owned()));
    found.unwrap_or_default()
}

/// What the parts of a part are set apart by.
fn boundary(fields: &str) -> Option<Vec<u8>> {
    let line = fields
        .lines()
        .find(|line| line.to_ascii_lowercase().starts_with("content-type:"))?;
    let at = line.to_ascii_lowercase().find("boundary=")? + "boundary=".len();
    let value = line.get(at..)?;
    let value = match value.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => value.split([';', ' ']).next(),
    };
    value
        .filter(|value| !value.is_empty())
        .map(|value| value.as_bytes().to_vec())
}

impl Part {
    fn of(fields: &str) -> Self {
        let content_type = field(fields, "content-type");
        let about = format!("{content_type} {}", field(fields, "content-disposition"));
        let kind = if content_type.starts_with("message/rfc822") || about.contains(".eml") {
            Kind::Mail
        } else if content_type.is_empty() || content_type.starts_with("text/") {
            Kind::Text
        } else {
            Kind::Other
        };
        let encoding = match field(fields, "content-transfer-encoding").as_str() {
            "base64" => Encoding::Base64,
            "quoted-printable" => Encoding::QuotedPrintable,
            _ => Encoding::Plain,
        };
        Self {
            kind,
            encoding,
            content: Vec::new(),
        }
    }

    /// Takes a line over, as far as there is room.
    fn take(&mut self, line: &[u8]) {
        let room = TEXT_BYTES.saturating_sub(self.content.len());
        if room > 0 {
            self.content.extend_from_slice(line.get(..room).unwrap_or(line));
            self.content.push(b'\n');
        }
    }

    fn decode(&mut self) {
        match self.encoding {
            Encoding::Base64 => {
                let mut packed: Vec<u8> = self
                    .content
                    .iter()
                    .copied()
                    .filter(|byte| !byte.is_ascii_whitespace())
                    .collect();
                packed.truncate(packed.len() - packed.len() % 4);
                self.content = STANDARD.decode(packed).unwrap_or_default();
            }
            Encoding::QuotedPrintable => {
                // Digits stand for themselves there; only a line that goes on would part them.
                let text = String::from_utf8_lossy(&self.content).replace("=\n", "");
                self.content = text.into_bytes();
            }
            Encoding::Plain => {}
        }
    }
}

#[cfg(test)]
mod tests;
