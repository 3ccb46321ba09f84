//! From approved to verified: the window, the start, the execution, the verification.

use super::scene::{Story, at, compliant, emergency, ended, form, passed, signed, user};
use crate::{Action, DutyKind, DutyState, Ending, FormStatus, Look, Signature, Stage, Timer};

#[test]
fn a_whole_life() {
    let mut story = Story::begins("10:10");
    story.looks(form(&compliant()));
    story.presses("qa", DutyKind::Regression, Action::Done);
    assert_eq!(story.at("10:20").looks(passed()), "exec:duty(Start)");
    assert_eq!(
        story.at("16:45").presses("exec", DutyKind::Start, Action::Start),
        "exec:duty(Finish)"
    );
    assert_eq!(story.change.stage, Stage::Executing);
    assert_eq!(
        story
            .at("17:05")
            .presses("exec", DutyKind::Finish, Action::Executed),
        "dev:executed pm:duty(Verify) qa:duty(WatchFeedback)"
    );
    assert_eq!(
        story
            .at("17:20")
            .presses("pm", DutyKind::Verify, Action::Verified),
        ""
    );
    assert_eq!(
        story
            .at("17:25")
            .presses("qa", DutyKind::WatchFeedback, Action::NothingUnusual),
        "dev:released pm:released qa:released"
    );
    assert_eq!(
        (story.change.stage, story.change.ending),
        (Stage::Closed, Some(Ending::Successful))
    );
    assert_eq!((story.open(), story.change.timers.len()), (Vec::new(), 0));
    let times = &story.change.times;
    assert_eq!(
        [
            times.approved,
            times.started,
            times.executed,
            times.verified,
            times.closed
        ],
        ["10:20", "16:45", "17:05", "17:25", "17:25"].map(|when| Some(at(when)))
    );
}

#[test]
fn half_an_hour_before_the_window_closes_and_after_it_closed_those_concerned_hear_of_it() {
    let mut story = Story::approved(passed());
    let lines = story.until("22:00");
    let window: Vec<_> = lines.iter().filter(|line| line.contains("window")).collect();
    assert_eq!(
        window,
        [
            "20:28 dev:will_miss_window exec:will_miss_window lead:will_miss_window",
            "21:02 dev:missed_window exec:missed_window lead:missed_window"
        ]
    );
}

#[test]
fn once_it_is_begun_no_window_is_missed() {
    let mut story = Story::approved(passed());
    story.at("16:45").presses("exec", DutyKind::Start, Action::Start);
    assert!(
        !story
            .until("2026-12-24 10:00")
            .iter()
            .any(|line| line.contains("window") || line.contains("expired"))
    );
    assert_eq!(story.change.stage, Stage::Executing);
}

#[test]
fn outside_the_window_it_starts_only_with_the_development_leads_consent() {
    let mut story = Story::approved(passed());
    story.at("21:30");
    let asked = "lead:duty(Consent) exec:consent_asked(lead)";
    assert_eq!(story.presses("exec", DutyKind::Start, Action::Start), asked);
    assert_eq!(
        story.presses("exec", DutyKind::Start, Action::Start),
        "exec:consent_asked(lead)"
    );
    assert_eq!(
        story.presses("lead", DutyKind::Consent, Action::Disagree),
        "exec:consent_decided"
    );
    assert_eq!(story.change.stage, Stage::Approved);
    assert_eq!(story.presses("exec", DutyKind::Start, Action::Start), asked);
    assert_eq!(
        story.presses("lead", DutyKind::Consent, Action::Agree),
        "exec:consent_decided exec:duty(Start)"
    );
    assert_eq!(
        story.presses("exec", DutyKind::Start, Action::Start),
        "exec:duty(Finish)"
    );
    assert_eq!(story.change.stage, Stage::Executing);
}

#[test]
fn in_a_freeze_the_window_does_not_open() {
    let freeze = "[[freezes]]\nname = \"封网\"\nfrom = 2026-11-20\nuntil = 2026-11-30\n\n[contacts]";
    let mut story = Story::with_policy("16:45", "[contacts]", freeze);
    story.looks(passed());
    assert_eq!(
        story.presses("exec", DutyKind::Start, Action::Start),
        "lead:duty(Consent) exec:consent_asked(lead)"
    );
}

fn with_node(node: bool) -> Look {
    Look {
        executed: node.then(|| Signature {
            who: user("exec"),
            at: at("17:05"),
        }),
        ..passed()
    }
}

#[test]
fn the_executors_own_node_leads_to_the_same_place_as_the_button() {
    let mut story = Story::with_policy(
        "16:00",
        "recorded_by = \"button\"",
        "recorded_by = \"approval_node\"",
    );
    story.looks(with_node(false));
    story.at("16:45").presses("exec", DutyKind::Start, Action::Start);
    assert_eq!(
        story.presses("exec", DutyKind::Finish, Action::Executed),
        "exec:incomplete"
    );
    assert_eq!(
        story.at("17:06").looks(with_node(true)),
        "dev:executed pm:duty(Verify) qa:duty(WatchFeedback)"
    );
    assert_eq!(
        story.change.latest(DutyKind::Finish).unwrap().state,
        DutyState::Done
    );
    assert_eq!(story.looks(with_node(true)), "");
    let by_button = Story::executed(passed());
    assert_eq!(
        (story.change.stage, story.open()),
        (by_button.change.stage, by_button.open())
    );
    assert_eq!(story.change.times.executed, by_button.change.times.executed);
}

#[test]
fn a_node_that_was_done_before_anybody_looked_asks_nobody_to_start() {
    let mut story = Story::begins("17:06");
    story.looks(form(&compliant()));
    assert_eq!(
        story.looks(with_node(true)),
        "dev:executed pm:duty(Verify) qa:duty(WatchFeedback)"
    );
    assert_eq!(story.change.latest(DutyKind::Start), None);
    assert_eq!(story.change.times.approved, Some(at("17:05")));
}

#[test]
fn where_the_middle_platform_is_concerned_the_rights_are_set_before_it_ends() {
    let mut story = Story::executed(Look {
        middle_platform: true,
        ..passed()
    });
    assert_eq!(
        story.open(),
        [
            DutyKind::Verify,
            DutyKind::WatchFeedback,
            DutyKind::ConfigurePermissions
        ]
    );
    story.presses("pm", DutyKind::Verify, Action::Verified);
    story.presses("qa", DutyKind::WatchFeedback, Action::NothingUnusual);
    assert_eq!(
        story.presses("conf", DutyKind::ConfigurePermissions, Action::Configured),
        "conf:released dev:released pm:released qa:released"
    );
}

#[test]
fn each_product_manager_verifies_for_themselves() {
    let mut look = passed();
    look.people.product_managers = super::scene::set(&["pm", "pm2"]);
    let mut story = Story::executed(look);
    story.presses("qa", DutyKind::WatchFeedback, Action::NothingUnusual);
    assert_eq!(story.presses("pm", DutyKind::Verify, Action::Verified), "");
    assert_eq!(story.settled(), ["pm:Verify"]);
    assert!(
        story
            .presses("pm2", DutyKind::Verify, Action::Verified)
            .contains("pm2:released")
    );
}

#[test]
fn an_emergency_without_a_planned_time_misses_no_window() {
    let story = Story::approved(emergency(&ended(
        signed(form(&compliant()), "lead", "10:20", &[]),
        FormStatus::Approved,
    )));
    assert_eq!(story.due(Timer::WindowClosed), "never");
    assert_eq!(story.due(Timer::Expire), "12-02 00:02");
}
