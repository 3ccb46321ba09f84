#![doc = include_str!("../README.md")]

mod incident;
mod placeholder;

mod fill;
mod template;

mod archive;
mod error;

pub use error::ReportError;
pub use fill::{Filled, fill};
pub use incident::{CourseEntry, IncidentReport, Told};
pub use placeholder::{MISSING, Placeholder, placeholders};
pub use template::default_template;

#[cfg(test)]
mod tests;
