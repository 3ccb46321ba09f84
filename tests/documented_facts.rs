//! `docs/facts.md` against what is really read: each of its examples is a facts file.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of a test; a broken document may stop the run"
)]

use changegate_policy::Facts;
use serde_json::Value;

const DOCUMENT: &str = include_str!("../docs/facts.md");

fn examples() -> Vec<&'static str> {
    DOCUMENT
        .split("```json\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap())
        .collect()
}

#[test]
fn every_example_is_read_and_nothing_of_it_is_lost() {
    for example in examples() {
        let facts: Facts =
            serde_json::from_str(example).unwrap_or_else(|error| panic!("{error}:\n{example}"));
        let again: Facts = serde_json::from_value(serde_json::to_value(&facts).unwrap()).unwrap();
        assert_eq!(facts, again, "{example}");
    }
}

#[test]
fn every_part_has_an_example() {
    let shown: Vec<Value> = examples()
        .iter()
        .map(|example| serde_json::from_str(example).unwrap())
        .collect();
    let parts = serde_json::to_value(Facts::default()).unwrap();
    for part in parts.as_object().unwrap().keys() {
        assert!(
            shown.iter().any(|example| example.get(part).is_some()),
            "no example of `{part}`"
        );
        assert!(
            DOCUMENT.contains(&format!("| `{part}` |")),
            "`{part}` is not in the table"
        );
    }
}
