//! Requests and answers. Everything that could carry the token into an error passes through here.

use std::error::Error as _;
use std::fmt::Write as _;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::redirect::Policy;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use crate::client::Settings;
use crate::error::Error;

/// No answer beyond this is read.
pub(crate) const MAX_BODY: usize = 4 * 1024 * 1024;
/// Of JIRA's words, so many characters are kept.
const MAX_WORDS: usize = 300;
const MAX_REDIRECTS: usize = 3;
/// Shorter ones are no secrets worth masking, and would mask common words.
const MIN_SECRET: usize = 8;

/// An HTTP client that follows redirects only inside one host; the caller has installed a TLS provider.
pub fn http_client() -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(3))
        .redirect(Policy::custom(|attempt| {
            let stays = attempt
                .previous()
                .first()
                .is_some_and(|first| same_host(first, attempt.url()));
            if stays && attempt.previous().len() <= MAX_REDIRECTS {
                attempt.follow()
            } else {
                attempt.stop()
            }
        }))
        .pool_idle_timeout(Duration::from_secs(30))
        .user_agent(concat!("changegate/", env!("CARGO_PKG_VERSION")))
        .build()
}

/// One question.
pub(crate) struct Question<'a> {
    /// Its name in errors.
    pub(crate) call: &'static str,
    /// Below `rest/api/2`.
    pub(crate) path: &'a [&'a str],
    pub(crate) query: &'a [(&'a str, String)],
    /// A JSON body makes it a POST.
    pub(crate) body: Option<Value>,
}

/// Asks, and reads the answer.
pub(crate) async fn ask<T: DeserializeOwned>(
    client: &reqwest::Client,
    settings: &Settings,
    question: Question<'_>,
) -> Result<T, Error> {
    let call = question.call;
    let address = address(&settings.api_base, &question).ok_or_else(|| Error::Answer {
        call,
        message: "the address of JIRA cannot hold a path".to_owned(),
    })?;
    let request = match &question.body {
        Some(body) => client.post(address).json(body),
        None => client.get(address),
    };
    let asked = async {
        let response = request
            .bearer_auth(settings.token.expose_secret())
            .header("accept", "application/json")
            // JIRA refuses a POST that could come from a browser, unless it says this.
            .header("x-atlassian-token", "no-check")
            .timeout(settings.timeout)
            .send()
            .await
            .map_err(|error| network(call, error, &settings.token))?;
        if !same_host(&settings.api_base, response.url()) || response.status().is_redirection() {
            return Err(Error::Redirected { call });
        }
        let status = response.status();
        let body = read(response, call, &settings.token).await?;
        Ok((status, body))
    };
    let (status, body) = asked.await?;
    if !status.is_success() {
        return Err(Error::Http {
            call,
            status: status.as_u16(),
            message: refusal(status, &body, &settings.token),
        });
    }
    decode(call, &body)
}

/// Whether two addresses are of one server: same scheme or its secure form, same host; the port with it.
fn same_host(one: &Url, other: &Url) -> bool {
    let upgraded = one.scheme() == "http" && other.scheme() == "https";
    let same_port = one.port_or_known_default() == other.port_or_known_default()
        || (upgraded && one.port().is_none() && other.port().is_none());
    one.host() == other.host() && same_port && (one.scheme() == other.scheme() || upgraded)
}

fn address(base: &Url, question: &Question<'_>) -> Option<Url> {
    let mut address = base.clone();
    address.set_query(None);
    address.set_fragment(None);
    address
        .path_segments_mut()
        .ok()?
        .pop_if_empty()
        .extend(["rest", "api", "2"])
        .extend(question.path);
    if !question.query.is_empty() {
        let mut pairs = address.query_pairs_mut();
        for (name, value) in question.query {
            pairs.append_pair(name, value);
        }
    }
    Some(address)
}

async fn read(
    mut response: reqwest::Response,
    call: &'static str,
    token: &SecretString,
) -> Result<Vec<u8>, Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| network(call, error, token))?
    {
        body.extend_from_slice(&chunk);
        if body.len() > MAX_BODY {
            return Err(Error::TooLarge { call, max: MAX_BODY });
        }
    }
    Ok(body)
}

fn decode<T: DeserializeOwned>(call: &'static str, body: &[u8]) -> Result<T, Error> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    serde_path_to_error::deserialize(&mut deserializer).map_err(|error| Error::Answer {
        call,
        message: format!("field {}: {}", error.path(), kind_of(error.inner())),
    })
}

/// JIRA's words for an error: `errorMessages`, and `errors` by field. Pages of proxies say nothing.
fn refusal(status: StatusCode, body: &[u8], token: &SecretString) -> String {
    #[derive(Deserialize)]
    struct Refusal {
        #[serde(default, rename = "errorMessages")]
        messages: Vec<String>,
        #[serde(default)]
        errors: std::collections::BTreeMap<String, Value>,
    }
    let Ok(refusal) = serde_json::from_slice::<Refusal>(body) else {
        return status.canonical_reason().unwrap_or_default().to_owned();
    };
    let by_field = refusal
        .errors
        .iter()
        .map(|(field, words)| format!("{field}: {}", words.as_str().unwrap_or("?")));
    let words: Vec<String> = refusal.messages.into_iter().chain(by_field).collect();
    clean(&words.join("; "), token)
}

fn network(call: &'static str, error: reqwest::Error, token: &SecretString) -> Error {
    let kind = if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "no connection"
    } else {
        "connection failed"
    };
    let error = error.without_url();
    let mut message = kind.to_owned();
    let mut source = error.source();
    while let Some(cause) = source {
        if write!(message, ": {cause}").is_err() {
            break;
        }
        source = cause.source();
    }
    Error::Network {
        call,
        message: clean(&message, token),
    }
}

/// Without the token and control characters, and not too long.
fn clean(text: &str, token: &SecretString) -> String {
    let token = token.expose_secret();
    let masked = if token.len() >= MIN_SECRET {
        text.replace(token, "***")
    } else {
        text.to_owned()
    };
    masked
        .chars()
        .filter(|character| !character.is_control())
        .take(MAX_WORDS)
        .collect()
}

/// The kind of a JSON fault; its words may quote the answer.
fn kind_of(error: &serde_json::Error) -> &'static str {
    match error.classify() {
        serde_json::error::Category::Data => "missing or of the wrong form",
        serde_json::error::Category::Eof => "ends too early",
        serde_json::error::Category::Syntax => "not JSON",
        serde_json::error::Category::Io => "not readable",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }

    #[test]
    fn addresses_keep_the_context_path_and_escape_their_parts() {
        let question = Question {
            call: "issue",
            path: &["issue", "A/../B?x"],
            query: &[("expand", "changelog".to_owned())],
            body: None,
        };
        for base in ["http://jira.yxzq.com/jira", "http://jira.yxzq.com/jira/"] {
            assert_eq!(
                address(&url(base), &question).unwrap().as_str(),
                "http://jira.yxzq.com/jira/rest/api/2/issue/A%2F..%2FB%3Fx?expand=changelog"
            );
        }
        assert_eq!(
            address(
                &url("https://jira.yxzq.com"),
                &Question {
                    path: &["status"],
                    query: &[],
                    ..question
                }
            )
            .unwrap()
            .as_str(),
            "https://jira.yxzq.com/rest/api/2/status"
        );
    }

    #[test]
    fn a_host_is_left_by_name_port_or_a_step_back_from_tls() {
        let base = url("https://jira.yxzq.com");
        assert!(same_host(&base, &url("https://jira.yxzq.com:443/login")));
        assert!(!same_host(&base, &url("http://jira.yxzq.com/")));
        assert!(!same_host(&base, &url("https://jira.yxzq.com.evil.example/")));
        assert!(!same_host(&base, &url("https://jira.yxzq.com:8443/")));
        assert!(same_host(
            &url("http://jira.yxzq.com/"),
            &url("https://jira.yxzq.com/")
        ));
    }

    #[test]
    fn words_of_a_refusal_are_kept_short_and_without_the_token() {
        let token = SecretString::from("very-secret-token");
        let body = br#"{"errorMessages":["bad very-secret-token\u0007"],"errors":{"jql":"no"}}"#;
        assert_eq!(refusal(StatusCode::BAD_REQUEST, body, &token), "bad ***; jql: no");
        assert_eq!(
            refusal(StatusCode::BAD_GATEWAY, b"<html>very-secret-token", &token),
            "Bad Gateway"
        );
        assert_eq!(clean(&"字".repeat(400), &token).chars().count(), 300);
    }
}
