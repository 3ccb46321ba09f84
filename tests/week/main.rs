//! A whole week in the simulator's time: many changes of all kinds, a WeCom that fails, a bot that is killed; and
//! several bots on one database.
//!
//! The clock stands still while anybody works, and moves to the next moment at which somebody has something to do.
//! A dozen changes by itself, more with `CHANGEGATE_WEEK_CHANGES`.

// As in the library itself.
#![recursion_limit = "256"]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a story whose stage cannot be set has failed; its figures are for people"
)]

mod bot;
mod database;
mod office;
mod people;
mod plan;
mod replicas;
mod shown;
mod week;
