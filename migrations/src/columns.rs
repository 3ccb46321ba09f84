//! The few kinds of columns that all tables are made of.

use sea_orm_migration::sea_orm::DbBackend;
use sea_orm_migration::sea_query::{ColumnDef, Table, TableCreateStatement};

/// A table whose keys compare byte by byte.
pub(crate) fn table(name: &'static str, backend: DbBackend) -> TableCreateStatement {
    let mut table = Table::create();
    table.table(name);
    if backend == DbBackend::MySql {
        table
            .engine("InnoDB")
            .character_set("utf8mb4")
            .collate("utf8mb4_bin");
    }
    table
}

/// A required word of at most `length` characters.
pub(crate) fn word(name: &'static str, length: u32) -> ColumnDef {
    ColumnDef::new(name).string_len(length).not_null().take()
}

/// A word that may be absent.
pub(crate) fn word_null(name: &'static str, length: u32) -> ColumnDef {
    ColumnDef::new(name).string_len(length).null().take()
}

/// Text of any length; MySQL's own `TEXT` ends at 64 KiB.
pub(crate) fn text(name: &'static str, backend: DbBackend) -> ColumnDef {
    text_null(name, backend).not_null().take()
}

/// Text of any length that may be absent.
pub(crate) fn text_null(name: &'static str, backend: DbBackend) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    if backend == DbBackend::MySql {
        column.custom("longtext");
    } else {
        column.text();
    }
    column.take()
}

/// A required instant, or any other whole number of 64 bits.
pub(crate) fn big(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().not_null().take()
}

/// An instant that may be absent.
pub(crate) fn big_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().null().take()
}

/// A required whole number of 32 bits.
pub(crate) fn int(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).integer().not_null().take()
}

/// The `id` of a row.
pub(crate) fn id() -> ColumnDef {
    ColumnDef::new("id").uuid().not_null().primary_key().take()
}

/// 32 bytes of SHA-256.
pub(crate) fn sha256(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).binary_len(32).not_null().take()
}

/// Bytes of any number; MySQL's own `BLOB` ends at 64 KiB.
pub(crate) fn bytes(name: &'static str, backend: DbBackend) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    if backend == DbBackend::MySql {
        column.custom("longblob");
    } else {
        column.blob();
    }
    column.not_null().take()
}
