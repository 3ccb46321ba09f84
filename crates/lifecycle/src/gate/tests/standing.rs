//! Where the change stands, what its rules say, and how old the facts are.

use changegate_policy::{Mode, Outcome, Policy, RuleId, RuleResult, Status, Verdict};
use chrono::{DateTime, Utc};

use super::scene::{approved, asked, at, compliant, in_short, in_stage, on, result, verdict, verdict_of};
use crate::{Change, Stage, gate};

#[test]
fn each_stage_says_why_not() {
    let cases = [
        (Stage::Submitted, "denied approval-chain:not_approved"),
        (Stage::Approving, "denied approval-chain:not_approved"),
        (Stage::Returned, "denied approval-chain:returned"),
        (Stage::Approved, "allowed"),
        (Stage::Executing, "allowed"),
        (Stage::Verifying, "denied -:already_executed"),
        (Stage::Anomaly, "denied -:anomaly"),
        (Stage::RollingBack, "allowed"),
        (Stage::RolledBack, "denied -:already_executed"),
        (Stage::Fixed, "denied -:already_executed"),
        (Stage::Closed, "denied -:already_executed"),
        (Stage::Withdrawn, "denied approval-chain:withdrawn"),
        (Stage::Declined, "denied approval-chain:declined"),
        (Stage::Superseded, "denied superseded-flow:superseded"),
        (Stage::Expired, "denied approval-chain:expired"),
    ];
    assert_eq!(cases.len(), Stage::ALL.len());
    for (stage, answer) in cases {
        assert_eq!(
            asked(&in_stage(stage), &compliant(), at("17:00:00")),
            answer,
            "{stage:?}"
        );
    }
}

#[test]
fn a_replaced_flow_names_the_newer_one() {
    let change = Change {
        newer: Some("202611240009".to_owned()),
        ..in_stage(Stage::Superseded)
    };
    let now = at("17:00:00");
    let answer = gate(&change, &compliant(), Some(now), now, &Policy::built_in());
    assert_eq!(
        answer.in_words(),
        "不允许发布（1 项）\n- superseded-flow（六.2）：流程已被新流程 202611240009 替代；请按新流程发布，并撤销本流程"
    );
}

#[test]
fn a_rollback_waits_for_nothing() {
    let verdict = verdict(&[
        (RuleId::ImageUnchanged, Status::Fail),
        (RuleId::UatAccepted, Status::Unknown),
    ]);
    let now = on("2026-11-25", "03:00:00");
    let answer = gate(
        &in_stage(Stage::RollingBack),
        &verdict,
        None,
        now,
        &Policy::built_in(),
    );
    assert_eq!(in_short(&answer), "allowed");
}

#[test]
fn rules_that_fail_deny_and_rules_that_are_not_known_leave_it_open() {
    let failing = verdict(&[
        (RuleId::TitleFormat, Status::Fail),
        (RuleId::UatAccepted, Status::Unknown),
    ]);
    assert_eq!(
        asked(&approved(), &failing, at("17:00:00")),
        "denied title-format:rule_failed uat-accepted:rule_unknown"
    );
    let unknown = verdict(&[(RuleId::UatAccepted, Status::Unknown)]);
    assert_eq!(
        asked(&approved(), &unknown, at("17:00:00")),
        "unknown uat-accepted:rule_unknown"
    );
    assert_eq!(
        asked(&in_stage(Stage::Approving), &unknown, at("12:00:00")),
        "denied approval-chain:not_approved uat-accepted:rule_unknown urgency-window:outside_window"
    );
}

#[test]
fn what_is_waived_or_only_watched_does_not_count() {
    let waived = RuleResult {
        waived: true,
        ..result(RuleId::TitleFormat, Status::Fail)
    };
    let shadow = RuleResult {
        mode: Mode::Shadow,
        ..result(RuleId::JiraExists, Status::Unknown)
    };
    let verdict = verdict_of(vec![waived, shadow]);
    let now = at("17:00:00");
    let answer = gate(&approved(), &verdict, None, now, &Policy::built_in());
    assert_eq!(in_short(&answer), "allowed");
}

#[test]
fn an_approval_of_another_template_is_denied_even_where_it_passed() {
    let other = Verdict {
        verdict: Outcome::NotApplicable,
        ..verdict(&[])
    };
    assert_eq!(
        asked(&approved(), &other, at("17:00:00")),
        "denied -:not_applicable"
    );
}

#[test]
fn facts_count_for_a_quarter_of_an_hour() {
    let now = at("17:00:00");
    let of = |facts_at: Option<DateTime<Utc>>, verdict: &Verdict| {
        in_short(&gate(&approved(), verdict, facts_at, now, &Policy::built_in()))
    };
    assert_eq!(of(Some(at("16:45:00")), &compliant()), "allowed");
    assert_eq!(of(Some(at("17:00:30")), &compliant()), "allowed");
    assert_eq!(of(Some(at("16:44:59")), &compliant()), "unknown -:stale_facts");
    assert_eq!(of(None, &compliant()), "unknown -:stale_facts");
    let on_the_form_alone = verdict(&[
        (RuleId::TitleFormat, Status::Pass),
        (RuleId::JiraExists, Status::Skip),
        (RuleId::ImageUnchanged, Status::Skip),
    ]);
    assert_eq!(of(None, &on_the_form_alone), "allowed");
}
