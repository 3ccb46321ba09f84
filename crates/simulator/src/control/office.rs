//! What else happens in the office, over HTTP: issues of the simulated JIRA, members' licences, messages as they
//! are seen, late presses.

use actix_web::web::{self, Data, Json, Path, ServiceConfig};
use actix_web::{HttpResponse, Responder};
use serde::Deserialize;
use serde_json::json;

use crate::hub::Hub;
use crate::jira::{IssueRefusal, NewIssue};
use crate::office;
use crate::seen::{Seen, seen};
use crate::world::MemberState;

pub(super) fn configure(app: &mut ServiceConfig) {
    app.route("/jira/issues", web::get().to(issues))
        .route("/jira/issues", web::post().to(create_issue))
        .route("/jira/issues/{key}/status", web::post().to(move_issue))
        .route("/members/{userid}/state", web::put().to(set_member_state))
        .route("/members/{userid}/messages", web::get().to(messages_of))
        .route("/tasks/{task_id}/press-anyway", web::post().to(press_anyway));
}

async fn issues(hub: Data<Hub>) -> impl Responder {
    Json(hub.read(|world| world.jira.issues().cloned().collect::<Vec<_>>()))
}

async fn create_issue(hub: Data<Hub>, issue: Json<NewIssue>) -> HttpResponse {
    let now = hub.now();
    match hub.write(|world| world.jira.create(issue.into_inner(), now)) {
        Ok(key) => HttpResponse::Created().json(json!({"key": key})),
        Err(refusal) => refused(&refusal),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Move {
    status: String,
    by: String,
}

async fn move_issue(hub: Data<Hub>, key: Path<String>, step: Json<Move>) -> HttpResponse {
    let now = hub.now();
    match hub.write(|world| world.jira.move_to(&key, &step.status, &step.by, now)) {
        Ok(()) => HttpResponse::Ok().json(json!({})),
        Err(refusal) => refused(&refusal),
    }
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

fn refused(refusal: &IssueRefusal) -> HttpResponse {
    let body = json!({"error": refusal.to_string()});
    match refusal {
        IssueRefusal::NoSuchIssue(_) => HttpResponse::NotFound().json(body),
        IssueRefusal::NoSuchStatus(_) | IssueRefusal::BadKey(_) | IssueRefusal::Taken(_) => {
            HttpResponse::Conflict().json(body)
        }
    }
}
