//! `urgency-set` (六.3): 紧急程度 is 正常 or 紧急.

use crate::evaluate::{Context, Finding, Judgement};
use crate::submission::Field;

pub(crate) fn judge(context: &Context<'_>) -> Judgement {
    if context.reading.urgency.is_some() {
        return Judgement::Pass;
    }
    let (message, evidence) = match &context.submission.urgency {
        Field::Absent(control) => (
            format!("表单缺少控件“{control}”，无法判断是正常变更还是紧急变更；请管理员核对审批模板"),
            None,
        ),
        Field::Empty => (
            "“紧急程度”未填写，请按实际情况选择“正常”或“紧急”".to_owned(),
            None,
        ),
        Field::Filled(text) => (
            format!("“紧急程度”填的是“{}”，只能选择“正常”或“紧急”", text.trim()),
            Some((text.clone(), None)),
        ),
    };
    Judgement::Fail(Finding {
        message,
        evidence,
        fix: None,
    })
}

#[cfg(test)]
mod tests {
    use crate::facts::Facts;
    use crate::rule::RuleId;
    use crate::rules::testing::{compliant, judged, text};
    use crate::submission::{Field, Submission};
    use crate::verdict::Status::{Fail, Pass};

    #[test]
    fn only_the_two_words_are_an_urgency() {
        for (urgency, status) in [
            (text("正常"), Pass),
            (text(" 紧急\n"), Pass),
            (text("特急"), Fail),
            (text("正常变更"), Fail),
            (Field::Empty, Fail),
            (Field::Absent("紧急程度".to_owned()), Fail),
        ] {
            let submission = Submission {
                urgency,
                ..compliant()
            };
            assert_eq!(
                judged(RuleId::UrgencySet, &submission, &Facts::default()).status,
                status,
                "{submission:?}"
            );
        }
    }
}
