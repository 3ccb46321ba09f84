//! What can go wrong with a question to a registry, and what to do about it.
//!
//! An error names the registry, never a password or a token; the registry's own words are shortened and freed of both.

/// A question that got no answer to use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No answer: no connection, a time-out, a connection cut.
    #[error("{host}: {message}")]
    Network {
        /// The registry, as images name it; so below.
        host: String,
        /// What happened, without the address.
        message: String,
    },
    /// The registry, or the service that issues its tokens, answered with an HTTP error.
    #[error("{host}: HTTP {status}{}", words(message))]
    Http {
        /// The registry.
        host: String,
        /// The status.
        status: u16,
        /// The server's own words, 300 characters at most; empty where there were none.
        message: String,
    },
    /// User and password are missing or wrong, or the user may not see the repository. Some registries say this of
    /// repositories that do not exist.
    #[error("{host}: not authorized")]
    Unauthorized {
        /// The registry.
        host: String,
    },
    /// The answer sends us elsewhere, and is not obeyed.
    #[error("{host}: refused to follow a redirect")]
    Redirected {
        /// The registry.
        host: String,
    },
    /// The registry wants a token from a place that is not configured, or in the clear although the registry has TLS;
    /// nobody was asked.
    #[error("{host}: refused to ask for a token at {realm}, which is not among the token hosts")]
    TokenHost {
        /// The registry.
        host: String,
        /// Scheme, host and port that it names; what may be added to the token hosts after a look at it.
        realm: String,
    },
    /// An answer that cannot be understood.
    #[error("{host}: answer not understood: {message}")]
    Answer {
        /// The registry.
        host: String,
        /// What is wrong with it.
        message: String,
    },
    /// The answer is larger than any that is read.
    #[error("{host}: more than {max} bytes")]
    TooLarge {
        /// The registry.
        host: String,
        /// As many are allowed.
        max: usize,
    },
    /// No registry of this name is configured; nobody was asked.
    #[error("{host}: no such registry is configured")]
    NotConfigured {
        /// As the image names it.
        host: String,
    },
}

/// What to do about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorClass {
    /// Passes by itself: try again later, with growing pauses.
    Passing,
    /// User and password are missing or wrong, or may not do this: an administrator has to act.
    Auth,
    /// The settings do not have the registry or its token host: an administrator has to act.
    Configuration,
    /// The question is at fault; the same one will fail again.
    Refused,
    /// What answered does not speak as a registry does.
    BadAnswer,
    /// The answer is too large to be read.
    TooLarge,
}

impl Error {
    /// What to do about it.
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Network { .. } => ErrorClass::Passing,
            Self::Http { status, .. } => match status {
                401 | 403 => ErrorClass::Auth,
                408 | 425 | 429 | 500..=599 => ErrorClass::Passing,
                _ => ErrorClass::Refused,
            },
            Self::Unauthorized { .. } => ErrorClass::Auth,
            Self::Redirected { .. } | Self::Answer { .. } => ErrorClass::BadAnswer,
            Self::TokenHost { .. } | Self::NotConfigured { .. } => ErrorClass::Configuration,
            Self::TooLarge { .. } => ErrorClass::TooLarge,
        }
    }

    /// Whether the same question may get an answer later without anybody changing anything.
    pub fn is_passing(&self) -> bool {
        self.class() == ErrorClass::Passing
    }

    /// Whether the same question may get an answer at once: the connection broke or the server stumbled. A server
    /// that asks for fewer questions does not get another.
    pub(crate) fn deserves_another_try(&self) -> bool {
        matches!(
            self,
            Self::Network { .. }
                | Self::Http {
                    status: 500..=599,
                    ..
                }
        )
    }
}

fn words(message: &str) -> String {
    if message.is_empty() {
        String::new()
    } else {
        format!(": {message}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn http(status: u16) -> Error {
        Error::Http {
            host: "harbor.example.com".to_owned(),
            status,
            message: "no".to_owned(),
        }
    }

    #[test]
    fn statuses_fall_into_classes() {
        for (status, class, again) in [
            (400, ErrorClass::Refused, false),
            (403, ErrorClass::Auth, false),
            (404, ErrorClass::Refused, false),
            (429, ErrorClass::Passing, false),
            (500, ErrorClass::Passing, true),
            (503, ErrorClass::Passing, true),
        ] {
            assert_eq!(http(status).class(), class, "{status}");
            assert_eq!(http(status).deserves_another_try(), again, "{status}");
        }
    }

    #[test]
    fn an_error_reads_as_one_line() {
        assert_eq!(http(403).to_string(), "harbor.example.com: HTTP 403: no");
        let error = Error::TokenHost {
            host: "harbor.example.com".to_owned(),
            realm: "https://auth.example.com:8443".to_owned(),
        };
        assert_eq!(
            error.to_string(),
            "harbor.example.com: refused to ask for a token at https://auth.example.com:8443, which is not among the \
             token hosts"
        );
    }
}
