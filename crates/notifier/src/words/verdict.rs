//! Words about a verdict.

use changegate_lifecycle::Comparison;
use changegate_policy::{Outcome, RuleId, RuleResult, Status, Verdict};

use super::{Entry, Words, number};
use crate::plain::{is_safe_code, plain, shorten};

/// How many rules the sentence for sending back names.
const NAMED: usize = 6;
/// A corrected title beyond this many bytes is copied from the page.
const LONGEST_TITLE: usize = 600;
/// How the policy's fixes begin a blank that only the applicant can fill.
const BLANK: &str = "【待填写";
/// Where the policy's window rules name the next legal starts.
const STARTS: &str = "。可选的变更时间：";
/// Where they go on with what took the earlier ones.
const TAKEN: &str = "（不可选：";

impl Words {
    /// Fills in what a verdict says.
    pub(crate) fn judge(&mut self, verdict: &Verdict) {
        let failed = with_status(verdict, Status::Fail);
        let warned = with_status(verdict, Status::Warn);
        let unknown = with_status(verdict, Status::Unknown);
        self.outcome = outcome(verdict.verdict);
        self.verdict_line = in_one_line(verdict.verdict, &failed, &warned, &unknown);
        self.failed_clauses = clauses(&failed);
        self.warned_names = names(warned.iter().map(|result| result.rule));
        self.unknown_names = names(unknown.iter().map(|result| result.rule));
        self.failed = entries(&failed);
        self.warned = entries(&warned);
        self.unknown = entries(&unknown);
        self.waived_names = names(
            verdict
                .results
                .iter()
                .filter(|result| result.waived && is_against(result))
                .map(|result| result.rule),
        );
        self.correct_title(verdict);
        self.next_starts = next_starts(verdict);
    }

    /// Fills in how a verdict differs from the one told before.
    pub(crate) fn compare(&mut self, verdict: &Verdict, resolved: &[RuleId], added: &[RuleId]) {
        self.resolved_count = resolved.len();
        self.resolved_names = names(resolved.iter().copied());
        let (new, left): (Vec<&RuleResult>, Vec<&RuleResult>) = told(verdict)
            .into_iter()
            .partition(|result| added.contains(&result.rule));
        self.added = entries(&new);
        self.left = entries(&left);
    }

    /// Fills in how the form compares with the rejected one that it replaces.
    pub(crate) fn link_with(&mut self, earlier: &Comparison) {
        self.earlier_no = number(&earlier.sp_no);
        self.earlier_resolved = names(earlier.resolved.iter().copied());
        self.earlier_remaining = names(earlier.remaining.iter().copied());
    }

    /// The title to copy, where the one on the form is against the rule.
    fn correct_title(&mut self, verdict: &Verdict) {
        let fix = verdict
            .binding()
            .filter(|result| result.rule == RuleId::TitleFormat && is_against(result))
            .find_map(|result| result.fix.as_deref());
        let Some(fix) = fix else { return };
        if fix.len() <= LONGEST_TITLE && is_safe_code(fix) {
            self.corrected_title_has_blank = fix.contains(BLANK);
            fix.trim().clone_into(&mut self.corrected_title);
        } else {
            self.corrected_elsewhere = true;
        }
    }
}

/// Rules by name in one line.
pub(crate) fn names(rules: impl IntoIterator<Item = RuleId>) -> String {
    rules.into_iter().map(RuleId::name).collect::<Vec<_>>().join("、")
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Rejected => "rejected",
        Outcome::Undecided => "undecided",
        Outcome::Warnings => "warnings",
        Outcome::Compliant => "compliant",
        Outcome::NotApplicable => "not_applicable",
    }
}

fn in_one_line(
    outcome: Outcome,
    failed: &[&RuleResult],
    warned: &[&RuleResult],
    unknown: &[&RuleResult],
) -> String {
    let counted = match outcome {
        Outcome::Rejected => failed,
        Outcome::Undecided => unknown,
        Outcome::Warnings => warned,
        Outcome::Compliant | Outcome::NotApplicable => &[],
    };
    if counted.is_empty() {
        outcome.name().to_owned()
    } else {
        let named = names(counted.iter().map(|result| result.rule));
        format!("{} {} 项：{named}", outcome.name(), counted.len())
    }
}

/// The results that count and have a status.
fn with_status(verdict: &Verdict, status: Status) -> Vec<&RuleResult> {
    verdict
        .binding()
        .filter(|result| result.status == status)
        .collect()
}

/// What is listed one by one; beside faults, advice and open questions are summed up in a line each.
fn told(verdict: &Verdict) -> Vec<&RuleResult> {
    match verdict.verdict {
        Outcome::Rejected => with_status(verdict, Status::Fail),
        Outcome::Undecided => [Status::Unknown, Status::Warn]
            .into_iter()
            .flat_map(|status| with_status(verdict, status))
            .collect(),
        Outcome::Warnings => with_status(verdict, Status::Warn),
        Outcome::Compliant | Outcome::NotApplicable => Vec::new(),
    }
}

/// Whether a result speaks against the form, or asks for better.
fn is_against(result: &RuleResult) -> bool {
    match result.status {
        Status::Fail | Status::Warn => true,
        Status::Pass | Status::Skip | Status::Unknown => false,
    }
}

/// The next legal starts, once, however many rules name them; told apart as the commas inside a sentence are not.
fn next_starts(verdict: &Verdict) -> String {
    let starts = verdict
        .binding()
        .filter(|result| is_against(result))
        .find_map(|result| result.message.as_deref()?.split_once(STARTS))
        .map(|(_, starts)| starts.split_once(TAKEN).map_or(starts, |(starts, _)| starts));
    starts.map_or_else(String::new, |starts| {
        let starts = starts.trim_end_matches('。').replace('，', "；");
        shorten(&plain(&starts), LONGEST_TITLE)
    })
}

fn entries(results: &[&RuleResult]) -> Vec<Entry> {
    results.iter().map(|result| entry(result)).collect()
}

fn entry(result: &RuleResult) -> Entry {
    let message = result.message.as_deref().unwrap_or_default();
    let fault = message.split_once(STARTS).map_or(message, |(fault, _)| fault);
    Entry {
        label: format!("**{}**", rule_and_clause(result)),
        text: plain(fault),
    }
}

/// The rule with its clause, where the regulation has one.
fn rule_and_clause(result: &RuleResult) -> String {
    let clause = plain(&result.clause);
    let name = result.rule.name();
    if clause.chars().any(char::is_alphanumeric) {
        format!("{name}（{}）", shorten(&clause, 24))
    } else {
        name.to_owned()
    }
}

fn clauses(failed: &[&RuleResult]) -> String {
    let named: Vec<String> = failed
        .iter()
        .take(NAMED)
        .map(|result| rule_and_clause(result))
        .collect();
    let more = if failed.len() > NAMED {
        format!("等 {} 项", failed.len())
    } else {
        String::new()
    };
    format!("{}{more}", named.join("、"))
}
