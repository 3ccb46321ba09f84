//! The simulator's own API below `/sim/api/`, for tests and tools outside this process. JSON in and out; a
//! refusal is 409 with `{"error"}`, an unknown thing 404.

mod company;
mod inbox;
mod jira;
mod office;
mod steering;

use std::time::Duration;

use actix_web::web::{self, Data, Json, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, Responder};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::approval::{Action, ChangeKind, Refusal};
use crate::form::Form;
use crate::forms;
use crate::hub::Hub;
use crate::office::{Draft, Selected};
use crate::world::World;

/// A long poll never lasts longer.
const LONGEST_WAIT: u64 = 60_000;

pub(crate) fn configure(app: &mut ServiceConfig) {
    steering::configure(app);
    office::configure(app);
    jira::configure(app);
    company::configure(app);
    inbox::configure(app);
    app.route("/people", web::get().to(people))
        .route("/approvals", web::get().to(approvals))
        .route("/approvals", web::post().to(submit))
        .route("/approvals/{sp_no}", web::get().to(approval))
        .route("/approvals/{sp_no}/actions", web::post().to(act))
        .route("/approvals/{sp_no}/form", web::put().to(resubmit))
        .route("/forms/{name}", web::get().to(ready_made))
        .route("/messages", web::get().to(messages))
        .route("/messages/{id}/press", web::post().to(press))
        .route("/calls", web::get().to(calls))
        .route("/mails", web::get().to(mails))
        .route("/conversation", web::get().to(conversation));
}

async fn people(hub: Data<Hub>) -> impl Responder {
    Json(
        json!({"people": hub.settings.people, "template_id": hub.settings.template_id,
        "corp_id": hub.settings.corp_id, "agent_id": hub.settings.agent_id}),
    )
}

async fn approvals(hub: Data<Hub>) -> impl Responder {
    Json(hub.read(|world| world.approvals.values().cloned().collect::<Vec<_>>()))
}

/// A form to file: filled in, or with controls of any shape.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Filing {
    applicant: String,
    form: Option<Form>,
    contents: Option<Vec<Value>>,
    template_id: Option<String>,
}

async fn submit(hub: Data<Hub>, filing: Json<Filing>) -> HttpResponse {
    let Filing {
        applicant,
        form,
        contents,
        template_id,
    } = filing.into_inner();
    let filed = match (form, contents) {
        (Some(form), _) => crate::office::submit(&hub, &applicant, &form),
        (None, contents) => {
            let contents = contents.unwrap_or_default();
            Ok(crate::office::file(
                &hub,
                Draft {
                    applicant,
                    template_id,
                    contents,
                    nodes: None,
                },
            ))
        }
    };
    match filed {
        Ok(sp_no) => HttpResponse::Created().json(json!({"sp_no": sp_no})),
        Err(refusal) => refused(&refusal),
    }
}

async fn approval(hub: Data<Hub>, sp_no: Path<String>) -> HttpResponse {
    match hub.read(|world| world.approvals.get(sp_no.as_str()).cloned()) {
        Some(approval) => HttpResponse::Ok().json(approval),
        None => refused(&Refusal::NoSuchApproval(sp_no.into_inner())),
    }
}

#[derive(Deserialize)]
struct Deed {
    by: String,
    #[serde(flatten)]
    action: Action,
}

async fn act(hub: Data<Hub>, sp_no: Path<String>, deed: Json<Deed>) -> HttpResponse {
    changed(crate::office::act(&hub, &sp_no, &deed.by, &deed.action))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Again {
    by: String,
    form: Form,
}

async fn resubmit(hub: Data<Hub>, sp_no: Path<String>, again: Json<Again>) -> HttpResponse {
    changed(crate::office::resubmit(&hub, &sp_no, &again.by, &again.form))
}

#[derive(Deserialize)]
struct PlannedAt {
    at: Option<DateTime<Utc>>,
}

async fn ready_made(hub: Data<Hub>, name: Path<String>, planned: Query<PlannedAt>) -> HttpResponse {
    let at = planned.at.unwrap_or_else(|| hub.now());
    match name.as_str() {
        "faulty" => HttpResponse::Ok().json(forms::faulty(at)),
        "corrected" => HttpResponse::Ok().json(forms::corrected(at)),
        _ => HttpResponse::NotFound().json(json!({"error": "faulty or corrected"})),
    }
}

/// Which messages; with `wait_ms` the answer comes once there is one, or when the time is over.
#[derive(Deserialize)]
struct MessageQuery {
    to: Option<String>,
    #[serde(default)]
    after: u64,
    #[serde(default)]
    wait_ms: u64,
}

async fn messages(hub: Data<Hub>, query: Query<MessageQuery>) -> impl Responder {
    let look = |world: &World| {
        let wanted = world.messages.iter().filter(|message| message.seq > query.after);
        let wanted = wanted.filter(|message| query.to.as_deref().is_none_or(|to| message.is_to(to)));
        let found: Vec<Value> = wanted
            .map(|message| {
                let mut entry = serde_json::to_value(message).unwrap_or_default();
                if let Some(entry) = entry.as_object_mut() {
                    let text = query
                        .to
                        .as_deref()
                        .map_or_else(|| message.text(), |to| message.text_for(to));
                    entry.insert("text".to_owned(), Value::String(text));
                }
                entry
            })
            .collect();
        (!found.is_empty()).then_some(found)
    };
    Json(wait(&hub, query.wait_ms, look).await.unwrap_or_default())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Press {
    by: String,
    key: String,
    #[serde(default)]
    selected: Vec<Selected>,
}

async fn press(hub: Data<Hub>, message: Path<String>, press: Json<Press>) -> HttpResponse {
    match crate::office::press(&hub, &message, &press.by, &press.key, &press.selected) {
        Ok(()) => HttpResponse::Ok().json(json!({})),
        Err(refusal) => refused(&refusal),
    }
}

#[derive(Deserialize)]
struct CallQuery {
    path: Option<String>,
    #[serde(default)]
    after: u64,
    #[serde(default)]
    wait_ms: u64,
}

async fn calls(hub: Data<Hub>, query: Query<CallQuery>) -> impl Responder {
    let look = |world: &World| {
        let wanted = world.calls.iter().filter(|call| call.seq > query.after);
        let found: Vec<_> = wanted
            .filter(|call| query.path.as_deref().is_none_or(|path| path == call.path))
            .cloned()
            .collect();
        (!found.is_empty()).then_some(found)
    };
    Json(wait(&hub, query.wait_ms, look).await.unwrap_or_default())
}

#[derive(Deserialize)]
struct MailQuery {
    #[serde(default)]
    after: u64,
    #[serde(default)]
    wait_ms: u64,
}

async fn mails(hub: Data<Hub>, query: Query<MailQuery>) -> impl Responder {
    let look = |world: &World| {
        let wanted = world.mails.iter().filter(|mail| mail.seq > query.after);
        let found: Vec<_> = wanted.cloned().collect();
        (!found.is_empty()).then_some(found)
    };
    Json(wait(&hub, query.wait_ms, look).await.unwrap_or_default())
}

async fn conversation(hub: Data<Hub>) -> impl Responder {
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .body(hub.read(crate::story::conversation))
}

/// What the look finds, now or within a time.
pub(crate) async fn wait<T>(hub: &Hub, millis: u64, look: impl Fn(&World) -> Option<T>) -> Option<T> {
    let mut revision = hub.revision.subscribe();
    let found = async {
        loop {
            revision.borrow_and_update();
            if let Some(found) = hub.read(&look) {
                return Some(found);
            }
            if revision.changed().await.is_err() {
                return None;
            }
        }
    };
    tokio::time::timeout(Duration::from_millis(millis.min(LONGEST_WAIT)), found)
        .await
        .ok()
        .flatten()
}

fn changed(result: Result<ChangeKind, Refusal>) -> HttpResponse {
    match result {
        Ok(change) => HttpResponse::Ok().json(json!({"change": change})),
        Err(refusal) => refused(&refusal),
    }
}

fn refused(refusal: &Refusal) -> HttpResponse {
    let body = json!({"error": refusal.to_string()});
    match refusal {
        Refusal::NoSuchApproval(_) | Refusal::NoSuchMessage(_) | Refusal::NoSuchPerson(_) => {
            HttpResponse::NotFound().json(body)
        }
        Refusal::NotYourTurn(_)
        | Refusal::NotTheApplicant
        | Refusal::WrongState(_)
        | Refusal::NotInTheChain(_)
        | Refusal::NoSuchButton(_) => HttpResponse::Conflict().json(body),
    }
}
