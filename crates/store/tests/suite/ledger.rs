//! The ledger of a period: events, messages, rules, and how approvals came to be known.

use changegate_store::{
    Advance, ApprovalsKnown, ChannelLine, EventSource, Ledger, NewMessage, NewVerdict, NewWaiver, RuleLine,
    SendLimits, WaiverDecision,
};
use serde_json::{Value, json};

use crate::database::{Fixture, on_all_databases};
use crate::material::{LEASE, at, event, first_step, message};

on_all_databases!(
    the_ledger_counts_a_period,
    each_change_counts_once_per_rule_and_status,
    more_verdicts_than_a_page_are_all_counted,
    approvals_are_counted_by_how_they_came_to_be_known,
);

const SP: &str = "202611240001";

async fn the_ledger_counts_a_period(f: Fixture) {
    f.store
        .insert_events(&[event(SP, "a"), event(SP, "b")])
        .await
        .expect("stored");
    f.store.commit(&first_step(SP)).await.expect("stored");
    f.store
        .commit(&Advance {
            expected_version: Some(1),
            ..first_step(SP)
        })
        .await
        .expect("stored");
    give_up_a_mail(&f).await;
    let ledger = f.store.ledger(at(-10), at(10)).await.expect("counted");
    let expected = Ledger {
        events_by_callback: 2,
        changes_evaluated: 1,
        verdicts: 2,
        messages: 2,
        messages_undeliverable: 1,
        messages_by_channel: vec![
            ChannelLine {
                channel: "mail".to_owned(),
                decided: 1,
                undeliverable: 1,
                ..ChannelLine::default()
            },
            ChannelLine {
                channel: "wecom_message".to_owned(),
                decided: 1,
                ..ChannelLine::default()
            },
        ],
        ..Ledger::default()
    };
    assert_eq!(ledger, expected);
    assert_eq!(
        f.store.ledger(at(10), at(20)).await.expect("counted"),
        Ledger::default()
    );
}

async fn give_up_a_mail(f: &Fixture) {
    let mail = NewMessage {
        channel: "mail".to_owned(),
        ..message("mail/1", "ops@example.com")
    };
    f.store.enqueue_messages(&[mail], at(3)).await.expect("stored");
    let claimed = f
        .store
        .claim_messages(at(4), LEASE, 10, SendLimits::default())
        .await
        .expect("claimed");
    for one in claimed {
        if one.message.channel == "mail" {
            f.store
                .undeliverable(one.message.id, one.token, "550 no such user")
                .await
                .expect("given up");
        } else {
            f.store
                .release_message(one.message.id, one.token, None, at(4))
                .await
                .expect("released");
        }
    }
}

fn judged(sp_no: &str, version: Option<i64>, now: i64, results: &Value) -> Advance {
    let first = first_step(sp_no);
    Advance {
        now: at(now),
        expected_version: version,
        verdict: Some(NewVerdict {
            body: json!({ "results": results }),
            ..first.verdict.clone().expect("given")
        }),
        ..first
    }
}

async fn each_change_counts_once_per_rule_and_status(f: Fixture) {
    let fails = json!([
        { "rule": "cutoff", "status": "fail", "message": "过了 16:00" },
        { "rule": "title-format", "status": "pass" },
        { "rule": "jira-exists", "status": "unknown" },
    ]);
    let mends = json!([
        { "rule": "cutoff", "status": "warn" },
        { "rule": "jira-exists", "status": "fail", "waived": true },
    ]);
    f.store
        .commit(&judged(SP, None, 0, &fails))
        .await
        .expect("stored");
    f.store
        .commit(&judged(SP, Some(1), 10, &fails))
        .await
        .expect("stored");
    f.store
        .commit(&judged(SP, Some(2), 20, &mends))
        .await
        .expect("stored");
    f.store
        .commit(&judged("202611240002", None, 30, &fails))
        .await
        .expect("stored");
    f.store
        .commit(&judged("202611240003", None, 500, &fails))
        .await
        .expect("stored");
    for (rule, granted, decided) in [
        ("cutoff", true, 40),
        ("cutoff", false, 41),
        ("cutoff", true, 500),
        ("uat-accepted", true, 42),
    ] {
        decide(&f, rule, granted, decided).await;
    }
    let line = |rule: &str, [failed, warned, unknown, waived]: [u64; 4]| RuleLine {
        rule: rule.to_owned(),
        failed,
        warned,
        unknown,
        waived,
    };
    let lines = f.store.ledger_rules(at(0), at(100)).await.expect("counted");
    let expected = [
        line("cutoff", [2, 1, 0, 1]),
        line("jira-exists", [1, 0, 2, 0]),
        line("uat-accepted", [0, 0, 0, 1]),
    ];
    assert_eq!(lines, expected);
    assert_eq!(
        f.store.ledger_rules(at(1_000), at(2_000)).await.expect("counted"),
        []
    );
}

async fn decide(f: &Fixture, rule: &str, granted: bool, seconds: i64) {
    let new = NewWaiver {
        sp_no: SP.to_owned(),
        rule: rule.to_owned(),
        reason: "监管要求".to_owned(),
        requested_by: "zhangsan".to_owned(),
    };
    let waiver = f.store.request_waiver(&new, at(0)).await.expect("stored");
    let decision = WaiverDecision {
        granted,
        by: "ops".to_owned(),
        reason: "已核实".to_owned(),
        at: at(seconds),
    };
    f.store
        .decide_waiver(waiver.id, &decision)
        .await
        .expect("decided");
}

async fn more_verdicts_than_a_page_are_all_counted(f: Fixture) {
    let fails = json!([{ "rule": "cutoff", "status": "fail" }]);
    for number in 0..450_u32 {
        let sp_no = format!("2026112{:05}", number / 2);
        let version = (number % 2 == 1).then_some(1);
        f.store
            .commit(&judged(&sp_no, version, i64::from(number / 200), &fails))
            .await
            .expect("stored");
    }
    let lines = f.store.ledger_rules(at(0), at(100)).await.expect("counted");
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].failed, 225);
}

async fn approvals_are_counted_by_how_they_came_to_be_known(f: Fixture) {
    let heard = [
        ("1", "TPL", Some(0), Some(EventSource::Callback)),
        ("2", "TPL", Some(99), Some(EventSource::Callback)),
        ("3", "TPL2", Some(50), Some(EventSource::Reconciliation)),
        ("4", "TPL", Some(50), None),
        ("5", "TPL", Some(100), Some(EventSource::Callback)),
        ("6", "OTHER", Some(50), Some(EventSource::Callback)),
        ("7", "TPL", None, Some(EventSource::Callback)),
        ("8", "TPL", Some(60), Some(EventSource::Manual)),
    ];
    for (sp_no, template, applied, source) in heard {
        let mut step = first_step(sp_no);
        step.change.template_id = template.to_owned();
        step.change.apply_time = applied.map(at);
        step.change.first_source = source;
        f.store.commit(&step).await.expect("stored");
    }
    let known = f
        .store
        .approvals_known(at(0), at(100), &["TPL", "TPL2"])
        .await
        .expect("counted");
    let expected = ApprovalsKnown {
        total: 5,
        by_callback: 2,
        by_reconciliation: 1,
        by_hand: 1,
        not_kept: 1,
        ..ApprovalsKnown::default()
    };
    assert_eq!(known, expected);
}
