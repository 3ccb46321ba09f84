//! `POST /api/v1/evaluate`: `changegate check` over HTTP.

use actix_web::{HttpResponse, web};
use changegate_wecom::approval::ApprovalDetail;
use serde::Deserialize;

use super::time;
use crate::cli::TokenScope;
use crate::facts;
use crate::intake;
use crate::web::bearer::Caller;
use crate::web::problem::Problem;
use crate::web::server::{MAX_API_BODY, Site};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    /// The moment of judgement; without it the form's own apply time.
    at: Option<String>,
}

/// Judges the approval in the body, which is what `oa/getapprovaldetail` answers; stores and tells nothing.
pub(super) async fn evaluate(
    caller: Caller,
    query: web::Query<Query>,
    payload: web::Payload,
    site: web::Data<Site>,
) -> Result<HttpResponse, Problem> {
    caller.may(TokenScope::Evaluate)?;
    let body = payload
        .to_bytes_limited(MAX_API_BODY)
        .await
        .map_err(|_limit| Problem::too_large("a form has at most 1 MiB"))?
        .map_err(|error| Problem::bad_request(error.to_string()))?;
    let text = std::str::from_utf8(&body).map_err(|error| Problem::bad_request(error.to_string()))?;
    let detail =
        ApprovalDetail::parse_reply(text).map_err(|error| Problem::bad_request(error.to_string()))?;
    let submission = intake::submission(&detail, &site.fields, &site.policy)
        .map_err(|error| Problem::bad_request(error.to_string()))?;
    let now = match &query.at {
        Some(at) => time::parse("at", at)?,
        None => submission.apply_time,
    };
    let facts = facts::of_form_alone(&detail, &site.policy);
    Ok(HttpResponse::Ok().json(changegate_policy::evaluate(
        &submission,
        &facts,
        &site.policy,
        now,
    )))
}
