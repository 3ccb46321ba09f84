//! Reminders that people can live with.

use super::scene::{Story, at, compliant, emergency, form, passed};
use crate::{Action, DutyKind, Effect, Notice, Timer};

fn turn(lines: &[String]) -> Vec<&str> {
    let signs = lines.iter().filter(|line| line.contains("Sign"));
    signs.map(String::as_str).collect()
}

#[test]
fn an_approvers_turn_is_brought_to_mind_three_times_and_goes_up_the_line() {
    let mut story = Story::begins("10:10");
    story.looks(form(&compliant()));
    assert_eq!(
        turn(&story.until("2026-11-25 12:00")),
        [
            "10:40 lead:reminder(Sign 1/3)",
            "11:10 lead:reminder(Sign 2/3) dev:reminder(Sign 2/3 above)",
            "11:40 lead:reminder(Sign 3/3) ops:reminder(Sign 3/3 above)"
        ]
    );
}

#[test]
fn each_says_which_it_is_when_the_next_comes_and_who_hears_of_it_then() {
    let mut story = Story::begins("10:10");
    story.looks(form(&compliant()));
    let mut counts = Vec::new();
    while let Some((timer, due)) = story.next_timer().filter(|(_, due)| *due < at("12:00")) {
        story.now = due;
        story.happens(crate::Event::Due(timer));
        counts.extend(story.effects.iter().filter_map(|effect| match effect {
            Effect::Notify {
                to,
                notice: Notice::Reminder { duty: 1, count },
                ..
            } if to.as_str() == "lead" => {
                let next: Vec<_> = count.next.iter().map(ToString::to_string).collect();
                Some((count.number, count.of, count.next_in, next.join(",")))
            }
            _ => None,
        }));
    }
    assert_eq!(
        counts,
        [
            (1, 3, Some(30), "dev".into()),
            (2, 3, Some(30), "ops".into()),
            (3, 3, None, String::new())
        ]
    );
}

#[test]
fn an_emergency_is_brought_to_mind_after_a_quarter_of_an_hour_at_any_hour() {
    let mut story = Story::begins("22:01");
    story.looks(emergency(&form(&compliant())));
    assert_eq!(turn(&story.until("22:20")), ["22:16 lead:reminder(Sign 1/3)"]);
}

#[test]
fn a_normal_form_of_the_evening_waits_for_the_morning() {
    let mut story = Story::begins("2026-11-20 18:20");
    story.looks(form(&compliant()));
    assert_eq!(
        turn(&story.until("09:00"))[0],
        "11-21 10:20 lead:reminder(Sign 1/3)"
    );
}

#[test]
fn whoever_knows_is_left_alone_and_their_superiors_are_not() {
    let mut story = Story::begins("10:10");
    story.looks(form(&compliant()));
    assert_eq!(story.presses("lead", DutyKind::Sign, Action::Acknowledge), "");
    assert_eq!(story.settled(), ["lead:Sign"]);
    assert_eq!(
        story.presses("lead", DutyKind::Sign, Action::Acknowledge),
        "lead:already_done"
    );
    assert_eq!(
        turn(&story.until("12:00")),
        [
            "11:10 dev:reminder(Sign 2/3 above)",
            "11:40 ops:reminder(Sign 3/3 above)"
        ]
    );
}

#[test]
fn later_is_half_an_hour_later() {
    let mut story = Story::begins("10:10");
    story.looks(form(&compliant()));
    assert_eq!(
        story.at("10:39").presses("lead", DutyKind::Sign, Action::Later),
        ""
    );
    assert_eq!(
        story.presses("lead", DutyKind::Sign, Action::Later),
        "lead:already_done"
    );
    assert_eq!(turn(&story.until("11:30")), ["11:09 lead:reminder(Sign 1/3)"]);
}

#[test]
fn a_verification_is_brought_to_mind_and_its_third_time_reaches_operations() {
    let mut story = Story::executed(passed());
    story.presses("qa", DutyKind::WatchFeedback, Action::NothingUnusual);
    assert_eq!(
        story.until("23:00"),
        [
            "17:35 pm:reminder(Verify 1/3)",
            "18:05 pm:reminder(Verify 2/3) lead:reminder(Verify 2/3 above)",
            "18:35 pm:reminder(Verify 3/3) ops:reminder(Verify 3/3 above)"
        ]
    );
}

#[test]
fn only_those_who_have_not_said_anything_are_reminded() {
    let mut look = passed();
    look.people.product_managers = super::scene::set(&["pm", "pm2"]);
    let mut story = Story::executed(look);
    story.presses("pm", DutyKind::Verify, Action::Verified);
    let lines = story.until("17:40");
    assert!(
        lines.iter().any(|line| line == "17:35 pm2:reminder(Verify 1/3)"),
        "{lines:?}"
    );
}

#[test]
fn nothing_of_our_own_timing_is_due_on_the_full_or_the_half_hour() {
    for minute in ["10:00", "10:15", "10:30"] {
        let mut story = Story::begins(minute);
        story.looks(form(&compliant()));
        while let Some((timer, due)) = story.next_timer() {
            let minutes = due.timestamp() / 60 % 30;
            assert!(minutes != 0 || timer == Timer::Look, "{timer} at {due}");
            story.now = due;
            story.happens(crate::Event::Due(timer));
        }
    }
}

#[test]
fn a_policy_without_reminders_has_none() {
    let mut story = Story::with_policy("10:10", "approval_reminders = 3", "approval_reminders = 0");
    story.looks(form(&compliant()));
    assert_eq!(turn(&story.until("12:00")), Vec::<&str>::new());
}
