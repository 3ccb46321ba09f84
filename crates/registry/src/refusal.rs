//! What a registry says when it refuses, and what it means.

use reqwest::StatusCode;
use serde::Deserialize;

use crate::error::Error;
use crate::http::Answer;

/// The codes by which a registry says that there is no such tag or repository. The last is Harbor's own.
const ABSENT: [&str; 3] = ["MANIFEST_UNKNOWN", "NAME_UNKNOWN", "NOT_FOUND"];

#[derive(Deserialize)]
struct Refusal {
    errors: Vec<Fault>,
}

#[derive(Deserialize)]
struct Fault {
    #[serde(default)]
    code: String,
    #[serde(default)]
    message: String,
}

/// Whether the registry itself says that there is no such thing. A proxy's page of the same status does not.
pub(crate) fn is_absence(answer: &Answer) -> bool {
    answer.status == StatusCode::NOT_FOUND
        && faults(&answer.body)
            .iter()
            .any(|fault| ABSENT.contains(&fault.code.as_str()))
}

/// The error that an answer is, with the server's words. Pages of proxies say nothing.
pub(crate) fn error(answer: &Answer) -> Error {
    let words: Vec<String> = faults(&answer.body)
        .into_iter()
        .map(|fault| match (fault.code.as_str(), fault.message.as_str()) {
            (code, "") => code.to_owned(),
            ("", message) => message.to_owned(),
            (code, message) => format!("{code}: {message}"),
        })
        .collect();
    let words = if words.is_empty() {
        answer.status.canonical_reason().unwrap_or_default().to_owned()
    } else {
        words.join("; ")
    };
    Error::Http {
        host: answer.asked.host.clone(),
        status: answer.status.as_u16(),
        message: answer.asked.secrets.clean(&words),
    }
}

fn faults(body: &[u8]) -> Vec<Fault> {
    serde_json::from_slice::<Refusal>(body).map_or_else(|_| Vec::new(), |refusal| refusal.errors)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Asked;
    use crate::masking::Secrets;

    fn answer(status: u16, body: &str) -> Answer {
        Answer {
            asked: Asked {
                host: "r".to_owned(),
                secrets: Secrets::default(),
            },
            status: StatusCode::from_u16(status).unwrap(),
            headers: reqwest::header::HeaderMap::new(),
            body: body.as_bytes().to_vec(),
        }
    }

    #[test]
    fn only_a_registry_can_say_that_there_is_no_tag() {
        for (status, body, expected) in [
            (
                404,
                r#"{"errors":[{"code":"MANIFEST_UNKNOWN","detail":{"Tag":"x"}}]}"#,
                true,
            ),
            (404, r#"{"errors":[{"code":"NAME_UNKNOWN","message":"m"}]}"#, true),
            (404, r#"{"errors":[{"code":"NOT_FOUND"}]}"#, true),
            (400, r#"{"errors":[{"code":"NAME_UNKNOWN"}]}"#, false),
            (404, r#"{"errors":[{"code":"DENIED"}]}"#, false),
            (404, r#"{"errors":[]}"#, false),
            (404, r#"{"errors":"MANIFEST_UNKNOWN"}"#, false),
            (404, "<html>404 MANIFEST_UNKNOWN", false),
            (404, "", false),
        ] {
            assert_eq!(is_absence(&answer(status, body)), expected, "{status} {body}");
        }
    }

    #[test]
    fn a_refusal_keeps_the_servers_words() {
        let body = r#"{"errors":[{"code":"DENIED","message":"no"},{"code":"X"},{"message":"y"}]}"#;
        for (body, expected) in [
            (body, "r: HTTP 403: DENIED: no; X; y"),
            ("<html>", "r: HTTP 403: Forbidden"),
        ] {
            assert_eq!(error(&answer(403, body)).to_string(), expected);
        }
    }
}
