//! Small things to remember by name: cursors and counters of reconciliation.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::Value;

use crate::entity::sync_state;
use crate::transaction::retrying;
use crate::{Store, StoreError, micros, words};

impl Store {
    /// What is remembered under `name`.
    pub async fn state(&self, name: &str) -> Result<Option<Value>, StoreError> {
        let row = sync_state::Entity::find_by_id(name).one(&self.reader).await?;
        Ok(row.map(|row| serde_json::from_str(&row.content)).transpose()?)
    }

    /// Remembers `value` under `name` (at most 128 bytes).
    pub async fn set_state(&self, name: &str, value: &Value, now: DateTime<Utc>) -> Result<(), StoreError> {
        retrying!(set(&self.writer, name, value, now))
    }

    /// Forgets what was remembered before `before` under names that begin with `prefix`, at most `limit` of them;
    /// tells how many.
    pub async fn prune_states(
        &self,
        prefix: &str,
        before: DateTime<Utc>,
        limit: u32,
    ) -> Result<u64, StoreError> {
        let old = sync_state::Entity::find()
            .filter(sync_state::Column::Name.starts_with(prefix))
            .filter(sync_state::Column::UpdatedAt.lt(micros::to(before)));
        self.remove::<_, String>(old, sync_state::Column::Name, limit)
            .await
    }
}

/// Remembers `value` under `name`.
pub(crate) async fn set<C: ConnectionTrait>(
    db: &C,
    name: &str,
    value: &Value,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = sync_state::ActiveModel {
        name: Set(words::key(name, "sync_state.name", 128)?),
        content: Set(serde_json::to_string(value)?),
        updated_at: Set(micros::to(now)),
    };
    let replace = OnConflict::column(sync_state::Column::Name)
        .update_columns([sync_state::Column::Content, sync_state::Column::UpdatedAt])
        .to_owned();
    sync_state::Entity::insert(row)
        .on_conflict(replace)
        .exec_without_returning(db)
        .await?;
    Ok(())
}
