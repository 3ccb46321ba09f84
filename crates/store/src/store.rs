//! The handle on the database: connections, wake-up calls, health.

pub(crate) mod connect;
pub(crate) mod migrate;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseConnection, DbBackend, EntityTrait, QueryFilter};
use tokio::sync::{Notify, Semaphore};

use crate::entity::{lane, outbox};
use crate::{MessageState, StoreError, micros};

/// Which database stands behind a [`Store`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// SQLite, embedded; one process.
    Sqlite,
    /// PostgreSQL; any number of replicas.
    Postgres,
    /// MariaDB or MySQL; any number of replicas.
    Mysql,
}

/// How to reach the database.
#[derive(Clone)]
pub struct StoreOptions {
    /// `sqlite://file.db`, `postgres://…` or `mysql://…`.
    pub url: String,
    /// Connections of the pool; on SQLite those of the read-only pool, beside the one writer.
    pub max_connections: u32,
    /// How long a query waits for a connection.
    pub acquire_timeout: Duration,
}

impl StoreOptions {
    /// The usual settings for the database at `url`.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            max_connections: 8,
            acquire_timeout: Duration::from_secs(5),
        }
    }
}

impl std::fmt::Debug for StoreOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoreOptions")
            .field("url", &"***")
            .field("max_connections", &self.max_connections)
            .field("acquire_timeout", &self.acquire_timeout)
            .finish()
    }
}

/// Called after each commit that made work ready, so that loops in this process need not poll hot.
///
/// Other replicas' commits are not heard: a loop still looks by itself now and then.
#[derive(Debug, Default)]
pub struct Wake {
    /// There are new inbox rows.
    pub inbox: Notify,
    /// There are new outbox rows.
    pub outbox: Notify,
    /// Timers were set or cleared.
    pub timers: Notify,
}

/// Everything that changegate remembers. Cheap to clone; all clones share the connections.
#[derive(Clone)]
pub struct Store {
    pub(crate) writer: DatabaseConnection,
    pub(crate) reader: DatabaseConnection,
    checkpointer: Option<DatabaseConnection>,
    options: StoreOptions,
    wake: Arc<Wake>,
    pub(crate) turns: Arc<Semaphore>,
    /// Events that this process has taken through its [`crate::InboxWriter`].
    pub(crate) taken: Arc<AtomicU64>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("backend", &self.backend())
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Connects. On SQLite the file is made if it is not there; tables come with [`Store::migrate_up`].
    pub async fn open(options: &StoreOptions) -> Result<Self, StoreError> {
        let connections = connect::open(options).await?;
        let turns = match connections.writer.get_database_backend() {
            DbBackend::Sqlite => 1,
            _ => Semaphore::MAX_PERMITS,
        };
        Ok(Self {
            writer: connections.writer,
            reader: connections.reader,
            checkpointer: connections.checkpointer,
            options: options.clone(),
            wake: Arc::new(Wake::default()),
            turns: Arc::new(Semaphore::new(turns)),
            taken: Arc::new(AtomicU64::new(0)),
        })
    }

    /// Which database this is.
    pub fn backend(&self) -> Backend {
        match self.writer.get_database_backend() {
            DbBackend::Postgres => Backend::Postgres,
            DbBackend::MySql => Backend::Mysql,
            _ => Backend::Sqlite,
        }
    }

    /// How many events this process has stored through its inbox writer since it started: tells a loop whether
    /// callbacks are pouring in.
    pub fn events_taken(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }

    /// Gives back what a process that is no more had in its hands. Only on SQLite, where nobody else can be at
    /// work: elsewhere leases run out by themselves. To be called once at start.
    pub async fn take_back_leases(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        if self.backend() != Backend::Sqlite {
            return Ok(());
        }
        let (txn, _turn) = self.begin().await?;
        lane::Entity::delete_many().exec(&txn).await?;
        outbox::Entity::update_many()
            .col_expr(outbox::Column::LeaseUntil, Expr::value(micros::to(now)))
            .filter(outbox::Column::State.eq(MessageState::Sending.as_str()))
            .exec(&txn)
            .await?;
        txn.commit().await?;
        Ok(())
    }

    /// The wake-up calls of this process.
    pub fn wake(&self) -> &Wake {
        &self.wake
    }

    /// Asks the database whether it is there, on the connection that writes.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.writer.ping().await.map_err(StoreError::from)
    }

    /// Moves what SQLite has logged into its file, without holding up writers; nothing to do elsewhere.
    ///
    /// To be called every few seconds: the automatic checkpoint is set high, so that it does not stand in the way
    /// of a callback.
    pub async fn maintain(&self) -> Result<(), StoreError> {
        if let Some(connection) = &self.checkpointer {
            connection
                .execute_unprepared("PRAGMA wal_checkpoint(PASSIVE)")
                .await?;
        }
        Ok(())
    }

    /// Closes all connections, after what is in flight.
    pub async fn close(self) -> Result<(), StoreError> {
        self.reader.close().await?;
        if let Some(checkpointer) = self.checkpointer {
            checkpointer.close().await?;
        }
        self.writer.close().await?;
        Ok(())
    }
}
