//! Tokens that are still good, by registry and repository. Knows no clock: the time is an argument.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use secrecy::SecretString;

use crate::token::Token;

/// More are never kept.
const MOST: usize = 512;

/// What a token is good for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    /// The registry.
    pub(crate) host: String,
    /// The repository; none for the registry as such.
    pub(crate) repository: Option<String>,
}

#[derive(Debug)]
struct Kept {
    secret: SecretString,
    until: Instant,
}

/// The tokens.
#[derive(Debug, Default)]
pub(crate) struct Tokens(Mutex<HashMap<Place, Kept>>);

impl Tokens {
    /// The token to use now, if there is one.
    pub(crate) fn find(&self, place: &Place, now: Instant) -> Option<SecretString> {
        self.lock()
            .get(place)
            .filter(|kept| now < kept.until)
            .map(|kept| kept.secret.clone())
    }

    /// Keeps a token that was asked for at this time.
    pub(crate) fn keep(&self, place: &Place, token: &Token, now: Instant) {
        let Some(until) = now.checked_add(token.life) else {
            return;
        };
        let mut tokens = self.lock();
        if tokens.len() >= MOST {
            tokens.retain(|_, kept| now < kept.until);
        }
        if tokens.len() >= MOST {
            tokens.clear();
        }
        let secret = token.secret.clone();
        tokens.insert(place.clone(), Kept { secret, until });
    }

    /// Gives up a token that was refused.
    pub(crate) fn forget(&self, place: &Place) {
        self.lock().remove(place);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Place, Kept>> {
        // A panic elsewhere leaves the map whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use secrecy::ExposeSecret;

    use super::*;

    fn place(number: usize) -> Place {
        Place {
            host: "r".to_owned(),
            repository: Some(format!("a/{number}")),
        }
    }

    fn token(seconds: u64) -> Token {
        Token {
            secret: "t".to_owned().into(),
            life: Duration::from_secs(seconds),
        }
    }

    #[test]
    fn a_token_serves_its_own_repository_until_its_end() {
        let tokens = Tokens::default();
        let start = Instant::now();
        tokens.keep(&place(1), &token(60), start);
        let at = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(tokens.find(&place(1), at(59)).unwrap().expose_secret(), "t");
        assert!(tokens.find(&place(1), at(60)).is_none());
        assert!(tokens.find(&place(2), at(0)).is_none());
        tokens.keep(&place(2), &token(0), start);
        assert!(tokens.find(&place(2), start).is_none());
        tokens.forget(&place(1));
        assert!(tokens.find(&place(1), at(0)).is_none());
    }

    #[test]
    fn tokens_do_not_pile_up() {
        let tokens = Tokens::default();
        let start = Instant::now();
        for number in 0..2 * MOST {
            tokens.keep(&place(number), &token(60), start);
            assert!(tokens.lock().len() <= MOST);
            assert!(tokens.find(&place(number), start).is_some());
        }
    }
}
