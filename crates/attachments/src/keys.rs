//! JIRA keys in a text.

use std::collections::BTreeSet;

use crate::limits;

/// Names of standards that are written like a key (`UTF-8`, `SHA-256`).
const NO_PROJECT: [&str; 7] = ["AES", "CVE", "ISO", "RFC", "RSA", "SHA", "UTF"];
/// The longest project key, in characters.
const PROJECT: usize = 32;
/// The longest number, in digits.
const NUMBER: usize = 9;

/// Adds the keys in a text: words that begin with a project in upper case, `-`, and a number without leading 0.
/// What hangs on with another `-` is left out: `PROJ-12-login` names `PROJ-12`, `login-PROJ-12` names nothing.
pub(crate) fn note(text: &str, keys: &mut BTreeSet<String>) {
    let words = text.split(|char: char| !char.is_ascii_alphanumeric() && char != '_' && char != '-');
    for key in words.filter_map(key) {
        if keys.len() >= limits::KEYS {
            return;
        }
        keys.insert(key);
    }
}

fn key(word: &str) -> Option<String> {
    let (project, rest) = word.trim_start_matches('-').split_once('-')?;
    let number = rest.split('-').next()?;
    (is_project(project) && is_number(number)).then(|| format!("{project}-{number}"))
}

fn is_project(word: &str) -> bool {
    (2..=PROJECT).contains(&word.len())
        && word.starts_with(|char: char| char.is_ascii_uppercase())
        && !word.contains(|char: char| char.is_ascii_lowercase())
        && !NO_PROJECT.contains(&word)
}

fn is_number(word: &str) -> bool {
    (1..=NUMBER).contains(&word.len())
        && !word.starts_with('0')
        && word.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let mut keys = BTreeSet::new();
        note(text, &mut keys);
        assert_eq!(Vec::from_iter(&keys), expected, "{text}");
    }

    #[test]
    fn keys_are_found_wherever_a_word_begins() {
        check("PROJ-12", &["PROJ-12"]);
        check("见PROJ-12、A1_B-7，修复登录", &["A1_B-7", "PROJ-12"]);
        check("http://jira.example.com/browse/PROJ-12?a=b", &["PROJ-12"]);
        check("-PROJ-12-login", &["PROJ-12"]);
    }

    #[test]
    fn what_only_looks_like_a_key_is_none() {
        for text in [
            "2026-11-24",
            "PROJ-012",
            "PROJ-12a",
            "PROJ-1_2",
            "login-PROJ-12",
            "proj-12",
            "P-1",
            "1P-2",
            "UTF-8",
            "SHA-256",
            "PROJ-",
            "-",
            "PROJ-1234567890",
            "",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn only_so_many_are_kept() {
        let text: Vec<String> = (1..5_000).map(|number| format!("PROJ-{number}")).collect();
        let mut keys = BTreeSet::new();
        note(&text.join(" "), &mut keys);
        assert_eq!(keys.len(), limits::KEYS);
    }
}
