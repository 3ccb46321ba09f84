//! WeCom's error replies.

use serde_json::{Value, json};

/// An `errcode` with its `errmsg`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code} {message}")]
pub(crate) struct ApiError {
    /// WeCom's number.
    pub(crate) code: i64,
    /// WeCom's words; not for matching.
    pub(crate) message: String,
}

impl ApiError {
    pub(crate) fn new(code: i64, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }

    /// The reply that carries it.
    pub(crate) fn body(&self) -> Value {
        json!({"errcode": self.code, "errmsg": format!("{}, hint: [simulator], more info at https://open.work.weixin.qq.com/devtool/query?e={}", self.message, self.code)})
    }
}

/// What the words of the known codes are.
pub(crate) fn message_of(code: i64) -> &'static str {
    match code {
        -1 => "system busy",
        40001 => "invalid credential",
        40013 => "invalid corpid",
        40014 => "invalid access_token",
        42001 => "access_token expired",
        45009 => "reach max api daily quota limit",
        45033 => "api concurrent out of limit",
        48002 => "api forbidden",
        50003 => "app is disabled",
        60020 => "not allow to access from your ip, from ip: 127.0.0.1",
        81013 => "user & party & tag all invalid",
        301_055 => "no approval auth",
        _ => "error",
    }
}
