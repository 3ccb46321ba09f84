//! `changegate serve`: the bot, until it is told to stop.

use std::process::ExitCode;

use anyhow::Context as _;
use tokio::signal::unix::{SignalKind, signal};

use crate::app;
use crate::clock::Clock;
use crate::config::Config;

/// Serves until SIGTERM or SIGINT; 0 once in-flight work is stored.
pub async fn run(config: Config) -> anyhow::Result<ExitCode> {
    let mut terminate = signal(SignalKind::terminate()).context("SIGTERM cannot be waited for")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("SIGINT cannot be waited for")?;
    let app = Box::pin(app::build(config, Clock::system())).await?;
    let running = app.start()?;
    tokio::select! {
        _ = terminate.recv() => tracing::info!("SIGTERM: stopping"),
        _ = interrupt.recv() => tracing::info!("SIGINT: stopping"),
    }
    running.stop().await?;
    tracing::info!("stopped; everything in flight is stored");
    Ok(ExitCode::SUCCESS)
}
