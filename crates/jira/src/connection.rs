//! The HTTP client: whom it trusts, and that it stays with one host.

use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Certificate, ClientBuilder};
use url::Url;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
const MAX_REDIRECTS: usize = 3;

/// An HTTP client that follows redirects only inside one host; the caller has installed a TLS provider.
pub fn http_client() -> Result<reqwest::Client, reqwest::Error> {
    builder().build()
}

/// The same, trusting these root certificates beside the system's; each text is PEM and may hold several. A text
/// without any certificate is an error, so that a wrong file shows at start.
pub fn http_client_with(roots: &[&[u8]]) -> Result<reqwest::Client, RootsError> {
    let mut certificates = Vec::new();
    for pem in roots {
        let found = Certificate::from_pem_bundle(pem).map_err(RootsError::Unreadable)?;
        if found.is_empty() {
            return Err(RootsError::Empty);
        }
        certificates.extend(found);
    }
    builder()
        .tls_certs_merge(certificates)
        .build()
        .map_err(RootsError::Client)
}

/// Why there is no HTTP client with root certificates.
#[derive(Debug, thiserror::Error)]
pub enum RootsError {
    /// The text is no PEM, or no certificate.
    #[error("the root certificates cannot be read")]
    Unreadable(#[source] reqwest::Error),
    /// The text holds no certificate.
    #[error("no root certificate in it")]
    Empty,
    /// No client can be made.
    #[error("the HTTP client cannot be made")]
    Client(#[source] reqwest::Error),
}

fn builder() -> ClientBuilder {
    reqwest::Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
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
}

/// Whether two addresses are of one server: same scheme or its secure form, same host; the port with it.
pub(crate) fn same_host(one: &Url, other: &Url) -> bool {
    let upgraded = one.scheme() == "http" && other.scheme() == "https";
    let same_port = one.port_or_known_default() == other.port_or_known_default()
        || (upgraded && one.port().is_none() && other.port().is_none());
    one.host() == other.host() && same_port && (one.scheme() == other.scheme() || upgraded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        text.parse().unwrap()
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
    fn a_file_that_is_no_certificate_is_refused() {
        assert!(matches!(
            http_client_with(&[b"no certificate"]),
            Err(RootsError::Empty)
        ));
        let broken = b"-----BEGIN CERTIFICATE-----\n????\n-----END CERTIFICATE-----\n";
        assert!(http_client_with(&[broken]).is_err());
    }
}
