#![doc = include_str!("../README.md")]

mod reading;

pub mod limits;

mod kind;
mod unreadable;

mod keys;
mod tally;
mod text;

mod metered;

mod package;
mod xlsx;
mod xml;

mod bytes;
mod compound;
mod xls;

mod mail;

mod template;

pub use kind::Kind;
pub use mail::Mail;
pub use reading::{Content, read};
pub use tally::Workbook;
pub use template::{PlanRow, Template, TemplateError, blank, change_plan};
pub use unreadable::Unreadable;
