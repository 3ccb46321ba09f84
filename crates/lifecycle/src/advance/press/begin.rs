//! When a change is carried out: 开始执行 within the window or with the development lead's consent (八.1), and 改期.

use chrono::{DateTime, TimeDelta, Utc};

use crate::action::Action;
use crate::advance::step::Step;
use crate::duty::DutyKind;
use crate::event::Press;
use crate::notice::{Answer, Notice};
use crate::stage::{Cause, Stage};
use crate::timer::Timer;

/// 改期 goes no further than this: a year mistyped is not a plan.
const FURTHEST: TimeDelta = TimeDelta::days(366);

impl Step<'_> {
    /// Inside a window, or with the development lead's consent (八.1). Without it, the lead is asked and the start
    /// refused.
    pub(super) fn start(&mut self, number: u32, press: &Press) -> Answer {
        let frozen = self
            .policy
            .freeze_at(self.now, self.change.plan.urgency)
            .is_some();
        let inside = self.policy.windows().window_at(self.now).is_some() && !frozen;
        if inside || self.change.consent.is_some() {
            self.say_and_move(number, press, Cause::Started);
            return Answer::Accepted;
        }
        let leads = self.change.people.who_lead();
        let of = match self.change.open_duty(DutyKind::Consent) {
            Some(asked) => asked.holders.clone(),
            None => leads.clone(),
        };
        self.open(DutyKind::Consent, &leads);
        Answer::ConsentAsked { of }
    }

    pub(super) fn decide_consent(&mut self, number: u32, press: &Press) {
        let agreed = press.action == Action::Agree;
        if agreed {
            self.change.consent = Some(self.stamp(&press.by));
        }
        self.say(number, &press.by, press.action);
        let notice = Notice::ConsentDecided {
            agreed,
            by: press.by.clone(),
        };
        let executors = self.change.people.who_execute();
        self.notify_all(&executors, &notice);
        if agreed && let Some(start) = self.change.open_duty(DutyKind::Start).map(|duty| duty.number) {
            self.notify_all(&executors, &Notice::Duty { duty: start });
        }
    }

    /// 改期: another time for the same form; whoever waits for it hears of it.
    pub(in crate::advance) fn reschedule(&mut self, press: &Press) -> Answer {
        if !self.change.stage.is_before_execution() {
            return self.moved_on();
        }
        let sensible = |at: &DateTime<Utc>| *at > self.now && *at - self.now <= FURTHEST;
        let Some(from) = press.details.from.filter(sensible) else {
            return Answer::Incomplete {
                what: "请填写晚于现在、一年以内的新变更时间",
            };
        };
        let until = press
            .details
            .until
            .filter(|until| *until > from && sensible(until));
        let day = self.policy.day_of(from);
        let plan = &self.change.plan;
        if plan.moved && plan.from == Some(from) && plan.until == until {
            return Answer::AlreadyDone { by: None };
        }
        let window = self.policy.windows().windows_from(from).next();
        let plan = &mut self.change.plan;
        plan.moved = true;
        plan.from = Some(from);
        plan.until = until;
        plan.change_day = Some(day);
        plan.opens = window.as_ref().map(|window| window.opens);
        plan.closes = window.as_ref().map(|window| window.closes);
        // An agreement to start outside the window was for the time that is no more planned.
        self.change.consent = None;
        for timer in [Timer::BeforeClose, Timer::WindowClosed] {
            self.clear(timer);
        }
        // Somebody works with it: from now on it is told of, even if it was long over when first seen.
        self.change.quiet = false;
        if self.change.stage == Stage::Approved {
            self.approved();
        }
        self.plan_expiry();
        self.look_again();
        let people = &self.change.people;
        let mut concerned = people.who_execute();
        concerned.extend(people.applicants.iter().cloned());
        concerned.extend(people.development_leads.iter().cloned());
        concerned.remove(&press.by);
        let notice = Notice::Rescheduled { by: press.by.clone() };
        self.notify_all(&concerned, &notice);
        Answer::Accepted
    }
}
