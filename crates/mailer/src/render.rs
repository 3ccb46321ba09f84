//! A mail as bytes, the same bytes each time.
//!
//! All content is base64, so no boundary can occur in it and every line is ASCII; the boundaries are fixed, where
//! lettre would draw them by lot.

use lettre::Message;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment as FilePart, Body, MaybeString, MultiPart, SinglePart};

use crate::mail::{Attachment, Mail, MailFault};
use crate::mailbox::Mailbox;

/// `_` is not in the base64 alphabet.
const OUTER: &str = "=_changegate_files";
const INNER: &str = "=_changegate_texts";

impl Mail {
    /// What goes over the wire, as `from` sends it: headers and content, lines ended by CRLF.
    pub fn to_bytes(&self, from: &Mailbox) -> Result<Vec<u8>, MailFault> {
        self.check()?;
        let mut message = Message::builder()
            .date(self.date.into())
            .message_id(Some(self.message_id.as_str().to_owned()))
            .from(from.header_mailbox())
            .subject(self.subject.as_str())
            .raw_header(automatic()?);
        for mailbox in &self.to {
            message = message.to(mailbox.header_mailbox());
        }
        for mailbox in &self.cc {
            message = message.cc(mailbox.header_mailbox());
        }
        if let Some(id) = &self.in_reply_to {
            message = message
                .in_reply_to(id.as_str().to_owned())
                .references(id.as_str().to_owned());
        }
        let message = if self.attachments.is_empty() {
            match &self.html {
                Some(html) => message.multipart(self.both_texts(html)?),
                None => message.singlepart(self.plain_text()?),
            }
        } else {
            let all = MultiPart::mixed().boundary(OUTER);
            let mut all = match &self.html {
                Some(html) => all.multipart(self.both_texts(html)?),
                None => all.singlepart(self.plain_text()?),
            };
            for file in &self.attachments {
                all = all.singlepart(part_of(file)?);
            }
            message.multipart(all)
        };
        Ok(message.map_err(format_fault)?.formatted())
    }

    fn plain_text(&self) -> Result<SinglePart, MailFault> {
        text_part(ContentType::TEXT_PLAIN, &self.text)
    }

    fn both_texts(&self, html: &str) -> Result<MultiPart, MailFault> {
        Ok(MultiPart::alternative()
            .boundary(INNER)
            .singlepart(self.plain_text()?)
            .singlepart(text_part(ContentType::TEXT_HTML, html)?))
    }
}

/// So that no out-of-office notice answers it.
fn automatic() -> Result<HeaderValue, MailFault> {
    let name = HeaderName::new_from_ascii("Auto-Submitted".to_owned()).map_err(format_fault)?;
    Ok(HeaderValue::new(name, "auto-generated".to_owned()))
}

fn text_part(kind: ContentType, text: &str) -> Result<SinglePart, MailFault> {
    Ok(SinglePart::builder()
        .header(kind)
        .body(in_base64(text.to_owned())?))
}

fn part_of(file: &Attachment) -> Result<SinglePart, MailFault> {
    let kind = ContentType::parse(&file.content_type).map_err(format_fault)?;
    Ok(FilePart::new(file.name.clone()).body(in_base64(file.content.clone())?, kind))
}

fn in_base64(content: impl Into<MaybeString>) -> Result<Body, MailFault> {
    let body = Body::new_with_encoding(content, ContentTransferEncoding::Base64);
    body.map_err(|content| MailFault::Format(format!("{} bytes cannot be encoded", content.len())))
}

fn format_fault(error: impl std::fmt::Display) -> MailFault {
    MailFault::Format(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::tests::mail;

    fn rendered(mail: &Mail) -> String {
        let from = "变更闸 <changegate@example.com>".parse().unwrap();
        let bytes = mail.to_bytes(&from).unwrap();
        assert_eq!(bytes, mail.to_bytes(&from).unwrap());
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn the_bytes_hold_no_line_that_smtp_could_not_carry() {
        let mut mail = mail();
        mail.text = "很长".repeat(5000);
        mail.subject = "紧急发版申请".repeat(20);
        let text = rendered(&mail);
        assert!(text.is_ascii());
        assert!(
            text.split("\r\n")
                .all(|line| line.len() < 998 && !line.contains(['\r', '\n']))
        );
    }

    #[test]
    fn the_headers_are_those_of_the_mail() {
        let mut mail = mail();
        mail.in_reply_to = Some("<0.apply@example.com>".parse().unwrap());
        let text = rendered(&mail);
        let (head, _) = text.split_once("\r\n\r\n").unwrap();
        for line in [
            "Date: Tue, 24 Nov 2026 06:00:00 +0000",
            "Message-ID: <1.apply@example.com>",
            "In-Reply-To: <0.apply@example.com>",
            "References: <0.apply@example.com>",
            "Auto-Submitted: auto-generated",
            "Cc: cc@example.com",
        ] {
            assert!(head.lines().any(|found| found == line), "{line}\n{head}");
        }
    }
}
