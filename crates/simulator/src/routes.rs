//! Which path is answered by what.

use actix_web::http::Method;
use actix_web::web::{self, JsonConfig, PayloadConfig, ServiceConfig};
use actix_web::{HttpResponse, error::InternalError};

use crate::{api, control, jira, phone};

/// Mails may hold 50 MiB, which base64 makes 67.
const LARGEST_BODY: usize = 70 * 1024 * 1024;

pub(crate) fn configure(app: &mut ServiceConfig) {
    let json = JsonConfig::default()
        .limit(LARGEST_BODY)
        .error_handler(|error, _| {
            let answer = HttpResponse::BadRequest().json(serde_json::json!({"error": error.to_string()}));
            InternalError::from_response(error, answer).into()
        });
    app.app_data(PayloadConfig::new(LARGEST_BODY))
        .app_data(json)
        .service(
            web::resource("/cgi-bin/{path:.*}")
                .route(web::method(Method::GET).to(api::handle))
                .route(web::method(Method::POST).to(api::handle)),
        )
        .route("/connect/oauth2/authorize", web::get().to(api::authorize))
        .route("/wwlogin/sso/login", web::get().to(api::authorize))
        .service(web::scope("/sim/api").configure(control::configure))
        .configure(jira::configure)
        .configure(phone::configure);
}
