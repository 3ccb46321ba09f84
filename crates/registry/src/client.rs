//! The client: what is asked of registries.

use std::sync::Arc;
use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde::de::IgnoredAny;

use crate::digest::Digest;
use crate::error::Error;
use crate::http;
use crate::manifest;
use crate::reference::Reference;
use crate::refusal;
use crate::session::{Question, Session};
use crate::settings::{Host, Settings};
use crate::tokens::{Place, Tokens};

/// Before the second try.
const PAUSE: Duration = Duration::from_millis(200);

/// A client of the configured registries; its clones share their tokens.
#[derive(Debug, Clone)]
pub struct Client {
    settings: Settings,
    http: reqwest::Client,
    tokens: Arc<Tokens>,
}

impl Client {
    /// A client over an HTTP client, which is to be one from [`crate::http_client`]: one that follows redirects by
    /// itself would do so unseen.
    pub fn new(settings: Settings, http: reqwest::Client) -> Self {
        Self {
            settings,
            http,
            tokens: Arc::default(),
        }
    }

    /// Whether a registry of this name is configured. Case does not count; the port does.
    pub fn knows(&self, host: &str) -> bool {
        self.host(host).is_ok()
    }

    /// The digest that a tag stands for now; none where the registry says that it has no such tag or repository.
    pub async fn digest(&self, image: &Reference) -> Result<Option<Digest>, Error> {
        let session = self.session(image.host(), Some(image.repository()))?;
        let mut path: Vec<&str> = image.repository().split('/').collect();
        path.extend(["manifests", image.tag()]);
        self.in_time(&session, || digest(&session, &path)).await
    }

    /// Whether the registry is there, speaks the API and lets us in; whether a repository may be read, only
    /// [`Client::digest`] tells.
    pub async fn ping(&self, host: &str) -> Result<(), Error> {
        let session = self.session(host, None)?;
        self.in_time(&session, || ping(&session)).await
    }

    fn host(&self, name: &str) -> Result<&Host, Error> {
        self.settings
            .hosts
            .iter()
            .find(|host| host.host.eq_ignore_ascii_case(name))
            .filter(|host| matches!(host.api_base.scheme(), "http" | "https"))
            .ok_or_else(|| Error::NotConfigured {
                host: name.to_owned(),
            })
    }

    fn session(&self, host: &str, repository: Option<&str>) -> Result<Session<'_>, Error> {
        let host = self.host(host)?;
        Ok(Session {
            http: &self.http,
            host,
            tokens: &self.tokens,
            place: Place {
                host: host.host.clone(),
                repository: repository.map(str::to_owned),
            },
        })
    }

    /// Asks, and once more where that may help; all within the time-out.
    async fn in_time<T, F>(&self, session: &Session<'_>, question: impl Fn() -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let answered = async {
            match question().await {
                Err(error) if error.deserves_another_try() => {
                    tokio::time::sleep(PAUSE).await;
                    question().await
                }
                answer => answer,
            }
        };
        match tokio::time::timeout(self.settings.timeout, answered).await {
            Ok(answer) => answer,
            Err(_elapsed) => Err(Error::Network {
                host: session.host.host.clone(),
                message: "no answer in time".to_owned(),
            }),
        }
    }
}

async fn digest(session: &Session<'_>, path: &[&str]) -> Result<Option<Digest>, Error> {
    let mut question = Question {
        method: Method::HEAD,
        path,
        accept: manifest::ACCEPT,
        max: manifest::MAX_MANIFEST,
    };
    let head = session.ask(&question).await?;
    if head.status == StatusCode::OK
        && let Some(digest) = manifest::announced(&head.headers)
    {
        return Ok(Some(digest));
    }
    if head.status == StatusCode::TOO_MANY_REQUESTS || head.status.is_server_error() {
        return Err(refusal::error(&head));
    }
    // A head has no words: whether a 404 is the registry's own, and what a manifest hashes to, its body tells.
    question.method = Method::GET;
    let whole = session.ask(&question).await?;
    if refusal::is_absence(&whole) {
        return Ok(None);
    }
    if whole.status != StatusCode::OK {
        return Err(refusal::error(&whole));
    }
    manifest::measured(&whole)
        .map(Some)
        .map_err(|message| Error::Answer {
            host: session.host.host.clone(),
            message: message.to_owned(),
        })
}

async fn ping(session: &Session<'_>) -> Result<(), Error> {
    let question = Question {
        method: Method::GET,
        // The address ends in a slash.
        path: &[""],
        accept: "application/json",
        max: http::SMALL,
    };
    let answer = session.ask(&question).await?;
    if answer.status != StatusCode::OK {
        return Err(refusal::error(&answer));
    }
    // A page to sign in at, say, is no registry.
    let speaks = answer.headers.contains_key("docker-distribution-api-version")
        || answer.body.is_empty()
        || serde_json::from_slice::<IgnoredAny>(&answer.body).is_ok();
    if !speaks {
        return Err(Error::Answer {
            host: session.host.host.clone(),
            message: "it is no registry".to_owned(),
        });
    }
    Ok(())
}
