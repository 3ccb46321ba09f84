//! Buttons: who may press what, and what comes of it. A press that cannot be acted on changes nothing and is
//! answered with the present state.

mod begin;
mod beside;

use changegate_policy::{ExecutionRecord, Market, UserId};
use chrono::TimeDelta;

use super::step::Step;
use crate::action::Action;
use crate::change::Stamp;
use crate::duty::{Duty, DutyKind, DutyState};
use crate::effect::Record;
use crate::event::Press;
use crate::notice::{Answer, Notice};
use crate::off_beat::off_beat;
use crate::stage::Cause;
use crate::timer::Timer;

/// 稍后: the next reminder comes so much later.
const LATER: TimeDelta = TimeDelta::minutes(30);

impl Step<'_> {
    pub(super) fn pressed(&mut self, press: &Press) {
        let kind = press
            .duty
            .and_then(|number| self.change.duty(number))
            .map(|duty| duty.kind);
        let answer = match press.duty {
            Some(number) => self.pressed_on(number, press),
            None => self.pressed_beside(press),
        };
        let accepted = matches!(answer, Answer::Accepted | Answer::ConsentAsked { .. });
        let refused = match &answer {
            Answer::Accepted | Answer::ConsentAsked { .. } => None,
            Answer::NotYours { .. } => Some("not_yours"),
            Answer::AlreadyDone { .. } => Some("already_done"),
            Answer::MovedOn { .. } => Some("moved_on"),
            Answer::Incomplete { .. } => Some("incomplete"),
        };
        match refused {
            Some(why) => self.record(Record::Refused {
                who: press.by.clone(),
                action: press.action,
                duty: kind,
                why,
            }),
            None => self.record(Record::Pressed {
                who: press.by.clone(),
                action: press.action,
                duty: kind,
                note: press.details.note.clone(),
            }),
        }
        // What was acted on shows on the card itself.
        if !accepted || matches!(answer, Answer::ConsentAsked { .. }) {
            let notice = Notice::Answer {
                duty: press.duty,
                action: press.action,
                answer,
            };
            self.notify(&press.by, notice);
        }
        self.conclude();
    }

    fn pressed_on(&mut self, number: u32, press: &Press) -> Answer {
        let Some(duty) = self.change.duty(number).cloned() else {
            return self.moved_on();
        };
        if !duty.holders.contains(&press.by) {
            return Answer::NotYours { may: duty.holders };
        }
        if !duty.kind.actions().contains(&press.action) {
            return self.moved_on();
        }
        if !duty.is_open() {
            return self.too_late(&duty);
        }
        if let Some(said) = duty.said.get(&press.by)
            && (press.action != Action::Anomaly || said.action == Action::Anomaly)
        {
            return Answer::AlreadyDone {
                by: Some(Stamp {
                    by: press.by.clone(),
                    at: said.at,
                }),
            };
        }
        self.act(&duty, press)
    }

    fn moved_on(&self) -> Answer {
        Answer::MovedOn {
            stage: self.change.stage,
        }
    }

    fn too_late(&self, duty: &Duty) -> Answer {
        let last = duty.said.iter().max_by_key(|(_, said)| said.at);
        match last.filter(|_| duty.state == DutyState::Done) {
            Some((by, said)) => Answer::AlreadyDone {
                by: Some(Stamp {
                    by: by.clone(),
                    at: said.at,
                }),
            },
            None => self.moved_on(),
        }
    }

    fn act(&mut self, duty: &Duty, press: &Press) -> Answer {
        let (number, by) = (duty.number, &press.by);
        match (duty.kind, press.action) {
            (_, Action::Anomaly) => {
                self.say(number, by, Action::Anomaly);
                self.report_anomaly(press, Cause::AnomalyReported);
            }
            (_, Action::Acknowledge) => return self.acknowledge(number, by),
            (_, Action::Later) => return self.remind_later(number, by),
            (DutyKind::Start, Action::Start) => return self.start(number, press),
            (DutyKind::Start, Action::Reschedule) => return self.reschedule(press),
            (DutyKind::Consent, Action::Agree | Action::Disagree) => self.decide_consent(number, press),
            (DutyKind::Finish, Action::Executed) => {
                if self.policy.execution() == ExecutionRecord::ApprovalNode {
                    return Answer::Incomplete {
                        what: "请在企业微信审批中办理执行节点，办理后自动记录执行完成",
                    };
                }
                if !self.executed(by, self.now) {
                    self.say(number, by, press.action);
                }
            }
            (DutyKind::NameWatchers(market), Action::NameWatchers) => {
                let mut named = press.details.people.clone();
                if named.is_empty() {
                    named.insert(by.clone());
                }
                self.say(number, by, press.action);
                self.name_watchers(market, &named);
            }
            (DutyKind::WatchSession(_), Action::Arrived) => return self.arrived(number, press),
            (DutyKind::WatchSession(market), Action::OpenedWell) if self.is_yet_to_open(market) => {
                return Answer::Incomplete {
                    what: "尚未开盘，请在开盘后确认",
                };
            }
            (DutyKind::Handle, Action::Handle) => {
                self.say(number, by, press.action);
                self.take_up(by);
            }
            (DutyKind::Handle | DutyKind::Remedy, Action::RollBack) => {
                self.say(number, by, press.action);
                self.order_rollback();
            }
            (DutyKind::Remedy, Action::Fixed) => self.say_and_move(number, press, Cause::Remedied),
            (DutyKind::RollBack, Action::RolledBack) => self.say_and_move(number, press, Cause::RollbackDone),
            (DutyKind::ConfirmRestored | DutyKind::ConfirmFixed, Action::StillBroken) => {
                self.say(number, by, press.action);
                self.report_anomaly(press, Cause::StillBroken);
            }
            (DutyKind::DecideWaiver, Action::Grant | Action::Uphold) => {
                return self.decide_waiver(number, press);
            }
            (DutyKind::Report, Action::SendReport) => {
                self.send_report(press);
            }
            (DutyKind::Markets, action) => self.correct_markets(by, action),
            (DutyKind::EmergencyMail, action) => {
                self.say(number, by, action);
                self.change.emergency_mailed = true;
                self.look_again();
            }
            (DutyKind::TechnicalByDevelopment | DutyKind::TechnicalByTest, action) => {
                self.say(number, by, action);
                self.look_again();
            }
            (_, action) => {
                self.say(number, by, action);
            }
        }
        Answer::Accepted
    }

    fn say_and_move(&mut self, number: u32, press: &Press, cause: Cause) {
        self.say(number, &press.by, press.action);
        if self.move_by(cause, None) {
            self.enter();
        }
    }

    fn acknowledge(&mut self, number: u32, by: &UserId) -> Answer {
        let fresh = self
            .duty_mut(number)
            .is_some_and(|duty| duty.acknowledged.insert(by.clone()));
        if !fresh {
            return Answer::AlreadyDone { by: None };
        }
        self.settle_card(number, by);
        Answer::Accepted
    }

    fn remind_later(&mut self, number: u32, by: &UserId) -> Answer {
        let (timer, at) = (Timer::Remind(number), off_beat(self.now + LATER));
        if self.change.timers.get(&timer).is_none_or(|set| *set == at) {
            return Answer::AlreadyDone { by: None };
        }
        self.set(timer, at);
        self.settle_card(number, by);
        Answer::Accepted
    }

    fn arrived(&mut self, number: u32, press: &Press) -> Answer {
        let (by, now) = (&press.by, self.now);
        let Some(duty) = self.duty_mut(number) else {
            return Answer::AlreadyDone { by: None };
        };
        if let Some(at) = duty.arrived.get(by).copied() {
            let by = by.clone();
            return Answer::AlreadyDone {
                by: Some(Stamp { by, at }),
            };
        }
        duty.arrived.insert(by.clone(), now);
        self.settle_card(number, by);
        Answer::Accepted
    }

    /// A market is taken off or put on; the card that asks for it is answered by this, wherever it was pressed.
    fn correct_markets(&mut self, by: &UserId, action: Action) {
        let mut markets = self.change.plan.markets.clone();
        let toggled = match action {
            Action::ToggleUs => Some(Market::Us),
            Action::ToggleHongKong => Some(Market::HongKong),
            Action::ToggleSingapore => Some(Market::Singapore),
            _ => None,
        };
        if let Some(market) = toggled
            && !markets.remove(&market)
        {
            markets.insert(market);
        }
        if let Some(number) = self.change.open_duty(DutyKind::Markets).map(|duty| duty.number) {
            self.say(number, by, action);
        }
        self.decide_markets(&markets);
    }
}
