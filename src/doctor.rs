//! What `changegate doctor` looks at: everything the bot depends on, each with the step that mends it.
//!
//! Looks, and changes nothing but the directory, which it refreshes: no table is made, no message sent. A fault never keeps the rest from being looked
//! at, unless the rest would only repeat it.

pub(crate) mod advice;
mod form;
mod mail;
mod report;
mod services;
mod wecom;

use changegate_store::{Store, StoreError, StoreOptions};
use secrecy::ExposeSecret as _;

use crate::clock::Clock;
use crate::config::{Config, ConfigErrors, Database, Layers};
use crate::policies::Policies;
use crate::policy_file;

pub(crate) use report::{Finding, Report};

/// Looks at everything.
pub(crate) async fn examine(layers: Result<Layers, ConfigErrors>, clock: &Clock) -> Report {
    let layers = match layers {
        Ok(layers) => layers,
        Err(errors) => return Report(configuration_faults(&errors)),
    };
    let mut findings = match layers.config() {
        Ok(_) => vec![Finding::good("配置", source(&layers))],
        Err(errors) => configuration_faults(&errors),
    };
    if let Ok(settings) = layers.database() {
        findings.push(database(&settings).await);
    }
    match layers.config() {
        Ok(config) => findings.extend(examine_configured(&config, clock).await),
        Err(_) => findings.push(Finding::off("企业微信", "配置有误，未检查")),
    }
    Report(findings)
}

async fn examine_configured(config: &Config, clock: &Clock) -> Vec<Finding> {
    let mut findings = Vec::new();
    let (finding, members) = policy(config);
    findings.push(finding);
    findings.extend(wecom::examine(config, &members, clock).await);
    if let Ok(policy) = policy_file::load(config.policy_file.as_deref()) {
        findings.push(services::people(config, &Policies::new(policy), clock).await);
    }
    findings.push(services::jira(config.jira.as_ref()).await);
    findings.extend(services::registries(config.registry.as_ref()).await);
    findings.push(mail::examine(config.mail.as_ref()).await);
    findings
}

fn source(layers: &Layers) -> String {
    layers.file().map_or_else(
        || "全部来自环境变量".to_owned(),
        |path| format!("{} 与环境变量", path.display()),
    )
}

fn configuration_faults(errors: &ConfigErrors) -> Vec<Finding> {
    let step = "改好后重新运行 changegate doctor；全部配置项见 changegate.example.toml";
    errors
        .0
        .iter()
        .map(|error| Finding::bad("配置", error.to_string(), step))
        .collect()
}

async fn database(settings: &Database) -> Finding {
    let url = settings.url.expose_secret();
    let subject = "数据库";
    if sqlite_file(url).is_some_and(|path| !path.exists()) {
        return if settings.migrate {
            Finding::off(subject, "SQLite 文件还不存在，serve 启动时会创建")
        } else {
            Finding::bad(
                subject,
                "SQLite 文件还不存在，而 database.migrate = false",
                "运行 changegate migrate up",
            )
        };
    }
    match reach(url).await {
        Ok(0) => Finding::good(subject, "已连接，迁移齐全"),
        Ok(pending) if settings.migrate => Finding::good(
            subject,
            format!("已连接；有 {pending} 个迁移未执行，serve 启动时会自动执行"),
        ),
        Ok(pending) => Finding::bad(
            subject,
            format!("有 {pending} 个迁移未执行，而 database.migrate = false"),
            "运行 changegate migrate up",
        ),
        Err(error) => Finding::bad(
            subject,
            format!("连不上（{error}）"),
            "检查 database.url 的地址、库名、用户名与密码，数据库是否已启动、本机能否访问；MySQL 8 须加 ?ssl-mode=REQUIRED",
        ),
    }
}

/// How many migrations are pending.
async fn reach(url: &str) -> Result<usize, StoreError> {
    let store = Store::open(&StoreOptions::new(url)).await?;
    store.ping().await?;
    let pending = store.pending_migrations().await?.len();
    store.close().await?;
    Ok(pending)
}

/// The file behind a SQLite address, if it is one.
fn sqlite_file(url: &str) -> Option<&std::path::Path> {
    let rest = url
        .strip_prefix("sqlite://")
        .or_else(|| url.strip_prefix("sqlite:"))?;
    let path = rest.split_once('?').map_or(rest, |(path, _)| path);
    (!path.is_empty() && path != ":memory:").then(|| std::path::Path::new(path))
}

/// The policy, and the members that its directory names.
fn policy(config: &Config) -> (Finding, Vec<String>) {
    let subject = "政策";
    match policy_file::load(config.policy_file.as_deref()) {
        Ok(policy) => {
            let reference = policy.reference();
            let origin = match &config.policy_file {
                Some(path) => path.display().to_string(),
                None => "内置的《生产变更管理规定》".to_owned(),
            };
            let members = policy
                .directory()
                .map(|directory| wecom::members(directory))
                .unwrap_or_default();
            let state = format!(
                "{origin}，版本 {}，通讯录 {} 人",
                reference.version,
                members.len()
            );
            (Finding::good(subject, state), members)
        }
        Err(error) => {
            let step = "按提示改正政策文件，或去掉 policy.file 使用内置的规定";
            (Finding::bad(subject, error.to_string(), step), Vec::new())
        }
    }
}

#[cfg(test)]
mod tests;
