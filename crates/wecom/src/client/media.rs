//! Downloading files.
//!
//! Files come in pieces: WeCom refuses to give large ones whole, and pieces of encrypted ones must be
//! multiples of 16 bytes.

use std::time::Duration;

use percent_encoding::percent_decode_str;
use reqwest::header::{CONTENT_DISPOSITION, CONTENT_RANGE, CONTENT_TYPE, HeaderMap};

use super::Client;
use super::http::{Piece, Target};
use crate::error::Error;

const PATH: &str = "media/get";
/// A multiple of 16 under WeCom's 20 MB.
const PIECE: u64 = 16 * 1024 * 1024;
/// Of one piece.
const PIECE_TIMEOUT: Duration = Duration::from_mins(1);
/// Of a name, so much is kept.
const MAX_NAME: usize = 255;

/// A downloaded file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// Its name, if WeCom tells it: without folders and control characters.
    pub file_name: Option<String>,
    /// Its type, as WeCom tells it.
    pub content_type: Option<String>,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl Client {
    /// Downloads a file of at most so many bytes.
    pub async fn media_get(&self, media_id: &str, max_bytes: u64) -> Result<Media, Error> {
        let query = [("media_id", media_id)];
        let mut media = Media {
            file_name: None,
            content_type: None,
            bytes: Vec::new(),
        };
        let mut first = 0;
        loop {
            let piece = Piece {
                first,
                last: first + PIECE - 1,
                timeout: PIECE_TIMEOUT,
            };
            let target = Target {
                query: &query,
                piece: Some(piece),
                ..Target::default()
            };
            let answer = self.call(PATH, target).await?;
            if first == 0 {
                media.file_name = file_name(&answer.headers);
                media.content_type = text_of(&answer.headers, CONTENT_TYPE);
            } else if answer.status != 206 {
                return Err(Error::Answer {
                    path: PATH,
                    message: "no longer in pieces".to_owned(),
                });
            }
            let total = total_size(&answer.headers);
            if total.is_some_and(|total| total > max_bytes) {
                return Err(Error::TooLarge {
                    path: PATH,
                    max: max_bytes,
                });
            }
            let received = u64::try_from(answer.body.len()).unwrap_or(u64::MAX);
            media.bytes.extend_from_slice(&answer.body);
            first += received;
            if first > max_bytes {
                return Err(Error::TooLarge {
                    path: PATH,
                    max: max_bytes,
                });
            }
            let complete = answer.status != 206 || total.is_none_or(|total| first >= total);
            if complete {
                return Ok(media);
            }
            if received == 0 || !received.is_multiple_of(16) {
                return Err(Error::Answer {
                    path: PATH,
                    message: "a piece is cut short".to_owned(),
                });
            }
        }
    }
}

/// The size behind the slash of `bytes 0-15/160`.
fn total_size(headers: &HeaderMap) -> Option<u64> {
    text_of(headers, CONTENT_RANGE)?
        .rsplit_once('/')?
        .1
        .trim()
        .parse()
        .ok()
}

fn text_of(headers: &HeaderMap, name: reqwest::header::HeaderName) -> Option<String> {
    Some(String::from_utf8_lossy(headers.get(name)?.as_bytes()).into_owned())
}

/// The name in `Content-Disposition`: `filename*` before `filename`, percent-encoded or not.
fn file_name(headers: &HeaderMap) -> Option<String> {
    let header = text_of(headers, CONTENT_DISPOSITION)?;
    let (mut plain, mut extended) = (None, None);
    for parameter in parameters(&header) {
        let Some((key, value)) = parameter.split_once('=') else {
            continue;
        };
        let value = value.trim();
        match key.trim().to_ascii_lowercase().as_str() {
            "filename*" => extended = value.rsplit_once('\'').map(|(_, name)| decoded(name)),
            "filename" => plain = Some(decoded(value.trim_matches('"'))),
            _ => {}
        }
    }
    sanitised(&extended.or(plain)?)
}

/// The parts between semicolons that do not stand in quotes.
fn parameters(header: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    header.split(move |character| {
        if character == '"' {
            quoted = !quoted;
        }
        character == ';' && !quoted
    })
}

fn decoded(name: &str) -> String {
    match percent_decode_str(name).decode_utf8() {
        Ok(name) => name.into_owned(),
        Err(_) => name.to_owned(),
    }
}

/// Without folders and control characters; none where nothing is left.
pub(super) fn sanitised(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|character| !character.is_control()).collect();
    let kept = kept.trim();
    (!kept.is_empty() && kept != "." && kept != "..").then(|| crate::message::fit(kept, MAX_NAME))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_name(header: &str, expected: Option<&str>) {
        let mut headers = HeaderMap::new();
        headers.insert(
            CONTENT_DISPOSITION,
            reqwest::header::HeaderValue::from_bytes(header.as_bytes()).unwrap(),
        );
        assert_eq!(file_name(&headers).as_deref(), expected, "{header}");
    }

    #[test]
    fn file_names_are_read_from_the_header() {
        check_name("attachment; filename=\"a b.sql\"", Some("a b.sql"));
        check_name("attachment; filename=plan.docx", Some("plan.docx"));
        check_name("attachment; filename=\"测试报告.pdf\"", Some("测试报告.pdf"));
        check_name(
            "attachment; filename=\"%E6%B5%8B%E8%AF%95.pdf\"",
            Some("测试.pdf"),
        );
        check_name(
            "attachment; filename=\"x.pdf\"; filename*=UTF-8''%E6%B5%8B.pdf",
            Some("测.pdf"),
        );
        check_name("attachment; filename=\"a;b.txt\"", Some("a;b.txt"));
        check_name("attachment; filename=\"../../etc/passwd\"", Some("passwd"));
        check_name("attachment; filename=\"..\"", None);
        check_name("attachment", None);
    }
}
