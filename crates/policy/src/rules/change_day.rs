//! `change-day` (六): a 正常 flow is started on the change day itself.

use crate::evaluate::{Context, Finding, Judgement};
use crate::policy::day_in_words;
use crate::reading::Urgency;
use crate::rules::starts;

pub(crate) fn judge(context: &Context<'_>) -> Judgement {
    match context.reading.urgency {
        None => return Judgement::Skip("紧急程度未填，不适用".into()),
        Some(Urgency::Emergency) => return Judgement::Skip("紧急变更不受此限".into()),
        Some(Urgency::Normal) => {}
    }
    let (applied, planned) = (context.reading.apply_day, context.reading.change_day);
    if applied == planned {
        return Judgement::Pass;
    }
    let (on, of) = (day_in_words(applied), day_in_words(planned));
    let message = if applied < planned {
        format!("“计划变更时间”是{of}，流程却在{on}发起；正常流程须在变更当天发起，请撤回后于{of}重新发起")
    } else {
        format!(
            "“计划变更时间”是{of}，早于发起日{on}；正常流程须在变更当天发起，请改填计划变更时间后重新发起"
        )
    };
    Judgement::Fail(Finding {
        message: starts::with_next(context, message),
        evidence: None,
        fix: None,
    })
}
