//! The log: to standard error, as text or as JSON.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use crate::config::{Log, LogFormat};

/// Libraries whose own tales concern nobody who runs the bot, unless something is wrong.
const TALKATIVE: [&str; 7] = [
    // Reports each stranger's junk as an error of its own.
    "actix_http=off",
    "sqlx=warn",
    "sea_orm=warn",
    "sea_orm_migration=warn",
    "hyper=warn",
    "reqwest=warn",
    "actix_server=warn",
];

/// Sets the log up. A second call changes nothing, so that a demo may start several parts.
pub fn init(log: &Log) {
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter(log.level))
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    // An error means that the log stands already.
    drop(match log.format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    });
}

fn filter(level: LevelFilter) -> EnvFilter {
    let base = EnvFilter::default().add_directive(level.into());
    if level > LevelFilter::INFO {
        return base;
    }
    TALKATIVE
        .iter()
        .filter_map(|text| text.parse().ok())
        .fold(base, EnvFilter::add_directive)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_directive_of_the_filter_is_understood() {
        let shown = filter(LevelFilter::INFO).to_string();
        for directive in TALKATIVE {
            assert!(shown.contains(directive), "{directive} is not in {shown}");
        }
    }
}
