//! The mail server's address, and what else has to be known of it.

use std::fmt;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use crate::mailbox::Mailbox;

/// What it takes to send.
#[derive(Debug, Clone)]
pub struct SmtpSettings {
    /// The server.
    pub url: SmtpUrl,
    /// The password, if it is not in the address.
    pub password: Option<SecretString>,
    /// Who sends.
    pub from: Mailbox,
    /// For one mail in all, from connecting to the server's last word.
    pub timeout: Duration,
    /// The firm's own root certificates in PEM, trusted beside the system's.
    pub ca_pem: Option<Vec<u8>>,
}

impl SmtpSettings {
    /// With 15 s for a mail, and nothing trusted but the system's roots.
    pub fn new(url: SmtpUrl, from: Mailbox) -> Self {
        Self {
            url,
            password: None,
            from,
            timeout: Duration::from_secs(15),
            ca_pem: None,
        }
    }
}

/// How the connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte: `smtps://`.
    Implicit,
    /// STARTTLS, or nothing: `smtp://`.
    Required,
    /// STARTTLS if the server offers it: `smtp://…?tls=opportunistic`.
    Opportunistic,
    /// None at all: `smtp://…?tls=none`.
    None,
}

/// A server's address: `smtps://user:password@host:465`. Does not print the password.
#[derive(Clone)]
pub struct SmtpUrl {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) security: Security,
    pub(crate) user: Option<String>,
    pub(crate) password: Option<SecretString>,
}

/// What is wrong with the settings. Never tells what they are.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// Not an address.
    #[error("not an address like smtps://user@host:465 or smtp://host:25?tls=none")]
    Url,
    /// `?tls=` with smtps, or a word it does not know.
    #[error(
        "?tls= goes with smtp:// only, and is required, opportunistic or none; there is no other parameter"
    )]
    Parameter,
    /// A user without a password.
    #[error("the address names a user, and no password is given")]
    NoPassword,
    /// A password without a user.
    #[error("a password is given, and the address names no user")]
    NoUser,
    /// Two passwords.
    #[error("the password is given twice, in the address and beside it")]
    TwoPasswords,
    /// A password that everyone could read.
    #[error("a password must not go over a connection without TLS (tls=none)")]
    PasswordInClear,
    /// Certificates that are none.
    #[error("no certificate in PEM can be read from the file of root certificates")]
    Certificates,
    /// TLS cannot be prepared.
    #[error("TLS cannot be prepared: {0}")]
    Tls(String),
}

impl SmtpUrl {
    /// Reads an address. Default ports: 465 for `smtps`, 587 for `smtp`, 25 for `smtp` where TLS is not required.
    pub fn parse(text: &str) -> Result<Self, SettingsError> {
        let url = Url::parse(text).map_err(|_error| SettingsError::Url)?;
        let plain_path = matches!(url.path(), "" | "/") && url.fragment().is_none();
        let host = url.host_str().unwrap_or_default();
        if !plain_path || host.is_empty() || url.port() == Some(0) {
            return Err(SettingsError::Url);
        }
        let security = security(&url)?;
        let default_port = match security {
            Security::Implicit => 465,
            Security::Required => 587,
            Security::Opportunistic | Security::None => 25,
        };
        let user = decode(url.username())?;
        let password = url.password().map(decode).transpose()?;
        Ok(Self {
            host: host.trim_matches(['[', ']']).to_owned(),
            port: url.port().unwrap_or(default_port),
            security,
            user: (!user.is_empty()).then_some(user),
            password: password
                .filter(|password| !password.is_empty())
                .map(SecretString::from),
        })
    }

    /// How the connection is protected.
    pub fn security(&self) -> Security {
        self.security
    }

    /// The server, without user and password.
    pub fn server(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// Who logs in, if anybody does.
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// User and password, put together from the address and what is given beside it.
    pub(crate) fn credentials(
        &self,
        beside: Option<&SecretString>,
    ) -> Result<Option<(String, SecretString)>, SettingsError> {
        let password = match (&self.password, beside) {
            (Some(_), Some(_)) => return Err(SettingsError::TwoPasswords),
            (inside, beside) => inside.as_ref().or(beside),
        };
        match (&self.user, password) {
            (None, None) => Ok(None),
            (Some(_), None) => Err(SettingsError::NoPassword),
            (None, Some(_)) => Err(SettingsError::NoUser),
            (Some(_), Some(_)) if self.security == Security::None => Err(SettingsError::PasswordInClear),
            (Some(user), Some(password)) => Ok(Some((
                user.clone(),
                SecretString::from(password.expose_secret().to_owned()),
            ))),
        }
    }
}

fn security(url: &Url) -> Result<Security, SettingsError> {
    let mut parameters = url.query_pairs();
    let tls = parameters.next();
    if parameters.next().is_some() {
        return Err(SettingsError::Parameter);
    }
    let tls = match &tls {
        None => None,
        Some((name, value)) if name == "tls" => Some(value.as_ref()),
        Some(_) => return Err(SettingsError::Parameter),
    };
    match (url.scheme(), tls) {
        ("smtps", None) => Ok(Security::Implicit),
        ("smtp", None | Some("required")) => Ok(Security::Required),
        ("smtp", Some("opportunistic")) => Ok(Security::Opportunistic),
        ("smtp", Some("none")) => Ok(Security::None),
        ("smtp" | "smtps", Some(_)) => Err(SettingsError::Parameter),
        _ => Err(SettingsError::Url),
    }
}

fn decode(text: &str) -> Result<String, SettingsError> {
    let text = percent_decode_str(text).decode_utf8();
    let text = text.map_err(|_error| SettingsError::Url)?.into_owned();
    if text.contains(char::is_control) {
        return Err(SettingsError::Url);
    }
    Ok(text)
}

impl fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpUrl")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("security", &self.security)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_how_the_connection_is_protected() {
        for (text, server, security) in [
            (
                "smtps://u:p@mail.example.com",
                "mail.example.com:465",
                Security::Implicit,
            ),
            (
                "smtps://mail.example.com:5465/",
                "mail.example.com:5465",
                Security::Implicit,
            ),
            (
                "smtp://mail.example.com",
                "mail.example.com:587",
                Security::Required,
            ),
            ("smtp://h?tls=required", "h:587", Security::Required),
            ("smtp://h?tls=opportunistic", "h:25", Security::Opportunistic),
            ("smtp://10.0.0.7:2525?tls=none", "10.0.0.7:2525", Security::None),
            ("smtp://[::1]:25?tls=none", "::1:25", Security::None),
        ] {
            let url = SmtpUrl::parse(text).unwrap();
            assert_eq!(
                (url.server().as_str(), url.security()),
                (server, security),
                "{text}"
            );
        }
        for text in [
            "",
            "mail.example.com",
            "http://h",
            "smtp://",
            "smtp://h/x",
            "smtp://h:0",
            "smtps://u%00:p@h",
        ] {
            assert_eq!(SmtpUrl::parse(text).unwrap_err(), SettingsError::Url, "{text}");
        }
        for text in [
            "smtps://h?tls=none",
            "smtp://h?tls=maybe",
            "smtp://h?x=y",
            "smtp://h?tls=none&tls=none",
        ] {
            assert_eq!(
                SmtpUrl::parse(text).unwrap_err(),
                SettingsError::Parameter,
                "{text}"
            );
        }
    }

    #[test]
    fn user_and_password_come_together_and_never_in_clear() {
        let beside = SecretString::from("beside");
        let given = |text: &str, beside: Option<&SecretString>| {
            SmtpUrl::parse(text)
                .unwrap()
                .credentials(beside)
                .map(|both| both.map(|(user, password)| (user, password.expose_secret().to_owned())))
        };
        let both = |user: &str, password: &str| Ok(Some((user.to_owned(), password.to_owned())));
        assert_eq!(given("smtps://u%40x:p%23w@h", None), both("u@x", "p#w"));
        assert_eq!(given("smtps://u@h", Some(&beside)), both("u", "beside"));
        assert_eq!(given("smtps://h", None), Ok(None));
        assert_eq!(given("smtps://u@h", None), Err(SettingsError::NoPassword));
        assert_eq!(given("smtps://h", Some(&beside)), Err(SettingsError::NoUser));
        assert_eq!(
            given("smtps://u:p@h", Some(&beside)),
            Err(SettingsError::TwoPasswords)
        );
        assert_eq!(
            given("smtp://u:p@h?tls=none", None),
            Err(SettingsError::PasswordInClear)
        );
    }

    #[test]
    fn the_password_is_not_printed() {
        let url = SmtpUrl::parse("smtps://someone:pass-word@h").unwrap();
        let shown = format!(
            "{url:?} {:?}",
            SmtpSettings::new(url.clone(), "a@b.com".parse().unwrap())
        );
        assert!(
            !shown.contains("pass-word") && !shown.contains("someone"),
            "{shown}"
        );
    }
}
