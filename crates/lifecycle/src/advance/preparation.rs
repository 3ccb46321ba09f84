//! Before the change is carried out: the duties of the change day (三.2), the confirmations of a technical
//! requirement (三), and the emergency application (二).

use changegate_policy::{RuleId, Status, Urgency, Verdict};
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

use super::step::Step;
use crate::duty::{DutyKind, DutyState};
use crate::event::Look;
use crate::notice::Mail;
use crate::off_beat::off_beat;
use crate::timer::Timer;

/// When people hear of the change day's duties, for a flow that was filed before.
const MORNING: NaiveTime = NaiveTime::from_hms_opt(9, 5, 0).unwrap();

/// The soonest that something can be due.
const AT_ONCE: TimeDelta = TimeDelta::milliseconds(1);

impl Step<'_> {
    /// What a form brings that is not rejected: a rejected one has to be filed again first.
    pub(super) fn prepare(&mut self, look: &Look) {
        if is_to_be_filed_again(&look.verdict) || self.change.quiet {
            return self.clear(Timer::ChangeDay);
        }
        self.prepare_the_day();
        self.ask_about_technical_requirement();
        self.apply_by_mail(look);
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

    /// 紧急 outside of the window is applied for by mail, too; once. Where the bot cannot send it, or could not, its
    /// applicants do.
    fn apply_by_mail(&mut self, look: &Look) {
        if !self.needs_emergency_mail() {
            return self.drop_duties(|kind| kind == DutyKind::EmergencyMail);
        }
        if look.emergency_mail_shown {
            self.change.emergency_mailed = true;
            return self.drop_duties(|kind| kind == DutyKind::EmergencyMail);
        }
        let failed = look.emergency_mail_failed;
        if self.change.emergency_mailed && !failed {
            // It went out after all.
            return self.drop_duties(|kind| kind == DutyKind::EmergencyMail);
        }
        if self.was_asked(DutyKind::EmergencyMail) {
            return;
        }
        if look.mail_by_hand || failed {
            let applicants = self.change.people.applicants.clone();
            self.open(DutyKind::EmergencyMail, &applicants);
            return;
        }
        self.change.emergency_mailed = true;
        self.change.emergency_mail = Some(self.mail(Mail::EmergencyApplication, "紧急发版申请"));
    }

    fn needs_emergency_mail(&self) -> bool {
        let plan = &self.change.plan;
        let planned = plan.from.unwrap_or(self.now);
        plan.urgency == Some(Urgency::Emergency) && self.policy.windows().window_at(planned).is_none()
    }

    /// The form is to be looked at again then, or sooner where it is already.
    pub(super) fn look_again_at(&mut self, at: DateTime<Utc>) {
        let at = at.max(self.now + AT_ONCE);
        let set = self.change.timers.get(&Timer::Look).copied();
        self.set(Timer::Look, set.map_or(at, |set| set.min(at)));
    }

    /// The form is to be looked at again, at once: something that a rule minds was confirmed.
    pub(super) fn look_again(&mut self) {
        self.set(Timer::Look, self.now + AT_ONCE);
    }
}

/// Whether a form fails beyond what is made good without another one: an emergency application that is sent later.
fn is_to_be_filed_again(verdict: &Verdict) -> bool {
    verdict
        .binding()
        .any(|result| result.status == Status::Fail && result.rule != RuleId::EmergencyMail)
}
