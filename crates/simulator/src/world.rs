//! Everything the simulated company remembers.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde_json::Value;

use crate::api::{Mail, Received};
use crate::approval::Approval;
use crate::callback::Callback;
use crate::faults::{CallbackFaults, Fault};
use crate::jira::Tracker;
use crate::message::Message;

/// Calls and messages beyond these are forgotten, the oldest first.
const KEPT: usize = 20_000;

/// A call of the API as it was answered.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Call {
    /// Its place in the order of arrival, from 1.
    pub seq: u64,
    /// When it came.
    pub at: DateTime<Utc>,
    /// GET or POST.
    pub method: String,
    /// Below `/cgi-bin/`.
    pub path: String,
    /// The JSON of its body; null without one.
    pub body: Value,
    /// The `errcode` of the answer; none where the answer was no JSON.
    pub errcode: Option<i64>,
    /// The fault that was asked for, where it met one.
    pub fault: Option<String>,
}

/// How WeCom treats a member as a receiver.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MemberState {
    /// Gets what is sent.
    #[default]
    Normal,
    /// Comes back in `invaliduser`, as one who left or is outside the app's range.
    Invalid,
    /// Comes back in `unlicenseduser`, as one without a licence for the interface.
    Unlicensed,
}

/// A stored file.
#[derive(Debug, Clone)]
pub(crate) struct Media {
    pub(crate) name: String,
    pub(crate) content_type: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) expires: DateTime<Utc>,
}

/// A one-time right to change a card.
#[derive(Debug, Clone)]
pub(crate) struct ResponseCode {
    pub(crate) message: String,
    pub(crate) expires: DateTime<Utc>,
    pub(crate) used: bool,
}

/// A one-time login.
#[derive(Debug, Clone)]
pub(crate) struct LoginCode {
    pub(crate) userid: String,
    pub(crate) expires: DateTime<Utc>,
    pub(crate) used: bool,
}

/// An access token that was given out.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) value: String,
    pub(crate) expires: DateTime<Utc>,
    pub(crate) revoked: bool,
}

/// A request that must not be delivered twice.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) request: Value,
    pub(crate) at: DateTime<Utc>,
    pub(crate) msgid: String,
}

/// The state.
#[derive(Debug, Default)]
pub(crate) struct World {
    pub(crate) approvals: BTreeMap<String, Approval>,
    pub(crate) messages: VecDeque<Message>,
    pub(crate) mails: VecDeque<Mail>,
    pub(crate) received: VecDeque<Received>,
    pub(crate) media: BTreeMap<String, Media>,
    pub(crate) tokens: Vec<Token>,
    pub(crate) response_codes: BTreeMap<String, ResponseCode>,
    pub(crate) logins: BTreeMap<String, LoginCode>,
    pub(crate) sent: VecDeque<Sent>,
    pub(crate) calls: VecDeque<Call>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) callback_url: Option<String>,
    pub(crate) callbacks: VecDeque<Callback>,
    pub(crate) callback_faults: CallbackFaults,
    pub(crate) jira: Tracker,
    /// The app's menu as it was created.
    pub(crate) menu: Option<Value>,
    pub(crate) refuse_interactive: bool,
    /// Members that WeCom does not serve, by user id in lower case.
    member_states: BTreeMap<String, MemberState>,
    /// Moments of recent uses, by what is limited.
    uses: BTreeMap<String, VecDeque<DateTime<Utc>>>,
    serial: u64,
    day_serial: BTreeMap<String, u32>,
}

impl World {
    pub(crate) fn new(callback_url: Option<String>) -> Self {
        Self {
            callback_url,
            ..Self::default()
        }
    }

    pub(crate) fn member_state(&self, userid: &str) -> MemberState {
        let state = self.member_states.get(&userid.to_ascii_lowercase());
        state.copied().unwrap_or_default()
    }

    pub(crate) fn set_member_state(&mut self, userid: &str, state: MemberState) {
        self.member_states.insert(userid.to_ascii_lowercase(), state);
    }

    /// A number that was not given before.
    pub(crate) fn next_serial(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    /// The next approval number of a day in Shanghai.
    pub(crate) fn next_sp_no(&mut self, now: DateTime<Utc>) -> String {
        let day = now
            .with_timezone(&chrono_tz::Asia::Shanghai)
            .format("%Y%m%d")
            .to_string();
        let serial = self.day_serial.entry(day.clone()).or_insert(0);
        *serial += 1;
        format!("{day}{serial:04}")
    }

    /// Counts a use, unless there were `most` within `window` already.
    pub(crate) fn allow(
        &mut self,
        what: &str,
        most: &[(TimeDelta, Option<usize>)],
        now: DateTime<Utc>,
    ) -> bool {
        let uses = self.uses.entry(what.to_owned()).or_default();
        let longest = most.iter().map(|(window, _)| *window).max().unwrap_or_default();
        while uses.front().is_some_and(|at| *at <= now - longest) {
            uses.pop_front();
        }
        let allowed = most.iter().all(|(window, most)| {
            most.is_none_or(|most| uses.iter().rev().take_while(|at| **at > now - *window).count() < most)
        });
        if allowed && most.iter().any(|(_, most)| most.is_some()) {
            uses.push_back(now);
        }
        allowed
    }

    pub(crate) fn revoke_tokens(&mut self) {
        for token in &mut self.tokens {
            token.revoked = true;
        }
    }

    pub(crate) fn record_call(&mut self, call: Call) {
        self.calls.push_back(call);
        while self.calls.len() > KEPT {
            self.calls.pop_front();
        }
    }

    pub(crate) fn record_message(&mut self, message: Message) {
        self.messages.push_back(message);
        while self.messages.len() > KEPT {
            self.messages.pop_front();
        }
    }

    pub(crate) fn record_mail(&mut self, mail: Mail) {
        self.mails.push_back(mail);
        while self.mails.len() > KEPT {
            self.mails.pop_front();
        }
    }

    pub(crate) fn receive_mail(&mut self, mail: Received) {
        self.received.push_back(mail);
        while self.received.len() > KEPT {
            self.received.pop_front();
        }
    }

    pub(crate) fn record_callback(&mut self, callback: Callback) {
        self.callbacks.push_back(callback);
        while self.callbacks.len() > KEPT {
            self.callbacks.pop_front();
        }
    }

    pub(crate) fn message_mut(&mut self, id: &str) -> Option<&mut Message> {
        self.messages.iter_mut().rev().find(|message| message.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uses_beyond_a_window_are_forgotten() {
        let mut world = World::default();
        let start = DateTime::from_timestamp(1_795_500_000, 0).unwrap();
        let most = [(TimeDelta::minutes(1), Some(2)), (TimeDelta::hours(1), Some(3))];
        let mut allow = |seconds: i64| world.allow("x", &most, start + TimeDelta::seconds(seconds));
        assert!(allow(0) && allow(1));
        assert!(!allow(2));
        assert!(allow(61));
        assert!(!allow(130), "the hour is full");
        assert!(allow(3601));
    }

    #[test]
    fn approval_numbers_start_anew_each_day_in_shanghai() {
        let mut world = World::default();
        let late = DateTime::parse_from_rfc3339("2026-11-24T15:59:59Z")
            .unwrap()
            .to_utc();
        assert_eq!(world.next_sp_no(late), "202611240001");
        assert_eq!(world.next_sp_no(late), "202611240002");
        assert_eq!(world.next_sp_no(late + TimeDelta::seconds(1)), "202611250001");
    }
}
