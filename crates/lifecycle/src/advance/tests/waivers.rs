//! Waivers: asked for, granted, upheld.

use std::collections::BTreeSet;

use changegate_policy::RuleId;

use super::scene::{Story, compliant, form, note, passed, rejected};
use crate::{Action, Details, DutyKind, Timer};

fn wish(rule: RuleId, why: &str) -> Details {
    Details {
        rules: BTreeSet::from([rule]),
        ..note(why)
    }
}

fn asked() -> Story {
    let mut story = Story::begins("10:10");
    story.looks(form(&rejected()));
    let told = story.on_a_page(
        "dev",
        Action::RequestWaiver,
        wish(RuleId::TitleFormat, "系统名固定"),
    );
    assert_eq!(told, "admin:duty(DecideWaiver)");
    story
}

#[test]
fn a_granted_waiver_is_told_minded_and_looked_at_again() {
    let mut story = asked();
    assert_eq!(
        story.says("admin", DutyKind::DecideWaiver, Action::Grant, Details::default()),
        "admin:incomplete"
    );
    assert_eq!(
        story.says("admin", DutyKind::DecideWaiver, Action::Grant, note("同意")),
        "waive(true) dev:waiver_decided ops:waiver_decided"
    );
    assert!(story.change.timers.contains_key(&Timer::Look));
    assert!(
        story
            .looks(form(&compliant()))
            .starts_with("dev:verdict_changed lead:resolved ops:resolved")
    );
    assert_eq!(
        story.says("admin", DutyKind::DecideWaiver, Action::Uphold, note("不")),
        "admin:already_done(admin)"
    );
}

#[test]
fn an_upheld_verdict_is_told_with_its_reason() {
    let mut story = asked();
    assert_eq!(
        story.says(
            "admin",
            DutyKind::DecideWaiver,
            Action::Uphold,
            note("请修改标题")
        ),
        "waive(false) dev:waiver_decided ops:waiver_decided"
    );
    assert!(!story.change.timers.contains_key(&Timer::Look));
    assert!(!story.change.waivers[0].decision.as_ref().unwrap().granted);
}

#[test]
fn one_request_at_a_time_with_a_reason_for_a_rule_that_fails() {
    let mut story = asked();
    for details in [
        wish(RuleId::TitleFormat, "再来"),
        wish(RuleId::TitleFormat, " "),
        wish(RuleId::Cutoff, "没有不合规"),
    ] {
        assert_eq!(
            story.on_a_page("dev", Action::RequestWaiver, details),
            "dev:incomplete"
        );
    }
    assert_eq!(story.change.waivers.len(), 1);
}

#[test]
fn what_is_begun_needs_no_waiver() {
    let mut story = Story::executed(passed());
    assert_eq!(
        story.on_a_page("dev", Action::RequestWaiver, wish(RuleId::TitleFormat, "x")),
        "dev:moved_on(verifying)"
    );
}
