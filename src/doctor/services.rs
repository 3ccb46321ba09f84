//! What the facts come from: JIRA, the image registries, WeCom's address book.

use changegate_jira::ErrorClass as JiraClass;
use changegate_registry::ErrorClass as RegistryClass;
use changegate_store::{Store, StoreOptions};
use secrecy::ExposeSecret as _;

use super::Finding;
use crate::app;
use crate::clock::Clock;
use crate::config::{self, Config};
use crate::directory;
use crate::policies::Policies;
use crate::registry::Registry;

/// JIRA: whether its address and access are right.
pub(super) async fn jira(settings: Option<&config::Jira>) -> Finding {
    let subject = "JIRA";
    let Some(settings) = settings else {
        return Finding::off(
            subject,
            "未启用（没有 jira.token）：不核对 JIRA 单是否存在、是否已验收、耦合需求是否齐备",
        );
    };
    let jira = match app::jira(settings) {
        Ok(jira) => jira,
        Err(error) => return Finding::bad(subject, format!("{error:#}"), "检查 [jira] 一节"),
    };
    match jira.issues.client().myself().await {
        Ok(user) => {
            let hooks = match &settings.webhook_secret {
                Some(_) => "，接收网络钩子",
                None => "；未设 jira.webhook_secret，验收状态的变化要等下一次核对才知道",
            };
            Finding::good(subject, format!("已登录为 {}{hooks}", user.name))
        }
        Err(error) => {
            let step = match error.class() {
                JiraClass::Auth => {
                    "检查 jira.token（或 jira.user 与 jira.password）是否有效、是否可以浏览项目"
                }
                _ => "检查 jira.api_base，以及本机能否访问它（DNS、防火墙、证书见 jira.ca_file）",
            };
            Finding::bad(subject, error.in_words(), step)
        }
    }
}

/// The registries, each by itself.
pub(super) async fn registries(settings: Option<&config::Registry>) -> Vec<Finding> {
    let subject = "镜像仓库";
    let Some(settings) = settings else {
        return vec![Finding::off(
            subject,
            "未启用（没有 registry.hosts）：不核对镜像在提交之后是否被改动",
        )];
    };
    let registry = match Registry::new(settings) {
        Ok(registry) => registry,
        Err(error) => {
            return vec![Finding::bad(
                subject,
                format!("{error:#}"),
                "检查 [registry] 一节",
            )];
        }
    };
    let mut findings = Vec::new();
    for host in Registry::hosts(settings) {
        let subject = format!("镜像仓库 {host}");
        findings.push(match registry.client.ping(&host).await {
            Ok(()) => Finding::good(&subject, "已连接".to_owned()),
            Err(error) => {
                let step = match error.class() {
                    RegistryClass::Auth => "检查 registry.user 与 registry.password",
                    RegistryClass::Configuration => "把令牌服务的主机加进 registry.token_hosts",
                    _ => "检查 registry.hosts，以及本机能否访问它（DNS、防火墙、证书见 registry.ca_file）",
                };
                Finding::bad(&subject, error.to_string(), step)
            }
        });
    }
    findings
}

/// The directory, refreshed: who leads, who holds a role, who of them has left.
pub(super) async fn people(config: &Config, policies: &Policies, clock: &Clock) -> Finding {
    let subject = "通讯录";
    let file = policies.file();
    if file.directory().is_none() && file.wecom_directory().is_none() {
        return Finding::off(
            subject,
            "政策文件里没有 [directory] 与 [wecom_directory]：审批链、产品经理与测试同事不核对，多数提醒没有收件人",
        );
    }
    let client = match app::client(&config.wecom) {
        Ok(client) => client,
        Err(error) => return Finding::bad(subject, format!("{error:#}"), "安装系统的根证书"),
    };
    let store = Store::open(&StoreOptions::new(config.database.url.expose_secret()))
        .await
        .ok();
    let before = match &store {
        Some(store) => directory::known(store).await.unwrap_or_default(),
        None => directory::Known::default(),
    };
    let now = clock.now();
    let known = directory::refresh(&client, policies, &before, now).await;
    if let Some(store) = &store {
        // A database that is not migrated yet keeps nothing; what was found is told all the same.
        if let Err(error) = directory::keep(store, policies, &known, now).await {
            tracing::debug!(%error, "the directory was not kept");
        }
        drop(store.clone().close().await);
    }
    told(subject, policies, &known)
}

fn told(subject: &str, policies: &Policies, known: &directory::Known) -> Finding {
    if let Some(failure) = &known.failure {
        let since = known.at.map_or_else(
            || "从未读到过".to_owned(),
            |at| format!("沿用 {} 的", policies.file().local(at).format("%m-%d %H:%M")),
        );
        return Finding::bad(
            subject,
            format!("企业微信没有给出通讯录（{failure}），{since}"),
            "检查应用的可见范围，以及 [wecom_directory] 里的部门与标签 id",
        );
    }
    let policy = policies.now();
    let people = policy
        .directory()
        .map_or(0, |directory| directory.bearers().len());
    if known.left.is_empty() {
        return Finding::good(subject, format!("已刷新，组长与各角色共 {people} 人，都在职"));
    }
    let names: Vec<&str> = known.left.iter().map(changegate_policy::UserId::as_str).collect();
    Finding::bad(
        subject,
        format!("已离职或停用：{}，不再作为组长或角色", names.join("、")),
        "在政策文件或企业微信的部门负责人、标签里换上接替的人",
    )
}
