//! `POST /api/v1/evaluate`: `changegate check` over HTTP.

use actix_web::{HttpResponse, web};
use changegate_policy::{Facts, evaluate};
use changegate_wecom::approval::ApprovalDetail;
use serde::Deserialize;
use serde_json::Value;

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
    /// Where facts come from, unless they are in the body.
    #[serde(default)]
    facts: Source,
}

/// Where facts come from.
#[derive(Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Source {
    /// From nowhere, as with `check`: rules on facts are skipped.
    #[default]
    None,
    /// From JIRA, the registries, the other changes and the directory, as they are now.
    Gather,
}

/// A form with its facts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WithFacts {
    /// What `oa/getapprovaldetail` answers.
    approval: Value,
    /// As `check --facts` reads them.
    facts: Facts,
}

/// Judges the approval in the body, which is what `oa/getapprovaldetail` answers, or that and its facts as
/// `{"approval": …, "facts": …}`; stores and tells nothing.
pub(super) async fn judge(
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
    let sent: Value =
        serde_json::from_slice(&body).map_err(|error| Problem::bad_request(error.to_string()))?;
    let (approval, given) = if sent.get("approval").is_some() {
        let whole: WithFacts =
            serde_json::from_value(sent).map_err(|error| Problem::bad_request(error.to_string()))?;
        (whole.approval, Some(whole.facts))
    } else {
        (sent, None)
    };
    let detail =
        ApprovalDetail::parse_value(&approval).map_err(|error| Problem::bad_request(error.to_string()))?;
    let policy = site.policy();
    let submission = intake::submission(&detail, &site.fields, &policy)
        .map_err(|error| Problem::bad_request(error.to_string()))?;
    let now = match &query.at {
        Some(at) => time::parse("at", at)?,
        None => submission.apply_time,
    };
    let facts = match (given, query.facts) {
        (Some(given), _) => facts::with_form(given, &detail, &policy),
        (None, Source::None) => facts::of_form_alone(&detail, &policy),
        (None, Source::Gather) => {
            let gathered = facts::of_draft(&site, &policy, &submission, site.clock.now()).await?;
            facts::with_form(gathered, &detail, &policy)
        }
    };
    Ok(HttpResponse::Ok().json(evaluate(&submission, &facts, &policy, now)))
}
