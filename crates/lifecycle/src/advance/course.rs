//! What entering a stage brings: whose duties begin, whose end, what is timed.

use changegate_policy::UserId;
use chrono::{DateTime, TimeDelta, Utc};

use super::step::Step;
use crate::action::Action;
use crate::duty::{DutyKind, DutyState};
use crate::notice::{GroupNotice, Notice};
use crate::off_beat::{off_beat, off_beat_before};
use crate::stage::{Cause, Ending, Stage};
use crate::timer::Timer;

/// People who stay wait for an opening within this time; one later (after a weekend) they come back for.
const TONIGHT: TimeDelta = TimeDelta::hours(14);

impl Step<'_> {
    /// Begins what the present stage brings. Called once after each move.
    pub(super) fn enter(&mut self) {
        match self.change.stage {
            Stage::Submitted | Stage::Approving => self.before_approval(),
            Stage::Returned => {
                self.before_approval();
                self.forget_the_warned();
            }
            Stage::Approved => self.approved(),
            Stage::Executing => self.executing(),
            Stage::Verifying => self.verifying(),
            Stage::Anomaly => self.anomaly(),
            Stage::RollingBack => self.rolling_back(),
            Stage::RolledBack => self.rolled_back(),
            Stage::Fixed => self.fixed(),
            Stage::Closed => self.closed(),
            Stage::Withdrawn | Stage::Declined | Stage::Superseded | Stage::Expired => self.over(),
        }
    }

    /// Signers were added after the form had passed, or it came back: nobody starts for now.
    fn before_approval(&mut self) {
        self.drop_duties(|kind| matches!(kind, DutyKind::Start | DutyKind::Consent));
        for timer in [Timer::BeforeClose, Timer::WindowClosed] {
            self.clear(timer);
        }
    }

    /// A form that was sent back comes to its approvers anew: they are told anew.
    fn forget_the_warned(&mut self) {
        let leads = self.change.people.operations_leads.clone();
        self.change.warned.retain(|who, _| leads.contains(who));
    }

    pub(super) fn approved(&mut self) {
        self.change.times.approved.get_or_insert(self.now);
        self.end_turn();
        let people = self.change.people.clone();
        self.open(DutyKind::Start, &people.who_execute());
        if !self.change.plan.markets.is_empty() && !self.change.plan.markets_decided {
            let mut asked = people.applicants.clone();
            asked.extend(people.development_leads.iter().cloned());
            self.open(DutyKind::Markets, &asked);
        }
        self.time_the_window();
    }

    /// The window's end, as far as a window is what the change waits for.
    pub(super) fn time_the_window(&mut self) {
        if self.change.quiet {
            return;
        }
        let Some(closes) = self.closes() else { return };
        let warn_at = off_beat_before(closes - self.policy.pace().before_close);
        if warn_at > self.now {
            self.set(Timer::BeforeClose, warn_at);
        }
        if closes > self.now {
            self.set(Timer::WindowClosed, off_beat(closes));
        }
    }

    /// When it has to be carried out: the planned end, where people planned one beyond the window, else the window's.
    pub(super) fn closes(&self) -> Option<DateTime<Utc>> {
        let plan = &self.change.plan;
        let inside = |at: DateTime<Utc>| self.policy.windows().window_at(at).map(|window| window.closes);
        match plan.from {
            Some(from) => inside(from).or(plan.until),
            None if plan.urgency == Some(changegate_policy::Urgency::Emergency) => None,
            None => plan.closes,
        }
    }

    fn end_turn(&mut self) {
        if let Some(number) = self.change.open_duty(DutyKind::Sign).map(|duty| duty.number) {
            self.end(number, DutyState::Done);
        }
    }

    fn executing(&mut self) {
        self.change.times.started = Some(self.now);
        self.stop_waiting();
        let executors = self.change.people.who_execute();
        self.open(DutyKind::Finish, &executors);
    }

    fn stop_waiting(&mut self) {
        self.end_turn();
        self.drop_duties(|kind| {
            matches!(
                kind,
                DutyKind::Start | DutyKind::Consent | DutyKind::DecideWaiver | DutyKind::EmergencyMail
            )
        });
        for timer in [
            Timer::BeforeClose,
            Timer::WindowClosed,
            Timer::Expire,
            Timer::ChangeDay,
            Timer::Look,
        ] {
            self.clear(timer);
        }
    }

    /// The change is out, by a button or by the executor's own node in the approval (八.2). Answers whether that
    /// moved it on.
    pub(super) fn executed(&mut self, by: &UserId, at: DateTime<Utc>) -> bool {
        let moved = self.move_by(Cause::Executed, None);
        if moved {
            let at = at.min(self.now);
            let times = &mut self.change.times;
            times.approved.get_or_insert(at);
            times.started.get_or_insert(at);
            times.executed = Some(at);
            if let Some(number) = self.change.open_duty(DutyKind::Finish).map(|duty| duty.number) {
                self.say(number, by, Action::Executed);
            }
            self.enter();
            self.conclude();
        }
        moved
    }

    fn verifying(&mut self) {
        self.stop_waiting();
        self.drop_duties(|kind| {
            matches!(
                kind,
                DutyKind::Finish
                    | DutyKind::Regression
                    | DutyKind::RollbackReady
                    | DutyKind::VerificationReady
                    | DutyKind::TechnicalByDevelopment
                    | DutyKind::TechnicalByTest
            )
        });
        let people = self.change.people.clone();
        self.watch_the_markets();
        self.notify_all(&people.applicants, &Notice::Executed);
        self.open(DutyKind::Verify, &people.who_verify());
        self.open(DutyKind::WatchFeedback, &people.who_test());
        self.ask_for_permissions();
    }

    fn ask_for_permissions(&mut self) {
        let asked = self.change.latest(DutyKind::ConfigurePermissions).is_some();
        if self.change.plan.middle_platform && !asked {
            let configurers = self.change.people.who_configure();
            self.open(DutyKind::ConfigurePermissions, &configurers);
        }
    }

    fn rolling_back(&mut self) {
        self.clear(Timer::AnomalyTimeOut);
        self.drop_duties(|kind| matches!(kind, DutyKind::Handle | DutyKind::Remedy));
        let mut people = self.change.people.who_execute();
        people.extend(self.change.people.who_lead());
        self.open(DutyKind::RollBack, &people);
    }

    fn rolled_back(&mut self) {
        self.leave_the_markets();
        self.drop_duties(|kind| {
            matches!(
                kind,
                DutyKind::RollBack
                    | DutyKind::Finish
                    | DutyKind::Verify
                    | DutyKind::WatchFeedback
                    | DutyKind::ConfigurePermissions
                    | DutyKind::Markets
            )
        });
        let mut people = self.change.people.applicants.clone();
        people.extend(self.change.people.who_test());
        self.open(DutyKind::ConfirmRestored, &people);
    }

    fn fixed(&mut self) {
        self.clear(Timer::AnomalyTimeOut);
        self.drop_duties(|kind| {
            matches!(
                kind,
                DutyKind::Handle
                    | DutyKind::Remedy
                    | DutyKind::Finish
                    | DutyKind::Verify
                    | DutyKind::WatchFeedback
            )
        });
        let mut people = self.change.people.who_verify();
        people.extend(self.change.people.who_test());
        self.open(DutyKind::ConfirmFixed, &people);
        // It stays out: what its execution brings and was not begun, or was given up for a rollback, is due now.
        self.watch_the_markets();
        self.ask_for_permissions();
        self.resume_reminders();
    }

    fn closed(&mut self) {
        self.change.times.closed = Some(self.now);
        self.change.times.verified.get_or_insert(self.now);
        self.leave_the_markets();
        self.release();
        self.end_everything_but_the_report();
        self.recover();
    }

    fn over(&mut self) {
        self.change.times.closed = Some(self.now);
        if self.change.stage == Stage::Superseded {
            let by = self.change.newer.clone().unwrap_or_default();
            let mut people = self.change.people.applicants.clone();
            let turn = self
                .change
                .open_duty(DutyKind::Sign)
                .map(|duty| duty.holders.clone());
            people.extend(turn.unwrap_or_default());
            self.notify_all(&people, &Notice::Superseded { by });
        }
        self.end_everything_but_the_report();
    }

    fn end_everything_but_the_report(&mut self) {
        self.drop_duties(|kind| kind != DutyKind::Report);
        let report = self.change.open_duty(DutyKind::Report).map(|duty| duty.number);
        self.change.timers.retain(|timer, _| match timer {
            Timer::Report => true,
            Timer::Remind(duty) => Some(*duty) == report,
            _ => false,
        });
    }

    /// Whether all that has to be confirmed is confirmed: then the change is over, or people may at least leave.
    pub(super) fn conclude(&mut self) {
        let (cause, ending) = match self.change.stage {
            Stage::Verifying if self.change.had_anomaly() => (Cause::Verified, Ending::FixedForward),
            Stage::Verifying => (Cause::Verified, Ending::Successful),
            Stage::Fixed => (Cause::Restored, Ending::FixedForward),
            Stage::RolledBack => (Cause::Restored, Ending::RolledBack),
            _ => return,
        };
        let open = |wanted: fn(DutyKind) -> bool| {
            self.change
                .duties
                .iter()
                .any(|duty| duty.is_open() && wanted(duty.kind))
        };
        if !open(DutyKind::holds_up_closing) && !self.markets_are_awaited() {
            if self.move_by(cause, Some(ending)) {
                self.enter();
            }
            return;
        }
        let keeps_people = |kind| {
            matches!(
                kind,
                DutyKind::Verify
                    | DutyKind::WatchFeedback
                    | DutyKind::ConfigurePermissions
                    | DutyKind::UsOpen
                    | DutyKind::ConfirmRestored
                    | DutyKind::ConfirmFixed
            )
        };
        let opens_tonight = self
            .change
            .timers
            .get(&Timer::UsOpen)
            .is_some_and(|at| *at - self.change.times.executed.unwrap_or(self.now) <= TONIGHT);
        if !open(keeps_people) && !opens_tonight {
            self.change.times.verified.get_or_insert(self.now);
            self.release();
        }
    }

    /// Done, free to leave (九.3); told once.
    fn release(&mut self) {
        if !self.change.released {
            self.change.released = true;
            let stay = self.change.who_stay();
            self.notify_all(&stay, &Notice::Released);
        }
    }

    /// The function is back: the feedback group hears of it (十.3).
    fn recover(&mut self) {
        let now = self.now;
        let mut any = false;
        for anomaly in &mut self.change.anomalies {
            if anomaly.recovered.is_none() {
                anomaly.recovered = Some(now);
                any |= anomaly.corrected.is_none();
            }
        }
        if any {
            self.tell_group(GroupNotice::Recovered, "功能已恢复");
            self.plan_report();
        }
    }
}
