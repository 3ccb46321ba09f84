//! A mail as somebody writes it, and the `.eml` that it becomes.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Bytes in a line of base64.
const LINE: usize = 57;

/// A mail that somebody writes. What is empty has no header.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Letter {
    /// The sender's address.
    pub from: String,
    /// Addresses of To.
    pub to: Vec<String>,
    /// Addresses of Cc.
    pub cc: Vec<String>,
    /// The subject.
    pub subject: String,
    /// The text.
    pub body: String,
    /// Further headers, such as `References`, as they are to stand there.
    pub headers: Vec<(String, String)>,
    /// When it was written; absent: as it arrives.
    pub date: Option<DateTime<Utc>>,
    /// The mail that goes along as a file, as clients do that forward a mail whole.
    pub attached: Option<Box<Self>>,
}

impl Letter {
    /// The mail as it goes over the wire.
    pub(crate) fn eml(&self, now: DateTime<Utc>) -> String {
        let mut out = String::new();
        let date = self.date.unwrap_or(now).to_rfc2822();
        let mut header = |name: &str, value: &str| {
            if !value.is_empty() {
                line(&mut out, format_args!("{name}: {value}"));
            }
        };
        header("From", &self.from);
        header("To", &self.to.join(", "));
        header("Cc", &self.cc.join(", "));
        header("Subject", &encoded(&self.subject));
        header("Date", &date);
        for (name, value) in &self.headers {
            header(name, value);
        }
        header("MIME-Version", "1.0");
        match &self.attached {
            None => push_text(&mut out, &self.body),
            Some(attached) => {
                line(
                    &mut out,
                    format_args!("Content-Type: multipart/mixed; boundary=\"=_letter\"\r\n\r\n--=_letter"),
                );
                push_text(&mut out, &self.body);
                line(
                    &mut out,
                    format_args!(
                        "--=_letter\r\nContent-Type: message/rfc822\r\nContent-Disposition: attachment\r\n\r\n{}\r\n--=_letter--",
                        // One letter in another of the same boundary would end both.
                        attached.eml(now).replace("=_letter", "=_letter_within")
                    ),
                );
            }
        }
        out
    }
}

fn push_text(out: &mut String, text: &str) {
    line(
        out,
        format_args!("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n"),
    );
    for some in text.as_bytes().chunks(LINE) {
        line(out, format_args!("{}", STANDARD.encode(some)));
    }
}

fn encoded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    format!("=?utf-8?B?{}?=", STANDARD.encode(text))
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    let written = write!(out, "{text}\r\n");
    debug_assert!(written.is_ok(), "writing to a string cannot fail");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_a_mail_with_its_original_within() {
        let original = Letter {
            from: "zhangwei@yxzq.example".to_owned(),
            to: vec!["ops@yxzq.example".to_owned(), "a@b.example".to_owned()],
            subject: "hello".to_owned(),
            headers: vec![("Message-ID".to_owned(), "<1@yxzq.example>".to_owned())],
            ..Letter::default()
        };
        let forwarded = Letter {
            from: "zhangwei@yxzq.example".to_owned(),
            subject: "转发".to_owned(),
            body: "看".to_owned(),
            attached: Some(Box::new(original)),
            ..Letter::default()
        };
        let expected = "From: zhangwei@yxzq.example\r\nSubject: =?utf-8?B?6L2s5Y+R?=\r\n\
            Date: Thu, 1 Jan 1970 00:00:00 +0000\r\nMIME-Version: 1.0\r\n\
            Content-Type: multipart/mixed; boundary=\"=_letter\"\r\n\r\n--=_letter\r\n\
            Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n55yL\r\n\
            --=_letter\r\nContent-Type: message/rfc822\r\nContent-Disposition: attachment\r\n\r\n\
            From: zhangwei@yxzq.example\r\nTo: ops@yxzq.example, a@b.example\r\nSubject: hello\r\n\
            Date: Thu, 1 Jan 1970 00:00:00 +0000\r\nMessage-ID: <1@yxzq.example>\r\nMIME-Version: 1.0\r\n\
            Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n\r\n--=_letter--\r\n";
        assert_eq!(forwarded.eml(DateTime::UNIX_EPOCH), expected);
    }
}
