//! A step is stored whole or not at all, on the version it was decided on.

use changegate_store::{
    Advance, ChangeDraft, ChangeFilter, Neighbourhood, NewSubmission, OpenChange, StoreError, TimelineCheck,
};
use sea_orm::ConnectionTrait;
use serde_json::json;
use tokio::task::JoinSet;

use crate::database::{Fixture, on_all_databases};
use crate::material::{LEASE, at, draft, entry, event, first_step, message};

on_all_databases!(
    a_step_is_stored_whole,
    a_step_on_an_old_version_stores_nothing,
    a_step_on_a_lost_lease_stores_nothing,
    of_many_steps_at_once_one_wins,
    the_same_content_is_kept_once,
    what_a_form_says_at_length_is_cut_not_refused,
    tampering_with_the_timeline_shows,
    the_timeline_can_be_added_to_alone,
    lists_are_filtered_and_paged,
    the_longest_unseen_come_first,
    neighbours_share_an_issue_or_system_and_day,
    small_things_are_remembered,
);

const SP: &str = "202611240001";

async fn a_step_is_stored_whole(f: Fixture) {
    f.store
        .insert_events(&[event(SP, "a"), event(SP, "b")])
        .await
        .expect("stored");
    let batch = f
        .store
        .claim_events(at(1), LEASE, 10)
        .await
        .expect("claimed")
        .remove(0);
    let step = Advance {
        lease: Some(batch.lease()),
        ..first_step(SP)
    };
    let committed = f.store.commit(&step).await.expect("stored");
    assert_eq!(
        (
            committed.version,
            committed.submission_is_new,
            committed.messages_added
        ),
        (1, true, 1)
    );

    let change = f.store.change(SP).await.expect("read").expect("there");
    assert_eq!(change.draft, draft(SP));
    assert_eq!(
        (change.version, change.timeline_length, change.created_at),
        (1, 2, at(2))
    );
    let verdict = f.store.latest_verdict(SP).await.expect("read").expect("there");
    assert_eq!(verdict.body, step.verdict.clone().expect("given").body);
    let submission = f.store.latest_submission(SP).await.expect("read").expect("there");
    assert_eq!(submission.body, json!({ "title": "条件单" }));
    let timeline = f.store.timeline(SP).await.expect("read");
    assert_eq!(
        timeline
            .iter()
            .map(|entry| entry.what.as_str())
            .collect::<Vec<_>>(),
        ["submitted", "evaluated"]
    );
    assert_eq!(
        f.store.messages_of(SP).await.expect("read")[0].body,
        step.messages[0].body
    );
    assert_eq!(f.store.inbox_counts().await.expect("counts").done, 2);
    f.store.wake().outbox.notified().await;
}

async fn a_step_on_an_old_version_stores_nothing(f: Fixture) {
    f.store.commit(&first_step(SP)).await.expect("stored");
    for expected_version in [None, Some(2)] {
        let step = Advance {
            expected_version,
            messages: vec![message("other", "lisi")],
            ..first_step(SP)
        };
        let error = f.store.commit(&step).await.expect_err("an old version");
        assert!(matches!(error, StoreError::VersionConflict { .. }), "{error}");
    }
    let missing = Advance {
        expected_version: Some(1),
        ..first_step("202611240002")
    };
    assert!(matches!(
        f.store.commit(&missing).await,
        Err(StoreError::VersionConflict { .. })
    ));
    assert_eq!(f.store.messages_of(SP).await.expect("read").len(), 1);
    assert_eq!(f.store.timeline(SP).await.expect("read").len(), 2);
    assert_eq!(f.store.verdicts(SP).await.expect("read").len(), 1);
}

async fn a_step_on_a_lost_lease_stores_nothing(f: Fixture) {
    f.store.insert_events(&[event(SP, "a")]).await.expect("stored");
    let late = f
        .store
        .claim_events(at(1), LEASE, 10)
        .await
        .expect("claimed")
        .remove(0);
    let now = f
        .store
        .claim_events(at(60), LEASE, 10)
        .await
        .expect("claimed")
        .remove(0);
    let step = Advance {
        lease: Some(late.lease()),
        ..first_step(SP)
    };
    let error = f.store.commit(&step).await.expect_err("lost");
    assert!(matches!(error, StoreError::LeaseLost { .. }), "{error}");
    assert_eq!(f.store.change(SP).await.expect("read"), None);
    f.store
        .commit(&Advance {
            lease: Some(now.lease()),
            ..first_step(SP)
        })
        .await
        .expect("stored");
}

async fn of_many_steps_at_once_one_wins(f: Fixture) {
    let mut steps = JoinSet::new();
    for _ in 0..8 {
        let store = f.store.clone();
        steps.spawn(async move { store.commit(&first_step(SP)).await });
    }
    let outcomes = steps.join_all().await;
    let conflicts = outcomes
        .iter()
        .filter(|o| matches!(o, Err(StoreError::VersionConflict { .. })))
        .count();
    assert_eq!(
        (outcomes.iter().filter(|o| o.is_ok()).count(), conflicts),
        (1, 7),
        "{outcomes:?}"
    );
    assert_eq!(f.store.messages_of(SP).await.expect("read").len(), 1);
}

async fn the_same_content_is_kept_once(f: Fixture) {
    f.store.commit(&first_step(SP)).await.expect("stored");
    let again = f
        .store
        .commit(&Advance {
            expected_version: Some(1),
            ..first_step(SP)
        })
        .await
        .expect("stored");
    assert_eq!(
        (again.version, again.submission_is_new, again.messages_added),
        (2, false, 0)
    );
    let other = NewSubmission {
        content_hash: "ef".repeat(32),
        body: json!({ "title": "改" }),
    };
    let step = Advance {
        expected_version: Some(2),
        submission: Some(other),
        now: at(9),
        ..first_step(SP)
    };
    assert!(f.store.commit(&step).await.expect("stored").submission_is_new);
    let bodies: Vec<_> = f
        .store
        .submissions(SP)
        .await
        .expect("read")
        .into_iter()
        .map(|s| s.body)
        .collect();
    assert_eq!(bodies, [json!({ "title": "条件单" }), json!({ "title": "改" })]);
    assert_eq!(f.store.verdicts(SP).await.expect("read").len(), 3);
}

async fn what_a_form_says_at_length_is_cut_not_refused(f: Fixture) {
    let change = ChangeDraft {
        urgency: "急".repeat(500),
        title: "长\0".repeat(40_000),
        team: "组".repeat(300),
        ..draft(SP)
    };
    f.store
        .commit(&Advance {
            change,
            ..first_step(SP)
        })
        .await
        .expect("stored");
    let stored = f.store.change(SP).await.expect("read").expect("there").draft;
    assert_eq!((stored.urgency, stored.team), ("急".repeat(64), "组".repeat(128)));
    assert_eq!(stored.title, "长\u{fffd}".repeat(40_000));
}

async fn tampering_with_the_timeline_shows(f: Fixture) {
    f.store.commit(&first_step(SP)).await.expect("stored");
    f.store
        .append_timeline(SP, &[entry("approved"), entry("executed")])
        .await
        .expect("added");
    assert_eq!(
        f.store.verify_timeline(SP).await.expect("checked"),
        TimelineCheck::Intact { entries: 4 }
    );
    let raw = f.raw().await;
    let tamper = async |sql: &str| raw.execute_unprepared(sql).await.expect("tampered");
    let broken_at = async || match f.store.verify_timeline(SP).await.expect("checked") {
        TimelineCheck::Broken { seq, .. } => Some(seq),
        TimelineCheck::Intact { .. } => None,
    };
    tamper("DELETE FROM timeline WHERE seq = 4").await;
    assert_eq!(broken_at().await, Some(4));
    tamper("UPDATE timeline SET who = '李四' WHERE seq = 2").await;
    assert_eq!(broken_at().await, Some(2));
    tamper("DELETE FROM timeline WHERE seq = 1").await;
    assert_eq!(broken_at().await, Some(1));
    raw.close().await.expect("closed");
}

async fn the_timeline_can_be_added_to_alone(f: Fixture) {
    f.store.commit(&first_step(SP)).await.expect("stored");
    let mut writers = JoinSet::new();
    for _ in 0..6 {
        let store = f.store.clone();
        writers.spawn(async move {
            store
                .append_timeline(SP, &[entry("a"), entry("b")])
                .await
                .expect("added");
        });
    }
    writers.join_all().await;
    assert_eq!(
        f.store.verify_timeline(SP).await.expect("checked"),
        TimelineCheck::Intact { entries: 14 }
    );
    let nowhere = f.store.append_timeline("2", &[entry("a")]).await;
    assert!(matches!(nowhere, Err(StoreError::NotFound { .. })), "{nowhere:?}");
}

async fn neighbours_share_an_issue_or_system_and_day(f: Fixture) {
    let day = draft("").change_day;
    let other_day = day.and_then(|day| day.succ_opt());
    for (n, keys, system, change_day, open) in [
        (0, "TRADE-1024", "行情", other_day, true),
        (1, "TRADE-7", "行情", day, true),
        (2, "TRADE-7", "行情", other_day, true),
        (3, "TRADE-1024", "行情", day, false),
        (4, "TRADE-10244", "交易", day, true),
        (5, "TRADE-1024", "行情", day, true),
    ] {
        let sp_no = format!("20261124000{n}");
        let jira_keys = vec![keys.to_owned()];
        let change = ChangeDraft {
            jira_keys,
            system: system.to_owned(),
            change_day,
            open,
            ..draft(&sp_no)
        };
        let step = Advance {
            change,
            messages: vec![],
            ..first_step(&sp_no)
        };
        f.store.commit(&step).await.expect("stored");
    }
    let jira_keys = ["TRADE-1024".to_owned()];
    let near = |system| Neighbourhood {
        sp_no: "202611240005",
        jira_keys: &jira_keys,
        system,
        change_day: day,
    };
    let beside = |found: Vec<OpenChange>| found.into_iter().map(|other| other.sp_no).collect::<Vec<_>>();
    let found = f.store.open_changes_beside(&near("行情")).await.expect("found");
    assert_eq!(beside(found), ["202611240000", "202611240001"]);
    let found = f.store.open_changes_beside(&near("")).await.expect("found");
    assert_eq!(beside(found), ["202611240000"]);
    let nothing = Neighbourhood {
        jira_keys: &[],
        ..near("")
    };
    assert_eq!(f.store.open_changes_beside(&nothing).await.expect("found"), []);
}

async fn lists_are_filtered_and_paged(f: Fixture) {
    for n in 0..5 {
        let sp_no = format!("20261124000{n}");
        let change = ChangeDraft {
            open: n != 2,
            apply_time: Some(at(n)),
            ..draft(&sp_no)
        };
        f.store
            .commit(&Advance {
                change,
                messages: vec![],
                ..first_step(&sp_no)
            })
            .await
            .expect("stored");
    }
    let open = ChangeFilter {
        open: Some(true),
        team: Some("交易".to_owned()),
        ..ChangeFilter::default()
    };
    let mut after = None;
    let mut seen = Vec::new();
    loop {
        let page = f.store.changes(&open, after.as_deref(), 2).await.expect("listed");
        seen.extend(page.items.into_iter().map(|change| change.draft.sp_no));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(
        seen,
        ["202611240004", "202611240003", "202611240001", "202611240000"]
    );
    let period = ChangeFilter {
        from: Some(at(1)),
        to: Some(at(3)),
        ..ChangeFilter::default()
    };
    let numbers = |page: changegate_store::Page<changegate_store::Change>| page.items.len();
    assert_eq!(
        numbers(f.store.changes(&period, None, 50).await.expect("listed")),
        2
    );
    let asked = ["202611240002".to_owned(), "x".to_owned()];
    assert_eq!(
        f.store.known_sp_nos(&asked).await.expect("asked"),
        ["202611240002"]
    );
}

async fn the_longest_unseen_come_first(f: Fixture) {
    for (sp_no, seen_at) in [
        ("1", Some(at(50))),
        ("2", None),
        ("3", Some(at(10))),
        ("4", Some(at(99))),
    ] {
        let change = ChangeDraft {
            seen_at,
            ..draft(sp_no)
        };
        f.store
            .commit(&Advance {
                change,
                ..first_step(sp_no)
            })
            .await
            .expect("stored");
    }
    assert_eq!(
        f.store
            .open_changes_unseen_since(at(60), 10)
            .await
            .expect("asked"),
        ["2", "3", "1"]
    );
}

async fn small_things_are_remembered(f: Fixture) {
    assert_eq!(f.store.state("cursor").await.expect("read"), None);
    for value in [json!("a"), json!({ "至": 7 })] {
        f.store.set_state("cursor", &value, at(0)).await.expect("stored");
        assert_eq!(f.store.state("cursor").await.expect("read"), Some(value));
    }
}
