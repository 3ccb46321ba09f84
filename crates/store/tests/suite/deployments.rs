//! A deployment is reported once, with the event that works it off; those without a change are found.

use changegate_store::{Deployment, EventSource, NewDeployment, NewEvent, StoreError};
use serde_json::json;
use tokio::task::JoinSet;

use crate::database::{Fixture, on_all_databases};
use crate::material::{at, event};

on_all_databases!(
    a_report_is_stored_once_in_each_status,
    a_report_and_its_event_are_stored_together,
    a_report_whose_event_cannot_be_stored_is_not_stored,
    of_the_same_report_many_times_at_once_one_is_new,
    strays_are_listed_until_their_change_is_known,
);

const SP: &str = "202611240001";

fn report(sp_no: Option<&str>, status: &str) -> NewDeployment {
    NewDeployment {
        sp_no: sp_no.map(str::to_owned),
        external_id: "jenkins/trade/41".to_owned(),
        status: status.to_owned(),
        environment: "生产".to_owned(),
        images: json!([{ "image": "trade/order:1.2.3", "digest": "sha256:aa" }]),
        reported_by: "jenkins".to_owned(),
        actor: "ops".to_owned(),
        at: at(-5),
        received_at: at(0),
        note: "第 41 次".to_owned(),
        matched: sp_no.is_some(),
    }
}

fn reports(stored: &[Deployment]) -> Vec<NewDeployment> {
    stored.iter().map(|one| one.report.clone()).collect()
}

async fn a_report_is_stored_once_in_each_status(f: Fixture) {
    let begun = report(Some(SP), "started");
    assert!(f.store.add_deployment(&begun).await.expect("stored"));
    let again = NewDeployment {
        note: "重复".to_owned(),
        received_at: at(9),
        ..begun.clone()
    };
    assert!(!f.store.add_deployment(&again).await.expect("known"));
    let ended = NewDeployment {
        received_at: at(60),
        ..report(Some(SP), "succeeded")
    };
    assert!(f.store.add_deployment(&ended).await.expect("stored"));
    assert!(
        f.store
            .add_deployment(&report(Some("2"), "started"))
            .await
            .expect("stored")
    );
    let stored = f.store.deployments(SP).await.expect("read");
    assert_eq!(reports(&stored), [begun, ended]);
}

async fn a_report_and_its_event_are_stored_together(f: Fixture) {
    let begun = report(Some(SP), "started");
    let event = NewEvent {
        kind: "deployment".to_owned(),
        source: EventSource::Manual,
        ..event(SP, "jenkins/trade/41/started")
    };
    assert!(f.store.accept_deployment(&begun, &event).await.expect("stored"));
    f.store.wake().inbox.notified().await;
    assert!(!f.store.accept_deployment(&begun, &event).await.expect("known"));
    assert_eq!(f.store.inbox_counts().await.expect("counted").ready, 1);
    let stored = f
        .store
        .event_by_key(SP, &event.key)
        .await
        .expect("read")
        .expect("there");
    assert_eq!(stored.kind, "deployment");
}

async fn a_report_whose_event_cannot_be_stored_is_not_stored(f: Fixture) {
    let long = NewEvent {
        kind: "k".repeat(65),
        ..event(SP, "a")
    };
    let error = f
        .store
        .accept_deployment(&report(Some(SP), "started"), &long)
        .await;
    assert!(matches!(error, Err(StoreError::TooLong { .. })), "{error:?}");
    assert_eq!(f.store.deployments(SP).await.expect("read"), []);
}

async fn of_the_same_report_many_times_at_once_one_is_new(f: Fixture) {
    let mut callers = JoinSet::new();
    for _ in 0..6 {
        let store = f.store.clone();
        callers.spawn(async move {
            let new = report(None, "started");
            store
                .accept_deployment(&new, &event("stray", "41"))
                .await
                .expect("taken")
        });
    }
    let new = callers
        .join_all()
        .await
        .into_iter()
        .filter(|is_new| *is_new)
        .count();
    assert_eq!(new, 1);
    assert_eq!(f.store.inbox_counts().await.expect("counted").ready, 1);
}

async fn strays_are_listed_until_their_change_is_known(f: Fixture) {
    let nameless = report(None, "started");
    let unknown = NewDeployment {
        matched: false,
        received_at: at(60),
        ..report(Some(SP), "started")
    };
    for new in [&nameless, &unknown, &report(Some("2"), "started")] {
        assert!(f.store.add_deployment(new).await.expect("stored"));
    }
    let strays = f.store.stray_deployments(10).await.expect("read");
    assert_eq!(reports(&strays), [unknown, nameless.clone()]);
    assert_eq!(f.store.stray_deployments(1).await.expect("read").len(), 1);
    f.store.match_deployment(strays[0].id).await.expect("noted");
    assert_eq!(
        reports(&f.store.stray_deployments(10).await.expect("read")),
        [nameless]
    );
    assert!(f.store.deployments(SP).await.expect("read")[0].report.matched);
    let missing = f.store.match_deployment(uuid::Uuid::nil()).await;
    assert!(matches!(missing, Err(StoreError::NotFound { .. })), "{missing:?}");
}
