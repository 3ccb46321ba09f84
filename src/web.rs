//! HTTP: what WeCom posts, what people open, what scripts ask.

mod api;
mod assets;
mod bearer;
mod callback;
mod change_page;
mod dates;
mod health;
mod hooks;
mod local_path;
mod member;
mod metrics;
mod pages;
mod problem;
mod refusal;
mod server;
mod sign_in;
mod verdict_page;

pub(crate) use callback::Receiver;
pub(crate) use hooks::{GithubApp, HookError, Outcome, Waiting, Zadig, answer, is_waiting_kind};
pub(crate) use server::{Site, start};
pub(crate) use sign_in::SignIn;
