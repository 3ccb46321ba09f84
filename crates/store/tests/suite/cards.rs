//! Cards are found by their key, altered by the newest code, and closed with their duty.

use changegate_store::{Advance, Card, Delivery, NewCard, SendLimits, Store, StoreError};

use crate::database::{Fixture, on_all_databases};
use crate::material::{LEASE, at, first_step, message};

on_all_databases!(
    a_card_is_found_by_its_key,
    a_delivered_card_knows_its_code,
    the_newest_code_counts,
    closing_a_duty_closes_its_cards_and_spends_their_codes,
    a_step_that_fails_leaves_no_card,
    only_closed_cards_are_cleared_away,
);

const CHANGE: &str = "202611240001";

fn card(task: &str, duty: i64) -> NewCard {
    NewCard {
        task_id: task.to_owned(),
        card_key: format!("key-of-{task}"),
        sp_no: CHANGE.to_owned(),
        duty,
        holder: "zhangsan".to_owned(),
        actions: vec!["executed".to_owned(), "not_executed".to_owned()],
        message_key: format!("message-of-{task}"),
    }
}

fn step(version: Option<i64>) -> Advance {
    Advance {
        expected_version: version,
        messages: Vec::new(),
        ..first_step(CHANGE)
    }
}

/// The first step, with these cards and their messages.
async fn with_cards(store: &Store, cards: &[NewCard]) {
    let first = Advance {
        messages: cards
            .iter()
            .map(|card| message(&card.message_key, &card.holder))
            .collect(),
        new_cards: cards.to_vec(),
        ..step(None)
    };
    store.commit(&first).await.expect("stored");
}

async fn find(store: &Store, task: &str) -> Card {
    let found = store.card_by_key(&format!("key-of-{task}")).await.expect("read");
    found.expect("the card is there")
}

async fn a_card_is_found_by_its_key(f: Fixture) {
    with_cards(&f.store, &[card("a", 1), card("b", 1), card("c", 2)]).await;
    let found = find(&f.store, "a").await;
    assert_eq!(
        (found.task_id.as_str(), found.duty, found.holder.as_str()),
        ("a", 1, "zhangsan")
    );
    assert_eq!(found.actions, ["executed", "not_executed"]);
    assert_eq!(
        (found.live, found.response_code, found.code_at),
        (true, None, None)
    );
    assert_eq!(found.created_at, at(2));
    assert_eq!(f.store.card_by_key("key-of-x").await.expect("read"), None);
    assert_eq!(f.store.cards_of(CHANGE, 1).await.expect("read").len(), 2);
    assert_eq!(f.store.cards_of("other", 1).await.expect("read"), []);
    assert_eq!(f.store.live_cards(CHANGE).await.expect("read").len(), 3);
}

async fn a_delivered_card_knows_its_code(f: Fixture) {
    with_cards(&f.store, &[card("a", 1), card("b", 1)]).await;
    let claimed = f
        .store
        .claim_messages(at(3), LEASE, 10, SendLimits::default())
        .await
        .expect("claimed");
    let arrived: Vec<_> = claimed
        .iter()
        .map(|it| {
            let is_first = it.message.dedupe_key == "message-of-a";
            let delivery = Delivery {
                msgid: None,
                response_code: is_first.then(|| "code-1".to_owned()),
            };
            (it.message.id, it.token, delivery)
        })
        .collect();
    assert_eq!(arrived.len(), 2);
    assert!(
        f.store
            .delivered(&arrived, at(4))
            .await
            .expect("noted")
            .is_empty()
    );
    let (a, b) = (find(&f.store, "a").await, find(&f.store, "b").await);
    assert_eq!(
        (a.response_code.as_deref(), a.code_at),
        (Some("code-1"), Some(at(4)))
    );
    assert_eq!((b.response_code, b.code_at), (None, None));
    let late = f.store.delivered(&arrived, at(5)).await.expect("noted");
    assert_eq!(late.len(), 2);
    assert_eq!(find(&f.store, "a").await.code_at, Some(at(4)));
}

async fn the_newest_code_counts(f: Fixture) {
    with_cards(&f.store, &[card("a", 1)]).await;
    for (code, when) in [("second", 20), ("first", 10)] {
        f.store.note_card_code("a", code, at(when)).await.expect("noted");
        let card = find(&f.store, "a").await;
        assert_eq!(
            (card.response_code.as_deref(), card.code_at),
            (Some("second"), Some(at(20)))
        );
    }
}

async fn closing_a_duty_closes_its_cards_and_spends_their_codes(f: Fixture) {
    with_cards(&f.store, &[card("a", 1), card("b", 2)]).await;
    f.store.note_card_code("a", "code", at(3)).await.expect("noted");
    let second = Advance {
        close_duties: vec![1],
        new_cards: vec![card("again", 1)],
        ..step(Some(1))
    };
    f.store.commit(&second).await.expect("stored");
    let closed = find(&f.store, "a").await;
    assert_eq!((closed.live, closed.response_code), (false, None));
    let live = f.store.live_cards(CHANGE).await.expect("read");
    let tasks: Vec<_> = live.iter().map(|card| card.task_id.as_str()).collect();
    assert_eq!(tasks, ["again", "b"]);
    f.store.note_card_code("a", "late", at(9)).await.expect("noted");
    let closed = find(&f.store, "a").await;
    assert_eq!(
        (closed.live, closed.response_code.as_deref()),
        (false, Some("late")),
        "what arrives after its duty is over must still be altered"
    );
}

async fn a_step_that_fails_leaves_no_card(f: Fixture) {
    with_cards(&f.store, &[card("a", 1)]).await;
    let outdated = Advance {
        close_duties: vec![1],
        new_cards: vec![card("b", 2)],
        ..step(Some(7))
    };
    let refused = f.store.commit(&outdated).await;
    assert!(
        matches!(refused, Err(StoreError::VersionConflict { .. })),
        "{refused:?}"
    );
    assert!(find(&f.store, "a").await.live);
    assert_eq!(f.store.card_by_key("key-of-b").await.expect("read"), None);
}

async fn only_closed_cards_are_cleared_away(f: Fixture) {
    with_cards(&f.store, &[card("a", 1), card("b", 2), card("c", 3)]).await;
    let second = Advance {
        close_duties: vec![1, 3],
        ..step(Some(1))
    };
    f.store.commit(&second).await.expect("stored");
    assert_eq!(f.store.prune_cards(at(2), 10).await.expect("cleared"), 0);
    assert_eq!(f.store.prune_cards(at(3), 1).await.expect("cleared"), 1);
    assert_eq!(f.store.prune_cards(at(3), 10).await.expect("cleared"), 1);
    assert!(find(&f.store, "b").await.live);
}
