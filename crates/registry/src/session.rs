//! Questions to one registry about one repository, signed in as the registry wants.

use std::time::Instant;

use reqwest::header::WWW_AUTHENTICATE;
use reqwest::{Method, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::challenge::{self, Challenge};
use crate::error::Error;
use crate::http::{self, Answer, Asked};
use crate::masking::Secrets;
use crate::realm;
use crate::settings::Host;
use crate::token;
use crate::tokens::{Place, Tokens};

/// What all questions have in common.
pub(crate) struct Session<'a> {
    pub(crate) http: &'a reqwest::Client,
    pub(crate) host: &'a Host,
    pub(crate) tokens: &'a Tokens,
    pub(crate) place: Place,
}

/// One question.
pub(crate) struct Question<'a> {
    pub(crate) method: Method,
    /// Below `/v2/`.
    pub(crate) path: &'a [&'a str],
    /// The forms of an answer that will do.
    pub(crate) accept: &'static str,
    /// The largest answer, in bytes.
    pub(crate) max: usize,
}

enum Proof {
    Bearer(SecretString),
    Basic { user: String, password: SecretString },
}

impl Session<'_> {
    /// Asks; where the registry wants proof, signs in and asks again, once. No answer is a 401.
    pub(crate) async fn ask(&self, question: &Question<'_>) -> Result<Answer, Error> {
        let known = self.tokens.find(&self.place, Instant::now()).map(Proof::Bearer);
        let first = self.send(question, known.as_ref()).await?;
        if first.status != StatusCode::UNAUTHORIZED {
            return Ok(first);
        }
        let proof = self.meet(&first).await?;
        let second = self.send(question, Some(&proof)).await?;
        if second.status == StatusCode::UNAUTHORIZED {
            self.tokens.forget(&self.place);
            return Err(self.unauthorized());
        }
        Ok(second)
    }

    async fn send(&self, question: &Question<'_>, proof: Option<&Proof>) -> Result<Answer, Error> {
        let address = self.address(question.path).ok_or_else(|| Error::NotConfigured {
            host: self.host.host.clone(),
        })?;
        let request = self
            .http
            .request(question.method.clone(), address)
            .header("accept", question.accept);
        let mut secrets = Secrets::of(self.host);
        let request = match proof {
            None => request,
            Some(Proof::Basic { user, password }) => request.basic_auth(user, Some(password.expose_secret())),
            Some(Proof::Bearer(token)) => {
                secrets = secrets.and(token);
                request.bearer_auth(token.expose_secret())
            }
        };
        let asked = Asked {
            host: self.host.host.clone(),
            secrets,
        };
        http::send(request, asked, question.max).await
    }

    /// What proves who asks.
    async fn meet(&self, refusal: &Answer) -> Result<Proof, Error> {
        let headers = refusal
            .headers
            .get_all(WWW_AUTHENTICATE)
            .iter()
            .filter_map(|header| header.to_str().ok());
        match challenge::preferred(headers) {
            Some(Challenge::Bearer { realm, service }) => {
                let realm = realm::permitted(self.host, &realm)?;
                let asked_at = Instant::now();
                let repository = self.place.repository.as_deref();
                let token = token::fetch(self.http, self.host, realm, service.as_deref(), repository).await?;
                self.tokens.keep(&self.place, &token, asked_at);
                Ok(Proof::Bearer(token.secret))
            }
            Some(Challenge::Basic) => match (&self.host.user, &self.host.password) {
                (Some(user), Some(password)) => Ok(Proof::Basic {
                    user: user.clone(),
                    password: password.clone(),
                }),
                _ => Err(self.unauthorized()),
            },
            None => Err(self.unauthorized()),
        }
    }

    fn address(&self, path: &[&str]) -> Option<Url> {
        let mut address = self.host.api_base.clone();
        // What an address says of user and password would be sent along unseen.
        address.set_username("").ok()?;
        address.set_password(None).ok()?;
        address.set_query(None);
        address.set_fragment(None);
        address
            .path_segments_mut()
            .ok()?
            .pop_if_empty()
            .push("v2")
            .extend(path);
        Some(address)
    }

    fn unauthorized(&self) -> Error {
        Error::Unauthorized {
            host: self.host.host.clone(),
        }
    }
}
