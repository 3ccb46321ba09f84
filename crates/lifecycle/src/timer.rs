//! Timers of a change: what happens when nothing happens.

use std::fmt;
use std::str::FromStr;

use changegate_policy::Market;
use serde::{Deserialize, Serialize};

/// What is due. One timer of each name is set at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Timer {
    /// The form is to be looked at again.
    Look,
    /// The change day has come: the duties of that day (三.2).
    ChangeDay,
    /// Holders of a duty are to be reminded.
    Remind(u32),
    /// The window is about to close.
    BeforeClose,
    /// The window has closed.
    WindowClosed,
    /// Too long without execution.
    Expire,
    /// The time to mend an anomaly is over (十.1).
    AnomalyTimeOut,
    /// The US market has opened (九.3).
    UsOpen,
    /// The evening before the next session of a market.
    SessionEve(Market),
    /// Shortly before that session.
    BeforeSession(Market),
    /// The session has begun: confirm that it works.
    SessionOpen(Market),
    /// The report on an incident is due to be begun.
    Report,
}

/// A text that names no timer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownTimer(pub String);

impl fmt::Display for UnknownTimer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no timer is called “{}”", self.0)
    }
}

impl std::error::Error for UnknownTimer {}

impl fmt::Display for Timer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Look => f.write_str("look"),
            Self::ChangeDay => f.write_str("change_day"),
            Self::Remind(duty) => write!(f, "remind/{duty}"),
            Self::BeforeClose => f.write_str("before_close"),
            Self::WindowClosed => f.write_str("window_closed"),
            Self::Expire => f.write_str("expire"),
            Self::AnomalyTimeOut => f.write_str("anomaly_time_out"),
            Self::UsOpen => f.write_str("us_open"),
            Self::SessionEve(market) => write!(f, "session_eve/{}", market.word()),
            Self::BeforeSession(market) => write!(f, "before_session/{}", market.word()),
            Self::SessionOpen(market) => write!(f, "session_open/{}", market.word()),
            Self::Report => f.write_str("report"),
        }
    }
}

impl FromStr for Timer {
    type Err = UnknownTimer;

    fn from_str(text: &str) -> Result<Self, UnknownTimer> {
        let unknown = || UnknownTimer(text.to_owned());
        let (name, of) = text.split_once('/').unwrap_or((text, ""));
        let market = || Market::from_word(of).ok_or_else(unknown);
        Ok(match name {
            "remind" => Self::Remind(of.parse().map_err(|_not_a_number| unknown())?),
            "session_eve" => Self::SessionEve(market()?),
            "before_session" => Self::BeforeSession(market()?),
            "session_open" => Self::SessionOpen(market()?),
            _ if !of.is_empty() => return Err(unknown()),
            "look" => Self::Look,
            "change_day" => Self::ChangeDay,
            "before_close" => Self::BeforeClose,
            "window_closed" => Self::WindowClosed,
            "expire" => Self::Expire,
            "anomaly_time_out" => Self::AnomalyTimeOut,
            "us_open" => Self::UsOpen,
            "report" => Self::Report,
            _ => return Err(unknown()),
        })
    }
}

impl From<Timer> for String {
    fn from(timer: Timer) -> Self {
        timer.to_string()
    }
}

impl TryFrom<String> for Timer {
    type Error = UnknownTimer;

    fn try_from(text: String) -> Result<Self, UnknownTimer> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back() {
        let timers = [
            Timer::Look,
            Timer::ChangeDay,
            Timer::Remind(17),
            Timer::BeforeClose,
            Timer::WindowClosed,
            Timer::Expire,
            Timer::AnomalyTimeOut,
            Timer::UsOpen,
            Timer::SessionEve(Market::HongKong),
            Timer::BeforeSession(Market::Singapore),
            Timer::SessionOpen(Market::HongKong),
            Timer::Report,
        ];
        for timer in timers {
            assert_eq!(timer.to_string().parse(), Ok(timer));
        }
        for text in ["", "remind", "remind/x", "expire/1", "session_eve/mars"] {
            assert!(text.parse::<Timer>().is_err(), "{text}");
        }
    }
}
