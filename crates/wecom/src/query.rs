//! The query string of a callback.
//!
//! Parameters come in any order and beside others that a proxy may have added; only those that are signed
//! matter. Each may stand once.

use std::borrow::Cow;

use crate::CallbackError;

/// No query of WeCom's comes near this length.
const MAX_QUERY: usize = 16 * 1024;
/// Time stamp and nonce are short; a signature has 40 digits.
const MAX_SHORT: usize = 128;
/// An echo string is about a hundred characters long.
const MAX_ECHOSTR: usize = 8 * 1024;

/// What WeCom puts into the query of a callback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallbackQuery {
    /// The signature over token, time stamp, nonce and cipher text.
    pub msg_signature: String,
    /// Seconds since 1970, as sent: it is signed as text.
    pub timestamp: String,
    /// A random text.
    pub nonce: String,
    /// The cipher text of the URL verification; absent on events.
    pub echostr: Option<String>,
}

impl CallbackQuery {
    /// Reads the raw query string (a leading `?` is allowed).
    ///
    /// A blank in `echostr` is read as `+`: base64 has no blanks, and whoever left a `+` unescaped meant one.
    pub fn parse(raw_query: &str) -> Result<Self, CallbackError> {
        if raw_query.len() > MAX_QUERY {
            return Err(CallbackError::Parameters("query too long"));
        }
        let raw = raw_query.trim();
        let raw = raw.strip_prefix('?').unwrap_or(raw);
        let (mut msg_signature, mut timestamp, mut nonce, mut echostr) = (None, None, None, None);
        for (key, value) in form_urlencoded::parse(raw.as_bytes()) {
            match key.as_ref() {
                "msg_signature" => put(&mut msg_signature, value, "msg_signature given twice")?,
                "timestamp" => put(&mut timestamp, value, "timestamp given twice")?,
                "nonce" => put(&mut nonce, value, "nonce given twice")?,
                "echostr" => put(&mut echostr, value, "echostr given twice")?,
                _ => {}
            }
        }
        if echostr
            .as_ref()
            .is_some_and(|value: &String| value.len() > MAX_ECHOSTR)
        {
            return Err(CallbackError::Parameters("echostr too long"));
        }
        Ok(Self {
            msg_signature: short(msg_signature, "msg_signature missing", "msg_signature too long")?,
            timestamp: short(timestamp, "timestamp missing", "timestamp too long")?,
            nonce: short(nonce, "nonce missing", "nonce too long")?,
            echostr: echostr.map(|value| {
                if value.contains(' ') {
                    value.replace(' ', "+")
                } else {
                    value
                }
            }),
        })
    }

    /// Writes the query as WeCom does, percent-encoded.
    pub fn render(&self) -> String {
        let mut out = form_urlencoded::Serializer::new(String::new());
        out.append_pair("msg_signature", &self.msg_signature)
            .append_pair("timestamp", &self.timestamp)
            .append_pair("nonce", &self.nonce);
        if let Some(echostr) = &self.echostr {
            out.append_pair("echostr", echostr);
        }
        out.finish()
    }
}

fn put(slot: &mut Option<String>, value: Cow<'_, str>, twice: &'static str) -> Result<(), CallbackError> {
    if slot.is_some() {
        return Err(CallbackError::Parameters(twice));
    }
    *slot = Some(value.into_owned());
    Ok(())
}

fn short(
    value: Option<String>,
    missing: &'static str,
    too_long: &'static str,
) -> Result<String, CallbackError> {
    match value {
        None => Err(CallbackError::Parameters(missing)),
        Some(value) if value.is_empty() => Err(CallbackError::Parameters(missing)),
        Some(value) if value.len() > MAX_SHORT => Err(CallbackError::Parameters(too_long)),
        Some(value) => Ok(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(raw: &str) -> &'static str {
        CallbackQuery::parse(raw).unwrap_err().kind()
    }

    #[test]
    fn reads_parameters_in_any_order_beside_others() {
        let query =
            CallbackQuery::parse("?x=1&nonce=n&echostr=a%2Bb+c%3D&timestamp=1&msg_signature=s&y").unwrap();
        assert_eq!(query.msg_signature, "s");
        assert_eq!(query.timestamp, "1");
        assert_eq!(query.nonce, "n");
        assert_eq!(query.echostr.as_deref(), Some("a+b+c="));
        assert_eq!(CallbackQuery::parse(&query.render()).unwrap(), query);
    }

    #[test]
    fn refuses_missing_empty_repeated_and_overlong_parameters() {
        for raw in [
            "",
            "timestamp=1&nonce=2",
            "msg_signature=&timestamp=1&nonce=2",
            "msg_signature=a&timestamp=1&nonce=2&nonce=2",
            "msg_signature=a&timestamp=1&nonce=2&echostr=a&echostr=a",
        ] {
            assert_eq!(kind(raw), "parameters", "{raw}");
        }
        assert_eq!(
            kind(&format!("msg_signature=a&timestamp=1&nonce={}", "9".repeat(200))),
            "parameters"
        );
        assert_eq!(kind(&"a=b&".repeat(10_000)), "parameters");
    }
}
