//! The forms a value may take, and how it is told without giving a secret away.

use std::net::SocketAddr;

use changegate_mailer::{Mailbox, SmtpUrl};
use tracing_subscriber::filter::LevelFilter;
use url::Url;

use super::LogFormat;
use super::layers::list_from_text;

/// A value of either layer. No `Debug`: it may be a secret.
pub(super) enum Value {
    /// A string of the file.
    Text(String),
    /// The whole content of an environment variable, whose form its key decides.
    Raw(String),
    Integer(i64),
    Bool(bool),
    List(Vec<Self>),
    /// Anything that no key takes, and its name.
    Other(&'static str),
}

impl Value {
    /// Whether it is there in name only.
    pub(super) fn is_blank(&self) -> bool {
        match self {
            Self::Text(text) | Self::Raw(text) => text.is_empty(),
            Self::Integer(_) | Self::Bool(_) | Self::List(_) | Self::Other(_) => false,
        }
    }

    /// What it is, in words. A secret is only measured.
    pub(super) fn describe(&self, secret: bool) -> String {
        match self {
            Self::Text(text) | Self::Raw(text) if secret => measure(text),
            Self::Text(text) | Self::Raw(text) => {
                let mut shown: String = text.chars().take(40).collect();
                if shown.len() < text.len() {
                    shown.push('…');
                }
                format!("{shown:?}")
            }
            Self::Integer(_) if secret => "整数".to_owned(),
            Self::Integer(number) => format!("整数 {number}"),
            Self::Bool(truth) => truth.to_string(),
            Self::List(values) => format!("有 {} 项的列表", values.len()),
            Self::Other(name) => (*name).to_owned(),
        }
    }
}

fn measure(text: &str) -> String {
    let count = text.chars().count();
    let odd = text.chars().filter(|c| !c.is_ascii_alphanumeric()).count();
    if text.trim() != text {
        format!(" {count} 个字符的文字，且首尾有空白")
    } else if odd > 0 {
        format!(" {count} 个字符的文字，其中 {odd} 个不是英文字母或数字")
    } else {
        format!(" {count} 个字符的文字")
    }
}

/// Any text.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) | Value::Raw(text) => Some(text.clone()),
        Value::Integer(_) | Value::Bool(_) | Value::List(_) | Value::Other(_) => None,
    }
}

/// Text on one line, without blanks around it.
pub(super) fn name(value: &Value) -> Option<String> {
    text(value).filter(|text| !text.is_empty() && text.trim() == text && !text.chars().any(char::is_control))
}

/// An id: text without any blank.
pub(super) fn id(value: &Value) -> Option<String> {
    name(value).filter(|text| !text.contains(char::is_whitespace))
}

/// The callback's token.
pub(super) fn token(value: &Value) -> Option<String> {
    text(value).filter(|text| text.len() <= 32 && text.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// The callback's key. WeCom makes it of letters and digits alone; the rest of the base64 alphabet does no
/// harm.
pub(super) fn aes_key(value: &Value) -> Option<String> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/';
    text(value).filter(|text| text.len() == 43 && text.bytes().all(allowed))
}

/// A whole number between two borders.
pub(super) fn integer(value: &Value, least: i64, most: i64) -> Option<i64> {
    let number = match value {
        Value::Integer(number) => *number,
        Value::Raw(text) => text.parse().ok()?,
        Value::Text(_) | Value::Bool(_) | Value::List(_) | Value::Other(_) => return None,
    };
    (least..=most).contains(&number).then_some(number)
}

/// `true` or `false`.
pub(super) fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::Raw(text) => text.parse().ok(),
        Value::Text(_) | Value::Integer(_) | Value::List(_) | Value::Other(_) => None,
    }
}

/// A list of ids, at least one.
pub(super) fn ids(value: &Value) -> Option<Vec<String>> {
    let ids = |values: &[Value]| {
        values
            .iter()
            .map(id)
            .collect::<Option<Vec<_>>>()
            .filter(|ids| !ids.is_empty())
    };
    match value {
        Value::List(values) => ids(values),
        Value::Raw(text) => ids(&list_from_text(text)?),
        Value::Text(_) | Value::Integer(_) | Value::Bool(_) | Value::Other(_) => None,
    }
}

/// An address to listen on.
pub(super) fn address(value: &Value) -> Option<SocketAddr> {
    text(value)?.parse().ok()
}

/// An `http` or `https` address without query or fragment.
pub(super) fn http_url(value: &Value) -> Option<Url> {
    let url = Url::parse(&name(value)?).ok()?;
    let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    (matches!(url.scheme(), "http" | "https") && url.has_host() && plain).then_some(url)
}

/// Hosts of registries, each with the address of its API: a bare host is reached over https.
pub(super) fn registry_hosts(value: &Value) -> Option<Vec<Url>> {
    let host = |written: &String| {
        let address = if written.contains("://") {
            written.clone()
        } else {
            format!("https://{written}")
        };
        http_url(&Value::Text(address)).filter(|url| url.path() == "/")
    };
    ids(value)?.iter().map(host).collect()
}

/// The secret part of a web hook's address.
pub(super) fn hook_secret(value: &Value) -> Option<String> {
    text(value).filter(|text| {
        (16..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// A database's address.
pub(super) fn database_url(value: &Value) -> Option<String> {
    const SCHEMES: [&str; 5] = [
        "sqlite:",
        "postgres://",
        "postgresql://",
        "mysql://",
        "mariadb://",
    ];
    name(value).filter(|text| {
        SCHEMES
            .iter()
            .any(|scheme| text.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty()))
    })
}

/// What carries mails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transport {
    Smtp,
    Wecom,
}

/// What carries mails.
pub(super) fn mail_transport(value: &Value) -> Option<Transport> {
    match text(value)?.as_str() {
        "smtp" => Some(Transport::Smtp),
        "wecom" => Some(Transport::Wecom),
        _ => None,
    }
}

/// A mail server's address.
pub(super) fn smtp_url(value: &Value) -> Option<String> {
    name(value).filter(|text| SmtpUrl::parse(text).is_ok())
}

/// A mailbox, as far as this can be told without sending to it.
pub(super) fn mailbox(value: &Value) -> Option<String> {
    name(value).filter(|text| text.parse::<Mailbox>().is_ok())
}

/// A log format.
pub(super) fn log_format(value: &Value) -> Option<LogFormat> {
    match text(value)?.as_str() {
        "text" => Some(LogFormat::Text),
        "json" => Some(LogFormat::Json),
        _ => None,
    }
}

/// A log level.
pub(super) fn log_level(value: &Value) -> Option<LevelFilter> {
    match text(value)?.as_str() {
        "error" => Some(LevelFilter::ERROR),
        "warn" => Some(LevelFilter::WARN),
        "info" => Some(LevelFilter::INFO),
        "debug" => Some(LevelFilter::DEBUG),
        "trace" => Some(LevelFilter::TRACE),
        _ => None,
    }
}
