//! The phone-like page at `/`: pick a member, read what the bot sent, fill in the form, sign. Works without
//! scripts; the embedded one keeps the page fresh.

mod approvals;
mod card;
mod forms;
mod markup;
mod page;
mod rooms;
mod steps;

use actix_web::cookie::Cookie;
use actix_web::web::{self, Bytes, Data, Json, Query, ServiceConfig};
use actix_web::{HttpResponse, Responder};
use askama::Template;
use chrono::{DateTime, Utc};
use chrono_tz::Asia::Shanghai;
use serde::Deserialize;
use serde_json::json;

pub(crate) use self::steps::step;
use crate::approval::{Action, Refusal};
use crate::hub::Hub;
use crate::office::{self, Selected};

const SCRIPT: &str = include_str!("../assets/phone.js");
const STYLE: &str = include_str!("../assets/phone.css");
/// How long the script's long poll waits.
const POLL_MILLIS: u64 = 25_000;

pub(crate) fn configure(app: &mut ServiceConfig) {
    app.route("/", web::get().to(show))
        .route("/phone/submit", web::post().to(submit))
        .route("/phone/act", web::post().to(act))
        .route("/phone/press", web::post().to(press))
        .route("/phone/menu", web::post().to(press_menu))
        .route("/phone/clock", web::post().to(clock))
        .route("/phone/wait", web::get().to(wait))
        .route("/phone/phone.js", web::get().to(script))
        .route("/phone/phone.css", web::get().to(style));
}

/// Which screen.
#[derive(Deserialize)]
pub(crate) struct PageQuery {
    #[serde(rename = "as", default)]
    as_user: String,
    #[serde(default)]
    tab: String,
    #[serde(default)]
    sp_no: String,
    #[serde(default)]
    preset: String,
    #[serde(default)]
    error: String,
}

async fn show(hub: Data<Hub>, request: actix_web::HttpRequest, query: Query<PageQuery>) -> HttpResponse {
    let mut query = query.into_inner();
    if query.as_user.is_empty() {
        query.as_user = request
            .cookie("sim_as")
            .map(|cookie| cookie.value().to_owned())
            .unwrap_or_default();
    }
    let Some(page) = page::page(&hub, &query) else {
        return HttpResponse::Ok()
            .content_type("text/plain; charset=utf-8")
            .body("没有成员");
    };
    let mut response = html(&page);
    let cookie = Cookie::build("sim_as", page.userid().to_owned())
        .path("/")
        .http_only(true)
        .finish();
    if let Err(error) = response.add_cookie(&cookie) {
        tracing::debug!(%error, "the member cannot be remembered");
    }
    response
}

fn fields(body: &Bytes) -> Vec<(String, String)> {
    url::form_urlencoded::parse(body).into_owned().collect()
}

fn field(fields: &[(String, String)], name: &str) -> String {
    fields
        .iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.clone())
        .unwrap_or_default()
}

async fn submit(hub: Data<Hub>, body: Bytes) -> HttpResponse {
    let fields = fields(&body);
    let (user, again) = (field(&fields, "as"), field(&fields, "again"));
    let form = forms::parse(&fields);
    let filed = if again.is_empty() {
        office::submit(&hub, &user, &form)
    } else {
        office::resubmit(&hub, &again, &user, &form).map(|_| again)
    };
    match filed {
        Ok(sp_no) => go(&user, "approvals", &sp_no, None),
        Err(refusal) => go(&user, "new", "", Some(&refusal)),
    }
}

async fn act(hub: Data<Hub>, body: Bytes) -> HttpResponse {
    let fields = fields(&body);
    let (user, sp_no) = (field(&fields, "as"), field(&fields, "sp_no"));
    let (to, speech) = (field(&fields, "to"), field(&fields, "speech"));
    let action = match field(&fields, "action").as_str() {
        "approve" => Action::Approve { speech },
        "reject" => Action::Reject { speech },
        "transfer" => Action::Transfer { to, speech },
        "add-signer" => Action::AddSigner { to, speech },
        "return" => Action::Return {
            to: Some(to).filter(|to| !to.is_empty()),
            speech,
        },
        "urge" => Action::Urge,
        "withdraw" => Action::Withdraw,
        "withdraw-after-pass" => Action::WithdrawAfterPass,
        _ => Action::Comment { text: speech },
    };
    go(
        &user,
        "approvals",
        &sp_no,
        office::act(&hub, &sp_no, &user, &action).err().as_ref(),
    )
}

async fn press(hub: Data<Hub>, body: Bytes) -> HttpResponse {
    let fields = fields(&body);
    let user = field(&fields, "as");
    let mut selected: Vec<Selected> = Vec::new();
    for (key, value) in &fields {
        let Some(question) = key.strip_prefix("q:") else {
            continue;
        };
        match selected.iter_mut().find(|chosen| chosen.question_key == question) {
            Some(chosen) => chosen.option_ids.push(value.clone()),
            None => {
                selected.push(Selected {
                    question_key: question.to_owned(),
                    option_ids: vec![value.clone()],
                });
            }
        }
    }
    let pressed = office::press(
        &hub,
        &field(&fields, "message"),
        &user,
        &field(&fields, "key"),
        &selected,
    );
    go(&user, "messages", "", pressed.err().as_ref())
}

async fn press_menu(hub: Data<Hub>, body: Bytes) -> HttpResponse {
    let fields = fields(&body);
    let (user, name) = (field(&fields, "as"), field(&fields, "name"));
    let pressed = office::press_menu(&hub, &user, &name);
    go(&user, "messages", "", pressed.err().as_ref())
}

async fn clock(hub: Data<Hub>, body: Bytes) -> HttpResponse {
    let fields = fields(&body);
    let clock = &hub.settings.clock;
    match field(&fields, "move").as_str() {
        "system" => clock.follow_system(),
        named => {
            let set = || forms::local_time(&field(&fields, "at"));
            if let Some(at) = step(named, hub.now()).or_else(set) {
                clock.set(at);
            }
        }
    }
    hub.write(|_| ());
    go(&field(&fields, "as"), &field(&fields, "tab"), "", None)
}

#[derive(Deserialize)]
struct Known {
    revision: u64,
}

async fn wait(hub: Data<Hub>, known: Query<Known>) -> impl Responder {
    let newer = |_: &crate::world::World| (*hub.revision.borrow() != known.revision).then_some(());
    // Not having changed is an answer as well.
    let changed = crate::control::wait(&hub, POLL_MILLIS, newer).await.is_some();
    Json(json!({"revision": *hub.revision.borrow(), "changed": changed}))
}

async fn script() -> impl Responder {
    HttpResponse::Ok()
        .content_type("text/javascript; charset=utf-8")
        .body(SCRIPT)
}

async fn style() -> impl Responder {
    HttpResponse::Ok()
        .content_type("text/css; charset=utf-8")
        .body(STYLE)
}

fn go(user: &str, tab: &str, sp_no: &str, refusal: Option<&Refusal>) -> HttpResponse {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("as", user).append_pair("tab", tab);
    if !sp_no.is_empty() {
        query.append_pair("sp_no", sp_no);
    }
    if let Some(refusal) = refusal {
        query.append_pair("error", &refusal.to_string());
    }
    HttpResponse::SeeOther()
        .insert_header(("location", format!("/?{}", query.finish())))
        .finish()
}

/// A page, or what went wrong with it.
pub(crate) fn html(page: &impl Template) -> HttpResponse {
    match page.render() {
        Ok(body) => HttpResponse::Ok()
            .content_type("text/html; charset=utf-8")
            .body(body),
        Err(error) => HttpResponse::InternalServerError().body(error.to_string()),
    }
}

/// Day and time in Shanghai.
fn day_and_time(at: DateTime<Utc>) -> String {
    at.with_timezone(&Shanghai).format("%-m月%-d日 %H:%M").to_string()
}
