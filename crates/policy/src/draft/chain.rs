//! The approval chain that the regulation wants (clauses 四, 七): development lead, test lead, for 紧急 CCB, operations
//! lead.

use crate::facts::{Directory, Role};
use crate::reading::Urgency;
use crate::submission::UserId;

/// One step of the chain; any one of its members signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainStep {
    /// Which place it is, such as 开发组长.
    pub name: &'static str,
    /// Who may sign, never empty.
    pub members: Vec<UserId>,
}

/// Why the chain cannot be told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChainGap {
    /// There is no directory.
    #[error("未配置通讯录，无法确定审批人；请管理员配置 [directory]")]
    NoDirectory,
    /// The directory does not know the applicant's team.
    #[error("通讯录中查不到您所在的小组，无法确定审批人；请管理员在通讯录中补上")]
    NoTeam,
    /// Nobody holds a place but the applicant.
    #[error("通讯录中没有可以审批的{0}（申请人本人除外），无法确定审批人；请管理员在通讯录中补上")]
    Nobody(&'static str),
}

/// The chain for a change of this applicant. Nobody signs their own change, so the applicant stands in no step.
pub fn wanted_chain(
    applicant: &UserId,
    urgency: Urgency,
    directory: Option<&Directory>,
) -> Result<Vec<ChainStep>, ChainGap> {
    let directory = directory.ok_or(ChainGap::NoDirectory)?;
    let team = directory.team_of(applicant).ok_or(ChainGap::NoTeam)?;
    let step = |name, members: Vec<&UserId>| {
        let members: Vec<UserId> = members
            .into_iter()
            .filter(|user| *user != applicant)
            .cloned()
            .collect();
        if members.is_empty() {
            Err(ChainGap::Nobody(name))
        } else {
            Ok(ChainStep { name, members })
        }
    };
    let of_role = |name, role| step(name, directory.holders(role).collect());
    let mut chain = vec![
        step("开发组长", team.development_leads.iter().collect())?,
        step("测试组长", team.test_leads.iter().collect())?,
    ];
    match urgency {
        Urgency::Emergency => chain.push(of_role("CCB 组", Role::Ccb)?),
        Urgency::Normal => {}
    }
    chain.push(of_role("运维负责人", Role::OperationsLead)?);
    Ok(chain)
}
