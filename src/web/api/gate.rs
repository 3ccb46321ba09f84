//! `GET /api/v1/changes/{sp_no}/gate`: may this change be deployed now?

use actix_web::{HttpResponse, web};
use serde::Deserialize;

use super::time;
use crate::cli::TokenScope;
use crate::gate::Gate;
use crate::web::bearer::Caller;
use crate::web::problem::Problem;
use crate::web::server::Site;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    /// The time of the deployment; without it the present.
    at: Option<String>,
}

/// 200 with the answer, whatever it is. What goes wrong on the way is an error: a caller that reads anything but
/// `"allowed":true` must not deploy.
pub(super) async fn show(
    caller: Caller,
    sp_no: web::Path<String>,
    query: web::Query<Query>,
    site: web::Data<Site>,
) -> Result<HttpResponse, Problem> {
    caller.may(TokenScope::Gate)?;
    let at = match &query.at {
        Some(at) => time::parse("at", at)?,
        None => site.clock.now(),
    };
    let policy = site.policy();
    let gate = Gate {
        store: &site.store,
        policy: &policy,
        registry: site.registry.as_deref(),
    };
    let answer = gate.answer(&sp_no, at).await.map_err(|error| {
        tracing::error!(change = %sp_no, %error, "the gate could not be answered");
        Problem::unavailable("the gate cannot be answered now; do not deploy, ask again")
    })?;
    if query.at.is_none()
        && let Err(error) = gate.look_again(&sp_no, &answer, at).await
    {
        tracing::error!(change = %sp_no, %error, "a change with old facts could not be put up for a look");
    }
    metrics::counter!("changegate_gate_answers_total", "decision" => answer.decision.word()).increment(1);
    tracing::info!(change = %sp_no, decision = answer.decision.word(), by = caller.name(), "the gate was asked");
    Ok(HttpResponse::Ok().json(answer))
}
