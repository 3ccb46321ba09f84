//! The sections, each read whole: all its mistakes are told at once.

use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use super::error::ConfigErrors;
use super::fields::Fields;
use super::forms::{self, Transport, Value};
use super::layers::Layers;
use super::reader::Reader;
use super::{
    Callback, Config, Database, Github, Jira, JiraAccess, Log, Mail, Registry, Server, SmtpMail, Wecom, Zadig,
};

const API_BASE: &str = "https://qyapi.weixin.qq.com";
const OAUTH_BASE: &str = "https://open.weixin.qq.com";
const SSO_BASE: &str = "https://login.work.weixin.qq.com";
const JIRA_BASE: &str = "http://jira.yxzq.com";
const GITHUB_API: &str = "https://api.github.com";
const DATABASE: &str = "sqlite://changegate.db";
const DAY: i64 = 86_400;

impl Layers {
    /// Everything, for `serve` and `doctor`.
    pub fn config(&self) -> Result<Config, ConfigErrors> {
        let mut reader = Reader::new(self);
        let server = server(&mut reader);
        let database = database(&mut reader);
        let wecom = wecom(&mut reader);
        let policy_file = reader.optional_file("policy.file");
        let jira = jira(&mut reader);
        let registry = registry(&mut reader);
        let github = github(&mut reader);
        let zadig = zadig(&mut reader);
        let mail = mail(&mut reader);
        let report_template = reader.optional_file("report.template");
        let log = log(&mut reader);
        let config = (|| {
            Some(Config {
                server: server?,
                database,
                wecom: wecom?,
                policy_file,
                jira,
                registry,
                github,
                zadig,
                mail,
                report_template,
                log,
            })
        })();
        reader.finish(config)
    }

    /// `[database]` alone, for `migrate` and `token`.
    pub fn database(&self) -> Result<Database, ConfigErrors> {
        let mut reader = Reader::new(self);
        let database = database(&mut reader);
        reader.finish(Some(database))
    }

    /// The policy file alone, for `export`.
    pub fn policy_file(&self) -> Result<Option<PathBuf>, ConfigErrors> {
        let mut reader = Reader::new(self);
        let file = reader.optional_file("policy.file");
        reader.finish(Some(file))
    }

    /// `[registry]` alone, for `gate`.
    pub fn registry(&self) -> Result<Option<Registry>, ConfigErrors> {
        let mut reader = Reader::new(self);
        let registry = registry(&mut reader);
        reader.finish(Some(registry))
    }

    /// What opens a callback, for `callback decode`.
    pub fn callback(&self) -> Result<Callback, ConfigErrors> {
        let mut reader = Reader::new(self);
        let corp_id = reader.required("wecom.corp_id", forms::id);
        let token = reader.required_secret("wecom.token", forms::token);
        let encoding_aes_key = reader.required_secret("wecom.encoding_aes_key", forms::aes_key);
        let callback = (|| {
            Some(Callback {
                corp_id: corp_id?,
                token: token?,
                encoding_aes_key: encoding_aes_key?,
            })
        })();
        reader.finish(callback)
    }
}

fn server(reader: &mut Reader<'_>) -> Option<Server> {
    let default = SocketAddr::from((Ipv4Addr::LOCALHOST, 8080));
    let bind = reader.optional("server.bind", forms::address).unwrap_or(default);
    let public_url = reader
        .optional("server.public_url", forms::http_url)
        .or_else(|| Url::parse(&format!("http://{bind}")).ok())?;
    let workers = reader.optional("server.workers", |value| {
        usize::try_from(forms::integer(value, 1, 256)?)
            .ok()
            .and_then(NonZeroUsize::new)
    });
    Some(Server {
        bind,
        public_url,
        workers,
    })
}

fn database(reader: &mut Reader<'_>) -> Database {
    let url = reader
        .optional_secret("database.url", forms::database_url)
        .unwrap_or_else(|| SecretString::from(DATABASE.to_owned()));
    let migrate = reader.optional("database.migrate", forms::truth).unwrap_or(true);
    Database { url, migrate }
}

fn wecom(reader: &mut Reader<'_>) -> Option<Wecom> {
    let api_base = reader
        .optional("wecom.api_base", forms::http_url)
        .or_else(|| Url::parse(API_BASE).ok());
    let oauth_base = reader
        .optional("wecom.oauth_base", forms::http_url)
        .or_else(|| Url::parse(OAUTH_BASE).ok());
    let sso_base = reader
        .optional("wecom.sso_base", forms::http_url)
        .or_else(|| Url::parse(SSO_BASE).ok());
    let corp_id = reader.required("wecom.corp_id", forms::id);
    let agent_id = reader.required("wecom.agent_id", |value| {
        u32::try_from(forms::integer(value, 1, i64::from(u32::MAX))?).ok()
    });
    let secret = reader.required_secret("wecom.secret", one_word);
    let token = reader.required_secret("wecom.token", forms::token);
    let encoding_aes_key = reader.required_secret("wecom.encoding_aes_key", forms::aes_key);
    let templates = reader.required("wecom.templates", forms::ids);
    let interval = reader.optional("wecom.reconcile_interval_secs", |value| {
        u64::try_from(forms::integer(value, 1, DAY)?).ok()
    });
    let days = reader.optional("wecom.reconcile_days", |value| {
        u32::try_from(forms::integer(value, 1, 31)?).ok()
    });
    let fields = fields(reader);
    Some(Wecom {
        api_base: api_base?,
        oauth_base: oauth_base?,
        sso_base: sso_base?,
        corp_id: corp_id?,
        agent_id: agent_id?,
        secret: secret?,
        token: token?,
        encoding_aes_key: encoding_aes_key?,
        templates: templates?,
        reconcile_interval: Duration::from_secs(interval.unwrap_or(300)),
        reconcile_days: days.unwrap_or(7),
        fields,
    })
}

fn fields(reader: &mut Reader<'_>) -> Fields {
    let mut or = |key: &str, default: String| reader.optional(key, forms::name).unwrap_or(default);
    let default = Fields::default();
    Fields {
        title: or("wecom.fields.title", default.title),
        urgency: or("wecom.fields.urgency", default.urgency),
        description: or("wecom.fields.description", default.description),
        rollback: or("wecom.fields.rollback", default.rollback),
        product_manager: or("wecom.fields.product_manager", default.product_manager),
        tester: or("wecom.fields.tester", default.tester),
        middle_platform: or("wecom.fields.middle_platform", default.middle_platform),
        attachments: or("wecom.fields.attachments", default.attachments),
        related: or("wecom.fields.related", default.related),
        planned_time: or("wecom.fields.planned_time", default.planned_time),
        images: or("wecom.fields.images", default.images),
        markets: or("wecom.fields.markets", default.markets),
    }
}

fn jira(reader: &mut Reader<'_>) -> Option<Jira> {
    let api_base = reader
        .optional("jira.api_base", forms::http_url)
        .or_else(|| Url::parse(JIRA_BASE).ok());
    let token = reader.optional_secret("jira.token", one_word);
    let user = reader.optional("jira.user", forms::name);
    let password = match &user {
        Some(_) if token.is_none() => reader.required_secret("jira.password", forms::name),
        _ => reader.optional_secret("jira.password", forms::name),
    };
    let ca_file = reader.optional_file("jira.ca_file");
    let minutes = reader.optional("jira.cache_minutes", |value| {
        u64::try_from(forms::integer(value, 0, 60)?).ok()
    });
    let webhook_secret = reader.optional_secret("jira.webhook_secret", forms::hook_secret);
    let access = match (token, user, password) {
        (Some(token), _, _) => JiraAccess::Token(token),
        (None, Some(user), Some(password)) => JiraAccess::Password { user, password },
        _ => return None,
    };
    Some(Jira {
        api_base: api_base?,
        access,
        ca_file,
        cache: Duration::from_mins(minutes.unwrap_or(5)),
        webhook_secret,
    })
}

fn registry(reader: &mut Reader<'_>) -> Option<Registry> {
    let hosts = reader.optional("registry.hosts", forms::registry_hosts);
    let user = reader.optional("registry.user", forms::name);
    let password = reader.optional_secret("registry.password", forms::name);
    let token_hosts = reader.optional("registry.token_hosts", forms::ids);
    let ca_file = reader.optional_file("registry.ca_file");
    Some(Registry {
        hosts: hosts?,
        user,
        password,
        token_hosts: token_hosts.unwrap_or_default(),
        ca_file,
    })
}

/// With an app, everything that it needs has to be given.
fn github(reader: &mut Reader<'_>) -> Option<Github> {
    let api_base = reader
        .optional("github.api_base", forms::http_url)
        .or_else(|| Url::parse(GITHUB_API).ok());
    let app_id = reader.optional("github.app_id", forms::id)?;
    let private_key = reader.required_secret("github.private_key", forms::text);
    let webhook_secret = reader.required_secret("github.webhook_secret", forms::hook_secret);
    Some(Github {
        app_id,
        private_key: private_key?,
        webhook_secret: webhook_secret?,
        api_base: api_base?,
    })
}

/// With an address, the hook's secret has to be given.
fn zadig(reader: &mut Reader<'_>) -> Option<Zadig> {
    let token = reader.optional_secret("zadig.token", one_word);
    let base = reader.optional("zadig.base", forms::http_url)?;
    let hook_secret = reader.required_secret("zadig.hook_secret", forms::hook_secret);
    Some(Zadig {
        base,
        token,
        hook_secret: hook_secret?,
    })
}

fn mail(reader: &mut Reader<'_>) -> Option<Mail> {
    let transport = reader.optional("mail.transport", forms::mail_transport);
    let url = match transport {
        Some(Transport::Smtp) => reader.required_secret("mail.smtp_url", forms::smtp_url),
        Some(Transport::Wecom) | None => reader.optional_secret("mail.smtp_url", forms::smtp_url),
    };
    let password = reader.optional_secret("mail.smtp_password", forms::name);
    let ca_file = reader.optional_file("mail.ca_file");
    if transport == Some(Transport::Wecom) {
        return Some(Mail::Wecom);
    }
    Some(Mail::Smtp(SmtpMail {
        url: url?,
        password,
        from: reader.required("mail.from", forms::mailbox)?,
        ca_file,
    }))
}

fn log(reader: &mut Reader<'_>) -> Log {
    let default = Log::default();
    Log {
        format: reader
            .optional("log.format", forms::log_format)
            .unwrap_or(default.format),
        level: reader
            .optional("log.level", forms::log_level)
            .unwrap_or(default.level),
    }
}

fn one_word(value: &Value) -> Option<String> {
    forms::id(value)
}
