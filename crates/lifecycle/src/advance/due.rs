//! What happens when nothing happens: timers.

use std::collections::BTreeSet;

use changegate_policy::UserId;

use super::step::Step;
use crate::effect::Record;
use crate::notice::Notice;
use crate::stage::{Cause, Stage};
use crate::timer::Timer;

impl Step<'_> {
    /// A timer is due. One that is no longer set, or was set anew for later, means nothing: it fired late or twice.
    pub(super) fn due(&mut self, timer: Timer) {
        if self.change.timers.get(&timer).is_none_or(|at| *at > self.now) {
            return self.record(Record::Ignored { what: "timer" });
        }
        self.clear(timer);
        self.record(Record::Due { timer });
        match timer {
            // The shell looks at the form whenever this is due; the look is the event that follows.
            Timer::Look => {}
            Timer::ChangeDay => self.prepare_the_day(),
            Timer::Remind(duty) => self.remind(duty),
            Timer::BeforeClose => self.before_close(),
            Timer::WindowClosed => self.window_closed(),
            Timer::Expire => self.expire(),
            Timer::AnomalyTimeOut => self.order_rollback(),
            Timer::UsOpen => self.us_open(),
            Timer::SessionEve(market) => self.session_eve(market),
            Timer::BeforeSession(market) => self.before_session(market),
            Timer::SessionOpen(market) => self.session_open(market),
            Timer::Report => self.ask_for_report(),
        }
        self.conclude();
    }

    fn before_close(&mut self) {
        if self.change.stage != Stage::Approved {
            return;
        }
        let Some(closes) = self.closes() else { return };
        let people = self.concerned_by_the_window();
        self.notify_all(&people, &Notice::WillMissWindow { closes });
    }

    fn window_closed(&mut self) {
        if self.change.stage != Stage::Approved {
            return;
        }
        let next = self
            .policy
            .windows()
            .windows_from(self.now)
            .find(|window| window.opens > self.now);
        let people = self.concerned_by_the_window();
        let notice = Notice::MissedWindow {
            next: next.map(|window| window.opens),
        };
        self.notify_all(&people, &notice);
    }

    fn concerned_by_the_window(&self) -> BTreeSet<UserId> {
        let people = &self.change.people;
        let mut concerned = people.who_execute();
        concerned.extend(people.applicants.iter().cloned());
        concerned.extend(people.development_leads.iter().cloned());
        concerned
    }

    fn expire(&mut self) {
        if self.move_by(Cause::TimeRanOut, None) {
            self.enter();
            let mut people = self.change.people.applicants.clone();
            people.extend(self.change.people.operations_leads.iter().cloned());
            self.notify_all(&people, &Notice::Expired);
        }
    }
}
