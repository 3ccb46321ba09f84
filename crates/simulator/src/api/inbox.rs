//! `exmail/app/get_mail_list` and `exmail/app/read_mail`: mails that came into the app's mailbox.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Value, json};

use super::{Answer, Request};
use crate::error::ApiError;
use crate::fields::text;
use crate::hub::Hub;

/// Ids on a page where nothing is asked for, and at most.
const PAGE: u64 = 100;
const LARGEST_PAGE: u64 = 1_000;

/// A mail in the app's mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Received {
    /// WeCom's id of it.
    pub mail_id: String,
    /// When it came.
    pub at: DateTime<Utc>,
    /// The mail as it came.
    pub eml: String,
}

/// Puts a mail into the mailbox. Answers its id.
pub(crate) fn receive(hub: &Hub, eml: String) -> String {
    let at = hub.now();
    hub.write(|world| {
        let mail_id = format!("MAIL_{:06}", world.next_serial());
        world.receive_mail(Received {
            mail_id: mail_id.clone(),
            at,
            eml,
        });
        mail_id
    })
}

pub(super) fn list(hub: &Hub, call: &Request) -> Answer {
    let body = call.json()?;
    let number = |key: &str| body.get(key).and_then(Value::as_i64);
    let (Some(begin), Some(end)) = (number("begin_time"), number("end_time")) else {
        return Err(ApiError::new(40058, "begin_time or end_time missing"));
    };
    let limit = body.get("limit").and_then(Value::as_u64).unwrap_or(PAGE);
    if begin > end || !(1..=LARGEST_PAGE).contains(&limit) {
        return Err(ApiError::new(40058, "invalid time or limit"));
    }
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let skip = match text(body, "cursor") {
        "" => 0,
        cursor => match cursor.parse() {
            Ok(skip) => skip,
            Err(_) => return Err(ApiError::new(40058, "invalid cursor")),
        },
    };
    let ids: Vec<String> = hub.read(|world| {
        let there = world.received.iter();
        let within = there.filter(|mail| (begin..=end).contains(&mail.at.timestamp()));
        within.map(|mail| mail.mail_id.clone()).skip(skip).collect()
    });
    let page: Vec<Value> = ids.iter().take(limit).map(|id| json!({"mail_id": id})).collect();
    let more = ids.len() > page.len();
    let next = if more {
        skip.saturating_add(page.len()).to_string()
    } else {
        String::new()
    };
    Ok(json!({
        "errcode": 0, "errmsg": "ok", "next_cursor": next, "has_more": u8::from(more), "mail_list": page,
    }))
}

pub(super) fn read(hub: &Hub, call: &Request) -> Answer {
    let wanted = text(call.json()?, "mail_id");
    let found = hub.read(|world| {
        let mut there = world.received.iter();
        there
            .find(|mail| mail.mail_id == wanted)
            .map(|mail| mail.eml.clone())
    });
    match found {
        Some(eml) => Ok(json!({"errcode": 0, "errmsg": "ok", "mail_data": eml})),
        None => Err(ApiError::new(40058, "invalid mail_id")),
    }
}
