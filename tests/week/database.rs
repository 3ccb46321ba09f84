//! A database of its own for bots that share one, on the servers that tests use; dropped at the end.

use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection};
use uuid::Uuid;

pub(crate) struct Shared {
    pub(crate) url: String,
    server: DatabaseConnection,
    /// What takes it away again.
    drop: String,
}

impl Shared {
    pub(crate) async fn on_postgres() -> Self {
        Self::on(
            "CHANGEGATE_TEST_POSTGRES_URL",
            "postgres://root@127.0.0.1:5432/postgres",
            " WITH (FORCE)",
        )
        .await
    }

    pub(crate) async fn on_mariadb() -> Self {
        Self::on(
            "CHANGEGATE_TEST_MYSQL_URL",
            "mysql://root@127.0.0.1:3306/mysql",
            "",
        )
        .await
    }

    pub(crate) async fn drop(self) {
        self.server
            .execute_unprepared(&self.drop)
            .await
            .expect("the database goes");
    }

    async fn on(variable: &str, usual: &str, force: &str) -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "tests are told by their environment where the servers are"
        )]
        let address = std::env::var(variable).unwrap_or_else(|_| usual.to_owned());
        let server = Database::connect(address.as_str()).await.unwrap_or_else(|error| {
            panic!("this needs the server that {variable} names ({usual} if unset): {error}")
        });
        let name = format!("changegate_week_{}", Uuid::new_v4().simple());
        server
            .execute_unprepared(&format!("CREATE DATABASE {name}"))
            .await
            .expect("a database of our own");
        let (address, options) = address.split_once('?').unwrap_or((&address, ""));
        let (base, _) = address.rsplit_once('/').expect("the address names a database");
        let options = if options.is_empty() {
            String::new()
        } else {
            format!("?{options}")
        };
        Self {
            url: format!("{base}/{name}{options}"),
            server,
            drop: format!("DROP DATABASE {name}{force}"),
        }
    }
}
