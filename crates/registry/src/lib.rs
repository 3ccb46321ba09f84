#![doc = include_str!("../README.md")]

pub mod client;
pub mod digest;
pub mod error;
pub mod reference;
pub mod settings;

mod challenge;
mod http;
mod manifest;
mod masking;
mod realm;
mod refusal;
mod session;
mod token;
mod tokens;

pub use reqwest::Certificate;

pub use self::client::Client;
pub use self::digest::Digest;
pub use self::error::{Error, ErrorClass};
pub use self::http::http_client;
pub use self::reference::{BadReference, Reference};
pub use self::settings::{Host, Settings};
