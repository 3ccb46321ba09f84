//! What a notice says, in words, and which template says it.

use std::collections::BTreeSet;

use changegate_lifecycle::{Action, Answer, Deployment, Difference, Notice};
use changegate_policy::{Market, Outcome, RuleId, UserId, Verdict};
use chrono::{DateTime, Utc};

use crate::about::{About, RenderError};
use crate::plain::shorten;
use crate::words::{Entry, Words, names, number, said};
use crate::{actions, duties, times};

/// The longest name of a form's field, in bytes.
const FIELD: usize = 48;

impl Words {
    /// Fills in what a notice says, and names its template.
    pub(super) fn tell(&mut self, notice: &Notice, about: &About<'_>) -> Result<&'static str, RenderError> {
        let moment = |at| times::moment(about.policy, at);
        Ok(match notice {
            Notice::Verdict { verdict, earlier } => {
                if let Some(earlier) = earlier {
                    self.link_with(earlier);
                }
                first_verdict(verdict)
            }
            Notice::VerdictChanged {
                verdict,
                resolved,
                added,
            } => {
                self.compare(verdict, resolved, added);
                "verdict_changed.txt"
            }
            Notice::YourTurn { .. } => "your_turn.txt",
            Notice::BeforeSigning { verdict } => before_signing(verdict),
            Notice::Breach {
                current_approvers, ..
            } => {
                self.approvers = about.names_of(current_approvers);
                "breach.txt"
            }
            Notice::Resolved { .. } => "resolved.txt",
            Notice::Closed { stage, .. } => {
                self.ended = stage.name();
                "closed.txt"
            }
            Notice::SignedDespite {
                signer,
                minutes_after_warning,
                ..
            } => {
                self.by = about.name_of(signer);
                self.minutes = *minutes_after_warning;
                "signed_despite.txt"
            }
            Notice::EditedAfterSigning { differences, .. } => {
                self.differences = differences.iter().map(difference).collect();
                "edited_after_signing.txt"
            }
            Notice::WaiverDecided {
                granted,
                rules,
                reason,
                by,
            } => self.waiver(*granted, rules, reason, about.name_of(by)),
            Notice::StopBeforeStart { .. } => "stop_before_start.txt",
            Notice::DeployedAgainstGate { deployment } => {
                self.deployed(deployment, about, "deployed_against_gate.txt")
            }
            Notice::DeploymentFailed { deployment } => {
                self.deployed(deployment, about, "deployment_failed.txt")
            }
            Notice::DeploymentRolledBack { deployment } => {
                self.deployed(deployment, about, "deployment_rolled_back.txt")
            }
            Notice::Duty { duty } => {
                self.duty(*duty, about)?;
                "reminder_escalated.txt"
            }
            Notice::Reminder { duty, count } => {
                self.duty(*duty, about)?;
                self.reminder = duties::reminder(count, about);
                "reminder_escalated.txt"
            }
            Notice::WillMissWindow { closes } => {
                self.closes = times::clock(about.policy.local(*closes));
                "will_miss_window.txt"
            }
            Notice::MissedWindow { next } => {
                self.next_window = next.map(moment).unwrap_or_default();
                "missed_window.txt"
            }
            Notice::Rescheduled { by } => self.rescheduled(by, about),
            Notice::ConsentDecided { agreed, by } => {
                (self.agreed, self.by) = (*agreed, about.name_of(by));
                "consent_decided.txt"
            }
            Notice::Executed => "executed.txt",
            Notice::Released => "released.txt",
            Notice::AnomalyReported => "anomaly_reported.txt",
            Notice::IncidentOpened => "incident_opened.txt",
            Notice::SessionAhead { market, opens } => self.session_ahead(*market, *opens, about),
            Notice::Superseded { by } => {
                self.newer_no = number(by);
                "superseded.txt"
            }
            Notice::Expired => "expired.txt",
            Notice::WithdrawnAfterStart => "withdrawn_after_start.txt",
            Notice::PassedTooLate => "passed_too_late.txt",
            Notice::Answer { duty, action, answer } => {
                self.pressed(*duty, *action, about)?;
                self.answer(answer, about)
            }
        })
    }

    fn session_ahead(&mut self, market: Market, opens: DateTime<Utc>, about: &About<'_>) -> &'static str {
        self.market = market.name();
        self.opens = times::moment(about.policy, opens);
        self.watchers = about.names_of(about.change.watchers.get(&market).into_iter().flatten());
        "session_ahead.txt"
    }

    fn deployed(
        &mut self,
        deployment: &Deployment,
        about: &About<'_>,
        template: &'static str,
    ) -> &'static str {
        self.deployment(deployment, about.policy);
        template
    }

    fn pressed(&mut self, duty: Option<u32>, action: Action, about: &About<'_>) -> Result<(), RenderError> {
        if let Some(number) = duty {
            self.duty(number, about)?;
        }
        let kind = duty
            .and_then(|number| about.change.duty(number))
            .map(|duty| duty.kind);
        self.action_name = actions::name_on(kind, action);
        Ok(())
    }

    fn waiver(&mut self, granted: bool, rules: &BTreeSet<RuleId>, reason: &str, by: String) -> &'static str {
        self.granted = granted;
        self.rules = names(rules.iter().copied());
        self.reason = or_blank(reason);
        self.by = by;
        "waiver_decided.txt"
    }

    fn rescheduled(&mut self, by: &UserId, about: &About<'_>) -> &'static str {
        self.by = about.name_of(by);
        let windows = about.policy.windows();
        let from = about.change.plan.from;
        self.outside_window = from.is_some_and(|from| windows.window_at(from).is_none());
        "rescheduled.txt"
    }

    fn duty(&mut self, number: u32, about: &About<'_>) -> Result<(), RenderError> {
        let duty = about.change.duty(number).ok_or(RenderError::NoSuchDuty(number))?;
        self.on_duty(about, duty);
        Ok(())
    }

    fn answer(&mut self, answer: &Answer, about: &About<'_>) -> &'static str {
        match answer {
            Answer::Accepted => "answer/accepted.txt",
            Answer::NotYours { may } => {
                self.may = about.names_of(may);
                "answer/not_yours.txt"
            }
            Answer::AlreadyDone { by } => {
                self.by = by.as_ref().map(|by| about.name_of(&by.by)).unwrap_or_default();
                self.at = by
                    .as_ref()
                    .map(|by| times::lately(about.policy, by.at, about.now))
                    .unwrap_or_default();
                "answer/already_done.txt"
            }
            Answer::MovedOn { stage } => {
                self.moved_to = stage.name();
                "answer/moved_on.txt"
            }
            Answer::ConsentAsked { of } => {
                self.may = about.names_of(of);
                "answer/consent_asked.txt"
            }
            Answer::Incomplete { what } => {
                self.lacking = said(what);
                "answer/incomplete.txt"
            }
        }
    }
}

fn first_verdict(verdict: &Verdict) -> &'static str {
    match verdict.verdict {
        Outcome::Rejected => "verdict_rejected.txt",
        Outcome::Undecided => "verdict_undecided.txt",
        Outcome::Warnings => "verdict_warnings.txt",
        Outcome::Compliant => "verdict_compliant.txt",
        Outcome::NotApplicable => "verdict_not_applicable.txt",
    }
}

fn before_signing(verdict: &Verdict) -> &'static str {
    match verdict.verdict {
        Outcome::Rejected => "before_signing_send_back.txt",
        Outcome::Undecided | Outcome::Warnings | Outcome::Compliant | Outcome::NotApplicable => {
            "before_signing.txt"
        }
    }
}

fn difference(difference: &Difference) -> Entry {
    Entry {
        label: shorten(&said(&difference.field), FIELD),
        text: format!(
            "{} → {}",
            or_blank(&difference.before),
            or_blank(&difference.after)
        ),
    }
}

fn or_blank(text: &str) -> String {
    let text = said(text);
    if text.is_empty() {
        "（空）".to_owned()
    } else {
        text
    }
}
