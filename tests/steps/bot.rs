//! The whole bot beside a simulated WeCom, configured for the stand-ins that wait for its gate.

use std::time::Duration;

use changegate::app::{self, Running};
use changegate::clock::Clock;
use changegate::config::Config;
use changegate_policy::Policy;
use changegate_simulator::{Form, Message, Settings, Simulator, cast, forms};
use chrono::{DateTime, TimeDelta, Utc};
use tempfile::TempDir;

/// How long a test waits for anything: a busy machine takes its time, a broken bot never comes.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Bot {
    pub(crate) wecom: Simulator,
    pub(crate) http: reqwest::Client,
    running: Running,
    _folder: TempDir,
}

/// 10:30 in Shanghai of a window day.
fn morning() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-11-24T10:30:00+08:00")
        .unwrap()
        .to_utc()
}

impl Bot {
    /// With these sections of the configuration.
    pub(crate) async fn start(sections: &str) -> Self {
        let mut settings = Settings::demo();
        settings.clock.set(morning());
        settings.callback_pause = Duration::from_millis(10);
        let wecom = Simulator::start(settings).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let policy = format!("{}\n{}", Policy::BUILT_IN_TEXT, cast::directory_toml("directory"));
        std::fs::write(folder.path().join("policy.toml"), policy).unwrap();
        let (base, told) = (wecom.base_url(), wecom.settings());
        let text = format!(
            "[server]\nbind = \"127.0.0.1:0\"\npublic_url = \"https://gate.example.com\"\nworkers = 1\n\
             [database]\nurl = \"sqlite://{}\"\n[wecom]\napi_base = \"{base}\"\ncorp_id = \"{}\"\nagent_id = {}\n\
             secret = \"{}\"\ntoken = \"{}\"\nencoding_aes_key = \"{}\"\ntemplates = [\"{}\"]\n\
             [policy]\nfile = \"policy.toml\"\n{sections}",
            folder.path().join("changegate.db").display(),
            told.corp_id,
            told.agent_id,
            told.secret,
            told.token,
            told.encoding_aes_key,
            told.template_id,
        );
        let file = folder.path().join("changegate.toml");
        std::fs::write(&file, text).unwrap();
        let config = Config::load(Some(&file), [("", ""); 0]).unwrap();
        let clock = wecom.clock().clone();
        let app = Box::pin(app::build(config, Clock::from_fn(move || clock.now())))
            .await
            .unwrap();
        let running = app.start().unwrap();
        let bot = Self {
            wecom,
            http: reqwest::Client::builder()
                .no_proxy()
                .tls_certs_only([])
                .build()
                .unwrap(),
            running,
            _folder: folder,
        };
        let callback = bot.url("/wecom/callback");
        bot.wecom.save_callback_url(&callback).await.unwrap();
        bot
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.running.addresses().first().unwrap())
    }

    /// A change that everybody signed, the last one at 17:00, inside its window.
    pub(crate) async fn approved(&self) -> String {
        let sp_no = self.filed().await;
        for approver in ["liqiang", "sunli"] {
            self.wecom.approve(&sp_no, approver).unwrap();
        }
        self.wecom.clock().set(evening());
        self.wecom.approve(&sp_no, "zhaolei").unwrap();
        self.sees("machao", "在窗口内开始执行").await;
        sp_no
    }

    /// A change that nobody signed yet, known to the bot.
    pub(crate) async fn filed(&self) -> String {
        let sp_no = self.wecom.submit("zhangwei", &form()).unwrap();
        self.sees("liqiang", &sp_no).await;
        sp_no
    }

    /// Waits until a member has something on the screen that holds the part.
    async fn sees(&self, who: &str, part: &str) {
        let seen = |messages: &[Message]| {
            messages
                .iter()
                .any(|message| message.is_to(who) && message.text_for(who).contains(part))
        };
        let what = format!("{who} to see {part}");
        self.wecom.wait_messages(&what, seen, PATIENCE).await.unwrap();
    }

    /// Waits until this is so, while the clock runs: retries and their pauses pass at once.
    pub(crate) async fn until(&self, what: &str, so: impl Fn() -> bool) {
        let mut tick = tokio::time::interval(Duration::from_millis(20));
        let wait = async {
            while !so() {
                tick.tick().await;
                self.wecom.clock().advance(TimeDelta::seconds(5));
            }
        };
        assert!(
            tokio::time::timeout(PATIENCE, wait).await.is_ok(),
            "never came: {what}"
        );
    }

    pub(crate) async fn stop(self) {
        self.running.stop().await.unwrap();
        self.wecom.stop().await;
    }
}

fn evening() -> DateTime<Utc> {
    morning() + TimeDelta::minutes(390)
}

/// A form without a fault that concerns no market.
fn form() -> Form {
    let form = forms::corrected(evening());
    Form {
        title: "行情系统自选股分组功能上线变更".to_owned(),
        description: form.description.replace("港股十档行情", "自选股分组"),
        ..form
    }
}
