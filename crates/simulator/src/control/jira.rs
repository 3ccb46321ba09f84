//! What people do in the simulated JIRA, over HTTP. `by` is a user's name, of the cast or not; `at` the time of a deed,
//! absent: now.

use actix_web::web::{self, Data, Json, Path, ServiceConfig};
use actix_web::{HttpResponse, Responder};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::json;

use super::wait;
use crate::hub::Hub;
use crate::jira::{IssueLink, IssueRefusal, JiraWebHook, NewIssue};

pub(super) fn configure(app: &mut ServiceConfig) {
    app.route("/jira/issues", web::get().to(issues))
        .route("/jira/issues", web::post().to(create))
        .route("/jira/issues/{key}/status", web::post().to(move_to))
        .route("/jira/issues/{key}/components", web::put().to(set_components))
        .route("/jira/issues/{key}/links", web::post().to(link))
        .route("/jira/issues/{key}/filler", web::post().to(fill))
        .route("/jira/issues/{key}/key", web::post().to(rename))
        .route("/jira/issues/{key}/hidden", web::put().to(hide))
        .route("/jira/issues/{key}/delete", web::post().to(delete))
        .route("/jira/statuses", web::post().to(add_state))
        .route("/jira/webhooks", web::get().to(webhooks))
        .route("/jira/webhooks", web::put().to(set_webhooks));
}

async fn issues(hub: Data<Hub>) -> impl Responder {
    Json(hub.read(|world| world.jira.issues().cloned().collect::<Vec<_>>()))
}

async fn create(hub: Data<Hub>, issue: Json<NewIssue>) -> HttpResponse {
    let now = hub.now();
    match hub.write(|world| world.jira.create(issue.into_inner(), now)) {
        Ok(key) => HttpResponse::Created().json(json!({"key": key})),
        Err(refusal) => refused(&refusal),
    }
}

/// Who does it, when, and what.
#[derive(Deserialize)]
struct Deed<T> {
    by: String,
    at: Option<DateTime<Utc>>,
    #[serde(flatten)]
    what: T,
}

#[derive(Deserialize)]
struct Move {
    status: String,
}

async fn move_to(hub: Data<Hub>, key: Path<String>, deed: Json<Deed<Move>>) -> HttpResponse {
    let at = deed.at.unwrap_or_else(|| hub.now());
    done(hub.write(|world| world.jira.move_to(&key, &deed.what.status, &deed.by, at)))
}

#[derive(Deserialize)]
struct Components {
    components: Vec<String>,
}

async fn set_components(hub: Data<Hub>, key: Path<String>, deed: Json<Deed<Components>>) -> HttpResponse {
    let Deed { by, at, what } = deed.into_inner();
    let at = at.unwrap_or_else(|| hub.now());
    done(hub.write(|world| world.jira.set_components(&key, what.components, &by, at)))
}

#[derive(Deserialize)]
struct Link {
    kind: String,
    to: String,
}

async fn link(hub: Data<Hub>, key: Path<String>, deed: Json<Deed<Link>>) -> HttpResponse {
    let Deed { by, at, what } = deed.into_inner();
    let at = at.unwrap_or_else(|| hub.now());
    let Link { kind, to } = what;
    done(hub.write(|world| world.jira.link(&key, IssueLink { kind, key: to }, &by, at)))
}

#[derive(Deserialize)]
struct Filler {
    entries: u16,
}

async fn fill(hub: Data<Hub>, key: Path<String>, deed: Json<Deed<Filler>>) -> HttpResponse {
    let at = deed.at.unwrap_or_else(|| hub.now());
    let entries = usize::from(deed.what.entries);
    done(hub.write(|world| world.jira.fill_log(&key, entries, &deed.by, at)))
}

#[derive(Deserialize)]
struct NewKey {
    to: String,
}

async fn rename(hub: Data<Hub>, key: Path<String>, deed: Json<Deed<NewKey>>) -> HttpResponse {
    let at = deed.at.unwrap_or_else(|| hub.now());
    done(hub.write(|world| world.jira.rename(&key, &deed.what.to, &deed.by, at)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Hidden {
    hidden: bool,
}

async fn hide(hub: Data<Hub>, key: Path<String>, change: Json<Hidden>) -> HttpResponse {
    done(hub.write(|world| world.jira.hide(&key, change.hidden)))
}

#[derive(Deserialize)]
struct Nothing {}

async fn delete(hub: Data<Hub>, key: Path<String>, deed: Json<Deed<Nothing>>) -> HttpResponse {
    let Deed {
        by,
        at,
        what: Nothing {},
    } = deed.into_inner();
    let at = at.unwrap_or_else(|| hub.now());
    done(hub.write(|world| world.jira.delete(&key, &by, at)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct State {
    name: String,
}

async fn add_state(hub: Data<Hub>, state: Json<State>) -> HttpResponse {
    hub.write(|world| world.jira.add_state(&state.name));
    HttpResponse::Created().json(json!({}))
}

/// With `wait_ms` the answer comes once so many were sent, or when the time is over.
#[derive(Deserialize)]
struct Patience {
    #[serde(default)]
    sent: usize,
    #[serde(default)]
    wait_ms: u64,
}

async fn webhooks(hub: Data<Hub>, patience: web::Query<Patience>) -> impl Responder {
    wait(&hub, patience.wait_ms, |world| {
        (world.jira.deliveries().len() >= patience.sent).then_some(())
    })
    .await;
    Json(hub.read(|world| json!({"hooks": world.jira.hooks(), "deliveries": world.jira.deliveries()})))
}

async fn set_webhooks(hub: Data<Hub>, hooks: Json<Vec<JiraWebHook>>) -> impl Responder {
    hub.write(|world| world.jira.set_hooks(hooks.into_inner()));
    Json(json!({}))
}

fn done(result: Result<(), IssueRefusal>) -> HttpResponse {
    match result {
        Ok(()) => HttpResponse::Ok().json(json!({})),
        Err(refusal) => refused(&refusal),
    }
}

fn refused(refusal: &IssueRefusal) -> HttpResponse {
    let body = json!({"error": refusal.to_string()});
    match refusal {
        IssueRefusal::NoSuchIssue(_) => HttpResponse::NotFound().json(body),
        IssueRefusal::NoSuchStatus(_)
        | IssueRefusal::NoSuchLink(_)
        | IssueRefusal::BadKey(_)
        | IssueRefusal::Taken(_) => HttpResponse::Conflict().json(body),
    }
}
