//! The policy file: the regulation's numbers and wordings as settings.
//!
//! A [`Policy`] is valid by construction: a file with an unknown key, a window that closes before it opens or a
//! rule that does not exist never becomes one.

mod check;
mod error;
mod exchanges;
mod file;
mod freezes;
mod jira;
mod market_words;
mod pace;
mod pattern;
mod wecom_directory;
mod words;
mod work_hours;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use changegate_calendar::{ExchangeCalendars, Season, WeeklyWindow, WindowTable};
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

pub use self::error::PolicyError;
use self::exchanges::Closure;
pub(crate) use self::freezes::PolicyFreeze;
pub(crate) use self::jira::{JiraSettings, Standing};
pub(crate) use self::market_words::MarketWords;
pub use self::pace::Pace;
pub(crate) use self::pattern::{Slot, TitlePattern};
pub use self::wecom_directory::{WecomDirectory, WecomTeam};
pub(crate) use self::words::day as day_in_words;
pub use self::work_hours::WorkHours;
use crate::description::JiraHosts;
use crate::facts::{Directory, mailbox};
use crate::markets::MarketReading;
use crate::rule::{Mode, RuleId};
use crate::submission::Submission;
use crate::verdict::PolicyRef;

/// What a broken rule means for the verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The change is rejected.
    Fail,
    /// The change could be better.
    Warn,
}

/// The regulation as this firm has set it.
#[derive(Debug, Clone)]
pub struct Policy {
    reference: PolicyRef,
    windows: WindowTable,
    /// The weekly tables behind `windows`, for showing them.
    weekly: Weekly,
    cutoff: NaiveTime,
    title: TitlePattern,
    jira: JiraSettings,
    required_files: Vec<RequiredFile>,
    freezes: Vec<PolicyFreeze>,
    contacts: Contacts,
    directory: Option<Arc<Directory>>,
    wecom_directory: Option<WecomDirectory>,
    pace: Pace,
    work_hours: WorkHours,
    execution: ExecutionRecord,
    exchanges: ExchangeCalendars,
    /// What `exchanges` has over the built-in calendars, for showing it.
    closures: Vec<Closure>,
    market_words: MarketWords,
    /// Only what differs from the rule's default.
    severities: BTreeMap<RuleId, Severity>,
    /// Only what is not in force.
    modes: BTreeMap<RuleId, Mode>,
}

/// The windows of a week, by season.
#[derive(Debug, Clone)]
struct Weekly {
    daylight: Vec<WeeklyWindow>,
    standard: Vec<WeeklyWindow>,
}

/// A file that has to be attached.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequiredFile {
    /// The part of the file's name by which it is known.
    pub(crate) name: String,
    pub(crate) when: RequiredWhen,
    /// Whether the JIRA keys in it are compared with those of the form.
    #[serde(default)]
    pub(crate) jira_keys: bool,
}

/// When a file is required.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RequiredWhen {
    Always,
    /// Where the change concerns the middle platform.
    MiddlePlatform,
}

/// Deployment data that the regulation names: its telephone number, its mailboxes and its group.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Contacts {
    /// 运维值班电话.
    pub emergency_phone: Option<String>,
    /// Where incident reports go in copy.
    #[serde(deserialize_with = "mailbox")]
    pub report_mailbox: Option<String>,
    /// The mailbox of 运维部, which hears of every 紧急 release (clause 二).
    #[serde(deserialize_with = "mailbox")]
    pub operations_mailbox: Option<String>,
    /// 问题反馈群: the id of the WeCom group chat in which users' troubles are told.
    pub feedback_group: Option<String>,
}

/// What says that a change has been carried out (clause 八.2).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExecutionRecord {
    /// The operations executor's button.
    #[default]
    Button,
    /// The executor's own node in the approval.
    ApprovalNode,
}

static BUILT_IN: LazyLock<Arc<Policy>> = LazyLock::new(|| {
    #[expect(
        clippy::expect_used,
        reason = "the text is part of the program, and a test parses it"
    )]
    let policy = Policy::parse(Policy::BUILT_IN_TEXT, "policy.toml").expect("the built-in policy is valid");
    Arc::new(policy)
});

impl Policy {
    /// The built-in regulation as a policy file: a start for one's own.
    pub const BUILT_IN_TEXT: &'static str = include_str!("../../../deploy/policy.toml");

    /// Reads a policy file. `file_name` is only for the error.
    pub fn parse(text: &str, file_name: &str) -> Result<Self, PolicyError> {
        check::parse(text, file_name)
    }

    /// The regulation V2.1, which holds where no file is named.
    pub fn built_in() -> Arc<Self> {
        Arc::clone(&BUILT_IN)
    }

    /// The version and the hash that stand in every verdict.
    pub fn reference(&self) -> PolicyRef {
        self.reference.clone()
    }

    /// What a broken rule means.
    pub fn severity(&self, rule: RuleId) -> Severity {
        self.severities
            .get(&rule)
            .copied()
            .unwrap_or_else(|| rule.default_severity())
    }

    /// Whether a rule binds.
    pub fn mode(&self, rule: RuleId) -> Mode {
        self.modes.get(&rule).copied().unwrap_or_default()
    }

    /// The zone of all days and times of day.
    pub fn zone(&self) -> Tz {
        self.windows.zone()
    }

    /// The change windows.
    pub fn windows(&self) -> &WindowTable {
        &self.windows
    }

    /// The time of day before which a 正常 flow is filed.
    pub fn cutoff(&self) -> NaiveTime {
        self.cutoff
    }

    /// Who holds which role, where the file says so.
    pub fn directory(&self) -> Option<&Arc<Directory>> {
        self.directory.as_ref()
    }

    /// The same policy with another directory: who holds which role changes from day to day, the regulation does not,
    /// and its hash stays.
    #[must_use]
    pub fn with_directory(&self, directory: Arc<Directory>) -> Self {
        Self {
            directory: Some(directory),
            ..self.clone()
        }
    }

    /// Where more of the directory is found in WeCom, where the file says so.
    pub fn wecom_directory(&self) -> Option<&WecomDirectory> {
        self.wecom_directory.as_ref()
    }

    /// How long is waited for people, and how often they are reminded.
    pub fn pace(&self) -> &Pace {
        &self.pace
    }

    /// When people are at work.
    pub fn work_hours(&self) -> &WorkHours {
        &self.work_hours
    }

    /// What says that a change has been carried out.
    pub fn execution(&self) -> ExecutionRecord {
        self.execution
    }

    /// When the exchanges trade: the built-in calendars, and the closures of the file.
    pub fn exchanges(&self) -> &ExchangeCalendars {
        &self.exchanges
    }

    /// Which markets' quotes or trading a change concerns (clause 九.3), and what says so: the form's own field where
    /// it is filled, else the words of title and description.
    pub fn markets(&self, submission: &Submission) -> MarketReading {
        MarketReading::of(submission, &self.market_words)
    }

    /// Telephone number, mailboxes and group.
    pub fn contacts(&self) -> &Contacts {
        &self.contacts
    }

    /// The title's pattern in brace form.
    pub fn title_pattern(&self) -> &str {
        self.title.source()
    }

    /// Hosts whose links count as JIRA links.
    pub fn jira_hosts(&self) -> &JiraHosts {
        &self.jira.hosts
    }

    /// An instant as the policy's zone shows it.
    pub fn local(&self, at: DateTime<Utc>) -> DateTime<FixedOffset> {
        at.with_timezone(&self.zone()).fixed_offset()
    }

    /// The day of an instant in the policy's zone.
    pub fn day_of(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone()).date_naive()
    }

    /// The first instant of a day in the policy's zone.
    pub fn start_of(&self, day: NaiveDate) -> DateTime<Utc> {
        self.at(day, NaiveTime::MIN)
    }

    /// The instant of a time of day in the policy's zone: of two, the earlier; where the clocks skip it, the end of
    /// the gap.
    pub fn at(&self, day: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
        changegate_calendar::instant(self.zone(), day.and_time(time))
    }

    /// The change windows of a season, such as `周二、周四 16:30–21:00；周六 10:00–20:00`.
    pub fn windows_in_words(&self, season: Season) -> String {
        words::windows(match season {
            Season::Daylight => &self.weekly.daylight,
            Season::Standard => &self.weekly.standard,
        })
    }

    /// The whole policy in Chinese, for people who do not read TOML.
    pub fn in_words(&self) -> String {
        words::in_words(self)
    }

    pub(crate) fn title(&self) -> &TitlePattern {
        &self.title
    }

    pub(crate) fn required_files(&self) -> &[RequiredFile] {
        &self.required_files
    }

    pub(crate) fn freezes(&self) -> &[PolicyFreeze] {
        &self.freezes
    }
}

#[cfg(test)]
mod tests;
