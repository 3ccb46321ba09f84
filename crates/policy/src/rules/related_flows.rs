//! `related-flows` (六.1): a requirement that other teams release too has their flows attached, or the change
//! plan list.

use std::collections::BTreeSet;

use crate::evaluate::{Context, Finding, Judgement};
use crate::facts::{Directory, IssueFact, OtherChange, Team};
use crate::reading::squeeze;
use crate::rules::attachments;
use crate::submission::RelatedApproval;

/// The file that stands in for the related flows.
const CHANGE_PLAN_LIST: &str = "变更计划清单";

pub(crate) fn judge(context: &Context<'_>) -> Judgement {
    let keys = context.reading.keys();
    if keys.is_empty() {
        return Judgement::Skip("升级功能描述中没有 JIRA 单".into());
    }
    let flows = others_flows(context, &keys);
    let teams = teams(context, &keys);
    if flows.is_none() && teams.is_none() {
        return Judgement::Skip("没有其他变更的数据，也没有小组与 JIRA 项目、组件的对应关系".into());
    }
    let (flows, teams) = (flows.unwrap_or_default(), teams.unwrap_or_default());
    if flows.is_empty() && teams.len() < 2 {
        return Judgement::Skip("未发现其他小组的关联发版".into());
    }
    let related = context.submission.related.value().map_or(&[][..], Vec::as_slice);
    let missing: Vec<&OtherChange> = flows
        .iter()
        .filter(|flow| !attached(related, flow))
        .copied()
        .collect();
    if missing.is_empty() && !related.is_empty() {
        return Judgement::Pass;
    }
    let pending = context
        .facts
        .files
        .as_ref()
        .and_then(|files| files.pending.as_ref());
    match (attachments::holds(context, CHANGE_PLAN_LIST), pending) {
        (Some(true), _) => Judgement::Pass,
        (Some(false), _) => fail(&missing, &teams),
        (None, Some(reason)) => Judgement::Unknown(format!("附件文件名尚未取得：{reason}")),
        (None, None) => Judgement::Skip("已有附件，文件名尚未核对，无法确认是否附有变更计划清单".into()),
    }
}

/// Other teams' open changes with one of the keys; `None` where nobody looked.
fn others_flows<'a>(context: &Context<'a>, keys: &[&str]) -> Option<Vec<&'a OtherChange>> {
    let team = context.team().map(|team| team.name.as_str());
    let open = context.facts.open_changes.as_ref()?;
    let shares = |other: &&OtherChange| {
        other.sp_no != context.submission.sp_no
            && other.team.is_some()
            && other.team.as_deref() != team
            && keys.iter().any(|key| other.jira.contains(*key))
    };
    Some(open.iter().filter(shares).collect())
}

/// The teams that release the issues; `None` where no team has a project or a component.
fn teams<'a>(context: &Context<'a>, keys: &[&str]) -> Option<BTreeSet<&'a str>> {
    let directory = context.directory()?;
    let mapped = |team: &Team| !team.jira_projects.is_empty() || !team.jira_components.is_empty();
    if !directory.teams.iter().any(mapped) {
        return None;
    }
    let teams = keys.iter().flat_map(|key| releasing(context, directory, key));
    Some(teams.map(|team| team.name.as_str()).collect())
}

/// The teams that release one issue: those of its components beside the applicant's, which releases the rest of it;
/// without such a component that of its project.
fn releasing<'a>(context: &Context<'a>, directory: &'a Directory, key: &str) -> Vec<&'a Team> {
    let components = components(context, key);
    let of_component = |team: &&Team| {
        let mut own = team.jira_components.iter();
        own.any(|component| components.contains(&squeeze(component)))
    };
    let project = key.rsplit_once('-').map(|(project, _)| project);
    let of_project = |team: &&Team| project.is_some_and(|project| team.jira_projects.contains(project));
    let mut releasing: Vec<&Team> = directory.teams.iter().filter(of_component).collect();
    match context.team() {
        Some(own) if !releasing.is_empty() => releasing.push(own),
        Some(_) | None => releasing.extend(directory.teams.iter().filter(of_project)),
    }
    releasing
}

/// The components of an issue, as they are compared; none where JIRA did not show it.
fn components(context: &Context<'_>, key: &str) -> BTreeSet<String> {
    let fact = context.facts.issues.as_ref().and_then(|issues| issues.get(key));
    match fact {
        Some(IssueFact::Found(issue)) => issue.components.iter().map(|name| squeeze(name)).collect(),
        Some(IssueFact::Missing | IssueFact::Unavailable(_)) | None => BTreeSet::new(),
    }
}

fn attached(related: &[RelatedApproval], flow: &OtherChange) -> bool {
    related.iter().any(|approval| approval.sp_no == flow.sp_no)
}

fn fail(missing: &[&OtherChange], teams: &BTreeSet<&str>) -> Judgement {
    let evidence: Vec<&str> = missing.iter().map(|flow| flow.sp_no.as_str()).collect();
    let what = if missing.is_empty() {
        format!(
            "本次 JIRA 单分属多个小组（{}）",
            teams.iter().copied().collect::<Vec<_>>().join("、")
        )
    } else {
        format!("同一需求另有其他小组的流程（{}）", evidence.join("、"))
    };
    Judgement::Fail(Finding {
        message: format!("{what}，请在“关联审批单”中附上其他小组的流程，或在“附件”中附上{CHANGE_PLAN_LIST}"),
        evidence: (!evidence.is_empty()).then(|| (evidence.join("、"), None)),
        fix: None,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use crate::facts::{Facts, Issue, IssueFact};
    use crate::rule::RuleId;
    use crate::rules::testing::{compliant, directory, judged, text, users};
    use crate::submission::{Field, Submission};
    use crate::verdict::Status::{self, Fail, Skip};

    /// How a form of `applicant` for one issue with these components is judged; nothing is attached.
    fn of(applicant: &str, key: &str, components: &[&str]) -> (Status, String) {
        let mut directory = directory();
        directory.teams[1].jira_components = ["行情 推送".to_owned()].into();
        let issue = IssueFact::Found(Issue {
            components: components.iter().map(|&name| name.to_owned()).collect(),
            ..Issue::default()
        });
        let facts = Facts {
            directory: Some(Arc::new(directory)),
            issues: Some(BTreeMap::from([(key.to_owned(), issue)])),
            ..Facts::default()
        };
        let form = Submission {
            applicants: users(&[applicant]),
            attachments: Field::Empty,
            description: text(&format!(
                "1、条件单功能，已通过 UAT 验收，已通过回归测试；JIRA 单：http://jira.yxzq.com/browse/{key}；"
            )),
            ..compliant()
        };
        let result = judged(RuleId::RelatedFlows, &form, &facts);
        (result.status, result.message.unwrap_or_default())
    }

    #[test]
    fn a_component_of_another_team_is_released_by_two() {
        for (applicant, key, components, wanted) in [
            ("dev1", "TRADE-1", &[][..], Skip),
            ("dev1", "TRADE-1", &["下单"][..], Skip),
            ("dev1", "TRADE-1", &["下单", "行情推送"], Fail),
            ("dev1", "APP-1", &["行情推送"], Fail),
            ("dev2", "TRADE-1", &["行情推送"], Skip),
            ("dev2", "QUOTE-1", &["行情推送"], Skip),
            ("stranger", "TRADE-1", &["行情推送"], Fail),
            ("stranger", "QUOTE-1", &["行情推送"], Skip),
        ] {
            let (status, message) = of(applicant, key, components);
            assert_eq!(status, wanted, "{applicant} {key} {components:?}: {message}");
            let named = message.contains("行情组") && message.contains("交易组");
            assert_eq!(named, wanted == Fail, "{message}");
        }
    }
}
