//! How the approvals of a period came to be known: whether callbacks arrive, and what reconciliation had to find.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::entity::change;
use crate::{EventSource, Store, StoreError, micros};

/// The approvals that were submitted in a period, by what each was first heard of by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ApprovalsKnown {
    /// All of them.
    pub total: u64,
    /// By an event that WeCom posted.
    pub by_callback: u64,
    /// By reconciliation.
    pub by_reconciliation: u64,
    /// By a person who asked for it.
    pub by_hand: u64,
    /// By a timer, which is never the first in good order.
    pub by_timer: u64,
    /// From before this was kept.
    pub not_kept: u64,
}

impl Store {
    /// Approvals of these templates that were submitted in `[from, to)`, one look along the index by time.
    pub async fn approvals_known(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        templates: &[&str],
    ) -> Result<ApprovalsKnown, StoreError> {
        let rows: Vec<(Option<String>, i64)> = change::Entity::find()
            .select_only()
            .column(change::Column::FirstSource)
            .column_as(change::Column::SpNo.count(), "changes")
            .filter(change::Column::ApplyTime.gte(micros::to(from)))
            .filter(change::Column::ApplyTime.lt(micros::to(to)))
            .filter(change::Column::TemplateId.is_in(templates.iter().copied()))
            .group_by(change::Column::FirstSource)
            .into_tuple()
            .all(&self.reader)
            .await?;
        let mut known = ApprovalsKnown::default();
        for (source, changes) in rows {
            let changes = u64::try_from(changes).unwrap_or(0);
            known.total += changes;
            let source = source
                .map(|word| EventSource::read(word, "changes", "first_source", "any row"))
                .transpose()?;
            match source {
                Some(EventSource::Callback) => known.by_callback = changes,
                Some(EventSource::Reconciliation) => known.by_reconciliation = changes,
                Some(EventSource::Manual) => known.by_hand = changes,
                Some(EventSource::Timer) => known.by_timer = changes,
                None => known.not_kept = changes,
            }
        }
        Ok(known)
    }
}
