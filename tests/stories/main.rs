//! Whole-program stories: people act in a simulated WeCom, the bot runs as it ships, and the test reads what
//! people read.

// As in the library itself.
#![recursion_limit = "256"]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a story whose stage cannot be set has failed"
)]

mod office;
mod people;
mod setup;

mod anomalies;
mod api;
mod buttons;
mod calendar;
mod callbacks;
mod course;
mod delivery;
mod filing;
mod pages;
mod reconciliation;
mod reminders;
mod sessions;
mod verdicts;
