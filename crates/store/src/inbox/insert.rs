//! Inserting many events with one statement.
//!
//! This is the callback path: the statements are few and always the same, so that the database prepares each once,
//! and a batch that fits one statement needs no transaction around it.

use std::collections::HashSet;
use std::sync::LazyLock;

use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, DbBackend, EntityTrait, QueryFilter, QuerySelect,
};
use sea_orm::{Statement, Value};
use uuid::Uuid;

use super::{Accepted, NewEvent};
use crate::entity::inbox;
use crate::{StoreError, ids, micros, transaction, words};

/// Rows in one statement.
const ROWS: usize = 64;
/// Bound values in one row.
const VALUES: usize = 8;

const HEAD: &str = "INSERT INTO inbox (id, event_key, subject, kind, payload, source, received_at, run_at, state, \
                    attempts) VALUES ";

/// The statements for 1, 2, … [`ROWS`] rows, in the database's own dialect.
static QUESTION_MARKS: LazyLock<Vec<String>> =
    LazyLock::new(|| statements(|_| "?".to_owned(), " ON CONFLICT DO NOTHING"));
static DOLLARS: LazyLock<Vec<String>> =
    LazyLock::new(|| statements(|n| format!("${n}"), " ON CONFLICT DO NOTHING"));
static MYSQL: LazyLock<Vec<String>> =
    LazyLock::new(|| statements(|_| "?".to_owned(), " ON DUPLICATE KEY UPDATE attempts = attempts"));

fn statements(placeholder: impl Fn(usize) -> String, tail: &str) -> Vec<String> {
    (1..=ROWS)
        .map(|rows| {
            let tuples: Vec<String> = (0..rows)
                .map(|row| {
                    let values: Vec<String> = (1..=VALUES)
                        .map(|value| placeholder(row * VALUES + value))
                        .collect();
                    format!("({}, 'ready', 0)", values.join(", "))
                })
                .collect();
            format!("{HEAD}{}{tail}", tuples.join(", "))
        })
        .collect()
}

/// Refuses what does not fit, before it can spoil the others' commit.
pub(crate) fn check(event: &NewEvent) -> Result<(), StoreError> {
    words::key(&event.subject, "inbox.subject", 128)?;
    words::key(&event.kind, "inbox.kind", 64)?;
    Ok(())
}

/// Inserts all events in one commit.
pub(crate) async fn all(db: &DatabaseConnection, events: &[NewEvent]) -> Result<Vec<Accepted>, StoreError> {
    if events.len() <= ROWS {
        return chunk(db, events).await;
    }
    let txn = transaction::begin(db).await?;
    let accepted = within(&txn, events).await?;
    txn.commit().await?;
    Ok(accepted)
}

/// Inserts all events within the caller's transaction.
pub(crate) async fn within<C: ConnectionTrait>(
    db: &C,
    events: &[NewEvent],
) -> Result<Vec<Accepted>, StoreError> {
    let mut accepted = Vec::with_capacity(events.len());
    for events in events.chunks(ROWS) {
        accepted.extend(chunk(db, events).await?);
    }
    Ok(accepted)
}

async fn chunk<C: ConnectionTrait>(db: &C, events: &[NewEvent]) -> Result<Vec<Accepted>, StoreError> {
    let backend = db.get_database_backend();
    let statements = match backend {
        DbBackend::Postgres => &DOLLARS,
        DbBackend::MySql => &MYSQL,
        _ => &QUESTION_MARKS,
    };
    let Some(sql) = events.len().checked_sub(1).and_then(|last| statements.get(last)) else {
        return Ok(Vec::new());
    };
    let mut ids = Vec::with_capacity(events.len());
    let mut values = Vec::with_capacity(events.len() * VALUES);
    for event in events {
        let id = ids::at(event.received_at);
        ids.push(id);
        values.extend(row(id, event));
    }
    let inserted = db
        .execute_raw(Statement::from_sql_and_values(backend, sql, values))
        .await?
        .rows_affected();
    // MySQL counts a row that was there as well.
    if backend != DbBackend::MySql && usize::try_from(inserted).is_ok_and(|rows| rows == ids.len()) {
        return Ok(vec![Accepted::New; ids.len()]);
    }
    which_are_new(db, &ids).await
}

fn row(id: Uuid, event: &NewEvent) -> [Value; VALUES] {
    let at = micros::to(event.received_at);
    [
        id.into(),
        event.key.to_vec().into(),
        event.subject.clone().into(),
        event.kind.clone().into(),
        words::clean(&event.payload).into(),
        event.source.as_str().into(),
        at.into(),
        at.into(),
    ]
}

/// Each id was made for this insert: those that are in the table are the rows that were new.
async fn which_are_new<C: ConnectionTrait>(db: &C, ids: &[Uuid]) -> Result<Vec<Accepted>, StoreError> {
    let stored: Vec<Uuid> = inbox::Entity::find()
        .select_only()
        .column(inbox::Column::Id)
        .filter(inbox::Column::Id.is_in(ids.iter().copied()))
        .into_tuple()
        .all(db)
        .await?;
    let stored: HashSet<Uuid> = stored.into_iter().collect();
    Ok(ids
        .iter()
        .map(|id| {
            if stored.contains(id) {
                Accepted::New
            } else {
                Accepted::Duplicate
            }
        })
        .collect())
}
