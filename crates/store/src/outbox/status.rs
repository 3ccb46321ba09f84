//! What became of one message that is known by its key: of a mail whose arrival something else waits for.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::MessageState;
use crate::entity::outbox;
use crate::{Store, StoreError, micros};

/// A message's fate, without the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageStatus {
    /// Its id.
    pub id: Uuid,
    /// What became of it.
    pub state: MessageState,
    /// How often it was handed out for sending and not given back.
    pub attempts: u32,
    /// When it is due.
    pub run_at: DateTime<Utc>,
    /// Why it failed the last time.
    pub last_error: Option<String>,
    /// When it was decided on.
    pub created_at: DateTime<Utc>,
    /// When the other side took it.
    pub delivered_at: Option<DateTime<Utc>>,
}

type Row = (Uuid, String, i32, i64, Option<String>, i64, Option<i64>);

impl Store {
    /// What became of the message with this key; one look into a unique index, and its body is not read.
    pub async fn message_by_key(&self, dedupe_key: &str) -> Result<Option<MessageStatus>, StoreError> {
        let row: Option<Row> = outbox::Entity::find()
            .select_only()
            .columns([
                outbox::Column::Id,
                outbox::Column::State,
                outbox::Column::Attempts,
                outbox::Column::RunAt,
                outbox::Column::LastError,
                outbox::Column::CreatedAt,
                outbox::Column::DeliveredAt,
            ])
            .filter(outbox::Column::DedupeKey.eq(dedupe_key))
            .into_tuple()
            .one(&self.reader)
            .await?;
        row.map(status).transpose()
    }
}

fn status(
    (id, state, attempts, run_at, last_error, created_at, delivered_at): Row,
) -> Result<MessageStatus, StoreError> {
    Ok(MessageStatus {
        id,
        state: MessageState::read(state, "outbox", "state", id)?,
        attempts: u32::try_from(attempts).unwrap_or(0),
        run_at: micros::from(run_at),
        last_error,
        created_at: micros::from(created_at),
        delivered_at: micros::from_opt(delivered_at),
    })
}
