//! Trading sessions that a change has to live through (九.3): who stays for New York's opening tonight, who comes in
//! before the next session of Hong Kong or Singapore.

use std::collections::BTreeSet;

use changegate_policy::{Market, UserId};
use chrono::{DateTime, TimeDelta, Utc};

use super::step::Step;
use crate::duty::{DutyKind, DutyState};
use crate::effect::Record;
use crate::notice::Notice;
use crate::off_beat::{off_beat, off_beat_before};
use crate::stage::Stage;
use crate::timer::Timer;

/// Where the evening before is past already: so long is left to name people.
const TIME_TO_NAME: TimeDelta = TimeDelta::minutes(30);

/// The timer of an opening is set after it by less than this.
const TIMER_AFTER_OPEN: TimeDelta = TimeDelta::minutes(10);

impl Step<'_> {
    /// The change is out: the next session of each market that it concerns is waited for.
    pub(super) fn watch_the_markets(&mut self) {
        for market in self.change.plan.markets.clone() {
            if !self.is_watched(market) {
                self.watch_market(market);
            }
        }
    }

    /// Whether its opening is waited for, or was lived through.
    fn is_watched(&self, market: Market) -> bool {
        let (timer, kind) = match market {
            Market::Us => (Timer::UsOpen, DutyKind::UsOpen),
            Market::HongKong | Market::Singapore => {
                (Timer::BeforeSession(market), DutyKind::WatchSession(market))
            }
        };
        let duty = self.change.latest(kind);
        self.has(timer) || duty.is_some_and(|duty| duty.state != DutyState::Dropped)
    }

    fn watch_market(&mut self, market: Market) {
        if self.change.quiet {
            return;
        }
        let opens = self.next_open(market);
        if market == Market::Us {
            self.set(Timer::UsOpen, off_beat(opens));
            return;
        }
        let leads = self.change.people.who_lead();
        self.open(DutyKind::NameWatchers(market), &leads);
        let eve = self.eve_of(opens).max(self.now + TIME_TO_NAME);
        let before = off_beat_before(opens - self.policy.pace().before_session);
        if eve < before {
            self.set(Timer::SessionEve(market), off_beat(eve));
        }
        self.set(Timer::BeforeSession(market), before);
        self.set(Timer::SessionOpen(market), off_beat(opens));
    }

    /// The next opening, by the trading calendar; beyond the years that it covers the next weekday, and the timeline
    /// says that nobody vouches for it.
    fn next_open(&mut self, market: Market) -> DateTime<Utc> {
        match self.policy.exchanges().next_open(market.exchange(), self.now) {
            Ok(session) => session.opens,
            Err(_out_of_coverage) => {
                self.record(Record::CalendarEnds { market });
                self.policy.exchanges().assumed_open(market.exchange(), self.now)
            }
        }
    }

    fn eve_of(&self, opens: DateTime<Utc>) -> DateTime<Utc> {
        let eve = self.policy.day_of(opens).pred_opt();
        eve.map_or(opens, |eve| self.policy.at(eve, self.policy.pace().session_eve))
    }

    /// The evening before: those who come in are told. Where nobody was named, the development lead is it.
    pub(super) fn session_eve(&mut self, market: Market) {
        let watchers = self.watchers(market);
        self.tell_of_session(market, &watchers);
    }

    fn tell_of_session(&mut self, market: Market, watchers: &BTreeSet<UserId>) {
        let Some(opens) = self.session_opens(market) else {
            return;
        };
        self.notify_all(watchers, &Notice::SessionAhead { market, opens });
    }

    /// The opening that is waited for: its timer is set a little after it.
    fn session_opens(&self, market: Market) -> Option<DateTime<Utc>> {
        let timer = *self.change.timers.get(&Timer::SessionOpen(market))?;
        let shortly_before = timer - TIMER_AFTER_OPEN;
        let exchanges = self.policy.exchanges();
        Some(match exchanges.next_open(market.exchange(), shortly_before) {
            Ok(session) => session.opens,
            Err(_out_of_coverage) => exchanges.assumed_open(market.exchange(), shortly_before),
        })
    }

    /// Whether the session that people watch has not begun.
    pub(super) fn is_yet_to_open(&self, market: Market) -> bool {
        self.session_opens(market).is_some_and(|opens| self.now < opens)
    }

    /// Shortly before: be there.
    pub(super) fn before_session(&mut self, market: Market) {
        let watchers = self.watchers(market);
        self.drop_duties(|kind| kind == DutyKind::NameWatchers(market));
        self.clear(Timer::SessionEve(market));
        self.open(DutyKind::WatchSession(market), &watchers);
    }

    /// It has begun: the card comes once more, for those who pressed that they are there have none left.
    pub(super) fn session_open(&mut self, market: Market) {
        let Some(duty) = self.change.open_duty(DutyKind::WatchSession(market)) else {
            return self.conclude();
        };
        let (number, arrived): (u32, BTreeSet<UserId>) =
            (duty.number, duty.arrived.keys().cloned().collect());
        self.notify_all(&arrived, &Notice::Duty { duty: number });
    }

    /// New York has opened: whoever stayed confirms that trading works.
    pub(super) fn us_open(&mut self) {
        let stay = self.change.who_stay();
        self.open(DutyKind::UsOpen, &stay);
    }

    fn watchers(&mut self, market: Market) -> BTreeSet<UserId> {
        match self.change.watchers.get(&market) {
            Some(named) if !named.is_empty() => named.clone(),
            _ => self.change.people.who_lead(),
        }
    }

    /// The development lead named who comes in; after the evening's word went out they are told at once.
    pub(super) fn name_watchers(&mut self, market: Market, named: &BTreeSet<UserId>) {
        let told_already = !self.has(Timer::SessionEve(market));
        let before = self.change.watchers.insert(market, named.clone());
        if told_already {
            let fresh: BTreeSet<UserId> = named.difference(&before.unwrap_or_default()).cloned().collect();
            self.tell_of_session(market, &fresh);
        }
    }

    /// People decided which markets a change concerns.
    pub(super) fn decide_markets(&mut self, markets: &BTreeSet<Market>) {
        let before = std::mem::replace(&mut self.change.plan.markets, markets.clone());
        self.change.plan.markets_decided = true;
        if !matches!(
            self.change.stage,
            Stage::Verifying | Stage::Anomaly | Stage::Fixed
        ) {
            return;
        }
        for gone in before.difference(markets) {
            self.leave_market(*gone);
        }
        self.watch_the_markets();
        self.conclude();
    }

    fn leave_market(&mut self, market: Market) {
        match market {
            Market::Us => {
                self.clear(Timer::UsOpen);
                self.drop_duties(|kind| kind == DutyKind::UsOpen);
            }
            Market::HongKong | Market::Singapore => {
                for timer in [
                    Timer::SessionEve(market),
                    Timer::BeforeSession(market),
                    Timer::SessionOpen(market),
                ] {
                    self.clear(timer);
                }
                self.drop_duties(|kind| {
                    kind == DutyKind::NameWatchers(market) || kind == DutyKind::WatchSession(market)
                });
            }
        }
    }

    /// Nobody waits for any session any more.
    pub(super) fn leave_the_markets(&mut self) {
        for market in [Market::Us, Market::HongKong, Market::Singapore] {
            self.leave_market(market);
        }
    }

    /// Whether an opening is still to come that people watch.
    pub(super) fn markets_are_awaited(&self) -> bool {
        self.change.timers.keys().any(|timer| {
            matches!(
                timer,
                Timer::UsOpen | Timer::SessionEve(_) | Timer::BeforeSession(_)
            )
        })
    }
}
