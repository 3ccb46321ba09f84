//! What a tag stands for: the hash of a manifest.

use std::fmt;

use sha2::{Digest as _, Sha256};

const ALGORITHM: &str = "sha256:";
const HEX_DIGITS: usize = 64;

/// A manifest's SHA-256, written as `sha256:` and 64 hexadecimal digits in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(String);

impl Digest {
    /// The digest that a text is; none where it is anything else, a digest of another kind too.
    pub fn parse(text: &str) -> Option<Self> {
        let hex = text.strip_prefix(ALGORITHM)?;
        let is_hash =
            hex.len() == HEX_DIGITS && hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        is_hash.then(|| Self(text.to_owned()))
    }

    /// The digest of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(format!("{ALGORITHM}{}", hex::encode(Sha256::digest(bytes))))
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_sha256_in_lower_case_is_one() {
        let of_nothing = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Digest::parse(of_nothing), Some(Digest::of(b"")));
        assert_eq!(Digest::of(b"").to_string(), of_nothing);
        for text in [
            "",
            "sha256:",
            "sha256:e3b0c442",
            &of_nothing.to_uppercase(),
            &of_nothing.replace("sha256:", ""),
            &of_nothing.replace("sha256", "sha512"),
            &format!("{of_nothing}0"),
            &format!(" {of_nothing}"),
            &of_nothing.replace('b', "字"),
        ] {
            assert_eq!(Digest::parse(text), None, "{text}");
        }
    }
}
