//! `changegate doctor`: one line for each thing looked at, and below a fault the step that mends it.

use std::process::ExitCode;

use super::{Global, output};
use crate::clock::Clock;
use crate::doctor;

/// Exit status 0 when all is well, 1 when something has to be mended.
pub async fn run(global: &Global) -> anyhow::Result<ExitCode> {
    let report = doctor::examine(global.layers(), &Clock::system()).await;
    output::out(&report.to_string())?;
    Ok(if report.is_bad() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}
