//! The program: reads the command line and hands over to the library.

// The futures of the shell nest deeper (HTTP over TLS over pools) than the compiler follows by default.
#![recursion_limit = "256"]

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    // Before anything that could build an HTTP client: a client without a TLS provider cannot be made. An
    // error here means that a provider stands already, which is as good.
    drop(rustls::crypto::ring::default_provider().install_default());
    let cli = changegate::cli::Cli::parse();
    match start(cli) {
        Ok(code) => code,
        Err(error) => {
            drop(writeln!(std::io::stderr(), "changegate：{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn start(cli: changegate::cli::Cli) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(Box::pin(changegate::cli::run(cli)))
}
