//! Cards: messages with buttons, and what is needed to know a press again and to alter the card.

use sea_orm_migration::sea_orm::DbBackend;
use sea_orm_migration::sea_query::TableCreateStatement;

use crate::columns::{big, big_null, table, text, text_null, word};
use crate::step::NamedIndex;

pub(crate) fn cards(backend: DbBackend) -> TableCreateStatement {
    table("cards", backend)
        .col(word("task_id", 128).primary_key())
        .col(word("card_key", 64).unique_key())
        .col(word("sp_no", 64))
        .col(big("duty"))
        .col(word("holder", 128))
        .col(text("actions", backend))
        .col(word("message_key", 191))
        .col(text_null("response_code", backend))
        .col(big_null("code_at"))
        .col(word("state", 16))
        .col(big("created_at"))
        .take()
}

pub(crate) fn cards_duty(_: DbBackend) -> NamedIndex {
    NamedIndex::on("cards", "cards_duty", &["sp_no", "duty"])
}

/// Which card a delivered message was.
pub(crate) fn cards_message(_: DbBackend) -> NamedIndex {
    NamedIndex::on("cards", "cards_message", &["message_key"])
}

/// What may be cleared away.
pub(crate) fn cards_old(_: DbBackend) -> NamedIndex {
    NamedIndex::on("cards", "cards_old", &["state", "created_at"])
}
