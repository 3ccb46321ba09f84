//! Changes are found by an issue that they name, and by their numbers.

use changegate_store::Advance;

use crate::database::{Fixture, on_all_databases};
use crate::material::{draft, first_step};

on_all_databases!(
    open_changes_are_found_by_an_issue,
    an_edited_form_is_found_by_what_it_names_now,
    changes_are_found_by_number_open_or_not,
);

fn step(sp_no: &str, keys: &[&str]) -> Advance {
    let mut step = first_step(sp_no);
    step.change.jira_keys = keys.iter().map(|key| (*key).to_owned()).collect();
    step
}

async fn open_changes_are_found_by_an_issue(f: Fixture) {
    let long = "X".repeat(300);
    for (sp_no, keys) in [
        ("202611240002", vec!["TRADE-1", "TRADE-1", "QUOTE-7"]),
        ("202611240001", vec!["TRADE-1", long.as_str()]),
        ("202611240003", vec!["TRADE-10"]),
        ("202611240004", vec![]),
    ] {
        f.store.commit(&step(sp_no, &keys)).await.expect("stored");
    }
    let mut closed = step("202611240005", &["TRADE-1"]);
    closed.change.open = false;
    f.store.commit(&closed).await.expect("stored");
    for (key, expected) in [
        ("TRADE-1", vec!["202611240002", "202611240001"]),
        ("TRADE-10", vec!["202611240003"]),
        (long.as_str(), vec!["202611240001"]),
        ("trade-1", vec![]),
        ("TRADE-%", vec![]),
        ("", vec![]),
    ] {
        let found = f.store.open_changes_with_key(key).await.expect("asked");
        assert_eq!(found, expected, "{key}");
    }
}

async fn an_edited_form_is_found_by_what_it_names_now(f: Fixture) {
    let sp_no = "202611240001";
    let forms = [
        (vec!["TRADE-1"], true),
        (vec!["TRADE-1", "TRADE-2"], true),
        (vec!["TRADE-2"], false),
        (vec![], false),
        (vec!["TRADE-1"], true),
    ];
    for (version, (keys, found)) in forms.into_iter().enumerate() {
        let edited = Advance {
            expected_version: (version > 0).then(|| i64::try_from(version).expect("small")),
            ..step(sp_no, &keys)
        };
        f.store.commit(&edited).await.expect("stored");
        let open = f.store.open_changes_with_key("TRADE-1").await.expect("asked");
        assert_eq!(open == [sp_no], found, "{version}");
    }
}

async fn changes_are_found_by_number_open_or_not(f: Fixture) {
    let mut closed = first_step("202611240002");
    closed.change.open = false;
    f.store.commit(&closed).await.expect("stored");
    f.store.commit(&first_step("202611240001")).await.expect("stored");
    let asked: Vec<String> = ["202611240002", "202611240001", "202611249999"]
        .map(str::to_owned)
        .into();
    let found = f.store.changes_of(&asked).await.expect("asked");
    let numbers: Vec<&str> = found.iter().map(|change| change.sp_no.as_str()).collect();
    assert_eq!(numbers, ["202611240001", "202611240002"]);
    assert_eq!(found[1].title, draft("202611240002").title);
    assert_eq!(f.store.changes_of(&[]).await.expect("asked"), []);
    // Beyond the bound nothing is looked up.
    let mut many = vec!["x".to_owned(); 50];
    many.extend(asked);
    assert_eq!(f.store.changes_of(&many).await.expect("asked"), []);
}
