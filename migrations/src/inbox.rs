//! Events, the lanes they are worked off in, and timers, which become events.

use sea_orm_migration::sea_orm::DbBackend;
use sea_orm_migration::sea_query::{
    ColumnDef, ConditionalStatement, Expr, ExprTrait, Index, TableCreateStatement,
};

use crate::columns::{big, big_null, id, int, sha256, table, text, text_null, word};
use crate::step::NamedIndex;

/// Unique is the key within its subject: numbers of changes grow, so new entries of this index stand side by side,
/// where those of a bare hash would each touch another page. It finds a subject's events as well.
pub(crate) fn inbox(backend: DbBackend) -> TableCreateStatement {
    table("inbox", backend)
        .col(id())
        .col(sha256("event_key"))
        .col(word("subject", 128))
        .col(word("kind", 64))
        .col(text("payload", backend))
        .col(word("source", 16))
        .col(word("state", 16))
        .col(int("attempts"))
        .col(big("received_at"))
        .col(big("run_at"))
        .col(big_null("done_at"))
        .col(text_null("last_error", backend))
        .index(
            Index::create()
                .unique()
                .name("inbox_key")
                .col("subject")
                .col("event_key"),
        )
        .take()
}

/// Only what is still to be done is indexed where the database can do that: the callback path pays for every index.
pub(crate) fn inbox_due(backend: DbBackend) -> NamedIndex {
    if backend == DbBackend::MySql {
        return NamedIndex::on("inbox", "inbox_due", &["state", "run_at"]);
    }
    let mut index = NamedIndex::on("inbox", "inbox_due", &["run_at"]);
    index
        .create
        .and_where(Expr::col("state").eq(Expr::cust("'ready'")));
    index
}

pub(crate) fn lanes(backend: DbBackend) -> TableCreateStatement {
    table("lanes", backend)
        .col(word("subject", 128).primary_key())
        .col(big("lease_until"))
        .col(ColumnDef::new("lease_token").uuid().null())
        .take()
}

pub(crate) fn timers(backend: DbBackend) -> TableCreateStatement {
    table("timers", backend)
        .col(word("sp_no", 64))
        .col(word("name", 128))
        .col(big("due_at"))
        .col(text("payload", backend))
        .primary_key(Index::create().col("sp_no").col("name"))
        .take()
}

pub(crate) fn timers_due(_: DbBackend) -> NamedIndex {
    NamedIndex::on("timers", "timers_due", &["due_at"])
}
