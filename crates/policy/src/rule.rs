//! The rules' names. Ids are a public contract: they never change their meaning.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::policy::Severity;

macro_rules! rules {
    ($($variant:ident, $id:literal, $clause:literal, $severity:ident, $name:literal;)+) => {
        /// A rule of the regulation, by its public id.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum RuleId {
            $(#[doc = concat!("`", $id, "` (", $clause, "): ", $name, ".")] #[serde(rename = $id)] $variant,)+
        }

        impl RuleId {
            /// Every rule, in the order in which results are listed.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The public id.
            pub fn id(self) -> &'static str {
                match self { $(Self::$variant => $id),+ }
            }

            /// The clause of the regulation.
            pub fn clause(self) -> &'static str {
                match self { $(Self::$variant => $clause),+ }
            }

            /// What people call it.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The severity where the policy file says nothing.
            pub fn default_severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity),+ }
            }
        }
    };
}

rules! {
    TitleFormat, "title-format", "六.4", Fail, "标题格式";
    UrgencySet, "urgency-set", "六.3", Fail, "紧急程度";
    UrgencyWindow, "urgency-window", "二", Fail, "变更时间窗口";
    ChangeDay, "change-day", "六", Fail, "变更当天发起";
    Cutoff, "cutoff", "六", Fail, "15:00 前发起";
    DescriptionItems, "description-items", "六.5", Fail, "升级功能描述格式";
    DescriptionUat, "description-uat", "六.5", Fail, "UAT 验收";
    DescriptionRegression, "description-regression", "六.5", Fail, "回归测试";
    DescriptionJira, "description-jira", "六.5", Fail, "JIRA 单链接";
    RollbackPlan, "rollback-plan", "六.6", Fail, "回退方案";
    ProductManager, "product-manager", "六.7", Fail, "产品经理";
    Tester, "tester", "六.8", Fail, "测试同事";
    MiddlePlatform, "middle-platform", "六.9", Fail, "中台模块权限及接口";
    Attachments, "attachments", "六.10", Fail, "附件";
    RelatedFlows, "related-flows", "六.1", Fail, "关联流程";
    JiraExists, "jira-exists", "六.5", Fail, "JIRA 单存在";
    UatAccepted, "uat-accepted", "三", Fail, "JIRA 验收状态";
    CoupledRequirements, "coupled-requirements", "三", Warn, "耦合需求";
    TechnicalRequirement, "technical-requirement", "三", Fail, "技术需求确认";
    AttachmentContent, "attachment-content", "六.10", Fail, "附件内容";
    SupersededFlow, "superseded-flow", "六.2", Warn, "重复流程";
    ImageUnchanged, "image-unchanged", "六.2", Fail, "镜像未变";
    EmergencyMail, "emergency-mail", "二", Fail, "紧急发版邮件";
    ApprovalChain, "approval-chain", "四, 七", Fail, "审批链";
    SeparationOfDuties, "separation-of-duties", "–", Warn, "职责分离";
    Freeze, "freeze", "–", Fail, "封网";
    Conflict, "conflict", "–", Warn, "同窗口冲突";
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// An id that names no rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no rule `{0}`")]
pub struct UnknownRule(pub String);

impl FromStr for RuleId {
    type Err = UnknownRule;

    fn from_str(id: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|rule| rule.id() == id)
            .ok_or_else(|| UnknownRule(id.to_owned()))
    }
}

/// Whether a rule binds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Judged, told and counted for the verdict.
    #[default]
    InForce,
    /// Judged and recorded, told to nobody but administrators.
    Shadow,
    /// Not judged.
    Off,
}

impl Mode {
    /// Whether the rule counts for the verdict.
    pub fn is_in_force(&self) -> bool {
        matches!(self, Self::InForce)
    }
}
