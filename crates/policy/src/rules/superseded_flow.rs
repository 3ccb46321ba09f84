//! `superseded-flow` (六.2): no other open change of the same team has the same JIRA keys.

use crate::evaluate::{Context, Finding, Judgement};
use crate::facts::OtherChange;

pub(crate) fn judge(context: &Context<'_>) -> Judgement {
    let Some(open) = &context.facts.open_changes else {
        return Judgement::Skip("没有其他变更的数据".into());
    };
    let keys = context.reading.keys();
    if keys.is_empty() {
        return Judgement::Skip("升级功能描述中没有 JIRA 单".into());
    }
    let team = context.team().map(|team| team.name.as_str());
    let same = |other: &&OtherChange| {
        other.sp_no != context.submission.sp_no
            && other.team.as_deref() == team
            && keys.iter().any(|key| other.jira.contains(*key))
    };
    match open.iter().find(same) {
        None => Judgement::Pass,
        Some(other) => warn(other, &keys),
    }
}

fn warn(other: &OtherChange, keys: &[&str]) -> Judgement {
    let shared: Vec<&str> = keys
        .iter()
        .copied()
        .filter(|key| other.jira.contains(*key))
        .collect();
    let shared = shared.join("、");
    Judgement::Warn(Finding {
        message: format!(
            "本小组另有未结束的流程 {}（{}）含相同的 JIRA 单 {shared}；若已由本流程取代，请撤回较早的流程",
            other.sp_no, other.title
        ),
        evidence: Some((shared, None)),
        fix: None,
    })
}
