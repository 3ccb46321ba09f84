//! API tokens, web sessions, waivers, and what is remembered by name.

use sea_orm_migration::sea_orm::DbBackend;
use sea_orm_migration::sea_query::{ColumnDef, TableCreateStatement};

use crate::columns::{big, big_null, id, sha256, table, text, text_null, word, word_null};
use crate::step::NamedIndex;

pub(crate) fn api_tokens(backend: DbBackend) -> TableCreateStatement {
    table("api_tokens", backend)
        .col(id())
        .col(word("name", 128))
        .col(text("scopes", backend))
        .col(sha256("token_hash").unique_key())
        .col(big("created_at"))
        .col(big_null("last_used_at"))
        .col(big_null("revoked_at"))
        .take()
}

pub(crate) fn waivers(backend: DbBackend) -> TableCreateStatement {
    table("waivers", backend)
        .col(id())
        .col(word("sp_no", 64))
        .col(word("rule", 64))
        .col(text("reason", backend))
        .col(word("requested_by", 128))
        .col(big("requested_at"))
        .col(ColumnDef::new("granted").boolean().null())
        .col(word_null("decided_by", 128))
        .col(big_null("decided_at"))
        .col(text_null("decision_reason", backend))
        .take()
}

pub(crate) fn waivers_change(_: DbBackend) -> NamedIndex {
    NamedIndex::on("waivers", "waivers_change", &["sp_no"])
}

/// What was granted in a period.
pub(crate) fn waivers_decided(_: DbBackend) -> NamedIndex {
    NamedIndex::on("waivers", "waivers_decided", &["decided_at"])
}

pub(crate) fn sync_state(backend: DbBackend) -> TableCreateStatement {
    table("sync_state", backend)
        .col(word("name", 128).primary_key())
        .col(text("content", backend))
        .col(big("updated_at"))
        .take()
}

/// Tokens are kept as the hexadecimal SHA-256 only.
pub(crate) fn sessions(backend: DbBackend) -> TableCreateStatement {
    table("sessions", backend)
        .col(word("token_hash", 64).primary_key())
        .col(word("user_id", 128))
        .col(big("created_at"))
        .col(big("seen_at"))
        .col(big_null("revoked_at"))
        .take()
}

pub(crate) fn sessions_old(_: DbBackend) -> NamedIndex {
    NamedIndex::on("sessions", "sessions_old", &["created_at"])
}

/// Logins that were begun; the state is kept as the hexadecimal SHA-256 only.
pub(crate) fn logins(backend: DbBackend) -> TableCreateStatement {
    table("logins", backend)
        .col(word("state_hash", 64).primary_key())
        .col(text("return_to", backend))
        .col(big("created_at"))
        .take()
}

pub(crate) fn logins_old(_: DbBackend) -> NamedIndex {
    NamedIndex::on("logins", "logins_old", &["created_at"])
}
