//! Requests and answers. Everything that could carry a secret into an error passes through here.

use std::error::Error as _;
use std::fmt::Write as _;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, RANGE};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::TIMEOUT;
use crate::error::Error;
use crate::lenient;

/// No JSON answer of WeCom's is near this size.
const MAX_JSON: u64 = 8 * 1024 * 1024;
/// Of WeCom's words, so much is kept.
const MAX_ERRMSG: usize = 300;
/// Shorter ones are no secrets worth masking, and would mask common words.
const MIN_SECRET: usize = 8;

/// An HTTP client with the time-outs and without redirects; the caller has installed a TLS provider.
pub fn http_client() -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(3))
        .timeout(TIMEOUT)
        // A redirect would carry the token elsewhere.
        .redirect(reqwest::redirect::Policy::none())
        .pool_idle_timeout(Duration::from_secs(30))
        .user_agent(concat!("changegate/", env!("CARGO_PKG_VERSION")))
        .build()
}

/// What is asked for beside the path.
#[derive(Default)]
pub(super) struct Target<'a> {
    pub(super) query: &'a [(&'a str, &'a str)],
    /// A JSON body makes it a POST.
    pub(super) body: Option<&'a [u8]>,
    /// A file to send makes it a POST as well.
    pub(super) form: Option<Form<'a>>,
    /// A file is fetched in pieces.
    pub(super) piece: Option<Piece>,
    /// A JSON answer may be larger, and take longer, than usual.
    pub(super) room: Option<Room>,
}

/// What the answer to one call may take.
#[derive(Clone, Copy)]
pub(super) struct Room {
    /// In bytes.
    pub(super) max: u64,
    pub(super) timeout: Duration,
}

/// A file on its way to WeCom, already in the wrapping of a form.
#[derive(Clone, Copy)]
pub(super) struct Form<'a> {
    /// With the boundary.
    pub(super) content_type: &'a str,
    pub(super) body: &'a [u8],
    pub(super) timeout: Duration,
}

/// A piece of a file.
#[derive(Clone, Copy)]
pub(super) struct Piece {
    pub(super) first: u64,
    pub(super) last: u64,
    pub(super) timeout: Duration,
}

pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

/// Sends with the token; fails on WeCom's error codes.
pub(super) async fn send(
    client: &reqwest::Client,
    api_base: &str,
    path: &'static str,
    target: &Target<'_>,
    token: &SecretString,
) -> Result<Answer, Error> {
    let request = build(client, api_base, path, target).query(&[("access_token", token.expose_secret())]);
    run(request, path, target, token).await
}

/// Sends without a token; `secret` is what must not show in an error.
pub(super) async fn send_bare(
    client: &reqwest::Client,
    api_base: &str,
    path: &'static str,
    target: &Target<'_>,
    secret: &SecretString,
) -> Result<Answer, Error> {
    run(build(client, api_base, path, target), path, target, secret).await
}

/// Reads the fields of an answer.
pub(super) fn decode<T: DeserializeOwned>(path: &'static str, body: &[u8]) -> Result<T, Error> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    serde_path_to_error::deserialize(&mut deserializer).map_err(|error| Error::Answer {
        path,
        message: format!("field {}: {}", error.path(), kind_of(error.inner())),
    })
}

fn build(
    client: &reqwest::Client,
    api_base: &str,
    path: &str,
    target: &Target<'_>,
) -> reqwest::RequestBuilder {
    let address = format!("{api_base}/cgi-bin/{path}");
    let request = match (target.body, target.form) {
        (Some(body), _) => client
            .post(address)
            .header(CONTENT_TYPE, "application/json; charset=utf-8")
            .body(body.to_vec()),
        (None, Some(form)) => client
            .post(address)
            .header(CONTENT_TYPE, form.content_type)
            .body(form.body.to_vec()),
        (None, None) => client.get(address),
    };
    let request = match (target.piece, target.form) {
        (Some(piece), _) => request
            .header(RANGE, format!("bytes={}-{}", piece.first, piece.last))
            .timeout(piece.timeout),
        (None, Some(form)) => request.timeout(form.timeout),
        (None, None) => request.timeout(target.room.map_or(TIMEOUT, |room| room.timeout)),
    };
    request.query(target.query)
}

async fn run(
    request: reqwest::RequestBuilder,
    path: &'static str,
    target: &Target<'_>,
    secret: &SecretString,
) -> Result<Answer, Error> {
    let response = request
        .send()
        .await
        .map_err(|error| network(path, error, secret))?;
    let status = response.status();
    let headers = response.headers().clone();
    let max = match (target.piece, target.room) {
        (Some(piece), _) => piece.last - piece.first + 1,
        (None, Some(room)) => room.max,
        (None, None) => MAX_JSON,
    };
    let body = read(response, path, max, secret).await?;
    if let Some(error) = refusal(path, &headers, target, &body, secret) {
        return Err(error);
    }
    if !status.is_success() {
        return Err(Error::Http {
            path,
            status: status.as_u16(),
        });
    }
    Ok(Answer {
        status: status.as_u16(),
        headers,
        body,
    })
}

async fn read(
    mut response: reqwest::Response,
    path: &'static str,
    max: u64,
    secret: &SecretString,
) -> Result<Vec<u8>, Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| network(path, error, secret))?
    {
        body.extend_from_slice(&chunk);
        if u64::try_from(body.len()).unwrap_or(u64::MAX) > max {
            return Err(Error::TooLarge { path, max });
        }
    }
    Ok(body)
}

/// WeCom's error code, if the answer holds one. A file that happens to be JSON is told by its name.
fn refusal(
    path: &'static str,
    headers: &HeaderMap,
    target: &Target<'_>,
    body: &[u8],
    secret: &SecretString,
) -> Option<Error> {
    #[derive(Deserialize)]
    struct Head {
        #[serde(default, deserialize_with = "lenient::int")]
        errcode: Option<i64>,
        #[serde(default, deserialize_with = "lenient::text")]
        errmsg: String,
    }
    if target.piece.is_some() && headers.contains_key(reqwest::header::CONTENT_DISPOSITION) {
        return None;
    }
    let head: Head = serde_json::from_slice(body).ok()?;
    let errcode = head.errcode.filter(|code| *code != 0)?;
    Some(Error::Api {
        path,
        errcode,
        errmsg: clean(&head.errmsg, secret),
    })
}

fn network(path: &'static str, error: reqwest::Error, secret: &SecretString) -> Error {
    let kind = if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "no connection"
    } else {
        "connection failed"
    };
    let sent = !error.is_connect();
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
        path,
        message: clean(&message, secret),
        sent,
    }
}

/// Without secrets and control characters, and not too long.
fn clean(text: &str, secret: &SecretString) -> String {
    let secret = secret.expose_secret();
    let masked = if secret.len() >= MIN_SECRET {
        text.replace(secret, "***")
    } else {
        text.to_owned()
    };
    let printable: String = masked
        .chars()
        .filter(|character| !character.is_control())
        .collect();
    crate::message::fit(&printable, MAX_ERRMSG)
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
