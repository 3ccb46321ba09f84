//! What there is to tell beyond one change.

use changegate_calendar::Exchange;
use changegate_lifecycle::{Deployment, Stage};
use changegate_policy::{Urgency, UserId};
use chrono::{DateTime, NaiveDate, Utc};

/// What one member is told that is not about one change.
#[derive(Debug, Clone, PartialEq)]
pub enum FirmNotice {
    /// To development leads before the cut-off: what waits at 待上线 and was not filed yet (六).
    CutoffReminder {
        /// Key, summary and address of each issue.
        issues: Vec<(String, String, String)>,
        /// The time of day of the cut-off, such as `15:00`.
        cutoff: String,
        /// Whether JIRA answered; else nobody knows of any issue, and the message says so.
        known: bool,
    },
    /// To operations executors: a window opens, with what is due in it.
    WindowDigest {
        /// Its first instant.
        opens: DateTime<Utc>,
        /// The first instant after it.
        closes: DateTime<Utc>,
        /// What is due.
        changes: Vec<DigestChange>,
    },
    /// To everybody concerned: New York changes its clocks, windows and openings move (二, 九.3).
    ClocksChange {
        /// When.
        at: DateTime<Utc>,
        /// The US opening until then, in the policy's zone, such as `22:30`.
        open_before: String,
        /// The US opening from then on.
        open_after: String,
        /// The windows until then, such as `周二、四 16:30–21:00`.
        window_before: String,
        /// The windows from then on.
        window_after: String,
        /// Whether daylight-saving time begins; else it ends.
        begins_daylight: bool,
        /// Open changes whose times are concerned.
        changes: Vec<DigestChange>,
    },
    /// To administrators: a trading calendar ends soon.
    CalendarEnding {
        /// Whose.
        exchange: Exchange,
        /// The last day that it covers.
        covered_until: NaiveDate,
        /// Days until then; none or fewer: it has ended.
        days_left: i64,
    },
    /// To team leads and administrators, on the first working day of a month: the month before.
    Monthly {
        /// Its year.
        year: i32,
        /// The month, from 1.
        month: u32,
        /// Teams, in the order in which they are shown.
        rows: Vec<TeamRow>,
        /// In January: the year before, month by month (奖惩条例 2).
        yearly: Option<Vec<MonthBest>>,
    },
    /// To administrators: people who lead a team or hold a role have left.
    PeopleLeft {
        /// Each one's name, and what they were here for, such as `行情组开发组长`.
        people: Vec<(String, Vec<String>)>,
    },
    /// To administrators: a message reached nobody.
    Undeliverable {
        /// Whom it was for.
        to_name: String,
        /// What it said, in a line.
        what: String,
        /// Why it did not arrive.
        why: String,
        /// The change that it was about; empty where it was about none.
        sp_no: String,
    },
    /// To the next in line: somebody cannot be reached, their part falls to the reader.
    StandIn {
        /// Who cannot be reached.
        for_name: String,
        /// Why.
        why: String,
        /// What has to be done, as in [`Rendered::line`](crate::Rendered::line).
        line: String,
        /// The change that it is about; empty where it is about none.
        sp_no: String,
    },
    /// To operations leads: something was deployed for which there is no change.
    StrayDeployment {
        /// What the job gave for the number of a change, where it gave anything.
        sp_no: Option<String>,
        /// What it reported.
        deployment: Box<Deployment>,
    },
}

/// A change in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestChange {
    /// Its title.
    pub title: String,
    /// Its number.
    pub sp_no: String,
    /// Who filed it.
    pub applicant: UserId,
    /// 正常 or 紧急.
    pub urgency: Option<Urgency>,
    /// When it is to begin.
    pub planned: Option<DateTime<Utc>>,
    /// Where it stands.
    pub stage: Stage,
    /// Its rollback plan, or the beginning of it.
    pub rollback_short: String,
    /// Its page.
    pub link: String,
}

/// A team's month.
#[derive(Debug, Clone, PartialEq)]
pub struct TeamRow {
    /// Its name.
    pub team: String,
    /// Flows filed.
    pub filed: u64,
    /// Flows that broke the regulation.
    pub rejected: u64,
    /// Changes executed.
    pub executed: u64,
    /// Of these, with an anomaly.
    pub with_anomaly: u64,
    /// The anomaly rate, from 0 to 1; none where nothing was executed.
    pub rate: Option<f64>,
    /// Whether it is ranked: a month with fewer than five executed changes is not.
    pub ranked: bool,
}

/// A month of a year, and who had the lowest anomaly rate in it.
#[derive(Debug, Clone, PartialEq)]
pub struct MonthBest {
    /// The month, from 1.
    pub month: u32,
    /// The teams; several where they tie.
    pub teams: Vec<String>,
    /// Their rate, from 0 to 1; none where no team was ranked.
    pub rate: Option<f64>,
}
