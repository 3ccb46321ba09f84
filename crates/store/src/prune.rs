//! Removing what is old: a bounded number at once, so that nobody waits for the clearing-up.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Select, TryGetableMany, Value};

use crate::{Store, StoreError};

impl Store {
    /// Removes the rows that `old` finds, at most `limit` of them, by their keys in `key`; tells how many.
    ///
    /// Found without a lock and removed by key: MySQL deletes nothing that it selects from in the same statement.
    pub(crate) async fn remove<E, K>(
        &self,
        old: Select<E>,
        key: E::Column,
        limit: u32,
    ) -> Result<u64, StoreError>
    where
        E: EntityTrait,
        K: TryGetableMany + Into<Value> + Send,
    {
        let keys: Vec<K> = old
            .select_only()
            .column(key)
            .limit(u64::from(limit))
            .into_tuple()
            .all(&self.reader)
            .await?;
        if keys.is_empty() {
            return Ok(0);
        }
        let _turn = self.turn().await;
        let removed = E::delete_many()
            .filter(key.is_in(keys))
            .exec(&self.writer)
            .await?;
        Ok(removed.rows_affected)
    }
}
