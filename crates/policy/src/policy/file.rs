//! The policy file as TOML lays it out, before anything is checked.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::exchanges::ExchangesFile;
use super::jira::JiraFile;
use super::market_words::MarketsFile;
use super::pace::PaceFile;
use super::wecom_directory::WecomDirectoryFile;
use super::work_hours::WorkHoursFile;
use super::{Contacts, ExecutionRecord, RequiredFile, Severity};
use crate::facts::Directory;
use crate::reading::Urgency;
use crate::rule::Mode;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicyFile {
    pub(super) version: Spanned<String>,
    pub(super) zone: Spanned<String>,
    pub(super) season_zone: Spanned<String>,
    pub(super) cutoff: Spanned<String>,
    pub(super) title: Spanned<String>,
    pub(super) windows: Spanned<WindowsFile>,
    pub(super) jira: JiraFile,
    #[serde(default)]
    pub(super) attachments: Vec<Spanned<RequiredFile>>,
    #[serde(default)]
    pub(super) freezes: Vec<FreezeFile>,
    #[serde(default)]
    pub(super) contacts: Contacts,
    pub(super) directory: Option<Directory>,
    pub(super) wecom_directory: Option<WecomDirectoryFile>,
    #[serde(default)]
    pub(super) pace: PaceFile,
    #[serde(default)]
    pub(super) work_hours: WorkHoursFile,
    #[serde(default)]
    pub(super) execution: ExecutionFile,
    #[serde(default)]
    pub(super) exchanges: ExchangesFile,
    #[serde(default)]
    pub(super) markets: MarketsFile,
    #[serde(default)]
    pub(super) rules: BTreeMap<Spanned<String>, RuleFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WindowsFile {
    pub(super) daylight: Vec<WindowFile>,
    pub(super) standard: Vec<WindowFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WindowFile {
    pub(super) days: Spanned<Vec<Spanned<String>>>,
    pub(super) opens: Spanned<String>,
    pub(super) closes: Spanned<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FreezeFile {
    pub(super) name: Spanned<String>,
    pub(super) from: Spanned<Datetime>,
    pub(super) until: Spanned<Datetime>,
    #[serde(default)]
    pub(super) exempt: Vec<Urgency>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ExecutionFile {
    pub(super) recorded_by: ExecutionRecord,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RuleFile {
    pub(super) severity: Option<Severity>,
    pub(super) mode: Mode,
}
