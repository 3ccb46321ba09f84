//! Steering over HTTP: the clock, the callback address, faults, tokens.

use actix_web::web::{self, Data, Json, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, Responder};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::json;

use super::wait;
use crate::callback;
use crate::clock::Clock;
use crate::faults::{CallbackFaults, Fault, ReleaseOrder};
use crate::hub::Hub;
use crate::world::World;

pub(super) fn configure(app: &mut ServiceConfig) {
    app.route("/clock", web::get().to(clock))
        .route("/clock", web::post().to(set_clock))
        .route("/callback-url", web::post().to(set_callback_url))
        .route("/callbacks", web::get().to(callbacks))
        .route("/callbacks/faults", web::put().to(set_callback_faults))
        .route("/callbacks/release", web::post().to(release))
        .route("/callbacks/settle", web::post().to(settle))
        .route("/faults", web::get().to(faults))
        .route("/faults", web::post().to(add_fault))
        .route("/faults", web::delete().to(clear_faults))
        .route("/tokens/revoke", web::post().to(revoke_tokens))
        .route("/login-codes/{userid}", web::post().to(login_code));
}

async fn clock(hub: Data<Hub>) -> impl Responder {
    Json(json!({"now": hub.now()}))
}

/// How to move the clock; the first that is given counts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockChange {
    set: Option<DateTime<Utc>>,
    advance_seconds: Option<i64>,
    stand_at: Option<DateTime<Utc>>,
    /// A step as on the phone page: `minutes`, `hour`, `cutoff`, `window`, `us-open`, `hk-open`, `evening`, `morning`.
    step: Option<String>,
    #[serde(default)]
    follow_system: bool,
}

async fn set_clock(hub: Data<Hub>, change: Json<ClockChange>) -> impl Responder {
    let clock: &Clock = &hub.settings.clock;
    let stepped = change
        .step
        .as_deref()
        .and_then(|name| crate::phone::step(name, hub.now()));
    if let Some(at) = change.set.or(stepped) {
        clock.set(at);
    } else if let Some(seconds) = change.advance_seconds {
        clock.advance(TimeDelta::seconds(seconds));
    } else if let Some(at) = change.stand_at {
        clock.stand_at(at);
    } else if change.follow_system {
        clock.follow_system();
    }
    hub.write(|_| ());
    Json(json!({"now": hub.now()}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CallbackUrl {
    url: Option<String>,
    /// Verify it first, as the admin console does.
    #[serde(default)]
    verify: bool,
}

async fn set_callback_url(
    hub: Data<Hub>,
    client: Data<reqwest::Client>,
    change: Json<CallbackUrl>,
) -> HttpResponse {
    let change = change.into_inner();
    if let (true, Some(url)) = (change.verify, &change.url)
        && let Err(reason) = callback::verify(&hub, &client, url).await
    {
        return HttpResponse::Conflict().json(json!({"error": reason}));
    }
    hub.write(|world| world.callback_url = change.url);
    HttpResponse::Ok().json(json!({}))
}

async fn callbacks(hub: Data<Hub>) -> impl Responder {
    Json(hub.read(|world| world.callbacks.iter().cloned().collect::<Vec<_>>()))
}

async fn set_callback_faults(hub: Data<Hub>, faults: Json<CallbackFaults>) -> impl Responder {
    hub.write(|world| world.callback_faults = faults.into_inner());
    Json(json!({}))
}

async fn release(hub: Data<Hub>, order: Json<ReleaseOrder>) -> impl Responder {
    Json(json!({"released": callback::release(&hub, &order)}))
}

#[derive(Deserialize)]
struct Patience {
    #[serde(default)]
    wait_ms: u64,
}

async fn settle(hub: Data<Hub>, query: Query<Patience>) -> impl Responder {
    let idle = wait(&hub, query.wait_ms, |world| {
        callback::is_idle(world).then_some(())
    })
    .await;
    Json(json!({"settled": idle.is_some()}))
}

async fn faults(hub: Data<Hub>) -> impl Responder {
    Json(hub.read(|world| json!({"faults": world.faults, "callbacks": world.callback_faults})))
}

async fn add_fault(hub: Data<Hub>, fault: Json<Fault>) -> impl Responder {
    hub.write(|world| world.faults.push(fault.into_inner()));
    Json(json!({}))
}

async fn clear_faults(hub: Data<Hub>) -> impl Responder {
    hub.write(|world| world.faults.clear());
    Json(json!({}))
}

async fn revoke_tokens(hub: Data<Hub>) -> impl Responder {
    hub.write(World::revoke_tokens);
    Json(json!({}))
}

async fn login_code(hub: Data<Hub>, userid: Path<String>) -> impl Responder {
    Json(json!({"code": crate::api::issue_login(&hub, &userid)}))
}
