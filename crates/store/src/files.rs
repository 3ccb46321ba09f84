//! Contents of files, each kept once by its hash. A content goes some time after the last attachment that refers to
//! it went.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query, SimpleExpr};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::{attachment, file};
use crate::{NewFile, Store, StoreError, micros, words};

impl Store {
    /// The content with this SHA-256 (lower-case hex), if it is kept.
    pub async fn file(&self, sha256: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(file::Entity::find_by_id(sha256)
            .select_only()
            .column(file::Column::Bytes)
            .into_tuple()
            .one(&self.reader)
            .await?)
    }

    /// Removes contents that nobody has referred to since `before` or longer, at most `limit` of them; tells how
    /// many.
    pub async fn prune_files(&self, before: DateTime<Utc>, limit: u32) -> Result<u64, StoreError> {
        let released = file::Column::ReleasedAt.lt(micros::to(before));
        let old: Vec<String> = file::Entity::find()
            .select_only()
            .column(file::Column::Sha256)
            .filter(released.clone())
            .order_by_asc(file::Column::ReleasedAt)
            .limit(u64::from(limit))
            .into_tuple()
            .all(&self.reader)
            .await?;
        if old.is_empty() {
            return Ok(0);
        }
        let _turn = self.turn().await;
        // Asked once more: a file may be kept anew in between, which takes its release back.
        let removed = file::Entity::delete_many()
            .filter(file::Column::Sha256.is_in(old))
            .filter(released)
            .filter(is_referred_to().not())
            .exec(&self.writer)
            .await?;
        Ok(removed.rows_affected)
    }
}

/// Stores the content, or takes the release of the one that is there back, which also locks it.
pub(crate) async fn store<C: ConnectionTrait>(
    db: &C,
    sha256: &str,
    new: &NewFile,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = file::ActiveModel {
        sha256: Set(sha256.to_owned()),
        size: Set(i64::try_from(new.bytes.len()).unwrap_or(i64::MAX)),
        content_type: Set(words::fit(&new.content_type, 255)),
        bytes: Set(new.bytes.clone()),
        stored_at: Set(micros::to(now)),
        released_at: Set(None),
    };
    let keep = OnConflict::column(file::Column::Sha256)
        .update_column(file::Column::ReleasedAt)
        .to_owned();
    file::Entity::insert(row)
        .on_conflict(keep)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Notes of those contents that nobody refers to any more since when that is so.
pub(crate) async fn release<C: ConnectionTrait>(
    db: &C,
    contents: Vec<String>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if contents.is_empty() {
        return Ok(());
    }
    file::Entity::update_many()
        .col_expr(file::Column::ReleasedAt, Expr::value(Some(micros::to(now))))
        .filter(file::Column::Sha256.is_in(contents))
        .filter(is_referred_to().not())
        .exec(db)
        .await?;
    Ok(())
}

fn is_referred_to() -> SimpleExpr {
    let referring = Query::select()
        .expr(Expr::value(1))
        .from(attachment::Entity)
        .and_where(
            Expr::col((attachment::Entity, attachment::Column::Sha256))
                .equals((file::Entity, file::Column::Sha256)),
        )
        .to_owned();
    Expr::exists(referring)
}
