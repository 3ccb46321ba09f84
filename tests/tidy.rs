//! The repository keeps its own house rules: those that no compiler and no lint looks after.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a rule that cannot be looked at counts as broken"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every Rust file of the workspace, with its text.
fn rust_files() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                if path.file_name().is_none_or(|name| name != "target") {
                    walk(&path, found);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push((
                    path.strip_prefix(root()).unwrap().to_owned(),
                    fs::read_to_string(&path).unwrap(),
                ));
            }
        }
    }
    let mut found = Vec::new();
    for folder in ["src", "crates", "migrations", "tests", "benches"] {
        if root().join(folder).is_dir() {
            walk(&root().join(folder), &mut found);
        }
    }
    assert!(found.len() > 50, "only {} files found", found.len());
    found
}

/// Fails with every offender, not only the first.
fn none(what: &str, offenders: impl IntoIterator<Item = String>) {
    let offenders: Vec<_> = offenders.into_iter().collect();
    assert!(offenders.is_empty(), "{what}:\n  {}", offenders.join("\n  "));
}

/// Lines that hold one of the words, this file left out (it has to name them).
fn lines_with(words: &[&str], of_interest: impl Fn(&Path) -> bool) -> Vec<String> {
    rust_files()
        .iter()
        .filter(|(path, _)| !path.ends_with("tests/tidy.rs") && of_interest(path))
        .flat_map(|(path, text)| {
            text.lines()
                .enumerate()
                .map(move |(number, line)| (path, number, line))
        })
        .filter(|(_, _, line)| words.iter().any(|word| line.contains(word)))
        .map(|(path, number, line)| format!("{}:{}: {}", path.display(), number + 1, line.trim()))
        .collect()
}

#[test]
fn every_file_says_what_it_is_for() {
    let silent = rust_files().into_iter().filter(|(_, text)| {
        !text.trim_start().starts_with("//!") && !text.trim_start().starts_with("#![doc")
    });
    none(
        "files without a module doc",
        silent.map(|(path, _)| path.display().to_string()),
    );
}

#[test]
fn each_crate_has_a_readme() {
    let crates = fs::read_dir(root().join("crates"))
        .unwrap()
        .map(|entry| entry.unwrap().path());
    none(
        "crates without a README",
        crates
            .filter(|path| !path.join("README.md").is_file())
            .map(|path| path.display().to_string()),
    );
}

#[test]
fn modules_are_files_of_their_own_name() {
    let old = rust_files()
        .into_iter()
        .filter(|(path, _)| path.file_name().is_some_and(|name| name == "mod.rs"));
    none(
        "mod.rs in place of name.rs",
        old.map(|(path, _)| path.display().to_string()),
    );
}

#[test]
fn no_test_is_put_off() {
    none("ignored tests", lines_with(&["#[ignore"], |_| true));
}

#[test]
fn nothing_is_left_for_later() {
    none(
        "unfinished",
        lines_with(&["todo!(", "unimplemented!(", "FIXME"], |_| true),
    );
}

#[test]
fn no_test_waits_for_the_clock() {
    let sleeps = ["thread::sleep(", "time::sleep(", "sleep_until("];
    none("sleeps in tests", lines_with(&sleeps, is_test));
}

fn is_test(path: &Path) -> bool {
    path.starts_with("tests")
        || path.components().any(|part| part.as_os_str() == "tests")
        || path.file_name().is_some_and(|name| name == "tests.rs")
}

#[test]
fn suppressions_speak() {
    none(
        "allow in place of expect",
        lines_with(&["#[allow(", "#![allow("], |_| true),
    );
}

#[test]
fn the_command_line_is_the_one_that_the_readme_tells_of() {
    let readme = read("README.md");
    let mut told: Vec<Vec<&str>> = readme
        .split('`')
        .filter_map(|quoted| quoted.strip_prefix("changegate "))
        .map(|rest| {
            rest.split_whitespace()
                .take_while(|word| word.bytes().all(|b| b.is_ascii_lowercase()))
                .collect()
        })
        .collect();
    told.sort();
    told.dedup();
    assert!(told.len() > 5, "the README tells of {} commands", told.len());
    let refused = told.into_iter().filter(|words| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_changegate"));
        !command
            .args(words)
            .arg("--help")
            .output()
            .unwrap()
            .status
            .success()
    });
    none(
        "commands of the README that the program does not know",
        refused.map(|words| words.join(" ")),
    );
}

#[test]
fn links_inside_the_documents_lead_somewhere() {
    for document in ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "ARCHITECTURE.md"] {
        let text = read(document);
        let dead = text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split([')', '#']).next())
            .filter(|link| !link.is_empty() && !link.contains("://") && !link.starts_with("mailto:"))
            .filter(|link| !root().join(link).exists());
        none(&format!("dead links in {document}"), dead.map(str::to_owned));
    }
}

/// The part of ARCHITECTURE.md between these is made from the code.
const DIAGRAM: [&str; 2] = ["<!-- lifecycle:begin -->\n", "<!-- lifecycle:end -->"];

#[test]
fn the_diagram_in_the_architecture_is_the_machines() {
    let document = read("ARCHITECTURE.md");
    let drawn = document
        .split_once(DIAGRAM[0])
        .and_then(|(_, rest)| rest.split_once(DIAGRAM[1]))
        .map_or("", |(drawn, _)| drawn);
    let right = format!("```mermaid\n{}```\n", changegate_lifecycle::diagram());
    assert!(
        drawn == right,
        "ARCHITECTURE.md shows another machine. Between its lifecycle markers has to stand:\n{right}"
    );
}

/// Released migrations stay as they are. When a release is made, its migrations are added here.
const RELEASED: &[&str] = &[];

#[test]
fn migrations_are_only_ever_added() {
    let source = read("migrations/src/lib.rs");
    let names: Vec<&str> = source.split('"').filter(|word| word.starts_with("m20")).collect();
    assert!(names.is_sorted(), "migrations out of order: {names:?}");
    assert!(
        names.starts_with(RELEASED),
        "a released migration was changed or moved: {names:?}"
    );
}
