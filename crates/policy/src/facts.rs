//! What the form does not say and the policy needs. The shell gathers it; an absent part means "not looked
//! at", never "nothing there".

mod emergency_mail;
mod files;
mod images;
mod issues;
mod merge;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

pub use self::emergency_mail::EmergencyMail;
pub use self::files::{AttachedFile, FileContent, Files, MailContent, WorkbookContent};
pub use self::images::{Comment, ImageFacts, ImageTag};
pub use self::issues::{Issue, IssueFact, IssueLink, StatusChange};
use crate::rule::RuleId;
use crate::submission::{PlannedTime, UserId};

/// Everything known around one submission.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Facts {
    /// Who holds which role; absent: no directory is configured.
    pub directory: Option<Arc<Directory>>,
    /// The approval chain as WeCom shows it now.
    pub chain: Option<Chain>,
    /// The other changes that are open now.
    pub open_changes: Option<Vec<OtherChange>>,
    /// The changes that are attached as 关联审批单, as far as they are known here, open or not.
    pub related_changes: Option<Vec<OtherChange>>,
    /// What JIRA says of the issues named on the form, by key, upper case; absent: no JIRA is configured.
    pub issues: Option<BTreeMap<String, IssueFact>>,
    /// The attached files.
    #[serde(alias = "file_names")]
    pub files: Option<Files>,
    /// The images named on the form, and the comments below it.
    pub images: Option<ImageFacts>,
    /// Where the mail of an emergency change stands; absent for any other.
    pub emergency_mail: Option<EmergencyMail>,
    /// Waivers that may apply.
    pub waivers: Vec<Waiver>,
    /// What the leads said of technical requirements (clause 三); absent: nobody asks them.
    pub technical_confirmations: Option<TechnicalConfirmations>,
}

/// What the development lead and the test lead said of a change's technical requirements.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TechnicalConfirmations {
    /// The 开发组长 who confirmed.
    pub development_lead: Option<UserId>,
    /// The 测试组长 who confirmed.
    pub test_lead: Option<UserId>,
    /// The lead who refused.
    pub refused: Option<UserId>,
}

/// A role of the regulation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// 产品经理.
    ProductManager,
    /// 测试同事.
    Tester,
    /// 平台产品技术线 CCB 组.
    Ccb,
    /// 运维负责人.
    OperationsLead,
    /// 运维同事, who carries the change out.
    OperationsExecutor,
    /// 产研线总监.
    RdDirector,
    /// 项目经理.
    ProjectManager,
    /// 权限配置岗.
    PermissionConfigurer,
    /// 应急处理小组.
    EmergencyResponse,
    /// changegate's administrators.
    Admin,
}

/// A development team.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Team {
    /// Its name, shown to people and used in statistics.
    pub name: String,
    /// 开发组长.
    pub development_leads: BTreeSet<UserId>,
    /// 测试组长.
    pub test_leads: BTreeSet<UserId>,
    /// Its developers.
    pub members: BTreeSet<UserId>,
    /// Keys of the JIRA projects that it releases, upper case.
    pub jira_projects: BTreeSet<String>,
    /// Names of the JIRA components that it releases, in whatever project.
    pub jira_components: BTreeSet<String>,
}

/// Teams, roles and members.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Directory {
    /// The development teams.
    pub teams: Vec<Team>,
    /// Who holds each role.
    pub roles: BTreeMap<Role, BTreeSet<UserId>>,
    /// Names to show, by user id.
    pub names: BTreeMap<UserId, String>,
    /// Addresses of members, by user id.
    #[serde(deserialize_with = "emails")]
    pub emails: BTreeMap<UserId, String>,
}

impl Role {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ProductManager => "产品经理",
            Self::Tester => "测试同事",
            Self::Ccb => "CCB 组",
            Self::OperationsLead => "运维负责人",
            Self::OperationsExecutor => "运维同事",
            Self::RdDirector => "产研线总监",
            Self::ProjectManager => "项目经理",
            Self::PermissionConfigurer => "权限配置岗",
            Self::EmergencyResponse => "应急处理小组",
            Self::Admin => "管理员",
        }
    }
}

impl Directory {
    /// Whether the member holds the role.
    pub fn holds(&self, user: &UserId, role: Role) -> bool {
        self.roles
            .get(&role)
            .is_some_and(|members| members.contains(user))
    }

    /// Whether the directory has heard of the member at all.
    pub fn knows(&self, user: &UserId) -> bool {
        self.names.contains_key(user)
            || self.roles.values().any(|members| members.contains(user))
            || self.teams.iter().any(|team| team.has(user))
    }

    /// The team that a member belongs to, as a developer or as a lead.
    pub fn team_of(&self, user: &UserId) -> Option<&Team> {
        self.teams
            .iter()
            .find(|team| team.members.contains(user))
            .or_else(|| self.teams.iter().find(|team| team.has(user)))
    }

    /// The name to show for a member, else the id.
    pub fn name_of<'a>(&'a self, user: &'a UserId) -> &'a str {
        self.names.get(user).map_or(user.as_str(), String::as_str)
    }

    /// A member's e-mail address.
    pub fn email_of(&self, user: &UserId) -> Option<&str> {
        self.emails.get(user).map(String::as_str)
    }

    /// Who holds a role.
    pub fn holders(&self, role: Role) -> impl Iterator<Item = &UserId> {
        self.roles.get(&role).into_iter().flatten()
    }
}

impl Team {
    fn has(&self, user: &UserId) -> bool {
        self.members.contains(user) || self.development_leads.contains(user) || self.test_leads.contains(user)
    }
}

/// How the approvers of one node sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApproverMode {
    /// 会签.
    All,
    /// 或签.
    Any,
    /// 依次.
    Sequential,
}

/// One approver node of the chain (cc and handler nodes are left out).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApprovalNode {
    /// How its approvers sign.
    pub mode: ApproverMode,
    /// Its approvers, after transfers and added signers.
    pub approvers: Vec<UserId>,
    /// Those who signed.
    #[serde(default)]
    pub signed: Vec<UserId>,
}

/// The approval chain, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Chain {
    /// Its approver nodes, in order.
    pub nodes: Vec<ApprovalNode>,
}

/// Another change that is open now, as far as the rules compare it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OtherChange {
    /// Its number.
    pub sp_no: String,
    /// Its title.
    #[serde(default)]
    pub title: String,
    /// The team that files it, by name.
    #[serde(default)]
    pub team: Option<String>,
    /// The system it touches, from its title.
    #[serde(default)]
    pub system: Option<String>,
    /// The JIRA keys of its items, upper case.
    #[serde(default)]
    pub jira: BTreeSet<String>,
    /// When it was filed.
    pub apply_time: DateTime<Utc>,
    /// Its planned time, where the form gives one.
    #[serde(default)]
    pub planned_time: Option<PlannedTime>,
    /// Its change day, in the policy's zone.
    pub change_day: NaiveDate,
}

/// An administrator's decision that a rule does not bind a change, or a team for a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// The change it is for; absent: by team.
    #[serde(default)]
    pub sp_no: Option<String>,
    /// The team it is for, by name.
    #[serde(default)]
    pub team: Option<String>,
    /// The rule it lifts.
    pub rule: RuleId,
    /// Why.
    pub reason: String,
    /// Who granted it.
    pub granted_by: UserId,
    /// Until when; absent: for the change's whole life.
    #[serde(default)]
    pub until: Option<DateTime<Utc>>,
}

/// An address that mail can be sent to, as far as its shape tells; an empty one is none.
pub(crate) fn mailbox<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let written = Option::<String>::deserialize(deserializer)?.filter(|address| !address.is_empty());
    match written {
        Some(address) if !is_mailbox(&address) => Err(D::Error::custom(no_mailbox(&address))),
        written => Ok(written),
    }
}

fn emails<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<UserId, String>, D::Error> {
    let emails = BTreeMap::<UserId, String>::deserialize(deserializer)?;
    match emails.values().find(|address| !is_mailbox(address)) {
        Some(address) => Err(D::Error::custom(no_mailbox(address))),
        None => Ok(emails),
    }
}

fn no_mailbox(address: &str) -> String {
    format!("`{address}` is no e-mail address such as \"ops@example.com\"")
}

fn is_mailbox(address: &str) -> bool {
    let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '<' | '>' | ',' | ';' | '"' | '(' | ')');
    address.len() <= 254
        && address.chars().all(plain)
        && address.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty()
                && !host.is_empty()
                && !host.contains('@')
                && !host.starts_with('.')
                && !host.ends_with('.')
        })
}
