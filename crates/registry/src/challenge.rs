//! What a registry wants to see: the `WWW-Authenticate` headers of a 401.

/// A challenge that can be met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Challenge {
    /// A token, to be had at the realm.
    Bearer {
        /// An address, unchecked.
        realm: String,
        /// The name that the token is made out to.
        service: Option<String>,
    },
    /// User and password.
    Basic,
}

/// The challenge to meet: a token's before a password's, since that is sent to fewer places then.
pub(crate) fn preferred<'a>(headers: impl Iterator<Item = &'a str>) -> Option<Challenge> {
    let mut basic = None;
    for header in headers {
        for (scheme, parameters) in challenges(header) {
            let value = |wanted: &str| {
                let mut found = parameters
                    .iter()
                    .filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
                found.next().map(|(_, value)| value.clone())
            };
            if scheme.eq_ignore_ascii_case("bearer")
                && let Some(realm) = value("realm")
            {
                let service = value("service");
                return Some(Challenge::Bearer { realm, service });
            }
            if scheme.eq_ignore_ascii_case("basic") {
                basic = Some(Challenge::Basic);
            }
        }
    }
    basic
}

type Parameters = Vec<(String, String)>;

/// The challenges of one header by RFC 9110, 11.6.1: `scheme name=value, name="value", scheme …`.
fn challenges(header: &str) -> Vec<(String, Parameters)> {
    let mut found: Vec<(String, Parameters)> = Vec::new();
    for part in split_outside_quotes(header) {
        let (before, value) = match part.split_once('=') {
            Some((before, value)) => (before.trim(), Some(unquoted(value.trim()))),
            None => (part.trim(), None),
        };
        // A blank before the sign of equality separates a new scheme from its first parameter.
        let name = match before.split_once(' ') {
            Some((scheme, name)) => {
                found.push((scheme.to_owned(), Vec::new()));
                name.trim()
            }
            None if value.is_none() => {
                if !before.is_empty() {
                    found.push((before.to_owned(), Vec::new()));
                }
                continue;
            }
            None => before,
        };
        if let (Some((_, parameters)), Some(value)) = (found.last_mut(), value) {
            parameters.push((name.to_owned(), value));
        }
    }
    found
}

fn split_outside_quotes(header: &str) -> Vec<&str> {
    let mut quoted = false;
    let mut escaped = false;
    header
        .split(|character: char| {
            let splits = character == ',' && !quoted;
            match character {
                _ if escaped => escaped = false,
                '\\' if quoted => escaped = true,
                '"' => quoted = !quoted,
                _ => {}
            }
            splits
        })
        .collect()
}

fn unquoted(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return value.to_owned();
    };
    let mut text = String::with_capacity(inner.len());
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => text.extend(characters.next()),
            other => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bearer(realm: &str, service: Option<&str>) -> Challenge {
        Challenge::Bearer {
            realm: realm.to_owned(),
            service: service.map(str::to_owned),
        }
    }

    #[test]
    fn challenges_are_read_in_every_form_that_servers_write() {
        for (headers, expected) in [
            (
                vec![r#"Bearer realm="https://a.b/t",service="r.b",scope="repository:x:pull,push""#],
                Some(bearer("https://a.b/t", Some("r.b"))),
            ),
            (
                vec![r"bearer REALM=https://a.b/t"],
                Some(bearer("https://a.b/t", None)),
            ),
            (
                vec![r#"Basic realm="a, b", Bearer service="r \"1\"" , realm="https://a.b/t?x=1,2""#],
                Some(bearer("https://a.b/t?x=1,2", Some("r \"1\""))),
            ),
            (
                vec![r#"Basic realm="x""#, r#"Bearer realm="y""#],
                Some(bearer("y", None)),
            ),
            (vec!["Basic"], Some(Challenge::Basic)),
            (vec![r#"Negotiate, Basic realm="x""#], Some(Challenge::Basic)),
            (vec![r#"Bearer service="no realm""#, "Digest"], None),
            (vec!["", ",,,", "=", r#"""#, "字=字", r#"realm="x""#], None),
            (vec![], None),
        ] {
            assert_eq!(preferred(headers.iter().copied()), expected, "{headers:?}");
        }
    }
}
