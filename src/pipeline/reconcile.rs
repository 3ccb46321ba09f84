//! What no callback told: WeCom promises neither delivery nor order.
//!
//! Approvals filed in the last days are listed and those never seen are put into the inbox; every open form that
//! was not looked at for a while is looked at again. Calls are spread so that at most half of WeCom's 600 a
//! minute are spent here.

use std::collections::BTreeSet;
use std::time::Duration;

use changegate_store::{EventSource, NewEvent, StoreError};
use changegate_wecom::client::{InfoFilter, InfoQuery};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::{Parts, moment, work};

/// Where the last run's figures are remembered.
pub(crate) const STATE: &str = "reconciliation";

/// Looks put into the inbox each second: 300 a minute.
const A_SECOND: usize = 5;
/// The longest span that `oa/getapprovalinfo` takes.
const LONGEST_SPAN: TimeDelta = TimeDelta::days(30);
/// Open forms taken up in one run.
const OPEN_FORMS: u32 = 5_000;

#[derive(Debug, thiserror::Error)]
enum ReconcileError {
    #[error("oa/getapprovalinfo：{0}")]
    Wecom(#[from] changegate_wecom::error::Error),
    #[error("{0}")]
    Store(#[from] StoreError),
}

pub(super) async fn run(parts: Parts, stop: CancellationToken) {
    let never = Notify::new();
    let mut waiting = BTreeSet::new();
    loop {
        match once(&parts, &mut waiting, &stop).await {
            Ok(()) => {}
            Err(error) => {
                metrics::counter!("changegate_reconciliations_total", "result" => "failed").increment(1);
                tracing::warn!(%error, "reconciliation failed; it is tried again at the next interval");
            }
        }
        if !moment::nap_unless(&never, parts.settings.reconcile_interval, &stop).await {
            return;
        }
    }
}

/// One run. `waiting` holds what the run before put into the inbox: what is still unseen counts as missing.
async fn once(
    parts: &Parts,
    waiting: &mut BTreeSet<String>,
    stop: &CancellationToken,
) -> Result<(), ReconcileError> {
    let started = parts.clock.now();
    let listed = listed(parts, started).await?;
    let unseen = unseen(parts, &listed).await?;
    let missing = unseen.intersection(waiting).count();
    let found: Vec<&String> = unseen.difference(waiting).collect();
    put(parts, found.iter().map(|sp_no| sp_no.as_str()), "found", stop).await?;
    let stale =
        started - TimeDelta::from_std(parts.settings.reconcile_interval).unwrap_or(TimeDelta::minutes(5));
    let open = parts.store.open_changes_unseen_since(stale, OPEN_FORMS).await?;
    put(
        parts,
        open.iter().map(String::as_str),
        &started.timestamp_micros().to_string(),
        stop,
    )
    .await?;
    let figures = json!({
        "at": started, "listed": listed.len(), "found": found.len(), "missing": missing,
        "looked_at_again": open.len(),
    });
    parts.store.set_state(STATE, &figures, parts.clock.now()).await?;
    metrics::counter!("changegate_reconciliations_total", "result" => "ok").increment(1);
    metrics::gauge!("changegate_reconciliation_missing")
        .set(u32::try_from(missing).map_or(f64::INFINITY, f64::from));
    if missing > 0 {
        tracing::error!(
            missing,
            "approvals are listed that could not be looked at since the last reconciliation"
        );
    }
    tracing::info!(
        listed = listed.len(),
        found = found.len(),
        missing,
        looked_at_again = open.len(),
        "reconciled"
    );
    *waiting = unseen;
    Ok(())
}

/// The numbers of all approvals of our templates filed in the last days.
async fn listed(parts: &Parts, now: DateTime<Utc>) -> Result<BTreeSet<String>, ReconcileError> {
    let first = now - TimeDelta::days(i64::from(parts.settings.reconcile_days));
    let mut numbers = BTreeSet::new();
    for template in &parts.settings.templates {
        let mut from = first;
        while from < now {
            let to = (from + LONGEST_SPAN).min(now + TimeDelta::seconds(1));
            let filter = InfoFilter {
                key: "template_id".to_owned(),
                value: template.clone(),
            };
            let query = InfoQuery {
                start: from.timestamp(),
                end: to.timestamp(),
                filters: vec![filter],
                ..InfoQuery::default()
            };
            numbers.extend(parts.wecom.list_approvals(&query).await?);
            from = to;
        }
    }
    Ok(numbers)
}

async fn unseen(parts: &Parts, listed: &BTreeSet<String>) -> Result<BTreeSet<String>, StoreError> {
    let all: Vec<String> = listed.iter().cloned().collect();
    let mut known = BTreeSet::new();
    for some in all.chunks(200) {
        known.extend(parts.store.known_sp_nos(some).await?);
    }
    Ok(listed.difference(&known).cloned().collect())
}

/// Puts looks into the inbox, a few each second. The same look asked for under the same `reason` is one row.
async fn put(
    parts: &Parts,
    numbers: impl Iterator<Item = &str>,
    reason: &str,
    stop: &CancellationToken,
) -> Result<(), StoreError> {
    let numbers: Vec<&str> = numbers.collect();
    for (second, some) in numbers.chunks(A_SECOND).enumerate() {
        if second > 0 && !moment::pause(Duration::from_secs(1), stop).await {
            break;
        }
        let now = parts.clock.now();
        let events: Vec<NewEvent> = some
            .iter()
            .map(|sp_no| work::look(sp_no, reason, EventSource::Reconciliation, now))
            .collect();
        parts.store.insert_events(&events).await?;
    }
    Ok(())
}
