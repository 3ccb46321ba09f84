//! Signatures on forms that broke rules are listed, with when the signer had been warned.

use changegate_store::{Advance, NewEntry, SignedDespite};
use serde_json::json;

use crate::database::{Fixture, on_all_databases};
use crate::material::{at, draft, first_step};

on_all_databases!(signatures_on_broken_rules_are_listed_with_their_warning);

const SP: &str = "202611240001";

fn signed(who: &str, seconds: i64, despite: &[&str]) -> NewEntry {
    NewEntry {
        at: at(seconds),
        what: "signed".to_owned(),
        who: who.to_owned(),
        detail: json!({ "text": "已同意", "despite": despite, "role": "ccb", "minutes": 3 }),
    }
}

fn told(to: &str, notice: &str, seconds: i64) -> NewEntry {
    NewEntry {
        at: at(seconds),
        what: "told".to_owned(),
        who: "changegate".to_owned(),
        detail: json!({ "text": format!("已通知 {to}"), "to": to, "notice": notice, "duty": null }),
    }
}

async fn signatures_on_broken_rules_are_listed_with_their_warning(f: Fixture) {
    let first = Advance {
        timeline: vec![
            told("tlead", "before_signing", 0),
            told("tlead", "duty", 30),
            told("dlead", "before_signing", 40),
            signed("dlead", 50, &[]),
            told("tlead", "breach", 60),
            signed("tlead", 480, &["cutoff", "jira-exists"]),
            signed("ccb", 500, &["cutoff"]),
            told("ccb", "before_signing", 600),
        ],
        ..first_step(SP)
    };
    f.store.commit(&first).await.expect("stored");
    let other = Advance {
        timeline: vec![
            told("ops", "breach", 100),
            signed("ops", 220, &["uat-accepted"]),
            signed("late", 9_000, &["uat-accepted"]),
        ],
        ..first_step("202611240002")
    };
    f.store.commit(&other).await.expect("stored");

    let line =
        |sp_no: &str, approver: &str, signed_at, rules: &[&str], warned_at: Option<i64>| SignedDespite {
            sp_no: sp_no.to_owned(),
            title: draft(sp_no).title,
            team: "交易".to_owned(),
            approver: approver.to_owned(),
            signed_at: at(signed_at),
            rules: rules.iter().map(|rule| (*rule).to_owned()).collect(),
            warned_at: warned_at.map(at),
        };
    let listed = f
        .store
        .signed_despite(at(0), at(9_000), 10)
        .await
        .expect("listed");
    let expected = [
        line("202611240002", "ops", 220, &["uat-accepted"], Some(100)),
        line(SP, "tlead", 480, &["cutoff", "jira-exists"], Some(60)),
        line(SP, "ccb", 500, &["cutoff"], None),
    ];
    assert_eq!(listed, expected);
    let minutes: Vec<Option<i64>> = listed.iter().map(SignedDespite::minutes_after_warning).collect();
    assert_eq!(minutes, [Some(2), Some(7), None]);
    assert_eq!(
        f.store
            .signed_despite(at(0), at(9_000), 1)
            .await
            .expect("listed")
            .len(),
        1
    );
    assert_eq!(
        f.store.signed_despite(at(0), at(100), 10).await.expect("listed"),
        []
    );
}
