//! `description-jira` (六.5): every item has a link to an allowed JIRA host that names an issue.

use super::description_items::{NO_ITEM, evidence, fix, join};
use crate::description::{Fault, Item};
use crate::evaluate::{Context, Finding, Judgement};

pub(crate) fn judge(context: &Context<'_>) -> Judgement {
    let description = &context.reading.description;
    if description.items().is_empty() {
        return NO_ITEM;
    }
    let (mut faults, mut slips) = (Vec::new(), Vec::new());
    let mut seen: Vec<(&str, usize)> = Vec::new();
    for (number, item) in (1_usize..).zip(description.items()) {
        if item
            .links
            .iter()
            .any(|link| link.key.is_some() && link.fault.is_none())
        {
            // One good link is enough.
        } else if let Some(link) = item.links.iter().find(|link| link.leads()) {
            slips.push((
                format!("第 {number} 项的 JIRA 单链接{}", link.fault.map_or("", words)),
                link.range.clone(),
            ));
        } else {
            let link = item
                .links
                .iter()
                .find(|link| link.fault != Some(Fault::BareKey))
                .or_else(|| item.links.first());
            let message = link.and_then(|link| link.fault).map_or_else(
                || format!("第 {number} 项缺少 JIRA 单链接"),
                |fault| format!("第 {number} 项的 JIRA 单链接{}", words(fault)),
            );
            faults.push((
                message,
                link.map_or_else(|| item.whole(), |link| link.range.clone()),
            ));
        }
        for key in item.keys() {
            match seen.iter().find(|(other, _)| *other == key) {
                Some((_, other)) if *other != number => {
                    slips.push((
                        format!("第 {other} 项与第 {number} 项是同一个 JIRA 单 {key}"),
                        place(item, key),
                    ));
                }
                Some(_) => {}
                None => seen.push((key, number)),
            }
        }
    }
    let finding = |found: &[(String, std::ops::Range<usize>)]| Finding {
        message: join(found.iter().map(|(message, _)| message.as_str())),
        evidence: found.first().map(|(_, range)| evidence(description, range)),
        fix: Some(fix(context)),
    };
    if !faults.is_empty() {
        Judgement::Fail(finding(&faults))
    } else if !slips.is_empty() {
        Judgement::Warn(finding(&slips))
    } else {
        Judgement::Pass
    }
}

fn place(item: &Item, key: &str) -> std::ops::Range<usize> {
    let link = item.links.iter().find(|link| link.key.as_deref() == Some(key));
    link.map_or_else(|| item.whole(), |link| link.range.clone())
}

fn words(fault: Fault) -> &'static str {
    match fault {
        Fault::NoScheme => "缺少“http://”",
        Fault::WideScheme => "的“http://”用了全角符号",
        Fault::Blank => "中间多了空格",
        Fault::BareKey => "只写了单号，应写完整链接",
        Fault::OtherScheme => "应以“http://”或“https://”开头",
        Fault::OtherHost => "不是公司 JIRA 的地址",
        Fault::OtherPort => "的端口不是公司 JIRA 的端口",
        Fault::UserInfo => "中含有“@”，不是公司 JIRA 的地址",
        Fault::NoKey => "没有指明单号",
    }
}
