//! The header of a mail: who, whom, when, in which thread. Its body is never read.

use chrono::{DateTime, Utc};
use mail_parser::{Address, HeaderValue, MessageParser};
use memchr::memmem;

use crate::{Unreadable, limits};

/// What the header of a mail says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mail {
    /// Its Message-ID, without angle brackets; empty where it has none.
    pub message_id: String,
    /// The sender's address, lower case.
    pub from: String,
    /// The addresses of `To`, lower case.
    pub to: Vec<String>,
    /// The addresses of `Cc`, lower case.
    pub cc: Vec<String>,
    /// Its subject, decoded.
    pub subject: String,
    /// Its date, in UTC.
    pub date: Option<DateTime<Utc>>,
    /// The Message-IDs that it answers to: `In-Reply-To`, then `References`, each once, without angle brackets.
    pub thread: Vec<String>,
}

/// How many characters of a subject, an address or an id are kept.
const TEXT_CHARS: usize = 1_000;

/// Whether bytes begin with the header of a mail: a sender, and one more field that mails have.
pub(crate) fn looks_like(bytes: &[u8]) -> bool {
    let header = header(bytes);
    let mut lines = header.split(|byte| *byte == b'\n');
    let is_field = |line: &[u8]| {
        let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
        !name.is_empty() && name.len() < line.len() && name.iter().all(u8::is_ascii_graphic)
    };
    let has = |field: &[u8]| {
        header.split(|byte| *byte == b'\n').any(|line| {
            line.get(..field.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(field))
        })
    };
    let fields: [&[u8]; 5] = [b"to:", b"subject:", b"date:", b"message-id:", b"received:"];
    lines.next().is_some_and(is_field) && has(b"from:") && fields.into_iter().any(has)
}

/// Reads the header.
pub(crate) fn read(bytes: &[u8]) -> Result<Mail, Unreadable> {
    let message = MessageParser::default()
        .parse_headers(header(bytes))
        .ok_or(Unreadable::Damaged)?;
    let mut thread = ids(message.in_reply_to());
    for id in ids(message.references()) {
        if !thread.contains(&id) && thread.len() < limits::MAIL_LIST {
            thread.push(id);
        }
    }
    let date = message.date().filter(|date| date.is_valid());
    Ok(Mail {
        message_id: message.message_id().map(id).unwrap_or_default(),
        from: addresses(message.from()).into_iter().next().unwrap_or_default(),
        to: addresses(message.to()),
        cc: addresses(message.cc()),
        subject: message.subject().map(short).unwrap_or_default(),
        date: date.and_then(|date| DateTime::from_timestamp(date.to_timestamp(), 0)),
        thread,
    })
}

/// The bytes up to the first empty line, as far as they are read.
fn header(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let start = bytes.trim_ascii_start();
    let head = start.get(..limits::MAIL_HEADER_BYTES).unwrap_or(start);
    let ends = [b"\r\n\r\n".as_slice(), b"\n\n"];
    let end = ends
        .iter()
        .filter_map(|end| Some(memmem::find(head, end)? + end.len()))
        .min();
    end.and_then(|end| head.get(..end)).unwrap_or(head)
}

fn addresses(list: Option<&Address<'_>>) -> Vec<String> {
    let addresses = list
        .into_iter()
        .flat_map(Address::iter)
        .filter_map(|entry| entry.address());
    let addresses = addresses.map(|address| short(address).to_lowercase());
    addresses
        .filter(|address| !address.is_empty())
        .take(limits::MAIL_LIST)
        .collect()
}

fn ids(value: &HeaderValue<'_>) -> Vec<String> {
    let list = value.as_text_list().unwrap_or_default();
    list.iter()
        .take(limits::MAIL_LIST)
        .map(|text| id(text))
        .filter(|id| !id.is_empty())
        .collect()
}

fn id(text: &str) -> String {
    short(text.trim().trim_start_matches('<').trim_end_matches('>'))
}

fn short(text: &str) -> String {
    text.trim().chars().take(TEXT_CHARS).collect()
}
