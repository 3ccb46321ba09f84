//! `GET /assets/{name}`: style sheet and script of the pages.

use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::{HttpResponse, web};

use super::verdict_page;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.route("/assets/{name}", web::get().to(show));
}

/// Addresses carry the version, so a browser may keep what it has.
async fn show(name: web::Path<String>) -> HttpResponse {
    let Some(asset) = verdict_page::asset(&name) else {
        return HttpResponse::NotFound().finish();
    };
    let keep = HeaderValue::from_static("public, max-age=31536000, immutable");
    HttpResponse::Ok()
        .content_type(asset.mime)
        .insert_header((CACHE_CONTROL, keep))
        .body(asset.bytes)
}
