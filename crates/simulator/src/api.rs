//! WeCom's API below `/cgi-bin/`: one dispatch by path, with its error replies. Unknown paths answer 404 with
//! an empty body, errors of the API 200 with an `errcode`.

mod applying;
mod approvals;
mod contacts;
mod cut;
mod groups;
mod inbox;
mod login;
mod mail;
mod media;
mod menu;
mod messages;
mod receivers;
mod token;

use std::collections::BTreeMap;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

pub use self::inbox::Received;
pub(crate) use self::inbox::receive as receive_mail;
pub(crate) use self::login::{authorize, issue_login};
pub use self::mail::Mail;
pub(crate) use self::media::store as store_media;
pub use self::menu::MenuItem;
pub(crate) use self::menu::items as menu_items;
use crate::error::{ApiError, message_of};
use crate::faults::{self, FaultKind};
use crate::hub::Hub;
use crate::world::Call;

/// A call as it came.
struct Request {
    path: String,
    query: BTreeMap<String, String>,
    /// The body as JSON; null where it is none.
    body: Value,
    raw: Bytes,
    range: Option<String>,
    content_type: String,
}

/// An answer.
enum Reply {
    Json(Value),
    File(media::Download),
    NotFound,
}

type Answer = Result<Value, ApiError>;

/// Answers one call, with the faults that were asked for.
pub(crate) async fn handle(
    hub: Data<Hub>,
    request: HttpRequest,
    path: Path<String>,
    raw: Bytes,
) -> HttpResponse {
    let header = |name: &str| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    let query = url::form_urlencoded::parse(request.query_string().as_bytes())
        .into_owned()
        .collect();
    let call = Request {
        path: path.into_inner(),
        query,
        body: serde_json::from_slice(&raw).unwrap_or(Value::Null),
        raw,
        range: header("range"),
        content_type: header("content-type").unwrap_or_default(),
    };
    let asked = json!(call.query);
    let about = if call.body.is_null() { &asked } else { &call.body };
    let fault = hub.write(|world| faults::take(&mut world.faults, &call.path, about));
    let reply = match &fault {
        Some(FaultKind::Errcode { errcode }) => {
            Some(Reply::Json(ApiError::new(*errcode, message_of(*errcode)).body()))
        }
        Some(kind) if kind.prevents() => None,
        Some(_) | None => Some(answer(&hub, &call)),
    };
    record(
        &hub,
        request.method().as_str(),
        &call,
        reply.as_ref(),
        fault.as_ref(),
    );
    faulty(fault, reply.map(render)).await
}

/// The answer with what goes wrong on its way; there is none where the fault kept the call from being made.
pub(crate) async fn faulty(fault: Option<FaultKind>, reply: Option<HttpResponse>) -> HttpResponse {
    let reply = reply.unwrap_or_else(|| HttpResponse::NotFound().finish());
    match fault {
        Some(FaultKind::Status { status }) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            HttpResponse::build(status).finish()
        }
        Some(FaultKind::Garbage) => HttpResponse::Ok()
            .content_type("text/html")
            .body("<html><body>Bad gate\u{0}way"),
        Some(FaultKind::Hang { seconds }) => {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            HttpResponse::GatewayTimeout().finish()
        }
        Some(FaultKind::LostAnswer) => HttpResponse::BadGateway().finish(),
        Some(FaultKind::Cut) => HttpResponse::Ok()
            .content_type("application/json")
            .body(cut::CutBody::default()),
        Some(FaultKind::Slow { millis }) => {
            tokio::time::sleep(Duration::from_millis(millis)).await;
            reply
        }
        Some(FaultKind::Errcode { .. }) | None => reply,
    }
}

fn render(reply: Reply) -> HttpResponse {
    match reply {
        Reply::Json(body) => HttpResponse::Ok().json(body),
        Reply::File(file) => file.response(),
        Reply::NotFound => HttpResponse::NotFound().finish(),
    }
}

fn record(hub: &Hub, method: &str, call: &Request, reply: Option<&Reply>, fault: Option<&FaultKind>) {
    let errcode = match reply {
        Some(Reply::Json(body)) => Some(body.get("errcode").and_then(Value::as_i64).unwrap_or(0)),
        Some(Reply::File(_)) => Some(0),
        Some(Reply::NotFound) | None => None,
    };
    let at = hub.now();
    let fault = fault.map(|fault| format!("{fault:?}"));
    hub.write(|world| {
        let seq = world.next_serial();
        let (path, body) = (call.path.clone(), call.body.clone());
        world.record_call(Call {
            seq,
            at,
            method: method.to_owned(),
            path,
            body,
            errcode,
            fault,
        });
    });
}

fn answer(hub: &Hub, call: &Request) -> Reply {
    let answer = match call.path.as_str() {
        "gettoken" => token::give(hub, call),
        "webhook/send" => groups::webhook(hub, call),
        path if is_known(path) => match token::check(hub, call) {
            Ok(()) if path == "media/get" => return media::download(hub, call),
            Ok(()) => with_token(hub, call),
            Err(error) => Err(error),
        },
        _ => return Reply::NotFound,
    };
    Reply::Json(answer.unwrap_or_else(|error| error.body()))
}

fn is_known(path: &str) -> bool {
    const KNOWN: [&str; 24] = [
        "appchat/send",
        "auth/getuserinfo",
        "department/get",
        "department/list",
        "department/simplelist",
        "exmail/app/compose_send",
        "exmail/app/get_mail_list",
        "exmail/app/read_mail",
        "getcallbackip",
        "media/get",
        "media/upload",
        "menu/create",
        "menu/get",
        "message/recall",
        "message/send",
        "message/update_template_card",
        "oa/applyevent",
        "oa/getapprovaldetail",
        "oa/getapprovalinfo",
        "oa/gettemplatedetail",
        "tag/get",
        "tag/list",
        "user/get",
        "user/simplelist",
    ];
    KNOWN.contains(&path)
}

fn with_token(hub: &Hub, call: &Request) -> Answer {
    match call.path.as_str() {
        "appchat/send" => groups::chat(hub, call),
        "auth/getuserinfo" => login::user_of_code(hub, call),
        "department/get" => contacts::department(hub, call),
        "department/list" => contacts::departments(hub, call),
        "department/simplelist" => contacts::places(hub, call),
        "exmail/app/compose_send" => mail::compose(hub, call),
        "exmail/app/get_mail_list" => inbox::list(hub, call),
        "exmail/app/read_mail" => inbox::read(hub, call),
        "getcallbackip" => Ok(json!({"errcode": 0, "errmsg": "ok", "ip_list": ["127.0.0.1"]})),
        "media/upload" => media::upload(hub, call),
        "menu/create" => menu::create(hub, call),
        "menu/get" => menu::get(hub, call),
        "message/recall" => messages::recall(hub, call),
        "message/send" => messages::send(hub, call),
        "message/update_template_card" => messages::update(hub, call),
        "oa/applyevent" => applying::apply(hub, call),
        "oa/getapprovaldetail" => approvals::detail(hub, call),
        "oa/getapprovalinfo" => approvals::list(hub, call),
        "oa/gettemplatedetail" => approvals::template(hub, call),
        "tag/get" => contacts::tag(hub, call),
        "tag/list" => Ok(contacts::tags(hub)),
        "user/simplelist" => contacts::simple_list(hub, call),
        _ => contacts::user(hub, call),
    }
}

impl Request {
    fn param(&self, name: &str) -> &str {
        self.query.get(name).map_or("", String::as_str)
    }

    /// The body, which has to be a JSON object.
    fn json(&self) -> Result<&Value, ApiError> {
        if self.body.is_object() {
            Ok(&self.body)
        } else {
            Err(ApiError::new(47001, "data format error"))
        }
    }
}
