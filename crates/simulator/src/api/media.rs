//! Files: `media/upload` and `media/get` with ranges. A media id lasts three days.

use actix_web::HttpResponse;
use chrono::TimeDelta;
use serde_json::json;

use super::{Answer, Reply, Request};
use crate::error::ApiError;
use crate::hub::{Hub, random_id};
use crate::world::Media;

const LIFE_DAYS: i64 = 3;
const LARGEST: usize = 20 * 1024 * 1024;

/// A file on its way to the caller.
pub(super) struct Download {
    media: Media,
    /// First and last byte asked for.
    range: Option<(usize, usize)>,
}

/// Keeps a file and answers its media id.
pub(crate) fn store(hub: &Hub, name: &str, content_type: &str, bytes: Vec<u8>) -> String {
    let id = format!("WWCISP_{}", random_id());
    let media = Media {
        name: name.to_owned(),
        content_type: content_type.to_owned(),
        bytes,
        expires: hub.now() + TimeDelta::days(LIFE_DAYS),
    };
    hub.write(|world| world.media.insert(id.clone(), media));
    id
}

pub(super) fn download(hub: &Hub, call: &Request) -> Reply {
    let now = hub.now();
    let found = hub.read(|world| world.media.get(call.param("media_id")).cloned());
    let Some(media) = found.filter(|media| media.expires > now) else {
        return Reply::Json(ApiError::new(40007, "invalid media_id").body());
    };
    let range = match &call.range {
        None => None,
        Some(header) => match parse_range(header, media.bytes.len()) {
            Some(range) => Some(range),
            None => return Reply::Json(ApiError::new(40035, "invalid range").body()),
        },
    };
    let length = range.map_or(media.bytes.len(), |(first, last)| last - first + 1);
    if length > LARGEST {
        return Reply::Json(ApiError::new(830_002, "file or range too big").body());
    }
    Reply::File(Download { media, range })
}

impl Download {
    pub(super) fn response(self) -> HttpResponse {
        let total = self.media.bytes.len();
        let mut response = if self.range.is_some() {
            HttpResponse::PartialContent()
        } else {
            HttpResponse::Ok()
        };
        response
            .insert_header(("content-type", self.media.content_type.clone()))
            .insert_header(("accept-ranges", "bytes"))
            .insert_header((
                "content-disposition",
                actix_web::http::header::HeaderValue::from_bytes(
                    format!(
                        "attachment; filename=\"{}\"",
                        self.media.name.replace(['"', '\r', '\n'], "_")
                    )
                    .as_bytes(),
                )
                .unwrap_or_else(|_| actix_web::http::header::HeaderValue::from_static("attachment")),
            ));
        let Some((first, last)) = self.range else {
            return response.body(self.media.bytes);
        };
        response.insert_header(("content-range", format!("bytes {first}-{last}/{total}")));
        let part: Vec<u8> = self
            .media
            .bytes
            .into_iter()
            .skip(first)
            .take(last - first + 1)
            .collect();
        response.body(part)
    }
}

/// First and last byte of `bytes=a-b`, `bytes=a-` or `bytes=-n`.
fn parse_range(header: &str, total: usize) -> Option<(usize, usize)> {
    let (first, last) = header.trim().strip_prefix("bytes=")?.split_once('-')?;
    let end = total.checked_sub(1)?;
    let (first, last) = match (first.trim(), last.trim()) {
        ("", tail) => (total.saturating_sub(tail.parse().ok()?), end),
        (first, "") => (first.parse().ok()?, end),
        (first, last) => (first.parse().ok()?, last.parse::<usize>().ok()?.min(end)),
    };
    (first <= last).then_some((first, last))
}

pub(super) fn upload(hub: &Hub, call: &Request) -> Answer {
    let bad = || ApiError::new(44001, "empty media data");
    let boundary = call
        .content_type
        .split_once("boundary=")
        .map(|(_, boundary)| boundary.trim_matches('"'));
    let (name, bytes) = first_part(&call.raw, boundary.ok_or_else(bad)?).ok_or_else(bad)?;
    if bytes.len() <= 5 {
        return Err(ApiError::new(40006, "invalid media size"));
    }
    if bytes.len() > LARGEST {
        return Err(ApiError::new(45001, "media size out of limit"));
    }
    let kind = call.param("type").to_owned();
    let id = store(hub, &name, "application/octet-stream", bytes);
    Ok(json!({
        "errcode": 0, "errmsg": "ok", "type": kind, "media_id": id, "created_at": hub.now().timestamp().to_string(),
    }))
}

/// File name and content of the first part of a multipart body.
fn first_part(body: &[u8], boundary: &str) -> Option<(String, Vec<u8>)> {
    let mark = format!("--{boundary}");
    let start = find(body, mark.as_bytes(), 0)? + mark.len();
    let head_end = find(body, b"\r\n\r\n", start)?;
    let end = find(body, format!("\r\n{mark}").as_bytes(), head_end)?;
    let head = String::from_utf8_lossy(body.get(start..head_end)?).into_owned();
    let (_, name) = head.split_once("filename=\"")?;
    let (name, _) = name.split_once('"')?;
    Some((name.to_owned(), body.get(head_end + 4..end)?.to_vec()))
}

fn find(body: &[u8], mark: &[u8], from: usize) -> Option<usize> {
    body.get(from..)?
        .windows(mark.len())
        .position(|window| window == mark)
        .map(|at| at + from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_and_kept_inside_the_file() {
        assert_eq!(parse_range("bytes=0-15", 100), Some((0, 15)));
        assert_eq!(parse_range("bytes=16-", 100), Some((16, 99)));
        assert_eq!(parse_range("bytes=-10", 100), Some((90, 99)));
        assert_eq!(parse_range("bytes=90-500", 100), Some((90, 99)));
        assert_eq!(parse_range("bytes=100-", 100), None);
        assert_eq!(parse_range("items=0-1", 100), None);
    }

    #[test]
    fn the_first_part_of_a_multipart_body_is_the_file() {
        let body = b"--b\r\nContent-Disposition: form-data; name=\"media\"; filename=\"a.txt\"\r\n\r\nhello\r\nworld\r\n--b--\r\n";
        assert_eq!(
            first_part(body, "b"),
            Some(("a.txt".to_owned(), b"hello\r\nworld".to_vec()))
        );
        assert_eq!(first_part(body, "c"), None);
    }
}
