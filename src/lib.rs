//! changegate (变更闸): keeps production changes filed in WeCom inside the firm's own change regulation.
//!
//! This crate is the shell around the pure core: everything that reads a clock, a socket or a database. The
//! regulation itself lives in `changegate-policy`, the course of a change in `changegate-lifecycle`.

// The futures of the shell nest deeper (HTTP over TLS over pools) than the compiler follows by default.
#![recursion_limit = "256"]

pub mod app;
pub mod cli;
pub mod clock;
pub mod config;

mod directory;
mod doctor;
mod export;
mod facts;
mod gate;
mod intake;
mod links;
mod mail;
mod pipeline;
mod policies;
mod policy_file;
mod registry;
mod reports;
mod web;
