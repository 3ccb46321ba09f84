//! An actix-web endpoint that reads a body and answers 200: what the callback path is compared with.
//! `bare ADDRESS`.

use actix_web::{App, HttpResponse, HttpServer, web};

async fn bare(_body: web::Bytes) -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let address = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "127.0.0.1:8091".to_owned());
    HttpServer::new(|| App::new().route("/wecom/callback", web::post().to(bare)))
        .workers(1)
        .bind(address)?
        .run()
        .await
}
