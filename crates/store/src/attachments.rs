//! Attachments: the files that a form names, with what became of fetching each. Their contents are in
//! [`crate::files`].

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value;

use crate::entity::attachment;
use crate::transaction::retrying;
use crate::{Store, StoreError, files, micros, words};

/// A file that was fetched.
#[derive(Debug, Clone, PartialEq)]
pub struct NewFile {
    /// The change whose form names it.
    pub sp_no: String,
    /// WeCom's id of it, at most 255 bytes.
    pub file_id: String,
    /// Its name, for people.
    pub name: String,
    /// SHA-256 of `bytes`, lower-case hex. The caller's word is taken for it.
    pub sha256: String,
    /// What it is said to be, for people; cut to 255 characters.
    pub content_type: String,
    /// Its content. On MySQL it has to fit a packet (`max_allowed_packet`, 16 MiB on MariaDB unless set otherwise).
    pub bytes: Vec<u8>,
    /// What was read of it; `None` leaves what was read of the same content before.
    pub reading: Option<Value>,
}

/// An attachment with what became of fetching it.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredAttachment {
    /// WeCom's id of it.
    pub file_id: String,
    /// Its name; empty while it was never fetched.
    pub name: String,
    /// Under which hash its content is kept; `None` while it was never fetched.
    pub sha256: Option<String>,
    /// Its length in bytes.
    pub size: Option<u64>,
    /// When it was fetched.
    pub fetched_at: Option<DateTime<Utc>>,
    /// When it was last tried to fetch it.
    pub tried_at: DateTime<Utc>,
    /// Why it could not be fetched the last time; `None` once it was.
    pub failure: Option<String>,
    /// How often fetching it has failed.
    pub attempts: u32,
    /// What was read of it.
    pub reading: Option<Value>,
}

impl TryFrom<attachment::Model> for StoredAttachment {
    type Error = StoreError;

    fn try_from(row: attachment::Model) -> Result<Self, StoreError> {
        Ok(Self {
            file_id: row.file_id,
            name: row.name,
            sha256: row.sha256,
            size: row.size.and_then(|size| u64::try_from(size).ok()),
            fetched_at: micros::from_opt(row.fetched_at),
            tried_at: micros::from(row.tried_at),
            failure: row.failure,
            attempts: u32::try_from(row.attempts).unwrap_or(0),
            reading: row.reading.as_deref().map(serde_json::from_str).transpose()?,
        })
    }
}

impl Store {
    /// The attachments of a change that were fetched or tried, by file id.
    pub async fn attachments(&self, sp_no: &str) -> Result<Vec<StoredAttachment>, StoreError> {
        attachment::Entity::find()
            .filter(attachment::Column::SpNo.eq(sp_no))
            .order_by_asc(attachment::Column::FileId)
            .all(&self.reader)
            .await?
            .into_iter()
            .map(StoredAttachment::try_from)
            .collect()
    }

    /// Keeps a file that was fetched. Doing so again changes nothing; the same content is stored once, whoever
    /// attached it.
    pub async fn keep_file(&self, new: &NewFile, now: DateTime<Utc>) -> Result<(), StoreError> {
        retrying!(self.try_keep(new, now))
    }

    async fn try_keep(&self, new: &NewFile, now: DateTime<Utc>) -> Result<(), StoreError> {
        let sha256 = words::key(&new.sha256, "files.sha256", 64)?;
        let untried = untried(&new.sp_no, &new.file_id, now)?;
        let (txn, _turn) = self.begin().await?;
        files::store(&txn, &sha256, new, now).await?;
        let before = attachment::Entity::find_by_id((new.sp_no.clone(), new.file_id.clone()))
            .lock_exclusive()
            .one(&txn)
            .await?
            .unwrap_or(untried);
        let at = micros::to(now);
        let is_same = before.sha256.as_deref() == Some(sha256.as_str());
        let reading = new.reading.as_ref().map(serde_json::to_string).transpose()?;
        let row = attachment::Model {
            name: words::clean(&new.name),
            sha256: Some(sha256),
            size: i64::try_from(new.bytes.len()).ok(),
            fetched_at: Some(before.fetched_at.filter(|_| is_same).unwrap_or(at)),
            tried_at: if is_same { before.tried_at } else { at },
            failure: None,
            reading: reading.or_else(|| before.reading.filter(|_| is_same)),
            sp_no: before.sp_no,
            file_id: before.file_id,
            attempts: before.attempts,
        };
        write(&txn, row).await?;
        if let Some(former) = before.sha256.filter(|_| !is_same) {
            files::release(&txn, vec![former], now).await?;
        }
        txn.commit().await?;
        Ok(())
    }

    /// Notes that a file could not be fetched, and why; one that is kept already stays as it is.
    pub async fn note_file_failure(
        &self,
        sp_no: &str,
        file_id: &str,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        retrying!(self.try_note_failure(sp_no, file_id, reason, now))
    }

    async fn try_note_failure(
        &self,
        sp_no: &str,
        file_id: &str,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let untried = untried(sp_no, file_id, now)?;
        let (txn, _turn) = self.begin().await?;
        let before = attachment::Entity::find_by_id((sp_no.to_owned(), file_id.to_owned()))
            .lock_exclusive()
            .one(&txn)
            .await?
            .unwrap_or(untried);
        if before.sha256.is_none() {
            let row = attachment::Model {
                failure: Some(words::error_text(reason)),
                tried_at: micros::to(now),
                attempts: before.attempts.saturating_add(1),
                ..before
            };
            write(&txn, row).await?;
        }
        txn.commit().await?;
        Ok(())
    }

    /// Forgets the attachments of a change that its form does not name any more; tells how many. Contents that
    /// nobody else refers to may go from now on; see [`Store::prune_files`].
    pub async fn release_attachments(
        &self,
        sp_no: &str,
        still_named: &[String],
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        retrying!(self.try_release(sp_no, still_named, now))
    }

    async fn try_release(
        &self,
        sp_no: &str,
        still_named: &[String],
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let (txn, _turn) = self.begin().await?;
        let rows: Vec<(String, Option<String>)> = attachment::Entity::find()
            .select_only()
            .columns([attachment::Column::FileId, attachment::Column::Sha256])
            .filter(attachment::Column::SpNo.eq(sp_no))
            .into_tuple()
            .all(&txn)
            .await?;
        let (ids, contents): (Vec<String>, Vec<Option<String>>) = rows
            .into_iter()
            .filter(|(id, _)| !still_named.contains(id))
            .unzip();
        if ids.is_empty() {
            return Ok(0);
        }
        let removed = attachment::Entity::delete_many()
            .filter(attachment::Column::SpNo.eq(sp_no))
            .filter(attachment::Column::FileId.is_in(ids))
            .exec(&txn)
            .await?;
        files::release(&txn, contents.into_iter().flatten().collect(), now).await?;
        txn.commit().await?;
        Ok(removed.rows_affected)
    }
}

/// The row of an attachment before its first try.
fn untried(sp_no: &str, file_id: &str, now: DateTime<Utc>) -> Result<attachment::Model, StoreError> {
    Ok(attachment::Model {
        sp_no: words::key(sp_no, "attachments.sp_no", 64)?,
        file_id: words::key(file_id, "attachments.file_id", 255)?,
        name: String::new(),
        sha256: None,
        size: None,
        fetched_at: None,
        tried_at: micros::to(now),
        failure: None,
        attempts: 0,
        reading: None,
    })
}

async fn write<C: ConnectionTrait>(db: &C, row: attachment::Model) -> Result<(), StoreError> {
    use attachment::Column;
    let row = attachment::ActiveModel {
        sp_no: Set(row.sp_no),
        file_id: Set(row.file_id),
        name: Set(row.name),
        sha256: Set(row.sha256),
        size: Set(row.size),
        fetched_at: Set(row.fetched_at),
        tried_at: Set(row.tried_at),
        failure: Set(row.failure),
        attempts: Set(row.attempts),
        reading: Set(row.reading),
    };
    let replace = OnConflict::columns([Column::SpNo, Column::FileId])
        .update_columns([
            Column::Name,
            Column::Sha256,
            Column::Size,
            Column::FetchedAt,
            Column::TriedAt,
            Column::Failure,
            Column::Attempts,
            Column::Reading,
        ])
        .to_owned();
    attachment::Entity::insert(row)
        .on_conflict(replace)
        .exec_without_returning(db)
        .await?;
    Ok(())
}
