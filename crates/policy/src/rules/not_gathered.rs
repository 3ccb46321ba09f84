//! Rules whose facts nobody gathers yet.

use crate::evaluate::Judgement;
use crate::rule::RuleId;

/// The rule does not apply as long as its facts are not gathered, and says which they are.
pub(super) fn judge(rule: RuleId) -> Judgement {
    let facts = match rule {
        RuleId::JiraExists | RuleId::UatAccepted | RuleId::CoupledRequirements => "JIRA 单数据尚未接入",
        RuleId::AttachmentContent => "附件内容尚未接入",
        RuleId::ImageUnchanged => "镜像数据尚未接入",
        RuleId::EmergencyMail => "紧急发版邮件记录尚未接入",
        RuleId::TitleFormat
        | RuleId::UrgencySet
        | RuleId::UrgencyWindow
        | RuleId::ChangeDay
        | RuleId::Cutoff
        | RuleId::DescriptionItems
        | RuleId::DescriptionUat
        | RuleId::DescriptionRegression
        | RuleId::DescriptionJira
        | RuleId::RollbackPlan
        | RuleId::ProductManager
        | RuleId::Tester
        | RuleId::MiddlePlatform
        | RuleId::Attachments
        | RuleId::RelatedFlows
        | RuleId::TechnicalRequirement
        | RuleId::SupersededFlow
        | RuleId::ApprovalChain
        | RuleId::SeparationOfDuties
        | RuleId::Freeze
        | RuleId::Conflict => "所需数据尚未接入",
    };
    Judgement::Skip(facts.into())
}
