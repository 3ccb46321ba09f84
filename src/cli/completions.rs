//! `changegate completions SHELL`: a completion script on standard output.

use std::process::ExitCode;

use clap::CommandFactory as _;

use super::{Cli, output};

/// Prints the script. Exit status 0.
pub fn run(shell: clap_complete::Shell) -> anyhow::Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "changegate", &mut script);
    output::out_bytes(&script)?;
    Ok(ExitCode::SUCCESS)
}
