//! Before the change is carried out: the change day, technical requirements, the emergency application.

use changegate_policy::Urgency;

use super::scene::{Story, at, compliant, emergency, form, note, passed, rejected};
use crate::{Action, Details, DutyKind, Look, Stage, Timer};

#[test]
fn on_the_change_day_tester_applicant_and_product_manager_get_one_button_each() {
    let mut story = Story::begins("10:10");
    story.looks(form(&compliant()));
    assert_eq!(story.presses("qa", DutyKind::Regression, Action::Done), "");
    assert_eq!(story.settled(), ["all:Regression"]);
    let missing: Vec<_> = story
        .change
        .missing_preparations()
        .map(|duty| duty.kind)
        .collect();
    assert_eq!(missing, [DutyKind::RollbackReady, DutyKind::VerificationReady]);
}

#[test]
fn a_form_filed_the_day_before_brings_them_in_the_morning() {
    let mut story = Story::begins("2026-11-23 17:00");
    assert_eq!(story.looks(form(&compliant())), "dev:verdict lead:your_turn");
    assert_eq!(
        story.until("09:10").last().unwrap(),
        "09:05 qa:duty(Regression) dev:duty(RollbackReady) pm:duty(VerificationReady)"
    );
    assert_eq!(story.looks(form(&compliant())), "");
}

#[test]
fn a_form_that_is_rejected_by_then_brings_none() {
    let mut story = Story::begins("2026-11-23 17:00");
    story.looks(form(&compliant()));
    story.looks(form(&rejected()));
    assert_eq!(story.due(Timer::ChangeDay), "never");
}

#[test]
fn a_technical_requirement_is_confirmed_by_both_leads_and_each_answer_is_looked_at() {
    let mut story = Story::begins("10:10");
    let told = story.looks(Look {
        technical: true,
        ..form(&compliant())
    });
    assert!(
        told.ends_with("lead:duty(TechnicalByDevelopment) tlead:duty(TechnicalByTest)"),
        "{told}"
    );
    assert_eq!(
        story.presses("lead", DutyKind::TechnicalByDevelopment, Action::Confirm),
        ""
    );
    assert!(story.change.timers.contains_key(&Timer::Look));
    assert_eq!(
        story.presses("tlead", DutyKind::TechnicalByTest, Action::Refuse),
        ""
    );
    assert_eq!(
        story.looks(Look {
            technical: true,
            ..form(&compliant())
        }),
        ""
    );
}

#[test]
fn an_emergency_outside_the_window_is_applied_for_by_mail_once() {
    let mut story = Story::begins("10:10");
    let outside = Look {
        planned: (Some(at("12:00")), Some(at("13:00"))),
        ..emergency(&form(&compliant()))
    };
    assert!(story.looks(outside.clone()).ends_with("mail:emergency"));
    assert_eq!(story.looks(outside), "");
}

#[test]
fn an_emergency_inside_the_window_and_a_normal_change_need_no_mail() {
    for look in [
        Look {
            planned: (Some(at("17:00")), None),
            ..emergency(&form(&compliant()))
        },
        Look {
            planned: (Some(at("12:00")), None),
            ..form(&compliant())
        },
    ] {
        assert!(!Story::begins("10:10").looks(look).contains("mail"));
    }
}

#[test]
fn moving_it_to_another_time_is_told_to_whoever_waits_for_it() {
    let mut story = Story::approved(passed());
    story.change.consent = Some(crate::Stamp {
        by: super::scene::user("lead"),
        at: at("15:00"),
    });
    let when = Details {
        from: Some(at("2026-11-26 17:00")),
        ..Details::default()
    };
    assert_eq!(
        story.says("exec", DutyKind::Start, Action::Reschedule, when.clone()),
        "dev:rescheduled lead:rescheduled"
    );
    assert_eq!(story.due(Timer::BeforeClose), "11-26 20:28");
    assert_eq!(story.due(Timer::WindowClosed), "11-26 21:02");
    assert_eq!(story.due(Timer::Expire), "12-04 00:02");
    assert_eq!(story.change.consent, None);
    assert_eq!(
        story.says("exec", DutyKind::Start, Action::Reschedule, when),
        "exec:already_done"
    );
    assert_eq!(story.looks(passed()), "");
    assert_eq!(story.change.plan.from, Some(at("2026-11-26 17:00")));
}

#[test]
fn a_time_that_is_past_absent_or_years_away_is_none() {
    let mut story = Story::approved(passed());
    for from in [None, Some(at("15:59")), Some(at("2036-11-24 17:00"))] {
        let when = Details {
            from,
            ..Details::default()
        };
        assert_eq!(
            story.says("exec", DutyKind::Start, Action::Reschedule, when),
            "exec:incomplete"
        );
    }
    assert!(!story.change.plan.moved);
}

#[test]
fn a_quiet_change_that_somebody_moves_to_a_coming_day_is_told_of() {
    let mut story = Story::begins("2026-11-26 10:10");
    assert_eq!(story.looks(passed()), "");
    let when = Details {
        from: Some(at("2026-11-26 17:00")),
        ..note("漏了窗口")
    };
    assert_eq!(
        story.on_a_page("dev", Action::Reschedule, when),
        "exec:duty(Start) exec:rescheduled lead:rescheduled"
    );
    assert_eq!(
        (story.change.stage, story.change.plan.urgency),
        (Stage::Approved, Some(Urgency::Normal))
    );
}
