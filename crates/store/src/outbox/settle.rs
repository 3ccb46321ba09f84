//! What became of a message that was handed out.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, UpdateMany};
use uuid::Uuid;

use super::{Delivery, MessageState, bundle};
use crate::entity::outbox;
use crate::transaction::retrying;
use crate::{Store, StoreError, cards, micros, words};

impl Store {
    /// The other side took these; one commit for all. Answers with those whose lease was no longer ours: nothing is
    /// stored about them.
    ///
    /// A response code goes to the card that the message is; a digest takes what was merged into it along.
    pub async fn delivered(
        &self,
        arrived: &[(Uuid, Uuid, Delivery)],
        now: DateTime<Utc>,
    ) -> Result<Vec<Uuid>, StoreError> {
        retrying!(self.try_delivered(arrived, now))
    }

    async fn try_delivered(
        &self,
        arrived: &[(Uuid, Uuid, Delivery)],
        now: DateTime<Utc>,
    ) -> Result<Vec<Uuid>, StoreError> {
        let (txn, _turn) = self.begin().await?;
        let keys = keys(&txn, arrived).await?;
        let mut lost = Vec::new();
        for (id, token, delivery) in arrived {
            let updated = becomes(MessageState::Delivered)
                .col_expr(outbox::Column::DeliveredAt, Expr::value(Some(micros::to(now))))
                .col_expr(outbox::Column::Msgid, Expr::value(delivery.msgid.clone()))
                .col_expr(
                    outbox::Column::ResponseCode,
                    Expr::value(delivery.response_code.clone()),
                )
                .col_expr(outbox::Column::LastError, Expr::value(None::<String>))
                .filter(in_our_hands(*id, *token))
                .exec(&txn)
                .await?;
            if updated.rows_affected == 0 {
                lost.push(*id);
            } else if let Some(key) = keys.get(id) {
                pass_on(&txn, (*id, key), delivery, now).await?;
            }
        }
        txn.commit().await?;
        Ok(lost)
    }

    /// It failed for a passing reason: again at `at`.
    pub async fn retry_message(
        &self,
        id: Uuid,
        token: Uuid,
        error: &str,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        retrying!(self.settle_message((id, token), || {
            becomes(MessageState::Ready)
                .col_expr(outbox::Column::RunAt, Expr::value(micros::to(at)))
                .col_expr(
                    outbox::Column::LastError,
                    Expr::value(Some(words::error_text(error))),
                )
        }))?;
        self.wake().outbox.notify_one();
        Ok(())
    }

    /// It was not tried at all (a circuit is open, the program stops): again at `at`, no attempt counted.
    pub async fn release_message(
        &self,
        id: Uuid,
        token: Uuid,
        reason: Option<&str>,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        retrying!(self.settle_message((id, token), || {
            // MySQL sees what was set before: the attempts change last.
            let update = becomes(MessageState::Ready)
                .col_expr(outbox::Column::RunAt, Expr::value(micros::to(at)))
                .col_expr(outbox::Column::BundleAt, mergeable_again(at).into())
                .col_expr(
                    outbox::Column::Attempts,
                    Expr::col(outbox::Column::Attempts).sub(1),
                );
            match reason {
                Some(reason) => update.col_expr(
                    outbox::Column::LastError,
                    Expr::value(Some(words::error_text(reason))),
                ),
                None => update,
            }
        }))
    }

    /// It failed for good: it is a person's now.
    pub async fn undeliverable(&self, id: Uuid, token: Uuid, error: &str) -> Result<(), StoreError> {
        retrying!(self.settle_message((id, token), || {
            becomes(MessageState::Undeliverable).col_expr(
                outbox::Column::LastError,
                Expr::value(Some(words::error_text(error))),
            )
        }))
    }

    /// It cannot be sent as it is: at once again, by `channel`, with its fallback as its body and no attempt counted.
    ///
    /// One that has no fallback is answered like one that is not ours ([`StoreError::LeaseLost`]).
    pub async fn use_fallback(
        &self,
        id: Uuid,
        token: Uuid,
        channel: &str,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let channel = words::key(channel, "outbox.channel", 32)?;
        retrying!(self.settle_message((id, token), || {
            // MySQL sees what was set before: the body changes before its source.
            becomes(MessageState::Ready)
                .col_expr(outbox::Column::Body, Expr::col(outbox::Column::Fallback))
                .col_expr(outbox::Column::Fallback, Expr::value(None::<String>))
                .col_expr(outbox::Column::Channel, Expr::value(channel.as_str()))
                .col_expr(outbox::Column::RunAt, Expr::value(micros::to(now)))
                .col_expr(outbox::Column::Attempts, Expr::value(0))
                .col_expr(outbox::Column::FirstAttemptAt, Expr::value(None::<i64>))
                .col_expr(
                    outbox::Column::LastError,
                    Expr::value(Some(words::error_text(reason))),
                )
                .filter(outbox::Column::Fallback.is_not_null())
        }))?;
        self.wake().outbox.notify_one();
        Ok(())
    }

    /// A person sends a given-up message again, with a new body (a new task id) where one is given.
    ///
    /// Its attempts and their 24 hours begin anew.
    pub async fn resend(
        &self,
        id: Uuid,
        new_body: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut update = becomes(MessageState::Ready)
            .col_expr(outbox::Column::RunAt, Expr::value(micros::to(now)))
            .col_expr(outbox::Column::Attempts, Expr::value(0))
            .col_expr(outbox::Column::FirstAttemptAt, Expr::value(None::<i64>));
        if let Some(body) = new_body {
            update = update.col_expr(outbox::Column::Body, Expr::value(words::clean(body)));
        }
        let updated = update
            .filter(outbox::Column::Id.eq(id))
            .filter(outbox::Column::State.eq(MessageState::Undeliverable.as_str()))
            .exec(&self.writer)
            .await?;
        if updated.rows_affected == 0 {
            return Err(StoreError::NotFound {
                what: format!("undeliverable message {id}"),
            });
        }
        self.wake().outbox.notify_one();
        Ok(())
    }

    async fn settle_message(
        &self,
        (id, token): (Uuid, Uuid),
        update: impl Fn() -> UpdateMany<outbox::Entity> + Send,
    ) -> Result<(), StoreError> {
        let _turn = self.turn().await;
        let updated = update()
            .filter(in_our_hands(id, token))
            .exec(&self.writer)
            .await?;
        if updated.rows_affected == 0 {
            return Err(StoreError::LeaseLost {
                what: format!("message {id}"),
            });
        }
        Ok(())
    }
}

/// The keys of the messages that arrived.
async fn keys<C: ConnectionTrait>(
    db: &C,
    arrived: &[(Uuid, Uuid, Delivery)],
) -> Result<HashMap<Uuid, String>, StoreError> {
    if arrived.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, String)> = outbox::Entity::find()
        .select_only()
        .column(outbox::Column::Id)
        .column(outbox::Column::DedupeKey)
        .filter(outbox::Column::Id.is_in(arrived.iter().map(|(id, ..)| *id)))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

/// What a delivery means for others than the message.
async fn pass_on<C: ConnectionTrait>(
    db: &C,
    (id, key): (Uuid, &str),
    delivery: &Delivery,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if let Some(code) = &delivery.response_code {
        cards::delivered(db, key, code, now).await?;
    }
    if bundle::is_digest(key) {
        bundle::delivered(db, id, now).await?;
    }
    Ok(())
}

/// What was handed out for the first time and not tried may be merged again.
fn mergeable_again(at: DateTime<Utc>) -> CaseStatement {
    let untried = Condition::all()
        .add(outbox::Column::BundleLine.is_not_null())
        .add(outbox::Column::Attempts.lte(1));
    CaseStatement::new()
        .case(untried, Expr::value(Some(micros::to(at))))
        .finally(Expr::value(None::<i64>))
}

fn in_our_hands(id: Uuid, token: Uuid) -> Condition {
    Condition::all()
        .add(outbox::Column::Id.eq(id))
        .add(outbox::Column::LeaseToken.eq(token))
        .add(outbox::Column::State.eq(MessageState::Sending.as_str()))
}

fn becomes(state: MessageState) -> UpdateMany<outbox::Entity> {
    outbox::Entity::update_many()
        .col_expr(outbox::Column::State, Expr::value(state.as_str()))
        .col_expr(outbox::Column::LeaseToken, Expr::value(None::<Uuid>))
        .col_expr(outbox::Column::LeaseUntil, Expr::value(None::<i64>))
}
