//! `related-flows` (六.1): a requirement that other teams release too has their flows attached, or the change
//! plan list.

use std::collections::BTreeSet;

use crate::evaluate::{Context, Finding, Judgement};
use crate::facts::OtherChange;
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
        return Judgement::Skip("没有其他变更的数据，也没有小组与 JIRA 项目的对应关系".into());
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

/// The teams whose JIRA projects the items name; `None` where no team has any.
fn teams<'a>(context: &Context<'a>, keys: &[&str]) -> Option<BTreeSet<&'a str>> {
    let directory = context.directory()?;
    let mut mapped = directory
        .teams
        .iter()
        .filter(|team| !team.jira_projects.is_empty())
        .peekable();
    mapped.peek()?;
    let projects: BTreeSet<&str> = keys
        .iter()
        .filter_map(|key| key.rsplit_once('-').map(|(project, _)| project))
        .collect();
    let named = mapped.filter(|team| {
        team.jira_projects
            .iter()
            .any(|project| projects.contains(project.as_str()))
    });
    Some(named.map(|team| team.name.as_str()).collect())
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
