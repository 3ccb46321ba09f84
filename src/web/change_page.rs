//! `GET /c/{sp_no}`: the page behind a message's link, for whoever holds the link.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use changegate_lifecycle::Change;
use changegate_policy::Verdict;
use changegate_store::StoreError;
use serde::Deserialize;

use super::pages;
use super::server::Site;
use super::verdict_page::{self, VerdictPage};
use crate::links::LinkError;

#[derive(Deserialize)]
struct Query {
    /// The link's last second, since 1970.
    e: i64,
    /// Its signature.
    s: String,
}

/// The change with its latest verdict; read-only.
pub(super) async fn show(
    request: HttpRequest,
    sp_no: web::Path<String>,
    site: web::Data<Site>,
) -> HttpResponse {
    if let Err(error) = verify(&request, &sp_no, &site) {
        tracing::info!(change = %sp_no, %error, "a link was refused");
        return html(StatusCode::FORBIDDEN, verdict_page::link_expired());
    }
    match page(&sp_no, &site).await {
        Ok(Some(page)) => html(StatusCode::OK, page),
        Ok(None) => html(StatusCode::NOT_FOUND, verdict_page::link_expired()),
        Err(error) => failed(&error),
    }
}

fn verify(request: &HttpRequest, sp_no: &str, site: &Site) -> Result<(), LinkError> {
    let query = web::Query::<Query>::from_query(request.query_string());
    let Ok(query) = query else {
        return Err(LinkError::Forged);
    };
    site.links.verify(sp_no, query.e, &query.s, site.clock.now())
}

fn html(status: StatusCode, page: String) -> HttpResponse {
    HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .body(page)
}

fn failed(error: &PageError) -> HttpResponse {
    tracing::error!(%error, "a page could not be made");
    let body = "页面暂时打不开，请稍后再试";
    HttpResponse::InternalServerError()
        .content_type("text/plain; charset=utf-8")
        .body(body)
}

#[derive(Debug, thiserror::Error)]
enum PageError {
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error("a stored verdict cannot be read: {0}")]
    Json(#[from] serde_json::Error),
}

async fn page(sp_no: &str, site: &Site) -> Result<Option<String>, PageError> {
    let Some(change) = site.store.change(sp_no).await? else {
        return Ok(None);
    };
    let Some(judged) = site.store.latest_verdict(sp_no).await? else {
        return Ok(None);
    };
    let verdict: Verdict = serde_json::from_value(judged.body)?;
    let timeline = site.store.timeline(sp_no).await?;
    let state: Change = match &change.draft.told {
        serde_json::Value::Null => Change::default(),
        told => serde_json::from_value(told.clone())?,
    };
    Ok(Some(verdict_page::render(&VerdictPage {
        change: &change.draft,
        verdict: &verdict,
        directory: site.policy().directory().map(AsRef::as_ref),
        timeline: pages::timeline(&timeline, &site.policy()),
        duties: pages::duties(sp_no, &state, &site.policy(), site.clock.now()),
        times: pages::times(&state, &site.policy()),
        incident: state.incident.is_some(),
        policy: &site.policy(),
    })))
}
