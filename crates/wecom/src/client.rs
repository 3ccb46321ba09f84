//! The client of WeCom's API.
//!
//! Access token: one refresh at a time, before it ends, once more when WeCom refuses it. Refused settings
//! are remembered and not tried again in a loop, since WeCom bars the address of whoever does. Local rate
//! limits wait instead of failing. Neither token nor secret gets into a log or an error.

mod applying;
mod approvals;
mod circuit;
mod contacts;
mod http;
mod inbox;
mod mail;
mod media;
mod menu;
mod messages;
mod tags;
mod token;
mod upload;
mod window;

use std::collections::HashMap;
use std::fmt;
use std::num::NonZeroU32;
use std::time::Duration;

use secrecy::SecretString;
use serde::de::DeserializeOwned;

pub use self::applying::ApplyError;
pub use self::approvals::{InfoFilter, InfoPage, InfoQuery};
use self::circuit::Circuits;
pub use self::circuit::OpenCircuit;
pub use self::contacts::{DepartmentInfo, DepartmentPlace, LoginUser, SimpleUser, User, UserStatus};
pub use self::http::http_client;
use self::http::{Answer, Target};
pub use self::mail::{MailBody, MailContent, MailFile, MailLimit, MailPeople};
pub use self::media::Media;
pub use self::menu::{Menu, MenuButton, MenuLimit};
pub use self::tags::{Tag, TagName};
use self::token::TokenCache;
use self::window::Window;
use crate::error::{Error, ErrorClass};

/// Paths with WeCom's limit for approvals.
const LIMITED: [&str; 4] = [
    applying::APPLY,
    approvals::DETAIL,
    approvals::INFO,
    approvals::TEMPLATE,
];

/// Which WeCom, which company, which app.
#[derive(Clone)]
pub struct Settings {
    /// Such as `https://qyapi.weixin.qq.com`.
    pub api_base: String,
    /// The company.
    pub corp_id: String,
    /// The app's secret.
    pub secret: SecretString,
    /// The app.
    pub agent_id: i64,
    /// Calls a minute of each approval API once WeCom has complained of too many; it documents 600.
    pub approval_calls_per_minute: NonZeroU32,
}

impl Settings {
    /// With WeCom's own limit.
    pub fn new(api_base: &str, corp_id: &str, secret: SecretString, agent_id: i64) -> Self {
        Self {
            api_base: api_base.trim_end_matches('/').to_owned(),
            corp_id: corp_id.trim().to_owned(),
            secret,
            agent_id,
            approval_calls_per_minute: NonZeroU32::new(600).unwrap_or(NonZeroU32::MIN),
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("api_base", &self.api_base)
            .field("corp_id", &self.corp_id)
            .field("agent_id", &self.agent_id)
            .finish_non_exhaustive()
    }
}

/// A client for one app of one company; share it by reference, it holds the token.
pub struct Client {
    settings: Settings,
    http: reqwest::Client,
    token: TokenCache,
    circuits: Circuits,
    limits: HashMap<&'static str, Window>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// A client over an HTTP client, best one from [`http_client`].
    pub fn new(settings: Settings, http: reqwest::Client) -> Self {
        let limits = LIMITED
            .map(|path| (path, Window::new(settings.approval_calls_per_minute)))
            .into();
        Self {
            settings,
            http,
            token: TokenCache::default(),
            circuits: Circuits::default(),
            limits,
        }
    }

    /// The app.
    pub fn agent_id(&self) -> i64 {
        self.settings.agent_id
    }

    /// Why nothing is called at present, if that is so.
    pub fn circuit(&self) -> Option<OpenCircuit> {
        self.circuits.open().into_iter().find(|open| open.api.is_none())
    }

    /// Everything that is not called at present: all of it, or single APIs.
    pub fn circuits(&self) -> Vec<OpenCircuit> {
        self.circuits.open()
    }

    /// Fetches an access token if there is none: proves company and secret.
    pub async fn check_credentials(&self) -> Result<(), Error> {
        self.circuits.admit(token::PATH)?;
        match self.token.get(&self.http, &self.settings).await {
            Ok(_) => Ok(()),
            Err(error) => {
                self.circuits.note(token::PATH, &error);
                Err(error)
            }
        }
    }

    async fn get<T: DeserializeOwned>(&self, path: &'static str, query: &[(&str, &str)]) -> Result<T, Error> {
        http::decode(
            path,
            &self
                .call(
                    path,
                    Target {
                        query,
                        ..Target::default()
                    },
                )
                .await?
                .body,
        )
    }

    async fn post<T: DeserializeOwned>(&self, path: &'static str, body: &[u8]) -> Result<T, Error> {
        http::decode(path, &self.post_text(path, body).await?)
    }

    async fn post_text(&self, path: &'static str, body: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(self
            .call(
                path,
                Target {
                    body: Some(body),
                    ..Target::default()
                },
            )
            .await?
            .body)
    }

    /// One call: waits for its turn, replays once with a fresh token if the token is refused.
    async fn call(&self, path: &'static str, target: Target<'_>) -> Result<Answer, Error> {
        if let Some(limit) = self.limits.get(path) {
            limit.turn().await;
        }
        self.circuits.admit(path)?;
        let result = match self.attempt(path, &target).await {
            Err(error) if error.class() == ErrorClass::Token => self.attempt(path, &target).await,
            result => result,
        };
        match &result {
            Ok(_) => self.circuits.succeeded(path),
            Err(error) => {
                if let (Some(limit), ErrorClass::RateLimited) = (self.limits.get(path), error.class()) {
                    limit.complained();
                }
                self.circuits.note(path, error);
            }
        }
        result
    }

    async fn attempt(&self, path: &'static str, target: &Target<'_>) -> Result<Answer, Error> {
        let token = self.token.get(&self.http, &self.settings).await?;
        let result = http::send(&self.http, &self.settings.api_base, path, target, &token.value).await;
        if let Err(error) = &result
            && error.class() == ErrorClass::Token
        {
            self.token.forget(&token);
        }
        result
    }
}

/// Of one request, without what a media download takes.
const TIMEOUT: Duration = Duration::from_secs(10);
