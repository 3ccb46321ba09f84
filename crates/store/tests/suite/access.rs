//! API tokens and waivers.

use changegate_store::{NewToken, NewWaiver, StoreError, WaiverDecision};

use crate::database::{Fixture, on_all_databases};
use crate::material::at;

on_all_databases!(
    a_token_is_found_by_its_hash_until_revoked,
    a_waiver_is_decided_once,
);

async fn a_token_is_found_by_its_hash_until_revoked(f: Fixture) {
    let new = NewToken {
        name: "ci".to_owned(),
        scopes: vec!["read".to_owned(), "gate".to_owned()],
        hash: [7; 32],
    };
    let token = f.store.create_token(&new, at(0)).await.expect("stored");
    assert_eq!(f.store.find_token(&[8; 32]).await.expect("asked"), None);
    assert_eq!(
        f.store.find_token(&[7; 32]).await.expect("asked"),
        Some(token.clone())
    );
    for (now, used) in [(at(1), at(1)), (at(30), at(1)), (at(61), at(61))] {
        f.store.touch_token(&token, now).await.expect("noted");
        let found = f.store.find_token(&[7; 32]).await.expect("asked").expect("there");
        assert_eq!(found.last_used_at, Some(used));
    }
    f.store.revoke_token(token.id, at(70)).await.expect("revoked");
    assert_eq!(f.store.find_token(&[7; 32]).await.expect("asked"), None);
    assert_eq!(
        f.store.tokens().await.expect("listed")[0].revoked_at,
        Some(at(70))
    );
    let again = f.store.revoke_token(token.id, at(80)).await;
    assert!(matches!(again, Err(StoreError::NotFound { .. })), "{again:?}");
    assert!(!format!("{new:?}").contains('7'));
}

async fn a_waiver_is_decided_once(f: Fixture) {
    let new = NewWaiver {
        sp_no: "1".to_owned(),
        rule: "cutoff".to_owned(),
        reason: "监管要求".to_owned(),
        requested_by: "zhangsan".to_owned(),
    };
    let waiver = f.store.request_waiver(&new, at(0)).await.expect("stored");
    assert_eq!(
        f.store.waiting_waivers(10).await.expect("listed"),
        std::slice::from_ref(&waiver)
    );
    let decision = WaiverDecision {
        granted: true,
        by: "ops".to_owned(),
        reason: "同意".to_owned(),
        at: at(5),
    };
    f.store
        .decide_waiver(waiver.id, &decision)
        .await
        .expect("decided");
    let again = f.store.decide_waiver(waiver.id, &decision).await;
    assert!(matches!(again, Err(StoreError::NotFound { .. })), "{again:?}");
    assert_eq!(f.store.waiting_waivers(10).await.expect("listed"), []);
    assert_eq!(
        f.store.waivers_of("1").await.expect("listed")[0].decision,
        Some(decision)
    );
}
