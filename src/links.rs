//! Links to the page of one change: unguessable, and only good for a while.
//!
//! A link names the change and its last second, and carries a keyed hash of both. Whoever holds it may read
//! that page and nothing else.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretBox};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use url::Url;

/// How long a link from a message is good for: a change and what follows it are over by then.
const LIFETIME: TimeDelta = TimeDelta::days(30);
/// 128 bits of the keyed hash: enough that nobody guesses one, short enough for a message.
const SIGNATURE_BYTES: usize = 16;

/// Makes links and tells whether one is good.
pub(crate) struct Links {
    public_url: Url,
    key: SecretBox<[u8; 64]>,
}

/// Why a link is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LinkError {
    /// It was never made here, or something in it was changed.
    #[error("the link is not one of ours")]
    Forged,
    /// It was good once.
    #[error("the link has expired")]
    Expired,
}

impl Links {
    /// Links below `public_url`, signed with `key`.
    pub(crate) fn new(public_url: Url, key: [u8; 64]) -> Self {
        Self {
            public_url,
            key: SecretBox::new(Box::new(key)),
        }
    }

    /// The link to a change's page, good for 30 days from `now`.
    pub(crate) fn to_change(&self, sp_no: &str, now: DateTime<Utc>) -> String {
        let until = (now + LIFETIME).timestamp();
        let mut url = self.public_url.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(["c", sp_no]);
        }
        url.query_pairs_mut()
            .append_pair("e", &until.to_string())
            .append_pair("s", &self.signature(sp_no, until));
        url.into()
    }

    /// The page where a member does a duty; whoever opens it signs in.
    pub(crate) fn to_duty(&self, sp_no: &str, duty: u32) -> String {
        self.page(&["d", sp_no, &duty.to_string()])
    }

    /// The page where a member acts on a change; whoever opens it signs in.
    pub(crate) fn to_act(&self, sp_no: &str) -> String {
        self.page(&["a", sp_no])
    }

    /// The page of a change's incident; whoever opens it signs in.
    pub(crate) fn to_incident(&self, sp_no: &str) -> String {
        self.page(&["i", sp_no])
    }

    /// The host that links lead to; a mail's identity ends with it.
    pub(crate) fn domain(&self) -> String {
        self.public_url.host_str().unwrap_or("changegate").to_owned()
    }

    /// What a member has to do; whoever opens it signs in.
    pub(crate) fn home(&self) -> String {
        self.page(&["me"])
    }

    fn page(&self, path: &[&str]) -> String {
        let mut url = self.public_url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url.into()
    }

    /// Checks what a link carries.
    pub(crate) fn verify(
        &self,
        sp_no: &str,
        until: i64,
        signature: &str,
        now: DateTime<Utc>,
    ) -> Result<(), LinkError> {
        let expected = self.signature(sp_no, until);
        if !bool::from(expected.as_bytes().ct_eq(signature.as_bytes())) {
            return Err(LinkError::Forged);
        }
        if now.timestamp() >= until {
            return Err(LinkError::Expired);
        }
        Ok(())
    }

    fn signature(&self, sp_no: &str, until: i64) -> String {
        let mut mac = Hmac::<Sha256>::new(&(*self.key.expose_secret()).into());
        for part in [b"change".as_slice(), sp_no.as_bytes(), &until.to_be_bytes()] {
            mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            mac.update(part);
        }
        let digest = mac.finalize().into_bytes();
        let short: Vec<u8> = digest.into_iter().take(SIGNATURE_BYTES).collect();
        URL_SAFE_NO_PAD.encode(short)
    }
}

impl std::fmt::Debug for Links {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Links")
            .field("public_url", &self.public_url.as_str())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(key: u8) -> Links {
        Links::new(Url::parse("https://gate.example.com/base/").unwrap(), [key; 64])
    }

    fn parts(link: &str) -> (i64, String) {
        let url = Url::parse(link).unwrap();
        let get = |name: &str| {
            url.query_pairs()
                .find(|(key, _)| key == name)
                .unwrap()
                .1
                .into_owned()
        };
        (get("e").parse().unwrap(), get("s"))
    }

    #[test]
    fn a_link_opens_its_own_change_until_it_expires() {
        let now = DateTime::from_timestamp(1_795_500_000, 0).unwrap();
        let link = links(7).to_change("202611240001", now);
        assert!(
            link.starts_with("https://gate.example.com/base/c/202611240001?e=1798092000&s="),
            "{link}"
        );
        let (until, signature) = parts(&link);
        let verify = |links: Links, sp_no: &str, until, at| links.verify(sp_no, until, &signature, at);
        assert_eq!(verify(links(7), "202611240001", until, now), Ok(()));
        assert_eq!(
            verify(links(7), "202611240002", until, now),
            Err(LinkError::Forged)
        );
        assert_eq!(
            verify(links(7), "202611240001", until + 1, now),
            Err(LinkError::Forged)
        );
        assert_eq!(
            verify(links(8), "202611240001", until, now),
            Err(LinkError::Forged)
        );
        assert_eq!(
            verify(links(7), "202611240001", until, now + LIFETIME),
            Err(LinkError::Expired)
        );
    }

    #[test]
    fn a_number_cannot_leave_its_place_in_the_path() {
        let link = links(7).to_change("../x?e=1", DateTime::UNIX_EPOCH);
        assert!(
            link.starts_with("https://gate.example.com/base/c/..%2Fx%3Fe=1?e="),
            "{link}"
        );
    }
}
