//! What a period brought, counted from the tables themselves.

pub(crate) mod approvals;
pub(crate) mod rules;
pub(crate) mod signatures;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};

use crate::entity::{inbox, outbox, verdict};
use crate::{EventSource, MessageState, Store, StoreError, ids};

/// A period in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Events that WeCom posted.
    pub events_by_callback: u64,
    /// Events that reconciliation found.
    pub events_by_reconciliation: u64,
    /// Events that people asked for.
    pub events_by_hand: u64,
    /// Events that timers made.
    pub events_by_timer: u64,
    /// Changes that got at least one verdict.
    pub changes_evaluated: u64,
    /// Verdicts given.
    pub verdicts: u64,
    /// Messages decided on.
    pub messages: u64,
    /// Of these, delivered by now.
    pub messages_delivered: u64,
    /// Of these, given up by now.
    pub messages_undeliverable: u64,
    /// The same three by what the messages go by, in the order of the word.
    pub messages_by_channel: Vec<ChannelLine>,
}

/// The messages of a period that go by one channel.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChannelLine {
    /// By what they go: the word in [`crate::NewMessage::channel`].
    pub channel: String,
    /// Messages decided on.
    pub decided: u64,
    /// Of these, delivered by now.
    pub delivered: u64,
    /// Of these, given up by now.
    pub undeliverable: u64,
}

impl Store {
    /// The period from `from` up to, not including, `to`, in whole milliseconds.
    ///
    /// Events that were pruned are not counted any more.
    pub async fn ledger(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Ledger, StoreError> {
        let mut ledger = Ledger::default();
        self.count_events(&mut ledger, from, to).await?;
        self.count_messages(&mut ledger, from, to).await?;
        let verdicts = verdict::Entity::find()
            .filter(verdict::Column::Id.gte(ids::floor(from)))
            .filter(verdict::Column::Id.lt(ids::floor(to)));
        ledger.verdicts = verdicts.clone().count(&self.reader).await?;
        ledger.changes_evaluated = verdicts
            .select_only()
            .column(verdict::Column::SpNo)
            .distinct()
            .count(&self.reader)
            .await?;
        Ok(ledger)
    }

    async fn count_events(
        &self,
        ledger: &mut Ledger,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let rows: Vec<(String, i64)> = inbox::Entity::find()
            .select_only()
            .column(inbox::Column::Source)
            .column_as(inbox::Column::Id.count(), "events")
            .filter(inbox::Column::Id.gte(ids::floor(from)))
            .filter(inbox::Column::Id.lt(ids::floor(to)))
            .group_by(inbox::Column::Source)
            .into_tuple()
            .all(&self.reader)
            .await?;
        for (source, events) in rows {
            let events = u64::try_from(events).unwrap_or(0);
            match EventSource::read(source, "inbox", "source", "any row")? {
                EventSource::Callback => ledger.events_by_callback = events,
                EventSource::Reconciliation => ledger.events_by_reconciliation = events,
                EventSource::Manual => ledger.events_by_hand = events,
                EventSource::Timer => ledger.events_by_timer = events,
            }
        }
        Ok(())
    }

    async fn count_messages(
        &self,
        ledger: &mut Ledger,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let rows: Vec<(String, String, i64)> = outbox::Entity::find()
            .select_only()
            .column(outbox::Column::Channel)
            .column(outbox::Column::State)
            .column_as(outbox::Column::Id.count(), "messages")
            .filter(outbox::Column::Id.gte(ids::floor(from)))
            .filter(outbox::Column::Id.lt(ids::floor(to)))
            .group_by(outbox::Column::Channel)
            .group_by(outbox::Column::State)
            .into_tuple()
            .all(&self.reader)
            .await?;
        let mut lines: BTreeMap<String, ChannelLine> = BTreeMap::new();
        for (channel, state, messages) in rows {
            let messages = u64::try_from(messages).unwrap_or(0);
            let line = lines.entry(channel.clone()).or_insert_with(|| ChannelLine {
                channel,
                ..ChannelLine::default()
            });
            line.decided += messages;
            match MessageState::read(state, "outbox", "state", "any row")? {
                // What was merged goes with the message that went in its place.
                MessageState::Delivered | MessageState::Bundled => line.delivered += messages,
                MessageState::Undeliverable => line.undeliverable += messages,
                MessageState::Ready | MessageState::Sending => {}
            }
        }
        for line in lines.values() {
            ledger.messages += line.decided;
            ledger.messages_delivered += line.delivered;
            ledger.messages_undeliverable += line.undeliverable;
        }
        ledger.messages_by_channel = lines.into_values().collect();
        Ok(())
    }
}
