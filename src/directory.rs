//! Who holds which role: the policy file's directory and WeCom's address book, put together once a day.
//!
//! What was found last is stored, so that replicas share it and a start does not depend on WeCom; whoever has left is
//! taken out of it and told to the administrators before they are needed.

mod company;
mod leavers;

use std::collections::BTreeSet;
use std::sync::Arc;

use changegate_policy::{Directory, UserId};
use changegate_store::{Store, StoreError};
use changegate_wecom::{Client, Error};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::policies::Policies;

/// What was found last is remembered under this name.
const STATE: &str = "directory";
/// It is found anew so often.
pub(crate) const EVERY: TimeDelta = TimeDelta::hours(24);
/// After a failure it is tried again so soon.
const RETRY: TimeDelta = TimeDelta::minutes(15);

/// The directory as it was put together last.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Known {
    /// When WeCom was asked with success.
    pub(crate) at: Option<DateTime<Utc>>,
    /// When it was asked last.
    tried: Option<DateTime<Utc>>,
    /// Why it could not be asked then.
    pub(crate) failure: Option<String>,
    /// What WeCom gave.
    company: Directory,
    /// Who was found to have left.
    pub(crate) left: BTreeSet<UserId>,
    /// Who of them was told to the administrators.
    pub(crate) told: BTreeSet<UserId>,
}

impl Known {
    /// Both directories, without those who left.
    fn directory(&self, policies: &Policies) -> Option<Directory> {
        let file = policies.file().directory();
        let asks = policies.file().wecom_directory().is_some();
        match (file, asks) {
            (None, false) => None,
            (Some(file), false) => Some(file.without(&self.left)),
            (Some(file), true) => Some(file.merged(&self.company).without(&self.left)),
            (None, true) => Some(self.company.without(&self.left)),
        }
    }

    fn is_due(&self, now: DateTime<Utc>) -> bool {
        let long_ago = |at: Option<DateTime<Utc>>, wait| at.is_none_or(|at| at > now || now - at >= wait);
        long_ago(self.at, EVERY) && long_ago(self.tried, RETRY)
    }
}

/// What is remembered.
pub(crate) async fn known(store: &Store) -> Result<Known, StoreError> {
    let stored = store.state(STATE).await?;
    Ok(stored
        .and_then(|stored| serde_json::from_value(stored).ok())
        .unwrap_or_default())
}

/// Takes over what is remembered, as a start or another replica left it.
pub(crate) async fn take_over(store: &Store, policies: &Policies) -> Result<Known, StoreError> {
    let known = known(store).await?;
    if let Some(directory) = known.directory(policies) {
        policies.take(Arc::new(directory));
    }
    Ok(known)
}

/// Whether it is time to ask WeCom again. Without a directory there is nobody to look after.
pub(crate) fn is_due(known: &Known, policies: &Policies, now: DateTime<Utc>) -> bool {
    let file = policies.file();
    (file.wecom_directory().is_some() || file.directory().is_some()) && known.is_due(now)
}

/// Asks WeCom for the teams and roles that the policy file seeks there, and for everybody who leads or holds a role
/// whether they are still here. A failure keeps what was known before.
pub(crate) async fn refresh(
    wecom: &Client,
    policies: &Policies,
    before: &Known,
    now: DateTime<Utc>,
) -> Known {
    let mut known = Known {
        tried: Some(now),
        ..before.clone()
    };
    match find(wecom, policies, before).await {
        Ok((company, left)) => {
            known.told.retain(|user| left.contains(user));
            known.at = Some(now);
            known.failure = None;
            known.company = company;
            known.left = left;
        }
        Err(error) => known.failure = Some(error.to_string()),
    }
    known
}

/// Stores it and lets it hold.
pub(crate) async fn keep(
    store: &Store,
    policies: &Policies,
    known: &Known,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let value = serde_json::to_value(known).unwrap_or_default();
    store.set_state(STATE, &value, now).await?;
    if let Some(directory) = known.directory(policies) {
        policies.take(Arc::new(directory));
    }
    Ok(())
}

async fn find(
    wecom: &Client,
    policies: &Policies,
    before: &Known,
) -> Result<(Directory, BTreeSet<UserId>), Error> {
    let file = policies.file();
    let company = match file.wecom_directory() {
        Some(wanted) => company::directory(wecom, wanted).await?,
        None => Directory::default(),
    };
    let mut whole = company.clone();
    if let Some(named) = file.directory() {
        whole = named.merged(&whole);
    }
    let mut people = whole.bearers();
    // Whoever leaves is in no department and under no tag any more; nobody would look for them.
    people.extend(before.company.bearers());
    people.extend(before.left.difference(&before.told).cloned());
    let left = leavers::among(wecom, &people).await?;
    Ok((company, left))
}

pub(crate) use leavers::notice;
