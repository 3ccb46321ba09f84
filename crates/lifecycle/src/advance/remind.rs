//! Reminders that people can live with: each has a cause, a stop condition, a largest count and a next person, and
//! says so.

use std::collections::BTreeSet;

use changegate_policy::{Urgency, UserId};
use chrono::{DateTime, TimeDelta, Utc};

use super::step::Step;
use crate::duty::DutyKind;
use crate::notice::{Count, Notice};
use crate::off_beat::off_beat;
use crate::people::People;
use crate::stage::Stage;
use crate::timer::Timer;

/// The report on an incident: about a working day.
const REPORT_EVERY: TimeDelta = TimeDelta::hours(8);

/// How a duty is brought to mind.
struct Reminding {
    every: TimeDelta,
    count: u32,
    /// Whether only work time counts.
    in_work_time: bool,
}

impl Step<'_> {
    /// Sets the next reminder of a duty, if it is to have one more.
    pub(super) fn plan_reminder(&mut self, number: u32, from: DateTime<Utc>) {
        let Some(duty) = self.change.duty(number).filter(|duty| duty.is_open()) else {
            return;
        };
        let (kind, reminded) = (duty.kind, duty.reminded);
        match self.reminding(kind) {
            Some(reminding) if reminded < reminding.count => {
                let at = self.reminder_at(&reminding, from);
                self.set(Timer::Remind(number), at);
            }
            _ => self.clear(Timer::Remind(number)),
        }
    }

    /// A reminder is due.
    pub(super) fn remind(&mut self, number: u32) {
        let Some(duty) = self.change.duty(number).filter(|duty| duty.is_open()) else {
            return;
        };
        let kind = duty.kind;
        if self.is_paused(kind) {
            return;
        }
        let Some(reminding) = self.reminding(kind) else {
            return;
        };
        let Some(duty) = self.duty_mut(number) else { return };
        duty.reminded += 1;
        let reminded = duty.reminded;
        let acknowledged = duty.acknowledged.clone();
        let holders: BTreeSet<UserId> = duty
            .awaited()
            .filter(|who| !duty.acknowledged.contains(who))
            .cloned()
            .collect();
        self.plan_reminder(number, self.now);
        let next_at = self.change.timers.get(&Timer::Remind(number)).copied();
        let count = Count {
            number: reminded,
            of: reminding.count,
            next_in: next_at.map(|at| (at - self.now).num_minutes()),
            next: next_at.map_or_else(BTreeSet::new, |_| self.escalation(kind, reminded + 1)),
            to_holder: true,
        };
        let above: BTreeSet<UserId> = self
            .escalation(kind, reminded)
            .into_iter()
            .filter(|who| !holders.contains(who) && !acknowledged.contains(who))
            .collect();
        let reminder = |to_holder| Notice::Reminder {
            duty: number,
            count: Count {
                to_holder,
                ..count.clone()
            },
        };
        self.notify_all(&holders, &reminder(true));
        self.notify_all(&above, &reminder(false));
    }

    /// While an anomaly is being dealt with nobody is reminded to verify: their reminders wait for its end.
    pub(super) fn pause_reminders(&mut self) {
        for (number, kind) in self.open_duties() {
            if self.is_paused(kind) {
                self.clear(Timer::Remind(number));
            }
        }
    }

    /// Whatever was paused goes on, with the full time.
    pub(super) fn resume_reminders(&mut self) {
        for (number, _) in self.open_duties() {
            if !self.has(Timer::Remind(number)) {
                self.plan_reminder(number, self.now);
            }
        }
    }

    fn open_duties(&self) -> Vec<(u32, DutyKind)> {
        let open = self.change.duties.iter().filter(|duty| duty.is_open());
        open.map(|duty| (duty.number, duty.kind)).collect()
    }

    fn is_paused(&self, kind: DutyKind) -> bool {
        matches!(self.change.stage, Stage::Anomaly | Stage::RollingBack)
            && matches!(
                kind,
                DutyKind::Verify
                    | DutyKind::WatchFeedback
                    | DutyKind::UsOpen
                    | DutyKind::ConfigurePermissions
                    | DutyKind::Finish
            )
    }

    fn reminder_at(&self, reminding: &Reminding, from: DateTime<Utc>) -> DateTime<Utc> {
        off_beat(if reminding.in_work_time {
            self.policy.after_work_time(from, reminding.every)
        } else {
            from + reminding.every
        })
    }

    /// How a kind of duty is brought to mind; none: not at all, since something else follows when it is not done.
    fn reminding(&self, kind: DutyKind) -> Option<Reminding> {
        let pace = self.policy.pace();
        let urgent = self.change.plan.urgency == Some(Urgency::Emergency);
        let (every, count, in_work_time) = match kind {
            DutyKind::Sign if urgent => (pace.emergency_approval_reminder, pace.approval_reminders, false),
            DutyKind::Sign => (pace.approval_reminder, pace.approval_reminders, true),
            DutyKind::Regression
            | DutyKind::RollbackReady
            | DutyKind::VerificationReady
            | DutyKind::TechnicalByDevelopment
            | DutyKind::TechnicalByTest
            | DutyKind::EmergencyMail
            | DutyKind::DecideWaiver => (pace.duty_reminder, pace.duty_reminders, !urgent),
            DutyKind::Consent | DutyKind::NameWatchers(_) | DutyKind::WatchSession(_) => {
                (pace.duty_reminder, pace.duty_reminders, false)
            }
            DutyKind::Finish
            | DutyKind::Verify
            | DutyKind::WatchFeedback
            | DutyKind::ConfigurePermissions
            | DutyKind::UsOpen
            | DutyKind::ConfirmRestored
            | DutyKind::ConfirmFixed => (pace.verification_reminder, pace.verification_reminders, false),
            DutyKind::RollBack => (pace.anomaly_time_out, pace.verification_reminders, false),
            DutyKind::Report => (REPORT_EVERY, pace.duty_reminders, true),
            DutyKind::Start | DutyKind::Handle | DutyKind::Remedy | DutyKind::Markets => return None,
        };
        Some(Reminding {
            every,
            count,
            in_work_time,
        })
    }

    /// Who hears of the reminder of that number beside the holders.
    fn escalation(&self, kind: DutyKind, number: u32) -> BTreeSet<UserId> {
        let people = &self.change.people;
        match number {
            0 | 1 => BTreeSet::new(),
            2 => second(kind, people),
            _ => third(kind, people),
        }
    }
}

fn second(kind: DutyKind, people: &People) -> BTreeSet<UserId> {
    match kind {
        DutyKind::Sign
        | DutyKind::TechnicalByDevelopment
        | DutyKind::TechnicalByTest
        | DutyKind::VerificationReady
        | DutyKind::DecideWaiver => people.applicants.clone(),
        DutyKind::Regression | DutyKind::WatchFeedback => people.who_lead_tests(),
        DutyKind::Consent => people.who_execute(),
        DutyKind::NameWatchers(_) | DutyKind::RollBack | DutyKind::Report => people.operations_leads.clone(),
        DutyKind::RollbackReady
        | DutyKind::EmergencyMail
        | DutyKind::Start
        | DutyKind::Finish
        | DutyKind::Verify
        | DutyKind::ConfigurePermissions
        | DutyKind::UsOpen
        | DutyKind::WatchSession(_)
        | DutyKind::Handle
        | DutyKind::Remedy
        | DutyKind::ConfirmRestored
        | DutyKind::ConfirmFixed
        | DutyKind::Markets => people.who_lead(),
    }
}

fn third(kind: DutyKind, people: &People) -> BTreeSet<UserId> {
    let mut above = match kind {
        DutyKind::Regression | DutyKind::VerificationReady | DutyKind::WatchFeedback => people.who_lead(),
        _ => people.operations_leads.clone(),
    };
    if kind == DutyKind::RollBack {
        above.extend(people.rd_directors.iter().cloned());
    }
    if above.is_empty() {
        above = people.who_lead();
    }
    above
}
