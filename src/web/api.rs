//! The API below `/api/v1`.

mod changes;
mod deployments;
mod evaluate;
mod gate;
mod ledger;
mod time;

use actix_web::{HttpRequest, web};

use super::problem::Problem;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/changes", web::get().to(changes::list))
        .route("/changes/{sp_no}", web::get().to(changes::show))
        .route("/changes/{sp_no}/gate", web::get().to(gate::show))
        .route(
            "/changes/{sp_no}/deployments",
            web::post().to(deployments::of_change),
        )
        .route("/deployments", web::post().to(deployments::of_none))
        .route("/evaluate", web::post().to(evaluate::judge))
        .route("/ledger", web::get().to(ledger::show))
        .default_service(web::to(nothing_here));
}

async fn nothing_here(request: HttpRequest) -> Result<actix_web::HttpResponse, Problem> {
    Err(Problem::not_found(format!(
        "there is no {} {}",
        request.method(),
        request.path()
    )))
}
