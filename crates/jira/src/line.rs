//! The line to one JIRA: how many calls go over it at once, when one is tried again, when it is left alone.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::de::DeserializeOwned;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep, timeout_at};

use crate::circuit::{Admission, Circuit};
use crate::error::Error;
use crate::http::{self, Failure, Question};
use crate::settings::Settings;

/// The first try and two more.
const TRIES: u32 = 3;
/// A time-out says something about JIRA only if JIRA had so long, or half of the settings' time.
const FAIR_TIME: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) settings: Settings,
    http: reqwest::Client,
    places: Semaphore,
    circuit: Mutex<Circuit>,
}

impl Line {
    pub(crate) fn new(settings: Settings, http: reqwest::Client) -> Self {
        let places = Semaphore::new(settings.at_once.max(1));
        let circuit = Mutex::new(Circuit::new(settings.pause));
        Self {
            settings,
            http,
            places,
            circuit,
        }
    }

    /// Asks, as often as it makes sense; whatever happens, it ends by then.
    pub(crate) async fn ask<T: DeserializeOwned>(
        &self,
        question: &Question<'_>,
        until: Instant,
    ) -> Result<T, Error> {
        let call = question.call;
        // Without a place nobody was asked, and nothing is known of JIRA.
        let given = until.saturating_duration_since(Instant::now());
        let place = timeout_at(until, self.places.acquire()).await;
        let (Ok(Ok(_place)), true) = (place, Instant::now() < until) else {
            return Err(Error::TimedOut { call, after: given });
        };
        let probe = self.admitted(call)?;
        let answer = self.tries(question, until, given).await;
        match &answer {
            // Too little time tells nothing.
            Err(Try { error, fair, .. }) if error.is_silence() => {
                if *fair {
                    self.circuit().silent(Instant::now(), error.in_words());
                }
            }
            Ok(_) | Err(_) => self.circuit().answered(),
        }
        drop(probe);
        http::decode(call, &answer.map_err(|failed| failed.error)?)
    }

    /// Whether JIRA may be asked now.
    fn admitted(&self, call: &'static str) -> Result<Option<Probe<'_>>, Error> {
        match self.circuit().admit(Instant::now()) {
            Admission::Go => Ok(None),
            Admission::Probe => Ok(Some(Probe { line: self })),
            Admission::Wait { left, reason } => Err(Error::Paused { call, left, reason }),
        }
    }

    /// `given` is the time of the whole call, for the words of a time-out.
    async fn tries(&self, question: &Question<'_>, until: Instant, given: Duration) -> Result<Vec<u8>, Try> {
        let mut pause = self.settings.backoff;
        let mut tried = 0;
        loop {
            let failed = match self.once(question, until, given).await {
                Ok(body) => return Ok(body),
                Err(failed) => failed,
            };
            tried += 1;
            let wait = failed.retry_after.unwrap_or(pause);
            let again = failed.error.may_pass_soon() && tried < TRIES;
            if !again || until.saturating_duration_since(Instant::now()) <= wait {
                return Err(failed);
            }
            sleep(wait).await;
            pause = pause.saturating_mul(3);
        }
    }

    async fn once(&self, question: &Question<'_>, until: Instant, given: Duration) -> Result<Vec<u8>, Try> {
        let left = until.saturating_duration_since(Instant::now());
        let asked = http::ask(&self.http, &self.settings, question);
        match timeout_at(until, asked).await {
            Ok(Ok(body)) => Ok(body),
            Ok(Err(Failure { error, retry_after })) => Err(Try {
                error,
                retry_after,
                fair: true,
            }),
            Err(_) => Err(Try {
                error: Error::TimedOut {
                    call: question.call,
                    after: given,
                },
                retry_after: None,
                fair: left >= FAIR_TIME.min(self.settings.timeout / 2),
            }),
        }
    }

    fn circuit(&self) -> MutexGuard<'_, Circuit> {
        self.circuit.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A try that failed.
struct Try {
    error: Error,
    retry_after: Option<Duration>,
    /// Whether JIRA had enough time to be judged by it.
    fair: bool,
}

/// The one call that tries whether JIRA answers again; dropped in the middle, it leaves room for the next.
struct Probe<'a> {
    line: &'a Line,
}

impl Drop for Probe<'_> {
    fn drop(&mut self) {
        self.line.circuit().abandoned(Instant::now());
    }
}
