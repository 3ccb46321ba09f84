//! Damaged callbacks are refused and never crash.

#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

use changegate_wecom::crypto::{CallbackKeys, KeyError, render_envelope};
use changegate_wecom::{CallbackQuery, envelope};
use proptest::prelude::*;

const KEY: &str = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C";

fn keys() -> CallbackKeys {
    CallbackKeys::new("token", KEY, "wwcorp").unwrap()
}

fn query(signature: &str) -> CallbackQuery {
    CallbackQuery {
        msg_signature: signature.to_owned(),
        timestamp: "1700000000".to_owned(),
        nonce: "n0nce".to_owned(),
        echostr: None,
    }
}

fn check_roundtrip(plain: &[u8]) {
    let sealed = keys().seal(plain, "1700000000", "n0nce", [7; 16]);
    let opened = keys()
        .open(&query(&sealed.msg_signature), &sealed.encrypt)
        .unwrap();
    assert_eq!(opened, plain);
}

#[test]
fn every_length_of_padding_comes_back() {
    for length in 0..130 {
        check_roundtrip(&vec![b'x'; length]);
    }
}

#[test]
fn every_last_character_of_a_key_is_read_with_and_without_equals_sign_and_blanks() {
    for last in ('A'..='Z').chain('a'..='z').chain('0'..='9') {
        let key = format!("{}{last}", KEY.get(..42).unwrap());
        for written in [key.clone(), format!("{key}="), format!(" {key}\n")] {
            assert!(CallbackKeys::new("token", &written, "").is_ok(), "{written}");
        }
    }
}

#[test]
fn unusable_settings_are_named() {
    let error = |token: &str, key: &str| CallbackKeys::new(token, key, "").unwrap_err();
    assert_eq!(error("token", "short"), KeyError::Length(5));
    assert_eq!(error("token", &format!("{KEY}x")), KeyError::Length(44));
    assert_eq!(error("token", &"-".repeat(43)), KeyError::Alphabet);
    assert_eq!(error("", KEY), KeyError::Token(0));
    assert_eq!(error(&"t".repeat(33), KEY), KeyError::Token(33));
}

#[test]
fn secrets_do_not_print() {
    let printed = format!("{:?}", CallbackKeys::new("t0psecret", KEY, "wwcorp").unwrap());
    assert!(
        !printed.contains("t0psecret") && !printed.contains(KEY),
        "{printed}"
    );
}

#[test]
fn a_signature_in_capitals_is_refused() {
    let sealed = keys().seal(b"x", "1700000000", "n0nce", [7; 16]);
    let shouted = query(&sealed.msg_signature.to_uppercase());
    assert_eq!(
        keys().open(&shouted, &sealed.encrypt).unwrap_err().kind(),
        "signature"
    );
}

proptest! {
    #[test]
    fn any_message_comes_back(plain in proptest::collection::vec(any::<u8>(), 0..3_000)) {
        check_roundtrip(&plain);
    }

    #[test]
    fn a_changed_byte_anywhere_in_the_cipher_text_is_refused(at in 0..200_usize, with in any::<u8>()) {
        let sealed = keys().seal(&[b'x'; 200], "1700000000", "n0nce", [7; 16]);
        let mut bytes = sealed.encrypt.clone().into_bytes();
        prop_assume!(bytes[at] != with);
        bytes[at] = with;
        let changed = String::from_utf8_lossy(&bytes);
        prop_assert_eq!(keys().open(&query(&sealed.msg_signature), &changed).unwrap_err().kind(), "signature");
    }

    #[test]
    fn a_changed_byte_anywhere_in_the_body_is_refused_or_did_not_matter(at in any::<prop::sample::Index>(), with in any::<u8>()) {
        let sealed = keys().seal(b"<xml/>", "1700000000", "n0nce", [7; 16]);
        let mut body = render_envelope("wwcorp", "1", &sealed.encrypt).into_bytes();
        let at = at.index(body.len());
        body[at] = with;
        if let Ok(envelope) = envelope::parse(&body)
            && let Ok(plain) = keys().open(&query(&sealed.msg_signature), &envelope.encrypt)
        {
            prop_assert_eq!(plain, b"<xml/>");
            prop_assert_eq!(envelope.encrypt.as_ref(), sealed.encrypt.as_str());
        }
    }

    #[test]
    fn signed_junk_never_crashes_and_is_never_a_message(junk in proptest::collection::vec(any::<u8>(), 0..400)) {
        // Junk as cipher text, rightly signed: only a holder of the token can do this.
        use base64::Engine;
        let cipher = base64::engine::general_purpose::STANDARD.encode(&junk);
        let signature = sign("token", "1700000000", "n0nce", &cipher);
        let kind = keys().open(&query(&signature), &cipher).unwrap_err().kind();
        prop_assert_eq!(kind, "decrypt");
    }

    #[test]
    fn any_bytes_as_envelope_never_crash(body in proptest::collection::vec(any::<u8>(), 0..600)) {
        drop(envelope::parse(&body));
    }

    #[test]
    fn any_text_as_query_never_crashes(raw in ".{0,300}") {
        drop(CallbackQuery::parse(&raw));
    }
}

fn sign(token: &str, timestamp: &str, nonce: &str, cipher: &str) -> String {
    use sha1::Digest;
    let mut parts = [token, timestamp, nonce, cipher];
    parts.sort_unstable();
    let digest: [u8; 20] = sha1::Sha1::digest(parts.concat()).into();
    let mut out = String::new();
    for byte in digest {
        std::fmt::Write::write_fmt(&mut out, format_args!("{byte:02x}")).unwrap();
    }
    out
}
