//! Names of container images, as people write them on the form and below it.

mod named;
mod tokens;
mod version;

use std::fmt;
use std::str::FromStr;

pub use self::named::named_images;
pub(crate) use self::tokens::{Token, tokens};
pub(crate) use self::version::{Version, covers};

/// The longest registry and repository together, as the distribution specification bounds it.
const LONGEST_NAME: usize = 255;

/// The longest tag.
const LONGEST_TAG: usize = 128;

/// The longest reference that is looked at: name, tag, digest and the marks between them.
pub(crate) const LONGEST_REFERENCE: usize = LONGEST_NAME + LONGEST_TAG + 140;

/// The name of an image. Its [`Display`](fmt::Display) is the reference, such as
/// `harbor.example.com/trade/quote-api:v2.9.0`, and the key under which facts are gathered.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ImageName {
    /// As it stands on the form.
    pub text: String,
    /// `host` or `host:port`, lower case; absent: the reference names none.
    pub registry: Option<String>,
    /// Path inside the registry, such as `trade/quote-api`.
    pub repository: String,
    /// The tag, where one is named.
    pub tag: Option<String>,
    /// The digest with its algorithm, such as `sha256:…`, where one is named.
    pub digest: Option<String>,
}

impl ImageName {
    /// The last part of the repository: what people call the image.
    pub(crate) fn short_name(&self) -> &str {
        self.repository
            .rsplit_once('/')
            .map_or(self.repository.as_str(), |(_, last)| last)
    }

    /// Whether both name the same thing, however each was written.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.registry == other.registry
            && self.repository == other.repository
            && self.tag == other.tag
            && self.digest == other.digest
    }
}

impl fmt::Display for ImageName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(registry) = &self.registry {
            write!(f, "{registry}/")?;
        }
        f.write_str(&self.repository)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        match &self.digest {
            Some(digest) => write!(f, "@{digest}"),
            None => Ok(()),
        }
    }
}

/// A text that is no image reference.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is no image reference such as `registry.example.com/group/name:tag`")]
pub struct NoImageName;

impl FromStr for ImageName {
    type Err = NoImageName;

    /// Reads one reference by the distribution specification, without the defaults that Docker puts in.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).ok_or(NoImageName)
    }
}

fn parse(text: &str) -> Option<ImageName> {
    if text.len() > LONGEST_REFERENCE {
        return None;
    }
    let (rest, digest) = match text.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (text, None),
    };
    let (registry, path) = match rest.split_once('/') {
        Some((first, path)) if first.contains(['.', ':']) || first == "localhost" => (Some(first), path),
        _ => (None, rest),
    };
    let (repository, tag) = match path.split_once(':') {
        Some((repository, tag)) => (repository, Some(tag)),
        None => (path, None),
    };
    let length = registry.map_or(0, |registry| registry.len() + 1) + repository.len();
    let valid = length <= LONGEST_NAME
        && registry.is_none_or(is_registry)
        && repository.split('/').all(is_component)
        && tag.is_none_or(is_tag)
        && digest.is_none_or(is_digest);
    valid.then(|| ImageName {
        text: text.to_owned(),
        registry: registry.map(str::to_ascii_lowercase),
        repository: repository.to_owned(),
        tag: tag.map(str::to_owned),
        digest: digest.map(str::to_owned),
    })
}

fn is_registry(text: &str) -> bool {
    let (host, port) = match text.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (text, None),
    };
    host.split('.').all(is_label) && port.is_none_or(is_port)
}

fn is_label(label: &str) -> bool {
    !label.is_empty()
        && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

fn is_port(port: &str) -> bool {
    port.chars().all(|c| c.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0)
}

/// Small letters and digits, parted by one dot, one or two underscores, or any number of dashes.
fn is_component(component: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    component.starts_with(plain)
        && component.ends_with(plain)
        && component
            .chars()
            .all(|c| plain(c) || matches!(c, '.' | '_' | '-'))
        && component
            .split(plain)
            .all(|between| matches!(between, "" | "." | "_" | "__") || between.chars().all(|c| c == '-'))
}

pub(crate) fn is_tag(tag: &str) -> bool {
    tag.len() <= LONGEST_TAG
        && tag.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        && tag
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
}

pub(crate) fn is_digest(digest: &str) -> bool {
    let hex =
        |hex: &str, length| hex.len() == length && hex.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'));
    match digest.split_once(':') {
        Some(("sha256", rest)) => hex(rest, 64),
        Some(("sha512", rest)) => hex(rest, 128),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
