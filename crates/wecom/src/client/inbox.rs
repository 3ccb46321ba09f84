//! Mails that people send to the app's own mailbox: their ids in a span of time (`exmail/app/get_mail_list`, D/97369),
//! and one of them as it came (`exmail/app/read_mail`, D/97979).
//!
//! The app has to be listed among the 可调用应用 of 邮件, as for sending. UNVERIFIED: the order of the list, how soon
//! after its arrival a mail is on it, how a mail that is not UTF-8 is told in JSON, and whether `mail_data` is ever
//! base64, which is taken as well. What has to be seen once is therefore listed with an overlap and told by its id.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::Client;
use super::http::{self, Room, Target};
use crate::error::Error;
use crate::lenient;

const LIST: &str = "exmail/app/get_mail_list";
const READ: &str = "exmail/app/read_mail";

/// The largest mail that is read, in bytes.
const LARGEST: usize = 20 * 1024 * 1024;
/// Room for its answer: escapes double a mail at the most that is likely.
const READ_ROOM: Room = Room {
    max: 40 * 1024 * 1024,
    timeout: Duration::from_mins(1),
};
/// WeCom gives a thousand ids a page at most.
const PAGE: u32 = 1_000;
/// So many pages of one span mean that somebody floods the mailbox, or that WeCom goes round in circles.
const MAX_PAGES: usize = 100;

#[derive(Deserialize)]
struct Page {
    #[serde(default, deserialize_with = "lenient::many")]
    mail_list: Vec<Listed>,
    #[serde(default, deserialize_with = "lenient::text")]
    next_cursor: String,
    #[serde(default, deserialize_with = "lenient::int")]
    has_more: Option<i64>,
}

#[derive(Deserialize)]
struct Listed {
    #[serde(default, deserialize_with = "lenient::text")]
    mail_id: String,
}

impl Page {
    /// Where the next page begins; none: this was the last.
    fn next(&self) -> Option<&str> {
        let more = self.has_more.is_some_and(|more| more != 0) && !self.next_cursor.is_empty();
        more.then_some(self.next_cursor.as_str())
    }
}

impl Client {
    /// The ids of the mails that came into the app's mailbox from `begin` to `end`, seconds since 1970, each once.
    pub async fn inbox_mails(&self, begin: i64, end: i64) -> Result<Vec<String>, Error> {
        let mut cursor = String::new();
        let mut ids: Vec<String> = Vec::new();
        for _ in 0..MAX_PAGES {
            let body = serde_json::json!({
                "begin_time": begin, "end_time": end, "cursor": cursor, "limit": PAGE,
            });
            let page: Page = self.post(LIST, body.to_string().as_bytes()).await?;
            let next = page.next().map(str::to_owned);
            ids.extend(page.mail_list.into_iter().map(|mail| mail.mail_id));
            match next {
                None => {
                    ids.retain(|id| !id.is_empty());
                    ids.sort_unstable();
                    ids.dedup();
                    return Ok(ids);
                }
                Some(next) if next == cursor => break,
                Some(next) => cursor = next,
            }
        }
        Err(Error::Answer {
            path: LIST,
            message: "the list of mails has no end".to_owned(),
        })
    }

    /// One mail as it came (`.eml`), of at most 20 MiB.
    pub async fn inbox_mail(&self, mail_id: &str) -> Result<Vec<u8>, Error> {
        #[derive(Deserialize)]
        struct Mail {
            #[serde(default, deserialize_with = "lenient::text")]
            mail_data: String,
        }
        let body = serde_json::json!({ "mail_id": mail_id }).to_string();
        let target = Target {
            body: Some(body.as_bytes()),
            room: Some(READ_ROOM),
            ..Target::default()
        };
        let mail: Mail = http::decode(READ, &self.call(READ, target).await?.body)?;
        let eml = eml(mail.mail_data);
        if eml.is_empty() {
            return Err(Error::Answer {
                path: READ,
                message: "an empty mail".to_owned(),
            });
        }
        if eml.len() > LARGEST {
            return Err(Error::TooLarge {
                path: READ,
                max: u64::try_from(LARGEST).unwrap_or(u64::MAX),
            });
        }
        Ok(eml)
    }
}

/// The mail itself. A header has a colon in its first line, and base64 has none anywhere.
fn eml(data: String) -> Vec<u8> {
    let first = data.trim_start().lines().next().unwrap_or_default();
    if first.contains(':') {
        return data.into_bytes();
    }
    let packed: Vec<u8> = data.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    match STANDARD.decode(packed) {
        Ok(eml) => eml,
        Err(_) => data.into_bytes(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(json: &str) -> Page {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_list_ends_where_wecom_says_so_or_gives_no_cursor() {
        let listed = page(
            r#"{"errcode":0,"errmsg":"ok","next_cursor":"C","has_more":1,"mail_list":[{"mail_id":"M1"},{"mail_id":2}]}"#,
        );
        let ids: Vec<&str> = listed
            .mail_list
            .iter()
            .map(|mail| mail.mail_id.as_str())
            .collect();
        assert_eq!((ids, listed.next()), (vec!["M1", "2"], Some("C")));
        for last in [
            r#"{"next_cursor":"C","has_more":0,"mail_list":[]}"#,
            r#"{"next_cursor":"","has_more":1,"mail_list":null}"#,
            r#"{"next_cursor":"C","has_more":"0"}"#,
            "{}",
        ] {
            assert_eq!(page(last).next(), None, "{last}");
        }
    }

    #[test]
    fn a_mail_is_taken_as_text_and_as_base64() {
        let text = "From: a@x\r\nSubject: =?utf-8?B?5rWL?=\r\n\r\n正文";
        for told in [
            text.to_owned(),
            STANDARD.encode(text),
            format!("{}\r\n", STANDARD.encode(text)),
        ] {
            assert_eq!(eml(told), text.as_bytes());
        }
        assert_eq!(eml("不是邮件".to_owned()), "不是邮件".as_bytes());
        assert!(eml(String::new()).is_empty());
    }
}
