#![doc = include_str!("../README.md")]

mod about;
mod letter;
mod lines;
mod messages;
mod plain;

#[cfg(test)]
mod tests;

pub use about::{About, RenderError};
pub use messages::render;
