//! What other systems post of themselves.
//!
//! GitHub and Zadig wait for the gate's answer: what they ask is stored before it is acknowledged, and [`answer`] sends
//! the answer from the inbox.

mod arrival;
mod github;
mod jira;
mod number;
mod outbound;
mod waiting;
mod zadig;

use actix_web::web;

pub(crate) use github::GithubApp;
pub(crate) use waiting::{HookError, Outcome, Waiting, answer, is_waiting_kind};
pub(crate) use zadig::Zadig;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/jira/webhook/{secret}", web::post().to(jira::receive))
        .route("/github/webhook", web::post().to(github::receive))
        .route("/zadig/check", web::post().to(zadig::receive));
}
