//! The one evaluator: callbacks, polling, replay, the command line and the page all come through here.

use chrono::{DateTime, Utc};

use crate::facts::{Directory, Facts, Team, Waiver};
use crate::policy::{Policy, Severity};
use crate::reading::Reading;
use crate::rule::{Mode, RuleId};
use crate::rules;
use crate::submission::Submission;
use crate::verdict::{ChangeSummary, Evidence, Outcome, RuleResult, Status, Verdict};

/// What every rule may look at.
pub(crate) struct Context<'a> {
    pub(crate) submission: &'a Submission,
    pub(crate) facts: &'a Facts,
    pub(crate) policy: &'a Policy,
    /// The moment of judgement; only proposals ("next legal start") depend on it.
    pub(crate) now: DateTime<Utc>,
    /// What was read from the form, once for all rules.
    pub(crate) reading: &'a Reading,
}

impl<'a> Context<'a> {
    /// The directory: what was gathered, else what the policy file says.
    pub(crate) fn directory(&self) -> Option<&'a Directory> {
        self.facts
            .directory
            .as_deref()
            .or_else(|| self.policy.directory().map(std::sync::Arc::as_ref))
    }

    /// The applicant's team, where the directory knows it.
    pub(crate) fn team(&self) -> Option<&'a Team> {
        let directory = self.directory()?;
        self.submission
            .applicants
            .iter()
            .find_map(|applicant| directory.team_of(applicant))
    }
}

/// What a rule finds wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Finding {
    /// What is wrong, in the words of the form.
    pub(crate) message: String,
    /// The offending text as it stands on the form, and where.
    pub(crate) evidence: Option<(String, Option<Evidence>)>,
    /// The corrected text, ready to paste.
    pub(crate) fix: Option<String>,
}

/// A rule's judgement, before severity, mode and waivers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Judgement {
    Pass,
    /// Passes, and the record that shows it, kept as evidence.
    PassWith(String),
    /// Does not apply, and why.
    Skip(std::borrow::Cow<'static, str>),
    /// A fact is missing, and which.
    Unknown(String),
    Warn(Finding),
    Fail(Finding),
}

/// Judges one submission by every rule of the policy. `now` is the moment of judgement.
pub fn evaluate(submission: &Submission, facts: &Facts, policy: &Policy, now: DateTime<Utc>) -> Verdict {
    let reading = Reading::of(submission, policy);
    let context = Context {
        submission,
        facts,
        policy,
        now,
        reading: &reading,
    };
    let results: Vec<RuleResult> = RuleId::ALL.iter().map(|&rule| result(&context, rule)).collect();
    Verdict {
        sp_no: submission.sp_no.clone(),
        verdict: outcome(&results),
        policy: policy.reference(),
        evaluated_at: policy.local(now),
        change: reading.summary(submission, policy),
        results,
    }
}

/// What is read from a form, without judging it: a shell that gathers facts has to know what to look for.
pub fn read(submission: &Submission, policy: &Policy) -> ChangeSummary {
    Reading::of(submission, policy).summary(submission, policy)
}

/// The numbers of the items that are marked as technical requirements, from 1.
pub fn technical_items(submission: &Submission, policy: &Policy) -> Vec<u32> {
    Reading::of(submission, policy).technical_items()
}

fn result(context: &Context<'_>, rule: RuleId) -> RuleResult {
    let mode = context.policy.mode(rule);
    let judgement = match mode {
        Mode::Off => Judgement::Skip("规则已停用".into()),
        Mode::InForce | Mode::Shadow => rules::judge(context, rule),
    };
    let blank = RuleResult {
        rule,
        clause: rule.clause().to_owned(),
        status: Status::Pass,
        message: None,
        evidence: None,
        position: None,
        fix: None,
        mode,
        waived: false,
    };
    match judgement {
        Judgement::Pass => blank,
        Judgement::PassWith(record) => RuleResult {
            evidence: Some(record),
            ..blank
        },
        Judgement::Skip(reason) => RuleResult {
            status: Status::Skip,
            message: Some(reason.into_owned()),
            ..blank
        },
        Judgement::Unknown(reason) => RuleResult {
            status: Status::Unknown,
            message: Some(reason),
            ..blank
        },
        Judgement::Warn(finding) => found(finding, Status::Warn, context, blank),
        Judgement::Fail(finding) => {
            let status = match context.policy.severity(rule) {
                Severity::Fail => Status::Fail,
                Severity::Warn => Status::Warn,
            };
            found(finding, status, context, blank)
        }
    }
}

fn found(finding: Finding, status: Status, context: &Context<'_>, blank: RuleResult) -> RuleResult {
    let (evidence, position) = finding
        .evidence
        .map_or((None, None), |(text, at)| (Some(text), at));
    let waived = context
        .facts
        .waivers
        .iter()
        .any(|waiver| lifts(waiver, blank.rule, context));
    RuleResult {
        status,
        message: Some(finding.message),
        evidence,
        position,
        fix: finding.fix,
        waived,
        ..blank
    }
}

fn lifts(waiver: &Waiver, rule: RuleId, context: &Context<'_>) -> bool {
    let of_change = waiver.sp_no.as_deref() == Some(context.submission.sp_no.as_str());
    let of_team = waiver.sp_no.is_none()
        && waiver.team.is_some()
        && context.directory().is_some_and(|directory| {
            context.submission.applicants.iter().any(|applicant| {
                directory
                    .team_of(applicant)
                    .is_some_and(|team| waiver.team.as_deref() == Some(&team.name))
            })
        });
    waiver.rule == rule && (of_change || of_team) && waiver.until.is_none_or(|until| context.now < until)
}

fn outcome(results: &[RuleResult]) -> Outcome {
    let any = |status| {
        results
            .iter()
            .any(|result| result.status == status && result.mode.is_in_force() && !result.waived)
    };
    if any(Status::Fail) {
        Outcome::Rejected
    } else if any(Status::Unknown) {
        Outcome::Undecided
    } else if any(Status::Warn) {
        Outcome::Warnings
    } else {
        Outcome::Compliant
    }
}

#[cfg(test)]
mod tests;
