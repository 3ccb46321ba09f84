//! Migrations, one replica at a time.

use changegate_migrations::Migrator;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use sea_orm_migration::MigratorTrait;

use super::{Backend, connect};
use crate::{Store, StoreError, transaction};

/// One migration and whether the database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationStatus {
    /// The migration's name.
    pub name: String,
    /// Whether it was applied.
    pub applied: bool,
}

#[derive(Clone, Copy)]
enum Direction {
    Up,
    Down(Option<u32>),
}

impl Store {
    /// Applies what is pending and tells how many that were. Replicas that start together take turns.
    pub async fn migrate_up(&self) -> Result<usize, StoreError> {
        if self.pending_migrations().await?.is_empty() {
            return Ok(0);
        }
        self.migrate(Direction::Up).await
    }

    /// Takes back the last `steps` migrations, or all of them, and tells how many that were.
    pub async fn migrate_down(&self, steps: Option<u32>) -> Result<usize, StoreError> {
        self.migrate(Direction::Down(steps)).await
    }

    /// All migrations of this program in their order; writes nothing.
    pub async fn migration_status(&self) -> Result<Vec<MigrationStatus>, StoreError> {
        let pending = self.pending_migrations().await?;
        Ok(Migrator::get_migration_files()
            .iter()
            .map(|migration| MigrationStatus {
                name: migration.name().to_owned(),
                applied: !pending.iter().any(|name| name == migration.name()),
            })
            .collect())
    }

    /// Names of the migrations that the database does not have yet; writes nothing.
    pub async fn pending_migrations(&self) -> Result<Vec<String>, StoreError> {
        let pending = Migrator::get_pending_migrations_read_only(&self.reader).await?;
        Ok(pending
            .iter()
            .map(|migration| migration.name().to_owned())
            .collect())
    }

    async fn migrate(&self, direction: Direction) -> Result<usize, StoreError> {
        match self.backend() {
            Backend::Sqlite => {
                // The write lock of an immediate transaction is the turn, and what fails leaves nothing.
                let txn = transaction::begin(&self.writer).await?;
                let before = applied(&txn).await?;
                match direction {
                    Direction::Up => Migrator::up(&txn, None).await?,
                    Direction::Down(steps) => Migrator::down(&txn, steps).await?,
                }
                let after = applied(&txn).await?;
                txn.commit().await?;
                Ok(before.abs_diff(after))
            }
            Backend::Postgres => {
                let turn = (
                    "SELECT pg_advisory_lock(7165321)",
                    "SELECT pg_advisory_unlock(7165321)",
                );
                self.migrate_in_turn(direction, turn).await
            }
            Backend::Mysql => {
                let turn = (
                    "SELECT GET_LOCK(CONCAT('changegate:', MD5(DATABASE())), 600)",
                    "SELECT RELEASE_LOCK(CONCAT('changegate:', MD5(DATABASE())))",
                );
                self.migrate_in_turn(direction, turn).await
            }
        }
    }

    /// The lock belongs to a session, so this needs a pool of exactly one connection.
    async fn migrate_in_turn(
        &self,
        direction: Direction,
        (lock, unlock): (&str, &str),
    ) -> Result<usize, StoreError> {
        let session = connect::open_server(&self.options, 1).await?;
        query(&session, lock).await?;
        let outcome = run(&session, direction).await;
        query(&session, unlock).await?;
        session.close().await?;
        outcome
    }
}

async fn query(session: &DatabaseConnection, sql: &str) -> Result<(), StoreError> {
    session
        .query_one_raw(Statement::from_string(session.get_database_backend(), sql))
        .await?;
    Ok(())
}

async fn run(session: &DatabaseConnection, direction: Direction) -> Result<usize, StoreError> {
    let before = applied(session).await?;
    match direction {
        Direction::Up => Migrator::up(session, None).await?,
        Direction::Down(steps) => Migrator::down(session, steps).await?,
    }
    Ok(before.abs_diff(applied(session).await?))
}

async fn applied<C: ConnectionTrait>(db: &C) -> Result<usize, StoreError> {
    Ok(Migrator::get_applied_migrations_read_only(db).await?.len())
}
