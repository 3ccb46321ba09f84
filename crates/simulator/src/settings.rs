//! How a simulator is set up.

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use crate::cast::{self, FlowNode, Person};
use crate::clock::Clock;
use crate::directory::{Department, Tag};

/// The simulated company and app. Start from [`Settings::demo`] and change what matters.
#[derive(Clone)]
pub struct Settings {
    /// Where to listen; port 0 takes a free one.
    pub bind: SocketAddr,
    /// The company.
    pub corp_id: String,
    /// The self-built app.
    pub agent_id: u32,
    /// The app's secret.
    pub secret: String,
    /// The callback's token.
    pub token: String,
    /// The callback's key.
    pub encoding_aes_key: String,
    /// Where callbacks go; can be set later.
    pub callback_url: Option<String>,
    /// The id of the template 生产上线变更.
    pub template_id: String,
    /// The members.
    pub people: Vec<Person>,
    /// The departments; a member's department that is not among them stands below the company.
    pub departments: Vec<Department>,
    /// The tags.
    pub tags: Vec<Tag>,
    /// The approval flow of the template.
    pub flow: Vec<FlowNode>,
    /// The time.
    pub clock: Clock,
    /// The app's groups: chat id and name.
    pub chats: Vec<(String, String)>,
    /// The personal access token of the simulated JIRA.
    pub jira_token: String,
    /// Limits that WeCom sets.
    pub limits: Limits,
    /// How long WeCom waits for the answer to a callback.
    pub callback_timeout: Duration,
    /// The pause between the deliveries of one callback that fails.
    pub callback_pause: Duration,
}

/// What WeCom allows in a time; `None` is without limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Messages of the app to one member in a minute; the rest is dropped without a word.
    pub per_member_minute: Option<usize>,
    /// The same in an hour.
    pub per_member_hour: Option<usize>,
    /// Calls of one approval API in a minute; the rest is answered 45009.
    pub approval_calls_minute: Option<usize>,
    /// Messages to one group robot in a minute; the rest is answered 45009.
    pub webhook_minute: Option<usize>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            per_member_minute: Some(30),
            per_member_hour: Some(1000),
            approval_calls_minute: Some(600),
            webhook_minute: Some(20),
        }
    }
}

impl Settings {
    /// A made-up company with the demonstration's cast, on a free port of this machine, with the system's time.
    pub fn demo() -> Self {
        Self {
            bind: SocketAddr::from(([127, 0, 0, 1], 0)),
            corp_id: "wwdemo0000000000001".to_owned(),
            agent_id: 1_000_002,
            secret: "demo-secret-of-the-simulated-app".to_owned(),
            token: "DemoToken2026".to_owned(),
            encoding_aes_key: "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG".to_owned(),
            callback_url: None,
            template_id: "3WLu3MhmWRrJxDemoTemplate0001".to_owned(),
            people: cast::demo(),
            departments: cast::departments(),
            tags: cast::tags(),
            flow: cast::flow(),
            clock: Clock::system(),
            chats: cast::chats(),
            jira_token: "demo-token-of-the-simulated-jira".to_owned(),
            limits: Limits::default(),
            callback_timeout: Duration::from_secs(5),
            callback_pause: Duration::from_millis(500),
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("bind", &self.bind)
            .field("corp_id", &self.corp_id)
            .field("agent_id", &self.agent_id)
            .field("callback_url", &self.callback_url)
            .field("template_id", &self.template_id)
            .field("people", &self.people.len())
            .field("secrets", &"***")
            .finish_non_exhaustive()
    }
}
