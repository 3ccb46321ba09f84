//! The parts of the examination that need no WeCom.

use std::path::Path;

use secrecy::SecretString;

use super::*;

fn settings(url: String, migrate: bool) -> Database {
    Database {
        url: SecretString::from(url),
        migrate,
    }
}

#[test]
fn the_file_behind_an_address_is_found() {
    for (url, file) in [
        ("sqlite://changegate.db", Some("changegate.db")),
        ("sqlite:///var/lib/c.db?mode=rwc", Some("/var/lib/c.db")),
        ("sqlite:c.db", Some("c.db")),
        ("sqlite::memory:", None),
        ("postgres://h/d", None),
    ] {
        assert_eq!(sqlite_file(url), file.map(Path::new), "{url}");
    }
}

#[tokio::test]
async fn looking_makes_no_database() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("c.db");
    let url = format!("sqlite://{}", file.display());
    assert!(matches!(
        database(&settings(url.clone(), true)).await,
        Finding::Off { .. }
    ));
    assert!(matches!(
        database(&settings(url, false)).await,
        Finding::Bad { .. }
    ));
    assert!(!file.exists());
}

#[tokio::test]
async fn pending_migrations_are_a_fault_only_where_nobody_applies_them() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("c.db");
    std::fs::write(&file, "").unwrap();
    let url = format!("sqlite://{}", file.display());
    assert!(matches!(
        database(&settings(url.clone(), true)).await,
        Finding::Good { .. }
    ));
    let told = database(&settings(url.clone(), false)).await.to_string();
    assert!(
        told.contains("个迁移未执行") && told.contains("changegate migrate up"),
        "{told}"
    );
    let store = Store::open(&StoreOptions::new(&url)).await.unwrap();
    store.migrate_up().await.unwrap();
    store.close().await.unwrap();
    assert_eq!(
        database(&settings(url, false)).await.to_string(),
        "✓ 数据库：已连接，迁移齐全\n"
    );
}

#[tokio::test]
async fn a_faulty_configuration_is_told_key_by_key_and_the_database_is_still_looked_at() {
    let env = [
        ("CHANGEGATE__WECOM__AGENT_ID", "x"),
        ("CHANGEGATE__DATABASE__URL", "sqlite:///nowhere/at/all.db"),
    ];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.toml");
    std::fs::write(&path, "").unwrap();
    let report = examine(Layers::gather(Some(&path), env), &Clock::system()).await;
    let told = report.to_string();
    assert!(report.is_bad());
    assert!(
        told.contains("✗ 配置：wecom.agent_id（环境变量 CHANGEGATE__WECOM__AGENT_ID）不对"),
        "{told}"
    );
    assert!(told.contains("– 数据库：SQLite 文件还不存在"), "{told}");
    assert!(told.contains("– 企业微信：配置有误，未检查"), "{told}");
}
