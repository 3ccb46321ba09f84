//! What a tick of the timers costs: nothing due, and ten due, among 1,000 and among 100,000 that are set.
//!
//! On SQLite, and on PostgreSQL where `CHANGEGATE_TEST_POSTGRES_URL` names a server; there in a database of its own.

#![expect(clippy::expect_used, reason = "a benchmark stops where it fails")]

use std::time::{Duration, Instant};

use changegate_store::{Store, StoreOptions};
use chrono::{DateTime, TimeDelta, Utc};
use criterion::{Criterion, criterion_group, criterion_main};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use tokio::runtime::Runtime;

/// Timers that are due at a tick.
const DUE: u32 = 10;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_500_300, 0).unwrap_or_default()
}

/// Sets timers numbered `numbers`, one each second from `first` on, past the store: a bench needs no changes.
async fn set(raw: &DatabaseConnection, kind: &str, numbers: std::ops::Range<u32>, first: DateTime<Utc>) {
    let rows: Vec<String> = numbers
        .map(|number| {
            let due = (first + TimeDelta::seconds(i64::from(number))).timestamp_micros();
            format!(
                "('{}', '{kind}', {due}, 'null')",
                202_611_000_000_u64 + u64::from(number)
            )
        })
        .collect();
    for some in rows.chunks(500) {
        let sql = format!(
            "INSERT INTO timers (sp_no, name, due_at, payload) VALUES {}",
            some.join(", ")
        );
        raw.execute_unprepared(&sql).await.expect("timers are set");
    }
}

fn ticks(c: &mut Criterion, runtime: &Runtime, database: &str, url: &str, open: u32) {
    let store = runtime.block_on(async {
        let store = Store::open(&StoreOptions::new(url))
            .await
            .expect("the database opens");
        store.migrate_up().await.expect("the migrations run");
        store
    });
    let raw = runtime
        .block_on(Database::connect(url))
        .expect("the database opens once more");
    runtime.block_on(set(&raw, "later", 0..open, now() + TimeDelta::days(1)));
    let mut group = c.benchmark_group(format!("timers/{database}"));
    group.sample_size(10).measurement_time(Duration::from_secs(3));
    group.bench_function(format!("idle tick among {open}"), |b| {
        b.iter(|| {
            let fired = runtime.block_on(store.fire_due_timers(now(), 50)).expect("asked");
            assert!(fired.is_empty(), "nothing is due");
        });
    });
    group.bench_function(format!("tick with {DUE} due among {open}"), |b| {
        b.iter_custom(|ticks| {
            runtime.block_on(async {
                let mut spent = Duration::ZERO;
                for _ in 0..ticks {
                    set(&raw, "due", 0..DUE, now() - TimeDelta::minutes(1)).await;
                    spent += timed(&store).await;
                }
                spent
            })
        });
    });
    group.finish();
    runtime.block_on(async {
        raw.close().await.expect("closed");
        store.close().await.expect("closed");
    });
}

async fn timed(store: &Store) -> Duration {
    let begin = Instant::now();
    let fired = store.fire_due_timers(now(), 50).await.expect("fired");
    let spent = begin.elapsed();
    assert_eq!(u32::try_from(fired.len()).expect("few"), DUE);
    spent
}

#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark is told by its environment where the server is"
)]
fn bench(c: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    for open in [1_000, 100_000] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite://{}/timers.db", folder.path().display());
        ticks(c, &runtime, "sqlite", &url, open);
    }
    let Ok(address) = std::env::var("CHANGEGATE_TEST_POSTGRES_URL") else {
        return;
    };
    let server = runtime
        .block_on(Database::connect(address.as_str()))
        .expect("the server answers");
    let (base, _) = address.rsplit_once('/').expect("the address names a database");
    for open in [1_000, 100_000] {
        let name = format!("changegate_bench_{}", uuid::Uuid::new_v4().simple());
        let run = |sql: String| {
            runtime
                .block_on(server.execute_unprepared(&sql))
                .expect("the server obeys")
        };
        run(format!("CREATE DATABASE {name}"));
        ticks(c, &runtime, "postgres", &format!("{base}/{name}"), open);
        run(format!("DROP DATABASE {name} WITH (FORCE)"));
    }
}

criterion_group!(benches, bench);
criterion_main!(benches);
