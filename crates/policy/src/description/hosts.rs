//! The JIRA hosts that links may lead to.

use url::Url;

/// The hosts whose links count as JIRA links; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JiraHosts(Vec<Host>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Host {
    name: String,
    port: Option<u16>,
}

/// A host that cannot be one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// Neither `host` nor `host:port`.
    #[error("`{0}` is no host: write `jira.example.com`, or `jira.example.com:8080` to allow a port")]
    Invalid(String),
    /// There is none.
    #[error("at least one JIRA host is needed")]
    None,
}

impl Default for JiraHosts {
    fn default() -> Self {
        Self(vec![Host {
            name: "jira.yxzq.com".to_owned(),
            port: None,
        }])
    }
}

impl JiraHosts {
    /// Reads `host` and `host:port` entries; the first is the one that corrected links lead to.
    pub fn new<'a>(entries: impl IntoIterator<Item = &'a str>) -> Result<Self, HostError> {
        let hosts = entries.into_iter().map(host).collect::<Result<Vec<_>, _>>()?;
        if hosts.is_empty() {
            Err(HostError::None)
        } else {
            Ok(Self(hosts))
        }
    }

    /// The hosts' names, without ports.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|host| host.name.as_str())
    }

    /// Whether a parsed URL leads to one of the hosts, on a port that is allowed there.
    pub(crate) fn allows(&self, url: &Url) -> bool {
        self.0
            .iter()
            .any(|host| url.host_str() == Some(host.name.as_str()) && fits(host.port, url))
    }

    /// Whether a host without a port, in lower case, is allowed as it stands.
    pub(crate) fn allows_plain(&self, host: &str) -> bool {
        self.0
            .iter()
            .any(|known| known.port.is_none() && known.name == host)
    }

    /// Whether a parsed URL leads to one of the hosts, whatever its port.
    pub(crate) fn knows(&self, url: &Url) -> bool {
        self.0
            .iter()
            .any(|host| url.host_str() == Some(host.name.as_str()))
    }

    /// The link to an issue as the regulation writes it.
    pub(crate) fn link(&self, key: &str) -> String {
        let host = self.0.first();
        let name = host.map_or("", |host| host.name.as_str());
        host.and_then(|host| host.port).map_or_else(
            || format!("http://{name}/browse/{key}"),
            |port| format!("http://{name}:{port}/browse/{key}"),
        )
    }
}

fn fits(port: Option<u16>, url: &Url) -> bool {
    match port {
        None => url.port().is_none(),
        Some(_) => url.port_or_known_default() == port,
    }
}

fn host(entry: &str) -> Result<Host, HostError> {
    let invalid = || HostError::Invalid(entry.to_owned());
    let (name, port) = match entry.trim().rsplit_once(':') {
        Some((name, port)) => (name, Some(port.parse::<u16>().map_err(|_no_number| invalid())?)),
        None => (entry.trim(), None),
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    if name.is_empty() || !name.chars().all(plain) {
        return Err(invalid());
    }
    let url = Url::parse(&format!("http://{name}/")).map_err(|_no_url| invalid())?;
    Ok(Host {
        name: url.host_str().ok_or_else(invalid)?.to_owned(),
        port,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_hosts_with_an_optional_port() {
        let hosts = JiraHosts::new(["Jira.Example.com:8080", "jira.yxzq.com"]).expect("valid");
        assert_eq!(hosts.link("A-1"), "http://jira.example.com:8080/browse/A-1");
        for bad in [
            "",
            "http://jira.yxzq.com",
            "jira.yxzq.com/browse",
            "a b",
            "host:port",
            "u@h",
        ] {
            assert!(JiraHosts::new([bad]).is_err(), "{bad}");
        }
        assert_eq!(JiraHosts::new([]), Err(HostError::None));
    }

    #[test]
    fn a_port_is_allowed_only_where_it_is_configured() {
        let url = |text| Url::parse(text).expect("url");
        assert!(JiraHosts::default().allows(&url("https://jira.yxzq.com/x")));
        assert!(!JiraHosts::default().allows(&url("http://jira.yxzq.com:8080/x")));
        let hosts = JiraHosts::new(["jira.yxzq.com:8080"]).expect("valid");
        assert!(hosts.allows(&url("http://jira.yxzq.com:8080/x")));
        assert!(!hosts.allows(&url("http://jira.yxzq.com/x")));
    }
}
