//! What is found outside the form: files, images, and deployments that were reported.

use sea_orm_migration::sea_orm::DbBackend;
use sea_orm_migration::sea_query::{ColumnDef, Index, TableCreateStatement};

use crate::columns::{big, big_null, bytes, id, int, table, text, text_null, word, word_null};
use crate::step::NamedIndex;

/// Contents of files, each once.
pub(crate) fn files(backend: DbBackend) -> TableCreateStatement {
    table("files", backend)
        .col(word("sha256", 64).primary_key())
        .col(big("size"))
        .col(word("content_type", 255))
        .col(bytes("bytes", backend))
        .col(big("stored_at"))
        .col(big_null("released_at"))
        .take()
}

/// What may be cleared away: empty but for what nobody refers to any more.
pub(crate) fn files_released(_: DbBackend) -> NamedIndex {
    NamedIndex::on("files", "files_released", &["released_at"])
}

pub(crate) fn attachments(backend: DbBackend) -> TableCreateStatement {
    table("attachments", backend)
        .col(word("sp_no", 64))
        .col(word("file_id", 255))
        .col(text("name", backend))
        .col(word_null("sha256", 64))
        .col(big_null("size"))
        .col(big_null("fetched_at"))
        .col(big("tried_at"))
        .col(text_null("failure", backend))
        .col(int("attempts"))
        .col(text_null("reading", backend))
        .primary_key(Index::create().col("sp_no").col("file_id"))
        .take()
}

/// Who refers to a content.
pub(crate) fn attachments_file(_: DbBackend) -> NamedIndex {
    NamedIndex::on("attachments", "attachments_file", &["sha256"])
}

pub(crate) fn images(backend: DbBackend) -> TableCreateStatement {
    table("images", backend)
        .col(word("sp_no", 64))
        .col(word("image", 512))
        .col(word_null("digest", 255))
        .col(big("recorded_at"))
        .col(word_null("current_digest", 255))
        .col(big_null("current_at"))
        .col(text_null("failure", backend))
        .primary_key(Index::create().col("sp_no").col("image"))
        .take()
}

/// A deployment that names no change has an empty number: what is absent would be unlike itself in the unique index.
pub(crate) fn deployments(backend: DbBackend) -> TableCreateStatement {
    table("deployments", backend)
        .col(id())
        .col(word("sp_no", 64))
        .col(word("external_id", 191))
        .col(word("status", 32))
        .col(word("environment", 128))
        .col(text("images", backend))
        .col(word("reported_by", 128))
        .col(word("actor", 128))
        .col(big("happened_at"))
        .col(big("received_at"))
        .col(text("note", backend))
        .col(ColumnDef::new("matched").boolean().not_null())
        .index(
            Index::create()
                .unique()
                .name("deployments_once")
                .col("sp_no")
                .col("external_id")
                .col("status"),
        )
        .take()
}

/// Those without a change, by time.
pub(crate) fn deployments_stray(_: DbBackend) -> NamedIndex {
    NamedIndex::on("deployments", "deployments_stray", &["matched", "received_at"])
}
