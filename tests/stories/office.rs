//! The stage: a simulated WeCom, the bot on a database of its own, and the clock of both.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use changegate::app::{self, Running};
use changegate::clock::Clock;
use changegate::config::Config;
use changegate_policy::Policy;
use changegate_simulator::{Call, Message, Simulator};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use tempfile::TempDir;

pub(crate) use crate::setup::{Setup, shanghai};

/// How long a story waits for anything: a busy machine takes its time, a broken bot never comes.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// What the address ends with that JIRA posts to.
const JIRA_HOOK: &str = "0123456789abcdefghijklmnop";

/// Tuesday 24 November 2026, 10:30 in Shanghai: a window day, before the cut-off.
pub(crate) fn morning() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-11-24T10:30:00+08:00")
        .unwrap()
        .to_utc()
}

/// 17:00 of that day, inside the window.
pub(crate) fn evening() -> DateTime<Utc> {
    morning() + TimeDelta::minutes(390)
}

pub(crate) struct Office {
    pub(crate) wecom: Simulator,
    pub(crate) bot: Option<Running>,
    pub(crate) http: reqwest::Client,
    pub(crate) folder: TempDir,
    pub(crate) setup: Setup,
    pub(crate) port: u16,
}

impl Office {
    /// WeCom and a bot that knows its callback address.
    pub(crate) async fn open() -> Self {
        Setup::plain().open().await
    }

    /// A bot that reconciles every second.
    pub(crate) async fn open_reconciling() -> Self {
        Setup::plain().reconciling().open().await
    }

    pub(crate) async fn start_bot(&mut self) {
        let clock = self.wecom.clock().clone();
        let config = Config::load(Some(&self.config_file()), [("", ""); 0]).unwrap();
        let app = Box::pin(app::build(config, Clock::from_fn(move || clock.now())))
            .await
            .unwrap();
        let running = app.start().unwrap();
        let address = running.addresses().first().unwrap().to_string();
        self.bot = Some(running);
        self.wecom
            .save_callback_url(&format!("http://{address}/wecom/callback"))
            .await
            .unwrap();
        if self.setup.jira_hook {
            let hook = format!("http://{address}/jira/webhook/{JIRA_HOOK}");
            self.wecom.set_jira_webhook(Some(hook));
        }
    }

    pub(crate) async fn stop_bot(&mut self) {
        self.bot.take().unwrap().stop().await.unwrap();
    }

    /// Ends the story: nothing may be left undone.
    pub(crate) async fn close(mut self) {
        self.wecom.settle(PATIENCE).await.unwrap();
        self.stop_bot().await;
        self.wecom.stop().await;
    }

    /// Ends a story whose callbacks go nowhere.
    pub(crate) async fn stop_bot_and_wecom(mut self) {
        self.stop_bot().await;
        self.wecom.stop().await;
    }

    pub(crate) fn bot_url(&self, path: &str) -> String {
        let address = self.bot.as_ref().unwrap().addresses().first().unwrap();
        format!("http://{address}{path}")
    }

    pub(crate) fn database_url(&self) -> String {
        format!("sqlite://{}", self.folder.path().join("changegate.db").display())
    }

    pub(crate) fn config_file(&self) -> PathBuf {
        let folder = self.folder.path();
        std::fs::write(folder.join("policy.toml"), self.policy_text()).unwrap();
        let wecom = self.wecom.settings();
        let public_url = if self.setup.pages {
            format!("http://localhost:{}", self.port)
        } else {
            "https://gate.example.com".to_owned()
        };
        let mut text = format!(
            "[server]\nbind = \"127.0.0.1:{}\"\npublic_url = \"{public_url}\"\nworkers = 1\n\
             [database]\nurl = \"{}\"\n[wecom]\napi_base = \"{}\"\ncorp_id = \"{}\"\nagent_id = {}\nsecret = \"{}\"\n\
             token = \"{}\"\nencoding_aes_key = \"{}\"\ntemplates = [\"{}\"]\nreconcile_interval_secs = {}\n\
             [policy]\nfile = \"policy.toml\"\n",
            self.port,
            self.database_url(),
            self.wecom.base_url(),
            wecom.corp_id,
            wecom.agent_id,
            wecom.secret,
            wecom.token,
            wecom.encoding_aes_key,
            wecom.template_id,
            self.setup.reconcile_secs,
        );
        if self.setup.mail {
            text.push_str("[mail]\ntransport = \"wecom\"\n");
        }
        if self.setup.jira {
            let (base, token) = (self.wecom.jira_base(), self.wecom.jira_token());
            writeln!(text, "[jira]\napi_base = \"{base}\"\ntoken = \"{token}\"").unwrap();
        }
        if self.setup.jira_hook {
            writeln!(text, "webhook_secret = \"{JIRA_HOOK}\"").unwrap();
        }
        text.push_str(&self.setup.config);
        let file = folder.join("changegate.toml");
        std::fs::write(&file, text).unwrap();
        file
    }

    fn policy_text(&self) -> String {
        let mut policy = Policy::BUILT_IN_TEXT.to_owned();
        for (from, to) in &self.setup.policy {
            assert!(policy.contains(from), "the built-in policy does not say {from}");
            policy = policy.replace(from, to);
        }
        format!("{policy}\n{}", self.setup.directory)
    }

    /// The first message to a member that holds the text.
    pub(crate) async fn hears(&self, who: &str, part: &str) -> String {
        let message = self
            .wecom
            .wait_message(who, |message| text(message).contains(part), PATIENCE)
            .await;
        text(&message.unwrap_or_else(|error| panic!("{error}"))).to_owned()
    }

    /// How many messages a member has about a form.
    pub(crate) fn count(&self, who: &str, sp_no: &str) -> usize {
        self.wecom
            .messages_to(who)
            .iter()
            .filter(|message| text(message).contains(sp_no))
            .count()
    }

    /// Waits until an API was called this often.
    pub(crate) async fn calls_reach(&self, path: &str, times: usize) {
        let many = |calls: &[Call]| calls.len() >= times;
        let wait = async {
            while !many(&self.wecom.calls(path)) {
                tokio::task::yield_now().await;
            }
        };
        let reached = tokio::time::timeout(PATIENCE, wait).await;
        assert!(
            reached.is_ok(),
            "{path} was not called {times} times\n{}",
            self.wecom.conversation()
        );
    }

    /// Lets time pass until the bot has looked at forms so many times more.
    pub(crate) async fn is_looked_at_again(&self, times: usize) {
        let looks = self.wecom.calls("oa/getapprovaldetail").len();
        self.as_time_passes(self.calls_reach("oa/getapprovaldetail", looks + times))
            .await;
    }

    /// Waits while the clock runs fast: retries and their pauses pass at once. Slow enough for a worker to be done before
    /// its lease runs out by this clock.
    pub(crate) async fn as_time_flies<T>(&self, awaited: impl Future<Output = T>) -> T {
        self.while_the_clock_runs(TimeDelta::seconds(20), awaited).await
    }

    /// Waits while the clock runs some minutes a second: what is due within the hour comes, one after the other.
    pub(crate) async fn as_time_passes<T>(&self, awaited: impl Future<Output = T>) -> T {
        self.while_the_clock_runs(TimeDelta::seconds(10), awaited).await
    }

    async fn while_the_clock_runs<T>(&self, step: TimeDelta, awaited: impl Future<Output = T>) -> T {
        let mut tick = tokio::time::interval(Duration::from_millis(75));
        let mut awaited = std::pin::pin!(awaited);
        loop {
            tokio::select! {
                done = &mut awaited => return done,
                _ = tick.tick() => self.wecom.clock().advance(step),
            }
        }
    }

    /// It is that time now, as Shanghai's clocks show it: `2026-11-24 17:00`.
    pub(crate) fn it_is(&self, time: &str) {
        self.wecom.clock().set(shanghai(time));
    }

    /// A new API token with this scope.
    pub(crate) fn token(&self, scope: &str) -> String {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_changegate"))
            .args(["token", "create", "--scope", scope, "--name", "story", "--config"])
            .arg(self.config_file())
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout)
            .unwrap()
            .lines()
            .last()
            .unwrap()
            .to_owned()
    }

    pub(crate) async fn get(&self, path: &str, token: &str) -> (u16, Value) {
        let answer = self
            .http
            .get(self.bot_url(path))
            .bearer_auth(token)
            .send()
            .await
            .unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    /// Asks the API about a change until the answer is as wanted.
    pub(crate) async fn change(&self, sp_no: &str, token: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let mut tick = tokio::time::interval(Duration::from_millis(20));
        let asked = async {
            loop {
                tick.tick().await;
                let (status, change) = self.get(&format!("/api/v1/changes/{sp_no}"), token).await;
                if status == 200 && wanted(&change) {
                    return change;
                }
            }
        };
        tokio::time::timeout(PATIENCE, asked)
            .await
            .expect("the change never came to be as wanted")
    }
}

pub(crate) fn text(message: &Message) -> &str {
    message
        .body
        .pointer("/markdown/content")
        .and_then(Value::as_str)
        .unwrap_or_default()
}
