//! What JIRA said, kept for minutes. Everything that is kept has the time when it was read, so that its age can be
//! shown; the time comes from the caller.

mod entries;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use self::entries::{Asked, Entries, Flight};
use crate::client::Client;
use crate::error::Error;
use crate::facts::Looked;
use crate::jql;

/// How long what JIRA said is taken for true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CacheTimes {
    /// An issue that exists: so long without asking again; zero asks each time.
    pub fresh: TimeDelta,
    /// One that does not: so long; people create it when they are told.
    pub missing: TimeDelta,
    /// While JIRA does not answer, an issue is shown as it was, if that is not longer ago.
    pub stale: TimeDelta,
    /// Issues beyond these are forgotten, the ones read longest ago first.
    pub most: usize,
}

impl Default for CacheTimes {
    /// Five minutes, one minute, an hour; ten thousand issues.
    fn default() -> Self {
        Self {
            fresh: TimeDelta::minutes(5),
            missing: TimeDelta::minutes(1),
            stale: TimeDelta::minutes(60),
            most: 10_000,
        }
    }
}

/// A client that asks JIRA for an issue once in some minutes.
#[derive(Debug)]
pub struct Cached {
    client: Client,
    times: CacheTimes,
    entries: Mutex<Entries>,
}

/// What others are asking for already, by key.
type Awaited = Vec<(String, watch::Receiver<Option<Looked>>)>;

impl Cached {
    /// A cache with nothing in it.
    pub fn new(client: Client, times: CacheTimes) -> Self {
        Self {
            client,
            times,
            entries: Mutex::default(),
        }
    }

    /// The client behind it, for what is not kept.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// As [`Client::facts`], asking only for what is not known freshly. What several callers want at the same time is
    /// asked for once. While JIRA does not answer, an issue is as it was last, with the time of that reading.
    pub async fn facts(
        &self,
        keys: &[&str],
        within: Duration,
        now: DateTime<Utc>,
    ) -> BTreeMap<String, Looked> {
        let until = Instant::now() + within;
        let mut looked = BTreeMap::new();
        let mut flights = Flights::new(self);
        let mut awaited = Awaited::new();
        // What is no key goes to the client, which knows what to say of it.
        let (keys, others): (Vec<&str>, Vec<&str>) =
            keys.iter().copied().partition(|key| jql::key(key).is_some());
        for key in keys.iter().filter_map(|key| jql::key(key)) {
            match self.entries().look(&key, &self.times, now) {
                Asked::Known(known) => drop(looked.insert(key, known)),
                Asked::UnderWay(answer) => awaited.push((key, answer)),
                Asked::Ours(flight) => flights.open.push((key, flight)),
            }
        }
        looked.extend(self.ask(flights, &others, within, now).await);
        for (key, answer) in awaited {
            let known = wait_for(answer, until, within).await;
            let known = match known {
                Some(Looked::Unavailable(error)) => self.as_it_was(&key, error, now),
                Some(known) => known,
                // Whoever asked has gone away without an answer.
                None => {
                    let left = until.saturating_duration_since(Instant::now());
                    let mut answer = self.client.facts(&[&key], left, now).await;
                    let error = Error::TimedOut {
                        call: "search",
                        after: within,
                    };
                    answer.remove(&key).unwrap_or(Looked::Unavailable(error))
                }
            };
            looked.insert(key, known);
        }
        looked
    }

    /// Forgets an issue, as when JIRA tells that it changed: what was known of it is known to be out of date, and an
    /// answer that is under way is not kept.
    pub fn invalidate(&self, key: &str) {
        if let Some(key) = jql::key(key) {
            self.entries().forget(&key);
        }
    }

    async fn ask(
        &self,
        mut flights: Flights<'_>,
        others: &[&str],
        within: Duration,
        now: DateTime<Utc>,
    ) -> BTreeMap<String, Looked> {
        let mut keys: Vec<&str> = flights.open.iter().map(|(key, _)| key.as_str()).collect();
        keys.extend(others);
        if keys.is_empty() {
            return BTreeMap::new();
        }
        let mut answer = self.client.facts(&keys, within, now).await;
        for (key, flight) in flights.open.drain(..) {
            let Some(said) = answer.get_mut(&key) else {
                continue;
            };
            self.entries().land(&key, &flight, said, &self.times, now);
            flight.answer.send_replace(Some(said.clone()));
            if let Looked::Unavailable(error) = said {
                *said = self.as_it_was(&key, error.clone(), now);
            }
        }
        answer
    }

    /// The issue as it was last, if that is not too long ago.
    fn as_it_was(&self, key: &str, error: Error, now: DateTime<Utc>) -> Looked {
        let last = self.entries().last_found(key, &self.times, now);
        last.unwrap_or(Looked::Unavailable(error))
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The answer that somebody else is waiting for; none if they gave up.
async fn wait_for(
    mut answer: watch::Receiver<Option<Looked>>,
    until: Instant,
    within: Duration,
) -> Option<Looked> {
    match timeout_at(until, answer.wait_for(Option::is_some)).await {
        Ok(Ok(said)) => said.clone(),
        Ok(Err(_)) => None,
        Err(_) => Some(Looked::Unavailable(Error::TimedOut {
            call: "search",
            after: within,
        })),
    }
}

/// The questions of one caller; given up in the middle, they leave room for the next who asks.
struct Flights<'a> {
    cached: &'a Cached,
    open: Vec<(String, Flight)>,
}

impl<'a> Flights<'a> {
    fn new(cached: &'a Cached) -> Self {
        let open = Vec::new();
        Self { cached, open }
    }
}

impl Drop for Flights<'_> {
    fn drop(&mut self) {
        for (key, flight) in &self.open {
            self.cached.entries().give_up(key, flight);
        }
    }
}
