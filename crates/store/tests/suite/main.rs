//! The same tests on SQLite, PostgreSQL and MariaDB/MySQL, each on a database of its own.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "all of this is a test; clippy knows only functions that are marked as one"
)]

mod database;
mod material;

mod access;
mod advance;
mod assessments;
mod bundles;
mod cards;
mod deployments;
mod figures;
mod files;
mod images;
mod inbox;
mod issues;
mod ledger;
mod message_status;
mod migrations;
mod outbox;
mod sessions;
mod signatures;
mod timers;
