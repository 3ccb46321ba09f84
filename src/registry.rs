//! The configured image registries.

use anyhow::Context as _;
use changegate_policy::ImageName;
use changegate_registry::{Client, Host, Reference, Settings};
use reqwest::Certificate;

use crate::config;

/// A call may take so long in all.
const TIMEOUT: std::time::Duration = std::time::Duration::from_secs(5);

/// The registries, and which of them a name without a host means.
#[derive(Debug)]
pub(crate) struct Registry {
    pub(crate) client: Client,
    /// The first one of the configuration.
    default_host: String,
}

impl Registry {
    /// From the configuration; connects to nothing yet.
    pub(crate) fn new(settings: &config::Registry) -> anyhow::Result<Self> {
        let roots = match &settings.ca_file {
            Some(path) => {
                let pem =
                    std::fs::read(path).with_context(|| format!("registry.ca_file：{}", path.display()))?;
                Certificate::from_pem_bundle(&pem)
                    .with_context(|| format!("registry.ca_file：{}", path.display()))?
            }
            None => Vec::new(),
        };
        let http = changegate_registry::http_client(&roots).context("the HTTP client cannot be made")?;
        let hosts: Vec<Host> = settings
            .hosts
            .iter()
            .filter_map(|base| {
                Some(Host {
                    host: host_of(base)?,
                    api_base: base.clone(),
                    user: settings.user.clone(),
                    password: settings.password.clone(),
                    token_hosts: settings.token_hosts.clone(),
                })
            })
            .collect();
        let default_host = hosts
            .first()
            .map(|host| host.host.clone())
            .context("registry.hosts 里没有主机")?;
        Ok(Self {
            client: Client::new(
                Settings {
                    hosts,
                    timeout: TIMEOUT,
                },
                http,
            ),
            default_host,
        })
    }

    /// What a form's name asks the registries for; none where it is of a registry that is not configured, or carries
    /// its digest itself.
    pub(crate) fn reference(&self, name: &ImageName) -> Option<Reference> {
        let host = name.registry.as_deref().unwrap_or(&self.default_host);
        let tag = name.tag.as_deref()?;
        if name.digest.is_some() || !self.client.knows(host) {
            return None;
        }
        Reference::new(host, &name.repository, tag).ok()
    }

    /// The hosts, for doctor.
    pub(crate) fn hosts(settings: &config::Registry) -> Vec<String> {
        settings.hosts.iter().filter_map(host_of).collect()
    }
}

/// A registry's host as images name it: with the port where it is not the usual one.
fn host_of(base: &url::Url) -> Option<String> {
    let host = base.host_str()?;
    Some(match base.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    })
}
