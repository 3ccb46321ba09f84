//! Before the change is carried out: the duties of the change day (三.2), the confirmations of a technical
//! requirement (三), and the emergency application (二).

use changegate_policy::{Outcome, Urgency};
use chrono::{NaiveTime, TimeDelta};

use super::step::Step;
use crate::duty::{DutyKind, DutyState};
use crate::event::Look;
use crate::notice::Mail;
use crate::off_beat::off_beat;
use crate::timer::Timer;

/// When people hear of the change day's duties, for a flow that was filed before.
const MORNING: NaiveTime = NaiveTime::from_hms_opt(9, 5, 0).unwrap();

impl Step<'_> {
    /// What a form brings that is not rejected: a rejected one has to be filed again first.
    pub(super) fn prepare(&mut self, look: &Look) {
        if look.verdict.verdict == Outcome::Rejected || self.change.quiet {
            return self.clear(Timer::ChangeDay);
        }
        self.prepare_the_day();
        self.ask_about_technical_requirement();
        self.apply_by_mail();
    }

    /// On the change day at once, before it in the morning of that day.
    pub(super) fn prepare_the_day(&mut self) {
        let Some(day) = self.change.plan.change_day else {
            return;
        };
        let asked = [
            DutyKind::Regression,
            DutyKind::RollbackReady,
            DutyKind::VerificationReady,
        ];
        if asked.iter().any(|kind| self.was_asked(*kind)) || !self.change.stage.is_before_execution() {
            return;
        }
        if self.policy.day_of(self.now) < day {
            self.set(Timer::ChangeDay, off_beat(self.policy.at(day, MORNING)));
            return;
        }
        self.clear(Timer::ChangeDay);
        let people = self.change.people.clone();
        self.open(DutyKind::Regression, &people.who_test());
        self.open(DutyKind::RollbackReady, &people.applicants);
        self.open(DutyKind::VerificationReady, &people.who_verify());
    }

    /// Whether people were asked; what was dropped when a form counted as over is asked anew once it goes on.
    fn was_asked(&self, kind: DutyKind) -> bool {
        let duty = self.change.latest(kind);
        duty.is_some_and(|duty| duty.state != DutyState::Dropped)
    }

    fn ask_about_technical_requirement(&mut self) {
        if !self.change.plan.technical
            || self.was_asked(DutyKind::TechnicalByDevelopment)
            || self.was_asked(DutyKind::TechnicalByTest)
        {
            return;
        }
        let people = self.change.people.clone();
        self.open(DutyKind::TechnicalByDevelopment, &people.who_lead());
        self.open(DutyKind::TechnicalByTest, &people.who_lead_tests());
    }

    /// 紧急 outside of the window is applied for by mail, too; once.
    fn apply_by_mail(&mut self) {
        if self.change.emergency_mailed || self.change.plan.urgency != Some(Urgency::Emergency) {
            return;
        }
        let planned = self.change.plan.from.unwrap_or(self.now);
        if self.policy.windows().window_at(planned).is_some() {
            return;
        }
        self.change.emergency_mailed = true;
        self.mail(Mail::EmergencyApplication, "紧急发版申请");
    }

    /// The form is to be looked at again, at once: something that a rule minds was confirmed.
    pub(super) fn look_again(&mut self) {
        self.set(Timer::Look, self.now + TimeDelta::milliseconds(1));
    }
}
