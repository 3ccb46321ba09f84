//! Uploading files, for a form to be filed with them. WeCom keeps an upload for three days, and for good once a form
//! holds it.
//!
//! The form around the file is written here, and not by the HTTP client: a call whose token is refused is sent once
//! more, and WeCom's page wants the length beside the name.

use std::time::Duration;

use serde::Deserialize;

use super::http::{self, Form, Target};
use super::{Client, media};
use crate::error::Error;
use crate::lenient;

const PATH: &str = "media/upload";
/// Of one file, in bytes.
const MAX_SIZE: usize = 20 * 1024 * 1024;
/// Of one upload, which takes longer than a call.
const UPLOAD_TIMEOUT: Duration = Duration::from_mins(2);

impl Client {
    /// Uploads a file and answers its media id. WeCom takes from 6 bytes to 20 MiB; the end of the name tells it the
    /// kind.
    pub async fn media_upload(&self, file_name: &str, bytes: &[u8]) -> Result<String, Error> {
        #[derive(Deserialize)]
        struct Reply {
            #[serde(default, deserialize_with = "lenient::text")]
            media_id: String,
        }
        if bytes.len() > MAX_SIZE {
            return Err(Error::TooLarge {
                path: PATH,
                max: u64::try_from(MAX_SIZE).unwrap_or(u64::MAX),
            });
        }
        let boundary = boundary_for(bytes);
        let body = wrapped(file_name, bytes, &boundary);
        let content_type = format!("multipart/form-data; boundary={boundary}");
        let target = Target {
            query: &[("type", "file")],
            form: Some(Form {
                content_type: &content_type,
                body: &body,
                timeout: UPLOAD_TIMEOUT,
            }),
            ..Target::default()
        };
        let reply: Reply = http::decode(PATH, &self.call(PATH, target).await?.body)?;
        if reply.media_id.is_empty() {
            return Err(Error::Answer {
                path: PATH,
                message: "no media_id in it".to_owned(),
            });
        }
        Ok(reply.media_id)
    }
}

/// A mark that does not stand in the file.
fn boundary_for(bytes: &[u8]) -> String {
    let mut boundary = "----changegate-file".to_owned();
    while memchr::memmem::find(bytes, boundary.as_bytes()).is_some() {
        boundary.push('x');
    }
    boundary
}

fn wrapped(file_name: &str, bytes: &[u8], boundary: &str) -> Vec<u8> {
    let name = media::sanitised(file_name).unwrap_or_else(|| "file".to_owned());
    let head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"media\"; filename=\"{}\"; filelength={}\r\n\
         Content-Type: application/octet-stream\r\n\r\n",
        name.replace('"', "_"),
        bytes.len()
    );
    [
        head.as_bytes(),
        bytes,
        format!("\r\n--{boundary}--\r\n").as_bytes(),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_wrapped_as_the_page_shows() {
        let body = String::from_utf8(wrapped("../变更\"计划\r\n清单.xlsx", b"sheet!", "b")).unwrap();
        assert_eq!(
            body,
            "--b\r\nContent-Disposition: form-data; name=\"media\"; filename=\"变更_计划清单.xlsx\"; filelength=6\r\n\
             Content-Type: application/octet-stream\r\n\r\nsheet!\r\n--b--\r\n"
        );
    }

    #[test]
    fn the_boundary_is_never_part_of_the_file() {
        let plain = boundary_for(b"sheet");
        let hostile = format!("a{plain}b");
        let other = boundary_for(hostile.as_bytes());
        assert!(!hostile.contains(&other));
    }
}
