//! What holds for every template.

use std::collections::BTreeSet;

use crate::letter::{CUT, EXTRA, POINT};
use crate::templates::{TEMPLATES, environment};
use crate::words::Words;

fn known_words() -> BTreeSet<String> {
    let words = serde_json::to_value(Words::default()).unwrap();
    words.as_object().unwrap().keys().cloned().collect()
}

#[test]
fn every_template_parses_and_names_only_known_words() {
    let environment = environment().unwrap();
    let known = known_words();
    for (name, _) in TEMPLATES {
        let template = environment.get_template(name).unwrap();
        let unknown: Vec<String> = template
            .undeclared_variables(false)
            .into_iter()
            .filter(|word| !known.contains(word))
            .collect();
        assert!(unknown.is_empty(), "{name} names {unknown:?}");
    }
}

#[test]
fn every_word_is_named_by_some_template() {
    let environment = environment().unwrap();
    let named: BTreeSet<String> = TEMPLATES
        .iter()
        .flat_map(|(name, _)| {
            environment
                .get_template(name)
                .unwrap()
                .undeclared_variables(false)
        })
        .collect();
    let idle: Vec<String> = known_words().difference(&named).cloned().collect();
    assert!(idle.is_empty(), "{idle:?}");
}

#[test]
fn every_file_is_a_template_of_the_program() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
    let mut files = BTreeSet::new();
    let mut folders = vec![std::path::PathBuf::from(root)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.insert(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    let known: BTreeSet<String> = TEMPLATES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(files, known);
}

#[test]
fn the_first_line_of_every_message_says_what_to_do_in_our_own_words() {
    for (name, text) in TEMPLATES.iter().filter(|(name, _)| !name.starts_with("part/")) {
        let first = text.lines().find(|line| !line.starts_with("{%")).unwrap();
        let whole_message =
            !name.ends_with(".card.txt") && !name.starts_with("mail/") && !name.starts_with("group/");
        if whole_message && *name != "line.txt" {
            assert!(
                first.starts_with("**") && first.ends_with("**"),
                "{name}: {first}"
            );
        }
        assert!(first.chars().count() > 4, "{name}: {first}");
    }
}

#[test]
fn a_template_holds_no_mark_of_ours() {
    for (name, text) in TEMPLATES {
        assert!(!text.contains([CUT, POINT, EXTRA]), "{name}");
        assert!(text.ends_with('\n'), "{name}");
    }
}
