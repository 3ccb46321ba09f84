#![doc = include_str!("../README.md")]

mod about;
mod actions;
mod card;
mod digest;
mod duties;
mod firm;
mod group;
mod letter;
mod mail;
mod message;
mod plain;
mod settled;
mod templates;
mod times;
mod words;

#[cfg(test)]
mod tests;

pub use about::{About, CardKeys, Links, RenderError};
pub use actions::{Style, name as action_name, style as button_style};
pub use digest::{DigestLine, digest};
pub use firm::{DigestChange, FirmNotice, MonthBest, TeamRow, firm};
pub use group::group;
pub use mail::{MailText, mail};
pub use message::{Rendered, render};
pub use settled::settled;
