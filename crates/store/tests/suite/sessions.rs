//! Sessions end by themselves, and a login is finished once.

use std::time::Duration;

use changegate_store::{Session, Store, StoreError};
use sea_orm::{ConnectionTrait, Statement};
use tokio::task::JoinSet;

use crate::database::{Fixture, on_all_databases};
use crate::material::at;

on_all_databases!(
    a_session_is_known_by_its_token,
    an_idle_session_ends_and_a_used_one_goes_on,
    even_a_used_session_ends_one_day,
    a_revoked_session_is_over,
    tokens_and_states_are_stored_nowhere,
    a_login_is_finished_once_and_in_time,
    of_twenty_who_come_together_one_finishes_the_login,
    old_sessions_and_logins_are_cleared_away,
);

const IDLE: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);
const LOGIN: Duration = Duration::from_mins(10);

async fn user(store: &Store, token: &str, seconds: i64) -> Option<String> {
    let session = store.session(token, at(seconds), IDLE, DAY).await.expect("read");
    session.map(|session| session.user)
}

async fn begin(store: &Store) -> String {
    store.create_session("zhangsan", at(0)).await.expect("begun")
}

async fn a_session_is_known_by_its_token(f: Fixture) {
    let (one, other) = (begin(&f.store).await, begin(&f.store).await);
    assert_ne!(one, other);
    assert_eq!(one.len(), 64, "256 bits");
    let expected = Session {
        user: "zhangsan".to_owned(),
        created_at: at(0),
    };
    assert_eq!(
        f.store.session(&one, at(1), IDLE, DAY).await.expect("read"),
        Some(expected)
    );
    assert_eq!(user(&f.store, &one.to_uppercase(), 1).await, None);
    assert_eq!(user(&f.store, "", 1).await, None);
    let refused = f.store.create_session(&"x".repeat(129), at(0)).await;
    assert!(matches!(refused, Err(StoreError::TooLong { .. })), "{refused:?}");
}

async fn an_idle_session_ends_and_a_used_one_goes_on(f: Fixture) {
    let (used, idle) = (begin(&f.store).await, begin(&f.store).await);
    assert!(user(&f.store, &used, 3_000).await.is_some());
    assert!(
        user(&f.store, &used, 3_030).await.is_some(),
        "not noted: within a minute"
    );
    assert_eq!(user(&f.store, &idle, 3_600).await, None);
    assert!(user(&f.store, &used, 3_000 + 3_599).await.is_some());
    assert_eq!(user(&f.store, &used, 3_000 + 3_599 + 3_600).await, None);
}

async fn even_a_used_session_ends_one_day(f: Fixture) {
    let token = begin(&f.store).await;
    for half_hours in 1..48 {
        assert!(user(&f.store, &token, half_hours * 1_800).await.is_some());
    }
    assert_eq!(user(&f.store, &token, 48 * 1_800).await, None);
}

async fn a_revoked_session_is_over(f: Fixture) {
    let (one, other) = (begin(&f.store).await, begin(&f.store).await);
    f.store.revoke_session(&one, at(5)).await.expect("revoked");
    f.store
        .revoke_session("unknown", at(5))
        .await
        .expect("nothing to do");
    assert_eq!(user(&f.store, &one, 6).await, None);
    assert!(user(&f.store, &other, 6).await.is_some());
}

async fn tokens_and_states_are_stored_nowhere(f: Fixture) {
    let token = begin(&f.store).await;
    let state = f.store.begin_login("/", at(0)).await.expect("begun");
    let raw = f.raw().await;
    for (secret, sql) in [
        (token, "SELECT token_hash FROM sessions"),
        (state, "SELECT state_hash FROM logins"),
    ] {
        let row = raw
            .query_one_raw(Statement::from_string(raw.get_database_backend(), sql))
            .await
            .expect("read")
            .expect("a row");
        let stored: String = row.try_get_by_index(0).expect("text");
        assert_ne!(stored, secret);
        assert_eq!(stored.len(), 64);
    }
    raw.close().await.expect("closed");
}

async fn a_login_is_finished_once_and_in_time(f: Fixture) {
    let state = f
        .store
        .begin_login("/changes/1?tab=图", at(0))
        .await
        .expect("begun");
    assert!(state.len() <= 64 && state.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let finish = async |state: &str, seconds| {
        f.store
            .finish_login(state, at(seconds), LOGIN)
            .await
            .expect("read")
    };
    assert_eq!(finish("guessed", 1).await, None);
    assert_eq!(finish(&state, 599).await.as_deref(), Some("/changes/1?tab=图"));
    assert_eq!(finish(&state, 599).await, None);
    let late = f.store.begin_login("/", at(0)).await.expect("begun");
    assert_eq!(finish(&late, 600).await, None);
    assert_eq!(
        finish(&late, 1).await,
        None,
        "a late answer spends the state, too"
    );
    let refused = f.store.begin_login(&"x".repeat(2_049), at(0)).await;
    assert!(matches!(refused, Err(StoreError::TooLong { .. })), "{refused:?}");
}

async fn of_twenty_who_come_together_one_finishes_the_login(f: Fixture) {
    let state = f.store.begin_login("/", at(0)).await.expect("begun");
    let other = f.replica().await;
    let mut tasks = JoinSet::new();
    for n in 0..20 {
        let store = if n % 2 == 0 {
            f.store.clone()
        } else {
            other.clone()
        };
        let state = state.clone();
        tasks.spawn(async move { store.finish_login(&state, at(1), LOGIN).await.expect("read") });
    }
    assert_eq!(tasks.join_all().await.into_iter().flatten().count(), 1);
    other.close().await.expect("closed");
}

async fn old_sessions_and_logins_are_cleared_away(f: Fixture) {
    for seconds in [0, 1, 2] {
        f.store.create_session("a", at(seconds)).await.expect("begun");
        f.store.begin_login("/", at(seconds)).await.expect("begun");
    }
    assert_eq!(f.store.prune_sessions(at(2), 1).await.expect("cleared"), 1);
    assert_eq!(f.store.prune_sessions(at(2), 10).await.expect("cleared"), 1);
    assert_eq!(f.store.prune_sessions(at(2), 10).await.expect("cleared"), 0);
    assert_eq!(f.store.prune_logins(at(2), 10).await.expect("cleared"), 2);
}
