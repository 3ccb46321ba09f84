//! Trading sessions after an execution, on real days: Thanksgiving, weekends, beyond the calendar's years.

use std::collections::BTreeSet;

use changegate_policy::Market;

use super::scene::{Story, concerning, note, passed, set};
use crate::{Action, Details, DutyKind, Record, Stage, Timer};

const HK: Market = Market::HongKong;

/// Executed on a day at a time; its window is of no interest here.
fn executed_on(when: &str, markets: &[Market]) -> Story {
    let mut story = Story::approved(concerning(markets, passed()));
    story.at(when);
    story.change.consent = Some(crate::Stamp {
        by: super::scene::user("lead"),
        at: story.now,
    });
    story.presses("exec", DutyKind::Start, Action::Start);
    story.presses("exec", DutyKind::Finish, Action::Executed);
    assert_eq!(story.change.stage, Stage::Verifying);
    story
}

fn verified(story: &mut Story) -> String {
    let pm = story.presses("pm", DutyKind::Verify, Action::Verified);
    let qa = story.presses("qa", DutyKind::WatchFeedback, Action::NothingUnusual);
    format!("{pm}{qa}")
}

#[test]
fn whoever_stays_stays_until_new_york_opened_and_trading_works() {
    let mut story = executed_on("2026-11-24 17:05", &[Market::Us]);
    assert_eq!(verified(&mut story), "");
    assert_eq!(
        story.until("22:40"),
        ["22:32 dev:duty(UsOpen) pm:duty(UsOpen) qa:duty(UsOpen)"]
    );
    assert_eq!(
        story.presses("qa", DutyKind::UsOpen, Action::OpenedWell),
        "dev:released pm:released qa:released"
    );
    assert_eq!(story.change.stage, Stage::Closed);
}

#[test]
fn new_york_opens_an_hour_earlier_in_its_summer_and_not_on_thanksgiving_or_at_weekends() {
    for (executed, opens) in [
        ("2026-10-29 17:05", "10-29 21:32"),
        ("2026-11-24 17:05", "11-24 22:32"),
        ("2026-11-26 17:05", "11-27 22:32"),
        ("2026-11-28 15:00", "11-30 22:32"),
        ("2026-12-24 17:05", "12-24 22:32"),
        ("2026-12-24 23:05", "12-28 22:32"),
        ("2026-03-07 15:00", "03-09 21:32"),
    ] {
        assert_eq!(
            executed_on(executed, &[Market::Us]).due(Timer::UsOpen),
            opens,
            "{executed}"
        );
    }
}

#[test]
fn after_a_saturday_people_go_home_and_confirm_on_monday() {
    let mut story = executed_on("2026-11-28 15:00", &[Market::Us]);
    assert_eq!(verified(&mut story), "dev:released pm:released qa:released");
    assert_eq!(story.change.stage, Stage::Verifying);
    assert_eq!(
        story.until("2026-11-30 22:40"),
        ["11-30 22:32 dev:duty(UsOpen) pm:duty(UsOpen) qa:duty(UsOpen)"]
    );
    assert_eq!(story.presses("dev", DutyKind::UsOpen, Action::OpenedWell), "");
    assert_eq!(story.change.stage, Stage::Closed);
}

#[test]
fn who_comes_in_for_hong_kong_is_named_told_the_evening_before_and_there_before_the_open() {
    let mut story = executed_on("2026-11-24 17:05", &[HK]);
    assert!(story.open().contains(&DutyKind::NameWatchers(HK)));
    assert_eq!(verified(&mut story), "dev:released pm:released qa:released");
    let named = Details {
        people: set(&["dev", "qa"]),
        ..Details::default()
    };
    assert_eq!(
        story
            .at("18:10")
            .says("lead", DutyKind::NameWatchers(HK), Action::NameWatchers, named),
        ""
    );
    assert_eq!(
        story.until("2026-11-25 09:00"),
        [
            "20:32 dev:session_ahead qa:session_ahead",
            "11-25 08:58 dev:duty(WatchSession(HongKong)) qa:duty(WatchSession(HongKong))"
        ]
    );
    let watch = DutyKind::WatchSession(HK);
    assert_eq!(story.presses("dev", watch, Action::Arrived), "");
    assert_eq!(story.settled(), ["dev:WatchSession(HongKong)"]);
    assert_eq!(
        story.presses("dev", watch, Action::Arrived),
        "dev:already_done(dev)"
    );
    assert_eq!(
        story
            .at("2026-11-25 09:10")
            .presses("dev", watch, Action::OpenedWell),
        "dev:incomplete"
    );
    let opened = story.until("2026-11-25 09:32");
    assert!(
        opened.contains(&"11-25 09:32 dev:duty(WatchSession(HongKong))".to_owned()),
        "{opened:?}"
    );
    assert_eq!(story.presses("dev", watch, Action::OpenedWell), "");
    assert_eq!(story.change.stage, Stage::Closed);
}

#[test]
fn where_nobody_is_named_the_development_lead_is_reminded_and_comes_in() {
    let mut story = executed_on("2026-11-24 17:05", &[Market::Singapore]);
    verified(&mut story);
    assert_eq!(
        story.until("2026-11-25 08:40"),
        [
            "17:35 lead:reminder(NameWatchers(Singapore) 1/3)",
            "18:05 lead:reminder(NameWatchers(Singapore) 2/3) ops:reminder(NameWatchers(Singapore) 2/3 above)",
            "18:35 lead:reminder(NameWatchers(Singapore) 3/3) ops:reminder(NameWatchers(Singapore) 3/3 above)",
            "20:32 lead:session_ahead",
            "11-25 08:28 lead:duty(WatchSession(Singapore))"
        ]
    );
    assert_eq!(
        story.open().last(),
        Some(&DutyKind::WatchSession(Market::Singapore))
    );
    assert!(!story.open().contains(&DutyKind::NameWatchers(Market::Singapore)));
}

#[test]
fn whoever_is_named_after_the_evening_is_told_at_once() {
    let mut story = executed_on("2026-11-24 17:05", &[HK]);
    story.until("21:00");
    let named = Details {
        people: set(&["dev"]),
        ..Details::default()
    };
    assert_eq!(
        story.says("lead", DutyKind::NameWatchers(HK), Action::NameWatchers, named),
        "dev:session_ahead"
    );
}

#[test]
fn hong_kong_and_singapore_open_after_their_own_holidays() {
    for (executed, market, opens) in [
        ("2026-11-28 15:00", HK, "11-30 09:32"),
        ("2026-02-16 15:00", HK, "02-20 09:32"),
        ("2026-02-16 15:00", Market::Singapore, "02-19 09:02"),
        ("2026-12-24 17:05", HK, "12-28 09:32"),
    ] {
        let story = executed_on(executed, &[market]);
        assert_eq!(
            story.due(Timer::SessionOpen(market)),
            opens,
            "{executed} {market:?}"
        );
    }
}

#[test]
fn beyond_the_years_of_the_calendar_the_next_weekday_is_taken_and_the_timeline_says_so() {
    let story = executed_on("2028-06-02 17:05", &[Market::Us, HK]);
    assert_eq!(story.due(Timer::UsOpen), "06-02 21:32");
    assert_eq!(story.due(Timer::SessionOpen(HK)), "06-05 09:32");
    let said = story
        .records()
        .iter()
        .filter(|record| matches!(record, Record::CalendarEnds { .. }))
        .count();
    assert_eq!(said, 2);
}

#[test]
fn a_market_corrected_after_the_execution_is_watched_or_is_not_any_more() {
    let mut story = executed_on("2026-11-24 17:05", &[Market::Us]);
    assert_eq!(
        story.on_a_page("pm", Action::ToggleHongKong, Details::default()),
        "lead:duty(NameWatchers(HongKong))"
    );
    story.on_a_page("pm", Action::ToggleUs, Details::default());
    assert_eq!(
        (story.due(Timer::UsOpen), story.change.plan.markets.clone()),
        ("never".into(), BTreeSet::from([HK]))
    );
    story.looks(concerning(&[Market::Us], passed()));
    assert_eq!(story.change.plan.markets, BTreeSet::from([HK]));
    story.on_a_page("pm", Action::ToggleHongKong, Details::default());
    assert_eq!(verified(&mut story), "dev:released pm:released qa:released");
    assert_eq!(story.change.stage, Stage::Closed);
}

#[test]
fn before_the_execution_the_markets_are_asked_for_once() {
    let mut story = Story::begins("16:00");
    assert!(
        story
            .looks(concerning(&[HK], passed()))
            .contains("dev:duty(Markets) lead:duty(Markets)")
    );
    assert_eq!(story.presses("dev", DutyKind::Markets, Action::MarketsRight), "");
    assert_eq!(
        story.presses("lead", DutyKind::Markets, Action::ToggleUs),
        "lead:already_done(dev)"
    );
    assert_eq!(story.change.plan.markets, BTreeSet::from([HK]));
}

#[test]
fn a_change_mended_before_it_was_ever_verified_still_waits_for_the_open() {
    let mut story = Story::approved(concerning(&[Market::Us], passed()));
    story.at("16:45").presses("exec", DutyKind::Start, Action::Start);
    story.presses("exec", DutyKind::Finish, Action::Anomaly);
    story.presses("lead", DutyKind::Handle, Action::Handle);
    story.presses("lead", DutyKind::Remedy, Action::Fixed);
    assert_eq!(story.due(Timer::UsOpen), "11-24 22:32");
}

#[test]
fn after_a_rollback_no_open_is_watched() {
    let mut story = executed_on("2026-11-24 17:05", &[Market::Us, HK]);
    story.says("pm", DutyKind::Verify, Action::Anomaly, note("打不开"));
    story.presses("lead", DutyKind::Handle, Action::RollBack);
    story.presses("exec", DutyKind::RollBack, Action::RolledBack);
    assert_eq!(story.open(), [DutyKind::ConfirmRestored]);
    assert_eq!(
        (story.due(Timer::UsOpen), story.due(Timer::BeforeSession(HK))),
        ("never".into(), "never".into())
    );
}
