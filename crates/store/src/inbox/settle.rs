//! What became of a batch that was handed out. Whoever lost the lease can settle nothing.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, UpdateMany};

use super::{EventState, LaneLease};
use crate::entity::{inbox, lane};
use crate::transaction::retrying;
use crate::{Store, StoreError, micros, words};

impl Store {
    /// Marks the batch as worked off where there is nothing else to store.
    pub async fn complete_batch(&self, lease: &LaneLease, now: DateTime<Utc>) -> Result<(), StoreError> {
        retrying!(self.settle(lease, || done(now)))
    }

    /// Gives the batch back for a passing reason: it is tried again at `retry_at`, and the reason stays visible.
    pub async fn fail_batch(
        &self,
        lease: &LaneLease,
        error: &str,
        retry_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        retrying!(self.settle(lease, || {
            failed(error).col_expr(inbox::Column::RunAt, Expr::value(micros::to(retry_at)))
        }))
    }

    /// Gives the batch up: it is a person's now, until [`Store::retry_event`].
    pub async fn park_batch(&self, lease: &LaneLease, error: &str) -> Result<(), StoreError> {
        retrying!(self.settle(lease, || {
            failed(error).col_expr(inbox::Column::State, Expr::value(EventState::Failed.as_str()))
        }))
    }

    /// Gives the batch back untouched, as on shutdown: no attempt is counted.
    pub async fn release_batch(&self, lease: &LaneLease) -> Result<(), StoreError> {
        let _turn = self.turn().await;
        let closed = close_lane(&self.writer, lease).await?;
        self.wake().inbox.notify_one();
        if closed { Ok(()) } else { Err(lost(lease)) }
    }

    async fn settle(
        &self,
        lease: &LaneLease,
        update: impl Fn() -> UpdateMany<inbox::Entity> + Send,
    ) -> Result<(), StoreError> {
        let (txn, _turn) = self.begin().await?;
        let update = update();
        lock_lane(&txn, lease).await?;
        apply(&txn, lease, update).await?;
        close_lane(&txn, lease).await?;
        txn.commit().await?;
        Ok(())
    }
}

/// The lane, locked until the end of the transaction, if it is still ours.
pub(crate) async fn lock_lane<C: ConnectionTrait>(db: &C, lease: &LaneLease) -> Result<(), StoreError> {
    let lane = lane::Entity::find_by_id(lease.subject.as_str())
        .filter(lane::Column::LeaseToken.eq(lease.token))
        .lock_exclusive()
        .one(db)
        .await?;
    if lane.is_some() { Ok(()) } else { Err(lost(lease)) }
}

/// Marks the lease's events as worked off and frees the lane; the lane must be locked.
pub(crate) async fn finish<C: ConnectionTrait>(
    db: &C,
    lease: &LaneLease,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    apply(db, lease, done(now)).await?;
    close_lane(db, lease).await?;
    Ok(())
}

/// The error of a lease that is not ours any more.
pub(crate) fn lost(lease: &LaneLease) -> StoreError {
    StoreError::LeaseLost {
        what: format!("events of {}", lease.subject),
    }
}

fn done(now: DateTime<Utc>) -> UpdateMany<inbox::Entity> {
    inbox::Entity::update_many()
        .col_expr(inbox::Column::State, Expr::value(EventState::Done.as_str()))
        .col_expr(inbox::Column::DoneAt, Expr::value(Some(micros::to(now))))
}

fn failed(error: &str) -> UpdateMany<inbox::Entity> {
    inbox::Entity::update_many()
        .col_expr(inbox::Column::Attempts, Expr::col(inbox::Column::Attempts).add(1))
        .col_expr(
            inbox::Column::LastError,
            Expr::value(Some(words::error_text(error))),
        )
}

async fn apply<C: ConnectionTrait>(
    db: &C,
    lease: &LaneLease,
    update: UpdateMany<inbox::Entity>,
) -> Result<(), StoreError> {
    update
        .filter(inbox::Column::Id.is_in(lease.events.iter().copied()))
        .filter(inbox::Column::State.ne(EventState::Done.as_str()))
        .exec(db)
        .await?;
    Ok(())
}

async fn close_lane<C: ConnectionTrait>(db: &C, lease: &LaneLease) -> Result<bool, StoreError> {
    let deleted = lane::Entity::delete_many()
        .filter(lane::Column::Subject.eq(lease.subject.as_str()))
        .filter(lane::Column::LeaseToken.eq(lease.token))
        .exec(db)
        .await?;
    Ok(deleted.rows_affected > 0)
}
