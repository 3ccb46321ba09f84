//! The envelope of a posted callback.
//!
//! It is read before anything is verified, so it is read warily: only `Encrypt` counts, exactly one of it;
//! `ToUserName` and `AgentID` are neither signed nor needed and are passed over.

use std::borrow::Cow;

use crate::CallbackError;
use crate::xml::Cursor;

/// What is used of a posted body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope<'a> {
    /// The cipher text in base64, borrowed from the body where it stands in one piece.
    pub encrypt: Cow<'a, str>,
}

/// Reads a posted body.
pub fn parse(body: &[u8]) -> Result<Envelope<'_>, CallbackError> {
    let Ok(text) = std::str::from_utf8(body) else {
        return Err(CallbackError::Envelope("not UTF-8".to_owned()));
    };
    if text.trim_start().starts_with(['{', '[']) {
        return Err(CallbackError::Envelope(
            "JSON is the form of WeCom's robots, not of an app's callback".to_owned(),
        ));
    }
    let mut encrypt = None;
    Cursor::strict(text)
        .document(|cursor, name| {
            if name != "Encrypt" {
                return cursor.skip();
            }
            if encrypt.replace(cursor.text()?).is_some() {
                return Err("Encrypt given twice".to_owned());
            }
            Ok(())
        })
        .map_err(CallbackError::Envelope)?;
    match encrypt {
        Some(encrypt) if !encrypt.is_empty() => Ok(Envelope { encrypt }),
        _ => Err(CallbackError::Envelope("Encrypt missing".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_envelope_in_its_many_shapes() {
        for body in [
            "<xml><Encrypt><![CDATA[abc=]]></Encrypt></xml>",
            "<xml><Encrypt>abc=</Encrypt></xml>",
            "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xml>\n <AgentID/>\n <Encrypt>\n abc=\n </Encrypt>\n</xml>\n",
            "<xml><AgentID><![CDATA[1]]></AgentID><Encrypt>\n<![CDATA[abc=]]>\n</Encrypt><ToUserName>x</ToUserName></xml>",
            "<xml><Extra><Encrypt>no</Encrypt></Extra><Encrypt><![CDATA[ab]]><![CDATA[c=]]></Encrypt></xml>",
            "<!-- hello --><xml><Encrypt>abc&#61;</Encrypt></xml>",
        ] {
            assert_eq!(parse(body.as_bytes()).unwrap().encrypt, "abc=", "{body}");
        }
    }

    #[test]
    fn borrows_the_cipher_text() {
        let envelope = parse(b"<xml><Encrypt><![CDATA[abc=]]></Encrypt></xml>").unwrap();
        assert!(matches!(envelope.encrypt, Cow::Borrowed(_)));
    }

    #[test]
    fn refuses_what_is_no_envelope() {
        for body in [
            "",
            "hello",
            "<xml/>",
            "<xml><Encrypt/></xml>",
            "<xml><Encrypt></Encrypt></xml>",
            "<xml><encrypt>abc=</encrypt></xml>",
            "<XML><Encrypt>abc=</Encrypt></XML>",
            "<xml><Encrypt>abc=</Encrypt><Encrypt>abc=</Encrypt></xml>",
            "<xml><Encrypt>abc=</Encrypt>",
            "<xml><Encrypt>abc=</xml>",
            "<xml><Encrypt>abc=</Encrypt></xml>tail",
            "<xml><Encrypt>abc=</Encrypt></xml><xml/>",
            "<xml>text<Encrypt>abc=</Encrypt></xml>",
            "<!DOCTYPE xml [<!ENTITY a \"b\">]><xml><Encrypt>&a;</Encrypt></xml>",
            "<xml><Encrypt>&a;</Encrypt></xml>",
            "{\"Encrypt\":\"abc=\"}",
            " [1]",
        ] {
            assert_eq!(parse(body.as_bytes()).unwrap_err().kind(), "envelope", "{body}");
        }
        assert_eq!(
            parse(b"<xml><Encrypt>\xff</Encrypt></xml>").unwrap_err().kind(),
            "envelope"
        );
    }

    #[test]
    fn deep_nesting_is_passed_over() {
        let body = format!(
            "<xml>{}{}<Encrypt>a</Encrypt></xml>",
            "<a>".repeat(8_000),
            "</a>".repeat(8_000)
        );
        assert_eq!(parse(body.as_bytes()).unwrap().encrypt, "a");
    }
}
