//! Reminders that wait for the same member go as one message; a message that cannot go has another body.

use std::sync::Arc;

use changegate_store::{
    BundleLine, Bundled, ClaimedMessage, Delivery, MessageState, NewMessage, REMINDER, SendLimits, Store,
    StoreError,
};
use serde_json::json;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::database::{Fixture, on_all_databases};
use crate::material::{LEASE, at, message};

on_all_databases!(
    due_reminders_of_one_member_become_one_message,
    a_lone_reminder_goes_as_it_is,
    what_was_on_its_way_is_not_merged,
    what_cannot_be_composed_goes_one_by_one,
    merging_and_claiming_never_take_the_same_message,
    a_fallback_takes_the_place_of_the_body,
    messages_and_the_place_of_a_loop_are_stored_together,
    what_was_given_up_is_listed_with_its_reason,
);

fn reminder(key: &str, recipient: &str) -> NewMessage {
    NewMessage {
        priority: REMINDER,
        bundle: Some(format!("请确认 {key}")),
        ..message(key, recipient)
    }
}

/// A digest of less than two reminders is none.
fn compose(recipient: &str, lines: &[BundleLine]) -> Result<String, &'static str> {
    if lines.len() < 2 {
        return Err("too few");
    }
    let lines: Vec<_> = lines.iter().map(|line| line.line.as_str()).collect();
    Ok(format!("{recipient}: {}", lines.join("；")))
}

async fn bundle(store: &Store, seconds: i64) -> (usize, usize) {
    let bundled = store
        .bundle_reminders(at(seconds), &compose)
        .await
        .expect("merged");
    assert!(bundled.failed.is_empty());
    (bundled.digests, bundled.merged)
}

async fn claim(store: &Store, seconds: i64) -> Vec<ClaimedMessage> {
    store
        .claim_messages(at(seconds), LEASE, 50, SendLimits::default())
        .await
        .expect("claimed")
}

/// What is due, by text: what was stored at the same instant goes in any order.
async fn bodies(store: &Store) -> Vec<String> {
    let claimed = claim(store, 1).await;
    let mut bodies: Vec<_> = claimed.into_iter().map(|it| it.message.body).collect();
    bodies.sort();
    bodies
}

async fn add(store: &Store, messages: &[NewMessage]) {
    assert_eq!(
        store.add_messages(messages, None, at(0)).await.expect("stored"),
        messages.len()
    );
}

async fn due_reminders_of_one_member_become_one_message(f: Fixture) {
    let later = NewMessage {
        run_at: Some(at(100)),
        ..reminder("later", "a")
    };
    let elsewhere = NewMessage {
        channel: "mail".to_owned(),
        ..reminder("elsewhere", "a")
    };
    add(
        &f.store,
        &[reminder("1", "a"), message("2", "a"), elsewhere, later],
    )
    .await;
    f.store
        .add_messages(&[reminder("3", "a"), reminder("4", "b")], None, at(1))
        .await
        .expect("stored");
    assert_eq!(bundle(&f.store, 1).await, (1, 2));
    assert_eq!(bundle(&f.store, 1).await, (0, 0));
    let claimed = claim(&f.store, 2).await;
    assert_eq!(claimed.len(), 4, "{claimed:?}");
    let digest = claimed
        .iter()
        .find(|it| it.message.dedupe_key.starts_with("digest/"))
        .expect("a digest");
    assert_eq!(digest.message.body, "a: 请确认 1；请确认 3");
    assert_eq!(
        (digest.message.priority, digest.message.channel.as_str()),
        (REMINDER, "wecom_message")
    );
    let merged = f
        .store
        .messages_in(MessageState::Bundled, 10)
        .await
        .expect("listed");
    let keys: Vec<_> = merged.iter().map(|it| it.dedupe_key.as_str()).collect();
    assert_eq!(keys, ["1", "3"]);
    assert!(merged.iter().all(|it| it.bundled_in == Some(digest.message.id)));
    assert!(merged.iter().all(|it| it.delivered_at.is_none()));
    f.store
        .delivered(&[(digest.message.id, digest.token, Delivery::default())], at(3))
        .await
        .expect("noted");
    let merged = f
        .store
        .messages_in(MessageState::Bundled, 10)
        .await
        .expect("listed");
    assert!(merged.iter().all(|it| it.delivered_at == Some(at(3))));
    assert_eq!(f.store.outbox_counts().await.expect("counts").bundled, 2);
    let again = f.store.add_messages(&[reminder("1", "a")], None, at(4)).await;
    assert_eq!(again.expect("known"), 0);
}

async fn a_lone_reminder_goes_as_it_is(f: Fixture) {
    add(&f.store, &[reminder("1", "a"), reminder("2", "b")]).await;
    assert_eq!(bundle(&f.store, 1).await, (0, 0));
    let bodies = bodies(&f.store).await;
    assert_eq!(bodies, [reminder("1", "a").body, reminder("2", "b").body]);
}

async fn what_was_on_its_way_is_not_merged(f: Fixture) {
    add(&f.store, &[reminder("1", "a"), reminder("2", "a")]).await;
    let tried = claim(&f.store, 1).await;
    for it in &tried {
        f.store
            .retry_message(it.message.id, it.token, "timeout", at(2))
            .await
            .expect("noted");
    }
    assert_eq!(bundle(&f.store, 3).await, (0, 0));
    add(&f.store, &[reminder("3", "b"), reminder("4", "b")]).await;
    for it in claim(&f.store, 4).await {
        f.store
            .release_message(it.message.id, it.token, None, at(5))
            .await
            .expect("noted");
    }
    assert_eq!(bundle(&f.store, 4).await, (0, 0), "they are not due yet");
    assert_eq!(
        bundle(&f.store, 5).await,
        (1, 2),
        "only those that were never tried"
    );
    assert_eq!(f.store.outbox_counts().await.expect("counts").ready, 3);
}

async fn what_cannot_be_composed_goes_one_by_one(f: Fixture) {
    add(
        &f.store,
        &[
            reminder("1", "a"),
            reminder("2", "a"),
            reminder("3", "b"),
            reminder("4", "b"),
        ],
    )
    .await;
    let refuse = |who: &str, lines: &[BundleLine]| match who {
        "a" => Err("too long"),
        _ => Ok(format!("{} lines", lines.len())),
    };
    let bundled = f.store.bundle_reminders(at(1), &refuse).await.expect("merged");
    let expected = Bundled {
        digests: 1,
        merged: 2,
        failed: vec![("a".to_owned(), "too long")],
    };
    assert_eq!(bundled, expected);
    let again = f.store.bundle_reminders(at(1), &refuse).await.expect("merged");
    assert_eq!(again, Bundled::default());
    let bodies = bodies(&f.store).await;
    assert_eq!(
        bodies,
        [
            "2 lines".to_owned(),
            reminder("1", "a").body,
            reminder("2", "a").body
        ]
    );
}

async fn merging_and_claiming_never_take_the_same_message(f: Fixture) {
    let reminders: Vec<_> = (0..60)
        .map(|n| reminder(&n.to_string(), &format!("m{}", n % 6)))
        .collect();
    add(&f.store, &reminders).await;
    let start = Arc::new(Barrier::new(4));
    let mut tasks = JoinSet::new();
    for n in 0..4 {
        let (store, start) = (f.replica().await, Arc::clone(&start));
        tasks.spawn(async move {
            start.wait().await;
            let mut sent = Vec::new();
            while store.outbox_counts().await.expect("counts").ready > 0 {
                if n % 2 == 0 {
                    bundle(&store, 1).await;
                }
                let limits = SendLimits::default();
                let claimed = store.claim_messages(at(1), LEASE, 3, limits).await;
                sent.extend(claimed.expect("claimed").into_iter().map(|it| it.message));
            }
            store.close().await.expect("closed");
            sent
        });
    }
    let mut told: Vec<String> = Vec::new();
    for message in tasks.join_all().await.into_iter().flatten() {
        let is_digest = message.dedupe_key.starts_with("digest/");
        let lines = if is_digest {
            message.body
        } else {
            message.bundle.expect("a line")
        };
        told.extend(lines.split('；').map(|line| {
            let (_, key) = line.split_once("请确认 ").expect("a line of ours");
            key.to_owned()
        }));
    }
    told.sort_by_key(|key| key.parse::<u32>().expect("a number"));
    let expected: Vec<_> = (0..60).map(|n| n.to_string()).collect();
    assert_eq!(told, expected);
}

async fn a_fallback_takes_the_place_of_the_body(f: Fixture) {
    let card = NewMessage {
        fallback: Some("plain words".to_owned()),
        ..message("card", "a")
    };
    add(&f.store, &[card]).await;
    let first = claim(&f.store, 1).await.remove(0);
    let id = first.message.id;
    assert_eq!(first.message.fallback.as_deref(), Some("plain words"));
    f.store
        .use_fallback(id, first.token, "mail", "cards are not allowed", at(2))
        .await
        .expect("swapped");
    let late = f
        .store
        .use_fallback(id, first.token, "mail", "cards are not allowed", at(2))
        .await;
    assert!(matches!(late, Err(StoreError::LeaseLost { .. })), "{late:?}");
    let second = claim(&f.store, 2).await.remove(0);
    assert_eq!(
        (
            second.message.body.as_str(),
            second.message.channel.as_str(),
            second.message.attempts
        ),
        ("plain words", "mail", 1)
    );
    assert_eq!(second.message.fallback, None);
    assert_eq!(
        second.message.last_error.as_deref(),
        Some("cards are not allowed")
    );
    let none_left = f
        .store
        .use_fallback(id, second.token, "mail", "again", at(3))
        .await;
    assert!(
        matches!(none_left, Err(StoreError::LeaseLost { .. })),
        "{none_left:?}"
    );
}

async fn messages_and_the_place_of_a_loop_are_stored_together(f: Fixture) {
    let place = json!({ "day": "2026-11-24" });
    let state = Some(("daily_report", &place));
    for added in [1, 0] {
        assert_eq!(
            f.store
                .add_messages(&[message("daily", "a")], state, at(0))
                .await
                .expect("stored"),
            added
        );
    }
    assert_eq!(
        f.store.state("daily_report").await.expect("read"),
        Some(place.clone())
    );
    let name = "x".repeat(129);
    let refused = f
        .store
        .add_messages(&[message("other", "a")], Some((&name, &place)), at(0))
        .await;
    assert!(matches!(refused, Err(StoreError::TooLong { .. })), "{refused:?}");
    assert_eq!(f.store.outbox_counts().await.expect("counts").ready, 1);
}

async fn what_was_given_up_is_listed_with_its_reason(f: Fixture) {
    add(&f.store, &[message("1", "a"), message("2", "b")]).await;
    let first = claim(&f.store, 1).await.remove(0);
    f.store
        .undeliverable(first.message.id, first.token, "81013")
        .await
        .expect("noted");
    let listed = f.store.undeliverable_messages(10).await.expect("listed");
    assert_eq!(listed.len(), 1);
    assert_eq!(
        (listed[0].id, listed[0].last_error.as_deref()),
        (first.message.id, Some("81013"))
    );
}
