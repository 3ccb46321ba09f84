//! Files are kept once by content, failures are counted, and what nobody refers to goes after a while.

use changegate_store::{NewFile, StoreError, StoredAttachment};
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::task::JoinSet;

use crate::database::{Fixture, on_all_databases};
use crate::material::at;

on_all_databases!(
    a_file_is_kept_once_however_often_it_comes,
    failures_are_counted_until_the_file_is_there,
    a_large_file_comes_back_byte_by_byte,
    what_nobody_refers_to_goes_after_a_while,
    a_file_that_comes_back_is_kept,
    the_same_content_kept_by_many_at_once_is_there,
    an_id_that_does_not_fit_is_refused,
);

const A: &str = "202611240001";
const B: &str = "202611240002";

fn file(sp_no: &str, file_id: &str, content: &[u8]) -> NewFile {
    NewFile {
        sp_no: sp_no.to_owned(),
        file_id: file_id.to_owned(),
        name: "变更计划清单.xlsx".to_owned(),
        sha256: hex::encode(Sha256::digest(content)),
        content_type: "application/octet-stream".to_owned(),
        bytes: content.to_vec(),
        reading: Some(json!({ "filled_rows": 3 })),
    }
}

async fn a_file_is_kept_once_however_often_it_comes(f: Fixture) {
    let plan = file(A, "F1", b"PK\x03\x04\x00");
    f.store.keep_file(&plan, at(0)).await.expect("kept");
    let again = NewFile {
        reading: None,
        ..plan.clone()
    };
    f.store.keep_file(&again, at(60)).await.expect("kept");
    f.store
        .keep_file(&file(B, "F9", b"PK\x03\x04\x00"), at(90))
        .await
        .expect("kept");
    let expected = StoredAttachment {
        file_id: "F1".to_owned(),
        name: plan.name.clone(),
        sha256: Some(plan.sha256.clone()),
        size: Some(5),
        fetched_at: Some(at(0)),
        tried_at: at(0),
        failure: None,
        attempts: 0,
        reading: plan.reading.clone(),
    };
    assert_eq!(f.store.attachments(A).await.expect("read"), [expected]);
    assert_eq!(f.store.file(&plan.sha256).await.expect("read"), Some(plan.bytes));
    assert_eq!(f.store.file(&"0".repeat(64)).await.expect("read"), None);
}

async fn failures_are_counted_until_the_file_is_there(f: Fixture) {
    for (seconds, reason) in [(0, "media/get 超时"), (30, "media/get：40007")] {
        f.store
            .note_file_failure(A, "F1", reason, at(seconds))
            .await
            .expect("noted");
    }
    let failed = f.store.attachments(A).await.expect("read").remove(0);
    assert_eq!((failed.attempts, failed.tried_at), (2, at(30)));
    assert_eq!(failed.failure.as_deref(), Some("media/get：40007"));
    assert_eq!((failed.sha256, failed.fetched_at), (None, None));

    f.store
        .keep_file(&file(A, "F1", b"x"), at(60))
        .await
        .expect("kept");
    f.store
        .note_file_failure(A, "F1", "晚到的失败", at(90))
        .await
        .expect("noted");
    let kept = f.store.attachments(A).await.expect("read").remove(0);
    assert_eq!((kept.attempts, kept.failure), (2, None));
    assert_eq!((kept.fetched_at, kept.tried_at), (Some(at(60)), at(60)));
}

async fn a_large_file_comes_back_byte_by_byte(f: Fixture) {
    let content: Vec<u8> = (0..3_000_000_u32)
        .map(|n| n.to_le_bytes()[usize::from(n % 2 == 0)])
        .collect();
    let large = file(A, "F1", &content);
    f.store.keep_file(&large, at(0)).await.expect("kept");
    let read = f.store.file(&large.sha256).await.expect("read").expect("there");
    assert!(read == content, "{} bytes", read.len());
}

async fn what_nobody_refers_to_goes_after_a_while(f: Fixture) {
    let shared = file(A, "F1", b"shared");
    let alone = file(A, "F2", b"alone");
    f.store.keep_file(&shared, at(0)).await.expect("kept");
    f.store.keep_file(&alone, at(0)).await.expect("kept");
    f.store
        .keep_file(&file(B, "F1", b"shared"), at(0))
        .await
        .expect("kept");
    let named = ["F2".to_owned()];
    assert_eq!(
        f.store
            .release_attachments(A, &named, at(10))
            .await
            .expect("released"),
        1
    );
    assert_eq!(
        f.store
            .release_attachments(A, &[], at(20))
            .await
            .expect("released"),
        1
    );
    assert_eq!(
        f.store
            .release_attachments(A, &[], at(30))
            .await
            .expect("released"),
        0
    );
    assert_eq!(f.store.attachments(A).await.expect("read"), []);

    for (before, gone) in [(at(20), 0), (at(21), 1), (at(10_000), 0)] {
        assert_eq!(f.store.prune_files(before, 10).await.expect("pruned"), gone);
    }
    assert_eq!(f.store.file(&alone.sha256).await.expect("read"), None);
    assert_eq!(
        f.store.file(&shared.sha256).await.expect("read"),
        Some(shared.bytes)
    );
    f.store
        .release_attachments(B, &[], at(40))
        .await
        .expect("released");
    assert_eq!(f.store.prune_files(at(41), 0).await.expect("pruned"), 0);
    assert_eq!(f.store.prune_files(at(41), 1).await.expect("pruned"), 1);
}

async fn a_file_that_comes_back_is_kept(f: Fixture) {
    let plan = file(A, "F1", b"plan");
    f.store.keep_file(&plan, at(0)).await.expect("kept");
    f.store
        .release_attachments(A, &[], at(10))
        .await
        .expect("released");
    f.store
        .keep_file(&file(B, "F7", b"plan"), at(20))
        .await
        .expect("kept");
    assert_eq!(f.store.prune_files(at(10_000), 10).await.expect("pruned"), 0);
    // Another content under the same id lets the former one go.
    f.store
        .keep_file(&file(B, "F7", b"other"), at(30))
        .await
        .expect("kept");
    assert_eq!(f.store.prune_files(at(10_000), 10).await.expect("pruned"), 1);
    assert_eq!(f.store.file(&plan.sha256).await.expect("read"), None);
    let kept = f.store.attachments(B).await.expect("read").remove(0);
    assert_eq!((kept.fetched_at, kept.size), (Some(at(30)), Some(5)));
}

async fn the_same_content_kept_by_many_at_once_is_there(f: Fixture) {
    let mut keepers = JoinSet::new();
    for number in 0..6 {
        let store = f.store.clone();
        keepers.spawn(async move {
            let plan = file(&format!("20261124000{}", number / 2), "F1", b"plan");
            store.keep_file(&plan, at(number)).await.expect("kept");
        });
    }
    keepers.join_all().await;
    let plan = file(A, "F1", b"plan");
    assert_eq!(f.store.file(&plan.sha256).await.expect("read"), Some(plan.bytes));
    assert_eq!(f.store.attachments(A).await.expect("read").len(), 1);
}

async fn an_id_that_does_not_fit_is_refused(f: Fixture) {
    let long = file(A, &"F".repeat(256), b"x");
    let error = f.store.keep_file(&long, at(0)).await.expect_err("too long");
    assert!(matches!(error, StoreError::TooLong { .. }), "{error}");
    assert_eq!(f.store.file(&long.sha256).await.expect("read"), None);
}
