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

mod docker_registry;
mod jobs;
mod office;
mod papers;
mod people;
mod setup;

mod anomalies;
mod api;
mod buttons;
mod calendar;
mod callbacks;
mod course;
mod delivery;
mod deployments;
mod directory;
mod doctor;
mod drafts;
mod evaluate;
mod files;
mod filing;
mod gate;
mod gate_unsure;
mod images;
mod jira;
mod ledger;
mod mailbox;
mod pages;
mod reconciliation;
mod reminders;
mod sessions;
mod stray_deployments;
mod verdicts;
