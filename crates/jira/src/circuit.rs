//! Whether JIRA is asked at all: one that hangs is left alone for a while, so that nobody waits for it.
//!
//! Knows no clock: every instant is given.

use std::time::Duration;

use tokio::time::Instant;

/// What is known of the way to JIRA.
#[derive(Debug)]
pub(crate) struct Circuit {
    pause: Duration,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Everybody asks.
    Open,
    /// Nobody asks until then; the words say why.
    Paused { until: Instant, reason: String },
    /// One call tries; the others do not ask.
    Probing { reason: String },
}

/// What a call may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Admission {
    /// Go.
    Go,
    /// Go, as the only one.
    Probe,
    /// Not now.
    Wait {
        /// For how long yet; zero while a probe is under way.
        left: Duration,
        /// What happened, in Chinese.
        reason: String,
    },
}

impl Circuit {
    /// All is well until told otherwise.
    pub(crate) fn new(pause: Duration) -> Self {
        Self {
            pause,
            state: State::Open,
        }
    }

    /// Asks for a call. Who gets [`Admission::Probe`] has to tell how it ended.
    pub(crate) fn admit(&mut self, now: Instant) -> Admission {
        match &self.state {
            State::Open => Admission::Go,
            State::Paused { until, reason } if *until > now => Admission::Wait {
                left: *until - now,
                reason: reason.clone(),
            },
            State::Paused { reason, .. } => {
                self.state = State::Probing {
                    reason: reason.clone(),
                };
                Admission::Probe
            }
            State::Probing { reason } => Admission::Wait {
                left: Duration::ZERO,
                reason: reason.clone(),
            },
        }
    }

    /// JIRA answered something.
    pub(crate) fn answered(&mut self) {
        self.state = State::Open;
    }

    /// JIRA was not reached, or did not answer.
    pub(crate) fn silent(&mut self, now: Instant, reason: String) {
        if self.pause > Duration::ZERO {
            self.state = State::Paused {
                until: now + self.pause,
                reason,
            };
        }
    }

    /// A probe ended before it could tell: the next call is one.
    pub(crate) fn abandoned(&mut self, now: Instant) {
        if let State::Probing { reason } = &mut self.state {
            let reason = std::mem::take(reason);
            self.state = State::Paused { until: now, reason };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAUSE: Duration = Duration::from_secs(20);

    fn waiting(left: u64) -> Admission {
        Admission::Wait {
            left: Duration::from_secs(left),
            reason: "未答复".to_owned(),
        }
    }

    #[test]
    fn after_a_silence_nobody_asks_until_one_probe_does() {
        let start = Instant::now();
        let after = |seconds| start + Duration::from_secs(seconds);
        let mut circuit = Circuit::new(PAUSE);
        assert_eq!(circuit.admit(start), Admission::Go);
        circuit.silent(start, "未答复".to_owned());
        assert_eq!(circuit.admit(after(1)), waiting(19));
        assert_eq!(circuit.admit(after(20)), Admission::Probe);
        assert_eq!(circuit.admit(after(21)), waiting(0));
        circuit.silent(after(22), "未答复".to_owned());
        assert_eq!(circuit.admit(after(23)), waiting(19));
        assert_eq!(circuit.admit(after(42)), Admission::Probe);
        circuit.answered();
        assert_eq!(circuit.admit(after(42)), Admission::Go);
    }

    #[test]
    fn a_probe_that_is_given_up_makes_room_for_the_next() {
        let start = Instant::now();
        let mut circuit = Circuit::new(PAUSE);
        circuit.silent(start, "未答复".to_owned());
        assert_eq!(circuit.admit(start + PAUSE), Admission::Probe);
        circuit.abandoned(start + PAUSE);
        assert_eq!(circuit.admit(start + PAUSE), Admission::Probe);
    }

    #[test]
    fn without_a_pause_every_call_goes() {
        let start = Instant::now();
        let mut circuit = Circuit::new(Duration::ZERO);
        circuit.silent(start, "未答复".to_owned());
        assert_eq!(circuit.admit(start), Admission::Go);
    }
}
