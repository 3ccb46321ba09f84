//! HTTP: what WeCom posts, what people open, what scripts ask.

mod api;
mod assets;
mod bearer;
mod callback;
mod change_page;
mod health;
mod metrics;
mod problem;
mod server;
mod verdict_page;

pub(crate) use callback::Receiver;
pub(crate) use server::{Site, start};
