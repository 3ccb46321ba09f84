//! The web login: a page that stands in for WeCom's OAuth page, and the exchange of its one-use code.

use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::{Answer, Request};
use crate::cast::Person;
use crate::error::ApiError;
use crate::hub::{Hub, random_id};
use crate::world::LoginCode;

const CODE_MINUTES: i64 = 5;

pub(super) fn user_of_code(hub: &Hub, call: &Request) -> Answer {
    let now = hub.now();
    let code = call.param("code");
    let userid = hub.write(|world| {
        let login = world
            .logins
            .get_mut(code)
            .filter(|login| !login.used && login.expires > now)?;
        login.used = true;
        Some(login.userid.clone())
    });
    match userid {
        Some(userid) if hub.employee(&userid).is_some() => {
            Ok(json!({"errcode": 0, "errmsg": "ok", "userid": userid}))
        }
        Some(stranger) => Ok(json!({"errcode": 0, "errmsg": "ok", "openid": stranger})),
        None => Err(ApiError::new(40029, "invalid code")),
    }
}

/// A fresh login code of a member.
pub(crate) fn issue_login(hub: &Hub, userid: &str) -> String {
    let code = random_id();
    let expires = hub.now() + TimeDelta::minutes(CODE_MINUTES);
    let login = LoginCode {
        userid: userid.to_owned(),
        expires,
        used: false,
    };
    hub.write(|world| world.logins.insert(code.clone(), login));
    code
}

/// The query of the authorisation page. `sim_user` answers at once for that member.
#[derive(Deserialize)]
pub(crate) struct Authorize {
    redirect_uri: String,
    #[serde(default)]
    state: String,
    sim_user: Option<String>,
}

#[derive(Template)]
#[template(path = "authorize.html")]
struct AuthorizePage<'a> {
    host: &'a str,
    choices: Vec<(&'a Person, String)>,
}

/// Answers for the member that the phone page shows, as WeCom does silently; else asks who it is.
pub(crate) async fn authorize(hub: Data<Hub>, request: HttpRequest, query: Query<Authorize>) -> HttpResponse {
    let Ok(target) = Url::parse(&query.redirect_uri) else {
        return HttpResponse::BadRequest()
            .content_type("text/plain; charset=utf-8")
            .body("redirect_uri 不是有效地址");
    };
    let cookie = request.cookie("sim_as").map(|cookie| cookie.value().to_owned());
    let known = query
        .sim_user
        .clone()
        .or(cookie)
        .filter(|userid| hub.employee(userid).is_some());
    if let Some(userid) = known {
        let mut target = target;
        target
            .query_pairs_mut()
            .append_pair("code", &issue_login(&hub, &userid))
            .append_pair("state", &query.state);
        return HttpResponse::Found()
            .insert_header(("location", target.as_str()))
            .finish();
    }
    let again = |person: &Person| {
        let mut link = url::form_urlencoded::Serializer::new(String::new());
        link.append_pair("redirect_uri", &query.redirect_uri);
        link.append_pair("state", &query.state);
        link.append_pair("sim_user", &person.userid);
        format!("?{}", link.finish())
    };
    let choices = hub
        .settings
        .people
        .iter()
        .map(|person| (person, again(person)))
        .collect();
    crate::phone::html(&AuthorizePage {
        host: target.host_str().unwrap_or_default(),
        choices,
    })
}
