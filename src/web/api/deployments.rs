//! `POST /api/v1/changes/{sp_no}/deployments`: a deployment job says what it did, so that nobody has to press a button.
//!
//! `POST /api/v1/deployments` is for a job that knows of no change: that is an anomaly which the operations leads hear
//! of. Either way the report is stored before it is answered, and the same report twice is one.

use actix_web::{HttpResponse, web};
use changegate_lifecycle::{Deployment, DeploymentState};
use changegate_store::{EventSource, NewDeployment, NewEvent};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::time;
use crate::cli::TokenScope;
use crate::gate::Gate;
use crate::pipeline::{DEPLOYMENT, STRAY};
use crate::web::bearer::Caller;
use crate::web::problem::Problem;
use crate::web::server::{MAX_REPORT, Site};

/// Longest texts of a report, in characters.
const ID: usize = 120;
const WORDS: usize = 1000;
const SHORT: usize = 120;
/// Images that one report may name.
const IMAGES: usize = 50;
/// A job's clock may be ahead by so much.
const AHEAD: TimeDelta = TimeDelta::minutes(5);
/// The longest number that a change may have.
const NUMBER: usize = 64;

/// What a job reports.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Report {
    /// The job's own id, such as its build's address: the same for everything that it reports of one deployment.
    id: String,
    state: DeploymentState,
    #[serde(default)]
    environment: String,
    /// What was deployed.
    #[serde(default)]
    images: Vec<String>,
    /// Who started it; without it the token's name.
    #[serde(default)]
    actor: String,
    /// When; without it the present.
    at: Option<String>,
    #[serde(default)]
    note: String,
}

#[derive(Serialize)]
struct Answer {
    /// Whether it was known already.
    duplicate: bool,
    /// What the gate said of that time.
    gate: Option<Value>,
}

/// For a change.
pub(super) async fn of_change(
    caller: Caller,
    sp_no: web::Path<String>,
    payload: web::Payload,
    site: web::Data<Site>,
) -> Result<HttpResponse, Problem> {
    caller.may(TokenScope::Gate)?;
    let sp_no = sp_no.into_inner();
    if sp_no.is_empty() || sp_no.len() > NUMBER || !sp_no.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(Problem::bad_request(format!(
            "`{}` is no approval's number",
            cut(&sp_no, NUMBER)
        )));
    }
    take(&caller, Some(sp_no), received(payload).await?, &site).await
}

/// For no change that the job knows of.
pub(super) async fn of_none(
    caller: Caller,
    payload: web::Payload,
    site: web::Data<Site>,
) -> Result<HttpResponse, Problem> {
    caller.may(TokenScope::Gate)?;
    take(&caller, None, received(payload).await?, &site).await
}

/// The report in a body; what cannot be read is named by its field.
async fn received(payload: web::Payload) -> Result<Report, Problem> {
    let body = payload
        .to_bytes_limited(MAX_REPORT)
        .await
        .map_err(|_limit| Problem::too_large("a report has at most 64 KiB"))?
        .map_err(|error| Problem::bad_request(error.to_string()))?;
    let mut json = serde_json::Deserializer::from_slice(&body);
    let report = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let field = error.path().to_string();
        let what = error.into_inner();
        // A field that is missing or unknown is named by the error itself; one at the root has no path.
        Problem::bad_request(if field == "." {
            what.to_string()
        } else {
            format!("`{field}`: {what}")
        })
    })?;
    json.end()
        .map_err(|error| Problem::bad_request(error.to_string()))?;
    Ok(report)
}

async fn take(
    caller: &Caller,
    sp_no: Option<String>,
    report: Report,
    site: &Site,
) -> Result<HttpResponse, Problem> {
    let now = site.clock.now();
    let mut deployment = read(caller, report, now)?;
    let policy = site.policy();
    let gate = match &sp_no {
        Some(sp_no) => {
            let gate = Gate {
                store: &site.store,
                policy: &policy,
                registry: site.registry.as_deref(),
            };
            // What the gate cannot say now is no reason to lose the report.
            gate.answer(sp_no, deployment.at)
                .await
                .inspect_err(
                    |error| tracing::error!(change = %sp_no, %error, "the gate could not be answered"),
                )
                .ok()
        }
        None => None,
    };
    if let Some(answer) = &gate {
        deployment.allowed = answer.allowed();
        deployment.why_not = answer
            .reasons
            .iter()
            .map(|reason| reason.message.clone())
            .collect();
    }
    let new = NewDeployment {
        sp_no: sp_no.clone(),
        external_id: deployment.id.clone(),
        status: deployment.state.word().to_owned(),
        environment: deployment.environment.clone(),
        images: deployment.images.clone().into(),
        reported_by: caller.name().to_owned(),
        actor: deployment.by.clone(),
        at: deployment.at,
        received_at: now,
        note: deployment.note.clone(),
        matched: sp_no.is_some(),
    };
    let event = event(sp_no, &deployment, now)?;
    let fresh = site.store.accept_deployment(&new, &event).await?;
    metrics::counter!("changegate_deployments_total", "state" => deployment.state.word()).increment(1);
    Ok(HttpResponse::Accepted().json(Answer {
        duplicate: !fresh,
        gate: gate.and_then(|answer| serde_json::to_value(answer).ok()),
    }))
}

fn read(caller: &Caller, report: Report, now: DateTime<Utc>) -> Result<Deployment, Problem> {
    let Report {
        id,
        state,
        environment,
        images,
        actor,
        at,
        note,
    } = report;
    if id.trim().is_empty() || id.chars().count() > ID {
        return Err(Problem::bad_request(format!(
            "`id` has to be the deployment's own id, of 1 to {ID} characters"
        )));
    }
    if images.len() > IMAGES {
        return Err(Problem::bad_request(format!(
            "`images` has {} entries; {IMAGES} are possible",
            images.len()
        )));
    }
    let at = match &at {
        Some(at) => time::parse("at", at)?,
        None => now,
    };
    if at > now + AHEAD {
        return Err(Problem::bad_request(format!(
            "`at` is {at}, which is still to come"
        )));
    }
    let by = if actor.trim().is_empty() {
        caller.name()
    } else {
        actor.trim()
    };
    Ok(Deployment {
        id: id.trim().to_owned(),
        state,
        environment: cut(environment.trim(), SHORT),
        images: images.iter().map(|image| cut(image.trim(), WORDS)).collect(),
        by: cut(by, SHORT),
        at: at.min(now),
        note: cut(note.trim(), WORDS),
        allowed: false,
        why_not: Vec::new(),
    })
}

fn event(sp_no: Option<String>, deployment: &Deployment, now: DateTime<Utc>) -> Result<NewEvent, Problem> {
    let payload = serde_json::to_string(deployment).map_err(|error| {
        tracing::error!(%error, "a deployment cannot be written down");
        Problem::internal()
    })?;
    let about = sp_no.clone().unwrap_or_default();
    let key = format!("deployment/{about}/{}/{}", deployment.id, deployment.state.word());
    let key: [u8; 32] = Sha256::digest(key).into();
    let kind = if sp_no.is_some() { DEPLOYMENT } else { STRAY };
    Ok(NewEvent {
        key,
        subject: sp_no.unwrap_or_else(|| format!("{STRAY}/{}", hex::encode(key))),
        kind: kind.to_owned(),
        payload,
        source: EventSource::Manual,
        received_at: now,
    })
}

fn cut(text: &str, most: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(most).collect()
}
