//! Handing out lanes.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, LockBehavior, LockType, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::{ClaimedBatch, Event, LaneLease, is_ready, settle};
use crate::entity::{inbox, lane};
use crate::transaction::retrying;
use crate::{Backend, Store, StoreError, ids, micros};

/// Events that one claim takes at most, over all its lanes.
const EVENTS: u64 = 1_000;

impl Store {
    /// Leases up to `limit` subjects that have due events and are in nobody's hands.
    pub async fn claim_events(
        &self,
        now: DateTime<Utc>,
        lease: Duration,
        limit: u32,
    ) -> Result<Vec<ClaimedBatch>, StoreError> {
        retrying!(self.try_claim(now, lease, limit))
    }

    /// Holds the lane for longer, when the work takes its time.
    pub async fn renew_lease(
        &self,
        lease: &LaneLease,
        now: DateTime<Utc>,
        by: Duration,
    ) -> Result<(), StoreError> {
        let _turn = self.turn().await;
        let updated = lane::Entity::update_many()
            .col_expr(lane::Column::LeaseUntil, Expr::value(micros::after(now, by)))
            .filter(lane::Column::Subject.eq(lease.subject.as_str()))
            .filter(lane::Column::LeaseToken.eq(lease.token))
            .exec(&self.writer)
            .await?;
        if updated.rows_affected == 0 {
            Err(settle::lost(lease))
        } else {
            Ok(())
        }
    }

    async fn try_claim(
        &self,
        now: DateTime<Utc>,
        lease: Duration,
        limit: u32,
    ) -> Result<Vec<ClaimedBatch>, StoreError> {
        let candidates = self.free_subjects(now, limit).await?;
        if candidates.is_empty() {
            return Ok(Vec::new());
        }
        if self.backend() != Backend::Sqlite {
            // In a commit of its own: an insert waits for another's, which `SKIP LOCKED` below must never do.
            open_lanes(&self.writer, &candidates).await?;
        }
        let (txn, _turn) = self.begin().await?;
        if self.backend() == Backend::Sqlite {
            open_lanes(&txn, &candidates).await?;
        }
        let mine = free_lanes(&txn, &candidates, micros::to(now), limit).await?;
        let batches = due_events(&txn, &mine, micros::to(now)).await?;
        lease_lanes(&txn, &batches, micros::after(now, lease)).await?;
        drop_idle_lanes(&txn, &mine, &batches).await?;
        txn.commit().await?;
        Ok(batches)
    }

    /// Looks, without locking anything, for subjects that have something due and no lease.
    async fn free_subjects(&self, now: DateTime<Utc>, limit: u32) -> Result<Vec<String>, StoreError> {
        let leased = Query::select()
            .column(lane::Column::Subject)
            .from(lane::Entity)
            .and_where(lane::Column::LeaseUntil.gt(micros::to(now)))
            .take();
        let subjects: Vec<String> = inbox::Entity::find()
            .select_only()
            .column(inbox::Column::Subject)
            .filter(is_ready())
            .filter(inbox::Column::RunAt.lte(micros::to(now)))
            .filter(inbox::Column::Subject.not_in_subquery(leased))
            .order_by_asc(inbox::Column::RunAt)
            .limit(u64::from(limit).saturating_mul(4))
            .into_tuple()
            .all(&self.reader)
            .await?;
        // Sorted, so that two replicas that open the same lanes never wait for each other in a circle.
        Ok(subjects
            .into_iter()
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect())
    }
}

async fn open_lanes<C: ConnectionTrait>(db: &C, subjects: &[String]) -> Result<(), StoreError> {
    let lanes = subjects.iter().map(|subject| lane::ActiveModel {
        subject: Set(subject.clone()),
        lease_until: Set(0),
        lease_token: Set(None),
    });
    lane::Entity::insert_many(lanes)
        .on_conflict_do_nothing_on([lane::Column::Subject])
        .exec_without_returning(db)
        .await?;
    Ok(())
}

async fn free_lanes<C: ConnectionTrait>(
    db: &C,
    candidates: &[String],
    now: i64,
    limit: u32,
) -> Result<Vec<String>, StoreError> {
    let lanes = lane::Entity::find()
        .filter(lane::Column::Subject.is_in(candidates.iter().map(String::as_str)))
        .filter(lane::Column::LeaseUntil.lte(now))
        .limit(u64::from(limit))
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .all(db)
        .await?;
    Ok(lanes.into_iter().map(|lane| lane.subject).collect())
}

/// The due events of the locked lanes, lane by lane, each oldest first.
async fn due_events<C: ConnectionTrait>(
    db: &C,
    subjects: &[String],
    now: i64,
) -> Result<Vec<ClaimedBatch>, StoreError> {
    if subjects.is_empty() {
        return Ok(Vec::new());
    }
    let rows = inbox::Entity::find()
        .filter(is_ready())
        .filter(inbox::Column::Subject.is_in(subjects.iter().map(String::as_str)))
        .filter(inbox::Column::RunAt.lte(now))
        .order_by_asc(inbox::Column::ReceivedAt)
        .order_by_asc(inbox::Column::Id)
        .limit(EVENTS)
        .all(db)
        .await?;
    let mut batches: Vec<ClaimedBatch> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for row in rows {
        let event = Event::try_from(row)?;
        let place = *places.entry(event.subject.clone()).or_insert(batches.len());
        match batches.get_mut(place) {
            Some(batch) => batch.events.push(event),
            None => batches.push(ClaimedBatch {
                subject: event.subject.clone(),
                events: vec![event],
                token: ids::token(),
            }),
        }
    }
    Ok(batches)
}

async fn lease_lanes<C: ConnectionTrait>(
    db: &C,
    batches: &[ClaimedBatch],
    until: i64,
) -> Result<(), StoreError> {
    for ClaimedBatch { subject, token, .. } in batches {
        lane::Entity::update_many()
            .col_expr(lane::Column::LeaseUntil, Expr::value(until))
            .col_expr(lane::Column::LeaseToken, Expr::value(Some::<Uuid>(*token)))
            .filter(lane::Column::Subject.eq(subject.as_str()))
            .exec(db)
            .await?;
    }
    Ok(())
}

/// Lanes that turned out to have nothing due: another worker was faster.
async fn drop_idle_lanes<C: ConnectionTrait>(
    db: &C,
    locked: &[String],
    batches: &[ClaimedBatch],
) -> Result<(), StoreError> {
    let idle: Vec<&str> = locked
        .iter()
        .map(String::as_str)
        .filter(|subject| batches.iter().all(|batch| batch.subject != *subject))
        .collect();
    if !idle.is_empty() {
        lane::Entity::delete_many()
            .filter(lane::Column::Subject.is_in(idle))
            .exec(db)
            .await?;
    }
    Ok(())
}
