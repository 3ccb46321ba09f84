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
mod bundles;
mod cards;
mod figures;
mod inbox;
mod migrations;
mod outbox;
mod sessions;
mod timers;
