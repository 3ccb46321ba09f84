//! Between approval and start: what fails only since then holds executors up.

use changegate_policy::{Outcome, RuleId, Status};

use super::scene::{Story, passed, verdict};
use crate::{DutyKind, Look};

fn with(outcome: Outcome, faults: &[(RuleId, Status)]) -> Look {
    Look {
        verdict: verdict(outcome, faults),
        ..passed()
    }
}

fn fails(rules: &[RuleId]) -> Look {
    let faults: Vec<(RuleId, Status)> = rules.iter().map(|rule| (*rule, Status::Fail)).collect();
    with(Outcome::Rejected, &faults)
}

#[test]
fn executors_are_told_not_to_begin_once_an_image_is_another_one() {
    let mut story = Story::approved(passed());
    let changed = fails(&[RuleId::ImageUnchanged]);
    assert_eq!(
        story.looks(changed.clone()),
        "dev:verdict_changed exec:stop_before_start"
    );
    assert_eq!(story.looks(changed.clone()), "");
    assert_eq!(
        story.looks(fails(&[RuleId::ImageUnchanged, RuleId::UatAccepted])),
        "dev:verdict_changed exec:stop_before_start"
    );
    assert_eq!(
        story.looks(changed),
        "dev:verdict_changed",
        "fewer faults are no reason to be stopped again"
    );
    assert_eq!(story.looks(passed()), "dev:verdict_changed exec:resolved");
    assert!(story.open().contains(&DutyKind::Start), "nothing else is settled");
}

#[test]
fn what_cannot_be_known_just_now_is_not_mended() {
    let mut story = Story::approved(passed());
    story.looks(fails(&[RuleId::ImageUnchanged]));
    let unknown = with(Outcome::Undecided, &[(RuleId::ImageUnchanged, Status::Unknown)]);
    assert_eq!(story.looks(unknown), "");
    assert_eq!(story.looks(fails(&[RuleId::ImageUnchanged])), "");
    assert_eq!(story.looks(passed()), "dev:verdict_changed exec:resolved");
}

#[test]
fn what_failed_when_it_passed_is_no_news_to_executors_but_another_image_is() {
    let told = Story::begins("16:00").looks(fails(&[RuleId::TitleFormat]));
    assert!(told.ends_with("exec:duty(Start)"), "{told}");
    let told = Story::begins("16:00").looks(fails(&[RuleId::ImageUnchanged]));
    assert!(
        told.ends_with("exec:duty(Start) exec:stop_before_start"),
        "{told}"
    );
}
