//! The app's mailbox over HTTP: what came, and what somebody sends there.

use actix_web::web::{self, Data, Json, ServiceConfig};
use actix_web::{HttpResponse, Responder};
use serde::Deserialize;
use serde_json::json;

use crate::api;
use crate::hub::Hub;
use crate::letter::Letter;

pub(super) fn configure(app: &mut ServiceConfig) {
    app.route("/inbox", web::get().to(received))
        .route("/inbox", web::post().to(send));
}

async fn received(hub: Data<Hub>) -> impl Responder {
    Json(hub.read(|world| world.received.iter().cloned().collect::<Vec<_>>()))
}

/// A mail as somebody writes it, or as it goes over the wire.
#[derive(Deserialize)]
#[serde(untagged)]
enum Mail {
    Raw { eml: String },
    Written(Letter),
}

async fn send(hub: Data<Hub>, mail: Json<Mail>) -> impl Responder {
    let eml = match mail.into_inner() {
        Mail::Raw { eml } => eml,
        Mail::Written(letter) => letter.eml(hub.now()),
    };
    let mail_id = api::receive_mail(&hub, eml);
    HttpResponse::Created().json(json!({ "mail_id": mail_id }))
}
