//! When something is wrong: remedy, rollback, incident, report.

use super::scene::{Story, concerning, note, passed};
use crate::{Action, Details, DutyKind, Ending, Stage, Timer};

/// Executed at 17:05; the product manager reports an anomaly at 17:10.
fn anomalous() -> Story {
    let mut story = Story::executed(passed());
    let told = story
        .at("17:10")
        .says("pm", DutyKind::Verify, Action::Anomaly, note("登录报错"));
    assert_eq!(
        told,
        "exec:duty(Handle) lead:duty(Handle) pm:anomaly_reported qa:anomaly_reported"
    );
    story
}

fn closed(story: &Story) -> (Stage, Option<Ending>) {
    (story.change.stage, story.change.ending)
}

#[test]
fn not_solved_in_time_it_is_rolled_back_and_confirmed_before_it_ends() {
    let mut story = anomalous();
    assert_eq!(
        story.until("17:25"),
        ["17:25 exec:duty(RollBack) lead:duty(RollBack)"]
    );
    assert_eq!(
        story
            .at("17:40")
            .presses("exec", DutyKind::RollBack, Action::RolledBack),
        "dev:duty(ConfirmRestored) qa:duty(ConfirmRestored)"
    );
    assert_eq!(
        story.presses("dev", DutyKind::ConfirmRestored, Action::Restored),
        ""
    );
    assert_eq!(
        story.presses("qa", DutyKind::ConfirmRestored, Action::Restored),
        "dev:released pm:released qa:released group:recovered"
    );
    assert_eq!(closed(&story), (Stage::Closed, Some(Ending::RolledBack)));
    assert_eq!(story.change.anomalies[0].recovered, story.change.times.closed);
    assert_eq!(story.change.timers.len(), 0);
}

#[test]
fn taken_up_and_mended_it_is_confirmed_by_those_who_verify() {
    let mut story = anomalous();
    assert_eq!(
        story.presses("lead", DutyKind::Handle, Action::Handle),
        "exec:duty(Remedy) lead:duty(Remedy)"
    );
    assert_eq!(
        story.presses("exec", DutyKind::Remedy, Action::Fixed),
        "pm:duty(ConfirmFixed) qa:duty(ConfirmFixed)"
    );
    assert_eq!(story.due(Timer::AnomalyTimeOut), "never");
    story.presses("pm", DutyKind::ConfirmFixed, Action::Restored);
    assert_eq!(
        story.presses("qa", DutyKind::ConfirmFixed, Action::Restored),
        "dev:released pm:released qa:released group:recovered"
    );
    assert_eq!(closed(&story), (Stage::Closed, Some(Ending::FixedForward)));
}

#[test]
fn what_still_does_not_work_begins_anew() {
    let mut story = anomalous();
    story.presses("lead", DutyKind::Handle, Action::RollBack);
    story.presses("exec", DutyKind::RollBack, Action::RolledBack);
    assert_eq!(
        story.presses("qa", DutyKind::ConfirmRestored, Action::StillBroken),
        "exec:duty(Handle) lead:duty(Handle) pm:anomaly_reported qa:anomaly_reported"
    );
    assert_eq!(
        (story.change.stage, story.change.anomalies.len()),
        (Stage::Anomaly, 2)
    );
    assert_eq!(
        story.presses("dev", DutyKind::ConfirmRestored, Action::Restored),
        "dev:moved_on(anomaly)"
    );
}

#[test]
fn a_second_report_is_added_to_the_first() {
    let mut story = anomalous();
    assert_eq!(
        story.says("qa", DutyKind::WatchFeedback, Action::Anomaly, note("多人反馈")),
        ""
    );
    assert_eq!(story.change.anomalies.len(), 1);
    assert_eq!(story.change.anomalies[0].what, "登录报错\n多人反馈");
    story.on_a_page("qa", Action::Describe, note("多人反馈"));
    assert_eq!(story.change.anomalies[0].what, "登录报错\n多人反馈");
}

#[test]
fn an_anomaly_is_reported_after_the_end_too_and_the_feedback_group_hears_of_statement_and_recovery() {
    let mut story = Story::executed(passed());
    story.presses("pm", DutyKind::Verify, Action::Verified);
    story.presses("qa", DutyKind::WatchFeedback, Action::NothingUnusual);
    assert_eq!(story.change.stage, Stage::Closed);
    assert_eq!(
        story.on_a_page("qa", Action::Anomaly, Details::default()),
        "qa:incomplete"
    );
    assert!(
        story
            .on_a_page("qa", Action::Anomaly, note("次日反馈"))
            .starts_with("exec:duty(Handle)")
    );
    assert_eq!(
        (closed(&story), story.change.times.closed),
        ((Stage::Anomaly, None), None)
    );
    let statement = note("系统维护中，请稍后再试");
    assert_eq!(
        story.on_a_page("pm", Action::UpdateStatement, statement.clone()),
        "group:statement(系统维护中，请稍后再试)"
    );
    assert_eq!(
        story.on_a_page("pm", Action::UpdateStatement, statement),
        "pm:already_done"
    );
}

#[test]
fn nothing_is_wrong_with_what_was_not_carried_out() {
    let mut story = Story::approved(passed());
    assert_eq!(
        story.on_a_page("qa", Action::Anomaly, note("打不开")),
        "qa:moved_on(approved)"
    );
}

#[test]
fn of_an_incident_the_emergency_group_hears_at_once_and_its_report_is_due_the_next_working_day() {
    let mut story = anomalous();
    assert_eq!(
        story.on_a_page("lead", Action::MarkIncident, note("客户无法登录")),
        "er:incident_opened ops:incident_opened rd:incident_opened"
    );
    assert_eq!(
        story.on_a_page("pm", Action::MarkIncident, note("")),
        "pm:already_done(lead)"
    );
    story.presses("lead", DutyKind::Handle, Action::RollBack);
    story.presses("exec", DutyKind::RollBack, Action::RolledBack);
    story.presses("dev", DutyKind::ConfirmRestored, Action::Restored);
    story.presses("qa", DutyKind::ConfirmRestored, Action::Restored);
    assert_eq!(story.change.stage, Stage::Closed);
    assert_eq!(
        story.until("2026-11-25 10:05"),
        ["11-25 10:05 lead:duty(Report) pm:duty(Report)"]
    );
    assert_eq!(
        story.presses("pm", DutyKind::Report, Action::SendReport),
        "mail:report"
    );
    assert_eq!(
        story.on_a_page("lead", Action::SendReport, Details::default()),
        "lead:already_done(pm)"
    );
    assert_eq!(story.change.timers.len(), 0);
    assert_eq!(
        story.on_a_page("pm", Action::MarkClaim, Details::default()),
        "pm:not_yours(admin)"
    );
    assert_eq!(
        story.on_a_page("admin", Action::MarkClaim, Details::default()),
        ""
    );
}

#[test]
fn a_report_on_an_incident_of_friday_is_due_on_monday() {
    let mut story = Story::executed(passed());
    story.at("2026-11-27 17:10").says(
        "pm",
        DutyKind::Verify,
        Action::Anomaly,
        Details {
            incident: true,
            ..note("错")
        },
    );
    story.presses("lead", DutyKind::Handle, Action::Handle);
    story.presses("lead", DutyKind::Remedy, Action::Fixed);
    story.presses("pm", DutyKind::ConfirmFixed, Action::Restored);
    story.presses("qa", DutyKind::ConfirmFixed, Action::Restored);
    assert_eq!(story.due(Timer::Report), "11-30 10:05");
}

#[test]
fn an_administrator_corrects_an_anomaly_that_was_none_and_it_stays_on_record() {
    let mut story = anomalous();
    assert_eq!(story.on_a_page("admin", Action::CorrectAnomaly, note("误报")), "");
    assert_eq!(
        story.on_a_page("admin", Action::CorrectAnomaly, note("误报")),
        "admin:already_done"
    );
    assert_eq!(
        (story.change.anomalies.len(), story.change.had_anomaly()),
        (1, false)
    );
}

#[test]
fn during_an_anomaly_nobody_is_reminded_to_verify_and_afterwards_they_are() {
    let mut story = Story::executed(concerning(
        &[],
        crate::Look {
            middle_platform: true,
            ..passed()
        },
    ));
    story
        .at("17:10")
        .says("pm", DutyKind::Verify, Action::Anomaly, note("错"));
    story.presses("lead", DutyKind::Handle, Action::RollBack);
    let lines = story.until("2026-11-26 10:00");
    assert!(lines.iter().all(|line| line.contains("RollBack")), "{lines:?}");
    let mut story = Story::executed(crate::Look {
        middle_platform: true,
        ..passed()
    });
    story
        .at("17:10")
        .says("pm", DutyKind::Verify, Action::Anomaly, note("错"));
    story.presses("lead", DutyKind::Handle, Action::Handle);
    story.at("17:20").presses("lead", DutyKind::Remedy, Action::Fixed);
    assert!(
        story
            .until("18:00")
            .contains(&"17:50 conf:reminder(ConfigurePermissions 1/3)".to_owned())
    );
}

#[test]
fn whoever_reports_of_a_change_that_was_long_over_when_first_seen_is_heard() {
    let mut story = Story::with_policy(
        "2026-11-26 10:00",
        "recorded_by = \"button\"",
        "recorded_by = \"approval_node\"",
    );
    let executed = crate::Signature {
        who: super::scene::user("exec"),
        at: super::scene::at("17:05"),
    };
    assert_eq!(
        story.looks(crate::Look {
            executed: Some(executed),
            ..passed()
        }),
        ""
    );
    assert_eq!(closed(&story), (Stage::Closed, Some(Ending::Successful)));
    assert!(
        story
            .on_a_page("qa", Action::Anomaly, note("打不开"))
            .starts_with("exec:duty(Handle) lead:duty(Handle)")
    );
}
