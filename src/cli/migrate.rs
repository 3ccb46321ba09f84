//! `changegate migrate up | down | status`. Needs `[database]` alone. Exit status 0, or 1 with the reason.

use std::process::ExitCode;

use anyhow::Context as _;
use changegate_store::{Store, StoreOptions};
use secrecy::ExposeSecret as _;

use super::{Global, MigrateCommand, output};
use crate::config::Database;

/// Carries out one of the three.
pub async fn run(global: &Global, command: MigrateCommand) -> anyhow::Result<ExitCode> {
    let store = open(&global.layers()?.database()?).await?;
    let report = match command {
        MigrateCommand::Up => match store.migrate_up().await.context("迁移没有完成")? {
            0 => "数据库已是最新，没有要执行的迁移\n".to_owned(),
            count => format!("已执行 {count} 个迁移\n"),
        },
        MigrateCommand::Down => match store.migrate_down(Some(1)).await.context("撤销没有完成")? {
            0 => "没有可撤销的迁移\n".to_owned(),
            count => format!("已撤销 {count} 个迁移\n"),
        },
        MigrateCommand::Status => {
            let line = |(name, applied)| format!("{}  {name}\n", if applied { "已执行" } else { "未执行" });
            let status = store.migration_status().await.context("读不了迁移的状态")?;
            status
                .into_iter()
                .map(|step| line((step.name, step.applied)))
                .collect()
        }
    };
    store.close().await?;
    output::out(&report)?;
    Ok(ExitCode::SUCCESS)
}

/// Connects to the configured database.
pub(super) async fn open(database: &Database) -> anyhow::Result<Store> {
    Store::open(&StoreOptions::new(database.url.expose_secret()))
        .await
        .context("连不上数据库（database.url）")
}
