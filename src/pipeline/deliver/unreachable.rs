//! Somebody cannot be reached: the administrators hear of it, and the next person in line gets what they missed.

use std::collections::BTreeSet;

use changegate_lifecycle::Change;
use changegate_notifier::{self as notifier, FirmNotice};
use changegate_policy::{Role, UserId};
use changegate_store::{Message, NewMessage, StoreError, URGENT};
use serde_json::Value;

use crate::pipeline::Parts;
use crate::pipeline::work::{MAIL, WECOM_MESSAGE};

/// What such a message's key begins with; one that does not arrive itself causes no further one.
const KEY: &str = "undelivered/";
/// What of a message is told to somebody else.
const EXCERPT: usize = 200;

pub(super) async fn tell(parts: &Parts, message: &Message, why: &str) -> Result<(), StoreError> {
    if message.dedupe_key.starts_with(KEY) {
        return Ok(());
    }
    let change = change_of(parts, message).await?;
    let policy = parts.policy();
    let directory = policy.directory();
    let missed = UserId::new(&message.recipient);
    let to_name = match message.channel.as_str() {
        MAIL => "邮件收件人".to_owned(),
        _ => directory.map_or_else(
            || missed.to_string(),
            |directory| directory.name_of(&missed).to_owned(),
        ),
    };
    let line = excerpt(&message.body);
    let sp_no = message.sp_no.clone().unwrap_or_default();
    let holders = |role: Role| -> BTreeSet<UserId> {
        directory
            .map(|directory| directory.holders(role).cloned().collect())
            .unwrap_or_default()
    };
    let mut admins = holders(Role::Admin);
    if admins.is_empty() {
        admins = holders(Role::OperationsLead);
    }
    admins.remove(&missed);
    let next = next_in_line(&change, &missed);
    let undelivered = FirmNotice::Undeliverable {
        to_name: to_name.clone(),
        what: line.clone(),
        why: why.to_owned(),
        sp_no: sp_no.clone(),
    };
    let stand_in = FirmNotice::StandIn {
        for_name: to_name,
        why: why.to_owned(),
        line,
        sp_no: sp_no.clone(),
    };
    let told = admins.iter().map(|who| (who, &undelivered)).chain(
        next.iter()
            .filter(|who| !admins.contains(who))
            .map(|who| (who, &stand_in)),
    );
    let mut messages = Vec::new();
    for (who, notice) in told {
        match written(parts, message, who, notice) {
            Ok(written) => messages.push(written),
            Err(error) => tracing::error!(%who, %error, "nobody hears of an undeliverable message by this"),
        }
    }
    parts
        .store
        .add_messages(&messages, None, parts.clock.now())
        .await?;
    Ok(())
}

fn written(
    parts: &Parts,
    message: &Message,
    who: &UserId,
    notice: &FirmNotice,
) -> Result<NewMessage, notifier::RenderError> {
    let link = match &message.sp_no {
        Some(sp_no) => parts.links.to_change(sp_no, parts.clock.now()),
        None => parts.links.home(),
    };
    let policy = parts.policy();
    let directory = policy.directory().map(AsRef::as_ref);
    let body = notifier::firm(notice, who, directory, &policy, &link)?;
    Ok(NewMessage {
        dedupe_key: format!("{KEY}{}/{}/{who}", message.id, message.attempts),
        sp_no: message.sp_no.clone(),
        channel: WECOM_MESSAGE.to_owned(),
        recipient: who.to_string(),
        priority: URGENT,
        body: body.to_json(parts.wecom.agent_id())?,
        ..NewMessage::default()
    })
}

async fn change_of(parts: &Parts, message: &Message) -> Result<Change, StoreError> {
    let Some(sp_no) = &message.sp_no else {
        return Ok(Change::default());
    };
    let stored = parts.store.change(sp_no).await?;
    Ok(stored
        .and_then(|stored| serde_json::from_value(stored.draft.told).ok())
        .unwrap_or_default())
}

/// Who acts when somebody cannot: of operations the others and their lead, of anybody else the development lead, of
/// that one the operations lead.
fn next_in_line(change: &Change, missed: &UserId) -> BTreeSet<UserId> {
    let people = &change.people;
    let of_operations = people.executors.contains(missed);
    let chain = if of_operations {
        [
            &people.operations_leads,
            &people.development_leads,
            &people.applicants,
        ]
    } else {
        [
            &people.development_leads,
            &people.operations_leads,
            &people.applicants,
        ]
    };
    chain
        .into_iter()
        .find(|set| set.iter().any(|who| who != missed))
        .map(|set| set.iter().filter(|who| *who != missed).cloned().collect())
        .unwrap_or_default()
}

/// The beginning of what was to be said.
fn excerpt(body: &str) -> String {
    let parsed: Value = serde_json::from_str(body).unwrap_or_default();
    let text = [
        "/markdown/content",
        "/text/content",
        "/textcard/title",
        "/template_card/main_title/title",
        "/subject",
    ]
    .iter()
    .find_map(|place| parsed.pointer(place)?.as_str())
    .unwrap_or_default();
    let first: String = text.lines().take(3).collect::<Vec<_>>().join(" ");
    changegate_wecom::message::fit(&first.replace("**", ""), EXCERPT)
}
