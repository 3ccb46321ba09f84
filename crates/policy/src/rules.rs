//! One file per rule. Each judges by what it has looked at: a rule whose facts are missing never passes.

mod approval_chain;
mod attachment_content;
mod attachments;
mod change_day;
mod conflict;
mod coupled_requirements;
mod cutoff;
mod description_items;
mod description_jira;
mod description_regression;
mod description_uat;
mod emergency_mail;
mod freeze;
mod image_unchanged;
mod jira_exists;
mod linked_issues;
mod middle_platform;
mod people;
mod product_manager;
mod related_flows;
mod rollback_plan;
mod separation_of_duties;
mod starts;
mod superseded_flow;
mod technical_requirement;
mod tester;
#[cfg(test)]
pub(crate) mod testing;
mod title_format;
mod uat_accepted;
mod urgency_set;
mod urgency_window;

use crate::evaluate::{Context, Judgement};
use crate::rule::RuleId;

/// What a rule says, before severity, mode and waivers.
pub(crate) fn judge(context: &Context<'_>, rule: RuleId) -> Judgement {
    match rule {
        RuleId::TitleFormat => title_format::judge(context),
        RuleId::UrgencySet => urgency_set::judge(context),
        RuleId::UrgencyWindow => urgency_window::judge(context),
        RuleId::ChangeDay => change_day::judge(context),
        RuleId::Cutoff => cutoff::judge(context),
        RuleId::DescriptionItems => description_items::judge(context),
        RuleId::DescriptionUat => description_uat::judge(context),
        RuleId::DescriptionRegression => description_regression::judge(context),
        RuleId::DescriptionJira => description_jira::judge(context),
        RuleId::RollbackPlan => rollback_plan::judge(context),
        RuleId::ProductManager => product_manager::judge(context),
        RuleId::Tester => tester::judge(context),
        RuleId::MiddlePlatform => middle_platform::judge(context),
        RuleId::Attachments => attachments::judge(context),
        RuleId::RelatedFlows => related_flows::judge(context),
        RuleId::JiraExists => jira_exists::judge(context),
        RuleId::UatAccepted => uat_accepted::judge(context),
        RuleId::CoupledRequirements => coupled_requirements::judge(context),
        RuleId::TechnicalRequirement => technical_requirement::judge(context),
        RuleId::AttachmentContent => attachment_content::judge(context),
        RuleId::ImageUnchanged => image_unchanged::judge(context),
        RuleId::EmergencyMail => emergency_mail::judge(context),
        RuleId::SupersededFlow => superseded_flow::judge(context),
        RuleId::ApprovalChain => approval_chain::judge(context),
        RuleId::SeparationOfDuties => separation_of_duties::judge(context),
        RuleId::Freeze => freeze::judge(context),
        RuleId::Conflict => conflict::judge(context),
    }
}
