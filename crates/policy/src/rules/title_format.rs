//! `title-format` (六.4): `{system}系统{feature}功能上线变更`, both filled in.

use crate::evaluate::{Context, Finding, Judgement};
use crate::policy::{Slot, TitlePattern};
use crate::reading::{TitleReading, Wrong};
use crate::submission::Field;
use crate::verdict::Evidence;

pub(crate) fn judge(context: &Context<'_>) -> Judgement {
    let pattern = context.policy.title();
    match (&context.submission.title, &context.reading.title) {
        (Field::Absent(control), _) => Judgement::Fail(Finding {
            message: format!("表单缺少控件“{control}”，无法核对标题；请管理员核对审批模板"),
            evidence: None,
            fix: Some(filled(context, None, None)),
        }),
        (_, TitleReading::Missing) => Judgement::Fail(Finding {
            message: format!("“标题”未填写，格式为“{}”", shape(pattern)),
            evidence: None,
            fix: Some(filled(context, None, None)),
        }),
        (_, TitleReading::Right(_)) => Judgement::Pass,
        (_, TitleReading::Decorated(named)) => {
            let fix = filled(context, Some(&named.system), Some(&named.feature));
            Judgement::Warn(Finding {
                message: format!("“标题”前后或中间有多余内容，规范写法是“{fix}”"),
                evidence: Some(whole(context)),
                fix: Some(fix),
            })
        }
        (_, TitleReading::Wrong { system, feature, why }) => {
            let what = match why {
                Wrong::Placeholder => "中的占位符没有替换成实际名称",
                Wrong::EmptySlot => "没有写明系统名或功能名",
                Wrong::Wording => "不符合规范格式",
            };
            let fix = filled(context, system.as_deref(), feature.as_deref());
            Judgement::Fail(Finding {
                message: format!("“标题”{what}，格式为“{}”，请改为“{fix}”", shape(pattern)),
                evidence: Some(whole(context)),
                fix: Some(fix),
            })
        }
    }
}

/// The whole title, with only what is truly unknown left as a marked blank: the description often knows the
/// feature.
fn filled(context: &Context<'_>, system: Option<&str>, feature: Option<&str>) -> String {
    let pattern = context.policy.title();
    let described = described(context);
    let feature = feature.or(described.as_deref());
    let blank = |slot: Slot| format!("【待填写：{}】", slot.name());
    let system = system.map_or_else(|| blank(Slot::System), str::to_owned);
    let feature = feature.map_or_else(|| blank(Slot::Feature), str::to_owned);
    let title = pattern.fill(&system, &feature);
    match TitleReading::of(&title, pattern) {
        TitleReading::Right(_) => title,
        TitleReading::Missing | TitleReading::Decorated(_) | TitleReading::Wrong { .. } => {
            if title.contains("【待填写") {
                title
            } else {
                pattern.fill(&system, &blank(Slot::Feature))
            }
        }
    }
}

/// The features of the description, as a title names them.
fn described(context: &Context<'_>) -> Option<String> {
    let names: Vec<&str> = context
        .reading
        .description
        .items()
        .iter()
        .map(|item| item.feature().trim().trim_end_matches("功能"))
        .filter(|name| !name.is_empty() && !crate::text::has_placeholder(name))
        .collect();
    match names.as_slice() {
        [] => None,
        [one] => Some((*one).to_owned()),
        [first, ..] => Some(format!("{first}等")),
    }
}

/// The pattern as people read it.
fn shape(pattern: &TitlePattern) -> String {
    pattern.fill("×××", "×××")
}

fn whole(context: &Context<'_>) -> (String, Option<Evidence>) {
    let title = context.submission.title.text();
    let position = Evidence {
        field: "title".to_owned(),
        start: 0,
        end: title.chars().count(),
    };
    (title.to_owned(), Some(position))
}
