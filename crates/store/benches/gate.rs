//! What the gate reads: a change, its newest evaluation and its images, by number, among 1,000 and among 100,000.
//!
//! On SQLite, and on PostgreSQL where `CHANGEGATE_TEST_POSTGRES_URL` names a server; there in a database of its own.

#![expect(clippy::expect_used, reason = "a benchmark stops where it fails")]

use std::time::Duration;

use changegate_store::{Store, StoreOptions};
use criterion::{Criterion, criterion_group, criterion_main};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use tokio::runtime::Runtime;

/// How far apart the numbers are that are asked for one after the other: far enough to be on other pages each time.
const STRIDE: u32 = 7_919;

fn sp_no(number: u32) -> String {
    format!("{}", 202_611_000_000_u64 + u64::from(number))
}

/// An evaluation of the usual size: forty-odd rules.
fn body() -> String {
    let results = vec![
        r#"{"rule":"cutoff","clause":"四.1","status":"fail","message":"提交时间晚于当天 16:00，请改到下一个变更日"}"#;
        45
    ];
    format!(r#"{{"verdict":"rejected","results":[{}]}}"#, results.join(","))
}

/// Fills the three tables past the store: a bench needs no inbox and no timeline.
async fn fill(raw: &DatabaseConnection, changes: u32) {
    let body = body();
    let numbers: Vec<u32> = (0..changes).collect();
    for some in numbers.chunks(200) {
        let rows = |row: &dyn Fn(String) -> String| {
            some.iter()
                .map(|number| row(sp_no(*number)))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let statements = [
            format!(
                "INSERT INTO changes (sp_no, title, urgency, stage, verdict, applicant, team, system_name, feature, \
                 template_id, sp_status, is_open, jira_keys, policy_sha256, content_hash, seen_at, told, version, \
                 timeline_length, timeline_head, created_at, updated_at) VALUES {}",
                rows(&|sp_no| format!(
                    "('{sp_no}', '【交易】条件单上线', 'normal', 'approved', 'compliant', 'dev', '交易', '行情', \
                     '条件单', 'TPL', 2, true, '[\"TRADE-1\"]', '', '', 0, '{{\"stage\":\"approved\"}}', 1, 0, '', 0, 0)"
                ))
            ),
            format!(
                "INSERT INTO assessments (sp_no, evaluated_at, body, facts) VALUES {}",
                rows(&|sp_no| format!("('{sp_no}', 0, '{body}', '{{}}')"))
            ),
            format!(
                "INSERT INTO images (sp_no, image, digest, recorded_at) VALUES {}",
                rows(&|sp_no| format!("('{sp_no}', 'trade/order:1.2.3', 'sha256:aa', 0)"))
            ),
        ];
        for sql in statements {
            raw.execute_unprepared(&sql).await.expect("rows are stored");
        }
    }
}

async fn read(store: &Store, sp_no: &str) {
    let change = store.change(sp_no).await.expect("asked").expect("there");
    let assessment = store.assessment(sp_no).await.expect("asked").expect("there");
    let images = store.images(sp_no).await.expect("asked");
    assert!(change.draft.open && assessment.body.is_object() && images.len() == 1);
}

fn reads(c: &mut Criterion, runtime: &Runtime, database: &str, url: &str, changes: u32) {
    let store = runtime.block_on(async {
        let store = Store::open(&StoreOptions::new(url))
            .await
            .expect("the database opens");
        store.migrate_up().await.expect("the migrations run");
        let raw = Database::connect(url)
            .await
            .expect("the database opens once more");
        fill(&raw, changes).await;
        raw.close().await.expect("closed");
        store
    });
    let mut group = c.benchmark_group(format!("gate/{database}"));
    group.sample_size(50).measurement_time(Duration::from_secs(3));
    let mut next = 0_u32;
    group.bench_function(format!("one of {changes}"), |b| {
        b.iter(|| {
            next = next.wrapping_add(STRIDE) % changes;
            runtime.block_on(read(&store, &sp_no(next)));
        });
    });
    group.finish();
    runtime.block_on(store.close()).expect("closed");
}

#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark is told by its environment where the server is"
)]
fn bench(c: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    for changes in [1_000, 100_000] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite://{}/gate.db", folder.path().display());
        reads(c, &runtime, "sqlite", &url, changes);
    }
    let Ok(address) = std::env::var("CHANGEGATE_TEST_POSTGRES_URL") else {
        return;
    };
    let server = runtime
        .block_on(Database::connect(address.as_str()))
        .expect("the server answers");
    let (base, _) = address.rsplit_once('/').expect("the address names a database");
    for changes in [1_000, 100_000] {
        let name = format!("changegate_bench_{}", uuid::Uuid::new_v4().simple());
        let run = |sql: String| {
            runtime
                .block_on(server.execute_unprepared(&sql))
                .expect("the server obeys")
        };
        run(format!("CREATE DATABASE {name}"));
        reads(c, &runtime, "postgres", &format!("{base}/{name}"), changes);
        run(format!("DROP DATABASE {name} WITH (FORCE)"));
    }
}

criterion_group!(benches, bench);
criterion_main!(benches);
