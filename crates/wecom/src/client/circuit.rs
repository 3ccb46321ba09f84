//! Refused settings, remembered.
//!
//! WeCom bars an address that goes on calling with a wrong secret, and an administrator's mistake does not
//! mend itself between two calls. So after such a refusal one call a minute is let through to look; for a
//! wrong secret, after a few of these, one an hour. The first that succeeds lets all others follow.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::error::{Error, ErrorClass, Reach, reach_of};

const PROBE: Duration = Duration::from_mins(1);
const PROBE_SECRET: Duration = Duration::from_hours(1);
/// So many refusals of a secret are looked at again after a minute.
const QUICK_PROBES: u32 = 3;
const WRONG_SECRET: i64 = 40_001;

/// Something that is not called at present, because WeCom refused it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenCircuit {
    /// The only API concerned; none: all of them.
    pub api: Option<&'static str>,
    /// WeCom's code.
    pub errcode: i64,
    /// WeCom's words.
    pub errmsg: String,
    /// How often it was refused.
    pub failures: u32,
    /// When the next call is let through.
    pub probe_in: Duration,
}

#[derive(Default)]
pub(super) struct Circuits {
    open: Mutex<HashMap<Option<&'static str>, Open>>,
}

struct Open {
    errcode: i64,
    errmsg: String,
    failures: u32,
    probe_at: Instant,
}

impl Circuits {
    /// Lets a call through, or says why not.
    pub(super) fn admit(&self, path: &'static str) -> Result<(), Error> {
        let now = Instant::now();
        let mut circuits = self.lock();
        for scope in [None, Some(path)] {
            if let Some(open) = circuits.get(&scope)
                && now < open.probe_at
            {
                return Err(Error::CircuitOpen {
                    path,
                    errcode: open.errcode,
                    errmsg: open.errmsg.clone(),
                    retry_in: open.probe_at - now,
                });
            }
        }
        for scope in [None, Some(path)] {
            if let Some(open) = circuits.get_mut(&scope) {
                // This one looks; the others wait for what it finds.
                open.probe_at = now + pause(open.errcode, open.failures);
            }
        }
        Ok(())
    }

    /// Learns from a failure.
    pub(super) fn note(&self, path: &'static str, error: &Error) {
        let Error::Api {
            errcode,
            errmsg,
            path: failed,
        } = error
        else {
            return;
        };
        let scope = match reach_of(*errcode) {
            Reach::Settings => None,
            Reach::Api => Some(path),
            Reach::Call => return self.note_refused_call(path, failed, error.class()),
        };
        let mut circuits = self.lock();
        let failures = circuits
            .get(&scope)
            .map_or(0, |open| open.failures)
            .saturating_add(1);
        let probe_at = Instant::now() + pause(*errcode, failures);
        circuits.insert(
            scope,
            Open {
                errcode: *errcode,
                errmsg: errmsg.clone(),
                failures,
                probe_at,
            },
        );
        tracing::error!(
            api = path,
            errcode,
            errmsg,
            failures,
            "WeCom refuses the app's settings"
        );
    }

    /// The settings were good enough for WeCom to look at the call itself.
    fn note_refused_call(&self, path: &'static str, failed: &str, class: ErrorClass) {
        let judged = matches!(
            class,
            ErrorClass::Data | ErrorClass::StateExpired | ErrorClass::RestartLogin
        );
        if judged && failed == path {
            self.succeeded(path);
        }
    }

    /// Learns from a success.
    pub(super) fn succeeded(&self, path: &'static str) {
        let mut circuits = self.lock();
        let closed = [None, Some(path)]
            .map(|scope| circuits.remove(&scope))
            .into_iter()
            .flatten();
        for open in closed {
            tracing::info!(
                api = path,
                errcode = open.errcode,
                "WeCom accepts the app's settings again"
            );
        }
    }

    pub(super) fn open(&self) -> Vec<OpenCircuit> {
        let now = Instant::now();
        let circuits = self.lock();
        circuits
            .iter()
            .map(|(api, open)| OpenCircuit {
                api: *api,
                errcode: open.errcode,
                errmsg: open.errmsg.clone(),
                failures: open.failures,
                probe_in: open.probe_at.saturating_duration_since(now),
            })
            .collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Option<&'static str>, Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn pause(errcode: i64, failures: u32) -> Duration {
    if errcode == WRONG_SECRET && failures > QUICK_PROBES {
        PROBE_SECRET
    } else {
        PROBE
    }
}
