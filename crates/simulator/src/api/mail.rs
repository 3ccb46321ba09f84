//! `exmail/app/compose_send`: mail from the app's mailbox. It is kept, and goes nowhere.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Value, json};

use super::{Answer, Request};
use crate::error::ApiError;
use crate::fields::{list, text, texts};
use crate::hub::Hub;

/// Bytes of content and files together.
const LARGEST: usize = 50 * 1024 * 1024;
const MOST_FILES: usize = 200;

/// A mail that the app sent.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mail {
    /// Its place in the order of everything that happened, from 1.
    pub seq: u64,
    /// When it was sent.
    pub at: DateTime<Utc>,
    /// The request, as it came.
    pub body: Value,
}

pub(super) fn compose(hub: &Hub, call: &Request) -> Answer {
    let body = call.json()?;
    let (to, cc) = (people(hub, body, "to")?, people(hub, body, "cc")?);
    if to == 0 {
        return Err(ApiError::new(40035, "invalid parameter, to is empty"));
    }
    if text(body, "subject").is_empty() || text(body, "content").is_empty() {
        return Err(ApiError::new(40058, "subject or content missing"));
    }
    if !matches!(text(body, "content_type"), "" | "html" | "text") {
        return Err(ApiError::new(40058, "invalid content_type"));
    }
    check_files(body)?;
    tracing::debug!(to, cc, "a mail");
    let at = hub.now();
    hub.write(|world| {
        let seq = world.next_serial();
        world.record_mail(Mail {
            seq,
            at,
            body: body.clone(),
        });
    });
    Ok(json!({"errcode": 0, "errmsg": "ok"}))
}

/// How many are named.
fn people(hub: &Hub, body: &Value, key: &str) -> Result<usize, ApiError> {
    let Some(named) = body.get(key) else {
        return Ok(0);
    };
    let (emails, userids) = (texts(named, "emails"), texts(named, "userids"));
    let is_address = |email: &String| {
        let parts = email.split_once('@');
        parts.is_some_and(|(user, host)| !user.is_empty() && !host.is_empty() && !email.contains([' ', '<']))
    };
    if !emails.iter().all(is_address) {
        return Err(ApiError::new(40058, "invalid email"));
    }
    let visible = |userid: &String| hub.employee(userid).is_some_and(|person| person.visible);
    if !userids.iter().all(visible) {
        return Err(ApiError::new(60111, "userid not found"));
    }
    Ok(emails.len() + userids.len())
}

fn check_files(body: &Value) -> Result<(), ApiError> {
    let files = list(body, "attachment_list");
    if files.len() > MOST_FILES {
        return Err(ApiError::new(45002, "too many attachments"));
    }
    let mut size = text(body, "content").len();
    for file in files {
        let content = STANDARD.decode(text(file, "content"));
        match content {
            Ok(content) if !text(file, "file_name").is_empty() => size += content.len(),
            _ => return Err(ApiError::new(40058, "invalid attachment_list")),
        }
    }
    if size > LARGEST {
        return Err(ApiError::new(45002, "mail too large"));
    }
    Ok(())
}
