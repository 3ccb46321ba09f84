//! A timer fires once, as an event in its change's own lane.

use std::collections::HashSet;
use std::sync::Arc;

use changegate_store::{Advance, EventSource, NewTimer, Timer};
use serde_json::json;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::database::{Fixture, on_all_databases};
use crate::material::{LEASE, at, first_step};

on_all_databases!(
    a_due_timer_becomes_an_event,
    timers_are_replaced_and_cleared,
    each_timer_fires_once,
    four_replicas_share_two_hundred_timers,
    one_call_fires_only_so_many,
);

fn timer(name: &str, due: i64) -> NewTimer {
    NewTimer {
        name: name.to_owned(),
        due_at: at(due),
        payload: json!({ "次": 1 }),
    }
}

async fn a_due_timer_becomes_an_event(f: Fixture) {
    f.store
        .commit(&Advance {
            set_timers: vec![timer("remind", 50)],
            ..first_step("1")
        })
        .await
        .expect("stored");
    f.store.wake().timers.notified().await;
    assert_eq!(f.store.next_timer_at().await.expect("asked"), Some(at(50)));
    assert_eq!(f.store.fire_due_timers(at(49), 10).await.expect("asked").len(), 0);
    assert_eq!(f.store.fire_due_timers(at(50), 10).await.expect("fired").len(), 1);
    assert_eq!(f.store.fire_due_timers(at(50), 10).await.expect("asked").len(), 0);
    let batch = f
        .store
        .claim_events(at(50), LEASE, 10)
        .await
        .expect("claimed")
        .remove(0);
    assert_eq!(
        (batch.subject.as_str(), batch.events[0].source),
        ("1", EventSource::Timer)
    );
    let payload: serde_json::Value = serde_json::from_str(&batch.events[0].payload).expect("JSON");
    assert_eq!(
        (&payload["name"], &payload["payload"]["次"]),
        (&json!("remind"), &json!(1))
    );
}

async fn timers_are_replaced_and_cleared(f: Fixture) {
    let set = Advance {
        set_timers: vec![timer("a", 50), timer("b", 60)],
        ..first_step("1")
    };
    f.store.commit(&set).await.expect("stored");
    let step = Advance {
        expected_version: Some(1),
        set_timers: vec![timer("b", 10)],
        clear_timers: vec!["a".to_owned()],
        ..first_step("1")
    };
    f.store.commit(&step).await.expect("stored");
    let timers = f.store.timers_of("1").await.expect("listed");
    assert_eq!(
        timers
            .iter()
            .map(|t| (t.name.as_str(), t.due_at))
            .collect::<Vec<_>>(),
        [("b", at(10))]
    );
}

async fn each_timer_fires_once(f: Fixture) {
    let timers = (0..300).map(|n| timer(&n.to_string(), n % 7)).collect();
    f.store
        .commit(&Advance {
            set_timers: timers,
            ..first_step("1")
        })
        .await
        .expect("stored");
    let other = f.replica().await;
    let mut replicas = JoinSet::new();
    for n in 0..6 {
        let store = if n % 2 == 0 {
            f.store.clone()
        } else {
            other.clone()
        };
        replicas.spawn(async move {
            let mut fired = 0;
            while store.next_timer_at().await.expect("asked").is_some() {
                fired += store.fire_due_timers(at(10), 20).await.expect("fired").len();
            }
            fired
        });
    }
    assert_eq!(replicas.join_all().await.into_iter().sum::<usize>(), 300);
    assert_eq!(f.store.inbox_counts().await.expect("counts").ready, 300);
    other.close().await.expect("closed");
}

/// Sets one timer due at second 5 for each of `changes` changes.
async fn one_timer_each(f: &Fixture, changes: u32) {
    for number in 0..changes {
        let set = Advance {
            messages: Vec::new(),
            set_timers: vec![timer("remind", 5)],
            ..first_step(&format!("{}", 202_611_240_000_u64 + u64::from(number)))
        };
        f.store.commit(&set).await.expect("stored");
    }
}

async fn four_replicas_share_two_hundred_timers(f: Fixture) {
    one_timer_each(&f, 200).await;
    assert_eq!(f.store.timers_due_count(at(4)).await.expect("counted"), 0);
    assert_eq!(f.store.timers_due_count(at(5)).await.expect("counted"), 200);
    let start = Arc::new(Barrier::new(4));
    let mut replicas = JoinSet::new();
    for _ in 0..4 {
        let (store, start) = (f.replica().await, Arc::clone(&start));
        replicas.spawn(async move {
            let mut fired: Vec<Timer> = Vec::new();
            start.wait().await;
            while store.next_timer_at().await.expect("asked").is_some() {
                fired.extend(store.fire_due_timers(at(5), 5).await.expect("fired"));
            }
            store.close().await.expect("closed");
            fired
        });
    }
    let fired = replicas.join_all().await;
    let changes: Vec<&str> = fired.iter().flatten().map(|timer| timer.sp_no.as_str()).collect();
    assert_eq!(changes.len(), 200);
    assert_eq!(changes.iter().collect::<HashSet<_>>().len(), 200);
    let batches = f.store.claim_events(at(5), LEASE, 500).await.expect("claimed");
    assert_eq!(batches.len(), 200);
    assert!(batches.iter().all(|batch| batch.events.len() == 1));
    assert_eq!(f.store.timers_due_count(at(5)).await.expect("counted"), 0);
}

async fn one_call_fires_only_so_many(f: Fixture) {
    let timers = (0..70).map(|n| timer(&n.to_string(), n)).collect();
    let set = Advance {
        set_timers: timers,
        ..first_step("1")
    };
    f.store.commit(&set).await.expect("stored");
    let first = f.store.fire_due_timers(at(100), 1_000).await.expect("fired");
    assert_eq!((first.len(), first[0].due_at), (50, at(0)));
    assert_eq!(
        f.store
            .fire_due_timers(at(100), 1_000)
            .await
            .expect("fired")
            .len(),
        20
    );
}
