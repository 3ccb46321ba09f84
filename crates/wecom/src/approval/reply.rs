//! The reply of `oa/getapprovaldetail`, with faults that name line and field.

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::ApprovalDetail;
use crate::lenient;

/// A reply that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplyError {
    /// Not JSON.
    #[error("line {line}, column {column}: {message}")]
    Syntax {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What was found.
        message: String,
    },
    /// A field is missing or of the wrong form.
    #[error("line {line}, field {path}: {message}")]
    Field {
        /// Such as `info.apply_data.contents[2].value.text`.
        path: String,
        /// From 1; 0 where the text is not at hand.
        line: usize,
        /// What is wrong with it.
        message: String,
    },
    /// WeCom's own refusal.
    #[error("WeCom answered errcode {errcode}: {errmsg}")]
    Refused {
        /// WeCom's code.
        errcode: i64,
        /// WeCom's words.
        errmsg: String,
    },
}

#[derive(Deserialize)]
struct Probe {
    #[serde(default, deserialize_with = "lenient::int")]
    errcode: Option<i64>,
    #[serde(default, deserialize_with = "lenient::text")]
    errmsg: String,
    info: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Whole {
    info: ApprovalDetail,
}

pub(crate) fn parse(text: &str) -> Result<ApprovalDetail, ReplyError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if probe(read(text)?)? {
        Ok(read::<Whole>(text)?.info)
    } else {
        read(text)
    }
}

pub(crate) fn parse_value(value: &serde_json::Value) -> Result<ApprovalDetail, ReplyError> {
    if probe(read_value(value)?)? {
        Ok(read_value::<Whole>(value)?.info)
    } else {
        read_value(value)
    }
}

/// Whether the form stands inside `info`.
fn probe(probe: Probe) -> Result<bool, ReplyError> {
    match probe.errcode {
        Some(errcode) if errcode != 0 => Err(ReplyError::Refused {
            errcode,
            errmsg: probe.errmsg,
        }),
        _ => Ok(probe.info.is_some()),
    }
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, ReplyError> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        if inner.is_data() {
            return ReplyError::Field {
                path,
                line: inner.line(),
                message: unplaced(&inner),
            };
        }
        syntax(&inner)
    })?;
    deserializer.end().map_err(|error| syntax(&error))?;
    Ok(value)
}

fn read_value<T: DeserializeOwned>(value: &serde_json::Value) -> Result<T, ReplyError> {
    serde_path_to_error::deserialize(value).map_err(|error| ReplyError::Field {
        path: error.path().to_string(),
        line: 0,
        message: error.inner().to_string(),
    })
}

fn syntax(error: &serde_json::Error) -> ReplyError {
    ReplyError::Syntax {
        line: error.line(),
        column: error.column(),
        message: unplaced(error),
    }
}

/// The message without serde's own " at line 1 column 2".
fn unplaced(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(" at line ") {
        Some((message, _)) => message.to_owned(),
        None => text,
    }
}
