//! When: windows, consent (八.1), freezes.

use std::sync::Arc;

use changegate_policy::{Policy, RuleId, RuleResult, Status, Urgency, Verdict};

use super::scene::{
    approved, asked, at, compliant, consented, in_short, in_stage, on, planned, result, verdict_of,
};
use crate::{Change, DeploymentState, Reported, Stage, gate};

#[test]
fn a_window_is_half_open() {
    let cases = [
        ("16:29:59", "denied urgency-window:outside_window"),
        ("16:30:00", "allowed"),
        ("20:59:59", "allowed"),
        ("21:00:00", "denied urgency-window:outside_window"),
    ];
    for stage in [Stage::Approved, Stage::Executing] {
        for (time, answer) in cases {
            assert_eq!(asked(&in_stage(stage), &compliant(), at(time)), answer, "{time}");
        }
    }
}

#[test]
fn another_window_than_its_own_is_none() {
    let thursday = on("2026-11-26", "17:00:00");
    assert_eq!(
        asked(&approved(), &compliant(), thursday),
        "denied urgency-window:outside_window"
    );
    assert_eq!(asked(&consented(approved()), &compliant(), thursday), "allowed");
}

#[test]
fn a_planned_range_decides_where_it_lies_inside_a_window() {
    let mut moved = planned(Urgency::Normal, "17:00:00", "18:00:00");
    moved.plan.opens = None;
    moved.plan.closes = None;
    assert_eq!(asked(&moved, &compliant(), at("20:00:00")), "allowed");
    let emergency = planned(Urgency::Emergency, "17:00:00", "18:00:00");
    assert_eq!(asked(&emergency, &compliant(), at("17:00:00")), "allowed");
    assert_eq!(
        asked(&emergency, &compliant(), at("12:00:00")),
        "denied urgency-window:outside_window"
    );
}

#[test]
fn an_emergency_outside_of_windows_needs_the_development_leads_consent() {
    let mut unplanned = approved();
    unplanned.plan.urgency = Some(Urgency::Emergency);
    for change in [planned(Urgency::Emergency, "12:00:00", "13:00:00"), unplanned] {
        for time in ["12:30:00", "17:00:00"] {
            assert_eq!(
                asked(&change, &compliant(), at(time)),
                "denied urgency-window:no_consent"
            );
            assert_eq!(
                asked(&consented(change.clone()), &compliant(), at(time)),
                "allowed"
            );
        }
    }
    let answer = gate(
        &planned(Urgency::Emergency, "12:00:00", "13:00:00"),
        &compliant(),
        Some(at("12:30:00")),
        at("12:30:00"),
        &Policy::built_in(),
    );
    assert!(
        answer.in_words().contains("需与研发小组长确认"),
        "{}",
        answer.in_words()
    );
    assert_eq!(answer.window, None);
}

/// 正常, begun at 17:00 of a Tuesday that is not its own.
fn begun_elsewhere(let_through: bool) -> Change {
    let mut change = in_stage(Stage::Executing);
    change.plan.opens = Some(on("2026-11-26", "16:30:00"));
    change.plan.closes = Some(on("2026-11-26", "21:00:00"));
    change.times.started = Some(at("17:00:00"));
    change.deployments = vec![Reported {
        id: "1".to_owned(),
        state: DeploymentState::Started,
        allowed: let_through,
    }];
    change
}

#[test]
fn what_the_button_began_in_another_window_may_go_on_in_it() {
    assert_eq!(
        asked(&begun_elsewhere(true), &compliant(), at("18:00:00")),
        "allowed"
    );
    assert_eq!(
        asked(&begun_elsewhere(true), &compliant(), at("21:00:00")),
        "denied urgency-window:outside_window"
    );
    assert_eq!(
        asked(&begun_elsewhere(false), &compliant(), at("18:00:00")),
        "denied urgency-window:outside_window"
    );
}

fn frozen_policy(exempt: &str) -> Arc<Policy> {
    let text = include_str!("../../../../../deploy/policy.toml");
    let freeze = format!(
        "[[freezes]]\nname = \"年终封网\"\nfrom = 2026-11-20\nuntil = 2026-11-30\n{exempt}\n\n[contacts]"
    );
    Arc::new(Policy::parse(&text.replace("[contacts]", &freeze), "policy.toml").unwrap())
}

#[test]
fn a_freeze_binds_unless_its_rule_is_waived_or_the_urgency_is_exempt() {
    let now = at("17:00:00");
    let of = |change: &Change, verdict: &Verdict, policy: &Policy| {
        in_short(&gate(change, verdict, Some(now), now, policy))
    };
    let policy = frozen_policy("");
    assert_eq!(
        of(&approved(), &compliant(), &policy),
        "denied freeze:frozen",
        "consent lifts no freeze"
    );
    assert_eq!(
        of(&consented(approved()), &compliant(), &policy),
        "denied freeze:frozen"
    );
    let waived = verdict_of(vec![RuleResult {
        waived: true,
        ..result(RuleId::Freeze, Status::Fail)
    }]);
    assert_eq!(of(&approved(), &waived, &policy), "allowed");
    let emergency = planned(Urgency::Emergency, "17:00:00", "18:00:00");
    let exempting = frozen_policy("exempt = [\"emergency\"]");
    assert_eq!(of(&emergency, &compliant(), &exempting), "allowed");
}
