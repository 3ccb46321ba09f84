//! The company over HTTP: departments, tags, who moves and who leaves, the app's menu.

use actix_web::web::{self, Data, Json, Path, ServiceConfig};
use actix_web::{HttpResponse, Responder};
use serde::Deserialize;
use serde_json::json;

use crate::api;
use crate::directory::{Department, Standing, Tag};
use crate::hub::Hub;
use crate::office;

pub(super) fn configure(app: &mut ServiceConfig) {
    app.route("/departments", web::get().to(departments))
        .route("/departments", web::put().to(set_departments))
        .route("/tags", web::get().to(tags))
        .route("/tags", web::post().to(add_tag))
        .route("/members/{userid}/standing", web::put().to(set_standing))
        .route("/members/{userid}/departments", web::put().to(move_member))
        .route("/menu", web::get().to(menu))
        .route("/menu/press", web::post().to(press));
}

async fn departments(hub: Data<Hub>) -> impl Responder {
    Json(hub.directory(|directory| directory.departments().to_vec()))
}

async fn set_departments(hub: Data<Hub>, departments: Json<Vec<Department>>) -> impl Responder {
    hub.rearrange(|directory| directory.set_departments(departments.into_inner()));
    Json(json!({}))
}

async fn tags(hub: Data<Hub>) -> impl Responder {
    Json(hub.directory(|directory| directory.tags().to_vec()))
}

async fn add_tag(hub: Data<Hub>, tag: Json<Tag>) -> impl Responder {
    hub.rearrange(|directory| directory.put_tag(tag.into_inner()));
    Json(json!({}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewStanding {
    standing: Standing,
}

async fn set_standing(hub: Data<Hub>, userid: Path<String>, new: Json<NewStanding>) -> impl Responder {
    hub.rearrange(|directory| directory.set_standing(&userid, new.standing));
    Json(json!({}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Places {
    /// The main one first.
    departments: Vec<u32>,
}

async fn move_member(hub: Data<Hub>, userid: Path<String>, places: Json<Places>) -> impl Responder {
    hub.rearrange(|directory| directory.place(&userid, places.into_inner().departments));
    Json(json!({}))
}

async fn menu(hub: Data<Hub>) -> impl Responder {
    Json(hub.read(|world| api::menu_items(world.menu.as_ref())))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Press {
    by: String,
    name: String,
}

async fn press(hub: Data<Hub>, press: Json<Press>) -> HttpResponse {
    match office::press_menu(&hub, &press.by, &press.name) {
        Ok(()) => HttpResponse::Ok().json(json!({})),
        Err(refusal) => HttpResponse::Conflict().json(json!({"error": refusal.to_string()})),
    }
}
