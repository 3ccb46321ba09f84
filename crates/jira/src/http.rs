//! Requests and answers. Everything that could carry the token into an error passes through here.

use std::error::Error as _;
use std::fmt::Write as _;
use std::time::Duration;

use chrono::DateTime;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use crate::connection::same_host;
use crate::error::Error;
use crate::settings::{Auth, Settings};

/// No answer beyond this is read.
pub(crate) const MAX_BODY: usize = 4 * 1024 * 1024;
/// Of JIRA's words, so many characters are kept.
const MAX_WORDS: usize = 300;
/// Shorter ones are no secrets worth masking, and would mask common words.
const MIN_SECRET: usize = 8;

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

/// A try that gave no answer to use.
pub(crate) struct Failure {
    pub(crate) error: Error,
    /// When JIRA wants to be asked again, if it says.
    pub(crate) retry_after: Option<Duration>,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self {
            error,
            retry_after: None,
        }
    }
}

/// Asks once, and reads the answer. Sets no time: the caller does.
pub(crate) async fn ask(
    client: &reqwest::Client,
    settings: &Settings,
    question: &Question<'_>,
) -> Result<Vec<u8>, Failure> {
    let call = question.call;
    let secret = settings.auth.secret();
    let address = address(&settings.api_base, question).ok_or_else(|| Error::Answer {
        call,
        message: "the address of JIRA cannot hold a path".to_owned(),
    })?;
    let request = match &question.body {
        Some(body) => client.post(address).json(body),
        None => client.get(address),
    };
    let request = match &settings.auth {
        Auth::Token(token) => request.bearer_auth(token.expose_secret()),
        Auth::Basic { user, password } => request.basic_auth(user, Some(password.expose_secret())),
    };
    let response = request
        .header("accept", "application/json")
        // JIRA refuses a POST that could come from a browser, unless it says this.
        .header("x-atlassian-token", "no-check")
        .send()
        .await
        .map_err(|error| network(call, error, secret))?;
    if !same_host(&settings.api_base, response.url()) || response.status().is_redirection() {
        return Err(Error::Redirected { call }.into());
    }
    let status = response.status();
    let retry_after = retry_after(response.headers());
    let page = is_page(response.headers());
    let body = read(response, call, secret).await?;
    if !status.is_success() {
        let error = Error::Http {
            call,
            status: status.as_u16(),
            message: refusal(status, &body, secret),
        };
        return Err(Failure { error, retry_after });
    }
    if page {
        let message = "a page instead of JSON".to_owned();
        return Err(Error::Answer { call, message }.into());
    }
    Ok(body)
}

/// How long JIRA asks to wait: in seconds, or as a date that is compared with the answer's own.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name)?.to_str().ok();
    let wanted = text("retry-after")?.trim();
    if let Ok(seconds) = wanted.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let wanted = DateTime::parse_from_rfc2822(wanted).ok()?;
    let answered = DateTime::parse_from_rfc2822(text("date")?).ok()?;
    (wanted - answered).to_std().ok()
}

/// Whether the answer is for a browser: the login page, or a proxy's.
fn is_page(headers: &HeaderMap) -> bool {
    let kind = headers.get("content-type").and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.trim_start().to_ascii_lowercase().starts_with("text/html"))
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
    secret: &SecretString,
) -> Result<Vec<u8>, Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| network(call, error, secret))?
    {
        body.extend_from_slice(&chunk);
        if body.len() > MAX_BODY {
            return Err(Error::TooLarge { call, max: MAX_BODY });
        }
    }
    Ok(body)
}

/// Reads an answer's JSON.
pub(crate) fn decode<T: DeserializeOwned>(call: &'static str, body: &[u8]) -> Result<T, Error> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    serde_path_to_error::deserialize(&mut deserializer).map_err(|error| Error::Answer {
        call,
        message: format!("field {}: {}", error.path(), kind_of(error.inner())),
    })
}

/// JIRA's words for an error: `errorMessages`, and `errors` by field. Pages of proxies say nothing.
fn refusal(status: StatusCode, body: &[u8], secret: &SecretString) -> String {
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
    clean(&words.join("; "), secret)
}

fn network(call: &'static str, error: reqwest::Error, secret: &SecretString) -> Error {
    let kind = if error.is_connect() {
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
        message: clean(&message, secret),
    }
}

/// Without the token or password and control characters, and not too long.
fn clean(text: &str, secret: &SecretString) -> String {
    let secret = secret.expose_secret();
    let masked = if secret.len() >= MIN_SECRET {
        text.replace(secret, "***")
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
    fn the_wait_that_jira_asks_for_is_read_as_seconds_or_as_a_date() {
        let wait = |after: &str, date: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("retry-after", after.parse().unwrap());
            headers.insert("date", date.parse().unwrap());
            retry_after(&headers)
        };
        let noon = "Tue, 24 Nov 2026 12:00:00 GMT";
        let later = "Tue, 24 Nov 2026 12:00:07 GMT";
        assert_eq!(wait("5", noon), Some(Duration::from_secs(5)));
        assert_eq!(wait(later, noon), Some(Duration::from_secs(7)));
        assert_eq!(wait(noon, later), None);
        assert_eq!(wait("soon", noon), None);
        assert_eq!(wait("-1", noon), None);
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
