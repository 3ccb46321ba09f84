//! The timeline: what happened to a change. Only ever added to; each entry carries the hash of the one before, and
//! the change carries the last hash and the count, so that altering, removing or cutting off entries shows.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::entity::{change, timeline};
use crate::transaction::retrying;
use crate::{Store, StoreError, micros, words};

/// An entry to be added.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEntry {
    /// When it happened.
    pub at: DateTime<Utc>,
    /// What happened, as a word of at most 64 bytes.
    pub what: String,
    /// Who did it: a user id, or a word for the system; at most 128 bytes.
    pub who: String,
    /// What else is to be known.
    pub detail: Value,
}

/// A stored entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its place, from 1.
    pub seq: i64,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// What happened.
    pub what: String,
    /// Who did it.
    pub who: String,
    /// What else is to be known.
    pub detail: Value,
    /// SHA-256 over the hash before and this entry, hex.
    pub hash: String,
}

/// What looking through a timeline's chain brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimelineCheck {
    /// Nothing was tampered with.
    Intact {
        /// How many entries there are.
        entries: i64,
    },
    /// From this place on the chain does not hold.
    Broken {
        /// The first place at which it fails.
        seq: i64,
        /// How it fails.
        reason: String,
    },
}

/// The end of a change's chain: how many entries it has, and the last one's hash (empty before the first).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) length: i64,
    pub(crate) hash: String,
}

impl Store {
    /// The timeline of a change, oldest first.
    pub async fn timeline(&self, sp_no: &str) -> Result<Vec<Entry>, StoreError> {
        self.timeline_rows(sp_no)
            .await?
            .into_iter()
            .map(Entry::try_from)
            .collect()
    }

    /// Adds entries to a stored change's timeline outside of an [`crate::Advance`].
    pub async fn append_timeline(&self, sp_no: &str, entries: &[NewEntry]) -> Result<(), StoreError> {
        retrying!(self.try_append(sp_no, entries))
    }

    /// Recomputes the chain of a change's timeline.
    pub async fn verify_timeline(&self, sp_no: &str) -> Result<TimelineCheck, StoreError> {
        let head = change::Entity::find_by_id(sp_no)
            .one(&self.reader)
            .await?
            .ok_or_else(|| StoreError::NotFound {
                what: format!("change {sp_no}"),
            })?;
        let rows = self.timeline_rows(sp_no).await?;
        Ok(verify(&rows, head.timeline_length, &head.timeline_head))
    }

    async fn try_append(&self, sp_no: &str, entries: &[NewEntry]) -> Result<(), StoreError> {
        let (txn, _turn) = self.begin().await?;
        let row = change::Entity::find_by_id(sp_no)
            .lock_exclusive()
            .one(&txn)
            .await?
            .ok_or_else(|| StoreError::NotFound {
                what: format!("change {sp_no}"),
            })?;
        let head = Head {
            length: row.timeline_length,
            hash: row.timeline_head,
        };
        let head = append(&txn, sp_no, head, entries).await?;
        change::Entity::update_many()
            .col_expr(change::Column::TimelineLength, Expr::value(head.length))
            .col_expr(change::Column::TimelineHead, Expr::value(head.hash))
            .filter(change::Column::SpNo.eq(sp_no))
            .exec(&txn)
            .await?;
        txn.commit().await?;
        Ok(())
    }

    async fn timeline_rows(&self, sp_no: &str) -> Result<Vec<timeline::Model>, StoreError> {
        Ok(timeline::Entity::find()
            .filter(timeline::Column::SpNo.eq(sp_no))
            .order_by_asc(timeline::Column::Seq)
            .all(&self.reader)
            .await?)
    }
}

/// Adds entries behind `head` and answers with the new one; the change must be locked.
pub(crate) async fn append<C: ConnectionTrait>(
    db: &C,
    sp_no: &str,
    mut head: Head,
    entries: &[NewEntry],
) -> Result<Head, StoreError> {
    let mut rows = Vec::with_capacity(entries.len());
    for entry in entries {
        let mut row = timeline::Model {
            sp_no: sp_no.to_owned(),
            seq: head.length + 1,
            happened_at: micros::to(entry.at),
            what: words::fit(&entry.what, 64),
            who: words::fit(&entry.who, 128),
            detail: serde_json::to_string(&entry.detail)?,
            hash: String::new(),
        };
        row.hash = hash(&head.hash, &row);
        head = Head {
            length: row.seq,
            hash: row.hash.clone(),
        };
        rows.push(row);
    }
    if !rows.is_empty() {
        timeline::Entity::insert_many(rows.into_iter().map(to_active))
            .exec_without_returning(db)
            .await?;
    }
    Ok(head)
}

fn to_active(row: timeline::Model) -> timeline::ActiveModel {
    timeline::ActiveModel {
        sp_no: Set(row.sp_no),
        seq: Set(row.seq),
        happened_at: Set(row.happened_at),
        what: Set(row.what),
        who: Set(row.who),
        detail: Set(row.detail),
        hash: Set(row.hash),
    }
}

/// Each part goes in with its length before it, so that no two entries are written the same.
fn hash(before: &str, row: &timeline::Model) -> String {
    let (seq, at) = (row.seq.to_string(), row.happened_at.to_string());
    let mut sha = Sha256::new();
    for part in [before, &row.sp_no, &seq, &at, &row.what, &row.who, &row.detail] {
        sha.update(part.len().to_string());
        sha.update(":");
        sha.update(part);
    }
    hex::encode(sha.finalize())
}

fn verify(rows: &[timeline::Model], length: i64, last: &str) -> TimelineCheck {
    let mut head = Head::default();
    for row in rows {
        let seq = head.length + 1;
        if row.seq != seq {
            return TimelineCheck::Broken {
                seq,
                reason: "the entry is missing".to_owned(),
            };
        }
        if row.hash != hash(&head.hash, row) {
            return TimelineCheck::Broken {
                seq,
                reason: "the entry or one before it was altered".to_owned(),
            };
        }
        head = Head {
            length: seq,
            hash: row.hash.clone(),
        };
    }
    if head.length != length || head.hash != last {
        let reason = "the end does not match what the change remembers".to_owned();
        return TimelineCheck::Broken {
            seq: head.length.min(length) + 1,
            reason,
        };
    }
    TimelineCheck::Intact { entries: length }
}

impl TryFrom<timeline::Model> for Entry {
    type Error = StoreError;

    fn try_from(row: timeline::Model) -> Result<Self, StoreError> {
        Ok(Self {
            seq: row.seq,
            at: micros::from(row.happened_at),
            what: row.what,
            who: row.who,
            detail: serde_json::from_str(&row.detail)?,
            hash: row.hash,
        })
    }
}
