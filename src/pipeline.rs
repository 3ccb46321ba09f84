//! The loops behind the door: advance (inbox), wake (timers), agenda (the firm's calendar), deliver (outbox), reconcile,
//! maintain, refresh (the directory), and mailbox (mails to the app).
//!
//! Nothing that was accepted is forgotten: a row is done, or due again, or in front of a person. Every loop can
//! run in any number of replicas; what must not happen twice is decided by the database.

mod advance;
mod agenda;
mod backoff;
mod deliver;
mod flood;
mod mailbox;
mod maintain;
mod moment;
mod reconcile;
mod refresh;
mod wake;
mod work;

use std::sync::Arc;

use changegate_policy::Policy;
use changegate_store::Store;
use changegate_wecom::client::Client;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::config;
use crate::links::Links;
use crate::mail::Transport;
use crate::policies::Policies;
use crate::registry::Registry;
use crate::reports::Reports;
use crate::web::{GithubApp, Zadig};

pub(crate) use mailbox::FILE_ID as MAIL_FILE_ID;
pub(crate) use reconcile::STATE as RECONCILIATION_STATE;
pub(crate) use work::{DEPLOYMENT, FILING, PRESS, STRAY, look, subject_of_task};

/// Who acts where no person does.
pub(crate) const BOT: &str = "changegate";

/// JIRA, as far as the loops ask it.
#[derive(Debug)]
pub(crate) struct Jira {
    /// The issues that forms name, as they were read a short while ago.
    pub(crate) issues: changegate_jira::Cached,
    /// What the address of an issue's page begins with.
    pub(crate) browse: String,
}

/// What the loops work with.
#[derive(Clone)]
pub(crate) struct Parts {
    pub(crate) clock: Clock,
    /// GitHub, where it is configured.
    pub(crate) github: Option<Arc<GithubApp>>,
    /// JIRA, where it is configured.
    pub(crate) jira: Option<Arc<Jira>>,
    pub(crate) links: Arc<Links>,
    pub(crate) mail: Arc<Transport>,
    pub(crate) policies: Arc<Policies>,
    pub(crate) registry: Option<Arc<Registry>>,
    pub(crate) reports: Reports,
    pub(crate) settings: Arc<config::Wecom>,
    pub(crate) store: Store,
    pub(crate) wecom: Arc<Client>,
    /// Zadig, where it is configured.
    pub(crate) zadig: Option<Arc<Zadig>>,
}

impl Parts {
    /// The policy that holds now.
    pub(crate) fn policy(&self) -> Arc<Policy> {
        self.policies.now()
    }
}

/// Starts every loop; each ends soon after `stop`, once what it had in hand is stored.
pub(crate) fn start(parts: &Parts, stop: &CancellationToken) -> JoinSet<()> {
    let mut loops = JoinSet::new();
    loops.spawn(advance::run(parts.clone(), stop.clone()));
    loops.spawn(wake::run(parts.clone(), stop.clone()));
    loops.spawn(agenda::run(parts.clone(), stop.clone()));
    loops.spawn(deliver::run(parts.clone(), stop.clone()));
    loops.spawn(reconcile::run(parts.clone(), stop.clone()));
    loops.spawn(maintain::run(parts.clone(), stop.clone()));
    loops.spawn(refresh::run(parts.clone(), stop.clone()));
    loops.spawn(mailbox::run(parts.clone(), stop.clone()));
    loops
}
