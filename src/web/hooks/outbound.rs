//! The requests that answer a hook: to the one configured server, bounded in time and size, redirected nowhere.

use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::Value;
use url::Url;

use super::HookError;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
const TIMEOUT: Duration = Duration::from_secs(10);
/// Answers are far smaller.
const MAX_ANSWER: usize = 256 * 1024;
/// Of an error's words, so many characters are kept.
const MAX_WORDS: usize = 300;

/// An HTTP client that follows no redirect; the caller has installed a TLS provider.
pub(super) fn http_client() -> Result<Client, reqwest::Error> {
    Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(TIMEOUT)
        .redirect(Policy::none())
        .user_agent(concat!("changegate/", env!("CARGO_PKG_VERSION")))
        .build()
}

/// Sends, and reads the answer as far as it may go. `what` names the request in errors.
pub(super) async fn send(
    what: &'static str,
    request: RequestBuilder,
) -> Result<(StatusCode, Vec<u8>), HookError> {
    let failed = |error: reqwest::Error| HookError::NoAnswer {
        what,
        why: error.without_url().to_string(),
    };
    let mut response = request.send().await.map_err(failed)?;
    let status = response.status();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        body.extend_from_slice(&chunk);
        if body.len() > MAX_ANSWER {
            return Err(HookError::NoAnswer {
                what,
                why: "the answer is too long".to_owned(),
            });
        }
    }
    Ok((status, body))
}

/// The error of an answer that is none of success, with the server's own words.
pub(super) fn refused(what: &'static str, status: StatusCode, body: &[u8]) -> HookError {
    let said: Value = serde_json::from_slice(body).unwrap_or_default();
    let words = ["message", "description"]
        .iter()
        .find_map(|name| said.get(name)?.as_str())
        .unwrap_or_default();
    HookError::Refused {
        what,
        status: status.as_u16(),
        words: words
            .chars()
            .filter(|c| !c.is_control())
            .take(MAX_WORDS)
            .collect(),
    }
}

/// The address below a configured one. None: it can hold no path.
pub(super) fn below(base: &Url, path: &[&str]) -> Option<Url> {
    let mut url = base.clone();
    url.path_segments_mut().ok()?.pop_if_empty().extend(path);
    Some(url)
}

/// An address that somebody else names, if it is one of the configured server, below the configured path.
pub(super) fn named_below(base: &Url, named: &str) -> Option<Url> {
    Url::parse(named).ok().filter(|url| is_below(base, url))
}

fn is_below(base: &Url, url: &Url) -> bool {
    let plain = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    let root = base.path().trim_end_matches('/');
    plain
        && url.scheme() == base.scheme()
        && url.host() == base.host()
        && url.port_or_known_default() == base.port_or_known_default()
        && url
            .path()
            .strip_prefix(root)
            .is_some_and(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_configured_server_are_below_it() {
        let base = Url::parse("https://github.example.com/api/v3").unwrap();
        for (url, below) in [
            ("https://github.example.com/api/v3/repos/a/b", true),
            ("https://github.example.com:443/api/v3/repos/a/b", true),
            ("http://github.example.com/api/v3/repos/a/b", false),
            ("https://github.example.com:8443/api/v3/repos/a/b", false),
            ("https://github.example.com.evil.com/api/v3/repos", false),
            ("https://evil.com/api/v3/repos", false),
            ("https://github.example.com@evil.com/api/v3/repos", false),
            ("https://x@github.example.com/api/v3/repos", false),
            ("https://github.example.com/api/v3evil/repos", false),
            ("https://github.example.com/api/v3/../../admin", false),
            ("https://github.example.com/api/v3/%2e%2e/%2E%2e/admin", false),
            ("https://github.example.com/api/v3/repos?x=1", false),
            ("https://github.example.com/api/v3/repos#x", false),
            ("https://127.0.0.1/api/v3/repos", false),
            ("file:///api/v3/repos", false),
            ("repos", false),
        ] {
            assert_eq!(named_below(&base, url).is_some(), below, "{url}");
        }
    }
}
