//! What is kept of each issue, and which are being asked for.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

use super::CacheTimes;
use crate::facts::Looked;

#[derive(Debug, Default)]
pub(super) struct Entries {
    kept: BTreeMap<String, Entry>,
    /// The same keys, the one read longest ago first.
    by_age: BTreeSet<(DateTime<Utc>, String)>,
    under_way: BTreeMap<String, UnderWay>,
    serial: u64,
}

#[derive(Debug)]
struct Entry {
    looked: Looked,
    read_at: DateTime<Utc>,
}

#[derive(Debug)]
struct UnderWay {
    number: u64,
    answer: watch::Receiver<Option<Looked>>,
}

/// What is to be done about a key.
pub(super) enum Asked {
    /// Nothing: it is known.
    Known(Looked),
    /// Wait: somebody asks.
    UnderWay(watch::Receiver<Option<Looked>>),
    /// Ask.
    Ours(Flight),
}

/// One question for one issue.
pub(super) struct Flight {
    number: u64,
    pub(super) answer: watch::Sender<Option<Looked>>,
}

impl Entries {
    pub(super) fn look(&mut self, key: &str, times: &CacheTimes, now: DateTime<Utc>) -> Asked {
        if let Some(entry) = self.kept.get(key) {
            let lasts = match entry.looked {
                Looked::Found(_) => times.fresh,
                Looked::Missing => times.missing,
                Looked::Unavailable(_) => TimeDelta::zero(),
            };
            let age = now - entry.read_at;
            // A clock that was set back makes nothing fresh.
            if age >= TimeDelta::zero() && age < lasts {
                return Asked::Known(entry.looked.clone());
            }
        }
        if let Some(under_way) = self.under_way.get(key) {
            return Asked::UnderWay(under_way.answer.clone());
        }
        self.serial += 1;
        let (sender, receiver) = watch::channel(None);
        let number = self.serial;
        let answer = receiver;
        self.under_way.insert(key.to_owned(), UnderWay { number, answer });
        Asked::Ours(Flight {
            number,
            answer: sender,
        })
    }

    /// Keeps what JIRA said, unless the issue has changed since it was asked.
    pub(super) fn land(
        &mut self,
        key: &str,
        flight: &Flight,
        said: &Looked,
        times: &CacheTimes,
        now: DateTime<Utc>,
    ) {
        if !self.give_up(key, flight) {
            return;
        }
        match said {
            Looked::Found(_) | Looked::Missing => self.keep(key, said.clone(), times, now),
            Looked::Unavailable(_) => {}
        }
    }

    /// Ends a question; tells whether its answer would still be of use.
    pub(super) fn give_up(&mut self, key: &str, flight: &Flight) -> bool {
        let ours = |under_way: &UnderWay| under_way.number == flight.number;
        let current = self.under_way.get(key).is_some_and(ours);
        if current {
            self.under_way.remove(key);
        }
        current
    }

    pub(super) fn last_found(&self, key: &str, times: &CacheTimes, now: DateTime<Utc>) -> Option<Looked> {
        let entry = self.kept.get(key)?;
        let found = matches!(entry.looked, Looked::Found(_));
        (found && now - entry.read_at <= times.stale).then(|| entry.looked.clone())
    }

    pub(super) fn forget(&mut self, key: &str) {
        self.under_way.remove(key);
        self.remove(key);
    }

    fn keep(&mut self, key: &str, looked: Looked, times: &CacheTimes, now: DateTime<Utc>) {
        self.remove(key);
        self.by_age.insert((now, key.to_owned()));
        let read_at = now;
        self.kept.insert(key.to_owned(), Entry { looked, read_at });
        while self.kept.len() > times.most {
            let Some((_, oldest)) = self.by_age.pop_first() else {
                break;
            };
            self.kept.remove(&oldest);
        }
    }

    fn remove(&mut self, key: &str) {
        if let Some(entry) = self.kept.remove(key) {
            self.by_age.remove(&(entry.read_at, key.to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_492_800, 0).unwrap()
    }

    fn ask(entries: &mut Entries, key: &str, times: &CacheTimes, now: DateTime<Utc>) {
        match entries.look(key, times, now) {
            Asked::Ours(flight) => entries.land(key, &flight, &Looked::Missing, times, now),
            Asked::Known(_) | Asked::UnderWay(_) => panic!("{key} is not asked for"),
        }
    }

    #[test]
    fn the_oldest_make_room() {
        let times = CacheTimes {
            most: 2,
            ..CacheTimes::default()
        };
        let mut entries = Entries::default();
        for (seconds, key) in [(3, "A-3"), (1, "A-1"), (2, "A-2")] {
            ask(&mut entries, key, &times, noon() + TimeDelta::seconds(seconds));
        }
        assert_eq!(entries.kept.keys().collect::<Vec<_>>(), ["A-2", "A-3"]);
        assert_eq!(entries.by_age.len(), 2);
    }

    #[test]
    fn what_does_not_exist_is_asked_for_again_after_a_minute_or_when_the_clock_goes_back() {
        let times = CacheTimes::default();
        let mut entries = Entries::default();
        ask(&mut entries, "A-1", &times, noon());
        let known = |entries: &mut Entries, seconds| {
            let at = noon() + TimeDelta::seconds(seconds);
            matches!(entries.look("A-1", &times, at), Asked::Known(Looked::Missing))
        };
        assert!(known(&mut entries, 59));
        assert!(!known(&mut entries, 60));
        assert!(!known(&mut entries, -1));
    }

    #[test]
    fn an_answer_that_was_overtaken_is_not_kept() {
        let times = CacheTimes::default();
        let mut entries = Entries::default();
        let Asked::Ours(flight) = entries.look("A-1", &times, noon()) else {
            panic!("nobody else asks");
        };
        assert!(matches!(entries.look("A-1", &times, noon()), Asked::UnderWay(_)));
        entries.forget("A-1");
        entries.land("A-1", &flight, &Looked::Missing, &times, noon());
        assert!(entries.kept.is_empty());
        assert!(matches!(entries.look("A-1", &times, noon()), Asked::Ours(_)));
    }
}
