//! Waiting for what people, WeCom or the app do: woken by each change, never by a clock.

use std::time::Duration;

use crate::callback::{self, Callback};
use crate::message::Message;
use crate::seen::{Seen, seen};
use crate::simulator::Simulator;
use crate::world::{Call, World};

/// What was waited for did not come; shows what did.
#[derive(Debug, thiserror::Error)]
#[error("waited {waited:?} for {what}\n{conversation}")]
pub struct WaitError {
    /// What was waited for.
    pub what: String,
    /// How long.
    pub waited: Duration,
    /// Everything that happened, line by line.
    pub conversation: String,
}

impl Simulator {
    /// Waits until no callback is on its way.
    pub async fn settle(&self, at_most: Duration) -> Result<(), WaitError> {
        let idle = |world: &World| callback::is_idle(world).then_some(());
        self.wait("all callbacks to be delivered", at_most, idle).await
    }

    /// Waits for a message to a member that the test accepts, among those already there too.
    pub async fn wait_message(
        &self,
        to: &str,
        accepts: impl Fn(&Message) -> bool,
        at_most: Duration,
    ) -> Result<Message, WaitError> {
        let what = format!("a message to {to}");
        self.wait(&what, at_most, |world| {
            world
                .messages
                .iter()
                .find(|message| message.is_to(to) && accepts(message))
                .cloned()
        })
        .await
    }

    /// Waits until a member has a message that, as it looks then, the test accepts; answers with the first such.
    pub async fn wait_seen(
        &self,
        userid: &str,
        accepts: impl Fn(&Seen) -> bool,
        at_most: Duration,
    ) -> Result<Seen, WaitError> {
        let what = format!("a message that {userid} can act on");
        self.wait(&what, at_most, |world| {
            let messages = world.messages.iter().filter(|message| message.is_to(userid));
            messages
                .map(|message| seen(message, userid))
                .find(|seen| accepts(seen))
        })
        .await
    }

    /// Waits until the messages of all members satisfy the test.
    pub async fn wait_messages(
        &self,
        what: &str,
        holds: impl Fn(&[Message]) -> bool,
        at_most: Duration,
    ) -> Result<Vec<Message>, WaitError> {
        self.wait(what, at_most, |world| {
            let messages: Vec<Message> = world.messages.iter().cloned().collect();
            holds(&messages).then_some(messages)
        })
        .await
    }

    /// Waits for a call of an API path that the test accepts, among those already made too.
    pub async fn wait_call(
        &self,
        path: &str,
        accepts: impl Fn(&Call) -> bool,
        at_most: Duration,
    ) -> Result<Call, WaitError> {
        let what = format!("a call of {path}");
        self.wait(&what, at_most, |world| {
            world
                .calls
                .iter()
                .find(|call| call.path == path && accepts(call))
                .cloned()
        })
        .await
    }

    /// Waits until a callback's number of deliveries, state and so on satisfy the test.
    pub async fn wait_callback(
        &self,
        what: &str,
        accepts: impl Fn(&Callback) -> bool,
        at_most: Duration,
    ) -> Result<Callback, WaitError> {
        self.wait(what, at_most, |world| {
            world.callbacks.iter().find(|callback| accepts(callback)).cloned()
        })
        .await
    }

    async fn wait<T>(
        &self,
        what: &str,
        at_most: Duration,
        look: impl Fn(&World) -> Option<T>,
    ) -> Result<T, WaitError> {
        let mut revision = self.hub.revision.subscribe();
        let found = async {
            loop {
                revision.borrow_and_update();
                if let Some(found) = self.hub.read(&look) {
                    return Some(found);
                }
                if revision.changed().await.is_err() {
                    return None;
                }
            }
        };
        match tokio::time::timeout(at_most, found).await {
            Ok(Some(found)) => Ok(found),
            Ok(None) | Err(_) => Err(WaitError {
                what: what.to_owned(),
                waited: at_most,
                conversation: self.conversation(),
            }),
        }
    }
}
