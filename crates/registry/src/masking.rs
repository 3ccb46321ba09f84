//! Words of others, made fit for an error: short, on one line, and without what must stay secret.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};

use crate::settings::Host;

/// Of somebody else's words, so many characters are kept.
const MAX_WORDS: usize = 300;

/// What must not get into an error.
#[derive(Clone, Default)]
pub(crate) struct Secrets(Vec<SecretString>);

impl Secrets {
    /// The password of a registry, by itself and as it is sent.
    pub(crate) fn of(host: &Host) -> Self {
        let Some(password) = &host.password else {
            return Self::default();
        };
        let user = host.user.as_deref().unwrap_or_default();
        let sent = STANDARD.encode(format!("{user}:{}", password.expose_secret()));
        Self(vec![sent.into(), password.clone()])
    }

    /// And a token.
    pub(crate) fn and(mut self, token: &SecretString) -> Self {
        self.0.push(token.clone());
        self
    }

    /// Without secrets and control characters, and not too long.
    pub(crate) fn clean(&self, text: &str) -> String {
        let mut masked = text.to_owned();
        for secret in &self.0 {
            let secret = secret.expose_secret();
            if !secret.is_empty() {
                masked = masked.replace(secret, "***");
            }
        }
        masked
            .chars()
            .filter(|character| !character.is_control())
            .take(MAX_WORDS)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn password_and_token_are_masked_before_the_words_are_cut() {
        let host = Host {
            host: "r".to_owned(),
            api_base: "https://r".parse().unwrap(),
            user: Some("robot".to_owned()),
            password: Some("hunter2".to_owned().into()),
            token_hosts: Vec::new(),
        };
        let secrets = Secrets::of(&host).and(&"a-token".to_owned().into());
        assert_eq!(
            secrets.clean("Basic cm9ib3Q6aHVudGVyMg== is hunter2\r\nor a-token"),
            "Basic *** is ***or ***"
        );
        let long = format!("{}hunter2", "字".repeat(297));
        assert_eq!(secrets.clean(&long), format!("{}***", "字".repeat(297)));
        assert_eq!(secrets.clean(&"字".repeat(400)).chars().count(), 300);
    }
}
