//! Connections, set up for durability first.
//!
//! SQLite: WAL with synchronous FULL, one writer connection, a second pool that can only read, and a third connection
//! for checkpoints. The automatic checkpoint is set far off: each one costs extra flushes in the middle of a commit.

use std::str::FromStr;

use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, Database, DatabaseConnection};

use crate::{StoreError, StoreOptions};

/// Pages in the log at which SQLite checkpoints by itself, should nobody call [`crate::Store::maintain`]: 64 MiB.
const AUTO_CHECKPOINT_PAGES: &str = "16384";

/// The connections behind a store; on servers `reader` is the same pool as `writer`.
pub(crate) struct Connections {
    pub(crate) writer: DatabaseConnection,
    pub(crate) reader: DatabaseConnection,
    pub(crate) checkpointer: Option<DatabaseConnection>,
}

/// Connects to whatever the address names.
pub(crate) async fn open(options: &StoreOptions) -> Result<Connections, StoreError> {
    let scheme = options.url.split(':').next().unwrap_or_default();
    match scheme {
        "sqlite" => open_sqlite(options).await,
        "postgres" | "postgresql" | "mysql" | "mariadb" => {
            let pool = open_server(options, options.max_connections.max(2)).await?;
            Ok(Connections {
                writer: pool.clone(),
                reader: pool,
                checkpointer: None,
            })
        }
        _ => Err(StoreError::UnknownBackend),
    }
}

/// A pool on a database server; with one connection it is a session, as migrations need it.
pub(crate) async fn open_server(
    options: &StoreOptions,
    connections: u32,
) -> Result<DatabaseConnection, StoreError> {
    let url = options
        .url
        .strip_prefix("mariadb:")
        .map_or_else(|| options.url.clone(), |rest| format!("mysql:{rest}"));
    let mut connect = common(url, options);
    connect.max_connections(connections).min_connections(1);
    Ok(Database::connect(connect).await?)
}

async fn open_sqlite(options: &StoreOptions) -> Result<Connections, StoreError> {
    // Fails here with a plain error, rather than later inside the pool, when the address cannot be read.
    SqliteConnectOptions::from_str(&options.url)
        .map_err(|error| StoreError::Database(sea_orm::DbErr::Custom(error.to_string())))?;
    if options.url.contains(":memory:") || options.url.contains("mode=memory") {
        return Err(StoreError::UnknownBackend);
    }
    let writer = Database::connect(sqlite(options, 1, |sqlite| {
        sqlite
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .pragma("cache_size", "-8000")
    }))
    .await?;
    let reader = Database::connect(sqlite(options, options.max_connections.clamp(1, 4), |sqlite| {
        sqlite.read_only(true).pragma("query_only", "on")
    }))
    .await?;
    let checkpointer = Database::connect(sqlite(options, 1, |sqlite| sqlite)).await?;
    Ok(Connections {
        writer,
        reader,
        checkpointer: Some(checkpointer),
    })
}

fn sqlite(
    options: &StoreOptions,
    connections: u32,
    role: fn(SqliteConnectOptions) -> SqliteConnectOptions,
) -> ConnectOptions {
    let mut connect = common(options.url.clone(), options);
    connect
        .max_connections(connections)
        .min_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .map_sqlx_sqlite_opts(move |sqlite| {
            role(
                sqlite
                    .synchronous(SqliteSynchronous::Full)
                    .busy_timeout(std::time::Duration::from_secs(5))
                    .foreign_keys(true)
                    .pragma("wal_autocheckpoint", AUTO_CHECKPOINT_PAGES),
            )
        });
    connect
}

fn common(url: String, options: &StoreOptions) -> ConnectOptions {
    let mut connect = ConnectOptions::new(url);
    connect
        .acquire_timeout(options.acquire_timeout)
        .connect_timeout(options.acquire_timeout)
        .sqlx_logging(false);
    connect
}
