//! The one place where the parts are wired together.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use changegate_jira::{Auth, CacheTimes};
use changegate_store::{InboxWriter, InboxWriterTask, Store, StoreOptions};
use changegate_wecom::CallbackKeys;
use changegate_wecom::client::{self, Client, Settings};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use secrecy::ExposeSecret as _;
use serde_json::Value;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::config::{self, Config, JiraAccess};
use crate::directory;
use crate::links::Links;
use crate::mail::Transport;
use crate::pipeline::{self, Jira, Parts};
use crate::policies::Policies;
use crate::policy_file;
use crate::registry::Registry;
use crate::reports::Reports;
use crate::web::{self, GithubApp, Receiver, SignIn, Site, Zadig};

/// Where the key that signs links is remembered.
const LINK_KEY: &str = "link_key";
/// The exporter wants to be asked now and then, or its histograms grow.
const FIGURES_UPKEEP: Duration = Duration::from_secs(5);

/// The bot, ready to run.
pub struct App {
    parts: Parts,
    site: Site,
    receiver: Receiver,
    writer: InboxWriterTask,
    config: Config,
    figures: PrometheusHandle,
}

/// The bot, running.
#[derive(Debug)]
pub struct Running {
    addresses: Vec<SocketAddr>,
    http: actix_web::dev::ServerHandle,
    server: tokio::task::JoinHandle<std::io::Result<()>>,
    writer: tokio::task::JoinHandle<()>,
    loops: JoinSet<()>,
    stop: CancellationToken,
    store: Store,
}

/// Opens the database, loads the policy and makes the clients. Nothing runs yet.
pub async fn build(config: Config, clock: Clock) -> anyhow::Result<App> {
    let policies = Arc::new(Policies::new(policy_file::load(config.policy_file.as_deref())?));
    let store = open_store(&config).await?;
    store.take_back_leases(clock.now()).await?;
    let wecom = Arc::new(client(&config.wecom)?);
    let keys = CallbackKeys::new(
        config.wecom.token.expose_secret(),
        config.wecom.encoding_aes_key.expose_secret(),
        &config.wecom.corp_id,
    )?;
    let key = link_key(&store, &clock).await?;
    let links = Arc::new(Links::new(config.server.public_url.clone(), key));
    let (inbox, writer) = InboxWriter::start(store.clone());
    let template = report_template(&config)?;
    let jira = config.jira.as_ref().map(jira).transpose()?.map(Arc::new);
    let registry = config
        .registry
        .as_ref()
        .map(Registry::new)
        .transpose()?
        .map(Arc::new);
    let github = config.github.as_ref().map(GithubApp::new).transpose()?;
    let github = github.map(Arc::new);
    let zadig = config.zadig.as_ref().map(Zadig::new).transpose()?;
    let zadig = zadig.map(Arc::new);
    directory::take_over(&store, &policies).await?;
    let parts = Parts {
        clock: clock.clone(),
        github: github.clone(),
        jira: jira.clone(),
        links: Arc::clone(&links),
        mail: Arc::new(Transport::new(config.mail.as_ref(), &wecom)?),
        policies: Arc::clone(&policies),
        registry: registry.clone(),
        reports: Reports::new(template),
        settings: Arc::new(config.wecom.clone()),
        store: store.clone(),
        wecom: Arc::clone(&wecom),
        zadig: zadig.clone(),
    };
    let fields = Arc::new(config.wecom.fields.clone());
    let site = Site {
        clock: clock.clone(),
        fields,
        github,
        jira,
        jira_hook: config.jira.as_ref().and_then(|jira| jira.webhook_secret.clone()),
        links,
        policies,
        registry,
        reports: parts.reports.clone(),
        sign_in: Arc::new(SignIn::new(&config.wecom, &config.server.public_url)),
        store,
        templates: config.wecom.templates.clone().into(),
        wecom,
        zadig,
    };
    let receiver = Receiver { keys, inbox, clock };
    Ok(App {
        parts,
        site,
        receiver,
        writer,
        config,
        figures: figures(),
    })
}

/// The API client of the configured app.
pub(crate) fn client(wecom: &config::Wecom) -> anyhow::Result<Client> {
    let (base, app) = (wecom.api_base.as_str(), i64::from(wecom.agent_id));
    let settings = Settings::new(base, &wecom.corp_id, wecom.secret.clone(), app);
    let http = client::http_client().context("the HTTP client cannot be made")?;
    Ok(Client::new(settings, http))
}

/// The firm's own template of an incident's report, read at start, so that a wrong path shows then.
fn report_template(config: &Config) -> anyhow::Result<Option<Vec<u8>>> {
    let Some(path) = &config.report_template else {
        return Ok(None);
    };
    let bytes = std::fs::read(path)
        .with_context(|| format!("事故报告模板读不了（report.template）：{}", path.display()))?;
    Ok(Some(bytes))
}

/// JIRA, where it is configured; connects to nothing yet.
pub(crate) fn jira(settings: &config::Jira) -> anyhow::Result<Jira> {
    let root = settings
        .ca_file
        .as_ref()
        .map(|path| std::fs::read(path).with_context(|| format!("jira.ca_file：{}", path.display())))
        .transpose()?;
    let roots: Vec<&[u8]> = root.iter().map(Vec::as_slice).collect();
    let http = changegate_jira::http_client_with(&roots).context("the HTTP client cannot be made")?;
    let auth = match &settings.access {
        JiraAccess::Token(token) => Auth::Token(token.clone()),
        JiraAccess::Password { user, password } => Auth::Basic {
            user: user.clone(),
            password: password.clone(),
        },
    };
    let access = changegate_jira::Settings::with_auth(settings.api_base.clone(), auth);
    let client = changegate_jira::Client::new(access, http);
    let times = CacheTimes {
        fresh: chrono::TimeDelta::from_std(settings.cache).unwrap_or(chrono::TimeDelta::minutes(5)),
        ..CacheTimes::default()
    };
    Ok(Jira {
        issues: changegate_jira::Cached::new(client, times),
        browse: format!("{}/browse/", settings.api_base.as_str().trim_end_matches('/')),
    })
}

async fn open_store(config: &Config) -> anyhow::Result<Store> {
    tracing::info!("opening the database");
    let options = StoreOptions::new(config.database.url.expose_secret());
    let store = Store::open(&options)
        .await
        .context("数据库打不开（database.url）")?;
    if config.database.migrate {
        let applied = store.migrate_up().await.context("数据库迁移失败")?;
        if applied > 0 {
            tracing::info!(applied, "migrated the database");
        }
    } else {
        let pending = store.pending_migrations().await?;
        anyhow::ensure!(
            pending.is_empty(),
            "数据库有 {} 个迁移未执行，而 database.migrate = false；请先运行 `changegate migrate up`",
            pending.len()
        );
    }
    Ok(store)
}

/// The key that signs links: made once, kept with the data, so that links survive a restart.
async fn link_key(store: &Store, clock: &Clock) -> anyhow::Result<[u8; 64]> {
    if let Some(Value::String(stored)) = store.state(LINK_KEY).await? {
        let mut key = [0; 64];
        hex::decode_to_slice(&stored, &mut key).context("the stored link key cannot be read")?;
        return Ok(key);
    }
    let mut key = [0; 64];
    rand::fill(&mut key);
    store
        .set_state(LINK_KEY, &Value::String(hex::encode(key)), clock.now())
        .await?;
    Ok(key)
}

/// The recorder is the process's; a second bot in the process (tests, the demo) shares it.
fn figures() -> PrometheusHandle {
    static SHARED: std::sync::OnceLock<PrometheusHandle> = std::sync::OnceLock::new();
    if let Some(handle) = SHARED.get() {
        return handle.clone();
    }
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = SHARED.get_or_init(|| recorder.handle()).clone();
    drop(metrics::set_global_recorder(recorder));
    handle
}

impl App {
    /// Starts the HTTP server and the loops.
    pub fn start(self) -> anyhow::Result<Running> {
        let Self {
            parts,
            site,
            receiver,
            writer,
            config,
            figures,
        } = self;
        let store = parts.store.clone();
        let bind = config.server.bind;
        let (server, addresses) = web::start(bind, config.server.workers, site, receiver, figures.clone())
            .with_context(|| format!("不能监听 {bind}（server.bind）"))?;
        let stop = CancellationToken::new();
        let http = server.handle();
        let mut loops = pipeline::start(&parts, &stop);
        loops.spawn(upkeep(figures, stop.clone()));
        #[expect(clippy::disallowed_methods, reason = "both are joined in Running::stop")]
        let (server, writer) = (tokio::spawn(server), tokio::spawn(writer));
        for address in &addresses {
            tracing::info!(%address, "listening");
        }
        Ok(Running {
            addresses,
            http,
            server,
            writer,
            loops,
            stop,
            store,
        })
    }
}

async fn upkeep(figures: PrometheusHandle, stop: CancellationToken) {
    while tokio::time::timeout(FIGURES_UPKEEP, stop.cancelled())
        .await
        .is_err()
    {
        figures.run_upkeep();
    }
}

impl Running {
    /// Where it listens.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// Stops: the loops store what they have in hand, requests in flight are answered, and what they brought waits
    /// in the inbox for the next start.
    ///
    /// The loops end first: a database connection belongs to the runtime that opened it, and those that HTTP
    /// workers opened go with them.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        self.stop.cancel();
        while let Some(ended) = self.loops.join_next().await {
            ended.context("a loop broke off")?;
        }
        self.http.stop(true).await;
        self.server.await.context("the HTTP server broke off")??;
        self.writer.await.context("the inbox writer broke off")?;
        self.store.close().await?;
        Ok(())
    }
}
