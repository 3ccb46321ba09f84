//! `description-uat` (六.5): every item says 已通过 UAT 验收, but for technical requirements.

use std::ops::Range;

use super::description_items::{NO_ITEM, evidence, fix, join};
use crate::description::{Claim, Description, Item, Said};
use crate::evaluate::{Context, Finding, Judgement};

pub(crate) fn judge(context: &Context<'_>) -> Judgement {
    let description = &context.reading.description;
    if description.items().is_empty() {
        return NO_ITEM;
    }
    if description.all_technical() {
        return Judgement::Skip("各项均为技术需求，不需要产品验收".into());
    }
    let items = (1_usize..)
        .zip(description.items())
        .filter(|(_, item)| !item.technical);
    acceptance(
        context,
        "已通过 UAT 验收",
        items.map(|(number, item)| (number, item, description.uat(item))),
    )
}

/// Judges what the items say about one topic, whose regular words are `wording`.
pub(super) fn acceptance<'a>(
    context: &Context<'_>,
    wording: &str,
    items: impl Iterator<Item = (usize, &'a Item, &'a Said)>,
) -> Judgement {
    let description = &context.reading.description;
    let (mut faults, mut slips): (Vec<_>, Vec<_>) = (Vec::new(), Vec::new());
    for (number, item, said) in items {
        if let Some(denial) = &said.denial {
            faults.push((
                format!(
                    "第 {number} 项写明尚未“{wording}”（{}）",
                    quoted(description, denial)
                ),
                denial.clone(),
            ));
        } else {
            match said.claim {
                Claim::Missing => faults.push((format!("第 {number} 项缺少“{wording}”"), item.whole())),
                Claim::Equivalent => {
                    let words = said.words.clone().unwrap_or_else(|| item.whole());
                    let own = item.body.contains(&words.start);
                    if own {
                        let quote = quoted(description, &words);
                        slips.push((format!("第 {number} 项的“{quote}”应写成“{wording}”"), words));
                    }
                }
                Claim::Standard => {}
            }
        }
    }
    let finding = |found: &[(String, Range<usize>)]| Finding {
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

fn quoted(description: &Description, range: &Range<usize>) -> String {
    description.quote(range).0
}
