//! Sending, updating and recalling messages. Bodies are sent byte for byte as they are given.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::Client;
use super::http::{self, Target};
use crate::error::Error;
use crate::message::{SendReply, UpdateReply};

const SEND: &str = "message/send";
const UPDATE: &str = "message/update_template_card";
const RECALL: &str = "message/recall";
const CHAT: &str = "appchat/send";
const WEBHOOK: &str = "webhook/send";

/// An answer of which only the code matters.
#[derive(Deserialize)]
struct Done {}

impl Client {
    /// Sends a message made by [`Message::to_json`](crate::message::Message::to_json).
    pub async fn send_message(&self, body: impl AsRef<[u8]>) -> Result<SendReply, Error> {
        self.post(SEND, body.as_ref()).await
    }

    /// Updates a card; the body is from [`replace_card_json`](crate::message::replace_card_json) or
    /// [`grey_button_json`](crate::message::grey_button_json).
    pub async fn update_template_card(&self, body: impl AsRef<[u8]>) -> Result<UpdateReply, Error> {
        self.post(UPDATE, body.as_ref()).await
    }

    /// Takes a message of the last 24 h back.
    pub async fn recall(&self, msgid: &str) -> Result<(), Error> {
        let body = serde_json::json!({ "msgid": msgid }).to_string();
        let Done {} = self.post(RECALL, body.as_bytes()).await?;
        Ok(())
    }

    /// Sends to a group chat that this app made; the body is from
    /// [`appchat_json`](crate::message::appchat_json).
    pub async fn appchat_send(&self, body: impl AsRef<[u8]>) -> Result<(), Error> {
        let Done {} = self.post(CHAT, body.as_ref()).await?;
        Ok(())
    }

    /// Sends to a group's webhook; the body is from [`webhook_json`](crate::message::webhook_json).
    pub async fn webhook_send(&self, key: &SecretString, body: impl AsRef<[u8]>) -> Result<(), Error> {
        let query = [("key", key.expose_secret())];
        let target = Target {
            query: &query,
            body: Some(body.as_ref()),
            ..Target::default()
        };
        http::send_bare(&self.http, &self.settings.api_base, WEBHOOK, &target, key).await?;
        Ok(())
    }
}
