//! A token for one repository, and for reading alone.

use std::time::Duration;

use reqwest::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::error::Error;
use crate::http::{self, Asked};
use crate::masking::Secrets;
use crate::refusal;
use crate::settings::Host;

/// By the specification, where the service does not say.
const USUAL_LIFE: u64 = 60;
/// However long a service says, in seconds.
const LONGEST_LIFE: u64 = 3600;
/// A token is given up so many seconds before its end, so that it does not end on the way.
const SLACK: u64 = 10;
/// Names of services are short.
const MAX_SERVICE: usize = 256;

/// A token, and how long it may be used from when it was asked for; no time at all means once.
pub(crate) struct Token {
    pub(crate) secret: SecretString,
    pub(crate) life: Duration,
}

#[derive(Deserialize)]
struct RawToken {
    token: Option<SecretString>,
    access_token: Option<SecretString>,
    expires_in: Option<Value>,
}

/// Asks for a token at a realm that has been checked. The scope is our own and not what the registry names: a token
/// that is handed to the registry must not be worth more than what is asked of it.
pub(crate) async fn fetch(
    client: &reqwest::Client,
    host: &Host,
    mut realm: Url,
    service: Option<&str>,
    repository: Option<&str>,
) -> Result<Token, Error> {
    let not_understood = |message: &str| Error::Answer {
        host: host.host.clone(),
        message: message.to_owned(),
    };
    if service.is_some_and(|service| service.len() > MAX_SERVICE) {
        return Err(not_understood("the name of its token service is too long"));
    }
    if service.is_some() || repository.is_some() {
        let mut pairs = realm.query_pairs_mut();
        if let Some(service) = service {
            pairs.append_pair("service", service);
        }
        if let Some(repository) = repository {
            pairs.append_pair("scope", &format!("repository:{repository}:pull"));
        }
    }
    let mut request = client.get(realm).header("accept", "application/json");
    if let (Some(user), Some(password)) = (&host.user, &host.password) {
        request = request.basic_auth(user, Some(password.expose_secret()));
    }
    let asked = Asked {
        host: host.host.clone(),
        secrets: Secrets::of(host),
    };
    let answer = http::send(request, asked, http::SMALL).await?;
    match answer.status {
        StatusCode::OK => {
            parse(&answer.body).ok_or_else(|| not_understood("its token service gave no token"))
        }
        StatusCode::UNAUTHORIZED => Err(Error::Unauthorized {
            host: host.host.clone(),
        }),
        _ => Err(refusal::error(&answer)),
    }
}

fn parse(body: &[u8]) -> Option<Token> {
    let raw: RawToken = serde_json::from_slice(body).ok()?;
    let secret = [raw.token, raw.access_token]
        .into_iter()
        .flatten()
        .find(|secret| !secret.expose_secret().is_empty())?;
    if !secret.expose_secret().bytes().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    let life = raw
        .expires_in
        .as_ref()
        .and_then(Value::as_u64)
        .unwrap_or(USUAL_LIFE)
        .min(LONGEST_LIFE)
        .saturating_sub(SLACK);
    Some(Token {
        secret,
        life: Duration::from_secs(life),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_read_in_every_form_that_services_write() {
        for (body, expected) in [
            (r#"{"token":"a.b.c"}"#, Some(("a.b.c", 50))),
            (
                r#"{"access_token":"x","expires_in":300,"scope":""}"#,
                Some(("x", 290)),
            ),
            (
                r#"{"token":"","access_token":"x","expires_in":5}"#,
                Some(("x", 0)),
            ),
            (r#"{"token":"x","expires_in":"soon"}"#, Some(("x", 50))),
            (r#"{"token":"x","expires_in":-1}"#, Some(("x", 50))),
            (
                r#"{"token":"x","expires_in":18446744073709551615}"#,
                Some(("x", 3590)),
            ),
            (r#"{"token":"x\r\nHost: evil"}"#, None),
            (r#"{"token":7}"#, None),
            (r#"{"token":""}"#, None),
            ("{}", None),
            ("<html>", None),
        ] {
            let token = parse(body.as_bytes());
            let read = token
                .as_ref()
                .map(|token| (token.secret.expose_secret(), token.life.as_secs()));
            assert_eq!(read, expected, "{body}");
        }
    }
}
