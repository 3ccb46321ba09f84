//! Times as people type them on the command line.

use chrono::{DateTime, FixedOffset, NaiveDateTime, Utc};

/// Reads RFC 3339, or a date and time without a zone, which is Beijing's.
pub(super) fn parse(text: &str) -> Result<DateTime<Utc>, String> {
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        return Ok(instant.to_utc());
    }
    let beijing = FixedOffset::east_opt(8 * 3600).ok_or("时区换算失败")?;
    [
        "%Y-%m-%dT%H:%M:%S",
        "%Y-%m-%dT%H:%M",
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%d %H:%M",
    ]
    .iter()
    .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
    .and_then(|local| local.and_local_timezone(beijing).single())
    .map(|instant| instant.to_utc())
    .ok_or_else(|| "应为 2026-11-24T14:05:00+08:00 或 \"2026-11-24 14:05\"（北京时间）这样的时间".to_owned())
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_time_may_carry_its_zone_or_be_beijings() {
        for text in [
            "2026-11-24T14:05:00+08:00",
            "2026-11-24T06:05:00Z",
            "2026-11-24 14:05",
            "2026-11-24T14:05",
            "2026-11-24 14:05:00",
        ] {
            let instant = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(instant.to_rfc3339(), "2026-11-24T06:05:00+00:00", "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused_with_an_example() {
        for text in ["", "14:05", "2026-11-24", "2026-13-01 10:00", "tomorrow"] {
            let error = parse(text).expect_err(text);
            assert!(error.contains("2026-11-24T14:05:00+08:00"), "{text}: {error}");
        }
    }
}
