//! The inbox: every event that has to be worked off, stored before anything is done about it.
//!
//! Events of one subject (a change) are handed out together and never to two workers at once: the lease is on the
//! subject's *lane*, not on the single row. Knows nothing of what an event means.

mod claim;
pub(crate) mod insert;
pub(crate) mod settle;
pub(crate) mod writer;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::entity::inbox;
use crate::transaction::retrying;
use crate::words::words;
use crate::{Store, StoreError, ids, micros};

/// Where an event came from; counted for the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventSource {
    /// WeCom posted it.
    Callback,
    /// Reconciliation found it.
    Reconciliation,
    /// A person asked for it.
    Manual,
    /// A timer was due.
    Timer,
}

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventState {
    /// To be worked off, now or at its time.
    Ready,
    /// Given up; a person has to look.
    Failed,
    /// Worked off.
    Done,
}

/// An event to be stored.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// The same for the same event however often it comes: SHA-256 of the decrypted event. Told apart within the
    /// subject, which the same event has each time, too.
    pub key: [u8; 32],
    /// What must be worked off in order: the change's number, or another key of at most 128 bytes.
    pub subject: String,
    /// What kind of event it is, at most 64 bytes.
    pub kind: String,
    /// The event itself.
    pub payload: String,
    /// Who brought it.
    pub source: EventSource,
    /// When it came.
    pub received_at: DateTime<Utc>,
}

/// Whether an event was new.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Accepted {
    /// Stored now.
    New,
    /// It was there already.
    Duplicate,
}

/// A stored event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its id.
    pub id: Uuid,
    /// Its key, in hex.
    pub key: String,
    /// Whose lane it is in.
    pub subject: String,
    /// What kind of event it is.
    pub kind: String,
    /// The event itself.
    pub payload: String,
    /// Who brought it.
    pub source: EventSource,
    /// What became of it.
    pub state: EventState,
    /// How often working it off has failed.
    pub attempts: u32,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// When it is due.
    pub run_at: DateTime<Utc>,
    /// Why it failed the last time.
    pub last_error: Option<String>,
}

/// The permission to work off one subject's events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaneLease {
    /// The subject.
    pub subject: String,
    /// The fencing token.
    pub token: Uuid,
    /// The events that the lease covers.
    pub events: Vec<Uuid>,
}

/// All due events of one subject, leased together, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedBatch {
    /// The subject.
    pub subject: String,
    /// Its due events, oldest first; never empty.
    pub events: Vec<Event>,
    /// The fencing token.
    pub token: Uuid,
}

impl ClaimedBatch {
    /// What [`crate::Advance`] needs to settle this batch.
    pub fn lease(&self) -> LaneLease {
        LaneLease {
            subject: self.subject.clone(),
            token: self.token,
            events: self.events.iter().map(|event| event.id).collect(),
        }
    }

    /// How often the most often tried event of the batch has failed.
    pub fn attempts(&self) -> u32 {
        self.events.iter().map(|event| event.attempts).max().unwrap_or(0)
    }
}

/// The inbox in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct InboxCounts {
    /// Waiting or being worked off.
    pub ready: u64,
    /// Of these, how many have failed at least once.
    pub retrying: u64,
    /// Given up.
    pub failed: u64,
    /// Worked off.
    pub done: u64,
    /// When the oldest waiting event came.
    pub oldest_ready: Option<DateTime<Utc>>,
}

words!(EventSource {
    Callback = "callback",
    Reconciliation = "reconciliation",
    Manual = "manual",
    Timer = "timer",
});

words!(EventState { Ready = "ready", Failed = "failed", Done = "done" });

/// Written out rather than bound, so that the databases see that the index over ready rows serves.
pub(crate) fn is_ready() -> SimpleExpr {
    Expr::col((inbox::Entity, inbox::Column::State)).eq(Expr::cust("'ready'"))
}

impl TryFrom<inbox::Model> for Event {
    type Error = StoreError;

    fn try_from(row: inbox::Model) -> Result<Self, StoreError> {
        Ok(Self {
            key: hex::encode(&row.event_key),
            source: EventSource::read(row.source, "inbox", "source", row.id)?,
            state: EventState::read(row.state, "inbox", "state", row.id)?,
            id: row.id,
            subject: row.subject,
            kind: row.kind,
            payload: row.payload,
            attempts: u32::try_from(row.attempts).unwrap_or(0),
            received_at: micros::from(row.received_at),
            run_at: micros::from(row.run_at),
            last_error: row.last_error,
        })
    }
}

impl Store {
    /// Stores events in one commit, outside of the writer's queue: reconciliation, people, tests.
    pub async fn insert_events(&self, events: &[NewEvent]) -> Result<Vec<Accepted>, StoreError> {
        for event in events {
            insert::check(event)?;
        }
        let _turn = self.turn().await;
        let accepted = retrying!(insert::all(&self.writer, events))?;
        if accepted.contains(&Accepted::New) {
            self.wake().inbox.notify_one();
        }
        Ok(accepted)
    }

    /// The inbox in numbers.
    pub async fn inbox_counts(&self) -> Result<InboxCounts, StoreError> {
        let rows: Vec<(String, i64)> = inbox::Entity::find()
            .select_only()
            .column(inbox::Column::State)
            .column_as(inbox::Column::Id.count(), "rows")
            .group_by(inbox::Column::State)
            .into_tuple()
            .all(&self.reader)
            .await?;
        let mut counts = InboxCounts::default();
        for (state, rows) in rows {
            let rows = u64::try_from(rows).unwrap_or(0);
            match EventState::read(state, "inbox", "state", "any row")? {
                EventState::Ready => counts.ready = rows,
                EventState::Failed => counts.failed = rows,
                EventState::Done => counts.done = rows,
            }
        }
        counts.retrying = inbox::Entity::find()
            .filter(is_ready())
            .filter(inbox::Column::Attempts.gt(0))
            .count(&self.reader)
            .await?;
        let oldest: Option<Option<i64>> = inbox::Entity::find()
            .select_only()
            .column_as(inbox::Column::ReceivedAt.min(), "oldest")
            .filter(is_ready())
            .into_tuple()
            .one(&self.reader)
            .await?;
        counts.oldest_ready = micros::from_opt(oldest.flatten());
        Ok(counts)
    }

    /// Events that have failed at least once and are not done, the longest waiting first.
    pub async fn failing_events(&self, limit: u32) -> Result<Vec<Event>, StoreError> {
        inbox::Entity::find()
            .filter(inbox::Column::Attempts.gt(0))
            .filter(inbox::Column::State.ne(EventState::Done.as_str()))
            .order_by_asc(inbox::Column::ReceivedAt)
            .order_by_asc(inbox::Column::Id)
            .limit(u64::from(limit))
            .all(&self.reader)
            .await?
            .into_iter()
            .map(Event::try_from)
            .collect()
    }

    /// One event.
    pub async fn event(&self, id: Uuid) -> Result<Option<Event>, StoreError> {
        inbox::Entity::find_by_id(id)
            .one(&self.reader)
            .await?
            .map(Event::try_from)
            .transpose()
    }

    /// The event that a subject has under this key.
    pub async fn event_by_key(&self, subject: &str, key: &[u8; 32]) -> Result<Option<Event>, StoreError> {
        inbox::Entity::find()
            .filter(inbox::Column::Subject.eq(subject))
            .filter(inbox::Column::EventKey.eq(key.to_vec()))
            .one(&self.reader)
            .await?
            .map(Event::try_from)
            .transpose()
    }

    /// When the next ready event is due, for a loop that wants to sleep until then.
    pub async fn next_event_at(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let next: Option<Option<i64>> = inbox::Entity::find()
            .select_only()
            .column_as(inbox::Column::RunAt.min(), "next")
            .filter(is_ready())
            .into_tuple()
            .one(&self.reader)
            .await?;
        Ok(micros::from_opt(next.flatten()))
    }

    /// Makes an event that was given up (or waits for its time) due now.
    pub async fn retry_event(&self, id: Uuid, now: DateTime<Utc>) -> Result<(), StoreError> {
        let updated = inbox::Entity::update_many()
            .col_expr(inbox::Column::State, Expr::value(EventState::Ready.as_str()))
            .col_expr(inbox::Column::RunAt, Expr::value(micros::to(now)))
            .filter(inbox::Column::Id.eq(id))
            .filter(inbox::Column::State.ne(EventState::Done.as_str()))
            .exec(&self.writer)
            .await?;
        if updated.rows_affected == 0 {
            return Err(StoreError::NotFound {
                what: format!("unfinished event {id}"),
            });
        }
        self.wake().inbox.notify_one();
        Ok(())
    }

    /// Removes worked-off events older than `before`, at most `limit` of them; their keys go too.
    pub async fn prune_inbox(&self, before: DateTime<Utc>, limit: u32) -> Result<u64, StoreError> {
        let old = inbox::Entity::find()
            .filter(inbox::Column::Id.lt(ids::floor(before)))
            .filter(inbox::Column::State.eq(EventState::Done.as_str()))
            .order_by_asc(inbox::Column::Id);
        self.remove::<inbox::Entity, Uuid>(old, inbox::Column::Id, limit)
            .await
    }
}
