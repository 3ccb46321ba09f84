//! `freeze`: the planned time lies in no freeze (封网) of the policy.

use chrono::{DateTime, NaiveDate, Utc};

use crate::evaluate::{Context, Finding, Judgement};
use crate::policy::{PolicyFreeze, day_in_words};
use crate::reading::Urgency;
use crate::rules::starts;
use crate::submission::PlannedTime;

pub(crate) fn judge(context: &Context<'_>) -> Judgement {
    if context.policy.freezes().is_empty() {
        return Judgement::Skip("政策未设封网".into());
    }
    let frozen = match (context.reading.planned, context.reading.urgency) {
        (Some(PlannedTime::Instant(at)), _) => touching(context, at, at),
        (Some(PlannedTime::Range(from, until)), _) => touching(context, from, until),
        (Some(PlannedTime::Day(day)), _) => on_day(context, day),
        (None, Some(Urgency::Emergency)) => touching(
            context,
            context.submission.apply_time,
            context.submission.apply_time,
        ),
        (None, Some(Urgency::Normal) | None) => on_day(context, context.reading.change_day),
    };
    match frozen {
        None => Judgement::Pass,
        Some(freeze) => fail(context, freeze),
    }
}

fn touching<'a>(
    context: &Context<'a>,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Option<&'a PolicyFreeze> {
    context
        .policy
        .freeze_touching(from, until, context.reading.urgency)
}

/// The freeze that takes every window of a day, or a part of the day where it has none.
fn on_day<'a>(context: &Context<'a>, day: NaiveDate) -> Option<&'a PolicyFreeze> {
    let windows = context.policy.windows().windows_on(day);
    let mut freezes = windows.iter().map(|window| {
        context.policy.freezes().iter().find(|freeze| {
            freeze.binds(context.reading.urgency)
                && freeze.freeze.from() <= window.opens
                && window.closes <= freeze.freeze.until()
        })
    });
    if let Some(first) = freezes.next() {
        return freezes.try_fold(first?, |_, freeze| freeze);
    }
    let (start, end) = (
        context.policy.start_of(day),
        context.policy.start_of(day.succ_opt().unwrap_or(day)),
    );
    touching(context, start, end)
}

fn fail(context: &Context<'_>, freeze: &PolicyFreeze) -> Judgement {
    let (from, until) = (
        context.policy.local(freeze.freeze.from()),
        context.policy.local(freeze.freeze.until()),
    );
    let message = format!(
        "变更时间处于封网期“{}”（{}{} 至 {}{}），请改到封网期之外",
        freeze.freeze.name(),
        day_in_words(from.date_naive()),
        from.format("%H:%M"),
        day_in_words(until.date_naive()),
        until.format("%H:%M"),
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
    use crate::rules::testing::{compliant, instant, judged, judged_by, policy_with, range, text};
    use crate::submission::{Field, Submission};
    use crate::verdict::Status::{Fail, Pass, Skip};

    #[test]
    fn a_freeze_keeps_changes_out() {
        assert_eq!(
            judged(RuleId::Freeze, &compliant(), &Facts::default()).status,
            Skip
        );
        let policy = policy_with(
            "[[freezes]]\nname = \"年终封网\"\nfrom = 2026-11-24T18:00:00\nuntil = 2026-11-24\nexempt = [\"emergency\"]\n",
        );
        for (urgency, planned, status) in [
            ("正常", instant("2026-11-24 17:59:59"), Pass),
            ("正常", instant("2026-11-24 18:00"), Fail),
            ("正常", range("2026-11-24 17:00", "2026-11-24 18:00"), Pass),
            ("正常", range("2026-11-24 17:00", "2026-11-24 18:01"), Fail),
            ("正常", instant("2026-11-25 00:00"), Pass),
            ("正常", Field::Empty, Pass),
            ("紧急", instant("2026-11-24 18:00"), Pass),
        ] {
            let submission = Submission {
                urgency: text(urgency),
                planned_time: planned,
                ..compliant()
            };
            let result = judged_by(&policy, RuleId::Freeze, &submission, &Facts::default());
            assert_eq!(result.status, status, "{submission:?}: {result:?}");
        }
    }
}
