#![doc = include_str!("../README.md")]

mod advance;
mod change;
mod effect;
mod event;

pub use advance::advance;
pub use change::{Change, Fault, Stage, Told};
pub use effect::{Effect, Notice, Record};
pub use event::{Event, FormStatus, Look, Signature};
