//! The finders that figures and daily reports are made from.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, Iterable, QueryFilter, QueryOrder, QuerySelect};

use crate::change::Change;
use crate::entity::change;
use crate::{Store, StoreError, micros};

/// Rows that are read at once.
const PAGE: u64 = 2_000;

impl Store {
    /// Changes that were submitted, passed, carried out or ended in `[from, to)`, by time of submission, then number; those
    /// without one come last.
    ///
    /// Without [`crate::ChangeDraft::told`], which would be most of the memory and is of no use for figures.
    pub async fn changes_in_period(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<Change>, StoreError> {
        let period = (micros::to(from), micros::to(to));
        let mut changes = Vec::new();
        let mut read: Vec<change::Column> = Vec::new();
        for column in [
            change::Column::ApplyTime,
            change::Column::ExecutedAt,
            change::Column::ClosedAt,
            change::Column::ApprovedAt,
        ] {
            self.collect(column, &read, period, &mut changes).await?;
            read.push(column);
        }
        changes.sort_unstable_by(|a, b| key(a).cmp(&key(b)));
        Ok(changes)
    }

    /// Reads one range of an index, page by page, without what the ranges of the columns `read` have found.
    async fn collect(
        &self,
        column: change::Column,
        read: &[change::Column],
        (from, to): (i64, i64),
        found: &mut Vec<Change>,
    ) -> Result<(), StoreError> {
        let mut after: Option<(i64, String)> = None;
        loop {
            let mut select = change::Entity::find()
                .select_only()
                .columns(change::Column::iter().filter(|column| !matches!(column, change::Column::Told)))
                .expr_as(Expr::cust("'null'"), "told")
                .filter(column.gte(from))
                .filter(column.lt(to));
            for other in read {
                let outside = Condition::any()
                    .add(other.is_null())
                    .add(other.lt(from))
                    .add(other.gte(to));
                select = select.filter(outside);
            }
            if let Some((at, sp_no)) = &after {
                let beyond = Condition::any().add(column.gt(*at)).add(
                    Condition::all()
                        .add(column.eq(*at))
                        .add(change::Column::SpNo.gt(sp_no.as_str())),
                );
                select = select.filter(column.gte(*at)).filter(beyond);
            }
            let rows = select
                .order_by_asc(column)
                .order_by_asc(change::Column::SpNo)
                .limit(PAGE)
                .all(&self.reader)
                .await?;
            let is_last = u64::try_from(rows.len()).is_ok_and(|rows| rows < PAGE);
            after = rows
                .last()
                .and_then(|row| Some((place(row, column)?, row.sp_no.clone())));
            for row in rows {
                found.push(Change::try_from(row)?);
            }
            if is_last || after.is_none() {
                return Ok(());
            }
        }
    }

    /// Open changes at one of these stages, by planned begin, then number.
    pub async fn open_changes_in_stage(&self, stages: &[&str]) -> Result<Vec<Change>, StoreError> {
        change::Entity::find()
            .filter(change::Column::IsOpen.eq(true))
            .filter(change::Column::Stage.is_in(stages.iter().copied()))
            .order_by_asc(change::Column::PlannedFrom)
            .order_by_asc(change::Column::SpNo)
            .all(&self.reader)
            .await?
            .into_iter()
            .map(Change::try_from)
            .collect()
    }
}

fn place(row: &change::Model, column: change::Column) -> Option<i64> {
    match column {
        change::Column::ExecutedAt => row.executed_at,
        change::Column::ClosedAt => row.closed_at,
        change::Column::ApprovedAt => row.approved_at,
        _ => row.apply_time,
    }
}

fn key(change: &Change) -> (bool, Option<DateTime<Utc>>, &str) {
    let at = change.draft.apply_time;
    (at.is_none(), at, &change.draft.sp_no)
}
