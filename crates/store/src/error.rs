//! What can go wrong, as far as a caller can act on it.

use sea_orm::DbErr;

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The lease ran out and somebody else took the work over: drop what was computed.
    #[error("the lease on {what} is no longer ours")]
    LeaseLost {
        /// The lane or message that was leased.
        what: String,
    },
    /// The change was altered since it was read: read it again and decide again.
    #[error("change {sp_no} is not at version {expected:?} any more")]
    VersionConflict {
        /// The change.
        sp_no: String,
        /// The version that the caller had read; `None` for "does not exist yet".
        expected: Option<i64>,
    },
    /// There is no such row.
    #[error("there is no {what}")]
    NotFound {
        /// What was looked for.
        what: String,
    },
    /// A value does not fit its column; nothing was written.
    #[error("{column} takes at most {limit} bytes, got {got}")]
    TooLong {
        /// Table and column.
        column: &'static str,
        /// The largest length in bytes.
        limit: usize,
        /// The length given.
        got: usize,
    },
    /// A stored value is none that this version of the program knows.
    #[error("{table}.{column} of {key} holds {value:?}, which is not known")]
    UnknownValue {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row's key.
        key: String,
        /// What stands there.
        value: String,
    },
    /// The inbox writer's queue is full, or its task has ended: answer 503.
    #[error("the inbox takes no more events at the moment")]
    Busy,
    /// The database address is of none of the three kinds.
    #[error("the database address must begin with sqlite:, postgres:// or mysql://")]
    UnknownBackend,
    /// The database refused or could not be reached.
    #[error("database: {0}")]
    Database(#[from] DbErr),
    /// The group commit that this event was part of failed; the text is the database's.
    #[error("the events could not be stored: {0}")]
    NotStored(String),
    /// JSON that could not be written or read.
    #[error("stored JSON: {0}")]
    Json(#[from] serde_json::Error),
}
