//! The outbox: messages that are to be sent, stored with the step that caused them, and kept with what became of
//! them. A message is sent at least once; a retry repeats the same bytes.

pub(crate) mod bundle;
mod claim;
mod settle;
pub(crate) mod status;

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};
use serde_json::Value;
use uuid::Uuid;

use crate::entity::outbox;
use crate::transaction::retrying;
use crate::words::words;
use crate::{Store, StoreError, ids, micros, state, words};

/// The priority of verdicts and duties.
pub const URGENT: i16 = 0;
/// The priority of reminders.
pub const REMINDER: i16 = 1;
/// The priority of digests, which wait.
pub const DIGEST: i16 = 2;

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MessageState {
    /// To be sent, now or at its time.
    Ready,
    /// In somebody's hands.
    Sending,
    /// The other side took it.
    Delivered,
    /// Given up; a person has to look.
    Undeliverable,
    /// Merged into another message, which goes in its place.
    Bundled,
}

/// A message to be sent to one member.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewMessage {
    /// The same for the same message however often it is decided on; at most 191 bytes.
    pub dedupe_key: String,
    /// The change that it is about.
    pub sp_no: Option<String>,
    /// By what it goes: a word of at most 32 bytes.
    pub channel: String,
    /// Who gets it, at most 128 bytes.
    pub recipient: String,
    /// [`URGENT`], [`REMINDER`] or [`DIGEST`]; lower goes first.
    pub priority: i16,
    /// The exact bytes to send.
    pub body: String,
    /// Not before this instant; `None` for at once.
    pub run_at: Option<DateTime<Utc>>,
    /// The message in one line: then it is a reminder that may be merged with others; see
    /// [`crate::Store::bundle_reminders`].
    pub bundle: Option<String>,
    /// What is to be sent where `body` cannot be; see [`crate::Store::use_fallback`].
    pub fallback: Option<String>,
}

/// A message with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: Uuid,
    /// Its key.
    pub dedupe_key: String,
    /// The change that it is about.
    pub sp_no: Option<String>,
    /// By what it goes.
    pub channel: String,
    /// Who gets it.
    pub recipient: String,
    /// Lower goes first.
    pub priority: i16,
    /// The exact bytes to send.
    pub body: String,
    /// What became of it.
    pub state: MessageState,
    /// How often it was handed out for sending and not given back.
    pub attempts: u32,
    /// When it is due.
    pub run_at: DateTime<Utc>,
    /// When it was first handed out.
    pub first_attempt_at: Option<DateTime<Utc>>,
    /// Why it failed the last time.
    pub last_error: Option<String>,
    /// WeCom's id of the sent message.
    pub msgid: Option<String>,
    /// WeCom's one-use code for updating a card.
    pub response_code: Option<String>,
    /// When it was decided on.
    pub created_at: DateTime<Utc>,
    /// When the other side took it.
    pub delivered_at: Option<DateTime<Utc>>,
    /// The message in one line, if it may be merged with others.
    pub bundle: Option<String>,
    /// The message that it was merged into.
    pub bundled_in: Option<Uuid>,
    /// What is to be sent where `body` cannot be.
    pub fallback: Option<String>,
}

/// A message in this worker's hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedMessage {
    /// The message.
    pub message: Message,
    /// The fencing token.
    pub token: Uuid,
}

/// What the other side answered to a delivered message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Delivery {
    /// WeCom's id of the message.
    pub msgid: Option<String>,
    /// WeCom's one-use code for updating a card.
    pub response_code: Option<String>,
}

/// How many messages a member may get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SendLimits {
    /// In any minute.
    pub per_minute: u32,
    /// In any hour.
    pub per_hour: u32,
}

impl SendLimits {
    /// How many more may go to a member who got so many.
    fn left(self, in_minute: u32, in_hour: u32) -> u32 {
        self.per_minute
            .saturating_sub(in_minute)
            .min(self.per_hour.saturating_sub(in_hour))
    }
}

impl Default for SendLimits {
    /// WeCom's own.
    fn default() -> Self {
        Self {
            per_minute: 30,
            per_hour: 1000,
        }
    }
}

/// The outbox in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OutboxCounts {
    /// Waiting.
    pub ready: u64,
    /// Of these, how many have failed at least once.
    pub retrying: u64,
    /// In somebody's hands.
    pub sending: u64,
    /// Taken by the other side.
    pub delivered: u64,
    /// Given up.
    pub undeliverable: u64,
    /// Merged into others.
    pub bundled: u64,
    /// When the oldest waiting message was decided on.
    pub oldest_ready: Option<DateTime<Utc>>,
}

words!(MessageState {
    Ready = "ready",
    Sending = "sending",
    Delivered = "delivered",
    Undeliverable = "undeliverable",
    Bundled = "bundled",
});

impl TryFrom<outbox::Model> for Message {
    type Error = StoreError;

    fn try_from(row: outbox::Model) -> Result<Self, StoreError> {
        Ok(Self {
            state: MessageState::read(row.state, "outbox", "state", row.id)?,
            id: row.id,
            dedupe_key: row.dedupe_key,
            sp_no: row.sp_no,
            channel: row.channel,
            recipient: row.recipient,
            priority: row.priority,
            body: row.body,
            attempts: u32::try_from(row.attempts).unwrap_or(0),
            run_at: micros::from(row.run_at),
            first_attempt_at: micros::from_opt(row.first_attempt_at),
            last_error: row.last_error,
            msgid: row.msgid,
            response_code: row.response_code,
            created_at: micros::from(row.created_at),
            delivered_at: micros::from_opt(row.delivered_at),
            bundle: row.bundle_line,
            bundled_in: row.bundled_in,
            fallback: row.fallback,
        })
    }
}

impl Store {
    /// Adds messages that belong to no step of a change; tells how many were new.
    pub async fn enqueue_messages(
        &self,
        messages: &[NewMessage],
        now: DateTime<Utc>,
    ) -> Result<usize, StoreError> {
        self.add_messages(messages, None, now).await
    }

    /// Adds messages that belong to no step of a change, and remembers a value under a name, both or neither; tells
    /// how many messages were new.
    ///
    /// So a report is sent once although it is decided on by a loop: the loop's place is moved with it.
    pub async fn add_messages(
        &self,
        messages: &[NewMessage],
        state: Option<(&str, &Value)>,
        now: DateTime<Utc>,
    ) -> Result<usize, StoreError> {
        let added = retrying!(self.try_add_messages(messages, state, now))?;
        if added > 0 {
            self.wake().outbox.notify_one();
        }
        Ok(added)
    }

    async fn try_add_messages(
        &self,
        messages: &[NewMessage],
        remembered: Option<(&str, &Value)>,
        now: DateTime<Utc>,
    ) -> Result<usize, StoreError> {
        let (txn, _turn) = self.begin().await?;
        let added = add(&txn, messages, now).await?;
        if let Some((name, value)) = remembered {
            state::set(&txn, name, value, now).await?;
        }
        txn.commit().await?;
        Ok(added)
    }

    /// One message.
    pub async fn message(&self, id: Uuid) -> Result<Option<Message>, StoreError> {
        outbox::Entity::find_by_id(id)
            .one(&self.reader)
            .await?
            .map(Message::try_from)
            .transpose()
    }

    /// All messages about a change, oldest first.
    pub async fn messages_of(&self, sp_no: &str) -> Result<Vec<Message>, StoreError> {
        self.list(outbox::Entity::find().filter(outbox::Column::SpNo.eq(sp_no)))
            .await
    }

    /// Messages in this state, oldest first.
    pub async fn messages_in(&self, state: MessageState, limit: u32) -> Result<Vec<Message>, StoreError> {
        let select = outbox::Entity::find().filter(outbox::Column::State.eq(state.as_str()));
        self.list(select.limit(u64::from(limit))).await
    }

    /// Messages that were given up, oldest first; the reason is [`Message::last_error`].
    pub async fn undeliverable_messages(&self, limit: u32) -> Result<Vec<Message>, StoreError> {
        self.messages_in(MessageState::Undeliverable, limit).await
    }

    async fn list(&self, select: Select<outbox::Entity>) -> Result<Vec<Message>, StoreError> {
        select
            .order_by_asc(outbox::Column::CreatedAt)
            .order_by_asc(outbox::Column::Id)
            .all(&self.reader)
            .await?
            .into_iter()
            .map(Message::try_from)
            .collect()
    }

    /// The outbox in numbers.
    pub async fn outbox_counts(&self) -> Result<OutboxCounts, StoreError> {
        let rows: Vec<(String, i64, Option<i64>)> = outbox::Entity::find()
            .select_only()
            .column(outbox::Column::State)
            .column_as(outbox::Column::Id.count(), "messages")
            .column_as(outbox::Column::CreatedAt.min(), "oldest")
            .group_by(outbox::Column::State)
            .into_tuple()
            .all(&self.reader)
            .await?;
        let mut counts = OutboxCounts::default();
        for (state, messages, oldest) in rows {
            let messages = u64::try_from(messages).unwrap_or(0);
            match MessageState::read(state, "outbox", "state", "any row")? {
                MessageState::Ready => {
                    counts.ready = messages;
                    counts.oldest_ready = micros::from_opt(oldest);
                }
                MessageState::Sending => counts.sending = messages,
                MessageState::Delivered => counts.delivered = messages,
                MessageState::Undeliverable => counts.undeliverable = messages,
                MessageState::Bundled => counts.bundled = messages,
            }
        }
        counts.retrying = outbox::Entity::find()
            .filter(outbox::Column::State.eq(MessageState::Ready.as_str()))
            .filter(outbox::Column::LastError.is_not_null())
            .count(&self.reader)
            .await?;
        Ok(counts)
    }

    /// When the next ready message is due, for a loop that wants to sleep until then.
    ///
    /// A member at the limit may make it later: [`Store::claim_messages`] decides.
    pub async fn next_message_at(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let next: Option<Option<i64>> = outbox::Entity::find()
            .select_only()
            .column_as(outbox::Column::RunAt.min(), "next")
            .filter(outbox::Column::State.eq(MessageState::Ready.as_str()))
            .into_tuple()
            .one(&self.reader)
            .await?;
        Ok(micros::from_opt(next.flatten()))
    }
}

/// Adds messages, except those whose key is known; tells how many were new.
pub(crate) async fn add<C: ConnectionTrait>(
    db: &C,
    messages: &[NewMessage],
    now: DateTime<Utc>,
) -> Result<usize, StoreError> {
    if messages.is_empty() {
        return Ok(0);
    }
    let mut seen: HashSet<String> = outbox::Entity::find()
        .select_only()
        .column(outbox::Column::DedupeKey)
        .filter(outbox::Column::DedupeKey.is_in(messages.iter().map(|message| message.dedupe_key.as_str())))
        .into_tuple()
        .all(db)
        .await?
        .into_iter()
        .collect();
    let mut rows = Vec::new();
    for message in messages {
        if seen.insert(message.dedupe_key.clone()) {
            rows.push(row(ids::at(now), message, now)?);
        }
    }
    let added = rows.len();
    if added > 0 {
        // Another replica may be adding the same at this moment: then theirs stands.
        outbox::Entity::insert_many(rows)
            .on_conflict_do_nothing_on([outbox::Column::DedupeKey])
            .exec_without_returning(db)
            .await?;
    }
    Ok(added)
}

fn row(id: Uuid, message: &NewMessage, now: DateTime<Utc>) -> Result<outbox::ActiveModel, StoreError> {
    let sp_no = message
        .sp_no
        .as_deref()
        .map(|sp_no| words::key(sp_no, "outbox.sp_no", 64))
        .transpose()?;
    let run_at = micros::to(message.run_at.unwrap_or(now));
    Ok(outbox::ActiveModel {
        id: Set(id),
        dedupe_key: Set(words::key(&message.dedupe_key, "outbox.dedupe_key", 191)?),
        sp_no: Set(sp_no),
        channel: Set(words::key(&message.channel, "outbox.channel", 32)?),
        recipient: Set(words::key(&message.recipient, "outbox.recipient", 128)?),
        priority: Set(message.priority),
        body: Set(words::clean(&message.body)),
        state: Set(MessageState::Ready.as_str().to_owned()),
        attempts: Set(0),
        run_at: Set(run_at),
        first_attempt_at: Set(None),
        attempted_at: Set(None),
        lease_until: Set(None),
        lease_token: Set(None),
        last_error: Set(None),
        msgid: Set(None),
        response_code: Set(None),
        created_at: Set(micros::to(now)),
        delivered_at: Set(None),
        bundle_line: Set(message.bundle.as_deref().map(words::clean)),
        bundle_at: Set(message.bundle.is_some().then_some(run_at)),
        bundled_in: Set(None),
        fallback: Set(message.fallback.as_deref().map(words::clean)),
    })
}
