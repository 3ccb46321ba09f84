//! Transactions that behave the same on all three databases.

use std::sync::Arc;

use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbBackend, IsolationLevel, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use sea_orm::{DbErr, RuntimeErr};

use crate::{Store, StoreError};

/// How often a transaction is tried again that the database gave up on for the sake of another.
const TRIES: u32 = 20;

/// Begins a transaction that will write: IMMEDIATE on SQLite, where a deferred one would fail as soon as it writes
/// after reading; READ COMMITTED on the servers, where `SKIP LOCKED` needs no more.
pub(crate) async fn begin(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let options = if db.get_database_backend() == DbBackend::Sqlite {
        TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        }
    } else {
        TransactionOptions {
            isolation_level: Some(IsolationLevel::ReadCommitted),
            ..Default::default()
        }
    };
    db.begin_with_options(options).await
}

/// The permission to write, beside the group commit of the inbox.
pub(crate) type Turn = tokio::sync::OwnedSemaphorePermit;

impl Store {
    /// Waits for the turn to write. On SQLite all writers share one connection: whoever works off what was stored
    /// takes turns, so that a callback's group commit never waits for more than one of them.
    pub(crate) async fn turn(&self) -> Option<Turn> {
        Arc::clone(&self.turns).acquire_owned().await.ok()
    }

    /// Begins a transaction that will write, when it is its turn.
    pub(crate) async fn begin(&self) -> Result<(DatabaseTransaction, Option<Turn>), DbErr> {
        let turn = self.turn().await;
        Ok((begin(&self.writer).await?, turn))
    }
}

/// Whether the database gave this transaction up for the sake of another, so that trying again helps.
pub(crate) fn is_transient(error: &StoreError) -> bool {
    let StoreError::Database(
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)),
    ) = error
    else {
        return false;
    };
    let Some(database) = error.as_database_error() else {
        return false;
    };
    // PostgreSQL: serialization failure, deadlock. MySQL: deadlock (state 40001), lock wait time-out (1205).
    matches!(
        database.code().as_deref(),
        Some("40001" | "40P01" | "1205" | "1213" | "5" | "517")
    ) || database.message().contains("Record has changed since last read")
}

/// Runs `$body` (an async expression of `Result<T, StoreError>`) until it ends for a reason other than another
/// transaction's presence.
macro_rules! retrying {
    ($body:expr) => {{
        let mut tries = 0_u32;
        loop {
            tries += 1;
            match $body.await {
                Err(error)
                    if crate::transaction::is_transient(&error) && tries < crate::transaction::tries() => {}
                result => break result,
            }
        }
    }};
}
pub(crate) use retrying;

/// See [`retrying`].
pub(crate) const fn tries() -> u32 {
    TRIES
}
