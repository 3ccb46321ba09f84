#![doc = include_str!("../README.md")]

pub mod approval;
pub mod client;
pub mod crypto;
pub mod envelope;
pub mod error;
pub mod event;
pub mod message;
pub mod query;

mod callback;
mod lenient;
mod xml;

pub use self::callback::CallbackError;
pub use self::client::{Client, Settings};
pub use self::crypto::{CallbackKeys, KeyError, Sealed};
pub use self::error::{Error, ErrorClass};
pub use self::event::Event;
pub use self::query::CallbackQuery;
