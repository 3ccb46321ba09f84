//! A JIRA beside WeCom: the part of REST v2 that reads issues, below `/jira/rest/api/2/`, with a personal access
//! token, or the user `changegate` with the token as the password. What people do in it comes through the simulator's own API and leaves its trace in the change log.

pub(crate) mod hooks;
mod issue;
mod query;
mod render;
mod seed;
mod steering;
mod tracker;

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

pub use self::hooks::{JiraHookDelivery, JiraWebHook};
pub use self::issue::{IssueChange, IssueLink, IssueRefusal, JiraIssue, NewIssue};
pub(crate) use self::seed::seed;
pub(crate) use self::tracker::Tracker;
use crate::api::faulty;
use crate::faults;
use crate::fields::{number, text, texts};
use crate::hub::Hub;
use crate::world::Call;

/// Entries of a change log that an issue carries in itself; the rest is read page by page.
const INLINE_HISTORY: usize = 100;
/// Who the token belongs to.
const USER: &str = "changegate";
const MOST_RESULTS: usize = 1000;
const DEFAULT_RESULTS: usize = 50;

pub(crate) fn configure(app: &mut ServiceConfig) {
    app.service(
        web::resource("/jira/rest/api/2/{path:.*}")
            .route(web::get().to(handle))
            .route(web::post().to(handle)),
    );
}

/// An answer: a status and its JSON.
type Answer = (StatusCode, Value);

async fn handle(hub: Data<Hub>, request: HttpRequest, path: Path<String>, raw: Bytes) -> HttpResponse {
    let query: BTreeMap<String, String> = url::form_urlencoded::parse(request.query_string().as_bytes())
        .into_owned()
        .collect();
    let body: Value = serde_json::from_slice(&raw).unwrap_or(Value::Null);
    let name = call_name(&path);
    let fault = hub.write(|world| faults::take(&mut world.faults, &name, &body));
    let prevented = fault.as_ref().is_some_and(faults::FaultKind::prevents);
    let answer = (!prevented).then(|| {
        if authorised(&hub, &request) {
            answer(&hub, &path, &query, &body)
        } else {
            let words = "Client must be authenticated to access this resource.";
            (StatusCode::UNAUTHORIZED, refusal(words))
        }
    });
    let at = hub.now();
    hub.write(|world| {
        let seq = world.next_serial();
        world.record_call(Call {
            seq,
            at,
            method: request.method().as_str().to_owned(),
            path: name,
            body,
            errcode: answer.as_ref().map(|(status, _)| match status.as_u16() {
                200 => 0,
                other => i64::from(other),
            }),
            fault: fault.as_ref().map(|fault| format!("{fault:?}")),
        });
    });
    let reply = answer.map(|(status, body)| HttpResponse::build(status).json(body));
    faulty(fault, reply).await
}

/// How a call is named in faults and in the record: `jira/search`, `jira/issue`, `jira/changelog`, …
fn call_name(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        ["issue", _, "changelog"] => "jira/changelog".to_owned(),
        [first, ..] => format!("jira/{first}"),
        [] => "jira/".to_owned(),
    }
}

fn authorised(hub: &Hub, request: &HttpRequest) -> bool {
    let token = &hub.settings.jira_token;
    let basic = STANDARD.encode(format!("{USER}:{token}"));
    let given = request.headers().get("authorization");
    given.is_some_and(|given| {
        let given = given.as_bytes();
        given == format!("Bearer {token}").as_bytes() || given == format!("Basic {basic}").as_bytes()
    })
}

fn answer(hub: &Hub, path: &str, query: &BTreeMap<String, String>, body: &Value) -> Answer {
    let parts: Vec<&str> = path.split('/').collect();
    let param = |name: &str| query.get(name).map_or("", String::as_str);
    let page = |name: &str, default: usize| param(name).parse().unwrap_or(default);
    match parts.as_slice() {
        ["myself"] => (
            StatusCode::OK,
            json!({"name": USER, "displayName": "变更闸", "active": true}),
        ),
        ["status"] => (StatusCode::OK, hub.read(|world| render::statuses(&world.jira))),
        ["search"] => search(hub, &Search::of(query, body)),
        ["issue", key] => hub.read(|world| match world.jira.visible(key) {
            Some(issue) => {
                let with_log = param("expand").split(',').any(|part| part == "changelog");
                let mut found = render::issue(hub, &world.jira, issue);
                if let (true, Some(fields)) = (with_log, found.as_object_mut()) {
                    let all = issue.history.len();
                    let log = render::changelog(
                        hub,
                        issue,
                        all.saturating_sub(INLINE_HISTORY),
                        INLINE_HISTORY,
                        "histories",
                    );
                    fields.insert("changelog".to_owned(), log);
                }
                (StatusCode::OK, found)
            }
            None => (StatusCode::NOT_FOUND, refusal("Issue Does Not Exist")),
        }),
        ["issue", key, "changelog"] => hub.read(|world| match world.jira.visible(key) {
            Some(issue) => (
                StatusCode::OK,
                render::changelog(
                    hub,
                    issue,
                    page("startAt", 0),
                    page("maxResults", INLINE_HISTORY).min(INLINE_HISTORY),
                    "values",
                ),
            ),
            None => (StatusCode::NOT_FOUND, refusal("Issue Does Not Exist")),
        }),
        _ => (StatusCode::NOT_FOUND, refusal("null for uri")),
    }
}

/// What a search asks for, by POST or GET.
struct Search {
    jql: String,
    start: usize,
    most: usize,
    validate: bool,
    fields: Vec<String>,
}

impl Search {
    fn of(query: &BTreeMap<String, String>, body: &Value) -> Self {
        let param = |name: &str| query.get(name).cloned().unwrap_or_default();
        let size = |value: Option<i64>, default| {
            value
                .and_then(|value| usize::try_from(value).ok())
                .unwrap_or(default)
        };
        if body.is_object() {
            return Self {
                jql: text(body, "jql").to_owned(),
                start: size(number(body, "startAt"), 0),
                most: size(number(body, "maxResults"), DEFAULT_RESULTS),
                validate: body.get("validateQuery").and_then(Value::as_bool).unwrap_or(true),
                fields: texts(body, "fields"),
            };
        }
        Self {
            jql: param("jql"),
            start: size(param("startAt").parse().ok(), 0),
            most: size(param("maxResults").parse().ok(), DEFAULT_RESULTS),
            validate: param("validateQuery") != "false",
            fields: param("fields")
                .split(',')
                .filter(|field| !field.is_empty())
                .map(str::to_owned)
                .collect(),
        }
    }
}

fn search(hub: &Hub, search: &Search) -> Answer {
    let parsed = match query::parse(&search.jql) {
        Ok(parsed) => parsed,
        Err(words) => return (StatusCode::BAD_REQUEST, refusal(&words)),
    };
    hub.read(|world| {
        let unknown = parsed.unknown(&world.jira);
        if search.validate && !unknown.is_empty() {
            return (
                StatusCode::BAD_REQUEST,
                json!({"errorMessages": unknown, "errors": {}}),
            );
        }
        let found = parsed.run(&world.jira);
        let issues: Vec<Value> = found
            .iter()
            .skip(search.start)
            .take(search.most.min(MOST_RESULTS))
            .map(|issue| render::only(render::issue(hub, &world.jira, issue), &search.fields))
            .collect();
        let mut answer = json!({
            "startAt": search.start, "maxResults": search.most, "total": found.len(), "issues": issues,
        });
        if let (false, Some(fields)) = (unknown.is_empty(), answer.as_object_mut()) {
            fields.insert("warningMessages".to_owned(), json!(unknown));
        }
        (StatusCode::OK, answer)
    })
}

fn refusal(words: &str) -> Value {
    json!({"errorMessages": [words], "errors": {}})
}
