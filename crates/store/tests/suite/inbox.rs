//! Events are stored once, handed out once, and come back when their worker dies.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use changegate_store::{Accepted, EventSource, EventState, InboxWriter, NewEvent, Store, StoreError};
use tokio::task::JoinSet;

use crate::database::{Fixture, on_all_databases};
use crate::material::{LEASE, at, event};

on_all_databases!(
    twenty_deliveries_at_once_store_one_row,
    a_duplicate_is_told_from_what_came_with_it,
    events_come_back_as_they_went_in,
    many_events_are_stored_in_one_commit,
    eight_claimers_take_four_hundred_events_once_each,
    two_events_of_one_subject_are_never_in_two_hands,
    a_dead_worker_delays_its_events_by_one_lease,
    a_late_worker_can_settle_nothing,
    a_failed_batch_waits_and_shows_why,
    a_parked_batch_waits_for_a_person,
    a_released_batch_is_free_at_once,
    a_renewed_lease_holds,
    the_writer_ends_with_its_last_handle,
    what_does_not_fit_is_refused_alone,
    old_events_are_pruned,
    an_unknown_word_says_where_it_stands,
);

async fn twenty_deliveries_at_once_store_one_row(f: Fixture) {
    let (writer, task) = InboxWriter::start(f.store.clone());
    let mut tasks = JoinSet::new();
    let mut runner = JoinSet::new();
    runner.spawn(task);
    for _ in 0..20 {
        let writer = writer.clone();
        tasks.spawn(async move { writer.submit(event("1", "same")).await.expect("stored") });
    }
    let answers = tasks.join_all().await;
    assert_eq!(
        answers.iter().filter(|answer| **answer == Accepted::New).count(),
        1
    );
    assert_eq!(f.store.inbox_counts().await.expect("counts").ready, 1);

    let other = f.replica().await;
    assert_eq!(
        other.insert_events(&[event("1", "same")]).await.expect("asked"),
        [Accepted::Duplicate]
    );
    other.close().await.expect("closed");
}

async fn a_duplicate_is_told_from_what_came_with_it(f: Fixture) {
    f.store.insert_events(&[event("1", "a")]).await.expect("stored");
    let events = [event("2", "b"), event("1", "a"), event("3", "c"), event("3", "c")];
    let answers = f.store.insert_events(&events).await.expect("stored");
    assert_eq!(
        answers,
        [
            Accepted::New,
            Accepted::Duplicate,
            Accepted::New,
            Accepted::Duplicate
        ]
    );
}

async fn events_come_back_as_they_went_in(f: Fixture) {
    let payload = format!("<xml>变更闸 🚦\0 {}</xml>", "长".repeat(30_000));
    let stored = NewEvent {
        source: EventSource::Reconciliation,
        ..event("202611240001", &payload)
    };
    f.store.insert_events(&[stored]).await.expect("stored");
    let [batch] = &f.store.claim_events(at(1), LEASE, 10).await.expect("claimed")[..] else {
        panic!("one batch")
    };
    let [event] = &batch.events[..] else {
        panic!("one event")
    };
    assert_eq!(event.payload, payload.replace('\0', "\u{fffd}"));
    assert_eq!(event.received_at, at(0));
    assert_eq!(
        (event.source, event.state),
        (EventSource::Reconciliation, EventState::Ready)
    );
    assert_eq!(event.key.len(), 64);
}

async fn many_events_are_stored_in_one_commit(f: Fixture) {
    let events: Vec<_> = (0..500).map(|n| event(&n.to_string(), "x")).collect();
    let answers = f.store.insert_events(&events).await.expect("stored");
    assert!(answers.len() == 500 && answers.iter().all(|answer| *answer == Accepted::New));
    assert_eq!(f.store.inbox_counts().await.expect("counts").ready, 500);
}

/// Claims and completes until nothing is ready, counting how often each event was handed out.
async fn work(store: Store, seen: Arc<Mutex<HashMap<String, u32>>>) {
    while store.inbox_counts().await.expect("counts").ready > 0 {
        for batch in store.claim_events(at(1), LEASE, 5).await.expect("claimed") {
            for event in &batch.events {
                *seen
                    .lock()
                    .expect("not poisoned")
                    .entry(event.key.clone())
                    .or_default() += 1;
            }
            store
                .complete_batch(&batch.lease(), at(2))
                .await
                .expect("completed");
        }
    }
}

async fn eight_claimers_take_four_hundred_events_once_each(f: Fixture) {
    let events: Vec<_> = (0..400)
        .map(|n| event(&(n % 130).to_string(), &n.to_string()))
        .collect();
    f.store.insert_events(&events).await.expect("stored");
    let seen = Arc::new(Mutex::new(HashMap::new()));
    let other = f.replica().await;
    let mut workers = JoinSet::new();
    for n in 0..8 {
        let store = if n % 2 == 0 {
            f.store.clone()
        } else {
            other.clone()
        };
        workers.spawn(work(store, Arc::clone(&seen)));
    }
    workers.join_all().await;
    let seen = seen.lock().expect("not poisoned").clone();
    assert_eq!(seen.len(), 400);
    assert!(seen.values().all(|times| *times == 1));
    assert_eq!(f.store.inbox_counts().await.expect("counts").done, 400);
    other.close().await.expect("closed");
}

async fn two_events_of_one_subject_are_never_in_two_hands(f: Fixture) {
    f.store
        .insert_events(&[event("1", "a"), event("2", "x")])
        .await
        .expect("stored");
    let first = f.store.claim_events(at(1), LEASE, 1).await.expect("claimed");
    let held = first[0].subject.clone();
    f.store
        .insert_events(&[event(&held, "late")])
        .await
        .expect("stored");
    let second = f.store.claim_events(at(2), LEASE, 10).await.expect("claimed");
    assert_eq!(second.len(), 1);
    assert_ne!(second[0].subject, held);
    f.store
        .complete_batch(&first[0].lease(), at(3))
        .await
        .expect("completed");
    let third = f.store.claim_events(at(3), LEASE, 10).await.expect("claimed");
    assert_eq!(third[0].events[0].payload, "late");
}

async fn a_dead_worker_delays_its_events_by_one_lease(f: Fixture) {
    f.store.insert_events(&[event("1", "a")]).await.expect("stored");
    assert_eq!(
        f.store
            .claim_events(at(1), LEASE, 10)
            .await
            .expect("claimed")
            .len(),
        1
    );
    assert_eq!(
        f.store
            .claim_events(at(30), LEASE, 10)
            .await
            .expect("asked")
            .len(),
        0
    );
    assert_eq!(
        f.store
            .claim_events(at(31), LEASE, 10)
            .await
            .expect("claimed")
            .len(),
        1
    );
}

async fn a_late_worker_can_settle_nothing(f: Fixture) {
    f.store.insert_events(&[event("1", "a")]).await.expect("stored");
    let late = f.store.claim_events(at(1), LEASE, 10).await.expect("claimed")[0].lease();
    let now = f.store.claim_events(at(40), LEASE, 10).await.expect("claimed")[0].lease();
    for outcome in [
        f.store.complete_batch(&late, at(41)).await,
        f.store.fail_batch(&late, "x", at(41)).await,
        f.store.park_batch(&late, "x").await,
        f.store.release_batch(&late).await,
        f.store.renew_lease(&late, at(41), LEASE).await,
    ] {
        assert!(
            matches!(outcome, Err(StoreError::LeaseLost { .. })),
            "{outcome:?}"
        );
    }
    f.store.complete_batch(&now, at(42)).await.expect("completed");
}

async fn a_failed_batch_waits_and_shows_why(f: Fixture) {
    f.store.insert_events(&[event("1", "a")]).await.expect("stored");
    let batch = f
        .store
        .claim_events(at(1), LEASE, 10)
        .await
        .expect("claimed")
        .remove(0);
    f.store
        .fail_batch(&batch.lease(), "WeCom: -1 系统繁忙", at(10))
        .await
        .expect("given back");
    assert_eq!(
        f.store.claim_events(at(9), LEASE, 10).await.expect("asked").len(),
        0
    );
    assert_eq!(f.store.next_event_at().await.expect("asked"), Some(at(10)));
    let failing = f.store.failing_events(10).await.expect("listed");
    assert_eq!(failing[0].last_error.as_deref(), Some("WeCom: -1 系统繁忙"));
    assert_eq!(f.store.inbox_counts().await.expect("counts").retrying, 1);
    assert_eq!(
        f.store.claim_events(at(10), LEASE, 10).await.expect("claimed")[0].attempts(),
        1
    );
}

async fn a_parked_batch_waits_for_a_person(f: Fixture) {
    f.store.insert_events(&[event("1", "a")]).await.expect("stored");
    let batch = f
        .store
        .claim_events(at(1), LEASE, 10)
        .await
        .expect("claimed")
        .remove(0);
    f.store
        .park_batch(&batch.lease(), "no such form")
        .await
        .expect("parked");
    assert_eq!(
        f.store
            .claim_events(at(9_999), LEASE, 10)
            .await
            .expect("asked")
            .len(),
        0
    );
    let id = batch.events[0].id;
    assert_eq!(
        f.store.event(id).await.expect("read").expect("there").state,
        EventState::Failed
    );
    f.store.retry_event(id, at(50)).await.expect("again");
    let batch = f
        .store
        .claim_events(at(50), LEASE, 10)
        .await
        .expect("claimed")
        .remove(0);
    f.store
        .complete_batch(&batch.lease(), at(51))
        .await
        .expect("completed");
    let again = f.store.retry_event(id, at(52)).await;
    assert!(matches!(again, Err(StoreError::NotFound { .. })), "{again:?}");
}

async fn a_released_batch_is_free_at_once(f: Fixture) {
    f.store.insert_events(&[event("1", "a")]).await.expect("stored");
    let batch = f
        .store
        .claim_events(at(1), LEASE, 10)
        .await
        .expect("claimed")
        .remove(0);
    f.store.release_batch(&batch.lease()).await.expect("released");
    assert_eq!(
        f.store.claim_events(at(1), LEASE, 10).await.expect("claimed")[0].attempts(),
        0
    );
}

async fn a_renewed_lease_holds(f: Fixture) {
    f.store.insert_events(&[event("1", "a")]).await.expect("stored");
    let batch = f
        .store
        .claim_events(at(1), LEASE, 10)
        .await
        .expect("claimed")
        .remove(0);
    f.store
        .renew_lease(&batch.lease(), at(25), LEASE)
        .await
        .expect("renewed");
    assert_eq!(
        f.store
            .claim_events(at(40), LEASE, 10)
            .await
            .expect("asked")
            .len(),
        0
    );
    f.store
        .complete_batch(&batch.lease(), at(50))
        .await
        .expect("completed");
}

async fn the_writer_ends_with_its_last_handle(f: Fixture) {
    let (writer, task) = InboxWriter::start(f.store.clone());
    let mut runner = JoinSet::new();
    runner.spawn(task);
    writer.submit(event("1", "a")).await.expect("stored");
    f.store.wake().inbox.notified().await;
    drop(writer);
    runner
        .join_next()
        .await
        .expect("a task")
        .expect("it ended by itself");
}

async fn what_does_not_fit_is_refused_alone(f: Fixture) {
    let (writer, task) = InboxWriter::start(f.store.clone());
    let mut runner = JoinSet::new();
    runner.spawn(task);
    let long = NewEvent {
        subject: "x".repeat(129),
        ..event("1", "a")
    };
    let (refused, stored) = tokio::join!(writer.submit(long), writer.submit(event("2", "b")));
    assert!(
        matches!(
            refused,
            Err(StoreError::TooLong {
                column: "inbox.subject",
                ..
            })
        ),
        "{refused:?}"
    );
    assert_eq!(stored.expect("stored"), Accepted::New);
    runner.shutdown().await;
    assert!(matches!(
        writer.submit(event("3", "c")).await,
        Err(StoreError::Busy)
    ));
}

async fn old_events_are_pruned(f: Fixture) {
    f.store
        .insert_events(&[event("1", "a"), event("2", "b")])
        .await
        .expect("stored");
    let batches = f.store.claim_events(at(1), LEASE, 1).await.expect("claimed");
    f.store
        .complete_batch(&batches[0].lease(), at(2))
        .await
        .expect("completed");
    assert_eq!(f.store.prune_inbox(at(-1), 100).await.expect("pruned"), 0);
    assert_eq!(f.store.prune_inbox(at(1), 100).await.expect("pruned"), 1);
    assert_eq!(f.store.inbox_counts().await.expect("counts").ready, 1);
}

async fn an_unknown_word_says_where_it_stands(f: Fixture) {
    use sea_orm::ConnectionTrait;
    f.store.insert_events(&[event("1", "a")]).await.expect("stored");
    let raw = f.raw().await;
    raw.execute_unprepared("UPDATE inbox SET source = 'pigeon'")
        .await
        .expect("tampered");
    raw.close().await.expect("closed");
    let error = f
        .store
        .claim_events(at(1), LEASE, 1)
        .await
        .expect_err("not known");
    assert!(
        matches!(&error, StoreError::UnknownValue { table: "inbox", column: "source", value, .. } if value == "pigeon"),
        "{error}"
    );
}
