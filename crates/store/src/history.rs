//! Submissions and verdicts: whole snapshots, never altered.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::Value;
use uuid::Uuid;

use crate::entity::{submission, verdict};
use crate::{Store, StoreError, ids, micros, words};

/// A snapshot of a form to be stored, if its content is not stored yet.
#[derive(Debug, Clone, PartialEq)]
pub struct NewSubmission {
    /// Hash of the content, hex, at most 64 bytes.
    pub content_hash: String,
    /// The form, whole.
    pub body: Value,
}

/// A stored snapshot of a form.
#[derive(Debug, Clone, PartialEq)]
pub struct Submission {
    /// Its id.
    pub id: Uuid,
    /// The change.
    pub sp_no: String,
    /// Hash of the content.
    pub content_hash: String,
    /// The form, whole.
    pub body: Value,
    /// When it was first seen.
    pub seen_at: DateTime<Utc>,
}

/// A verdict to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct NewVerdict {
    /// The verdict, as a word.
    pub verdict: String,
    /// Hash of the policy file.
    pub policy_sha256: String,
    /// Hash of the content that was judged.
    pub content_hash: String,
    /// The whole evaluation with every rule's result.
    pub body: Value,
    /// The facts that it was given on; `None` where it was given on the form alone.
    pub facts: Option<Value>,
}

/// A stored verdict.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Its id.
    pub id: Uuid,
    /// The change.
    pub sp_no: String,
    /// The verdict, as a word.
    pub verdict: String,
    /// Hash of the policy file.
    pub policy_sha256: String,
    /// Hash of the content that was judged.
    pub content_hash: String,
    /// The whole evaluation with every rule's result.
    pub body: Value,
    /// The facts that it was given on; `None` where it was given on the form alone, or before facts were kept.
    pub facts: Option<Value>,
    /// When it was given.
    pub evaluated_at: DateTime<Utc>,
}

impl TryFrom<submission::Model> for Submission {
    type Error = StoreError;

    fn try_from(row: submission::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            sp_no: row.sp_no,
            content_hash: row.content_hash,
            body: serde_json::from_str(&row.body)?,
            seen_at: micros::from(row.seen_at),
        })
    }
}

impl TryFrom<verdict::Model> for Verdict {
    type Error = StoreError;

    fn try_from(row: verdict::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            sp_no: row.sp_no,
            verdict: row.verdict,
            policy_sha256: row.policy_sha256,
            content_hash: row.content_hash,
            body: serde_json::from_str(&row.body)?,
            facts: row.facts.as_deref().map(serde_json::from_str).transpose()?,
            evaluated_at: micros::from(row.evaluated_at),
        })
    }
}

impl Store {
    /// The latest verdict on a change.
    pub async fn latest_verdict(&self, sp_no: &str) -> Result<Option<Verdict>, StoreError> {
        verdict::Entity::find()
            .filter(verdict::Column::SpNo.eq(sp_no))
            .order_by_desc(verdict::Column::Seq)
            .one(&self.reader)
            .await?
            .map(Verdict::try_from)
            .transpose()
    }

    /// All verdicts on a change, oldest first.
    pub async fn verdicts(&self, sp_no: &str) -> Result<Vec<Verdict>, StoreError> {
        verdict::Entity::find()
            .filter(verdict::Column::SpNo.eq(sp_no))
            .order_by_asc(verdict::Column::Seq)
            .all(&self.reader)
            .await?
            .into_iter()
            .map(Verdict::try_from)
            .collect()
    }

    /// The form as last seen with new content.
    pub async fn latest_submission(&self, sp_no: &str) -> Result<Option<Submission>, StoreError> {
        submission::Entity::find()
            .filter(submission::Column::SpNo.eq(sp_no))
            .order_by_desc(submission::Column::SeenAt)
            .order_by_desc(submission::Column::Id)
            .one(&self.reader)
            .await?
            .map(Submission::try_from)
            .transpose()
    }

    /// All snapshots of a change's form, oldest first.
    pub async fn submissions(&self, sp_no: &str) -> Result<Vec<Submission>, StoreError> {
        submission::Entity::find()
            .filter(submission::Column::SpNo.eq(sp_no))
            .order_by_asc(submission::Column::SeenAt)
            .order_by_asc(submission::Column::Id)
            .all(&self.reader)
            .await?
            .into_iter()
            .map(Submission::try_from)
            .collect()
    }
}

/// Stores the snapshot unless its content is stored; the change must be locked. Tells whether it was new.
pub(crate) async fn add_submission<C: ConnectionTrait>(
    db: &C,
    sp_no: &str,
    new: &NewSubmission,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let content_hash = words::key(&new.content_hash, "submissions.content_hash", 64)?;
    let stored = submission::Entity::find()
        .filter(submission::Column::SpNo.eq(sp_no))
        .filter(submission::Column::ContentHash.eq(content_hash.as_str()))
        .count(db)
        .await?;
    if stored > 0 {
        return Ok(false);
    }
    let row = submission::ActiveModel {
        id: Set(ids::at(now)),
        sp_no: Set(sp_no.to_owned()),
        content_hash: Set(content_hash),
        body: Set(serde_json::to_string(&new.body)?),
        seen_at: Set(micros::to(now)),
    };
    submission::Entity::insert(row).exec_without_returning(db).await?;
    Ok(true)
}

/// Stores the verdict as the one that goes with the change's version `seq`.
pub(crate) async fn add_verdict<C: ConnectionTrait>(
    db: &C,
    (sp_no, seq): (&str, i64),
    new: &NewVerdict,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = verdict::ActiveModel {
        id: Set(ids::at(now)),
        sp_no: Set(sp_no.to_owned()),
        seq: Set(seq),
        verdict: Set(words::fit(&new.verdict, 64)),
        policy_sha256: Set(words::fit(&new.policy_sha256, 64)),
        content_hash: Set(words::fit(&new.content_hash, 64)),
        body: Set(serde_json::to_string(&new.body)?),
        evaluated_at: Set(micros::to(now)),
        facts: Set(new.facts.as_ref().map(serde_json::to_string).transpose()?),
    };
    verdict::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}
