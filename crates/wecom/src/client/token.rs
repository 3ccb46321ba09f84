//! The access token.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::time::Instant;

use super::Settings;
use super::http::{self, Target};
use crate::error::Error;
use crate::lenient;

pub(super) const PATH: &str = "gettoken";

/// How long before its end a token is replaced.
const EARLY: Duration = Duration::from_mins(5);

/// A token; the number tells it from the one before.
#[derive(Clone)]
pub(super) struct Token {
    pub(super) value: SecretString,
    number: u64,
    refresh_at: Instant,
    ends_at: Instant,
}

/// The present token. Whoever needs another one takes the gate; the others wait, or, as long as the present
/// token still lives, go on with it.
#[derive(Default)]
pub(super) struct TokenCache {
    present: Mutex<Option<Token>>,
    gate: tokio::sync::Mutex<u64>,
}

#[derive(Deserialize)]
struct Reply {
    access_token: SecretString,
    #[serde(default, deserialize_with = "lenient::int")]
    expires_in: Option<i64>,
}

impl TokenCache {
    /// A token to call with.
    pub(super) async fn get(&self, client: &reqwest::Client, settings: &Settings) -> Result<Token, Error> {
        let present = self.present();
        let mut gate = match present {
            Some(token) if Instant::now() < token.refresh_at => return Ok(token),
            Some(token) if Instant::now() < token.ends_at => match self.gate.try_lock() {
                Ok(gate) => gate,
                Err(_) => return Ok(token),
            },
            _ => self.gate.lock().await,
        };
        let present = self.present();
        if let Some(token) = &present
            && Instant::now() < token.refresh_at
        {
            return Ok(token.clone());
        }
        match fetch(client, settings, *gate + 1).await {
            Ok(token) => {
                *gate += 1;
                *self.lock() = Some(token.clone());
                Ok(token)
            }
            Err(error) => match present {
                Some(token) if Instant::now() < token.ends_at => {
                    tracing::warn!(%error, "access token not refreshed; going on with the present one");
                    Ok(token)
                }
                _ => Err(error),
            },
        }
    }

    /// Drops a token that WeCom refused, unless another has taken its place.
    pub(super) fn forget(&self, refused: &Token) {
        let mut present = self.lock();
        if present
            .as_ref()
            .is_some_and(|token| token.number == refused.number)
        {
            *present = None;
        }
    }

    fn present(&self) -> Option<Token> {
        self.lock().clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Token>> {
        self.present.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn fetch(client: &reqwest::Client, settings: &Settings, number: u64) -> Result<Token, Error> {
    let query = [
        ("corpid", settings.corp_id.as_str()),
        ("corpsecret", settings.secret.expose_secret()),
    ];
    let target = Target {
        query: &query,
        ..Target::default()
    };
    let asked_at = Instant::now();
    let answer = http::send_bare(client, &settings.api_base, PATH, &target, &settings.secret).await?;
    let reply: Reply = http::decode(PATH, &answer.body)?;
    let lifetime = Duration::from_secs(
        reply
            .expires_in
            .and_then(|secs| u64::try_from(secs).ok())
            .unwrap_or(7200),
    );
    let refresh_in = lifetime.saturating_sub(EARLY).max(lifetime / 2);
    Ok(Token {
        value: reply.access_token,
        number,
        refresh_at: asked_at + refresh_in,
        ends_at: asked_at + lifetime,
    })
}
