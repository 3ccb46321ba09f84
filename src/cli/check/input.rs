//! Where submissions come from: a file, a folder of `.json` and `.jsonl` files, or standard input; each holds
//! one JSON text, or one a line.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _};
use std::path::{Path, PathBuf};

/// The largest input of one piece: WeCom's own replies stay far below.
const LARGEST: u64 = 16 * 1024 * 1024;

/// Calls `act` with the place and the text of each submission, or with why it could not be read.
pub(super) fn each(
    path: &Path,
    act: &mut dyn FnMut(&str, io::Result<String>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    if path.as_os_str() == "-" {
        return pieces("-", &mut io::stdin().lock(), act);
    }
    let place = path.display().to_string();
    if path.is_dir() {
        return match files_in(path) {
            Ok(files) => files.iter().try_for_each(|file| each(file, act)),
            Err(error) => act(&place, Err(error)),
        };
    }
    match File::open(path) {
        Ok(file) => pieces(&place, &mut BufReader::new(file), act),
        Err(error) => act(&place, Err(error)),
    }
}

fn files_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let wanted = path
            .extension()
            .is_some_and(|kind| kind == "json" || kind == "jsonl");
        if wanted && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// JSON Lines are taken line by line as they come; a text whose first line is not whole JSON is read to its end.
fn pieces(
    place: &str,
    reader: &mut dyn BufRead,
    act: &mut dyn FnMut(&str, io::Result<String>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut number = 0_u64;
    let mut line = String::new();
    loop {
        line.clear();
        number += 1;
        match (&mut *reader).take(LARGEST).read_line(&mut line) {
            Ok(0) => return Ok(()),
            Ok(_) if line.trim().is_empty() => {}
            Ok(_) if number == 1 && !is_whole(&line) => return whole(place, line, reader, act),
            Ok(_) => act(&format!("{place}:{number}"), Ok(std::mem::take(&mut line)))?,
            Err(error) => return act(&format!("{place}:{number}"), Err(error)),
        }
    }
}

fn whole(
    place: &str,
    mut text: String,
    reader: &mut dyn BufRead,
    act: &mut dyn FnMut(&str, io::Result<String>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    match reader.take(LARGEST).read_to_string(&mut text) {
        Ok(_) => act(place, Ok(text)),
        Err(error) => act(place, Err(error)),
    }
}

/// Whether a line is JSON by itself; one that is merely the beginning of a longer text ends too early.
fn is_whole(line: &str) -> bool {
    !serde_json::from_str::<serde::de::IgnoredAny>(line.trim_start_matches('\u{feff}'))
        .is_err_and(|error| error.is_eof())
}
