//! Migrations run up, down and up again on filled tables, and replicas take turns.

use changegate_store::Backend;
use tokio::task::JoinSet;

use crate::database::{Fixture, on_all_databases};
use crate::material::{event, first_step};

on_all_databases!(
    up_down_and_up_on_filled_tables,
    every_single_step_goes_down_and_up,
    issues_of_changes_from_before_are_found,
    replicas_that_start_together_take_turns,
    the_store_can_be_pinged_and_maintained,
);

async fn up_down_and_up_on_filled_tables(f: Fixture) {
    f.store.commit(&first_step("202611240001")).await.expect("stored");
    f.store.insert_events(&[event("1", "a")]).await.expect("stored");
    let all = f.store.migration_status().await.expect("status").len();
    assert_eq!(f.store.migrate_up().await.expect("nothing to do"), 0);
    assert_eq!(f.store.migrate_down(None).await.expect("down"), all);
    assert_eq!(f.store.pending_migrations().await.expect("pending").len(), all);
    assert_eq!(f.store.migrate_up().await.expect("up"), all);
    assert!(
        f.store
            .migration_status()
            .await
            .expect("status")
            .iter()
            .all(|step| step.applied)
    );
    f.store
        .commit(&first_step("202611240001"))
        .await
        .expect("stored anew");
}

async fn every_single_step_goes_down_and_up(f: Fixture) {
    f.store.commit(&first_step("202611240001")).await.expect("stored");
    let all = f.store.migration_status().await.expect("status").len();
    for _ in 0..all {
        assert_eq!(f.store.migrate_down(Some(1)).await.expect("one down"), 1);
    }
    assert_eq!(f.store.migrate_up().await.expect("up"), all);
}

async fn issues_of_changes_from_before_are_found(f: Fixture) {
    for (sp_no, keys) in [
        ("202611240001", vec!["TRADE-1", "QUOTE-2", "TRADE-1"]),
        ("202611240002", vec![]),
        ("202611240003", vec!["TRADE-1", "奇怪\u{0}的\"编号"]),
    ] {
        let mut step = first_step(sp_no);
        step.change.jira_keys = keys.into_iter().map(str::to_owned).collect();
        f.store.commit(&step).await.expect("stored");
    }
    // Back to before the index, and one change more from then.
    let steps = f.store.migration_status().await.expect("status");
    let first = steps
        .iter()
        .position(|step| step.name.ends_with("_change_issues"))
        .expect("there is such a step");
    let back = u32::try_from(steps.len() - first).expect("few");
    f.store.migrate_down(Some(back)).await.expect("down");
    f.store.migrate_up().await.expect("up");

    let found = f.store.open_changes_with_key("TRADE-1").await.expect("asked");
    assert_eq!(found.last().map(String::as_str), Some("202611240001"));
    let found = f.store.open_changes_with_key("QUOTE-2").await.expect("asked");
    assert_eq!(found, ["202611240001"]);
}

async fn replicas_that_start_together_take_turns(f: Fixture) {
    let all = f.store.migrate_down(None).await.expect("down");
    let mut replicas = JoinSet::new();
    for _ in 0..4 {
        let replica = f.replica().await;
        replicas.spawn(async move {
            let applied = replica.migrate_up().await.expect("up");
            replica.close().await.expect("closed");
            applied
        });
    }
    assert_eq!(replicas.join_all().await.into_iter().sum::<usize>(), all);
}

async fn the_store_can_be_pinged_and_maintained(f: Fixture) {
    f.store.ping().await.expect("there");
    f.store.maintain().await.expect("maintained");
    assert!(f.url.starts_with(match f.store.backend() {
        Backend::Sqlite => "sqlite",
        Backend::Postgres => "postgres",
        Backend::Mysql => "mysql",
    }));
}
