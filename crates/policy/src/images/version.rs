//! Versions as people write them apart from an image's name.

/// How surely a text is a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    /// Nothing else looks like that: `v2.9.1`, `2.9.1-rc1`, `20261124-1830`, `release-2.9`.
    Clear,
    /// It may be a date, an amount or an address: `2.9`, `10.0.0.1`.
    Doubtful,
}

impl Version {
    /// What a text looks like; `None`: no version.
    pub(crate) fn of(text: &str) -> Option<Self> {
        if !super::is_tag(text) || is_date(text) {
            return None;
        }
        let lower = text.to_ascii_lowercase();
        let numbered = |prefix: &&str| lower.strip_prefix(*prefix).is_some_and(starts_with_digit);
        if PREFIXES.iter().any(numbered) {
            return Some(Self::Clear);
        }
        if !starts_with_digit(&lower) {
            return is_commit(&lower).then_some(Self::Clear);
        }
        let head: &str = lower.split(['-', '_']).next().unwrap_or_default();
        let numbers = head.split('.').count();
        let only_numbers = head.split('.').all(|part| part.parse::<u32>().is_ok());
        match numbers {
            1 if only_numbers && head.len() >= 8 && head != lower => Some(Self::Clear),
            1 => is_commit(&lower).then_some(Self::Clear),
            2 => Some(Self::Doubtful),
            4 if only_numbers && head == lower => Some(Self::Doubtful),
            _ => Some(Self::Clear),
        }
    }
}

/// What stands before the number.
const PREFIXES: [&str; 7] = ["v", "ver", "release-", "rel-", "build-", "hotfix-", "prod-"];

/// Whether a version that somebody writes is the tag, or its beginning: `2.9.0` stands for `v2.9.0` and for
/// `v2.9.0-20261124`.
pub(crate) fn covers(version: &str, tag: &str) -> bool {
    let (version, tag) = (bare(version), bare(tag));
    match tag.strip_prefix(version.as_str()) {
        Some("") => true,
        Some(rest) => rest.starts_with(['-', '_']),
        None => false,
    }
}

fn bare(version: &str) -> String {
    let lower = version.to_ascii_lowercase();
    match lower.strip_prefix('v') {
        Some(rest) if starts_with_digit(rest) => rest.to_owned(),
        _ => lower,
    }
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

/// A day such as 2026-11-24.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |part: &str, longest| part.len() <= longest && part.chars().all(|c| c.is_ascii_digit());
    match parts.as_slice() {
        [year, month, day] => year.len() == 4 && number(year, 4) && number(month, 2) && number(day, 2),
        [month, day] => number(month, 2) && number(day, 2),
        _ => false,
    }
}

/// The hash of a commit, short or whole.
fn is_commit(text: &str) -> bool {
    (7..=40).contains(&text.len())
        && text.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'))
        && text.contains(|c: char| c.is_ascii_digit())
        && text.contains(|c: char| c.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::Version::{self, Clear, Doubtful};
    use super::covers;

    #[test]
    fn versions_are_told_from_dates_amounts_and_names() {
        for (text, version) in [
            ("v2.9.1", Some(Clear)),
            ("V3", Some(Clear)),
            ("2.9.1", Some(Clear)),
            ("2.9.1-rc1", Some(Clear)),
            ("1.2.3.4-build5", Some(Clear)),
            ("20261124-1830", Some(Clear)),
            ("release-2.9", Some(Clear)),
            ("a1b2c3d", Some(Clear)),
            ("2.9", Some(Doubtful)),
            ("11.24", Some(Doubtful)),
            ("10.0.0.1", Some(Doubtful)),
            ("1.5GB", Some(Doubtful)),
            ("2026-11-24", None),
            ("11-24", None),
            ("20261124", None),
            ("8080", None),
            ("17:30", None),
            ("TRADE-1024", None),
            ("quote-api", None),
            ("log4j-2.17.1", None),
            ("uat2", None),
            ("version", None),
            ("", None),
        ] {
            assert_eq!(Version::of(text), version, "{text}");
        }
    }

    #[test]
    fn a_version_stands_for_its_tag_and_not_for_a_longer_number() {
        for (version, tag, same) in [
            ("v2.9.0", "v2.9.0", true),
            ("2.9.0", "v2.9.0", true),
            ("V2.9.0", "2.9.0", true),
            ("v2.9.0", "v2.9.0-20261124", true),
            ("v2.9.0-hotfix1", "v2.9.0", false),
            ("v2.9.1", "v2.9.10", false),
            ("v2.9", "v2.9.0", false),
        ] {
            assert_eq!(covers(version, tag), same, "{version} {tag}");
        }
    }
}
