//! A change on its way from one state to the next, and the few things that every part of the machine does to it.

use std::collections::{BTreeMap, BTreeSet};

use changegate_policy::{Policy, UserId};
use chrono::{DateTime, Utc};

use crate::action::Action;
use crate::change::{Change, Stamp};
use crate::duty::{Duty, DutyKind, DutyState, Said};
use crate::effect::{Effect, Record};
use crate::notice::{GroupNotice, Mail, Notice};
use crate::stage::{Cause, Ending};
use crate::timer::Timer;

pub(super) struct Step<'a> {
    pub(super) change: Change,
    pub(super) now: DateTime<Utc>,
    pub(super) policy: &'a Policy,
    effects: Vec<Effect>,
    timers_before: BTreeMap<Timer, DateTime<Utc>>,
}

impl<'a> Step<'a> {
    pub(super) fn new(change: Change, now: DateTime<Utc>, policy: &'a Policy) -> Self {
        Self {
            timers_before: change.timers.clone(),
            effects: Vec::new(),
            change,
            now,
            policy,
        }
    }

    /// The change and its effects, with the timers that are other than before.
    pub(super) fn finish(mut self) -> (Change, Vec<Effect>) {
        for timer in self.timers_before.keys() {
            if !self.change.timers.contains_key(timer) {
                self.effects.push(Effect::Clear { timer: *timer });
            }
        }
        for (timer, at) in &self.change.timers {
            if self.timers_before.get(timer) != Some(at) {
                self.effects.push(Effect::Set {
                    timer: *timer,
                    at: *at,
                });
            }
        }
        (self.change, self.effects)
    }

    pub(super) fn push(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    pub(super) fn record(&mut self, record: Record) {
        self.push(Effect::Record(record));
    }

    pub(super) fn stamp(&self, by: &UserId) -> Stamp {
        Stamp {
            by: by.clone(),
            at: self.now,
        }
    }

    fn next_sequence(&mut self) -> u32 {
        self.change.messages += 1;
        self.change.messages
    }

    /// Tells one member something. Of a quiet change nobody hears, except who pressed something and needs an answer.
    pub(super) fn notify(&mut self, to: &UserId, notice: Notice) {
        if self.change.quiet && !matches!(notice, Notice::Answer { .. }) {
            return;
        }
        let duty = notice.duty().and_then(|number| self.change.duty(number));
        self.record(Record::Told {
            who: to.clone(),
            notice: notice.word(),
            duty: duty.map(|duty| duty.kind),
        });
        let sequence = self.next_sequence();
        self.push(Effect::Notify {
            to: to.clone(),
            sequence,
            notice,
        });
    }

    pub(super) fn notify_all(&mut self, to: &BTreeSet<UserId>, notice: &Notice) {
        for who in to {
            self.notify(who, notice.clone());
        }
    }

    pub(super) fn tell_group(&mut self, notice: GroupNotice, text: &'static str) {
        self.record(Record::GroupTold { text });
        let sequence = self.next_sequence();
        self.push(Effect::Group { sequence, notice });
    }

    /// Sends a mail; answers with its sequence.
    pub(super) fn mail(&mut self, mail: Mail, about: &'static str) -> u32 {
        self.record(Record::Mailed { about });
        let sequence = self.next_sequence();
        self.push(Effect::Mail { sequence, mail });
        sequence
    }

    /// Moves the change on, if the cause means something where it stands; answers whether it did.
    pub(super) fn move_by(&mut self, cause: Cause, ending: Option<Ending>) -> bool {
        let from = self.change.stage;
        let Some(to) = from.after(cause) else {
            return false;
        };
        self.change.stage = to;
        self.change.ending = ending;
        if to.is_open() {
            self.change.times.closed = None;
        }
        self.record(Record::Moved {
            from,
            to,
            cause,
            ending,
        });
        true
    }

    pub(super) fn set(&mut self, timer: Timer, at: DateTime<Utc>) {
        self.change.timers.insert(timer, at);
    }

    pub(super) fn clear(&mut self, timer: Timer) {
        self.change.timers.remove(&timer);
    }

    pub(super) fn has(&self, timer: Timer) -> bool {
        self.change.timers.contains_key(&timer)
    }

    /// Gives people a duty, and tells each of them. None where nobody holds it, where nobody is to be told of this
    /// change, or where it is open already.
    pub(super) fn open(&mut self, kind: DutyKind, holders: &BTreeSet<UserId>) -> Option<u32> {
        if self.change.quiet || holders.is_empty() || self.change.open_duty(kind).is_some() {
            return None;
        }
        let number = u32::try_from(self.change.duties.len())
            .unwrap_or(u32::MAX)
            .saturating_add(1);
        self.change.duties.push(Duty {
            number,
            kind,
            holders: holders.clone(),
            said: BTreeMap::new(),
            acknowledged: BTreeSet::new(),
            arrived: BTreeMap::new(),
            state: DutyState::Open,
            since: self.now,
            reminded: 0,
        });
        if kind != DutyKind::Sign {
            self.notify_all(holders, &Notice::Duty { duty: number });
        }
        self.plan_reminder(number, self.now);
        Some(number)
    }

    /// Notes what a holder said; the duty is done once everybody who has to has said it. Answers whether it is done.
    pub(super) fn say(&mut self, number: u32, who: &UserId, action: Action) -> bool {
        let now = self.now;
        let Some(duty) = self.duty_mut(number) else {
            return false;
        };
        duty.said.insert(who.clone(), Said { action, at: now });
        let done = !duty.kind.needs_everyone() || duty.awaited().next().is_none();
        if done {
            self.end(number, DutyState::Done);
        } else {
            self.settle(number, Some(who.clone()));
        }
        done
    }

    /// Ends a duty, and turns the cards that are still out into its result.
    pub(super) fn end(&mut self, number: u32, state: DutyState) {
        let Some(duty) = self.duty_mut(number).filter(|duty| duty.is_open()) else {
            return;
        };
        duty.state = state;
        self.clear(Timer::Remind(number));
        self.settle(number, None);
    }

    /// The change moved on without these duties.
    pub(super) fn drop_duties(&mut self, wanted: impl Fn(DutyKind) -> bool) {
        let numbers: Vec<u32> = self
            .change
            .duties
            .iter()
            .filter(|duty| duty.is_open() && wanted(duty.kind))
            .map(|duty| duty.number)
            .collect();
        for number in numbers {
            self.end(number, DutyState::Dropped);
        }
    }

    /// Turns one member's card into what it says now.
    pub(super) fn settle_card(&mut self, number: u32, who: &UserId) {
        self.settle(number, Some(who.clone()));
    }

    fn settle(&mut self, duty: u32, of: Option<UserId>) {
        let sequence = self.next_sequence();
        self.push(Effect::Settle { sequence, duty, of });
    }

    pub(super) fn duty_mut(&mut self, number: u32) -> Option<&mut Duty> {
        self.change.duties.iter_mut().find(|duty| duty.number == number)
    }
}
