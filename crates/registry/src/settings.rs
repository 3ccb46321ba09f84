//! Which registries may be asked, and as whom.

use std::fmt;
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

/// How long an answer may take, unless set otherwise.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The registries that may be asked; no other host ever is.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The registries; where two have the same name, the first counts.
    pub hosts: Vec<Host>,
    /// How long one question may take in all: signing in, a second try and the pause before it are part of it.
    pub timeout: Duration,
}

impl Settings {
    /// With a time-out of ten seconds.
    pub fn new(hosts: Vec<Host>) -> Self {
        Self {
            hosts,
            timeout: TIMEOUT,
        }
    }
}

/// One registry.
#[derive(Clone)]
pub struct Host {
    /// As images name it: `harbor.example.com` or `localhost:5000`.
    pub host: String,
    /// Where its API is, such as `https://harbor.example.com`; `/v2/` comes after it.
    pub api_base: Url,
    /// Whom to sign in as; without one, and without a password, nobody signs in.
    pub user: Option<String>,
    /// The user's password or access token.
    pub password: Option<SecretString>,
    /// Further hosts that may issue tokens and get to see the password, such as `auth.docker.io` or
    /// `auth.example.com:8443`; that of `api_base` always may. Without a port, that of the scheme is meant.
    pub token_hosts: Vec<String>,
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // An address may hold a password.
        f.debug_struct("Host")
            .field("host", &self.host)
            .field("api_base", &self.api_base.host_str())
            .field("token_hosts", &self.token_hosts)
            .finish_non_exhaustive()
    }
}
