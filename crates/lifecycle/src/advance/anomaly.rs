//! When something is wrong (十): report, remedy or rollback within the time, and incidents.

use std::collections::BTreeSet;

use changegate_policy::UserId;
use chrono::NaiveTime;

use super::step::Step;
use crate::action::Action;
use crate::change::{Anomaly, Correction, Incident};
use crate::duty::DutyKind;
use crate::event::Press;
use crate::notice::{GroupNotice, Mail, Notice};
use crate::off_beat::off_beat;
use crate::stage::Cause;
use crate::timer::Timer;

/// When the report of an incident is asked for, on the working day after.
const REPORT_AT: NaiveTime = NaiveTime::from_hms_opt(10, 5, 0).unwrap();

impl Step<'_> {
    /// Somebody reports that something is wrong. Answers whether this opened a new anomaly; while one is being dealt
    /// with, the report is added to it.
    pub(super) fn report_anomaly(&mut self, press: &Press, cause: Cause) -> bool {
        let moved = self.move_by(cause, None);
        if moved {
            // Somebody works with it: from now on it is told of, even if it was long over when first seen.
            self.change.quiet = false;
            self.change.anomalies.push(Anomaly {
                at: self.now,
                by: press.by.clone(),
                what: press.details.note.clone(),
                handled: None,
                recovered: None,
                corrected: None,
            });
            self.enter();
        } else {
            self.describe(&press.details.note);
        }
        if press.details.incident {
            self.open_incident(&press.by);
        }
        moved
    }

    /// What is wrong, in the words of whoever saw it; the same words again add nothing.
    pub(super) fn describe(&mut self, note: &str) {
        let note = note.trim();
        if let Some(anomaly) = self.change.anomalies.last_mut()
            && !note.is_empty()
            && anomaly.what != note
            && !anomaly.what.ends_with(&format!("\n{note}"))
        {
            if !anomaly.what.is_empty() {
                anomaly.what.push('\n');
            }
            anomaly.what.push_str(note);
        }
    }

    pub(super) fn anomaly(&mut self) {
        self.change.times.executed.get_or_insert(self.now);
        self.change.released = false;
        let people = self.change.people.clone();
        self.drop_duties(|kind| matches!(kind, DutyKind::ConfirmRestored | DutyKind::ConfirmFixed));
        let mut handlers = people.who_lead();
        handlers.extend(people.who_execute());
        self.open(DutyKind::Handle, &handlers);
        let mut informed = people.product_managers;
        informed.extend(people.testers);
        let informed: BTreeSet<UserId> = informed.difference(&handlers).cloned().collect();
        self.notify_all(&informed, &Notice::AnomalyReported);
        self.pause_reminders();
        let time_out = self.now + self.policy.pace().anomaly_time_out;
        self.set(Timer::AnomalyTimeOut, off_beat(time_out));
    }

    /// Somebody takes it up.
    pub(super) fn take_up(&mut self, by: &UserId) {
        let stamp = self.stamp(by);
        if let Some(anomaly) = self.change.anomalies.last_mut() {
            anomaly.handled = Some(stamp);
        }
        let mut handlers = self.change.people.who_lead();
        handlers.extend(self.change.people.who_execute());
        self.open(DutyKind::Remedy, &handlers);
    }

    /// Not solved in time, or somebody decided so: carry out the rollback plan.
    pub(super) fn order_rollback(&mut self) {
        if self.move_by(Cause::RollbackOrdered, None) {
            self.enter();
        }
    }

    /// First recover, then look for the cause: the emergency response group hears of it (事中上报).
    pub(super) fn open_incident(&mut self, by: &UserId) {
        if self.change.incident.is_some() {
            return;
        }
        let number = format!("INC-{}", self.change.sp_no);
        self.change.incident = Some(Incident {
            number,
            opened: self.stamp(by),
            statement: self.change.statement.clone(),
            reported: None,
            claim: None,
            report: crate::change::ReportText::default(),
        });
        let mut people = self.change.people.emergency_response.clone();
        people.extend(self.change.people.operations_leads.iter().cloned());
        people.extend(self.change.people.rd_directors.iter().cloned());
        self.notify_all(&people, &Notice::IncidentOpened);
        if !self.change.stage.is_open() {
            self.plan_report();
        }
    }

    /// One working day after an incident its report is asked for (事后总结).
    pub(super) fn plan_report(&mut self) {
        let Some(incident) = &self.change.incident else {
            return;
        };
        if incident.reported.is_some() || self.change.open_duty(DutyKind::Report).is_some() {
            return;
        }
        let day = self.policy.next_working_day(self.policy.day_of(self.now));
        self.set(Timer::Report, off_beat(self.policy.at(day, REPORT_AT)));
    }

    pub(super) fn ask_for_report(&mut self) {
        let mut people = self.change.people.who_lead();
        people.extend(self.change.people.product_managers.iter().cloned());
        self.open(DutyKind::Report, &people);
    }

    /// The report goes to the report mailbox; its texts are kept.
    pub(super) fn send_report(&mut self, press: &Press) -> bool {
        let stamp = self.stamp(&press.by);
        let Some(incident) = self.change.incident.as_mut() else {
            return false;
        };
        if let Some(report) = &press.details.report {
            incident.report = report.clone();
        }
        incident.reported = Some(stamp);
        self.clear(Timer::Report);
        if let Some(number) = self.change.open_duty(DutyKind::Report).map(|duty| duty.number) {
            self.say(number, &press.by, Action::SendReport);
        }
        self.mail(Mail::IncidentReport, "生产故障报告");
        true
    }

    /// A client claimed damages (索赔).
    pub(super) fn mark_claim(&mut self, by: &UserId) -> bool {
        let stamp = self.stamp(by);
        let incident = self.change.incident.as_mut();
        incident.is_some_and(|incident| incident.claim.replace(stamp).is_none())
    }

    /// The agreed statement for users, which the feedback group hears (十.2). Answers whether it is a new one.
    pub(super) fn update_statement(&mut self, text: &str) -> bool {
        if self.change.statement.as_deref() == Some(text) {
            return false;
        }
        self.change.statement = Some(text.to_owned());
        if let Some(incident) = self.change.incident.as_mut() {
            incident.statement = Some(text.to_owned());
        }
        self.tell_group(
            GroupNotice::Statement {
                text: text.to_owned(),
            },
            "对外统一口径",
        );
        true
    }

    /// Whether the same administrator has just corrected an anomaly in the same words: the page was sent twice.
    pub(super) fn is_corrected_like_this(&self, press: &Press) -> bool {
        self.change.anomalies.iter().any(|anomaly| {
            anomaly.corrected.as_ref().is_some_and(|correction| {
                correction.stamp.by == press.by && correction.reason == press.details.note
            })
        })
    }

    /// The newest anomaly was none: an entry of its own, the anomaly stays on record.
    pub(super) fn correct_anomaly(&mut self, press: &Press) -> bool {
        let stamp = self.stamp(&press.by);
        let Some(anomaly) = self
            .change
            .anomalies
            .iter_mut()
            .rev()
            .find(|anomaly| anomaly.corrected.is_none())
        else {
            return false;
        };
        anomaly.corrected = Some(Correction {
            stamp,
            reason: press.details.note.clone(),
        });
        true
    }
}
