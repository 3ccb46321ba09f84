//! `GET /api/v1/ledger`: whether anything was lost, and what became of the rules, in numbers.

use actix_web::{HttpResponse, web};
use changegate_store::{ApprovalsKnown, Ledger, RuleLine, SignedDespite};
use changegate_wecom::client::{InfoFilter, InfoQuery};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::time;
use crate::cli::TokenScope;
use crate::pipeline::RECONCILIATION_STATE;
use crate::web::bearer::Caller;
use crate::web::problem::Problem;
use crate::web::server::Site;

/// Signatures on failing forms that are listed; the count of rules tells whether there are more.
const MOST_SIGNATURES: u32 = 1000;
/// WeCom lists so much at once.
const LONGEST_COMPARED: TimeDelta = TimeDelta::days(31);
/// Numbers looked up at once.
const AT_ONCE: usize = 200;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    from: Option<String>,
    to: Option<String>,
    /// Whether WeCom is asked for the period's approvals; without it the last reconciliation's count is shown.
    compare: Option<bool>,
}

#[derive(Serialize)]
struct Answer {
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    /// Forms filed in the period.
    approvals: Approvals,
    events: Events,
    changes_evaluated: u64,
    verdicts: u64,
    messages: Messages,
    rules: Vec<ByRule>,
    /// Forms that failed a rule and were approved all the same.
    signed_despite: Vec<Signature>,
    /// What the last reconciliation found.
    reconciliation: Option<Value>,
}

#[derive(Serialize)]
struct Approvals {
    /// Filed in WeCom: known here, and missing.
    in_wecom: u64,
    /// Whether WeCom itself was asked for this period; else `missing` is what the last reconciliation found.
    compared: bool,
    seen_by_callback: u64,
    found_by_reconciliation: u64,
    /// By a person's or a job's asking, or a timer.
    otherwise: u64,
    /// Listed by WeCom and not looked at; always 0, else reconciliation is at work or failing.
    missing: u64,
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
    by_channel: Vec<ByChannel>,
}

#[derive(Serialize)]
struct ByChannel {
    #[serde(rename = "channel")]
    name: String,
    decided: u64,
    delivered: u64,
    undeliverable: u64,
}

#[derive(Serialize)]
struct ByRule {
    #[serde(rename = "rule")]
    id: String,
    failed: u64,
    warned: u64,
    unknown: u64,
    waived: u64,
}

#[derive(Serialize)]
struct Signature {
    sp_no: String,
    title: String,
    team: Option<String>,
    rules: Vec<String>,
    approver: String,
    signed_at: DateTime<Utc>,
    warned_at: Option<DateTime<Utc>>,
    /// None where the approver was not warned before.
    minutes_after_warning: Option<i64>,
}

impl From<RuleLine> for ByRule {
    fn from(line: RuleLine) -> Self {
        Self {
            id: line.rule,
            failed: line.failed,
            warned: line.warned,
            unknown: line.unknown,
            waived: line.waived,
        }
    }
}

impl From<SignedDespite> for Signature {
    fn from(signature: SignedDespite) -> Self {
        Self {
            minutes_after_warning: signature.minutes_after_warning(),
            sp_no: signature.sp_no,
            title: signature.title,
            team: Some(signature.team).filter(|team| !team.is_empty()),
            rules: signature.rules,
            approver: signature.approver,
            signed_at: signature.signed_at,
            warned_at: signature.warned_at,
        }
    }
}

impl Approvals {
    fn new(known: &ApprovalsKnown, missing: u64, compared: bool) -> Self {
        Self {
            in_wecom: known.total + missing,
            compared,
            seen_by_callback: known.by_callback,
            found_by_reconciliation: known.by_reconciliation,
            otherwise: known.by_hand + known.by_timer + known.not_kept,
            missing,
        }
    }
}

impl From<Ledger> for Messages {
    fn from(ledger: Ledger) -> Self {
        let channels = ledger.messages_by_channel.into_iter();
        Self {
            decided: ledger.messages,
            delivered: ledger.messages_delivered,
            undeliverable: ledger.messages_undeliverable,
            by_channel: channels
                .map(|line| ByChannel {
                    name: line.channel,
                    decided: line.decided,
                    delivered: line.delivered,
                    undeliverable: line.undeliverable,
                })
                .collect(),
        }
    }
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
    let store = &site.store;
    let templates: Vec<&str> = site.templates.iter().map(String::as_str).collect();
    let ledger = store.ledger(from, to).await?;
    let known = store.approvals_known(from, to, &templates).await?;
    let reconciliation = store.state(RECONCILIATION_STATE).await?;
    let compare = query.compare.unwrap_or(false);
    let missing = if compare {
        missing(&site, from, to).await?
    } else {
        let last = reconciliation.as_ref().and_then(|state| state.get("missing"));
        last.and_then(Value::as_u64).unwrap_or(0)
    };
    Ok(HttpResponse::Ok().json(Answer {
        from,
        to,
        approvals: Approvals::new(&known, missing, compare),
        events: Events {
            by_callback: ledger.events_by_callback,
            by_reconciliation: ledger.events_by_reconciliation,
        },
        changes_evaluated: ledger.changes_evaluated,
        verdicts: ledger.verdicts,
        messages: ledger.into(),
        rules: store
            .ledger_rules(from, to)
            .await?
            .into_iter()
            .map(ByRule::from)
            .collect(),
        signed_despite: store
            .signed_despite(from, to, MOST_SIGNATURES)
            .await?
            .into_iter()
            .map(Signature::from)
            .collect(),
        reconciliation,
    }))
}

/// How many approvals WeCom lists for the period that were never looked at here.
async fn missing(site: &Site, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<u64, Problem> {
    if to - from > LONGEST_COMPARED {
        return Err(Problem::bad_request(
            "WeCom lists 31 days at once: compare a shorter period",
        ));
    }
    let mut missing = 0;
    for template in site.templates.iter() {
        let query = InfoQuery {
            start: from.timestamp(),
            end: to.timestamp(),
            filters: vec![InfoFilter {
                key: "template_id".to_owned(),
                value: template.clone(),
            }],
            ..InfoQuery::default()
        };
        let listed = site.wecom.list_approvals(&query).await.map_err(|error| {
            tracing::warn!(%error, "WeCom could not be asked for the ledger");
            Problem::unavailable("WeCom does not answer; ask again, or without `compare`")
        })?;
        for some in listed.chunks(AT_ONCE) {
            let known = site.store.known_sp_nos(some).await?;
            missing += u64::try_from(some.len().saturating_sub(known.len())).unwrap_or(0);
        }
    }
    Ok(missing)
}
