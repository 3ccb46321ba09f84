//! Images that a form names: the digest that each had at submission, which stays, and what it was seen to have since.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::entity::image;
use crate::transaction::retrying;
use crate::{Store, StoreError, micros, words};

/// An image that a change's form names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredImage {
    /// The image as the form names it, with its tag.
    pub image: String,
    /// The digest that it had when it was first resolved; never another one later.
    pub digest: Option<String>,
    /// When `digest` was recorded; while there is none, when the image was first stored.
    pub recorded_at: DateTime<Utc>,
    /// The digest that it had at the last look; `None` where there was no look since, or the look failed.
    pub current: Option<String>,
    /// When that look was.
    pub current_at: Option<DateTime<Utc>>,
    /// Why the last look brought no digest.
    pub failure: Option<String>,
}

impl From<image::Model> for StoredImage {
    fn from(row: image::Model) -> Self {
        Self {
            image: row.image,
            digest: row.digest,
            recorded_at: micros::from(row.recorded_at),
            current: row.current_digest,
            current_at: micros::from_opt(row.current_at),
            failure: row.failure,
        }
    }
}

impl Store {
    /// The images of a change, by name.
    pub async fn images(&self, sp_no: &str) -> Result<Vec<StoredImage>, StoreError> {
        let rows = image::Entity::find()
            .filter(image::Column::SpNo.eq(sp_no))
            .order_by_asc(image::Column::Image)
            .all(&self.reader)
            .await?;
        Ok(rows.into_iter().map(StoredImage::from).collect())
    }

    /// Records the digest that an image (at most 512 bytes) had at submission.
    ///
    /// The first one stands: a digest that is recorded is never overwritten, one that is missing may come later.
    pub async fn record_image(
        &self,
        sp_no: &str,
        image: &str,
        digest: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let row = unseen(sp_no, image, now)?;
        let digest = digest.map(digest_key).transpose()?;
        retrying!(self.try_record(&row, digest.as_deref()))
    }

    /// Notes what a later look at an image brought: a digest, a failure, or neither where its registry has no such
    /// tag. Takes the place of the look before; the digest at submission is left as it is.
    pub async fn note_image_now(
        &self,
        sp_no: &str,
        image: &str,
        current: Option<&str>,
        failure: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let row = image::Model {
            current_digest: current.map(digest_key).transpose()?,
            current_at: Some(micros::to(now)),
            failure: failure.map(words::error_text),
            ..unseen(sp_no, image, now)?
        };
        retrying!(self.try_note(&row))
    }

    async fn try_record(&self, row: &image::Model, digest: Option<&str>) -> Result<(), StoreError> {
        let (txn, _turn) = self.begin().await?;
        image::Entity::insert(to_active(row))
            .on_conflict_do_nothing_on([image::Column::SpNo, image::Column::Image])
            .exec_without_returning(&txn)
            .await?;
        if let Some(digest) = digest {
            image::Entity::update_many()
                .col_expr(image::Column::Digest, Expr::value(Some(digest)))
                .col_expr(image::Column::RecordedAt, Expr::value(row.recorded_at))
                .filter(image::Column::SpNo.eq(row.sp_no.as_str()))
                .filter(image::Column::Image.eq(row.image.as_str()))
                .filter(image::Column::Digest.is_null())
                .exec(&txn)
                .await?;
        }
        txn.commit().await?;
        Ok(())
    }

    async fn try_note(&self, row: &image::Model) -> Result<(), StoreError> {
        let replace = OnConflict::columns([image::Column::SpNo, image::Column::Image])
            .update_columns([
                image::Column::CurrentDigest,
                image::Column::CurrentAt,
                image::Column::Failure,
            ])
            .to_owned();
        let _turn = self.turn().await;
        image::Entity::insert(to_active(row))
            .on_conflict(replace)
            .exec_without_returning(&self.writer)
            .await?;
        Ok(())
    }
}

/// The row of an image that nobody has looked at.
fn unseen(sp_no: &str, image: &str, now: DateTime<Utc>) -> Result<image::Model, StoreError> {
    Ok(image::Model {
        sp_no: words::key(sp_no, "images.sp_no", 64)?,
        image: words::key(image, "images.image", 512)?,
        digest: None,
        recorded_at: micros::to(now),
        current_digest: None,
        current_at: None,
        failure: None,
    })
}

fn digest_key(digest: &str) -> Result<String, StoreError> {
    words::key(digest, "images.digest", 255)
}

fn to_active(row: &image::Model) -> image::ActiveModel {
    image::ActiveModel {
        sp_no: Set(row.sp_no.clone()),
        image: Set(row.image.clone()),
        digest: Set(row.digest.clone()),
        recorded_at: Set(row.recorded_at),
        current_digest: Set(row.current_digest.clone()),
        current_at: Set(row.current_at),
        failure: Set(row.failure.clone()),
    }
}
