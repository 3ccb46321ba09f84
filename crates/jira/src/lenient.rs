//! Reading what JIRA may leave out, or give as null.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer};

/// The value, or its default where it is null.
pub(crate) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// JIRA's time, such as `2026-11-24T12:00:00.000+0800`; none where it is missing or of another form.
pub(crate) fn instant(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z")
        .or_else(|_| DateTime::parse_from_rfc3339(text))
        .ok()
        .map(|at| at.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_and_without_fraction_and_colon() {
        let noon = DateTime::from_timestamp(1_795_492_800, 0);
        for text in [
            "2026-11-24T12:00:00.000+0800",
            "2026-11-24T12:00:00+0800",
            "2026-11-24T12:00:00.000+08:00",
            "2026-11-24T04:00:00Z",
        ] {
            assert_eq!(instant(text), noon, "{text}");
        }
        assert_eq!(instant("yesterday"), None);
    }
}
