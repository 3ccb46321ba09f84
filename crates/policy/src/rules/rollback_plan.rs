//! `rollback-plan` (六.6): an action on a named thing.

mod latin;
mod plan;
mod words;

use self::plan::{Plan, Thing};
use crate::evaluate::{Context, Finding, Judgement};
use crate::submission::Field;
use crate::verdict::Evidence;

/// Below this many letters and characters, a text that names nothing is a brush-off.
const SHORT: usize = 10;

/// What a plan looks like, for those who have none.
const EXAMPLE: &str = "例如：将行情服务镜像回退至 v2.3.0，并关闭条件单开关";

pub(crate) fn judge(context: &Context<'_>) -> Judgement {
    let text = match &context.submission.rollback {
        Field::Absent(control) => {
            let message = format!("表单缺少控件“{control}”，无法填写回退方案；请管理员核对审批模板");
            return Judgement::Fail(Finding {
                message,
                evidence: None,
                fix: None,
            });
        }
        Field::Empty => return fail("未填写，请写清楚回退方案", ""),
        Field::Filled(text) => text,
    };
    let plan = Plan::of(text);
    if plan.letters == 0 {
        return fail("没有内容，请写清楚回退方案", text);
    }
    match (plan.action, plan.thing) {
        (true, Thing::Named) => Judgement::Pass,
        _ if plan.placeholder => fail("中的占位符没有替换成实际内容", text),
        _ if plan.reference => warn("只写了见附件等引用，请直接写明回退的动作和对象", text),
        (false, Thing::None | Thing::General) if plan.refused && !plan.reference => {
            fail("没有写出回退方案，请写清楚回退方案", text)
        }
        _ if plan.brush_off => fail("没有写出回退方案，请写清楚回退方案", text),
        (true, Thing::General) => warn(
            "没有写明具体对象，请写明版本号、镜像 tag、脚本、开关、表或配置的名称",
            text,
        ),
        (false, Thing::Named) => warn(
            "只写了对象，请写明对它执行什么操作（回滚、切换、关闭开关、执行脚本等）",
            text,
        ),
        (true | false, Thing::None) | (false, Thing::General) if plan.letters < SHORT => {
            fail("过于简略，请写清楚回退方案", text)
        }
        (true, Thing::None) => warn("没有写明回退的对象（版本、镜像、脚本、开关、表或配置）", text),
        (false, Thing::General) => warn("没有写明回退的动作和具体对象", text),
        (false, Thing::None) => fail("没有写明回退的动作和对象，请写清楚回退方案", text),
    }
}

fn fail(what: &str, text: &str) -> Judgement {
    Judgement::Fail(finding(what, text))
}

fn warn(what: &str, text: &str) -> Judgement {
    Judgement::Warn(finding(what, text))
}

fn finding(what: &str, text: &str) -> Finding {
    let position = Evidence {
        field: "rollback".to_owned(),
        start: 0,
        end: text.chars().count(),
    };
    Finding {
        message: format!("“回退方案”{what}；{EXAMPLE}"),
        evidence: (!text.is_empty()).then(|| (text.to_owned(), Some(position))),
        fix: None,
    }
}

#[cfg(test)]
mod tests;
