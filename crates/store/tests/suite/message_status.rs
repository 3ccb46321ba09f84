//! What became of a message is known by its key.

use changegate_store::{Delivery, MessageState, SendLimits};

use crate::database::{Fixture, on_all_databases};
use crate::material::{LEASE, at, message};

on_all_databases!(a_message_is_known_by_its_key);

async fn a_message_is_known_by_its_key(f: Fixture) {
    let key = "202611240001/7";
    assert_eq!(f.store.message_by_key(key).await.expect("asked"), None);
    f.store
        .enqueue_messages(&[message(key, "ops")], at(0))
        .await
        .expect("stored");
    let waiting = f.store.message_by_key(key).await.expect("asked").expect("there");
    assert_eq!(
        (
            waiting.state,
            waiting.attempts,
            waiting.created_at,
            waiting.run_at,
            waiting.delivered_at
        ),
        (MessageState::Ready, 0, at(0), at(0), None)
    );
    let claimed = f
        .store
        .claim_messages(at(1), LEASE, 10, SendLimits::default())
        .await
        .expect("claimed")
        .remove(0);
    f.store
        .delivered(&[(claimed.message.id, claimed.token, Delivery::default())], at(5))
        .await
        .expect("noted");
    let sent = f.store.message_by_key(key).await.expect("asked").expect("there");
    assert_eq!((sent.id, sent.state), (waiting.id, MessageState::Delivered));
    assert_eq!((sent.delivered_at, sent.last_error), (Some(at(5)), None));
}
