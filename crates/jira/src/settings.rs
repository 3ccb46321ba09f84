//! Which JIRA is asked, as whom, and with how much patience.

use std::fmt;
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

/// How long a call may take, unless set otherwise.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How long JIRA is left alone after it did not answer, unless set otherwise.
const PAUSE: Duration = Duration::from_secs(20);
/// Calls under way at once, unless set otherwise.
const AT_ONCE: usize = 4;
/// The wait before the second try, unless set otherwise; it trebles with each.
const BACKOFF: Duration = Duration::from_millis(300);

/// How the client signs in.
#[derive(Clone)]
pub enum Auth {
    /// With a personal access token.
    Token(SecretString),
    /// With a name and a password.
    Basic {
        /// The login name.
        user: String,
        /// The password.
        password: SecretString,
    },
}

/// Which JIRA, and as whom.
#[derive(Clone)]
pub struct Settings {
    /// Such as `http://jira.yxzq.com`; with its context path, if it has one.
    pub api_base: Url,
    /// How the client signs in.
    pub auth: Auth,
    /// How long a call may take in all: waiting for its turn, all its tries and the pauses between them.
    pub timeout: Duration,
    /// How many calls may be under way at once; none is read as one.
    pub at_once: usize,
    /// The wait before the second try; it trebles with each.
    pub backoff: Duration,
    /// How long JIRA is left alone after it could not be reached or did not answer; zero: it never is.
    pub pause: Duration,
}

impl Settings {
    /// With a personal access token; ten seconds a call, four calls at once, a pause of twenty seconds.
    pub fn new(api_base: Url, token: SecretString) -> Self {
        Self::with_auth(api_base, Auth::Token(token))
    }

    /// The same, signed in either way.
    pub fn with_auth(api_base: Url, auth: Auth) -> Self {
        Self {
            api_base,
            auth,
            timeout: TIMEOUT,
            at_once: AT_ONCE,
            backoff: BACKOFF,
            pause: PAUSE,
        }
    }
}

impl Auth {
    /// What must be in no error and no log.
    pub(crate) fn secret(&self) -> &SecretString {
        match self {
            Self::Token(token) => token,
            Self::Basic { password, .. } => password,
        }
    }
}

impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Token(_) => "Token(***)",
            Self::Basic { .. } => "Basic(***)",
        })
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("api_base", &self.api_base.host_str())
            .field("auth", &self.auth)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
