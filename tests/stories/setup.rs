//! How the stage of a story is set up: which policy, which services, at what time.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use changegate_simulator::{FlowNode, Settings, Simulator, cast};
use chrono::{DateTime, Utc};

use crate::office::{Office, morning};

/// How an office is set up.
pub(crate) struct Setup {
    pub(crate) reconcile_secs: u64,
    pub(crate) start: DateTime<Utc>,
    pub(crate) policy: Vec<(String, String)>,
    pub(crate) mail: bool,
    pub(crate) jira: bool,
    pub(crate) jira_hook: bool,
    /// More sections of the configuration.
    pub(crate) config: String,
    /// The policy file's part on people.
    pub(crate) directory: String,
    pub(crate) pages: bool,
    pub(crate) flow: Vec<FlowNode>,
}

impl Setup {
    /// The demonstration's company and the built-in policy, on the morning of a window day.
    pub(crate) fn plain() -> Self {
        Self {
            reconcile_secs: 3600,
            start: morning(),
            policy: Vec::new(),
            mail: false,
            jira: false,
            jira_hook: false,
            config: String::new(),
            directory: cast::directory_toml("directory"),
            pages: false,
            flow: cast::flow(),
        }
    }

    /// A bot that reconciles every second.
    pub(crate) fn reconciling(mut self) -> Self {
        self.reconcile_secs = 1;
        self
    }

    /// At another time, as Shanghai's clocks show it: `2026-11-24 14:30`.
    pub(crate) fn at(mut self, time: &str) -> Self {
        self.start = shanghai(time);
        self
    }

    /// With other words in the policy file.
    pub(crate) fn policy(mut self, from: &str, to: &str) -> Self {
        self.policy.push((from.to_owned(), to.to_owned()));
        self
    }

    /// Nobody is reminded to sign: whatever is looked at again is so of itself.
    pub(crate) fn without_approval_reminders(self) -> Self {
        self.policy("\napproval_reminders = 3", "\napproval_reminders = 0")
    }

    /// With a feedback group that the bot may write into.
    pub(crate) fn with_feedback_group(self) -> Self {
        self.policy(
            "# feedback_group = \"wrkSFfCgAAxxxxxx\"",
            "feedback_group = \"feedback\"",
        )
    }

    /// With mail from the app's own mailbox.
    pub(crate) fn with_mail(mut self) -> Self {
        self.mail = true;
        self
    }

    /// With JIRA.
    pub(crate) fn with_jira(mut self) -> Self {
        self.jira = true;
        self
    }

    /// With JIRA, which tells the bot of every change to an issue.
    pub(crate) fn with_jira_hook(mut self) -> Self {
        self.jira_hook = true;
        self.with_jira()
    }

    /// With another section of the configuration.
    pub(crate) fn config(mut self, section: &str) -> Self {
        self.config.push_str(section);
        self
    }

    /// With other teams and roles than the demonstration's in the policy file.
    pub(crate) fn directory(mut self, text: &str) -> Self {
        text.clone_into(&mut self.directory);
        self
    }

    /// With an address that browsers of members find the bot's pages at.
    pub(crate) fn with_pages(mut self) -> Self {
        self.pages = true;
        self
    }

    /// With one more node at the end of the approval flow.
    pub(crate) fn with_node(mut self, node: FlowNode) -> Self {
        self.flow.push(node);
        self
    }

    /// WeCom and a bot that knows its callback address.
    pub(crate) async fn open(self) -> Office {
        let mut settings = Settings::demo();
        settings.clock.set(self.start);
        settings.callback_pause = Duration::from_millis(10);
        settings.flow.clone_from(&self.flow);
        let wecom = Simulator::start(settings).await.unwrap();
        let http = reqwest::Client::builder()
            .no_proxy()
            .tls_certs_only([])
            .build()
            .unwrap();
        let port = if self.pages { free_port() } else { 0 };
        let mut office = Office {
            wecom,
            bot: None,
            http,
            folder: tempfile::tempdir().unwrap(),
            setup: self,
            port,
        };
        office.start_bot().await;
        office
    }
}

/// An instant as Shanghai's clocks show it: `2026-11-24 14:30`.
pub(crate) fn shanghai(time: &str) -> DateTime<Utc> {
    let local = format!("{}:00+08:00", time.replace(' ', "T"));
    DateTime::parse_from_rfc3339(&local).unwrap().to_utc()
}

/// A port that is free now, below those that the system gives to connections.
pub(crate) fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = u16::try_from(std::process::id() % 200).unwrap() * 50;
    (0..10_000)
        .map(|_| 20_000 + (first + NEXT.fetch_add(1, Ordering::Relaxed)) % 10_000)
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .expect("no port is free")
}
