//! `description-items` (六.5): a numbered list of features, each named and its name ending with 功能.

use crate::description::{Description, Item, NameState};
use crate::evaluate::{Context, Finding, Judgement};
use crate::submission::Field;
use crate::verdict::Evidence;

pub(crate) fn judge(context: &Context<'_>) -> Judgement {
    let description = &context.reading.description;
    if let Field::Absent(control) = &context.submission.description {
        return Judgement::Fail(Finding {
            message: format!("表单缺少控件“{control}”，无法核对升级功能描述；请管理员核对审批模板"),
            evidence: None,
            fix: None,
        });
    }
    let items = description.items();
    if items.is_empty() {
        let message = if description.is_blank() {
            "“升级功能描述”未填写，应逐项列出“1、XX功能，已通过 UAT 验收，已通过回归测试；JIRA 单：链接；”"
        } else {
            "“升级功能描述”中没有按“1、…功能”编号的功能项"
        };
        return Judgement::Fail(Finding {
            message: message.to_owned(),
            evidence: None,
            fix: Some(fix(context)),
        });
    }
    let nameless = (1_usize..)
        .zip(items)
        .filter(|(_, item)| item.name.state != NameState::Filled);
    let mut faults: Vec<(String, &Item)> = Vec::new();
    for (number, item) in nameless {
        let what = match item.name.state {
            NameState::Placeholder => "的功能名称仍是占位符",
            NameState::Empty | NameState::Filled => "没有写功能名称",
        };
        faults.push((format!("第 {number} 项{what}"), item));
    }
    if let Some((_, first)) = faults.first() {
        let evidence = Some(evidence(description, &first.whole()));
        let message = join(faults.iter().map(|(message, _)| message.as_str()));
        return Judgement::Fail(Finding {
            message,
            evidence,
            fix: Some(fix(context)),
        });
    }
    let notes = notes(description);
    let Some((_, place)) = notes.first() else {
        return Judgement::Pass;
    };
    let evidence = place.map(|item| evidence(description, &item.whole()));
    let message = join(notes.iter().map(|(message, _)| message.as_str()));
    Judgement::Warn(Finding {
        message,
        evidence,
        fix: Some(fix(context)),
    })
}

/// What could be better about the form of the list.
fn notes(description: &Description) -> Vec<(String, Option<&Item>)> {
    let items = description.items();
    let mut notes = Vec::new();
    if description.sample_is_left() {
        notes.push(("制度中的示例文字没有删除".to_owned(), None));
    }
    let odd = items.iter().find(|item| {
        item.marker
            .as_ref()
            .is_some_and(|marker| marker.odd || !marker.style.is_regular())
    });
    if let Some(item) = odd {
        notes.push(("功能项的编号写法不规范，应写成“1、”“2、”".to_owned(), Some(item)));
    }
    if let Some(item) = items.iter().find(|item| item.marker.is_none()) {
        notes.push(("功能项没有编号，应写成“1、”“2、”".to_owned(), Some(item)));
    }
    if let Some(item) = out_of_order(items) {
        notes.push(("功能项的编号不连续、重复或次序有误".to_owned(), Some(item)));
    }
    for (number, item) in (1_usize..).zip(items).filter(|(_, item)| !item.name.closed) {
        notes.push((
            format!("第 {number} 项的名称“{}”没有以“功能”结尾", item.feature()),
            Some(item),
        ));
    }
    for (number, item) in (1_usize..).zip(items).filter(|(_, item)| item.name.late) {
        notes.push((format!("第 {number} 项的功能名称应写在验收说明之前"), Some(item)));
    }
    if description.relies_on_cover() {
        notes.push((
            "验收情况用一句话概括了全部功能，应在每一项分别写明".to_owned(),
            None,
        ));
    }
    if description.links_are_collected() {
        notes.push(("JIRA 单集中写在列表之后，应写在对应的每一项".to_owned(), None));
    }
    notes
}

/// The first item whose number does not follow from the one before it.
fn out_of_order(items: &[Item]) -> Option<&Item> {
    let mut before: Option<(u32, usize)> = None;
    for item in items {
        let Some(number) = item.marker.as_ref().and_then(|marker| marker.number) else {
            continue;
        };
        let fits = match before {
            None => number == 1,
            Some((last, group)) => number == last + 1 || (number == 1 && group != item.group),
        };
        if !fits {
            return Some(item);
        }
        before = Some((number, item.group));
    }
    None
}

pub(super) fn fix(context: &Context<'_>) -> String {
    context.reading.description.fix(context.policy.jira_hosts())
}

pub(super) fn evidence(
    description: &Description,
    range: &std::ops::Range<usize>,
) -> (String, Option<Evidence>) {
    let (text, span) = description.quote(range);
    (
        text,
        Some(Evidence {
            field: "description".to_owned(),
            start: span.start,
            end: span.end,
        }),
    )
}

pub(super) fn join<'a>(messages: impl Iterator<Item = &'a str>) -> String {
    messages.collect::<Vec<_>>().join("；")
}

/// Why the rules about the items' contents do not apply.
pub(super) const NO_ITEM: Judgement = Judgement::Skip(std::borrow::Cow::Borrowed(
    "升级功能描述中没有功能项，见“升级功能描述格式”",
));
