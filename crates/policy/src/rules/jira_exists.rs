//! `jira-exists` (六.5): every linked issue exists, and its headline shares words with the item's name.

mod words;

use super::linked_issues::{Answer, Linked, dated, linked, unknown};
use crate::evaluate::{Context, Finding, Judgement};
use crate::facts::Issue;

pub(crate) fn judge(context: &Context<'_>) -> Judgement {
    let linked = match linked(context) {
        Ok(linked) => linked,
        Err(judgement) => return judgement,
    };
    let (mut missing, mut strange, mut unavailable) = (Vec::new(), Vec::new(), Vec::new());
    for link in &linked {
        match link.answer {
            Answer::Found(issue) if words::share(link.item.feature(), &issue.summary) => {}
            Answer::Found(issue) => strange.push((link, issue)),
            Answer::Missing => missing.push(link),
            Answer::Unavailable(reason) => unavailable.push((link.key, reason)),
        }
    }
    if !missing.is_empty() {
        Judgement::Fail(not_there(context, &missing))
    } else if !unavailable.is_empty() {
        unknown(&unavailable)
    } else if !strange.is_empty() {
        Judgement::Warn(about_something_else(context, &strange))
    } else {
        Judgement::Pass
    }
}

fn not_there(context: &Context<'_>, missing: &[&Linked<'_>]) -> Finding {
    let names: Vec<String> = missing
        .iter()
        .map(|link| format!("第 {} 项的 {}", link.number, link.key))
        .collect();
    Finding {
        message: format!(
            "JIRA 中没有这些单（或无权查看）：{}；请核对单号，改为对应功能的 JIRA 单后重新发起",
            names.join("、")
        ),
        evidence: missing.first().map(|link| link.evidence(context)),
        fix: None,
    }
}

fn about_something_else(context: &Context<'_>, strange: &[(&Linked<'_>, &Issue)]) -> Finding {
    let parts: Vec<String> = strange
        .iter()
        .map(|(link, issue)| {
            format!(
                "第 {} 项“{}”的 JIRA 单 {} 标题是“{}”，与功能名称没有相同的词",
                link.number,
                link.item.feature(),
                link.key,
                issue.summary.trim()
            )
        })
        .collect();
    let message = format!("{}；请核对是否填错了单号", parts.join("；"));
    Finding {
        message: dated(context, message, strange.iter().map(|(_, issue)| *issue)),
        evidence: strange.first().map(|(link, _)| link.evidence(context)),
        fix: None,
    }
}

#[cfg(test)]
mod tests;
