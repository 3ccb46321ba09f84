//! What a fresh look at the approval makes of a change.

use std::collections::BTreeSet;

use changegate_policy::{Outcome, Policy, UserId};
use chrono::{DateTime, TimeDelta, Utc};

use super::step::Step;
use crate::change::Plan;
use crate::event::{FormStatus, Look};
use crate::notice::Notice;
use crate::off_beat::off_beat;
use crate::stage::{Cause, Stage};
use crate::timer::Timer;

/// What is long past when it is first seen is over soon, without a word.
const GRACE: TimeDelta = TimeDelta::hours(1);

impl Step<'_> {
    /// A form that is already over when it is first seen (after a long outage, or on the first day of use) is
    /// recorded and told to nobody, unless it passed and its change day is still to come.
    pub(super) fn looked(&mut self, look: &Look) {
        let first = self.change.content.is_none();
        let before = self.change.stage;
        if !self.change.stage.is_begun() {
            self.change.quiet = look.verdict.verdict == Outcome::NotApplicable
                || (first || self.change.quiet) && !worth_telling(look, self.now, self.policy);
        }
        self.note_facts(look);
        let entered = self.follow_the_form(look);
        self.note_content(look);
        self.note_verdict(look);
        self.note_signatures(look);
        if self.change.stage.is_before_execution() {
            self.tell(look);
        } else if self.change.stage != before && !self.change.stage.is_open() {
            self.tell_closed(look);
        }
        self.change.content = Some(look.content.clone());
        // Seen only after the executor's node was done: nobody is asked to begin what is out already.
        let executed = look
            .executed
            .as_ref()
            .is_some_and(|node| self.executed(&node.who, node.at));
        if entered && !executed {
            self.enter();
        }
        if self.change.stage == Stage::Returned {
            // Who signed before it was sent back signs anew.
            let signers = look.signatures.iter().map(|signature| &signature.who);
            let signers: BTreeSet<&UserId> = signers.collect();
            self.change.signed.retain(|who| signers.contains(who));
        }
        if self.change.stage.is_before_execution() {
            self.prepare(look);
            self.plan_expiry();
            self.hold_up_the_start(look, entered);
        }
        if let Some(at) = look.look_again_at
            && !self.change.quiet
            && (self.change.stage.is_before_execution() || self.change.stage == Stage::Executing)
        {
            self.look_again_at(at);
        }
    }

    fn tell(&mut self, look: &Look) {
        let mut told = self.tell_applicants(look);
        self.tell_of_edit(look);
        if self.change.stage.awaits_approvers() {
            told.extend(self.warn(look));
        }
        self.note_turn(look, &told);
    }

    /// What the form and the directory say now.
    fn note_facts(&mut self, look: &Look) {
        let summary = &look.verdict.change;
        self.change.people = look.people.clone();
        self.change.sp_no.clone_from(&look.verdict.sp_no);
        self.change.times.filed = Some(look.filed);
        if let Some(earlier) = &look.earlier {
            self.change.earlier = Some(earlier.sp_no.clone());
        }
        let before = &self.change.plan;
        let mut plan = Plan {
            urgency: summary.urgency,
            change_day: summary.change_day,
            opens: summary.window.as_ref().map(|window| window.opens.to_utc()),
            closes: summary.window.as_ref().map(|window| window.closes.to_utc()),
            from: look.planned.0,
            until: look.planned.1,
            moved: before.moved,
            middle_platform: look.middle_platform,
            technical: look.technical,
            markets: look.markets.clone(),
            markets_decided: before.markets_decided,
        };
        if before.moved {
            plan.change_day = before.change_day;
            plan.opens = before.opens;
            plan.closes = before.closes;
            plan.from = before.from;
            plan.until = before.until;
        }
        if before.markets_decided {
            plan.markets.clone_from(&before.markets);
        }
        self.change.plan = plan;
    }

    /// Takes over the form's state; answers whether that led to another stage.
    fn follow_the_form(&mut self, look: &Look) -> bool {
        let cause = match look.form {
            FormStatus::InProgress => Cause::FormInProgress,
            FormStatus::Returned => Cause::FormReturned,
            FormStatus::Approved => Cause::FormApproved,
            FormStatus::Declined => Cause::FormDeclined,
            FormStatus::Withdrawn => Cause::FormWithdrawn,
        };
        let mut moved = self.move_by(cause, None);
        if let Some(newer) = &look.newer
            && newer.passed
            && self.move_by(Cause::NewerFlowPassed, None)
        {
            self.change.newer = Some(newer.sp_no.clone());
            moved = true;
        }
        self.note_contradiction(look.form);
        moved
    }

    /// What the form says and what was done do not agree: operations hear of it, once.
    fn note_contradiction(&mut self, form: FormStatus) {
        let stage = self.change.stage;
        let notice = match form {
            FormStatus::Withdrawn if stage.is_begun() => Notice::WithdrawnAfterStart,
            FormStatus::Approved if stage == Stage::Expired => Notice::PassedTooLate,
            _ => return,
        };
        if self.change.inconsistent {
            return;
        }
        self.change.inconsistent = true;
        let mut people = self.change.people.operations_leads.clone();
        if notice == Notice::PassedTooLate {
            people.extend(self.change.people.applicants.iter().cloned());
        }
        self.notify_all(&people, &notice);
    }

    /// What nobody carries out does not stay open for ever.
    pub(super) fn plan_expiry(&mut self) {
        let plan = &self.change.plan;
        let day_after = plan
            .change_day
            .and_then(|day| day.succ_opt())
            .map(|day| self.policy.start_of(day));
        let over = [plan.closes, plan.until, plan.from, day_after]
            .into_iter()
            .flatten()
            .max();
        let Some(over) = over.or(self.change.times.filed) else {
            return;
        };
        let wait = TimeDelta::days(i64::from(self.policy.pace().expire_after_days));
        match over.checked_add_signed(wait) {
            Some(due) if due > self.now => self.set(Timer::Expire, off_beat(due)),
            _ if self.has(Timer::Expire) => {}
            _ => self.set(Timer::Expire, off_beat(self.now + GRACE)),
        }
    }
}

/// Whether people still gain from hearing of a form that is seen for the first time.
fn worth_telling(look: &Look, now: DateTime<Utc>, policy: &Policy) -> bool {
    match look.form {
        FormStatus::InProgress | FormStatus::Returned => true,
        FormStatus::Approved => look
            .verdict
            .change
            .change_day
            .is_some_and(|day| day >= policy.local(now).date_naive()),
        FormStatus::Declined | FormStatus::Withdrawn => false,
    }
}
