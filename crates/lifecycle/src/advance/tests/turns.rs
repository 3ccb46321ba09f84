//! Whose turn it is: sequential, any-of and all-of nodes, transfers, added signers, returns.

use super::scene::{Story, at, compliant, ended, form, rejected, signed, users};
use crate::{DutyKind, FormStatus, Look, Stage, Timer};

fn begun() -> Story {
    let mut story = Story::begins("10:10");
    story.looks(form(&compliant()));
    story
}

fn now_with(look: &Look, approvers: &[&str]) -> Look {
    Look {
        current_approvers: users(approvers),
        ..look.clone()
    }
}

#[test]
fn one_after_the_other_is_told_when_it_is_their_turn() {
    let mut story = begun();
    let second = signed(form(&compliant()), "lead", "10:20", &["tlead"]);
    assert_eq!(story.looks(second.clone()), "tlead:your_turn");
    assert_eq!(
        story.looks(signed(second, "tlead", "10:30", &["ops"])),
        "ops:your_turn"
    );
    let turns: Vec<_> = story
        .change
        .duties
        .iter()
        .filter(|duty| duty.kind == DutyKind::Sign)
        .collect();
    assert_eq!(
        turns.iter().map(|duty| duty.is_open()).collect::<Vec<_>>(),
        [false, false, true]
    );
}

#[test]
fn of_any_of_several_all_are_told_and_the_first_signature_moves_it_on() {
    let mut story = Story::begins("10:10");
    let told = story.looks(now_with(&form(&compliant()), &["lead", "deputy"]));
    assert!(
        told.starts_with("dev:verdict deputy:your_turn lead:your_turn "),
        "{told}"
    );
    assert_eq!(
        story.looks(signed(form(&compliant()), "deputy", "10:20", &["ops"])),
        "ops:your_turn"
    );
}

#[test]
fn where_all_have_to_sign_those_left_keep_their_turn_and_their_time() {
    let mut story = Story::begins("10:10");
    story.looks(now_with(&form(&compliant()), &["lead", "deputy"]));
    let due = story.due(Timer::Remind(1));
    assert_eq!(
        story
            .at("10:20")
            .looks(signed(form(&compliant()), "lead", "10:20", &["deputy"])),
        ""
    );
    let turn = story.change.open_duty(DutyKind::Sign).unwrap();
    assert_eq!((turn.holders.len(), story.due(Timer::Remind(1))), (1, due));
}

#[test]
fn after_a_transfer_the_new_approver_has_the_turn_and_the_old_one_no_more() {
    let mut story = begun();
    assert_eq!(
        story.looks(now_with(&form(&compliant()), &["deputy"])),
        "deputy:your_turn"
    );
    assert_eq!(
        story.until("10:42").last().unwrap(),
        "10:40 deputy:reminder(Sign 1/3)"
    );
}

#[test]
fn an_added_signer_is_told_and_the_time_begins_anew() {
    let mut story = begun();
    story.at("10:35");
    assert_eq!(
        story.looks(now_with(&form(&compliant()), &["lead", "added"])),
        "added:your_turn"
    );
    assert_eq!(story.due(Timer::Remind(1)), "11-24 11:05");
}

#[test]
fn signers_added_after_the_form_passed_stop_the_start() {
    let mut story = Story::approved(super::scene::passed());
    assert_eq!(
        story.looks(signed(form(&compliant()), "lead", "10:20", &["added"])),
        "added:your_turn"
    );
    assert_eq!(story.change.stage, Stage::Approving);
    assert!(!story.open().contains(&DutyKind::Start));
    assert_eq!(story.looks(super::scene::passed()), "exec:duty(Start)");
    assert_eq!(story.due(Timer::WindowClosed), "11-24 21:02");
}

#[test]
fn a_form_that_was_returned_and_handed_in_again_comes_to_its_approvers_anew() {
    let mut story = Story::begins("10:10");
    let signed_once = signed(form(&rejected()), "lead", "10:15", &["tlead"]);
    story.looks(form(&rejected()));
    story.looks(signed_once);
    assert_eq!(story.looks(ended(form(&rejected()), FormStatus::Returned)), "");
    assert_eq!(
        (story.change.stage, story.change.open_duty(DutyKind::Sign)),
        (Stage::Returned, None)
    );
    assert_eq!(story.at("11:10").looks(form(&rejected())), "lead:before_signing");
    let again = signed(form(&rejected()), "lead", "11:15", &["tlead"]);
    assert_eq!(
        story.at("11:15").looks(again),
        "admin:signed_despite ops:signed_despite tlead:before_signing"
    );
}

#[test]
fn an_operations_lead_who_heard_of_the_breach_is_told_again_when_it_is_their_turn() {
    let mut story = Story::begins("10:10");
    story.looks(form(&rejected()));
    let theirs = signed(form(&rejected()), "lead", "10:15", &["ops"]);
    assert_eq!(
        story.looks(theirs),
        "admin:signed_despite ops:signed_despite ops:before_signing"
    );
}

#[test]
fn a_declined_form_is_over_and_nobody_is_reminded_any_more() {
    let mut story = begun();
    assert_eq!(story.looks(ended(form(&compliant()), FormStatus::Declined)), "");
    assert_eq!(
        (story.change.stage, story.open(), story.change.timers.len()),
        (Stage::Declined, Vec::new(), 0)
    );
    assert_eq!(story.change.times.closed, Some(at("10:10")));
}
