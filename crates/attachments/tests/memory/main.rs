//! Reads each hostile file in a process of its own, and looks at the peak of that process's memory: what making the
//! file took must not hide what reading it takes.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test whose main is its own"
)]

#[path = "../reading/hostile_files.rs"]
mod hostile_files;
#[path = "../reading/hostile_xls.rs"]
mod hostile_xls;
#[path = "../reading/made.rs"]
mod made;

use std::path::Path;
use std::process::Command;
use std::time::Instant;
use std::{env, fs};

/// What reading may take above idle, in KiB.
const LIMIT: u64 = 100 * 1024;
/// The argument before the file that this process is to read.
const READ: &str = "--read-this";

/// What this calls itself in a list of tests.
const NAME: &str = "no_hostile_file_takes_more_memory_than_allowed";

fn main() {
    let arguments: Vec<String> = env::args().collect();
    let asks = |option: &str| arguments.iter().any(|argument| argument == option);
    match arguments.as_slice() {
        [_, command, file] if command == READ => println!("{}", read(Path::new(file))),
        // A runner of tests asks for their names, and for those that are ignored, first.
        _ if asks("--list") && asks("--ignored") => {}
        _ if asks("--list") => println!("{NAME}: test"),
        _ => read_each(),
    }
}

fn read_each() {
    let folder = tempfile::tempdir().unwrap();
    for (story, name, make) in hostile_files::ALL.into_iter().chain(hostile_xls::ALL) {
        let file = folder.path().join(name);
        fs::write(&file, make()).unwrap();
        let child = Command::new(env::current_exe().unwrap())
            .arg(READ)
            .arg(&file)
            .output()
            .unwrap();
        let taken = String::from_utf8(child.stdout).unwrap();
        println!("{story}: {}", taken.trim());
        let taken: u64 = taken.split(' ').next().unwrap().parse().unwrap();
        assert!(taken <= LIMIT, "{story}: {taken} KiB");
    }
}

/// What reading took: KiB, and the time for whoever looks.
fn read(file: &Path) -> String {
    let bytes = fs::read(file).unwrap();
    let name = file.file_name().unwrap().to_string_lossy();
    let before = memory("VmRSS:");
    let start = Instant::now();
    let _content = changegate_attachments::read(&name, &bytes);
    let time = start.elapsed();
    format!("{} KiB, {time:.1?}", memory("VmHWM:").saturating_sub(before))
}

/// A figure of this process's memory, in KiB.
fn memory(figure: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(figure)).unwrap();
    line.trim_matches(|char: char| !char.is_ascii_digit())
        .parse()
        .unwrap()
}
