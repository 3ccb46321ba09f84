//! Merging reminders: what waits for the same member at the same time goes as one message.
//!
//! Only what was never on its way is merged: a message that may have arrived is repeated byte for byte, so that the
//! other side knows it again. Merged messages are kept, with the message that went in their place.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{MessageState, NewMessage};
use crate::entity::outbox;
use crate::transaction::retrying;
use crate::{Store, StoreError, ids, micros};

/// Reminders that are merged at once; what is more waits for the next time.
const AT_ONCE: u64 = 1_000;

/// One reminder of those that are merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleLine {
    /// The change that it is about.
    pub sp_no: Option<String>,
    /// The reminder in one line.
    pub line: String,
}

/// Makes one body of a recipient's reminders, oldest first.
pub type Compose<'a, E> = dyn Fn(&str, &[BundleLine]) -> Result<String, E> + Sync + 'a;

/// What was merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundled<E> {
    /// How many messages were made of others.
    pub digests: usize,
    /// How many were merged into these.
    pub merged: usize,
    /// Recipients for whom nothing could be composed, and why; their reminders go as they are.
    pub failed: Vec<(String, E)>,
}

impl<E> Default for Bundled<E> {
    fn default() -> Self {
        Self {
            digests: 0,
            merged: 0,
            failed: Vec::new(),
        }
    }
}

/// What is read of a reminder.
type Row = (Uuid, String, Option<String>, String, String, i16, String);

/// Due reminders of one member on one channel.
struct Group {
    channel: String,
    recipient: String,
    priority: i16,
    ids: Vec<Uuid>,
    keys: Sha256,
    lines: Vec<BundleLine>,
}

impl Store {
    /// Merges due reminders (messages with a `bundle` line) of the same recipient and channel, where there are at
    /// least two, into one message with the body that `compose` makes of the recipient and the lines, oldest first.
    ///
    /// To be called before messages are claimed: one look into an index where nothing is to be merged.
    pub async fn bundle_reminders<E: Send>(
        &self,
        now: DateTime<Utc>,
        compose: &Compose<'_, E>,
    ) -> Result<Bundled<E>, StoreError> {
        if !self.anything_to_bundle(now).await? {
            return Ok(Bundled::default());
        }
        let bundled = retrying!(self.try_bundle(now, compose))?;
        if bundled.digests > 0 {
            self.wake().outbox.notify_one();
        }
        Ok(bundled)
    }

    async fn anything_to_bundle(&self, now: DateTime<Utc>) -> Result<bool, StoreError> {
        // Grouped here: asked to group, SQLite goes through the whole table by the recipient's index.
        let due: Vec<(String, String)> = outbox::Entity::find()
            .select_only()
            .columns([outbox::Column::Recipient, outbox::Column::Channel])
            .filter(outbox::Column::BundleAt.lte(micros::to(now)))
            .order_by_asc(outbox::Column::BundleAt)
            .limit(AT_ONCE)
            .into_tuple()
            .all(&self.reader)
            .await?;
        let several = due.iter().collect::<BTreeSet<_>>().len() < due.len();
        Ok(several)
    }

    async fn try_bundle<E: Send>(
        &self,
        now: DateTime<Utc>,
        compose: &Compose<'_, E>,
    ) -> Result<Bundled<E>, StoreError> {
        let (txn, _turn) = self.take_turn().await?;
        let mut bundled = Bundled::default();
        for group in groups(due(&txn, now).await?) {
            if group.ids.len() < 2 {
                continue;
            }
            match compose(&group.recipient, &group.lines) {
                Ok(body) => {
                    bundled.digests += 1;
                    bundled.merged += group.ids.len();
                    merge(&txn, group, body, now).await?;
                }
                Err(error) => {
                    go_alone(&txn, &group.ids).await?;
                    bundled.failed.push((group.recipient, error));
                }
            }
        }
        txn.commit().await?;
        Ok(bundled)
    }
}

/// Due reminders that nobody has claimed, those of one group beside one another. In its turn nobody claims.
async fn due<C: ConnectionTrait>(db: &C, now: DateTime<Utc>) -> Result<Vec<Row>, StoreError> {
    Ok(outbox::Entity::find()
        .select_only()
        .columns([
            outbox::Column::Id,
            outbox::Column::DedupeKey,
            outbox::Column::SpNo,
            outbox::Column::Channel,
            outbox::Column::Recipient,
            outbox::Column::Priority,
            outbox::Column::BundleLine,
        ])
        .filter(outbox::Column::BundleAt.lte(micros::to(now)))
        .filter(outbox::Column::BundleLine.is_not_null())
        .filter(outbox::Column::State.eq(MessageState::Ready.as_str()))
        .order_by_asc(outbox::Column::Recipient)
        .order_by_asc(outbox::Column::Channel)
        .order_by_asc(outbox::Column::CreatedAt)
        .order_by_asc(outbox::Column::DedupeKey)
        .limit(AT_ONCE)
        .into_tuple()
        .all(db)
        .await?)
}

fn groups(rows: Vec<Row>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (id, key, sp_no, channel, recipient, priority, line) in rows {
        let is_same = |group: &Group| group.recipient == recipient && group.channel == channel;
        if !groups.last().is_some_and(is_same) {
            groups.push(Group {
                channel,
                recipient,
                priority,
                ids: Vec::new(),
                keys: Sha256::new(),
                lines: Vec::new(),
            });
        }
        if let Some(group) = groups.last_mut() {
            group.priority = Ord::min(group.priority, priority);
            group.ids.push(id);
            // No key holds a NUL.
            group.keys.update(key);
            group.keys.update([0]);
            group.lines.push(BundleLine { sp_no, line });
        }
    }
    groups
}

/// Puts the digest in the place of the group, as urgent as its most urgent member.
async fn merge<C: ConnectionTrait>(
    db: &C,
    group: Group,
    body: String,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let digest = NewMessage {
        dedupe_key: format!("digest/{}", hex::encode(group.keys.finalize())),
        channel: group.channel,
        recipient: group.recipient,
        priority: group.priority,
        body,
        ..NewMessage::default()
    };
    let id = ids::at(now);
    let row = super::row(id, &digest, now)?;
    outbox::Entity::insert(row).exec_without_returning(db).await?;
    outbox::Entity::update_many()
        .col_expr(outbox::Column::State, Expr::value(MessageState::Bundled.as_str()))
        .col_expr(outbox::Column::BundleAt, Expr::value(None::<i64>))
        .col_expr(outbox::Column::BundledIn, Expr::value(Some(id)))
        .filter(outbox::Column::Id.is_in(group.ids))
        .exec(db)
        .await?;
    Ok(())
}

/// Takes messages out of the sight of the next merge; they are sent one by one.
async fn go_alone<C: ConnectionTrait>(db: &C, ids: &[Uuid]) -> Result<(), StoreError> {
    outbox::Entity::update_many()
        .col_expr(outbox::Column::BundleAt, Expr::value(None::<i64>))
        .filter(outbox::Column::Id.is_in(ids.iter().copied()))
        .exec(db)
        .await?;
    Ok(())
}

/// A delivered digest was the delivery of all that it is made of.
pub(super) async fn delivered<C: ConnectionTrait>(
    db: &C,
    digest: Uuid,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    outbox::Entity::update_many()
        .col_expr(outbox::Column::DeliveredAt, Expr::value(Some(micros::to(at))))
        .filter(outbox::Column::BundledIn.eq(digest))
        .exec(db)
        .await?;
    Ok(())
}

/// Whether this is the key of a digest.
pub(super) fn is_digest(dedupe_key: &str) -> bool {
    dedupe_key.starts_with("digest/")
}
