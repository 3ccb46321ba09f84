//! May a change be deployed now? Answered from what is remembered of it and from its last verdict; every reason
//! names its rule and its clause, and says what to do.
//!
//! What is not known allows nothing.

mod answer;
mod reasons;
mod window;

use changegate_policy::{Outcome, Policy, RuleId, Status, Verdict};
use chrono::{DateTime, TimeDelta, Utc};

pub use self::answer::{Decision, GateAnswer, GateReason, GateWindow, ReasonCode};
use self::window::its_window;
use crate::change::Change;
use crate::stage::Stage;

/// Facts count for so long. Beyond it an issue may have been moved back and an image replaced.
const FACTS_COUNT_FOR: TimeDelta = TimeDelta::minutes(15);

/// Rules that rest on what other systems say.
const ON_FACTS: [RuleId; 5] = [
    RuleId::JiraExists,
    RuleId::UatAccepted,
    RuleId::CoupledRequirements,
    RuleId::AttachmentContent,
    RuleId::ImageUnchanged,
];

/// Whether a change may be deployed at `now`. `verdict` is its last one, made from facts that were gathered at
/// `facts_at` (none: never).
///
/// A rollback that is under way is allowed whatever the window, the facts and the rules say: its plan was approved
/// with the change, and recovery comes first (先应急，后排障).
pub fn gate(
    change: &Change,
    verdict: &Verdict,
    facts_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    policy: &Policy,
) -> GateAnswer {
    let window = its_window(change, now, policy);
    let reasons = match change.stage {
        Stage::RollingBack => Vec::new(),
        _ if verdict.verdict == Outcome::NotApplicable => vec![reasons::not_applicable()],
        Stage::Approved | Stage::Executing => {
            before_it_is_out(change, verdict, facts_at, window.as_ref(), now, policy)
        }
        Stage::Submitted | Stage::Approving | Stage::Returned => {
            let mut reasons: Vec<GateReason> = reasons::of_stage(change).into_iter().collect();
            reasons.extend(before_it_is_out(
                change,
                verdict,
                facts_at,
                window.as_ref(),
                now,
                policy,
            ));
            reasons
        }
        Stage::Verifying
        | Stage::Anomaly
        | Stage::RolledBack
        | Stage::Fixed
        | Stage::Closed
        | Stage::Withdrawn
        | Stage::Declined
        | Stage::Superseded
        | Stage::Expired => reasons::of_stage(change).into_iter().collect(),
    };
    let window = window.map(|window| GateWindow {
        opens: policy.local(window.opens),
        closes: policy.local(window.closes),
    });
    GateAnswer::new(reasons, window)
}

/// What speaks against a change that was not carried out: rules, facts, the window, a freeze.
fn before_it_is_out(
    change: &Change,
    verdict: &Verdict,
    facts_at: Option<DateTime<Utc>>,
    window: Option<&window::Span>,
    now: DateTime<Utc>,
    policy: &Policy,
) -> Vec<GateReason> {
    let mut reasons = reasons::of_rules(verdict);
    if rests_on_facts(verdict) && facts_at.is_none_or(|at| now - at > FACTS_COUNT_FOR) {
        reasons.push(reasons::stale_facts());
    }
    if change.consent.is_none() && !window.is_some_and(|window| window.contains(now)) {
        reasons.push(reasons::outside_window(change, window, now, policy));
    }
    let lifted = verdict.of(RuleId::Freeze).is_some_and(|result| result.waived)
        || !policy.mode(RuleId::Freeze).is_in_force();
    if !lifted && let Some(name) = policy.freeze_at(now, change.plan.urgency) {
        reasons.push(reasons::frozen(name));
    }
    reasons
}

/// Whether the verdict rests on what other systems said.
fn rests_on_facts(verdict: &Verdict) -> bool {
    verdict
        .binding()
        .any(|result| ON_FACTS.contains(&result.rule) && result.status != Status::Skip)
}

#[cfg(test)]
mod tests;
