//! Handing out messages, by priority and age, within what each member may get.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{CaseStatement, Condition, Expr, ExprTrait, LockBehavior, LockType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::{ClaimedMessage, Message, MessageState, SendLimits};
use crate::entity::{lane, outbox};
use crate::transaction::{Turn, retrying};
use crate::{Backend, Store, StoreError, ids, micros};

const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);

/// The lane that claims take turns in; no subject begins with a blank. Without turns, two replicas could each see a
/// member one below the limit and each send one more.
const TURN: &str = " outbox";

/// Rounds of looking further behind members that are at their limit.
const ROUNDS: usize = 64;

impl Store {
    /// Leases up to `limit` due messages: lower priority numbers first, then the oldest.
    ///
    /// Members at their limit are passed over until they are free again; nobody else waits for them. The count is
    /// taken from the database, so it holds across restarts and replicas.
    pub async fn claim_messages(
        &self,
        now: DateTime<Utc>,
        lease: Duration,
        limit: u32,
        limits: SendLimits,
    ) -> Result<Vec<ClaimedMessage>, StoreError> {
        if !self.anything_due(micros::to(now)).await? {
            return Ok(Vec::new());
        }
        retrying!(self.try_claim_messages(now, lease, limit, limits))
    }

    async fn anything_due(&self, now: i64) -> Result<bool, StoreError> {
        let due = outbox::Entity::find()
            .select_only()
            .column(outbox::Column::Id)
            .filter(Condition::any().add(is_ready(now)).add(is_abandoned(now)))
            .into_tuple::<Uuid>()
            .one(&self.reader)
            .await?;
        Ok(due.is_some())
    }

    async fn try_claim_messages(
        &self,
        now: DateTime<Utc>,
        lease: Duration,
        limit: u32,
        limits: SendLimits,
    ) -> Result<Vec<ClaimedMessage>, StoreError> {
        let (txn, _turn) = self.take_turn().await?;
        reclaim(&txn, micros::to(now)).await?;
        let chosen = choose(&txn, now, usize::try_from(limit).unwrap_or(usize::MAX), limits).await?;
        let token = ids::token();
        hand_out(&txn, &chosen, (micros::to(now), micros::after(now, lease)), token).await?;
        let mut rows = outbox::Entity::find()
            .filter(outbox::Column::Id.is_in(chosen.iter().copied()))
            .all(&txn)
            .await?;
        txn.commit().await?;
        rows.sort_by_key(|row| (row.priority, row.created_at, row.id));
        rows.into_iter()
            .map(|row| {
                Ok(ClaimedMessage {
                    message: Message::try_from(row)?,
                    token,
                })
            })
            .collect()
    }

    /// A transaction in which nobody else claims messages.
    pub(super) async fn take_turn(&self) -> Result<(DatabaseTransaction, Option<Turn>), StoreError> {
        let (txn, turn) = self.begin().await?;
        if self.backend() == Backend::Sqlite || lock_turn(&txn).await? {
            return Ok((txn, turn));
        }
        txn.rollback().await?;
        let row = lane::ActiveModel {
            subject: Set(TURN.to_owned()),
            lease_until: Set(i64::MAX),
            lease_token: Set(None),
        };
        lane::Entity::insert_many([row])
            .on_conflict_do_nothing_on([lane::Column::Subject])
            .exec_without_returning(&self.writer)
            .await?;
        drop(turn);
        let (txn, turn) = self.begin().await?;
        lock_turn(&txn).await?;
        Ok((txn, turn))
    }
}

async fn lock_turn<C: ConnectionTrait>(db: &C) -> Result<bool, StoreError> {
    Ok(lane::Entity::find_by_id(TURN)
        .lock_exclusive()
        .one(db)
        .await?
        .is_some())
}

fn is_ready(now: i64) -> Condition {
    Condition::all()
        .add(outbox::Column::State.eq(MessageState::Ready.as_str()))
        .add(outbox::Column::RunAt.lte(now))
}

fn is_abandoned(now: i64) -> Condition {
    Condition::all()
        .add(outbox::Column::State.eq(MessageState::Sending.as_str()))
        .add(outbox::Column::LeaseUntil.lte(now))
}

/// Takes back what a worker has let expire: it is sent again, byte for byte.
async fn reclaim<C: ConnectionTrait>(db: &C, now: i64) -> Result<(), StoreError> {
    outbox::Entity::update_many()
        .col_expr(outbox::Column::State, Expr::value(MessageState::Ready.as_str()))
        .col_expr(outbox::Column::LeaseToken, Expr::value(None::<Uuid>))
        .filter(is_abandoned(now))
        .exec(db)
        .await?;
    Ok(())
}

/// The ids of what may go now. Each round either takes a message or learns of a member at the limit.
async fn choose<C: ConnectionTrait>(
    db: &C,
    now: DateTime<Utc>,
    limit: usize,
    limits: SendLimits,
) -> Result<Vec<Uuid>, StoreError> {
    let mut chosen = Vec::new();
    let mut allowances: HashMap<String, u32> = HashMap::new();
    for _ in 0..ROUNDS {
        let full = allowances
            .iter()
            .filter(|(_, left)| **left == 0)
            .map(|(who, _)| who.clone())
            .collect();
        let page_size = limit.saturating_sub(chosen.len()).saturating_mul(2).clamp(1, 512);
        let page = candidates(db, micros::to(now), &chosen, full, page_size).await?;
        look_up_allowances(db, now, &page, limits, &mut allowances).await?;
        let is_last = page.len() < page_size;
        for (id, recipient) in page {
            if chosen.len() < limit
                && let Some(left) = allowances.get_mut(&recipient)
                && *left > 0
            {
                *left -= 1;
                chosen.push(id);
            }
        }
        if is_last || chosen.len() >= limit {
            break;
        }
    }
    Ok(chosen)
}

async fn candidates<C: ConnectionTrait>(
    db: &C,
    now: i64,
    chosen: &[Uuid],
    full: Vec<String>,
    limit: usize,
) -> Result<Vec<(Uuid, String)>, StoreError> {
    let mut select = outbox::Entity::find()
        .select_only()
        .column(outbox::Column::Id)
        .column(outbox::Column::Recipient)
        .filter(is_ready(now));
    if !full.is_empty() {
        select = select.filter(outbox::Column::Recipient.is_not_in(full));
    }
    if !chosen.is_empty() {
        select = select.filter(outbox::Column::Id.is_not_in(chosen.iter().copied()));
    }
    Ok(select
        .order_by_asc(outbox::Column::Priority)
        .order_by_asc(outbox::Column::CreatedAt)
        .order_by_asc(outbox::Column::Id)
        .limit(u64::try_from(limit).unwrap_or(u64::MAX))
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .into_tuple()
        .all(db)
        .await?)
}

/// How many more messages each new member of `page` may get now.
async fn look_up_allowances<C: ConnectionTrait>(
    db: &C,
    now: DateTime<Utc>,
    page: &[(Uuid, String)],
    limits: SendLimits,
    allowances: &mut HashMap<String, u32>,
) -> Result<(), StoreError> {
    let members: BTreeSet<String> = page
        .iter()
        .map(|(_, who)| who.clone())
        .filter(|who| !allowances.contains_key(who))
        .collect();
    if members.is_empty() {
        return Ok(());
    }
    let last_minute = CaseStatement::new()
        .case(
            outbox::Column::AttemptedAt.gt(micros::before(now, MINUTE)),
            outbox::Column::Id.into_expr(),
        )
        .finally(Expr::value(None::<Uuid>));
    let counts: Vec<(String, i64, i64)> = outbox::Entity::find()
        .select_only()
        .column(outbox::Column::Recipient)
        .column_as(outbox::Column::Id.count(), "in_hour")
        .column_as(Expr::expr(last_minute).count(), "in_minute")
        .filter(outbox::Column::Recipient.is_in(members.iter().map(String::as_str)))
        .filter(outbox::Column::AttemptedAt.gt(micros::before(now, HOUR)))
        .filter(
            outbox::Column::State.is_in([MessageState::Sending.as_str(), MessageState::Delivered.as_str()]),
        )
        .group_by(outbox::Column::Recipient)
        .into_tuple()
        .all(db)
        .await?;
    allowances.extend(members.into_iter().map(|who| (who, limits.left(0, 0))));
    for (who, in_hour, in_minute) in counts {
        let in_hour = u32::try_from(in_hour).unwrap_or(u32::MAX);
        let in_minute = u32::try_from(in_minute).unwrap_or(u32::MAX);
        allowances.insert(who, limits.left(in_minute, in_hour));
    }
    Ok(())
}

async fn hand_out<C: ConnectionTrait>(
    db: &C,
    chosen: &[Uuid],
    (now, lease_until): (i64, i64),
    token: Uuid,
) -> Result<(), StoreError> {
    if chosen.is_empty() {
        return Ok(());
    }
    let first = Expr::col(outbox::Column::FirstAttemptAt).if_null(now);
    outbox::Entity::update_many()
        .col_expr(outbox::Column::State, Expr::value(MessageState::Sending.as_str()))
        .col_expr(
            outbox::Column::Attempts,
            Expr::col(outbox::Column::Attempts).add(1),
        )
        .col_expr(outbox::Column::FirstAttemptAt, first)
        .col_expr(outbox::Column::AttemptedAt, Expr::value(Some(now)))
        .col_expr(outbox::Column::LeaseUntil, Expr::value(Some(lease_until)))
        .col_expr(outbox::Column::LeaseToken, Expr::value(Some(token)))
        .col_expr(outbox::Column::BundleAt, Expr::value(None::<i64>))
        .filter(outbox::Column::Id.is_in(chosen.iter().copied()))
        .exec(db)
        .await?;
    Ok(())
}
