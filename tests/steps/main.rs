//! The steps of `deploy/gate`, run as the products run them, against stand-ins that speak as the other side does.

// As in the library itself.
#![recursion_limit = "256"]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a step whose stand-in cannot be set up has failed"
)]

mod bot;
mod github;
mod samples;
mod script;
mod shell;
mod stand_in;
mod zadig;
