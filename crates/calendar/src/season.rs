//! The season that decides which window table holds.

use chrono::{DateTime, Utc};
use chrono_tz::{OffsetComponents, Tz};
use serde::{Deserialize, Serialize};

/// Whether the season's zone (New York by the regulation) keeps daylight-saving time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Season {
    /// 美国夏令时.
    Daylight,
    /// 美国冬令时.
    Standard,
}

/// The season of `zone` at an instant.
pub fn season_at(zone: Tz, at: DateTime<Utc>) -> Season {
    if at.with_timezone(&zone).offset().dst_offset().is_zero() {
        Season::Standard
    } else {
        Season::Daylight
    }
}
