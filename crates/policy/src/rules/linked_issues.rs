//! What JIRA says of the issues that the items link to, as the rules on issues ask for it.

use chrono::{DateTime, TimeDelta, Utc};

use crate::description::Item;
use crate::evaluate::{Context, Judgement};
use crate::facts::{Issue, IssueFact};
use crate::policy::Policy;
use crate::verdict::Evidence;

/// Data this old are dated in messages: somebody may have moved the issue since.
const FRESH: TimeDelta = TimeDelta::minutes(10);

/// An issue that an item links to.
pub(super) struct Linked<'a> {
    /// The item's place in the list, from 1.
    pub(super) number: u32,
    pub(super) item: &'a Item,
    /// Upper case.
    pub(super) key: &'a str,
    pub(super) answer: Answer<'a>,
}

/// What JIRA says of it.
#[derive(Clone, Copy)]
pub(super) enum Answer<'a> {
    Found(&'a Issue),
    Missing,
    /// Nobody knows, and why.
    Unavailable(&'a str),
}

/// Every link of every item; the judgement instead where there is nothing to look at.
pub(super) fn linked<'a>(context: &Context<'a>) -> Result<Vec<Linked<'a>>, Judgement> {
    let Some(issues) = &context.facts.issues else {
        return Err(Judgement::Skip("未配置 JIRA，没有核对 JIRA 单".into()));
    };
    let mut linked: Vec<Linked<'a>> = Vec::new();
    for (number, item) in (1..).zip(context.reading.description.items()) {
        for key in item.keys() {
            if linked
                .iter()
                .any(|known| known.number == number && known.key == key)
            {
                continue;
            }
            let answer = match issues.get(key) {
                Some(IssueFact::Found(issue)) => Answer::Found(issue),
                Some(IssueFact::Missing) => Answer::Missing,
                Some(IssueFact::Unavailable(reason)) => Answer::Unavailable(reason),
                None => Answer::Unavailable("未查询"),
            };
            linked.push(Linked {
                number,
                item,
                key,
                answer,
            });
        }
    }
    if linked.is_empty() {
        return Err(Judgement::Skip("升级功能描述中没有 JIRA 单".into()));
    }
    Ok(linked)
}

impl Linked<'_> {
    /// Which it is, for a message.
    pub(super) fn name(&self) -> String {
        format!("第 {} 项 {}", self.number, self.key)
    }

    /// Its link as it stands on the form.
    pub(super) fn evidence(&self, context: &Context<'_>) -> (String, Option<Evidence>) {
        let link = self
            .item
            .links
            .iter()
            .find(|link| link.leads() && link.key.as_deref() == Some(self.key));
        let place = link.map_or_else(|| self.item.whole(), |link| link.range.clone());
        super::description_items::evidence(&context.reading.description, &place)
    }
}

/// That some issues could not be had: the keys, by reason.
pub(super) fn unknown(unavailable: &[(&str, &str)]) -> Judgement {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for &(key, reason) in unavailable {
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, keys)) if keys.contains(&key) => {}
            Some((_, keys)) => keys.push(key),
            None => reasons.push((reason, vec![key])),
        }
    }
    let parts = reasons
        .iter()
        .map(|(reason, keys)| format!("JIRA 单 {} 的数据未取得：{reason}", keys.join("、")));
    Judgement::Unknown(parts.collect::<Vec<_>>().join("；"))
}

/// The message, dated where the oldest data behind it are no longer fresh.
pub(super) fn dated<'a>(
    context: &Context<'_>,
    message: String,
    issues: impl Iterator<Item = &'a Issue>,
) -> String {
    let oldest = issues.filter_map(|issue| issue.read_at).min();
    match oldest.filter(|&read_at| context.now.signed_duration_since(read_at) > FRESH) {
        None => message,
        Some(read_at) => {
            let same_day = context.policy.day_of(read_at) == context.policy.day_of(context.now);
            let read_at = if same_day {
                context.policy.local(read_at).format("%H:%M").to_string()
            } else {
                moment(context.policy, read_at)
            };
            format!("{message}（JIRA 数据取自 {read_at}）")
        }
    }
}

/// An instant such as 11月24日 15:02, in the policy's zone.
pub(super) fn moment(policy: &Policy, at: DateTime<Utc>) -> String {
    policy.local(at).format("%-m月%-d日 %H:%M").to_string()
}
