#![doc = include_str!("../README.md")]

pub mod changelog;
pub mod client;
pub mod error;
pub mod issue;
pub mod jql;

mod http;
mod lenient;

pub use self::changelog::{Change, Changelog};
pub use self::client::{Client, SearchPage, Settings, Waiting};
pub use self::error::{Error, ErrorClass};
pub use self::http::http_client;
pub use self::issue::{Issue, Link, LinkDirection, User, same_status};
