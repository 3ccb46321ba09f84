//! The stage: a simulated WeCom and a database, one clock that stands still between steps, and the bot or bots.

use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use changegate_policy::Policy;
use changegate_simulator::{Clock, Limits, Settings, Simulator, cast};
use changegate_store::{MessageState, Store, StoreOptions};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use tempfile::TempDir;

use crate::bot::Bot;

/// A machine that is busy takes its time, a bot that hangs never comes to rest.
const PATIENCE: Duration = Duration::from_mins(1);
/// A glance at the bots takes so long.
const GLANCE: Duration = Duration::from_millis(4);
/// How much of the bots' own waiting passes with each glance: so little that no call is cut off meanwhile.
const PASSES: Duration = Duration::from_millis(20);
/// Glances after which a bot is not merely slow.
const SOON: usize = 300;
/// The agenda may lag so far behind: it is worked off once a minute.
const AGENDA_LAG: TimeDelta = TimeDelta::seconds(61);

pub(crate) struct Office {
    pub(crate) wecom: Simulator,
    pub(crate) bots: Vec<Bot>,
    pub(crate) store: Store,
    /// Real time spent.
    pub(crate) began: Instant,
    /// How often the clock was moved.
    pub(crate) steps: usize,
    pub(crate) kills: usize,
    /// Glances until the bots came to rest.
    pub(crate) glances: std::sync::atomic::AtomicUsize,
    folder: TempDir,
    database: String,
    ports: Vec<u16>,
}

impl Office {
    /// Opens with so many bots on this database, or on one of SQLite's; WeCom's clock stands at `at`.
    pub(crate) async fn open(at: DateTime<Utc>, bots: usize, database: Option<String>) -> Self {
        let mut settings = Settings::demo();
        settings.clock = Clock::standing_at(at);
        settings.callback_pause = Duration::from_millis(700);
        settings.limits = Limits {
            approval_calls_minute: None,
            ..Limits::default()
        };
        let wecom = Simulator::start(settings).await.unwrap();
        let folder = folder();
        let database =
            database.unwrap_or_else(|| format!("sqlite://{}", folder.path().join("changegate.db").display()));
        let store = Store::open(&StoreOptions::new(&database)).await.unwrap();
        store.migrate_up().await.unwrap();
        let began = Instant::now();
        let mut office = Self {
            wecom,
            bots: Vec::new(),
            store,
            began,
            steps: 0,
            kills: 0,
            glances: std::sync::atomic::AtomicUsize::new(0),
            folder,
            database,
            ports: (0..bots).map(|_| free_port()).collect(),
        };
        for number in 0..bots {
            let bot = office.start_bot(number).await;
            office.bots.push(bot);
        }
        office.receive_callbacks(0).await;
        office
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.wecom.clock().now()
    }

    /// Moves the clock on, if it is behind; what waits in the bots hears of it.
    pub(crate) fn move_to(&mut self, at: DateTime<Utc>) {
        let by = at - self.now();
        if by > TimeDelta::zero() {
            self.wecom.clock().set(at);
            self.steps += 1;
            self.time_passes(by.to_std().unwrap());
        }
    }

    /// Kills a bot at once and starts another one in its place.
    async fn kill_and_start_again(&mut self, number: usize) {
        self.kills += 1;
        let bot = self.bots.remove(number);
        tokio::task::spawn_blocking(move || bot.kill()).await.unwrap();
        let bot = self.start_bot(number).await;
        self.bots.insert(number, bot);
    }

    /// Has WeCom send callbacks to this bot.
    pub(crate) async fn receive_callbacks(&self, number: usize) {
        let url = format!("http://{}/wecom/callback", self.bots[number].address);
        self.wecom.save_callback_url(&url).await.unwrap();
    }

    /// Waits until nobody has anything left to do at the present moment.
    pub(crate) async fn come_to_rest(&self) {
        let rest = async {
            let mut glances = tokio::time::interval(GLANCE);
            while !self.is_at_rest().await {
                glances.tick().await;
                self.glances.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                self.time_passes(PASSES);
            }
        };
        if tokio::time::timeout(PATIENCE, rest).await.is_err() {
            let (inbox, outbox) = (self.store.inbox_counts().await, self.store.outbox_counts().await);
            panic!("no rest at {}: {inbox:?} {outbox:?}", self.now());
        }
    }

    /// Kills a bot while there is work, and starts another in its place; waits until everything is done. Answers how
    /// much later, by the clock, that is: nothing, or the lease of what the killed one held.
    pub(crate) async fn kill_at_work(&mut self, number: usize, lease: TimeDelta) -> TimeDelta {
        let now = self.now();
        for _ in 0..SOON / 10 {
            if self
                .store
                .next_event_at()
                .await
                .unwrap()
                .is_some_and(|at| at <= now)
            {
                break;
            }
            self.glance(1).await;
        }
        self.glance(self.kills % 4).await;
        self.kill_and_start_again(number).await;
        if self.comes_to_rest_soon().await {
            return TimeDelta::zero();
        }
        self.move_to(now + lease);
        self.come_to_rest().await;
        lease
    }

    /// Whether everybody comes to rest within what bots at work take.
    async fn comes_to_rest_soon(&self) -> bool {
        let mut glances = tokio::time::interval(GLANCE);
        for _ in 0..SOON {
            if self.is_at_rest().await {
                return true;
            }
            glances.tick().await;
            self.time_passes(PASSES);
        }
        false
    }

    /// Until the bot has looked once at what came; a moment in the middle of its work.
    async fn glance(&self, times: usize) {
        let mut glances = tokio::time::interval(GLANCE);
        for _ in 0..times {
            glances.tick().await;
            self.time_passes(PASSES);
        }
    }

    /// When the bot has something to do next.
    pub(crate) async fn next_due(&self) -> Option<DateTime<Utc>> {
        let due = [
            self.store.next_timer_at().await.unwrap(),
            self.store.next_event_at().await.unwrap(),
            self.store.next_message_at().await.unwrap(),
        ];
        due.into_iter().flatten().min()
    }

    /// Asks in the order in which work flows, and each hands on in one transaction.
    async fn is_at_rest(&self) -> bool {
        let now = self.now();
        let due = |at: Option<DateTime<Utc>>| at.is_some_and(|at| at <= now);
        if self.wecom.settle(Duration::ZERO).await.is_err() || !self.agenda_is_done(now).await {
            return false;
        }
        !due(self.store.next_timer_at().await.unwrap())
            && !due(self.store.next_event_at().await.unwrap())
            && !due(self.store.next_message_at().await.unwrap())
            && self
                .store
                .messages_in(MessageState::Sending, 1)
                .await
                .unwrap()
                .is_empty()
    }

    async fn agenda_is_done(&self, now: DateTime<Utc>) -> bool {
        let Some(Value::String(upto)) = self.store.state("agenda").await.unwrap() else {
            return self.steps == 0;
        };
        upto.parse::<DateTime<Utc>>().unwrap() >= now - AGENDA_LAG
    }

    fn time_passes(&self, by: Duration) {
        for bot in &self.bots {
            bot.time_passes(by);
        }
    }

    async fn start_bot(&self, number: usize) -> Bot {
        let (config, clock) = (self.config_file(number), self.wecom.clock().clone());
        tokio::task::spawn_blocking(move || Bot::start(config, clock))
            .await
            .unwrap()
    }

    fn config_file(&self, number: usize) -> PathBuf {
        let folder = self.folder.path();
        let policy = format!("{}\n{}", Policy::BUILT_IN_TEXT, cast::directory_toml("directory"));
        std::fs::write(folder.join("policy.toml"), policy).unwrap();
        let wecom = self.wecom.settings();
        let text = format!(
            "[server]\nbind = \"127.0.0.1:{}\"\npublic_url = \"https://gate.example.com\"\nworkers = 1\n\
             [database]\nurl = \"{}\"\n[wecom]\napi_base = \"{}\"\ncorp_id = \"{}\"\nagent_id = {}\nsecret = \"{}\"\n\
             token = \"{}\"\nencoding_aes_key = \"{}\"\ntemplates = [\"{}\"]\nreconcile_interval_secs = 3600\n\
             [mail]\ntransport = \"wecom\"\n[policy]\nfile = \"policy.toml\"\n",
            self.ports[number],
            self.database,
            self.wecom.base_url(),
            wecom.corp_id,
            wecom.agent_id,
            wecom.secret,
            wecom.token,
            wecom.encoding_aes_key,
            wecom.template_id,
        );
        let file = folder.join(format!("changegate-{number}.toml"));
        std::fs::write(&file, text).unwrap();
        file
    }
}

/// In memory where the system has such a place: a bot is killed here, never the machine.
fn folder() -> TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_no_such_place| tempfile::tempdir())
        .unwrap()
}

/// A port for a bot that comes back to the same one.
fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap().port()
}
