//! Messages to be sent.

use sea_orm_migration::sea_orm::DbBackend;
use sea_orm_migration::sea_query::{ColumnDef, TableCreateStatement};

use crate::columns::{big, big_null, id, int, table, text, text_null, word, word_null};
use crate::step::NamedIndex;

pub(crate) fn outbox(backend: DbBackend) -> TableCreateStatement {
    table("outbox", backend)
        .col(id())
        .col(word("dedupe_key", 191).unique_key())
        .col(word_null("sp_no", 64))
        .col(word("channel", 32))
        .col(word("recipient", 128))
        .col(ColumnDef::new("priority").small_integer().not_null())
        .col(text("body", backend))
        .col(word("state", 16))
        .col(int("attempts"))
        .col(big("run_at"))
        .col(big_null("first_attempt_at"))
        .col(big_null("attempted_at"))
        .col(big_null("lease_until"))
        .col(ColumnDef::new("lease_token").uuid().null())
        .col(text_null("last_error", backend))
        .col(text_null("msgid", backend))
        .col(text_null("response_code", backend))
        .col(big("created_at"))
        .col(big_null("delivered_at"))
        .take()
}

/// What to send next: by priority, then age.
pub(crate) fn outbox_next(_: DbBackend) -> NamedIndex {
    NamedIndex::on(
        "outbox",
        "outbox_next",
        &["state", "priority", "created_at", "id"],
    )
}

/// How many messages a member got of late.
pub(crate) fn outbox_sent(_: DbBackend) -> NamedIndex {
    NamedIndex::on("outbox", "outbox_sent", &["recipient", "attempted_at"])
}

pub(crate) fn outbox_change(_: DbBackend) -> NamedIndex {
    NamedIndex::on("outbox", "outbox_change", &["sp_no"])
}

/// The message in one line, if it may be merged with others.
pub(crate) fn bundle_line(backend: DbBackend) -> ColumnDef {
    text_null("bundle_line", backend)
}

/// When it is due, as long as it may still be merged: the index over it is empty but for what waits.
pub(crate) fn bundle_at(_: DbBackend) -> ColumnDef {
    big_null("bundle_at")
}

/// The message that it was merged into.
pub(crate) fn bundled_in(_: DbBackend) -> ColumnDef {
    ColumnDef::new("bundled_in").uuid().null().take()
}

/// What is sent if the body cannot be.
pub(crate) fn fallback(backend: DbBackend) -> ColumnDef {
    text_null("fallback", backend)
}

pub(crate) fn outbox_bundle(_: DbBackend) -> NamedIndex {
    NamedIndex::on("outbox", "outbox_bundle", &["bundle_at"])
}

pub(crate) fn outbox_bundled(_: DbBackend) -> NamedIndex {
    NamedIndex::on("outbox", "outbox_bundled", &["bundled_in"])
}
