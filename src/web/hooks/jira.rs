//! `POST /jira/webhook/{secret}`: JIRA says that an issue changed.
//!
//! Nothing of what it says is believed but the key: open changes that name the issue are looked at again, and the look
//! asks JIRA itself. JIRA Server signs nothing, so the address ends with a secret.

use std::collections::BTreeSet;

use actix_web::{HttpResponse, web};
use changegate_jira::parse_webhook;
use changegate_jira::webhook::MAX_WEBHOOK;
use changegate_store::{EventSource, NewEvent};
use secrecy::ExposeSecret as _;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::arrival;
use crate::pipeline::look;
use crate::web::server::Site;

/// 204 once every look is stored; 404 for a wrong secret, as for any path that is not there.
pub(super) async fn receive(
    secret: web::Path<String>,
    payload: web::Payload,
    site: web::Data<Site>,
) -> HttpResponse {
    let known = site
        .jira_hook
        .as_ref()
        .is_some_and(|known| bool::from(known.expose_secret().as_bytes().ct_eq(secret.as_bytes())));
    if !known {
        return HttpResponse::NotFound().finish();
    }
    let body = match arrival::body(payload, MAX_WEBHOOK).await {
        Ok(body) => body,
        Err(refused) => return refused,
    };
    let hook = match parse_webhook(&body) {
        Ok(hook) => hook,
        Err(error) => {
            tracing::warn!(%error, "a web hook of JIRA cannot be read");
            return HttpResponse::BadRequest().finish();
        }
    };
    let keys: Vec<&String> = [Some(&hook.key), hook.former_key.as_ref()]
        .into_iter()
        .flatten()
        .collect();
    match look_again(&site, &keys, &body).await {
        Ok(looks) => {
            metrics::counter!("changegate_jira_hooks_total").increment(1);
            tracing::info!(issue = %hook.key, looks, "JIRA says that an issue changed");
            HttpResponse::NoContent().finish()
        }
        Err(error) => {
            tracing::error!(%error, "a web hook of JIRA could not be stored");
            HttpResponse::ServiceUnavailable().finish()
        }
    }
}

async fn look_again(
    site: &Site,
    keys: &[&String],
    body: &[u8],
) -> Result<usize, changegate_store::StoreError> {
    let now = site.clock.now();
    let mut changes = BTreeSet::new();
    for key in keys {
        if let Some(jira) = &site.jira {
            jira.issues.invalidate(key);
        }
        changes.extend(site.store.open_changes_with_key(key).await?);
    }
    let reason = format!("jira/{}/{}", now.timestamp(), hex::encode(Sha256::digest(body)));
    let events: Vec<NewEvent> = changes
        .iter()
        .map(|sp_no| look(sp_no, &reason, EventSource::Manual, now))
        .collect();
    site.store.insert_events(&events).await?;
    Ok(events.len())
}
