//! Buttons pressed by the wrong person, twice, too late, or by two people in the same second.

use super::scene::{Story, compliant, form, note, passed, press, rejected, set};
use crate::{Action, Details, DutyKind, Record, Stage};

#[test]
fn the_wrong_person_is_told_who_may_and_it_is_recorded() {
    let mut story = Story::executed(passed());
    let before = story.change.clone();
    assert_eq!(
        story.presses("dev", DutyKind::Verify, Action::Verified),
        "dev:not_yours(pm)"
    );
    assert!(matches!(
        story.records()[..],
        [Record::Refused { why: "not_yours", .. }, Record::Told { .. }]
            | [Record::Told { .. }, Record::Refused { .. }]
            | [Record::Refused { .. }, Record::Told { .. }, ..]
    ));
    story.change.messages = before.messages;
    assert_eq!(story.change, before);
}

#[test]
fn case_and_blanks_of_a_user_id_are_nobody_elses() {
    let mut story = Story::executed(passed());
    assert_eq!(story.presses(" PM ", DutyKind::Verify, Action::Verified), "");
}

#[test]
fn a_second_press_changes_nothing_and_is_answered() {
    let mut story = Story::approved(passed());
    story.at("16:45").presses("exec", DutyKind::Start, Action::Start);
    assert_eq!(
        story.presses("exec", DutyKind::Start, Action::Start),
        "exec:already_done(exec)"
    );
    assert_eq!(story.change.stage, Stage::Executing);
}

#[test]
fn of_two_people_in_the_same_second_one_acts() {
    let mut look = passed();
    look.people.executors = set(&["exec", "exec2"]);
    let mut story = Story::approved(look);
    story.at("16:45");
    assert_eq!(
        story.presses("exec2", DutyKind::Start, Action::Start),
        "exec:duty(Finish) exec2:duty(Finish)"
    );
    assert_eq!(story.settled(), ["all:Start"]);
    assert_eq!(
        story.presses("exec", DutyKind::Start, Action::Start),
        "exec:already_done(exec2)"
    );
}

#[test]
fn an_old_card_is_answered_with_where_the_change_stands() {
    let mut story = Story::begins("10:10");
    story.looks(form(&compliant()));
    story.looks(passed());
    story.at("16:45").presses("exec", DutyKind::Start, Action::Start);
    story.presses("exec", DutyKind::Finish, Action::Executed);
    assert_eq!(
        story.presses("qa", DutyKind::Regression, Action::Done),
        "qa:moved_on(verifying)"
    );
}

#[test]
fn a_card_that_never_was_and_a_button_that_it_does_not_have_mean_nothing() {
    let mut story = Story::executed(passed());
    let number = story.change.latest(DutyKind::Verify).map(|duty| duty.number);
    for event in [
        press("pm", Some(99), Action::Verified, Details::default()),
        press("pm", number, Action::Start, Details::default()),
    ] {
        assert_eq!(story.happens(event), "pm:moved_on(verifying)");
    }
}

#[test]
fn whoever_verified_may_still_report_an_anomaly_and_not_take_it_back() {
    let mut look = passed();
    look.people.product_managers = set(&["pm", "pm2"]);
    let mut story = Story::executed(look);
    story.presses("pm", DutyKind::Verify, Action::Verified);
    assert!(
        story
            .presses("pm", DutyKind::Verify, Action::Anomaly)
            .contains("lead:duty(Handle)")
    );
    assert_eq!(
        story.presses("pm", DutyKind::Verify, Action::Verified),
        "pm:already_done(pm)"
    );
}

#[test]
fn reported_carried_out_while_an_anomaly_is_dealt_with_is_noted() {
    let mut look = passed();
    look.people.executors = set(&["exec", "exec2"]);
    let mut story = Story::approved(look);
    story.at("16:45").presses("exec", DutyKind::Start, Action::Start);
    assert!(
        story
            .on_a_page("dev", Action::Anomaly, note("卡住"))
            .contains("lead:duty(Handle)")
    );
    assert_eq!(story.presses("exec2", DutyKind::Finish, Action::Executed), "");
    assert_eq!(story.settled(), ["all:Finish"]);
    assert_eq!(story.change.stage, Stage::Anomaly);
}

#[test]
fn pages_ask_for_the_role_too() {
    let mut story = Story::begins("10:10");
    story.looks(form(&rejected()));
    for (who, action, may) in [
        ("lead", Action::RequestWaiver, "dev"),
        ("dev", Action::CorrectAnomaly, "admin"),
        ("qa", Action::Reschedule, "dev,exec,lead"),
        ("conf", Action::UpdateStatement, "lead,pm,qa"),
        ("er", Action::ToggleUs, "dev,lead,pm"),
    ] {
        assert_eq!(
            story.on_a_page(who, action, note("x")),
            format!("{who}:not_yours({may})")
        );
    }
}
