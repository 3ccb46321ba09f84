//! The callback path's share of the database: 32 callers, one core, group commit on SQLite with synchronous FULL.
//!
//! Each iteration stores 32 events of 1 KiB, one per caller, so events per second are 32 times iterations.

#![expect(clippy::expect_used, reason = "a benchmark stops where it fails")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use changegate_store::{EventSource, InboxWriter, NewEvent, Store, StoreOptions};
use chrono::DateTime;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use sha2::{Digest, Sha256};
use tokio::task::JoinSet;

const CALLERS: u64 = 32;

fn event(number: u64) -> NewEvent {
    NewEvent {
        key: Sha256::digest(number.to_be_bytes()).into(),
        subject: format!("{}", 202_611_240_000 + number / 3),
        kind: "sys_approval_change".to_owned(),
        payload: "<xml/>".repeat(170),
        source: EventSource::Callback,
        received_at: DateTime::from_timestamp_millis(
            1_795_500_300_000 + i64::try_from(number / 16).unwrap_or(0),
        )
        .unwrap_or_default(),
    }
}

/// Each caller submits its next event as soon as the last one is durable, as a busy connection does.
async fn run(store: &Store, numbers: &Arc<AtomicU64>, rounds: u64) -> Duration {
    let (writer, task) = InboxWriter::start(store.clone());
    let mut runner = JoinSet::new();
    runner.spawn(task);
    let begun = Instant::now();
    let mut callers = JoinSet::new();
    for _ in 0..CALLERS {
        let writer = writer.clone();
        let numbers = Arc::clone(numbers);
        callers.spawn(async move {
            for _ in 0..rounds {
                let number = numbers.fetch_add(1, Ordering::Relaxed);
                writer.submit(event(number)).await.expect("stored");
            }
        });
    }
    callers.join_all().await;
    let took = begun.elapsed();
    drop(writer);
    runner.join_all().await;
    took
}

fn group_commit(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let folder = tempfile::tempdir().expect("a folder");
    let options = StoreOptions::new(format!("sqlite://{}/bench.db", folder.path().display()));
    let store = runtime.block_on(async {
        let store = Store::open(&options).await.expect("opens");
        store.migrate_up().await.expect("migrates");
        store
    });
    let numbers = Arc::new(AtomicU64::new(0));
    let mut group = criterion.benchmark_group("inbox");
    group.throughput(Throughput::Elements(CALLERS));
    group.bench_function("group_commit_32_callers", |bencher| {
        bencher.iter_custom(|rounds| runtime.block_on(run(&store, &numbers, rounds)));
    });
    group.finish();
}

criterion_group!(benches, group_commit);
criterion_main!(benches);
