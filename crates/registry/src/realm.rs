//! Whether a token may be asked for where the registry says: the registry's word alone leads nowhere.

use url::Url;

use crate::error::Error;
use crate::masking::Secrets;
use crate::settings::Host;

/// The address to ask for a token, if it is the registry's own or one of its token hosts, and no step back from TLS.
pub(crate) fn permitted(host: &Host, realm: &str) -> Result<Url, Error> {
    let Ok(mut address) = Url::parse(realm) else {
        return Err(Error::Answer {
            host: host.host.clone(),
            message: "the realm of its tokens is no address".to_owned(),
        });
    };
    let safe = match address.scheme() {
        "https" => true,
        "http" => host.api_base.scheme() == "http",
        _ => false,
    };
    let anonymous = address.username().is_empty() && address.password().is_none();
    let known = is_registry(&host.api_base, &address)
        || host
            .token_hosts
            .iter()
            .any(|token_host| is_host(token_host, &address));
    if safe && anonymous && known {
        address.set_fragment(None);
        Ok(address)
    } else {
        Err(Error::TokenHost {
            host: host.host.clone(),
            realm: Secrets::of(host).clean(&place(&address)),
        })
    }
}

/// The same host and port; or, where neither names a port, the same host with TLS.
fn is_registry(base: &Url, address: &Url) -> bool {
    let same_port = base.port_or_known_default() == address.port_or_known_default();
    let upgraded = base.port().is_none() && address.port().is_none() && address.scheme() == "https";
    base.host() == address.host() && (same_port || upgraded)
}

fn is_host(token_host: &str, address: &Url) -> bool {
    Url::parse(&format!("{}://{token_host}", address.scheme())).is_ok_and(|known| {
        known.host() == address.host() && known.port_or_known_default() == address.port_or_known_default()
    })
}

/// Scheme, host and port.
fn place(address: &Url) -> String {
    let host = address.host_str().unwrap_or_default();
    let port = address.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{host}{port}", address.scheme())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(api_base: &str) -> Host {
        Host {
            host: "r".to_owned(),
            api_base: api_base.parse().unwrap(),
            user: None,
            password: None,
            token_hosts: vec!["auth.example.com".to_owned(), "auth.example.com:8443".to_owned()],
        }
    }

    #[test]
    fn tokens_come_from_the_registry_and_its_token_hosts() {
        for (api_base, realm) in [
            ("https://r.example.com", "https://r.example.com/service/token"),
            ("https://r.example.com", "https://R.Example.com:443/token?x=1"),
            (
                "https://r.example.com:8080/path",
                "https://r.example.com:8080/token",
            ),
            ("https://r.example.com", "https://auth.example.com/token"),
            ("https://r.example.com", "https://auth.example.com:8443/token"),
            ("http://r.example.com", "https://r.example.com/token"),
            ("http://r.example.com:5000", "http://r.example.com:5000/token"),
            ("http://r.example.com:5000", "http://auth.example.com/token"),
        ] {
            assert!(permitted(&host(api_base), realm).is_ok(), "{api_base} {realm}");
        }
    }

    #[test]
    fn tokens_come_from_nowhere_else() {
        for realm in [
            "https://evil.example/token",
            "https://r.example.com.evil.example/token",
            "https://r.example.com@evil.example/token",
            "https://user:secret@r.example.com/token",
            "https://evil.example/https://r.example.com",
            "https://evil.example\\@r.example.com/",
            "https://r.example.com:8443/token",
            "https://r.example.com./token",
            "https://auth.example.com:9443/token",
            "http://r.example.com/token",
            "http://r.example.com:443/token",
            "http://auth.example.com/token",
            "https://127.0.0.1/token",
            "https://[::ffff:7f00:1]/token",
            "http://169.254.169.254/latest/meta-data/",
            "file:///etc/passwd",
            "ftp://r.example.com/token",
            "unix:/run/docker.sock",
            "javascript:alert(1)",
        ] {
            let refused = permitted(&host("https://r.example.com"), realm).unwrap_err();
            assert!(matches!(refused, Error::TokenHost { .. }), "{realm}: {refused}");
            assert!(!refused.to_string().contains("secret"), "{refused}");
        }
        for realm in [
            "",
            "/token",
            "r.example.com/token",
            "https://",
            "//evil.example/token",
        ] {
            let refused = permitted(&host("https://r.example.com"), realm).unwrap_err();
            assert!(matches!(refused, Error::Answer { .. }), "{realm}: {refused}");
        }
    }
}
