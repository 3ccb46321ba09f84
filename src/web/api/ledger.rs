//! `GET /api/v1/ledger`: whether anything was lost, in numbers.

use actix_web::{HttpResponse, web};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::time;
use crate::cli::TokenScope;
use crate::pipeline::RECONCILIATION_STATE;
use crate::web::bearer::Caller;
use crate::web::problem::Problem;
use crate::web::server::Site;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    from: Option<String>,
    to: Option<String>,
}

#[derive(Serialize)]
struct Answer {
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    events: Events,
    changes_evaluated: u64,
    verdicts: u64,
    messages: Messages,
    /// What the last reconciliation found.
    reconciliation: Option<Value>,
}

#[derive(Serialize)]
struct Events {
    by_callback: u64,
    by_reconciliation: u64,
}

#[derive(Serialize)]
struct Messages {
    decided: u64,
    delivered: u64,
    undeliverable: u64,
}

/// A period in numbers; without limits the last 24 hours.
pub(super) async fn show(
    caller: Caller,
    query: web::Query<Query>,
    site: web::Data<Site>,
) -> Result<HttpResponse, Problem> {
    caller.may(TokenScope::Read)?;
    let to = query
        .to
        .as_deref()
        .map_or_else(|| Ok(site.clock.now()), |text| time::parse("to", text))?;
    let from = query
        .from
        .as_deref()
        .map_or(Ok(to - TimeDelta::days(1)), |text| time::parse("from", text))?;
    let ledger = site.store.ledger(from, to).await?;
    Ok(HttpResponse::Ok().json(Answer {
        from,
        to,
        events: Events {
            by_callback: ledger.events_by_callback,
            by_reconciliation: ledger.events_by_reconciliation,
        },
        changes_evaluated: ledger.changes_evaluated,
        verdicts: ledger.verdicts,
        messages: Messages {
            decided: ledger.messages,
            delivered: ledger.messages_delivered,
            undeliverable: ledger.messages_undeliverable,
        },
        reconciliation: site.store.state(RECONCILIATION_STATE).await?,
    }))
}
