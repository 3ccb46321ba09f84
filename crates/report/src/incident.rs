//! What an incident report says.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CourseEntry {
    /// When.
    pub at: DateTime<Utc>,
    /// Who did it; empty where nobody did.
    pub who: String,
    /// What.
    pub what: String,
}

/// Someone who was told something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// When.
    pub at: DateTime<Utc>,
    /// Who, by name or as a group.
    pub who: String,
    /// What.
    pub what: String,
}

/// An incident (生产事故), as far as it is known. What is empty is shown as still to be written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IncidentReport {
    /// The report's own number.
    pub number: String,
    /// What the incident is called.
    pub title: String,
    /// The change that it came of, by the approval's number.
    pub sp_no: String,
    /// That change's title.
    pub change_title: String,
    /// The team.
    pub team: String,
    /// The system concerned.
    pub system: String,
    /// When it began.
    pub occurred_at: Option<DateTime<Utc>>,
    /// When the service was well again.
    pub recovered_at: Option<DateTime<Utc>>,
    /// When this report was drafted.
    pub drafted_at: Option<DateTime<Utc>>,
    /// Who noticed it, by name.
    pub reported_by: String,
    /// Names of the developers.
    pub developers: Vec<String>,
    /// Names of the testers.
    pub testers: Vec<String>,
    /// Names of the product managers.
    pub product_managers: Vec<String>,
    /// Names of those who executed the change.
    pub executors: Vec<String>,
    /// 影响范围; lines are kept.
    pub impact: String,
    /// 原因分析; lines are kept.
    pub cause: String,
    /// 处理过程; lines are kept.
    pub handling: String,
    /// 改进与预防措施; lines are kept.
    pub prevention: String,
    /// The statement for users (对外解释口径).
    pub statement: String,
    /// 事件经过, in order.
    pub course: Vec<CourseEntry>,
    /// Who was told when, in order.
    pub told: Vec<Told>,
    /// The zone in which times are written.
    pub zone: Tz,
}
