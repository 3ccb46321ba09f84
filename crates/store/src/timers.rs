//! Timers: one per change and name. A due timer becomes an inbox event in the change's own lane, in the same
//! transaction that removes it, so it fires once whichever replica gets there first.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::entity::timer;
use crate::inbox::insert;
use crate::transaction::retrying;
use crate::{EventSource, NewEvent, Store, StoreError, ids, micros, words};

/// The kind of the inbox event that a due timer becomes.
pub(crate) const TIMER_KIND: &str = "timer";

/// Timers that are fired in one transaction: few, so that replicas share what is due, and no callback waits long.
const AT_ONCE: u32 = 50;

/// A timer to be set.
#[derive(Debug, Clone, PartialEq)]
pub struct NewTimer {
    /// Its name, unique within the change; at most 128 bytes.
    pub name: String,
    /// When it is due.
    pub due_at: DateTime<Utc>,
    /// What it is about.
    pub payload: Value,
}

/// A set timer.
#[derive(Debug, Clone, PartialEq)]
pub struct Timer {
    /// The change.
    pub sp_no: String,
    /// Its name.
    pub name: String,
    /// When it is due.
    pub due_at: DateTime<Utc>,
    /// What it is about.
    pub payload: Value,
}

impl Store {
    /// Turns due timers into inbox events of kind `timer`: those that nobody else is firing, the longest due first,
    /// at most `limit` and never more than 50; answers with them. To be repeated until there are none.
    ///
    /// One look into an index where nothing is due, however many timers are set.
    ///
    /// The event's payload is `{"name":…,"due_at":microseconds,"payload":…}`.
    pub async fn fire_due_timers(&self, now: DateTime<Utc>, limit: u32) -> Result<Vec<Timer>, StoreError> {
        if self.next_timer_at().await?.is_none_or(|next| next > now) {
            return Ok(Vec::new());
        }
        let fired = retrying!(self.try_fire(now, limit.min(AT_ONCE)))?;
        if !fired.is_empty() {
            self.wake().inbox.notify_one();
        }
        Ok(fired)
    }

    /// When the next timer is due.
    pub async fn next_timer_at(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let next: Option<Option<i64>> = timer::Entity::find()
            .select_only()
            .column_as(timer::Column::DueAt.min(), "next")
            .into_tuple()
            .one(&self.reader)
            .await?;
        Ok(micros::from_opt(next.flatten()))
    }

    /// How many timers are due and not fired.
    pub async fn timers_due_count(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        Ok(timer::Entity::find()
            .filter(timer::Column::DueAt.lte(micros::to(now)))
            .count(&self.reader)
            .await?)
    }

    /// The timers of a change, by due time.
    pub async fn timers_of(&self, sp_no: &str) -> Result<Vec<Timer>, StoreError> {
        timer::Entity::find()
            .filter(timer::Column::SpNo.eq(sp_no))
            .order_by_asc(timer::Column::DueAt)
            .all(&self.reader)
            .await?
            .into_iter()
            .map(Timer::try_from)
            .collect()
    }

    async fn try_fire(&self, now: DateTime<Utc>, limit: u32) -> Result<Vec<Timer>, StoreError> {
        let (txn, _turn) = self.begin().await?;
        let rows = timer::Entity::find()
            .filter(timer::Column::DueAt.lte(micros::to(now)))
            .order_by_asc(timer::Column::DueAt)
            .limit(u64::from(limit))
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .all(&txn)
            .await?;
        let timers = rows
            .into_iter()
            .map(Timer::try_from)
            .collect::<Result<Vec<_>, _>>()?;
        let events: Vec<NewEvent> = timers.iter().map(|timer| event(timer, now)).collect();
        insert::within(&txn, &events).await?;
        // One by one: a deletion of many might lock what another replica is firing.
        for timer in &timers {
            timer::Entity::delete_by_id((timer.sp_no.clone(), timer.name.clone()))
                .exec(&txn)
                .await?;
        }
        txn.commit().await?;
        Ok(timers)
    }
}

/// The key is new each time: that a timer fires once is the deletion's doing, and the same timer may be set again.
fn event(timer: &Timer, now: DateTime<Utc>) -> NewEvent {
    let due_at = micros::to(timer.due_at);
    let payload = json!({ "name": timer.name, "due_at": due_at, "payload": timer.payload });
    NewEvent {
        key: Sha256::digest(format!("timer {} {} {}", timer.sp_no, timer.name, ids::token())).into(),
        subject: timer.sp_no.clone(),
        kind: TIMER_KIND.to_owned(),
        payload: payload.to_string(),
        source: EventSource::Timer,
        received_at: now,
    }
}

/// Clears the named timers of a change.
pub(crate) async fn clear<C: ConnectionTrait>(
    db: &C,
    sp_no: &str,
    names: &[String],
) -> Result<(), StoreError> {
    if names.is_empty() {
        return Ok(());
    }
    timer::Entity::delete_many()
        .filter(timer::Column::SpNo.eq(sp_no))
        .filter(timer::Column::Name.is_in(names.iter().map(String::as_str)))
        .exec(db)
        .await?;
    Ok(())
}

/// Sets timers of a change; one of the same name is replaced.
pub(crate) async fn set<C: ConnectionTrait>(
    db: &C,
    sp_no: &str,
    timers: &[NewTimer],
) -> Result<(), StoreError> {
    let names: Vec<String> = timers.iter().map(|timer| timer.name.clone()).collect();
    clear(db, sp_no, &names).await?;
    for new in timers {
        let row = timer::ActiveModel {
            sp_no: Set(sp_no.to_owned()),
            name: Set(words::key(&new.name, "timers.name", 128)?),
            due_at: Set(micros::to(new.due_at)),
            payload: Set(serde_json::to_string(&new.payload)?),
        };
        timer::Entity::insert(row).exec_without_returning(db).await?;
    }
    Ok(())
}

impl TryFrom<timer::Model> for Timer {
    type Error = StoreError;

    fn try_from(row: timer::Model) -> Result<Self, StoreError> {
        Ok(Self {
            sp_no: row.sp_no,
            name: row.name,
            due_at: micros::from(row.due_at),
            payload: serde_json::from_str(&row.payload)?,
        })
    }
}
