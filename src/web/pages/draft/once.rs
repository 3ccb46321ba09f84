//! A form is filed once, however often its button is pressed: WeCom itself knows no check for duplicates.
//!
//! The press is an inbox row under the form's nonce; whoever stores it first files. What came of it is remembered under
//! the same key, so that a second press tells the same.

use std::time::Duration;

use changegate_store::{Accepted, EventSource, NewEvent, StoreError};
use serde_json::{Value, json};

use super::filing::Filed;
use crate::pipeline::FILING;
use crate::web::member::Member;
use crate::web::server::Site;

/// A second press waits so long for what comes of the first.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often it looks.
const GLANCE: Duration = Duration::from_millis(100);

/// Whether this press is the one that files.
pub(super) async fn is_first(site: &Site, member: &Member, nonce: &str) -> Result<bool, StoreError> {
    let event = NewEvent {
        key: member.event_key(nonce),
        subject: format!("{FILING}/{}", member.user),
        kind: FILING.to_owned(),
        payload: String::new(),
        source: EventSource::Manual,
        received_at: site.clock.now(),
    };
    let accepted = site.store.insert_events(&[event]).await?;
    Ok(accepted.first() == Some(&Accepted::New))
}

/// Remembers what came of it.
pub(super) async fn remember(
    site: &Site,
    member: &Member,
    nonce: &str,
    filed: &Filed,
) -> Result<(), StoreError> {
    let value = match filed {
        Filed::Done(sp_no) => json!({ "sp_no": sp_no }),
        Filed::Not(reason) => json!({ "not_filed": reason }),
        Filed::Unknown => json!({ "unknown": true }),
    };
    site.store
        .set_state(&name(member, nonce), &value, site.clock.now())
        .await
}

/// What came of the first press; unknown where nothing is remembered in time.
pub(super) async fn outcome(site: &Site, member: &Member, nonce: &str) -> Result<Filed, StoreError> {
    let wait = async {
        let mut glances = tokio::time::interval(GLANCE);
        loop {
            glances.tick().await;
            if let Some(value) = site.store.state(&name(member, nonce)).await? {
                return Ok(read(&value));
            }
        }
    };
    match tokio::time::timeout(PATIENCE, wait).await {
        Ok(outcome) => outcome,
        Err(_elapsed) => Ok(Filed::Unknown),
    }
}

fn name(member: &Member, nonce: &str) -> String {
    format!("{FILING}/{}", hex::encode(member.event_key(nonce)))
}

fn read(value: &Value) -> Filed {
    let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    match (text("sp_no"), text("not_filed")) {
        (Some(sp_no), _) => Filed::Done(sp_no),
        (None, Some(reason)) => Filed::Not(reason),
        (None, None) => Filed::Unknown,
    }
}
