//! `POST /github/webhook`: a job of GitHub Actions waits for a deployment protection rule.
//!
//! The webhook is signed with the app's secret; only `deployment_protection_rule` is taken. The answer goes to the
//! address that the event names, which has to be one of the configured API.

mod app;
mod decide;
mod request;

use actix_web::{HttpRequest, HttpResponse, web};

pub(crate) use self::app::GithubApp;
pub(super) use self::decide::decide;
use self::request::Requested;
use super::{arrival, outbound, waiting};
use crate::web::server::{MAX_API_BODY, Site};

/// The kind of the inbox rows.
pub(super) const KIND: &str = "github_protection";
const EVENT: &str = "deployment_protection_rule";

/// 202 once the question is stored; 204 for an event that is none; 401 without a right signature; 422 for an answer
/// that would have to go elsewhere; 404 where GitHub is not configured.
pub(super) async fn receive(
    request: HttpRequest,
    payload: web::Payload,
    site: web::Data<Site>,
) -> HttpResponse {
    let Some(github) = &site.github else {
        return HttpResponse::NotFound().finish();
    };
    let body = match arrival::body(payload, MAX_API_BODY).await {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    if !github.signed(header("X-Hub-Signature-256").unwrap_or_default(), &body) {
        metrics::counter!("changegate_hooks_refused_total", "from" => "github").increment(1);
        tracing::debug!("a web hook of GitHub without a right signature was refused");
        return HttpResponse::Unauthorized().finish();
    }
    if header("X-GitHub-Event") != Some(EVENT) {
        return HttpResponse::NoContent().finish();
    }
    let question = match Requested::parse(&body) {
        Ok(Some(question)) => question,
        Ok(None) => return HttpResponse::NoContent().finish(),
        Err(error) => {
            tracing::warn!(%error, "a web hook of GitHub cannot be read");
            return HttpResponse::BadRequest().finish();
        }
    };
    if outbound::named_below(github.api_base(), &question.callback).is_none() {
        tracing::warn!("GitHub's event asks for an answer elsewhere than at github.api_base");
        return HttpResponse::UnprocessableEntity().finish();
    }
    let delivery = format!(
        "{}/{}/{}",
        header("X-GitHub-Delivery").unwrap_or_default(),
        question.callback,
        question.environment
    );
    match waiting::store(&site, KIND, &delivery, &question).await {
        Ok(()) => HttpResponse::Accepted().finish(),
        Err(error) => {
            tracing::error!(%error, "a web hook of GitHub could not be stored");
            HttpResponse::ServiceUnavailable().finish()
        }
    }
}
