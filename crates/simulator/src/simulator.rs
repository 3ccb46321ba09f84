//! Starting, stopping and steering a simulator from Rust.

use std::net::SocketAddr;
use std::sync::Arc;

use actix_web::dev::ServerHandle;
use actix_web::web::Data;
use actix_web::{App, HttpServer};
use changegate_wecom::{CallbackKeys, KeyError};
use tokio::sync::mpsc::unbounded_channel;
use tokio::task::JoinSet;
use url::Url;

use crate::api::Mail;
use crate::approval::{Action, Approval, ChangeKind, Refusal};
use crate::browser::{self, BrowseError, Errand, Jars, Visit};
use crate::callback::{self, Callback};
use crate::clock::Clock;
use crate::faults::{CallbackFaults, Fault, ReleaseOrder};
use crate::form::Form;
use crate::hub::Hub;
use crate::jira;
use crate::message::{Channel, Message};
use crate::office::{self, Draft, Selected};
use crate::routes;
use crate::seen::{PressOutcome, Seen, seen};
use crate::settings::Settings;
use crate::world::{Call, MemberState, World};

/// Callbacks in flight at once.
const LANES: usize = 64;

/// A running simulator; it stops when dropped.
pub struct Simulator {
    pub(crate) hub: Arc<Hub>,
    address: SocketAddr,
    client: reqwest::Client,
    server: ServerHandle,
    tasks: JoinSet<()>,
    jars: Jars,
}

/// Why a simulator does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The callback settings cannot be used.
    #[error("callback settings: {0}")]
    Keys(#[from] KeyError),
    /// The address cannot be listened on.
    #[error("cannot listen on {0}")]
    Bind(SocketAddr, #[source] std::io::Error),
    /// No HTTP client can be made.
    #[error("HTTP client")]
    Client(#[from] reqwest::Error),
}

impl Simulator {
    /// Starts a simulator; it serves at once.
    #[expect(
        clippy::unused_async,
        reason = "being awaited proves the runtime that its tasks need"
    )]
    pub async fn start(settings: Settings) -> Result<Self, StartError> {
        let keys = CallbackKeys::new(&settings.token, &settings.encoding_aes_key, &settings.corp_id)?;
        // A provider that the program installed before stays; callbacks go over plain HTTP in any case.
        if rustls::crypto::ring::default_provider()
            .install_default()
            .is_err()
        {
            tracing::debug!("a TLS provider is installed already");
        }
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .tls_certs_only([])
            .build()?;
        let bind = settings.bind;
        let (lanes, receivers): (Vec<_>, Vec<_>) = (0..LANES).map(|_| unbounded_channel()).unzip();
        let hub = Arc::new(Hub::new(settings, keys, lanes));
        let shared = Data::from(Arc::clone(&hub));
        let poster = Data::new(client.clone());
        let http = HttpServer::new(move || {
            App::new()
                .app_data(shared.clone())
                .app_data(poster.clone())
                .configure(routes::configure)
        })
        .workers(1)
        .disable_signals()
        .shutdown_timeout(1)
        .bind(bind)
        .map_err(|source| StartError::Bind(bind, source))?;
        let address = http.addrs().first().copied().unwrap_or(bind);
        let server = http.run();
        let handle = server.handle();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            if let Err(error) = server.await {
                tracing::error!(%error, "the simulator's server ended");
            }
        });
        for jobs in receivers {
            tasks.spawn(callback::run_lane(Arc::clone(&hub), client.clone(), jobs));
        }
        let told = hub.write(|world| world.jira.connect_hooks());
        tasks.spawn(jira::hooks::run(Arc::clone(&hub), client.clone(), told));
        Ok(Self {
            hub,
            address,
            client,
            server: handle,
            tasks,
            jars: Jars::default(),
        })
    }

    /// Stops serving and delivering; waits until it has.
    pub async fn stop(mut self) {
        self.server.stop(false).await;
        self.tasks.shutdown().await;
    }

    /// `http://host:port`, for `wecom.api_base` and for a browser.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// `http://host:port/jira`, for `jira.api_base`.
    pub fn jira_base(&self) -> String {
        format!("{}/jira", self.base_url())
    }

    /// The token that the simulated JIRA accepts.
    pub fn jira_token(&self) -> &str {
        &self.hub.settings.jira_token
    }

    /// The simulator's clock.
    pub fn clock(&self) -> &Clock {
        &self.hub.settings.clock
    }

    /// How it was set up.
    pub fn settings(&self) -> &Settings {
        &self.hub.settings
    }

    /// Sets, or removes, the callback address without verifying it.
    pub fn set_callback_url(&self, url: Option<String>) {
        self.hub.write(|world| world.callback_url = url);
    }

    /// Verifies a callback address with an `echostr`, as the admin console does, and sets it if it passes.
    pub async fn save_callback_url(&self, url: &str) -> Result<(), String> {
        callback::verify(&self.hub, &self.client, url).await?;
        self.set_callback_url(Some(url.to_owned()));
        Ok(())
    }

    /// Files a form. Answers its number.
    pub fn submit(&self, applicant: &str, form: &Form) -> Result<String, Refusal> {
        office::submit(&self.hub, applicant, form)
    }

    /// Files a form with controls of any shape. Answers its number.
    pub fn submit_draft(&self, draft: Draft) -> String {
        office::file(&self.hub, draft)
    }

    /// Sends a form in again with new contents (after it was returned, or to have it changed under way).
    pub fn resubmit(&self, sp_no: &str, by: &str, form: &Form) -> Result<ChangeKind, Refusal> {
        office::resubmit(&self.hub, sp_no, by, form)
    }

    /// Lets a member do something with an approval.
    pub fn act(&self, sp_no: &str, by: &str, action: &Action) -> Result<ChangeKind, Refusal> {
        office::act(&self.hub, sp_no, by, action)
    }

    /// Lets a member approve.
    pub fn approve(&self, sp_no: &str, by: &str) -> Result<ChangeKind, Refusal> {
        self.act(
            sp_no,
            by,
            &Action::Approve {
                speech: "同意".to_owned(),
            },
        )
    }

    /// Presses a button (or a menu entry) of a card, as far as the member sees it now.
    pub fn press(&self, by: &str, task_id: &str, key: &str) -> PressOutcome {
        self.press_selected(by, task_id, key, &[])
    }

    /// Presses a button with options chosen.
    pub fn press_selected(&self, by: &str, task_id: &str, key: &str, selected: &[Selected]) -> PressOutcome {
        match office::press(&self.hub, task_id, by, key, selected) {
            Ok(()) => PressOutcome::Sent,
            Err(Refusal::NoSuchButton(_)) => PressOutcome::NoSuchButton,
            Err(_) => PressOutcome::NoSuchCard,
        }
    }

    /// Has WeCom tell of a press whatever the card looks like and whoever has it: an outdated screen, or malice.
    /// Fails only where no card of this task id was ever sent.
    pub fn press_anyway(&self, by: &str, task_id: &str, key: &str) -> PressOutcome {
        match office::press_anyway(&self.hub, task_id, by, key) {
            Ok(()) => PressOutcome::Sent,
            Err(_) => PressOutcome::NoSuchCard,
        }
    }

    /// The messages of a member as they look now, oldest first.
    pub fn messages_of(&self, userid: &str) -> Vec<Seen> {
        self.hub.read(|world| {
            let messages = world.messages.iter().filter(|message| message.is_to(userid));
            messages.map(|message| seen(message, userid)).collect()
        })
    }

    /// The messages of a group of the app, or of a group robot, oldest first.
    pub fn messages_in(&self, channel: &Channel) -> Vec<Message> {
        self.hub.read(|world| {
            let messages = world.messages.iter();
            messages
                .filter(|message| message.channel == *channel)
                .cloned()
                .collect()
        })
    }

    /// How WeCom treats a member as a receiver from now on.
    pub fn set_member_state(&self, userid: &str, state: MemberState) {
        self.hub.write(|world| world.set_member_state(userid, state));
    }

    /// Whether cards with buttons are refused with 43012 although callbacks are set up.
    pub fn refuse_interactive_cards(&self, refuse: bool) {
        self.hub.write(|world| world.refuse_interactive = refuse);
    }

    /// Opens a link as a member, in WeCom's own browser: signed in through OAuth where the page asks for it. The
    /// cookies of the member's earlier visits go with it.
    pub async fn open_link(&self, userid: &str, link: &str) -> Result<Visit, BrowseError> {
        self.browse(userid, link, Errand::Open).await
    }

    /// Sends a form of a page as a member, with the member's cookies, and follows where it leads.
    pub async fn submit_form(
        &self,
        userid: &str,
        action: &str,
        fields: &[(&str, &str)],
    ) -> Result<Visit, BrowseError> {
        self.browse(userid, action, Errand::Submit(fields)).await
    }

    /// Throws a member's cookies away.
    pub fn forget_cookies(&self, userid: &str) {
        self.jars.forget(userid);
    }

    async fn browse(&self, userid: &str, link: &str, errand: Errand<'_>) -> Result<Visit, BrowseError> {
        let own = self.base_url();
        let own = Url::parse(&own).map_err(|error| BrowseError::BadAddress(error.to_string()))?;
        browser::go(&self.client, &self.jars, &own, userid, link, errand).await
    }

    /// An approval as it is.
    pub fn approval(&self, sp_no: &str) -> Option<Approval> {
        self.hub.read(|world| world.approvals.get(sp_no).cloned())
    }

    /// The messages that a member has, oldest first.
    pub fn messages_to(&self, userid: &str) -> Vec<Message> {
        self.hub.read(|world| {
            world
                .messages
                .iter()
                .filter(|message| message.is_to(userid))
                .cloned()
                .collect()
        })
    }

    /// All messages, oldest first.
    pub fn messages(&self) -> Vec<Message> {
        self.hub.read(|world| world.messages.iter().cloned().collect())
    }

    /// The messages that arrived after a place in the order of arrival, oldest first; 0 is before all.
    pub fn messages_after(&self, seq: u64) -> Vec<Message> {
        self.hub.read(|world| {
            let newest_first = world.messages.iter().rev();
            let mut found: Vec<Message> = newest_first
                .take_while(|message| message.seq > seq)
                .cloned()
                .collect();
            found.reverse();
            found
        })
    }

    /// One message as a member sees it now; none where the member has no copy of it.
    pub fn message_as_seen(&self, userid: &str, msgid: &str) -> Option<Seen> {
        self.hub.read(|world| {
            let found = world.messages.iter().rev().find(|message| message.id == msgid);
            found
                .filter(|message| message.is_to(userid))
                .map(|message| seen(message, userid))
        })
    }

    /// The mails that the app sent, oldest first.
    pub fn mails(&self) -> Vec<Mail> {
        self.hub.read(|world| world.mails.iter().cloned().collect())
    }

    /// The calls of one API path (such as `message/send`), oldest first; an empty path is all.
    pub fn calls(&self, path: &str) -> Vec<Call> {
        self.hub.read(|world| {
            world
                .calls
                .iter()
                .filter(|call| path.is_empty() || call.path == path)
                .cloned()
                .collect()
        })
    }

    /// All callbacks, oldest first.
    pub fn callbacks(&self) -> Vec<Callback> {
        self.hub.read(|world| world.callbacks.iter().cloned().collect())
    }

    /// Lets something go wrong with the API.
    pub fn fault(&self, fault: Fault) {
        self.hub.write(|world| world.faults.push(fault));
    }

    /// Lets the API work again.
    pub fn clear_faults(&self) {
        self.hub.write(|world| world.faults.clear());
    }

    /// Lets something go wrong with callbacks from now on.
    pub fn set_callback_faults(&self, faults: CallbackFaults) {
        self.hub.write(|world| world.callback_faults = faults);
    }

    /// Delivers held callbacks, one after the other. Answers how many.
    pub fn release_callbacks(&self, order: &ReleaseOrder) -> usize {
        callback::release(&self.hub, order)
    }

    /// Makes every access token invalid (40014).
    pub fn revoke_tokens(&self) {
        self.hub.write(World::revoke_tokens);
    }

    /// A one-use OAuth code for a member, as WeCom appends to the redirect.
    pub fn login_code(&self, userid: &str) -> String {
        crate::api::issue_login(&self.hub, userid)
    }

    /// Everything that happened, in order: callbacks, calls, messages.
    pub fn conversation(&self) -> String {
        self.hub.read(crate::story::conversation)
    }
}
