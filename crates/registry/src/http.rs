//! One request and its answer, within bounds. Everything that could carry a secret into an error passes through here.

use std::error::Error as _;
use std::fmt::Write as _;
use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use reqwest::{Certificate, RequestBuilder, StatusCode};

use crate::error::Error;
use crate::masking::Secrets;

/// No answer beyond this is read, unless it is a manifest.
pub(crate) const SMALL: usize = 64 * 1024;

/// An HTTP client that follows no redirect and knows no proxy; the caller has installed a TLS provider. Certificates
/// are checked against the system's roots and these further ones.
pub fn http_client(extra_roots: &[Certificate]) -> Result<reqwest::Client, reqwest::Error> {
    let mut builder = reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(3))
        .redirect(Policy::none())
        .no_proxy()
        .pool_idle_timeout(Duration::from_secs(30))
        .user_agent(concat!("changegate/", env!("CARGO_PKG_VERSION")));
    if !extra_roots.is_empty() {
        builder = builder.tls_certs_merge(extra_roots.iter().cloned());
    }
    builder.build()
}

/// Who is asked, in errors, and what must not get into them.
pub(crate) struct Asked {
    /// The registry, as images name it.
    pub(crate) host: String,
    /// All that this request carries.
    pub(crate) secrets: Secrets,
}

/// What came back; any status but a redirect.
pub(crate) struct Answer {
    /// Who was asked, and with what.
    pub(crate) asked: Asked,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// Empty where a refusal was too long to be read.
    pub(crate) body: Vec<u8>,
}

/// Sends, and reads an answer of at most `max` bytes. The caller bounds the time.
pub(crate) async fn send(request: RequestBuilder, asked: Asked, max: usize) -> Result<Answer, Error> {
    let (http, request) = request.build_split();
    let request = request.map_err(|error| network(error, &asked))?;
    let address = request.url().clone();
    let mut response = http
        .execute(request)
        .await
        .map_err(|error| network(error, &asked))?;
    // The second holds for clients that others have built.
    if response.status().is_redirection() || *response.url() != address {
        return Err(Error::Redirected { host: asked.host });
    }
    let status = response.status();
    let headers = std::mem::take(response.headers_mut());
    let body = match read(response, &asked, max).await {
        Err(Error::TooLarge { .. }) if !status.is_success() => Vec::new(),
        read => read?,
    };
    Ok(Answer {
        asked,
        status,
        headers,
        body,
    })
}

async fn read(mut response: reqwest::Response, asked: &Asked, max: usize) -> Result<Vec<u8>, Error> {
    let too_large = || Error::TooLarge {
        host: asked.host.clone(),
        max,
    };
    let announced = response.content_length().unwrap_or_default();
    if usize::try_from(announced).map_or(true, |announced| announced > max) {
        return Err(too_large());
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| network(error, asked))? {
        if body.len() + chunk.len() > max {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn network(error: reqwest::Error, asked: &Asked) -> Error {
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
        host: asked.host.clone(),
        message: asked.secrets.clean(&message),
    }
}
