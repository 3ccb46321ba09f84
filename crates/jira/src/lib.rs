#![doc = include_str!("../README.md")]

pub mod cached;
pub mod changelog;
pub mod client;
pub mod connection;
pub mod error;
pub mod facts;
pub mod issue;
pub mod jql;
pub mod settings;
pub mod webhook;

mod circuit;
mod http;
mod lenient;
mod line;

pub use self::cached::{CacheTimes, Cached};
pub use self::changelog::{Change, Changelog};
pub use self::client::{Client, SearchPage, Waiting};
pub use self::connection::{RootsError, http_client, http_client_with};
pub use self::error::{Error, ErrorClass};
pub use self::facts::{IssueWithLog, Looked};
pub use self::issue::{Issue, Link, LinkDirection, User, same_status};
pub use self::settings::{Auth, Settings};
pub use self::webhook::{HookError, HookEvent, WebHook, parse_webhook};
