//! The loops behind the door: advance (inbox), deliver (outbox), reconcile, and maintain.
//!
//! Nothing that was accepted is forgotten: a row is done, or due again, or in front of a person. Every loop can
//! run in any number of replicas; what must not happen twice is decided by the database.

mod advance;
mod backoff;
mod deliver;
mod flood;
mod look;
mod maintain;
mod moment;
mod reconcile;

use std::sync::Arc;

use changegate_policy::Policy;
use changegate_store::Store;
use changegate_wecom::client::Client;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::config;
use crate::links::Links;

pub(crate) use reconcile::STATE as RECONCILIATION_STATE;

/// Who acts where no person does.
pub(crate) const BOT: &str = "changegate";

/// What the loops work with.
#[derive(Clone)]
pub(crate) struct Parts {
    pub(crate) clock: Clock,
    pub(crate) links: Arc<Links>,
    pub(crate) policy: Arc<Policy>,
    pub(crate) settings: Arc<config::Wecom>,
    pub(crate) store: Store,
    pub(crate) wecom: Arc<Client>,
}

/// Starts every loop; each ends soon after `stop`, once what it had in hand is stored.
pub(crate) fn start(parts: &Parts, stop: &CancellationToken) -> JoinSet<()> {
    let mut loops = JoinSet::new();
    loops.spawn(advance::run(parts.clone(), stop.clone()));
    loops.spawn(deliver::run(parts.clone(), stop.clone()));
    loops.spawn(reconcile::run(parts.clone(), stop.clone()));
    loops.spawn(maintain::run(parts.clone(), stop.clone()));
    loops
}
