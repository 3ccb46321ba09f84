//! A step: one table, one column, one index, or the rows of a new table, with its name.

use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};
use sea_orm_migration::sea_query::{
    ColumnDef, Index, IndexCreateStatement, IntoIden, Table, TableCreateStatement,
};
use sea_orm_migration::{DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait};

/// One statement up, one down.
pub(crate) struct Step {
    name: &'static str,
    makes: Makes,
}

enum Makes {
    Table(fn(DbBackend) -> TableCreateStatement),
    Column(&'static str, fn(DbBackend) -> ColumnDef),
    Index(fn(DbBackend) -> NamedIndex),
    Rows(fn(DbBackend) -> &'static str),
}

/// An index with what is needed to drop it again.
pub(crate) struct NamedIndex {
    pub(crate) table: &'static str,
    pub(crate) name: &'static str,
    pub(crate) create: IndexCreateStatement,
}

impl Step {
    pub(crate) fn table(name: &'static str, build: fn(DbBackend) -> TableCreateStatement) -> Self {
        Self {
            name,
            makes: Makes::Table(build),
        }
    }

    /// A column more in `table`; what is required needs a default, for the rows that are there.
    pub(crate) fn column(name: &'static str, table: &'static str, build: fn(DbBackend) -> ColumnDef) -> Self {
        Self {
            name,
            makes: Makes::Column(table, build),
        }
    }

    pub(crate) fn index(name: &'static str, build: fn(DbBackend) -> NamedIndex) -> Self {
        Self {
            name,
            makes: Makes::Index(build),
        }
    }

    /// The first rows of a table that an earlier step made, from what is stored already; they go with their table.
    ///
    /// The statement has to pass over rows that are there: a step may run again after it was taken back.
    pub(crate) fn rows(name: &'static str, statement: fn(DbBackend) -> &'static str) -> Self {
        Self {
            name,
            makes: Makes::Rows(statement),
        }
    }
}

impl NamedIndex {
    /// An index on `columns` of `table`.
    pub(crate) fn on(table: &'static str, name: &'static str, columns: &[&'static str]) -> Self {
        let mut create = Index::create();
        create.name(name).table(table.into_iden());
        for column in columns {
            create.col(*column);
        }
        Self { table, name, create }
    }
}

impl MigrationName for Step {
    fn name(&self) -> &str {
        self.name
    }
}

#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait's own signature, which async_trait compares"
)]
#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        match self.makes {
            Makes::Table(build) => manager.create_table(build(backend)).await,
            Makes::Column(table, build) => {
                let add = Table::alter().table(table).add_column(build(backend)).take();
                manager.alter_table(add).await
            }
            Makes::Index(build) => manager.create_index(build(backend).create).await,
            Makes::Rows(statement) => {
                manager
                    .get_connection()
                    .execute_unprepared(statement(backend))
                    .await?;
                Ok(())
            }
        }
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        match self.makes {
            Makes::Table(build) => match build(backend).get_table_name() {
                Some(table) => {
                    manager
                        .drop_table(Table::drop().table(table.clone()).take())
                        .await
                }
                None => Ok(()),
            },
            Makes::Column(table, build) => {
                let drop = Table::alter()
                    .table(table)
                    .drop_column(build(backend).get_column_name())
                    .take();
                manager.alter_table(drop).await
            }
            Makes::Index(build) => {
                let index = build(backend);
                let mut drop = Index::drop();
                drop.name(index.name).table(index.table.into_iden());
                manager.drop_index(drop).await
            }
            Makes::Rows(_) => Ok(()),
        }
    }
}
