//! The sign-in by WeCom: `/login`, `/login/done`, `/logout`.
//!
//! WeCom tells a one-use code to the browser, and the member to us for the code. The state that goes there and back
//! works once, for ten minutes, and only in the browser that began: a link that somebody else sends signs nobody in.

mod addresses;
mod refused;

use actix_web::cookie::time;
use actix_web::http::StatusCode;
use actix_web::http::header::{LOCATION, USER_AGENT};
use actix_web::{HttpRequest, HttpResponse, web};
use changegate_policy::UserId;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use std::time::Duration;
use subtle::ConstantTimeEq as _;

pub(crate) use addresses::SignIn;

use super::local_path::LocalPath;
use super::member::{self, Member};
use super::refusal::{Page, Refusal};
use super::server::Site;

/// How long a sign-in that was begun can be ended.
const MAX_AGE: Duration = Duration::from_mins(10);
/// WeCom's codes have at most this many bytes.
const LONGEST_CODE: usize = 512;
/// The body of `/logout`: one token.
const LONGEST_FORM: usize = 1024;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/login", web::get().to(begin))
        .route("/login/done", web::get().to(finish))
        .route("/logout", web::post().to(end));
}

#[derive(Deserialize)]
struct Begin {
    #[serde(default)]
    to: String,
}

/// Sends the browser to WeCom, or straight on when its session still holds.
async fn begin(
    request: HttpRequest,
    query: web::Query<Begin>,
    site: web::Data<Site>,
) -> Result<HttpResponse, Refusal> {
    let to = LocalPath::parse(&query.to).unwrap_or_else(LocalPath::home);
    if member::of(&request, &site).await?.is_some() {
        return Ok(go(to.as_str()));
    }
    let state = site.store.begin_login(to.as_str(), site.clock.now()).await?;
    let inside = request
        .headers()
        .get(USER_AGENT)
        .and_then(|agent| agent.to_str().ok())
        .is_some_and(|agent| agent.to_ascii_lowercase().contains("wxwork"));
    let address = site.sign_in.address(&state, inside);
    let mut response = go(&address);
    let mut cookie = member::cookie(&site, &cookie_name(&state), &bound(&state));
    cookie.set_max_age(time::Duration::try_from(MAX_AGE).ok());
    with_cookie(&mut response, &cookie);
    Ok(response)
}

#[derive(Deserialize)]
struct Finish {
    #[serde(default)]
    code: String,
    #[serde(default)]
    state: String,
}

/// WeCom sent the browser back.
async fn finish(
    request: HttpRequest,
    query: web::Query<Finish>,
    site: web::Data<Site>,
) -> Result<HttpResponse, Refusal> {
    let Finish { code, state } = query.into_inner();
    if !is_state(&state) {
        return Err(refused::not_begun_here());
    }
    let cookie = member::cookie_name(&site, &cookie_name(&state));
    let mine = request
        .cookie(&cookie)
        .is_some_and(|cookie| bool::from(cookie.value().as_bytes().ct_eq(bound(&state).as_bytes())));
    if !mine {
        return Err(refused::not_begun_here());
    }
    let to = site.store.finish_login(&state, site.clock.now(), MAX_AGE).await?;
    let to = to
        .and_then(|to| LocalPath::parse(&to))
        .ok_or_else(refused::used_or_late)?;
    if code.is_empty() {
        return Err(refused::cancelled(&to));
    }
    if code.len() > LONGEST_CODE || !code.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(refused::not_begun_here());
    }
    let user = identify(&site, &code, &to).await?;
    let token = site.store.create_session(user.as_str(), site.clock.now()).await?;
    tracing::info!(member = %user, "signed in");
    let mut response = go(to.as_str());
    with_cookie(&mut response, &member::session_cookie(&site, &token));
    let mut spent = member::cookie(&site, &cookie_name(&state), "");
    spent.make_removal();
    with_cookie(&mut response, &spent);
    Ok(response)
}

/// The member that a code stands for: one of this company.
async fn identify(site: &Site, code: &str, to: &LocalPath) -> Result<UserId, Refusal> {
    let who = site
        .wecom
        .auth_getuserinfo(code)
        .await
        .map_err(|error| refused::by_wecom(&error, to))?;
    match who.userid() {
        Some(user) => Ok(UserId::new(user)),
        None if who.openid.is_empty() => Err(refused::linked_company()),
        None => Err(refused::outsider()),
    }
}

/// Ends the session.
async fn end(member: Member, body: web::Bytes, site: web::Data<Site>) -> Result<HttpResponse, Refusal> {
    let known = body.len() <= LONGEST_FORM
        && url::form_urlencoded::parse(&body).any(|(name, value)| name == "token" && member.owns(&value));
    if !known {
        return Err(Refusal::forged(None, ""));
    }
    site.store
        .revoke_session(member.token(), site.clock.now())
        .await?;
    tracing::info!(member = %member.user, "signed out");
    let page = Page::new(StatusCode::OK, "已退出登录", "这台设备上的变更闸登录已结束。")
        .link("重新登录", LocalPath::home().sign_in());
    let mut response = actix_web::ResponseError::error_response(&Refusal::from(page));
    with_cookie(&mut response, &member::session_cookie(&site, ""));
    Ok(response)
}

fn go(address: &str) -> HttpResponse {
    HttpResponse::Found().insert_header((LOCATION, address)).finish()
}

fn with_cookie(response: &mut HttpResponse, cookie: &actix_web::cookie::Cookie<'_>) {
    if let Err(error) = response.add_cookie(cookie) {
        tracing::error!(%error, "a cookie could not be set");
    }
}

fn is_state(state: &str) -> bool {
    state.len() == 64 && state.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// One cookie for each sign-in under way, so that two pages opened together do not spoil each other's.
fn cookie_name(state: &str) -> String {
    let mark: String = bound(state).chars().take(8).collect();
    format!("changegate-login-{mark}")
}

/// What the browser keeps of a state: enough to know it again, not enough to make it.
fn bound(state: &str) -> String {
    hex::encode(Sha256::digest(state))
}
