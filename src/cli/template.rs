//! `changegate template xlsx`: the blank workbooks that clause 六.10 wants attached.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use changegate_attachments::{Template, blank};

use super::output::out;
use super::{TemplateArgs, TemplateKind};
use crate::clock::Clock;
use crate::policy_file;

/// Writes the blank workbooks into a folder, which is made if it is missing; existing files are left alone. Exit
/// status 0, or 1 with the reason.
pub fn run(args: &TemplateArgs) -> anyhow::Result<ExitCode> {
    match args.kind {
        TemplateKind::Xlsx => workbooks(&args.folder, args.force),
    }
}

fn workbooks(folder: &Path, force: bool) -> anyhow::Result<ExitCode> {
    std::fs::create_dir_all(folder).with_context(|| format!("目录 {} 建不了", folder.display()))?;
    let today = policy_file::load(None)?.day_of(Clock::system().now());
    for template in Template::ALL {
        let path = folder.join(template.file_name());
        anyhow::ensure!(
            force || !path.exists(),
            "{} 已经存在；要覆盖请加 --force",
            path.display()
        );
        let bytes = blank(template, today).context("模板没有做成")?;
        std::fs::write(&path, bytes).with_context(|| format!("{} 写不了", path.display()))?;
        out(&format!("{}\n", path.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}
