//! What else happens in the office, over HTTP: members' licences, messages as they
//! are seen, late presses.

use actix_web::web::{self, Data, Json, Path, ServiceConfig};
use actix_web::{HttpResponse, Responder};
use serde::Deserialize;
use serde_json::json;

use crate::hub::Hub;
use crate::office;
use crate::seen::{Seen, seen};
use crate::world::MemberState;

pub(super) fn configure(app: &mut ServiceConfig) {
    app.route("/members/{userid}/state", web::put().to(set_member_state))
        .route("/members/{userid}/messages", web::get().to(messages_of))
        .route("/tasks/{task_id}/press-anyway", web::post().to(press_anyway));
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct State {
    state: MemberState,
}

async fn set_member_state(hub: Data<Hub>, userid: Path<String>, state: Json<State>) -> impl Responder {
    hub.write(|world| world.set_member_state(&userid, state.state));
    Json(json!({}))
}

async fn messages_of(hub: Data<Hub>, userid: Path<String>) -> impl Responder {
    Json(hub.read(|world| {
        let messages = world.messages.iter().filter(|message| message.is_to(&userid));
        messages
            .map(|message| seen(message, &userid))
            .collect::<Vec<Seen>>()
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnyPress {
    by: String,
    key: String,
}

async fn press_anyway(hub: Data<Hub>, task_id: Path<String>, press: Json<AnyPress>) -> HttpResponse {
    match office::press_anyway(&hub, &task_id, &press.by, &press.key) {
        Ok(()) => HttpResponse::Ok().json(json!({})),
        Err(refusal) => HttpResponse::NotFound().json(json!({"error": refusal.to_string()})),
    }
}
