//! A database of its own for each test, on each of the three servers; dropped at the end.

use std::future::Future;

use changegate_store::{Backend, Store, StoreOptions};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use uuid::Uuid;

/// Runs `body` on a fresh, migrated database of this kind.
pub(crate) async fn with_store<F, Fut>(backend: Backend, body: F)
where
    F: FnOnce(Fixture) -> Fut,
    Fut: Future<Output = ()>,
{
    let fixture = Fixture::create(backend).await;
    fixture.store.migrate_up().await.expect("the migrations run");
    let server = fixture.server.clone();
    let name = fixture.name.clone();
    let store = fixture.store.clone();
    body(fixture).await;
    store.close().await.expect("the connections close");
    if let Some(server) = server {
        let force = if backend == Backend::Postgres {
            " WITH (FORCE)"
        } else {
            ""
        };
        server
            .execute_unprepared(&format!("DROP DATABASE {name}{force}"))
            .await
            .expect("the database goes");
    }
}

/// A store on its own database.
pub(crate) struct Fixture {
    pub(crate) store: Store,
    pub(crate) url: String,
    server: Option<DatabaseConnection>,
    name: String,
    _folder: tempfile::TempDir,
}

impl Fixture {
    pub(crate) async fn create(backend: Backend) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let name = format!("changegate_test_{}", Uuid::new_v4().simple());
        let (url, server) = match backend {
            Backend::Sqlite => (format!("sqlite://{}/{name}.db", folder.path().display()), None),
            Backend::Postgres => server("CHANGEGATE_TEST_POSTGRES_URL", POSTGRES, &name).await,
            Backend::Mysql => server("CHANGEGATE_TEST_MYSQL_URL", MYSQL, &name).await,
        };
        let store = Store::open(&StoreOptions::new(&url))
            .await
            .expect("the database opens");
        Self {
            store,
            url,
            server,
            name,
            _folder: folder,
        }
    }

    /// Another process on the same database.
    pub(crate) async fn replica(&self) -> Store {
        Store::open(&StoreOptions::new(&self.url))
            .await
            .expect("the database opens once more")
    }

    /// A connection past the store, for tampering.
    pub(crate) async fn raw(&self) -> DatabaseConnection {
        Database::connect(self.url.as_str())
            .await
            .expect("the database opens for tampering")
    }
}

const POSTGRES: &str = "postgres://root@127.0.0.1:5432/postgres";
const MYSQL: &str = "mysql://root@127.0.0.1:3306/mysql";

/// Makes the database `name` on the server that the variable names; a server that is not there fails the test.
async fn server(variable: &str, usual: &str, name: &str) -> (String, Option<DatabaseConnection>) {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests are told by their environment where the servers are"
    )]
    let address = std::env::var(variable).unwrap_or_else(|_| usual.to_owned());
    let server = Database::connect(address.as_str()).await.unwrap_or_else(|error| {
        panic!("these tests need the server that {variable} names ({usual} if unset): {error}")
    });
    server
        .execute_unprepared(&format!("CREATE DATABASE {name}"))
        .await
        .expect("a database of our own");
    let mut parts: Vec<&str> = address.splitn(4, '/').collect();
    let options = parts
        .get(3)
        .and_then(|rest| rest.split_once('?'))
        .map(|(_, options)| options.to_owned());
    parts.truncate(3);
    let url = format!(
        "{}/{name}{}",
        parts.join("/"),
        options.map_or_else(String::new, |some| format!("?{some}"))
    );
    (url, Some(server))
}

/// Makes of each async function `fn(Fixture)` one test per database.
macro_rules! on_all_databases {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                crate::database::with_store(changegate_store::Backend::Sqlite, super::$name).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                crate::database::with_store(changegate_store::Backend::Postgres, super::$name).await;
            })+
        }
        mod mysql {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                crate::database::with_store(changegate_store::Backend::Mysql, super::$name).await;
            })+
        }
    };
}
pub(crate) use on_all_databases;
