//! What pages offer outside of any duty, and who may.

use crate::action::Action;
use crate::advance::step::Step;
use crate::change::Stamp;
use crate::event::Press;
use crate::notice::Answer;
use crate::stage::{Cause, Stage};

impl Step<'_> {
    /// What pages offer outside of any duty; the roles that may are checked here.
    pub(super) fn pressed_beside(&mut self, press: &Press) -> Answer {
        let may = self.change.who_may(press.action);
        if !may.contains(&press.by) {
            return Answer::NotYours { may };
        }
        match self.why_not(press) {
            Some(answer) => answer,
            None => self.act_beside(press),
        }
    }

    /// Why something cannot be done now, by somebody who may.
    fn why_not(&self, press: &Press) -> Option<Answer> {
        let change = &self.change;
        let unsaid = press.details.note.trim().is_empty();
        let done = |by: &Option<Stamp>| Answer::AlreadyDone { by: by.clone() };
        Some(match (press.action, &change.incident) {
            (Action::Anomaly, _) if change.times.executed.is_none() && change.stage != Stage::Executing => {
                self.moved_on()
            }
            (
                Action::Describe | Action::MarkIncident | Action::UpdateStatement | Action::CorrectAnomaly,
                _,
            ) if change.anomalies.is_empty() => self.moved_on(),
            (Action::Anomaly | Action::Describe, _) if unsaid => Answer::Incomplete {
                what: "请填写异常现象",
            },
            (Action::UpdateStatement, _) if unsaid => Answer::Incomplete {
                what: "请填写对外统一口径",
            },
            (Action::CorrectAnomaly, _) if unsaid => Answer::Incomplete {
                what: "请填写更正的理由",
            },
            (Action::CorrectAnomaly, _) if self.is_corrected_like_this(press) => done(&None),
            (Action::MarkIncident, Some(incident)) => done(&Some(incident.opened.clone())),
            (Action::SendReport, Some(incident)) if incident.reported.is_some() => done(&incident.reported),
            (Action::MarkClaim, Some(incident)) if incident.claim.is_some() => done(&incident.claim),
            (Action::SendReport | Action::MarkClaim, None) => self.moved_on(),
            (Action::RequestWaiver, _) if !change.stage.is_before_execution() => self.moved_on(),
            (Action::ToggleUs | Action::ToggleHongKong | Action::ToggleSingapore, _)
                if !change.stage.is_open() =>
            {
                self.moved_on()
            }
            _ => return None,
        })
    }

    fn act_beside(&mut self, press: &Press) -> Answer {
        let note = press.details.note.trim();
        let acted = match press.action {
            Action::Anomaly => {
                self.report_anomaly(press, Cause::AnomalyReported);
                true
            }
            Action::Describe => {
                self.describe(note);
                if press.details.incident {
                    self.open_incident(&press.by);
                }
                true
            }
            Action::MarkIncident => {
                self.describe(note);
                self.open_incident(&press.by);
                true
            }
            Action::RequestWaiver => return self.request_waiver(press),
            Action::Reschedule => return self.reschedule(press),
            Action::UpdateStatement if self.update_statement(note) => true,
            Action::UpdateStatement => return Answer::AlreadyDone { by: None },
            Action::SendReport => self.send_report(press),
            Action::MarkClaim => self.mark_claim(&press.by),
            Action::CorrectAnomaly => self.correct_anomaly(press),
            Action::ToggleUs | Action::ToggleHongKong | Action::ToggleSingapore => {
                self.correct_markets(&press.by, press.action);
                true
            }
            _ => false,
        };
        if acted { Answer::Accepted } else { self.moved_on() }
    }
}
