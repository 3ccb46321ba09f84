//! `uat-accepted` (三): JIRA shows that the product manager accepted every requirement, in time and for good.

mod course;
mod next_start;
mod texts;

use self::course::{Acceptance, Course};
use super::linked_issues::{Answer, Linked, dated, linked, unknown};
use crate::evaluate::{Context, Finding, Judgement};
use crate::facts::Issue;
use crate::policy::Standing;
use crate::reading::Urgency;
use crate::rule::RuleId;

/// What is said of one issue.
enum Said {
    /// Accepted.
    Accepted,
    /// Accepted, but somebody should look.
    Doubtful(String),
    /// Not accepted, or not in time.
    Refused(String),
    /// Cannot be told, and why.
    Open(&'static str),
}

pub(crate) fn judge(context: &Context<'_>) -> Judgement {
    let linked = match linked(context) {
        Ok(linked) => linked,
        Err(judgement) => return judgement,
    };
    if context.reading.all_technical() {
        return Judgement::Skip("各项均为技术需求，无须产品验收".into());
    }
    let mut asked: Vec<&Linked<'_>> = Vec::new();
    for link in linked.iter().filter(|link| !link.item.technical) {
        if asked.iter().all(|known| known.key != link.key) {
            asked.push(link);
        }
    }
    if asked.is_empty() {
        return Judgement::Skip("需产品验收的各项没有 JIRA 单".into());
    }
    let (mut refused, mut open, mut doubtful, mut records) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for link in asked {
        let issue = match link.answer {
            Answer::Found(issue) => issue,
            Answer::Missing => continue,
            Answer::Unavailable(reason) => {
                open.push((link.key, reason));
                continue;
            }
        };
        let course = Course::of(issue, context.policy.jira());
        let record = texts::record(context.policy, link.key, &course);
        match said(context, link, issue, &course) {
            Said::Accepted => {}
            Said::Doubtful(message) => doubtful.push((link, issue, message, record.clone())),
            Said::Refused(message) => refused.push((link, issue, message, record.clone())),
            Said::Open(reason) => open.push((link.key, reason)),
        }
        records.extend(record);
    }
    if !refused.is_empty() {
        Judgement::Fail(finding(context, &refused))
    } else if !open.is_empty() {
        unknown(&open)
    } else if !doubtful.is_empty() {
        Judgement::Warn(finding(context, &doubtful))
    } else if records.is_empty() {
        let rule = RuleId::JiraExists.name();
        Judgement::Skip(format!("JIRA 中没有这些单，见“{rule}”").into())
    } else {
        Judgement::PassWith(records.join("；"))
    }
}

fn said(context: &Context<'_>, link: &Linked<'_>, issue: &Issue, course: &Course<'_>) -> Said {
    if issue.status.trim().is_empty() {
        return Said::Open("JIRA 没有给出状态");
    }
    match context.policy.jira().standing(&issue.status) {
        Standing::Uat => Said::Refused(texts::in_uat(context, link, issue, course)),
        Standing::Elsewhere => Said::Refused(texts::elsewhere(context, link, issue)),
        Standing::Ready | Standing::Later => match &course.accepted {
            Some(acceptance) if !in_time(context, acceptance) => {
                let late = texts::late(context, link, issue, acceptance);
                // 六 lets an emergency be filed once the problem is mended, before anybody could accept: what came
                // since heals the rejection, and the approvers are told.
                if context.reading.urgency == Some(Urgency::Emergency) {
                    Said::Doubtful(late)
                } else {
                    Said::Refused(late)
                }
            }
            Some(acceptance) => {
                texts::doubts(context, link, acceptance).map_or(Said::Accepted, Said::Doubtful)
            }
            None if issue.log_incomplete && course.taken_back.is_none() => {
                Said::Open("变更记录不完整，看不到验收的流转")
            }
            None => Said::Refused(texts::no_acceptance(context, link, issue, course)),
        },
    }
}

/// 正常: on a day before that of filing; 紧急, or where that is not set: before the moment of filing.
fn in_time(context: &Context<'_>, acceptance: &Acceptance<'_>) -> bool {
    let at = acceptance.entry.at;
    match context.reading.urgency {
        Some(Urgency::Normal) => context.policy.day_of(at) < context.reading.apply_day,
        Some(Urgency::Emergency) | None => at < context.submission.apply_time,
    }
}

type Fault<'a> = (&'a Linked<'a>, &'a Issue, String, Option<String>);

/// One finding of all faults: what the log shows as evidence, else the first link.
fn finding(context: &Context<'_>, faults: &[Fault<'_>]) -> Finding {
    let messages: Vec<&str> = faults.iter().map(|(_, _, message, _)| message.as_str()).collect();
    let records: Vec<&str> = faults
        .iter()
        .filter_map(|(.., record)| record.as_deref())
        .collect();
    let evidence = if records.is_empty() {
        faults.first().map(|(link, ..)| link.evidence(context))
    } else {
        Some((records.join("；"), None))
    };
    Finding {
        message: dated(
            context,
            messages.join("；"),
            faults.iter().map(|(_, issue, ..)| *issue),
        ),
        evidence,
        fix: None,
    }
}

#[cfg(test)]
mod tests;
