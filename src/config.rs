//! `changegate.toml` and the environment, read into one typed [`Config`] or into every mistake at once.
//!
//! Two layers: the file, and over it variables with the prefix `CHANGEGATE__`. A blank string counts as not
//! given. Whatever is wrong is told with the key's name, where it came from and what it should be; a secret's
//! content is never told. Commands that need only a part ([`Layers::database`], [`Layers::callback`]) are not
//! held up by the rest. Knows no network and no database; reads only the files it is pointed at.

mod error;
mod fields;
mod forms;
mod keys;
mod layers;
mod reader;
mod sections;

use std::ffi::OsString;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::SecretString;
use tracing_subscriber::filter::LevelFilter;
use url::Url;

pub use error::{ConfigError, ConfigErrors, Problem, Source};
pub use fields::Fields;
pub use layers::Layers;

/// All that the bot is told from outside.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where it listens, and how the world reaches it.
    pub server: Server,
    /// Where it keeps what it knows.
    pub database: Database,
    /// The WeCom application it speaks through.
    pub wecom: Wecom,
    /// The policy file, already resolved against the configuration's folder; none is the built-in regulation.
    pub policy_file: Option<PathBuf>,
    /// JIRA; none when neither a token nor a user is given.
    pub jira: Option<Jira>,
    /// Image registries; none when no host is named.
    pub registry: Option<Registry>,
    /// GitHub, where deployment protection rules ask; none when no app is named.
    pub github: Option<Github>,
    /// Zadig, where release plans ask; none when no address is given.
    pub zadig: Option<Zadig>,
    /// Mail; none when neither a server nor WeCom is to carry it.
    pub mail: Option<Mail>,
    /// The firm's own template of an incident's report, a .docx; none is the built-in one.
    pub report_template: Option<PathBuf>,
    /// The log.
    pub log: Log,
}

impl Config {
    /// Reads file and environment. `path` is the one named on the command line; without it
    /// `CHANGEGATE_CONFIG` names the file, else `./changegate.toml` is read if it is there.
    pub fn load<K, V>(
        path: Option<&Path>,
        env: impl IntoIterator<Item = (K, V)>,
    ) -> Result<Self, ConfigErrors>
    where
        K: Into<OsString>,
        V: Into<OsString>,
    {
        Layers::gather(path, env)?.config()
    }
}

/// `[server]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// The address to listen on.
    pub bind: SocketAddr,
    /// How browsers and WeCom reach the bot; links in messages begin with it.
    pub public_url: Url,
    /// Threads that answer HTTP; none is one per core.
    pub workers: Option<NonZeroUsize>,
}

/// `[database]`.
#[derive(Debug, Clone)]
pub struct Database {
    /// `sqlite://…`, `postgres://…` or `mysql://…`; a secret, since it may hold a password.
    pub url: SecretString,
    /// Whether `serve` migrates at start.
    pub migrate: bool,
}

/// `[wecom]`.
#[derive(Debug, Clone)]
pub struct Wecom {
    /// The API's address.
    pub api_base: Url,
    /// Where WeCom's own browser signs members in.
    pub oauth_base: Url,
    /// Where any other browser shows a code to scan.
    pub sso_base: Url,
    /// The company, and the receive id of every callback.
    pub corp_id: String,
    /// The self-built app.
    pub agent_id: u32,
    /// The self-built app's secret.
    pub secret: SecretString,
    /// The callback's token.
    pub token: SecretString,
    /// The callback's key, 43 characters.
    pub encoding_aes_key: SecretString,
    /// The approval templates that are production changes; at least one.
    pub templates: Vec<String>,
    /// How often approvals are listed to find what no callback told.
    pub reconcile_interval: Duration,
    /// How many days back they are listed.
    pub reconcile_days: u32,
    /// Which control of the form holds what.
    pub fields: Fields,
}

/// What it takes to open a callback, and nothing else.
#[derive(Debug, Clone)]
pub struct Callback {
    /// The receive id.
    pub corp_id: String,
    /// The token that signs.
    pub token: SecretString,
    /// The key that encrypts.
    pub encoding_aes_key: SecretString,
}

/// `[jira]`.
#[derive(Debug, Clone)]
pub struct Jira {
    /// The server's address.
    pub api_base: Url,
    /// As whom it is asked.
    pub access: JiraAccess,
    /// Root certificates in PEM, trusted beside the system's; already resolved against the configuration's folder.
    pub ca_file: Option<PathBuf>,
    /// How long an answer is taken for fresh.
    pub cache: Duration,
    /// What a web hook's address has to end with; none: web hooks are not taken.
    pub webhook_secret: Option<SecretString>,
}

/// As whom JIRA is asked.
#[derive(Debug, Clone)]
pub enum JiraAccess {
    /// With a personal access token.
    Token(SecretString),
    /// With a user's password.
    Password {
        /// The login name.
        user: String,
        /// The password.
        password: SecretString,
    },
}

/// `[registry]`: where images come from.
#[derive(Debug, Clone)]
pub struct Registry {
    /// The registries' addresses; no other host is ever asked.
    pub hosts: Vec<Url>,
    /// As whom they are asked; none: anonymously.
    pub user: Option<String>,
    /// The password.
    pub password: Option<SecretString>,
    /// Hosts beside them that may give out access tokens.
    pub token_hosts: Vec<String>,
    /// Root certificates in PEM, trusted beside the system's; already resolved against the configuration's folder.
    pub ca_file: Option<PathBuf>,
}

/// `[github]`: the GitHub App whose deployment protection rule asks the gate.
#[derive(Debug, Clone)]
pub struct Github {
    /// The app's id, or its client id.
    pub app_id: String,
    /// The app's private key, PEM.
    pub private_key: SecretString,
    /// What its web hooks are signed with.
    pub webhook_secret: SecretString,
    /// The API's address; answers go nowhere else.
    pub api_base: Url,
}

/// `[zadig]`: the Zadig whose release plans ask the gate.
#[derive(Debug, Clone)]
pub struct Zadig {
    /// Its address; answers go nowhere else.
    pub base: Url,
    /// The API token that calls back; none: without.
    pub token: Option<SecretString>,
    /// The secret of its release plans' hook.
    pub hook_secret: SecretString,
}

/// `[mail]`: what carries mails.
#[derive(Debug, Clone)]
pub enum Mail {
    /// A mail server.
    Smtp(SmtpMail),
    /// The WeCom app's own mailbox, which is also the sender.
    Wecom,
}

/// The mail server.
#[derive(Debug, Clone)]
pub struct SmtpMail {
    /// `smtps://user:password@host:465`; a secret, since it may hold a password.
    pub url: SecretString,
    /// The password, if it is not in the address.
    pub password: Option<SecretString>,
    /// The sender: `changegate@example.com` or `变更闸 <changegate@example.com>`.
    pub from: String,
    /// Root certificates in PEM, trusted beside the system's; already resolved against the configuration's folder.
    pub ca_file: Option<PathBuf>,
}

/// `[log]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Log {
    /// Text or JSON.
    pub format: LogFormat,
    /// The least important level that is still written.
    pub level: LevelFilter,
}

impl Log {
    /// For commands whose output is for a person: only what is wrong.
    pub fn quiet() -> Self {
        Self {
            format: LogFormat::Text,
            level: LevelFilter::WARN,
        }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self {
            format: LogFormat::Text,
            level: LevelFilter::INFO,
        }
    }
}

/// How log lines look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// For machines.
    Json,
}

#[cfg(test)]
mod tests;
