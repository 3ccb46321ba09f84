//! An image's name, checked before any of it gets into an address.
//!
//! The grammar is that of the distribution specification. It has no `%`, `?`, `#`, `\`, `@` and no `..` between
//! slashes, so a name can neither leave its path nor add a question to it.

use std::fmt;

/// Of the registry's host and the repository together, by the specification.
const MAX_NAME: usize = 255;
const MAX_TAG: usize = 128;

/// An image by its tag: `host/repository:tag`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reference {
    host: String,
    repository: String,
    tag: String,
}

/// A text that names no image by a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum BadReference {
    /// No host, with or without a port.
    #[error("the registry's name is no host")]
    Host,
    /// Words of lower-case letters and digits are needed, joined by `.`, `_`, `__`, dashes and `/`.
    #[error("the repository's name is not in the form that registries take")]
    Repository,
    /// Host and repository are too long together.
    #[error("the image's name is longer than {MAX_NAME} characters")]
    TooLong,
    /// Up to 128 letters, digits, `_`, `.` and `-` are needed, of which the first is no `.` or `-`.
    #[error("the tag is not in the form that registries take")]
    Tag,
}

impl Reference {
    /// Checks the three parts. The host's case does not count.
    pub fn new(host: &str, repository: &str, tag: &str) -> Result<Self, BadReference> {
        if !is_host(host) {
            return Err(BadReference::Host);
        }
        if host.len() + 1 + repository.len() > MAX_NAME {
            return Err(BadReference::TooLong);
        }
        if !repository.split('/').all(is_component) {
            return Err(BadReference::Repository);
        }
        if !is_tag(tag) {
            return Err(BadReference::Tag);
        }
        Ok(Self {
            host: host.to_ascii_lowercase(),
            repository: repository.to_owned(),
            tag: tag.to_owned(),
        })
    }

    /// The registry, in lower case, with its port if it has one.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The repository, such as `trade/order-service`.
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// The tag, such as `1.4.2`.
    pub fn tag(&self) -> &str {
        &self.tag
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}:{}", self.host, self.repository, self.tag)
    }
}

fn is_host(text: &str) -> bool {
    let (name, port) = match text.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, Some(port)),
        _ => (text, None),
    };
    let is_name = match name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => name.split('.').all(is_label),
    };
    is_name && port.is_none_or(|port| is_number(port) && port.parse::<u16>().is_ok())
}

fn is_label(text: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    !text.is_empty() && !text.starts_with('-') && !text.ends_with('-') && text.bytes().all(is_inner)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_component(text: &str) -> bool {
    let is_letter = |character: char| character.is_ascii_lowercase() || character.is_ascii_digit();
    let is_joint =
        |joint: &str| matches!(joint, "" | "." | "_" | "__") || joint.bytes().all(|byte| byte == b'-');
    text.starts_with(is_letter) && text.ends_with(is_letter) && text.split(is_letter).all(is_joint)
}

fn is_tag(text: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let is_inner = |byte: u8| is_word(byte) || matches!(byte, b'.' | b'-');
    text.len() <= MAX_TAG && text.bytes().next().is_some_and(is_word) && text.bytes().all(is_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_specification_are_taken() {
        for (host, repository, tag) in [
            ("harbor.example.com", "trade/order-service", "1.4.2"),
            ("localhost:5000", "a", "_"),
            ("[::1]:5000", "a.b_c__d---e/0", "V1.4.2-rc.1_x"),
            ("10.0.0.8", "library/nginx", &"t".repeat(128)),
            ("r", &"a/".repeat(126).replace("a/a/a/", "a/bcb/"), "x"),
        ] {
            let repository = repository.trim_end_matches('/');
            let image = Reference::new(host, repository, tag).unwrap();
            assert_eq!(image.to_string(), format!("{host}/{repository}:{tag}"));
        }
        assert_eq!(
            Reference::new("Harbor.Example.COM", "a", "b").unwrap().host(),
            "harbor.example.com"
        );
    }

    #[test]
    fn a_name_that_could_leave_its_path_is_refused() {
        for repository in [
            "",
            "/",
            "/a",
            "a/",
            "a//b",
            ".",
            "..",
            "../a",
            "a/..",
            "a/../b",
            "a/./b",
            "a..b",
            "A",
            "a%2f..",
            "a?b",
            "a#b",
            "a\\b",
            "a b",
            "a\n",
            "a:b",
            "a@b",
            "镜像",
            "a_",
            "-a",
            "a._b",
            "a___b",
            "a%2e%2e/b",
            "a\0",
        ] {
            let refused = Reference::new("localhost", repository, "x");
            assert_eq!(refused, Err(BadReference::Repository), "{repository:?}");
        }
        for tag in [
            "",
            ".",
            "..",
            "../x",
            "x/../y",
            ".x",
            "-x",
            "x/y",
            "x?n=1",
            "x#",
            "x%2f",
            "x y",
            "x\r\n",
            "标签",
            "a@b",
            &"t".repeat(129),
        ] {
            let refused = Reference::new("localhost", "a", tag);
            assert_eq!(refused, Err(BadReference::Tag), "{tag:?}");
        }
        for host in [
            "",
            "a/b",
            "user@host",
            "host:",
            "host:x",
            "host:+5",
            "host:70000",
            "a b",
            "a..b",
            "-a",
            "a?",
            "[::1",
            "[x]",
            "主机",
        ] {
            let refused = Reference::new(host, "a", "x");
            assert_eq!(refused, Err(BadReference::Host), "{host:?}");
        }
        let long = "a".repeat(254);
        assert_eq!(Reference::new("r", &long, "x"), Err(BadReference::TooLong));
        assert!(Reference::new("r", &"a".repeat(253), "x").is_ok());
    }
}
