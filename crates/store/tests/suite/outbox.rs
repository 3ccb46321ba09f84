//! Messages go once, in order of urgency, within what each member may get.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use changegate_store::{
    ClaimedMessage, DIGEST, Delivery, MessageState, NewMessage, SendLimits, Store, StoreError,
};
use chrono::{DateTime, Utc};
use tokio::task::JoinSet;

use crate::database::{Fixture, on_all_databases};
use crate::material::{LEASE, at, message};

on_all_databases!(
    twenty_at_once_enqueue_one_message,
    urgent_messages_go_before_digests,
    eight_senders_send_four_hundred_messages_once_each,
    a_member_at_the_limit_holds_up_nobody,
    the_limit_holds_across_replicas,
    the_hourly_limit_holds,
    a_retry_repeats_the_same_bytes,
    a_dead_sender_delays_its_message_by_one_lease,
    a_late_sender_can_settle_nothing,
    a_person_can_send_again,
    a_message_that_was_not_tried_counts_no_attempt,
);

async fn claim(store: &Store, now: DateTime<Utc>, limit: u32) -> Vec<ClaimedMessage> {
    store
        .claim_messages(now, LEASE, limit, SendLimits::default())
        .await
        .expect("claimed")
}

async fn enqueue(store: &Store, messages: &[NewMessage]) {
    assert_eq!(
        store.enqueue_messages(messages, at(0)).await.expect("stored"),
        messages.len()
    );
}

async fn twenty_at_once_enqueue_one_message(f: Fixture) {
    let mut tasks = JoinSet::new();
    for _ in 0..20 {
        let store = f.store.clone();
        tasks.spawn(async move {
            store
                .enqueue_messages(&[message("k", "a"), message("k", "a")], at(0))
                .await
        });
    }
    assert!(tasks.join_all().await.into_iter().all(|outcome| outcome.is_ok()));
    assert_eq!(f.store.outbox_counts().await.expect("counts").ready, 1);
}

async fn urgent_messages_go_before_digests(f: Fixture) {
    let digest = NewMessage {
        priority: DIGEST,
        ..message("digest", "a")
    };
    let later = NewMessage {
        run_at: Some(at(100)),
        ..message("later", "a")
    };
    enqueue(&f.store, &[digest, later]).await;
    f.store
        .enqueue_messages(&[message("verdict", "b")], at(5))
        .await
        .expect("stored");
    let keys: Vec<_> = claim(&f.store, at(9), 10)
        .await
        .into_iter()
        .map(|m| m.message.dedupe_key)
        .collect();
    assert_eq!(keys, ["verdict", "digest"]);
    assert_eq!(f.store.next_message_at().await.expect("asked"), Some(at(100)));
}

async fn send_all(store: Store, sent: Arc<Mutex<Vec<String>>>) {
    while store.outbox_counts().await.expect("counts").ready > 0 {
        for ClaimedMessage { message, token } in claim(&store, at(1), 7).await {
            sent.lock().expect("not poisoned").push(message.dedupe_key);
            store
                .delivered(&[(message.id, token, Delivery::default())], at(2))
                .await
                .expect("noted");
        }
    }
}

async fn eight_senders_send_four_hundred_messages_once_each(f: Fixture) {
    let messages: Vec<_> = (0..400)
        .map(|n| message(&n.to_string(), &format!("m{}", n % 40)))
        .collect();
    enqueue(&f.store, &messages).await;
    let sent = Arc::new(Mutex::new(Vec::new()));
    let other = f.replica().await;
    let mut senders = JoinSet::new();
    for n in 0..8 {
        let store = if n % 2 == 0 {
            f.store.clone()
        } else {
            other.clone()
        };
        senders.spawn(send_all(store, Arc::clone(&sent)));
    }
    senders.join_all().await;
    other.close().await.expect("closed");
    let sent = sent.lock().expect("not poisoned").clone();
    assert_eq!(
        (sent.len(), sent.iter().collect::<HashSet<_>>().len()),
        (400, 400)
    );
    assert_eq!(f.store.outbox_counts().await.expect("counts").delivered, 400);
}

async fn a_member_at_the_limit_holds_up_nobody(f: Fixture) {
    let mut messages: Vec<_> = (0..100).map(|n| message(&format!("busy{n}"), "busy")).collect();
    messages.push(message("quiet", "quiet"));
    enqueue(&f.store, &messages).await;
    let first = claim(&f.store, at(1), 25).await;
    let second = claim(&f.store, at(1), 25).await;
    let to = |who: &str| {
        first
            .iter()
            .chain(&second)
            .filter(|m| m.message.recipient == who)
            .count()
    };
    assert_eq!((to("busy"), to("quiet")), (30, 1));
    assert_eq!(claim(&f.store, at(2), 25).await.len(), 0);
    for ClaimedMessage { message, token } in first.into_iter().chain(second) {
        f.store
            .delivered(&[(message.id, token, Delivery::default())], at(2))
            .await
            .expect("noted");
    }
    assert_eq!(claim(&f.store, at(60), 50).await.len(), 0);
    assert_eq!(claim(&f.store, at(61), 50).await.len(), 30);
}

async fn the_limit_holds_across_replicas(f: Fixture) {
    let messages: Vec<_> = (0..100).map(|n| message(&n.to_string(), "busy")).collect();
    enqueue(&f.store, &messages).await;
    let other = f.replica().await;
    let mut claims = JoinSet::new();
    for n in 0..12 {
        let store = if n % 2 == 0 {
            f.store.clone()
        } else {
            other.clone()
        };
        claims.spawn(async move { claim(&store, at(1), 4).await.len() });
    }
    assert_eq!(claims.join_all().await.into_iter().sum::<usize>(), 30);
    other.close().await.expect("closed");
}

async fn the_hourly_limit_holds(f: Fixture) {
    let limits = SendLimits {
        per_minute: 2,
        per_hour: 3,
    };
    let messages: Vec<_> = (0..5).map(|n| message(&n.to_string(), "a")).collect();
    enqueue(&f.store, &messages).await;
    let mut sent = Vec::new();
    for now in [at(1), at(70), at(140), at(3_602)] {
        let claimed = f
            .store
            .claim_messages(now, LEASE, 10, limits)
            .await
            .expect("claimed");
        sent.push(claimed.len());
        for ClaimedMessage { message, token } in claimed {
            f.store
                .delivered(&[(message.id, token, Delivery::default())], now)
                .await
                .expect("noted");
        }
    }
    assert_eq!(sent, [2, 1, 0, 2]);
}

async fn a_retry_repeats_the_same_bytes(f: Fixture) {
    enqueue(&f.store, &[message("k", "a")]).await;
    let first = claim(&f.store, at(1), 10).await.remove(0);
    f.store
        .retry_message(first.message.id, first.token, "-1", at(3))
        .await
        .expect("noted");
    assert_eq!(claim(&f.store, at(2), 10).await.len(), 0);
    assert_eq!(f.store.outbox_counts().await.expect("counts").retrying, 1);
    let second = claim(&f.store, at(3), 10).await.remove(0);
    assert_eq!(second.message.body, first.message.body);
    assert_eq!(
        (second.message.attempts, second.message.first_attempt_at),
        (2, Some(at(1)))
    );
    let delivery = Delivery {
        msgid: Some("m1".to_owned()),
        response_code: Some("r1".to_owned()),
    };
    f.store
        .delivered(&[(second.message.id, second.token, delivery.clone())], at(4))
        .await
        .expect("noted");
    let message = f
        .store
        .message(second.message.id)
        .await
        .expect("read")
        .expect("there");
    assert_eq!(
        (message.state, message.delivered_at),
        (MessageState::Delivered, Some(at(4)))
    );
    assert_eq!(
        (message.msgid, message.response_code),
        (delivery.msgid, delivery.response_code)
    );
}

async fn a_dead_sender_delays_its_message_by_one_lease(f: Fixture) {
    enqueue(&f.store, &[message("k", "a")]).await;
    assert_eq!(claim(&f.store, at(1), 10).await.len(), 1);
    assert_eq!(claim(&f.store, at(30), 10).await.len(), 0);
    assert_eq!(claim(&f.store, at(31), 10).await.len(), 1);
}

async fn a_late_sender_can_settle_nothing(f: Fixture) {
    enqueue(&f.store, &[message("k", "a")]).await;
    let late = claim(&f.store, at(1), 10).await.remove(0);
    let now = claim(&f.store, at(40), 10).await.remove(0);
    let (id, token) = (late.message.id, late.token);
    let lost = f
        .store
        .delivered(&[(id, token, Delivery::default())], at(41))
        .await;
    assert_eq!(lost.expect("tried"), [id]);
    for outcome in [
        f.store.retry_message(id, token, "x", at(41)).await,
        f.store.release_message(id, token, None, at(41)).await,
        f.store.undeliverable(id, token, "x").await,
    ] {
        assert!(
            matches!(outcome, Err(StoreError::LeaseLost { .. })),
            "{outcome:?}"
        );
    }
    f.store
        .delivered(&[(id, now.token, Delivery::default())], at(42))
        .await
        .expect("noted");
}

async fn a_person_can_send_again(f: Fixture) {
    enqueue(&f.store, &[message("k", "a")]).await;
    let first = claim(&f.store, at(1), 10).await.remove(0);
    let id = first.message.id;
    let early = f.store.resend(id, None, at(2)).await;
    assert!(matches!(early, Err(StoreError::NotFound { .. })), "{early:?}");
    f.store
        .undeliverable(id, first.token, "81013")
        .await
        .expect("noted");
    assert_eq!(
        f.store
            .messages_in(MessageState::Undeliverable, 10)
            .await
            .expect("listed")[0]
            .id,
        id
    );
    f.store
        .resend(id, Some("new task id"), at(3))
        .await
        .expect("again");
    let second = claim(&f.store, at(3), 10).await.remove(0);
    assert_eq!(
        (second.message.body.as_str(), second.message.attempts),
        ("new task id", 1)
    );
}

async fn a_message_that_was_not_tried_counts_no_attempt(f: Fixture) {
    enqueue(&f.store, &[message("k", "a")]).await;
    let first = claim(&f.store, at(1), 10).await.remove(0);
    f.store
        .release_message(first.message.id, first.token, Some("40001"), at(60))
        .await
        .expect("noted");
    let second = claim(&f.store, at(60), 10).await.remove(0);
    assert_eq!(
        (second.message.attempts, second.message.last_error.as_deref()),
        (1, Some("40001"))
    );
}
