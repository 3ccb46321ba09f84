//! What can go wrong with a call to JIRA, and what to do about it.
//!
//! An error names the call, never the token; JIRA's own words are shortened and freed of it.

/// A call to JIRA that gave no answer to use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No answer: no connection, a time-out, a connection cut.
    #[error("{call}: {message}")]
    Network {
        /// The call, such as `search`.
        call: &'static str,
        /// What happened, without the address.
        message: String,
    },
    /// JIRA answered with an HTTP error.
    #[error("{call}: HTTP {status}{}", words(message))]
    Http {
        /// The call.
        call: &'static str,
        /// The status.
        status: u16,
        /// JIRA's own words; empty where there were none.
        message: String,
    },
    /// The answer sends us to another host, or the answer came from one.
    #[error("{call}: refused to follow a redirect to another host")]
    Redirected {
        /// The call.
        call: &'static str,
    },
    /// An answer that cannot be read.
    #[error("{call}: answer not understood: {message}")]
    Answer {
        /// The call.
        call: &'static str,
        /// What is wrong with it.
        message: String,
    },
    /// The answer is larger than any that is read.
    #[error("{call}: more than {max} bytes")]
    TooLarge {
        /// The call.
        call: &'static str,
        /// As many are allowed.
        max: usize,
    },
    /// JIRA knows no state of these names: the configuration is at fault.
    #[error("JIRA has no status named {}", names.join(" or "))]
    UnknownStatus {
        /// The names, as configured.
        names: Vec<String>,
    },
}

/// What to do about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorClass {
    /// Passes by itself: try again later, with growing pauses.
    Passing,
    /// The token is missing, wrong, expired or may not do this: an administrator has to act.
    Auth,
    /// There is no such issue, or the token's owner may not see it; JIRA does not tell which.
    NotFound,
    /// The question or the settings are at fault; the same call will fail again.
    Refused,
    /// What answered does not speak as JIRA does.
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
                404 | 410 => ErrorClass::NotFound,
                408 | 425 | 429 | 500..=599 => ErrorClass::Passing,
                _ => ErrorClass::Refused,
            },
            Self::Redirected { .. } | Self::Answer { .. } => ErrorClass::BadAnswer,
            Self::TooLarge { .. } => ErrorClass::TooLarge,
            Self::UnknownStatus { .. } => ErrorClass::Refused,
        }
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

    #[test]
    fn statuses_fall_into_classes() {
        let class = |status| {
            Error::Http {
                call: "search",
                status,
                message: String::new(),
            }
            .class()
        };
        for status in [401, 403] {
            assert_eq!(class(status), ErrorClass::Auth, "{status}");
        }
        for status in [408, 429, 500, 502, 503, 504] {
            assert_eq!(class(status), ErrorClass::Passing, "{status}");
        }
        assert_eq!(class(404), ErrorClass::NotFound);
        assert_eq!(class(400), ErrorClass::Refused);
        assert_eq!(class(302), ErrorClass::Refused);
    }

    #[test]
    fn an_error_reads_as_one_line() {
        let error = Error::Http {
            call: "search",
            status: 400,
            message: "no such field".to_owned(),
        };
        assert_eq!(error.to_string(), "search: HTTP 400: no such field");
        let error = Error::UnknownStatus {
            names: vec!["待上线".to_owned(), "Ready".to_owned()],
        };
        assert_eq!(error.to_string(), "JIRA has no status named 待上线 or Ready");
    }
}
