//! `approval-chain` (四, 七): development lead, test lead, for 紧急 CCB, operations lead, in this order.

use crate::evaluate::{Context, Finding, Judgement};
use crate::facts::{ApproverMode, Chain, Directory, Role, Team};
use crate::reading::Urgency;
use crate::rules::people;
use crate::submission::UserId;

/// A place in the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    DevelopmentLead,
    TestLead,
    Ccb,
    OperationsLead,
}

impl Place {
    fn name(self) -> &'static str {
        match self {
            Self::DevelopmentLead => "开发组长",
            Self::TestLead => "测试组长",
            Self::Ccb => "平台产品技术线 CCB 组成员",
            Self::OperationsLead => "运维负责人",
        }
    }

    fn held_by(self, user: &UserId, team: &Team, directory: &Directory) -> bool {
        match self {
            Self::DevelopmentLead => team.development_leads.contains(user),
            Self::TestLead => directory.teams.iter().any(|team| team.test_leads.contains(user)),
            Self::Ccb => directory.holds(user, Role::Ccb),
            Self::OperationsLead => directory.holds(user, Role::OperationsLead),
        }
    }

    /// Whether the directory names anybody for the place.
    fn is_known(self, team: &Team, directory: &Directory) -> bool {
        match self {
            Self::DevelopmentLead => !team.development_leads.is_empty(),
            Self::TestLead => directory.teams.iter().any(|team| !team.test_leads.is_empty()),
            Self::Ccb => directory.holders(Role::Ccb).next().is_some(),
            Self::OperationsLead => directory.holders(Role::OperationsLead).next().is_some(),
        }
    }
}

pub(crate) fn judge(context: &Context<'_>) -> Judgement {
    let Some(chain) = &context.facts.chain else {
        return Judgement::Skip("没有审批链数据".into());
    };
    let Some(directory) = context.directory() else {
        return Judgement::Skip("未配置通讯录，无法核对审批链".into());
    };
    let Some(team) = context.team() else {
        return Judgement::Skip("通讯录中查不到发起人所在小组，无法核对审批链".into());
    };
    let required = required(context.reading.urgency);
    if let Some(place) = required.iter().find(|place| !place.is_known(team, directory)) {
        return Judgement::Skip(format!("通讯录中没有{}，无法核对审批链", place.name()).into());
    }
    let steps = steps(chain);
    match first_missing(&steps, required, team, directory) {
        Some(place) => fail(context, chain, place, required),
        None => without_ccb(context, &steps, team, directory),
    }
}

/// Where the urgency is not set, whether CCB is needed cannot be said.
fn required(urgency: Option<Urgency>) -> &'static [Place] {
    match urgency {
        Some(Urgency::Emergency) => &[
            Place::DevelopmentLead,
            Place::TestLead,
            Place::Ccb,
            Place::OperationsLead,
        ],
        Some(Urgency::Normal) | None => &[Place::DevelopmentLead, Place::TestLead, Place::OperationsLead],
    }
}

/// Approvers in the order of signing; those who sign side by side are one step.
fn steps(chain: &Chain) -> Vec<Vec<&UserId>> {
    let mut steps = Vec::new();
    for node in &chain.nodes {
        match node.mode {
            ApproverMode::Sequential => steps.extend(node.approvers.iter().map(|user| vec![user])),
            ApproverMode::All | ApproverMode::Any => steps.push(node.approvers.iter().collect()),
        }
    }
    steps
}

/// The first place that no step fills after the places before it.
fn first_missing(
    steps: &[Vec<&UserId>],
    required: &[Place],
    team: &Team,
    directory: &Directory,
) -> Option<Place> {
    let mut rest = steps.iter();
    let fills =
        |step: &&Vec<&UserId>, place: Place| step.iter().any(|user| place.held_by(user, team, directory));
    let mut current: Option<&Vec<&UserId>> = None;
    for &place in required {
        // One person who holds two places signs once.
        let again = current.is_some_and(|step| step.len() == 1 && fills(&step, place));
        if !again {
            current = Some(match rest.find(|step| fills(step, place)) {
                Some(step) => step,
                None => return Some(place),
            });
        }
    }
    None
}

fn without_ccb(
    context: &Context<'_>,
    steps: &[Vec<&UserId>],
    team: &Team,
    directory: &Directory,
) -> Judgement {
    match context.reading.urgency {
        Some(Urgency::Emergency) | None => return Judgement::Pass,
        Some(Urgency::Normal) => {}
    }
    let other = [Place::DevelopmentLead, Place::TestLead, Place::OperationsLead];
    let only_ccb = |step: &&Vec<&UserId>| {
        step.iter().any(|user| Place::Ccb.held_by(user, team, directory))
            && !step
                .iter()
                .any(|user| other.iter().any(|place| place.held_by(user, team, directory)))
    };
    let Some(step) = steps.iter().find(only_ccb) else {
        return Judgement::Pass;
    };
    let names = people::list(context, step.iter().copied());
    Judgement::Warn(Finding {
        message: format!("正常变更无需经 CCB 组审批，审批链中的 CCB 节点（{names}）可以去掉"),
        evidence: Some((names, None)),
        fix: None,
    })
}

fn fail(context: &Context<'_>, chain: &Chain, place: Place, required: &[Place]) -> Judgement {
    let wanted = required
        .iter()
        .map(|place| place.name())
        .collect::<Vec<_>>()
        .join(" → ");
    let nodes = chain
        .nodes
        .iter()
        .map(|node| people::list(context, &node.approvers));
    let found = nodes.collect::<Vec<_>>().join(" → ");
    Judgement::Fail(Finding {
        message: format!(
            "审批链缺少{}，或次序不对；应为：{wanted}。请核对审批流程设置后重新发起",
            place.name()
        ),
        evidence: Some((found, None)),
        fix: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{ApprovalNode, Facts};
    use crate::rule::RuleId;
    use crate::rules::testing::{compliant, judged, text, users, with_directory};
    use crate::submission::Submission;
    use crate::verdict::Status::{self, Fail, Pass, Skip, Warn};

    fn chain(nodes: &[&[&str]]) -> Chain {
        let node = |ids: &&[&str]| ApprovalNode {
            mode: ApproverMode::Any,
            approvers: users(ids),
            signed: Vec::new(),
        };
        Chain {
            nodes: nodes.iter().map(node).collect(),
        }
    }

    fn status(urgency: &str, nodes: &[&[&str]]) -> Status {
        let submission = Submission {
            urgency: text(urgency),
            ..compliant()
        };
        let facts = Facts {
            chain: Some(chain(nodes)),
            ..with_directory()
        };
        judged(RuleId::ApprovalChain, &submission, &facts).status
    }

    #[test]
    fn the_chain_has_its_places_in_order() {
        assert_eq!(status("正常", &[&["lead"], &["testlead"], &["ops"]]), Pass);
        assert_eq!(
            status("正常", &[&["LEAD"], &["pm1"], &["testlead2", "x"], &["ops"]]),
            Pass
        );
        assert_eq!(status("正常", &[&["testlead"], &["lead"], &["ops"]]), Fail);
        assert_eq!(status("正常", &[&["lead2"], &["testlead"], &["ops"]]), Fail);
        assert_eq!(
            status("正常", &[&["lead"], &["testlead"], &["ccb1"], &["ops"]]),
            Warn
        );
        assert_eq!(
            status("紧急", &[&["lead"], &["testlead"], &["ccb1"], &["ops"]]),
            Pass
        );
        assert_eq!(status("紧急", &[&["lead"], &["testlead"], &["ops"]]), Fail);
        assert_eq!(
            status("紧急", &[&["lead"], &["testlead"], &["ops"], &["ccb1"]]),
            Fail
        );
        assert_eq!(status("正常", &[&["lead", "testlead"], &["ops"]]), Fail);
        assert_eq!(status("正常", &[]), Fail);
    }

    #[test]
    fn without_chain_or_directory_nothing_is_said() {
        assert_eq!(
            judged(RuleId::ApprovalChain, &compliant(), &with_directory()).status,
            Skip
        );
        let facts = Facts {
            chain: Some(chain(&[&["lead"]])),
            ..Facts::default()
        };
        assert_eq!(judged(RuleId::ApprovalChain, &compliant(), &facts).status, Skip);
    }

    #[test]
    fn nobody_approves_their_own_change() {
        let of = |nodes: &[&[&str]]| {
            let facts = Facts {
                chain: Some(chain(nodes)),
                ..with_directory()
            };
            judged(RuleId::SeparationOfDuties, &compliant(), &facts).status
        };
        assert_eq!(of(&[&["lead"], &["testlead"], &["ops"]]), Pass);
        assert_eq!(of(&[&["Dev1"], &["testlead"], &["ops"]]), Warn);
        assert_eq!(of(&[&["lead", "pm1"], &["testlead"], &["ops"]]), Warn);
        assert_eq!(of(&[&["lead"], &["testlead", "qa1"], &["ops"]]), Pass);
        assert_eq!(
            judged(RuleId::SeparationOfDuties, &compliant(), &with_directory()).status,
            Skip
        );
    }
}
