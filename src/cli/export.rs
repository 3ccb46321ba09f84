//! `changegate export`: the figures of a period as a file. Needs `[database]` and the policy file alone. Exit status
//! 0, or 1 with the reason.

use std::io::IsTerminal as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, bail, ensure};
use changegate_figures::{Entry, Period};
use chrono_tz::Tz;

use super::{ExportArgs, ExportFormat, Global, migrate, output};
use crate::export::{Export, csv, entries, json, xlsx};
use crate::policy_file;

/// Writes the export to the named file, else to standard output.
pub async fn run(global: &Global, args: ExportArgs) -> anyhow::Result<ExitCode> {
    ensure!(
        args.from <= args.to,
        "--from（{}）在 --to（{}）之后，请对调",
        args.from,
        args.to
    );
    if args.format == ExportFormat::Xlsx && args.output.is_none() && std::io::stdout().is_terminal() {
        bail!("xlsx 不能显示在终端里：请加 --output 文件名.xlsx，或改用 --format csv");
    }
    let layers = global.layers()?;
    let policy = policy_file::load(layers.policy_file()?.as_deref())?;
    let next_day = args.to.succ_opt().context("--to 太晚")?;
    let store = migrate::open(&layers.database()?).await?;
    let entries = entries::read(&store, policy.start_of(args.from), policy.start_of(next_day))
        .await
        .context("读不了变更记录")?;
    store.close().await?;
    let file = render(&args, &entries, policy.zone())?;
    match &args.output {
        Some(path) => save(path, &file)?,
        None => output::out_bytes(&file)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn render(args: &ExportArgs, entries: &[Entry], zone: Tz) -> anyhow::Result<Vec<u8>> {
    let period = Period::Range {
        from: args.from,
        to: args.to,
    };
    let export = Export::new(entries, period, zone);
    Ok(match args.format {
        ExportFormat::Xlsx => xlsx::write(&export)?,
        ExportFormat::Csv => csv::write(&export, args.table).into_bytes(),
        ExportFormat::Json => json::write(&export)?.into_bytes(),
    })
}

fn save(path: &Path, file: &[u8]) -> anyhow::Result<()> {
    std::fs::write(path, file).with_context(|| format!("写不了 {}", path.display()))
}
