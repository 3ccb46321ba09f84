//! `POST /zadig/check`: a release plan of Zadig waits for its external check.
//!
//! Zadig sends its hook with the shared secret as it is, in `X-Zadig-Token`, and waits for a callback; what is answered
//! here counts for nothing there.

mod decide;
mod plan;
mod server;

use actix_web::{HttpRequest, HttpResponse, web};

pub(super) use self::decide::decide;
use self::plan::Plan;
pub(crate) use self::server::Zadig;
use super::{arrival, waiting};
use crate::web::server::{MAX_API_BODY, Site};

/// The kind of the inbox rows.
pub(super) const KIND: &str = "zadig_check";

/// 202 once the question is stored; 204 for a hook of anything but a release plan; 401 without the secret; 404 where
/// Zadig is not configured.
pub(super) async fn receive(
    request: HttpRequest,
    payload: web::Payload,
    site: web::Data<Site>,
) -> HttpResponse {
    let Some(zadig) = &site.zadig else {
        return HttpResponse::NotFound().finish();
    };
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    if !zadig.knows(header("X-Zadig-Token").unwrap_or_default()) {
        metrics::counter!("changegate_hooks_refused_total", "from" => "zadig").increment(1);
        tracing::debug!("a hook of Zadig without the right secret was refused");
        return HttpResponse::Unauthorized().finish();
    }
    let body = match arrival::body(payload, MAX_API_BODY).await {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    let plan = match Plan::parse(&body) {
        Ok(Some(plan)) => plan,
        Ok(None) => return HttpResponse::NoContent().finish(),
        Err(error) => {
            tracing::warn!(%error, "a hook of Zadig cannot be read");
            return HttpResponse::BadRequest().finish();
        }
    };
    // The same plan may ask again after it was changed: only the same sending is the same question.
    let delivery = format!(
        "{}/{}/{}",
        header("X-Zadig-Event-UUID").unwrap_or_default(),
        plan.id,
        plan.event
    );
    match waiting::store(&site, KIND, &delivery, &plan).await {
        Ok(()) => HttpResponse::Accepted().finish(),
        Err(error) => {
            tracing::error!(%error, "a hook of Zadig could not be stored");
            HttpResponse::ServiceUnavailable().finish()
        }
    }
}
