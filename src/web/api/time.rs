//! Instants in query strings.

use chrono::{DateTime, Utc};

use crate::web::problem::Problem;

/// An instant as RFC 3339 has it; a blank is read as the `+` of an offset that was not escaped.
pub(super) fn parse(name: &str, text: &str) -> Result<DateTime<Utc>, Problem> {
    DateTime::parse_from_rfc3339(&text.trim().replace(' ', "+"))
        .map(|at| at.to_utc())
        .map_err(|error| {
            Problem::bad_request(format!(
                "`{name}` is `{text}` ({error}); write it like 2026-11-24T14:05:00+08:00, with `+` as %2B"
            ))
        })
}
