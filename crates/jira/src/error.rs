//! What can go wrong with a call to JIRA, and what to do about it.
//!
//! An error names the call, never the token or the password; JIRA's own words are shortened and freed of them.
//! [`std::fmt::Display`] is for operators, [`Error::in_words`] for the people whose change is judged.

use std::time::Duration;

/// A call to JIRA that gave no answer to use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No answer: no connection, or one that was cut.
    #[error("{call}: {message}")]
    Network {
        /// The call, such as `search`.
        call: &'static str,
        /// What happened, without the address.
        message: String,
    },
    /// No answer in the time that the call had.
    #[error("{call}: no answer in time ({after:?})")]
    TimedOut {
        /// The call.
        call: &'static str,
        /// How long it had.
        after: Duration,
    },
    /// JIRA was not asked: shortly before, it could not be reached or did not answer.
    #[error("{call}: not asked, JIRA gave no answer before; to be asked again in {left:?}")]
    Paused {
        /// The call.
        call: &'static str,
        /// How long the pause lasts yet; zero while one call tries whether JIRA answers again.
        left: Duration,
        /// What happened before, in Chinese.
        reason: String,
    },
    /// More keys than are looked up at once.
    #[error("{call}: more than {most} keys")]
    TooMany {
        /// The call.
        call: &'static str,
        /// As many are looked up.
        most: usize,
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
    /// The token or the password is missing, wrong, expired or may not do this: an administrator has to act.
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
            Self::Network { .. } | Self::TimedOut { .. } | Self::Paused { .. } => ErrorClass::Passing,
            Self::Http { status, .. } => match status {
                401 | 403 => ErrorClass::Auth,
                404 | 410 => ErrorClass::NotFound,
                408 | 425 | 429 | 500..=599 => ErrorClass::Passing,
                _ => ErrorClass::Refused,
            },
            Self::Redirected { .. } | Self::Answer { .. } => ErrorClass::BadAnswer,
            Self::TooLarge { .. } => ErrorClass::TooLarge,
            Self::UnknownStatus { .. } | Self::TooMany { .. } => ErrorClass::Refused,
        }
    }

    /// What happened, in Chinese, in a few words and without addresses: for the people who wait for a verdict.
    pub fn in_words(&self) -> String {
        match self {
            Self::Network { .. } => "JIRA 连接不上，或连接中断".to_owned(),
            Self::TimedOut { after, .. } => match after.as_secs() {
                0 => "JIRA 未及时答复".to_owned(),
                seconds => format!("JIRA {seconds} 秒内未答复"),
            },
            Self::Paused { reason, .. } => format!("{reason}，稍后自动重试"),
            Self::TooMany { most, .. } => format!("JIRA 单超过 {most} 个，未全部查询"),
            Self::Http { status, .. } => status_in_words(*status),
            Self::Redirected { .. } => "JIRA 要求转到另一个地址，未予跟随（可能是单点登录页）".to_owned(),
            Self::Answer { .. } => "JIRA 返回了无法识别的内容（可能是登录页）".to_owned(),
            Self::TooLarge { .. } => "JIRA 返回的内容过大，未读取".to_owned(),
            Self::UnknownStatus { names } => format!("JIRA 没有名为「{}」的状态", names.join("」或「")),
        }
    }

    /// Whether JIRA was not reached or did not answer: the next call would only wait for the same.
    pub(crate) fn is_silence(&self) -> bool {
        matches!(self, Self::Network { .. } | Self::TimedOut { .. })
    }

    /// Whether a second try within the same call makes sense. After a time-out there is no time for one.
    pub(crate) fn may_pass_soon(&self) -> bool {
        matches!(
            self,
            Self::Network { .. }
                | Self::Http {
                    status: 429 | 503,
                    ..
                }
        )
    }
}

fn status_in_words(status: u16) -> String {
    match status {
        401 | 403 => format!("JIRA 令牌或密码无效，或无权限（{status}）"),
        404 | 410 => format!("JIRA 没有这个单或这个接口（{status}）"),
        429 => "JIRA 限制了请求频率（429）".to_owned(),
        500..=599 => format!("JIRA 出错（{status}）"),
        _ => format!("JIRA 拒绝了请求（{status}）"),
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

    #[test]
    fn people_read_what_happened_without_any_address() {
        let (call, second) = ("search", Duration::from_secs(1));
        let http = |status| Error::Http {
            call,
            status,
            message: "http://10.0.0.5 said no".to_owned(),
        };
        let network = Error::Network {
            call,
            message: "no connection: 10.0.0.5:8080".to_owned(),
        };
        let paused = Error::Paused {
            call,
            left: second,
            reason: network.in_words(),
        };
        let late = |after| Error::TimedOut { call, after };
        for (error, words) in [
            (network, "JIRA 连接不上，或连接中断"),
            (paused, "JIRA 连接不上，或连接中断，稍后自动重试"),
            (late(second * 10), "JIRA 10 秒内未答复"),
            (late(second / 2), "JIRA 未及时答复"),
            (http(401), "JIRA 令牌或密码无效，或无权限（401）"),
            (http(429), "JIRA 限制了请求频率（429）"),
            (http(502), "JIRA 出错（502）"),
            (http(400), "JIRA 拒绝了请求（400）"),
        ] {
            assert_eq!(error.in_words(), words, "{error:?}");
        }
    }
}
