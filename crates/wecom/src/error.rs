//! What can go wrong with a call to WeCom, and what to do about it.
//!
//! An error names the path of the call, never its address, which holds the access token.

use std::time::Duration;

/// A call to WeCom that gave no answer to use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// WeCom answered with an error code.
    #[error("{path}: errcode {errcode}: {errmsg}")]
    Api {
        /// The call, such as `oa/getapprovaldetail`.
        path: &'static str,
        /// WeCom's code.
        errcode: i64,
        /// WeCom's words, without secrets.
        errmsg: String,
    },
    /// WeCom answered with an HTTP error.
    #[error("{path}: HTTP {status}")]
    Http {
        /// The call.
        path: &'static str,
        /// The status.
        status: u16,
    },
    /// No answer: no connection, a time-out, a connection cut.
    #[error("{path}: {message}")]
    Network {
        /// The call.
        path: &'static str,
        /// What happened, without the address.
        message: String,
        /// Whether the request may have got to WeCom; false where there was no connection at all.
        sent: bool,
    },
    /// An answer that cannot be read.
    #[error("{path}: answer not understood: {message}")]
    Answer {
        /// The call.
        path: &'static str,
        /// What is wrong with it.
        message: String,
    },
    /// The answer is larger than was asked for, or the file to send is larger than WeCom takes.
    #[error("{path}: more than {max} bytes")]
    TooLarge {
        /// The call.
        path: &'static str,
        /// As many were allowed.
        max: u64,
    },
    /// Not called: the settings were refused before, and it is not yet time to try again.
    #[error("{path}: not called, because WeCom refused the app's settings: errcode {errcode}: {errmsg}")]
    CircuitOpen {
        /// The call.
        path: &'static str,
        /// WeCom's code of then.
        errcode: i64,
        /// WeCom's words of then.
        errmsg: String,
        /// When it is tried again.
        retry_in: Duration,
    },
}

/// What to do about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorClass {
    /// Try again later, with growing pauses.
    Retry,
    /// The access token was refused, and so was a fresh one.
    Token,
    /// Too many calls: wait for the next window.
    RateLimited,
    /// An administrator has to mend the settings; nothing of this app will work before.
    Configuration,
    /// This one call will never work as it is.
    Data,
    /// What it refers to has expired; leave it.
    StateExpired,
    /// The person has to log in again.
    RestartLogin,
}

impl Error {
    /// What to do about it.
    pub fn class(&self) -> ErrorClass {
        match self {
            // A used code is that of a card or, here alone, that of a login.
            Self::Api {
                path: "auth/getuserinfo",
                errcode: 42_022,
                ..
            } => ErrorClass::RestartLogin,
            Self::Api { errcode, .. } => class_of(*errcode),
            Self::CircuitOpen { .. } | Self::Http { status: 404, .. } => ErrorClass::Configuration,
            Self::Http { status: 429, .. } => ErrorClass::RateLimited,
            Self::Http { .. } | Self::Network { .. } | Self::Answer { .. } => ErrorClass::Retry,
            Self::TooLarge { .. } => ErrorClass::Data,
        }
    }

    /// WeCom's code, if it gave one.
    pub fn errcode(&self) -> Option<i64> {
        match self {
            Self::Api { errcode, .. } | Self::CircuitOpen { errcode, .. } => Some(*errcode),
            Self::Http { .. } | Self::Network { .. } | Self::Answer { .. } | Self::TooLarge { .. } => None,
        }
    }

    /// Whether WeCom knows no member of this user id. A member outside the app's visible range looks the same.
    pub fn is_no_such_user(&self) -> bool {
        matches!(
            self,
            Self::Api {
                errcode: 60_111 | 46_004,
                ..
            }
        )
    }

    /// Whether the call may have been carried out although no answer says so: the answer was lost or unreadable, or
    /// WeCom failed on its way. False where WeCom refused the call, or never heard of it.
    pub fn leaves_outcome_open(&self) -> bool {
        match self {
            // Too much at once, or two at once: turned away at the door.
            Self::Api {
                errcode: 45_033 | 45_035,
                ..
            }
            | Self::CircuitOpen { .. } => false,
            Self::Api { .. } => self.class() == ErrorClass::Retry,
            Self::Http { status, .. } => *status >= 500,
            Self::Network { sent, .. } => *sent,
            Self::Answer { .. } | Self::TooLarge { .. } => true,
        }
    }

    /// The call.
    pub fn path(&self) -> &'static str {
        match self {
            Self::Api { path, .. }
            | Self::Http { path, .. }
            | Self::Network { path, .. }
            | Self::Answer { path, .. }
            | Self::TooLarge { path, .. }
            | Self::CircuitOpen { path, .. } => path,
        }
    }

    /// How long to wait at least, where that is known.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::CircuitOpen { retry_in, .. } => Some(*retry_in),
            Self::Api { errcode: 45009, .. } | Self::Http { status: 429, .. } => Some(Duration::from_mins(1)),
            _ => None,
        }
    }
}

/// What to do about one of WeCom's codes; an unknown one is taken as this call's own fault.
pub fn class_of(errcode: i64) -> ErrorClass {
    match errcode {
        -1 | 6000 | 301_022 | 301_026 | 301_057 | 301_064 | 45_033 | 45_035 => ErrorClass::Retry,
        40_014 | 42_001 => ErrorClass::Token,
        45_009 => ErrorClass::RateLimited,
        40_001 | 40_013 | 40_056 | 40_093 | 41_001 | 41_002 | 41_004 | 42_012 | 42_015 | 43_009 | 43_012
        | 45_031 | 48_001 | 48_002 | 48_004 | 48_005 | 48_006 | 48_008 | 48_009 | 50_001 | 50_003
        | 50_006 | 60_020 | 80_001 | 85_005 | 85_008 | 85_111 | 86_008 | 92_002 | 93_000 | 93_004
        | 93_008 | 301_002 | 301_055 | 301_056 | 2_000_002 => ErrorClass::Configuration,
        42_022 | 42_052 | 60_140 => ErrorClass::StateExpired,
        40_029 | 84_014 | 84_015 | 84_025 => ErrorClass::RestartLogin,
        _ => ErrorClass::Data,
    }
}

/// How far a refusal reaches beyond the call that met it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// No other call is concerned.
    Call,
    /// Every call of this API will be refused.
    Api,
    /// Every call with these settings will be refused.
    Settings,
}

/// How far one of WeCom's codes reaches. 301055 may concern one form only, 43012 one kind of card.
pub(crate) fn reach_of(errcode: i64) -> Reach {
    match errcode {
        40_001 | 40_013 | 41_004 | 45_031 | 48_006 | 50_003 | 60_020 | 2_000_002 => Reach::Settings,
        40_056 | 48_001 | 48_002 | 48_004 | 48_005 | 48_008 | 48_009 | 50_006 | 301_002 | 301_056 => {
            Reach::Api
        }
        _ => Reach::Call,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_fall_into_their_classes() {
        for (code, class) in [
            (-1, ErrorClass::Retry),
            (42_001, ErrorClass::Token),
            (40_014, ErrorClass::Token),
            (45_009, ErrorClass::RateLimited),
            (45_033, ErrorClass::Retry),
            (40_001, ErrorClass::Configuration),
            (60_020, ErrorClass::Configuration),
            (81_013, ErrorClass::Data),
            (42_014, ErrorClass::Data),
            (42_051, ErrorClass::Data),
            (999_999, ErrorClass::Data),
            (60_140, ErrorClass::StateExpired),
            (40_029, ErrorClass::RestartLogin),
        ] {
            assert_eq!(class_of(code), class, "{code}");
        }
    }

    #[test]
    fn a_lost_answer_leaves_open_what_a_refusal_settles() {
        let path = "oa/applyevent";
        let api = |errcode| Error::Api {
            path,
            errcode,
            errmsg: String::new(),
        };
        let network = |sent| Error::Network {
            path,
            message: String::new(),
            sent,
        };
        for (error, open) in [
            (network(true), true),
            (network(false), false),
            (Error::Http { path, status: 502 }, true),
            (Error::Http { path, status: 404 }, false),
            (api(-1), true),
            (api(301_057), true),
            (api(45_033), false),
            (api(45_009), false),
            (api(301_055), false),
        ] {
            assert_eq!(error.leaves_outcome_open(), open, "{error:?}");
        }
        assert!(api(60_111).is_no_such_user() && !api(60_011).is_no_such_user());
    }
}
