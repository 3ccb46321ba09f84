//! What holds of every answer.

use changegate_policy::{Mode, Outcome, Policy, RuleId, RuleResult, Status, Urgency, Verdict};
use chrono::TimeDelta;
use proptest::prelude::*;

use super::scene::{at, consented, in_stage, result, verdict_of};
use crate::{Decision, Stage, gate};

fn any_results() -> impl Strategy<Value = Vec<RuleResult>> {
    let status = prop::sample::select(vec![
        Status::Pass,
        Status::Fail,
        Status::Warn,
        Status::Skip,
        Status::Unknown,
    ]);
    let one = (
        prop::sample::select(RuleId::ALL.to_vec()),
        status,
        any::<bool>(),
        prop::sample::select(vec![Mode::InForce, Mode::Shadow, Mode::Off]),
    );
    let one = one.prop_map(|(rule, status, waived, mode)| RuleResult {
        waived,
        mode,
        ..result(rule, status)
    });
    prop::collection::vec(one, 0..12)
}

proptest! {
    #[test]
    fn whatever_is_asked_is_answered_and_never_allowed_against_the_stage_or_a_rule(
        stage in prop::sample::select(Stage::ALL.to_vec()),
        outcome in prop::sample::select(vec![
            Outcome::Rejected, Outcome::Undecided, Outcome::Warnings, Outcome::Compliant, Outcome::NotApplicable,
        ]),
        results in any_results(),
        (urgency, planned, consent) in (0_u8..3, prop::option::of((-600_i64..600, -60_i64..600)), any::<bool>()),
        minutes in -3_000_i64..3_000,
        age in prop::option::of(-5_i64..60),
    ) {
        let now = at("17:00:00") + TimeDelta::minutes(minutes);
        let mut change = in_stage(stage);
        change.plan.urgency = [None, Some(Urgency::Normal), Some(Urgency::Emergency)][usize::from(urgency)];
        if let Some((from, length)) = planned {
            change.plan.from = Some(at("17:00:00") + TimeDelta::minutes(from));
            change.plan.until = Some(at("17:00:00") + TimeDelta::minutes(from + length));
        }
        let change = if consent { consented(change) } else { change };
        let verdict = Verdict { verdict: outcome, ..verdict_of(results) };
        let facts_at = age.map(|age| now - TimeDelta::minutes(age));
        let policy = Policy::built_in();
        let answer = gate(&change, &verdict, facts_at, now, &policy);
        prop_assert_eq!(answer.allowed(), answer.reasons.is_empty());
        prop_assert_eq!(answer.allowed(), answer.decision == Decision::Allowed);
        prop_assert!(answer.reasons.iter().all(|reason| !reason.message.is_empty()));
        prop_assert_eq!(answer.in_words().lines().count(), answer.reasons.len() + 1);
        if answer.allowed() {
            prop_assert!(matches!(stage, Stage::Approved | Stage::Executing | Stage::RollingBack));
        }
        if answer.allowed() && stage != Stage::RollingBack {
            let stops = |status| matches!(status, Status::Fail | Status::Unknown);
            prop_assert!(!verdict.binding().any(|result| stops(result.status)));
            let inside = policy.windows().window_at(now).is_some();
            prop_assert!(inside || change.consent.is_some());
        }
        if answer.decision == Decision::Unknown {
            prop_assert!(answer.reasons.iter().all(|reason| reason.code.is_not_known()));
        }
    }
}
