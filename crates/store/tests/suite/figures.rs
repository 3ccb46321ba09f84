//! What figures are made from: the columns of a change, and the changes of a period.

use changegate_store::{Advance, ChangeDraft, NewWaiver, RuleDecision, Store, StoreError};
use sea_orm::ConnectionTrait;

use crate::database::{Fixture, on_all_databases};
use crate::material::{at, draft, first_step};

on_all_databases!(
    what_figures_need_is_kept,
    rows_from_before_have_empty_figures,
    a_period_holds_what_began_was_done_or_ended_in_it,
    a_period_of_many_pages_is_whole,
    open_changes_are_found_by_their_stage,
    waivers_are_asked_for_and_decided_within_a_step,
    a_waiver_that_is_not_open_spoils_the_step,
);

async fn store_change(store: &Store, change: ChangeDraft) {
    let first = Advance {
        messages: Vec::new(),
        change,
        ..first_step("1")
    };
    store.commit(&first).await.expect("stored");
}

async fn what_figures_need_is_kept(f: Fixture) {
    let change = ChangeDraft {
        approved_at: Some(at(10)),
        executed_at: Some(at(20)),
        verified_at: Some(at(30)),
        closed_at: Some(at(40)),
        outcome: Some("succeeded".to_owned()),
        first_verdict: "compliant".to_owned(),
        signed_despite: 2,
        anomalies: 3,
        incident: true,
        claim: true,
        ..draft("1")
    };
    store_change(&f.store, change.clone()).await;
    let stored = f.store.change("1").await.expect("read").expect("there");
    assert_eq!(stored.draft, change);
}

async fn rows_from_before_have_empty_figures(f: Fixture) {
    store_change(&f.store, draft("1")).await;
    let steps = f.store.migration_status().await.expect("status");
    let first = steps
        .iter()
        .position(|step| step.name.ends_with("changes_executed_at"))
        .expect("the step is there");
    let down = u32::try_from(steps.len() - first).expect("few");
    f.store.migrate_down(Some(down)).await.expect("down");
    f.store.migrate_up().await.expect("up");
    let expected = ChangeDraft {
        first_verdict: String::new(),
        ..draft("1")
    };
    let stored = f.store.change("1").await.expect("read").expect("still there");
    assert_eq!(stored.draft, expected);
}

async fn a_period_holds_what_began_was_done_or_ended_in_it(f: Fixture) {
    let outside = |sp_no: &str| ChangeDraft {
        apply_time: Some(at(-5)),
        ..draft(sp_no)
    };
    for change in [
        ChangeDraft {
            apply_time: Some(at(9)),
            ..draft("applied")
        },
        ChangeDraft {
            executed_at: Some(at(0)),
            ..outside("executed")
        },
        ChangeDraft {
            closed_at: Some(at(5)),
            apply_time: Some(at(-9)),
            ..outside("closed")
        },
        ChangeDraft {
            executed_at: Some(at(2)),
            closed_at: Some(at(3)),
            apply_time: Some(at(1)),
            ..draft("all")
        },
        ChangeDraft {
            apply_time: None,
            closed_at: Some(at(1)),
            ..draft("unknown")
        },
        ChangeDraft {
            executed_at: Some(at(10)),
            closed_at: Some(at(-1)),
            ..outside("never")
        },
    ] {
        store_change(&f.store, change).await;
    }
    let found = f.store.changes_in_period(at(0), at(10)).await.expect("read");
    let numbers: Vec<_> = found.iter().map(|change| change.draft.sp_no.as_str()).collect();
    assert_eq!(numbers, ["closed", "executed", "all", "applied", "unknown"]);
    assert!(found.iter().all(|change| change.draft.told.is_null()));
    assert_eq!(found[2].draft.executed_at, Some(at(2)));
}

/// Copies the one stored change so often.
async fn copy(f: &Fixture, copies: u32) {
    let raw = f.raw().await;
    let columns = "title, urgency, stage, verdict, applicant, team, system_name, feature, change_day, planned_from, \
                   planned_until, template_id, sp_status, is_open, jira_keys, policy_sha256, content_hash, \
                   seen_at, told, version, timeline_length, timeline_head, created_at, updated_at";
    for hundred in 0..copies / 100 {
        let rows: Vec<_> = (0..100)
            .map(|n| {
                let number = hundred * 100 + n;
                let second = i64::from(number / 700);
                let time = at(second).timestamp_micros();
                format!("SELECT 'c{number:06}', {time}, {time}, {columns} FROM changes WHERE sp_no = '1'")
            })
            .collect();
        let sql = format!(
            "INSERT INTO changes (sp_no, apply_time, closed_at, {columns}) {}",
            rows.join(" UNION ALL ")
        );
        raw.execute_unprepared(&sql).await.expect("copied");
    }
    raw.close().await.expect("closed");
}

async fn a_period_of_many_pages_is_whole(f: Fixture) {
    let outside = ChangeDraft {
        apply_time: Some(at(-100)),
        ..draft("1")
    };
    store_change(&f.store, outside).await;
    copy(&f, 5_000).await;
    let found = f.store.changes_in_period(at(0), at(100)).await.expect("read");
    let numbers: Vec<_> = found.into_iter().map(|change| change.draft.sp_no).collect();
    let expected: Vec<_> = (0..5_000).map(|n| format!("c{n:06}")).collect();
    assert_eq!(numbers, expected);
}

async fn open_changes_are_found_by_their_stage(f: Fixture) {
    for (sp_no, stage, open, planned) in [
        ("1", "approved", true, 50),
        ("2", "executed", true, 20),
        ("3", "approved", false, 10),
        ("4", "submitted", true, 10),
    ] {
        let change = ChangeDraft {
            stage: stage.to_owned(),
            open,
            planned_from: Some(at(planned)),
            ..draft(sp_no)
        };
        store_change(&f.store, change).await;
    }
    let found = f
        .store
        .open_changes_in_stage(&["approved", "executed"])
        .await
        .expect("read");
    let numbers: Vec<_> = found.iter().map(|change| change.draft.sp_no.as_str()).collect();
    assert_eq!(numbers, ["2", "1"]);
    assert!(!found[0].draft.told.is_null());
    assert_eq!(f.store.open_changes_in_stage(&[]).await.expect("read"), []);
}

fn ask(rule: &str) -> NewWaiver {
    NewWaiver {
        sp_no: "1".to_owned(),
        rule: rule.to_owned(),
        reason: "监管要求".to_owned(),
        requested_by: "zhangsan".to_owned(),
    }
}

fn decide(rule: &str, granted: bool) -> RuleDecision {
    RuleDecision {
        sp_no: "1".to_owned(),
        rule: rule.to_owned(),
        granted,
        by: "lishi".to_owned(),
        reason: "已核实".to_owned(),
    }
}

async fn waivers_are_asked_for_and_decided_within_a_step(f: Fixture) {
    let first = Advance {
        new_waivers: vec![ask("cutoff"), ask("freeze"), ask("window")],
        ..first_step("1")
    };
    f.store.commit(&first).await.expect("stored");
    assert_eq!(f.store.open_waivers("1").await.expect("read").len(), 3);
    assert_eq!(f.store.open_waivers("2").await.expect("read"), []);
    let second = Advance {
        expected_version: Some(1),
        decide_waivers: vec![decide("cutoff", true), decide("freeze", false)],
        ..first_step("1")
    };
    f.store.commit(&second).await.expect("stored");
    let rules = |waivers: Vec<changegate_store::Waiver>| -> Vec<String> {
        waivers.into_iter().map(|waiver| waiver.rule).collect()
    };
    assert_eq!(rules(f.store.open_waivers("1").await.expect("read")), ["window"]);
    let granted = f.store.granted_waivers("1").await.expect("read");
    let decision = granted[0].decision.clone().expect("decided");
    assert_eq!((decision.by.as_str(), decision.at), ("lishi", first.now));
    assert_eq!(rules(granted), ["cutoff"]);
}

async fn a_waiver_that_is_not_open_spoils_the_step(f: Fixture) {
    let spoilt = Advance {
        new_waivers: vec![ask("cutoff")],
        decide_waivers: vec![decide("freeze", true)],
        ..first_step("1")
    };
    let refused = f.store.commit(&spoilt).await;
    assert!(matches!(refused, Err(StoreError::NotFound { .. })), "{refused:?}");
    assert_eq!(f.store.waivers_of("1").await.expect("read"), []);
    assert_eq!(f.store.change("1").await.expect("read"), None);
}
