//! `cutoff` (六): a 正常 flow is started before 15:00:00 on the change day.

use chrono::TimeZone as _;

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
    let policy = context.policy;
    let day = context.reading.change_day;
    let applied = context.submission.apply_time;
    let cutoff = policy
        .zone()
        .from_local_datetime(&day.and_time(policy.cutoff()))
        .earliest();
    let in_time = match cutoff {
        Some(cutoff) => applied < cutoff,
        None => policy.local(applied).naive_local() < day.and_time(policy.cutoff()),
    };
    if in_time {
        return Judgement::Pass;
    }
    let local = policy.local(applied);
    let message = format!(
        "正常流程须在变更当天 {} 前发起，本流程在{} {} 才发起，请撤回，改在下一个可用窗口当天 {} 前重新发起",
        policy.cutoff().format("%H:%M"),
        day_in_words(local.date_naive()),
        local.format("%H:%M:%S"),
        policy.cutoff().format("%H:%M"),
    );
    Judgement::Fail(Finding {
        message: starts::with_next(context, message),
        evidence: None,
        fix: None,
    })
}

#[cfg(test)]
mod tests {
    use crate::facts::Facts;
    use crate::rule::RuleId;
    use crate::rules::testing::{at, compliant, instant, judged, text};
    use crate::submission::{Field, Submission};
    use crate::verdict::Status::{Fail, Pass, Skip};

    #[test]
    fn filing_ends_at_three() {
        for (urgency, applied, planned, cutoff, change_day) in [
            ("正常", "2026-11-24 14:59:59", Field::Empty, Pass, Pass),
            ("正常", "2026-11-24 15:00:00", Field::Empty, Fail, Pass),
            ("正常", "2026-11-24 00:00:00", Field::Empty, Pass, Pass),
            ("正常", "2026-11-24 23:59:59", Field::Empty, Fail, Pass),
            (
                "正常",
                "2026-11-24 14:00",
                instant("2026-11-26 17:00"),
                Pass,
                Fail,
            ),
            (
                "正常",
                "2026-11-24 16:00",
                instant("2026-11-26 17:00"),
                Pass,
                Fail,
            ),
            (
                "正常",
                "2026-11-24 14:00",
                instant("2026-11-21 17:00"),
                Fail,
                Fail,
            ),
            ("紧急", "2026-11-24 16:00", Field::Empty, Skip, Skip),
            ("加急", "2026-11-24 16:00", Field::Empty, Skip, Skip),
        ] {
            let submission = Submission {
                urgency: text(urgency),
                apply_time: at(applied),
                planned_time: planned,
                ..compliant()
            };
            let facts = Facts::default();
            assert_eq!(
                judged(RuleId::Cutoff, &submission, &facts).status,
                cutoff,
                "{urgency} {applied}"
            );
            assert_eq!(
                judged(RuleId::ChangeDay, &submission, &facts).status,
                change_day,
                "{urgency} {applied}"
            );
        }
    }
}
