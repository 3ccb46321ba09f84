//! Deployments that jobs report: execution without a button, and what went out against the gate.

use super::scene::{Story, at, compliant, ended, form, passed, rejected, user};
use crate::DeploymentState::{Failed, RolledBack, Started, Succeeded};
use crate::{Action, Deployment, DeploymentState, DutyKind, Ending, Event, FormStatus, Record, Stage};

/// A report of the deployment `id`, now.
fn report(story: &Story, id: &str, state: DeploymentState) -> Deployment {
    Deployment {
        id: id.to_owned(),
        state,
        environment: "prod".to_owned(),
        images: vec!["quote-server:2.4.0".to_owned()],
        by: "jenkins/quote-deploy".to_owned(),
        at: story.now,
        note: String::new(),
        allowed: true,
        why_not: Vec::new(),
    }
}

fn reports(story: &mut Story, id: &str, state: DeploymentState) -> String {
    let deployment = report(story, id, state);
    story.happens(Event::Deployed(Box::new(deployment)))
}

fn reports_against_the_gate(story: &mut Story, id: &str, state: DeploymentState) -> String {
    let deployment = Deployment {
        allowed: false,
        why_not: vec!["窗口已过".to_owned()],
        ..report(story, id, state)
    };
    story.happens(Event::Deployed(Box::new(deployment)))
}

fn deployed(id: &str, at: &str) -> Story {
    let mut story = Story::approved(passed());
    story.at("16:45");
    reports(&mut story, id, Started);
    story.at(at);
    reports(&mut story, id, Succeeded);
    assert_eq!(story.change.stage, Stage::Verifying);
    story
}

#[test]
fn a_deployment_is_recorded_from_start_to_verification_without_a_button() {
    let mut story = Story::approved(passed());
    story.at("16:45");
    assert_eq!(reports(&mut story, "17", Started), "exec:duty(Finish)");
    assert_eq!(story.change.stage, Stage::Executing);
    assert_eq!(story.change.times.started, Some(at("16:45")));
    let start = story.change.latest(DutyKind::Start).unwrap();
    assert_eq!(start.said[&user("jenkins/quote-deploy")].action, Action::Start);
    story.at("17:05");
    assert_eq!(
        reports(&mut story, "17", Succeeded),
        "dev:executed pm:duty(Verify) qa:duty(WatchFeedback)"
    );
    assert_eq!(story.change.stage, Stage::Verifying);
    assert_eq!(story.change.times.executed, Some(at("17:05")));
    assert_eq!(
        story.settled(),
        [
            "all:Finish",
            "all:Regression",
            "all:RollbackReady",
            "all:VerificationReady"
        ]
    );
}

#[test]
fn a_job_that_only_reports_success_began_as_well() {
    let mut story = Story::approved(passed());
    story.at("17:05");
    reports(&mut story, "17", Succeeded);
    assert_eq!(story.change.stage, Stage::Verifying);
    assert_eq!(story.change.times.started, Some(at("17:05")));
    assert!(story.open().iter().all(|kind| *kind != DutyKind::Start));
}

#[test]
fn the_same_report_twice_means_nothing() {
    let mut story = deployed("17", "17:05");
    let before = story.change.clone();
    for state in [Started, Succeeded] {
        assert_eq!(reports(&mut story, "17", state), "");
        assert!(matches!(story.records()[..], [Record::Ignored { .. }]));
        assert_eq!(story.change, before);
    }
}

#[test]
fn a_jobs_clock_is_believed_between_the_approval_and_now() {
    for (reported, believed) in [
        ("16:40", "16:40"),
        ("23:00", "16:45"),
        ("2020-01-01 00:00", "16:00"),
    ] {
        let mut story = Story::approved(passed());
        story.at("16:45");
        let deployment = Deployment {
            at: at(reported),
            ..report(&story, "17", Started)
        };
        story.happens(Event::Deployed(Box::new(deployment)));
        assert_eq!(story.change.times.started, Some(at(believed)), "{reported}");
    }
}

#[test]
fn it_is_out_once_every_deployment_that_began_has_ended() {
    let mut story = Story::approved(passed());
    story.at("16:45");
    reports(&mut story, "quote", Started);
    reports(&mut story, "trade", Started);
    assert_eq!(reports(&mut story, "quote", Succeeded), "");
    assert_eq!(story.change.stage, Stage::Executing);
    reports(&mut story, "trade", Succeeded);
    assert_eq!(story.change.stage, Stage::Verifying);
}

#[test]
fn a_deployment_that_fails_is_told_and_may_be_tried_again() {
    let mut story = Story::approved(passed());
    story.at("16:45");
    reports(&mut story, "17", Started);
    assert_eq!(
        reports(&mut story, "17", Failed),
        "dev:deployment_failed exec:deployment_failed lead:deployment_failed"
    );
    assert_eq!(story.change.stage, Stage::Executing);
    story.at("17:00");
    reports(&mut story, "18", Started);
    reports(&mut story, "18", Succeeded);
    assert_eq!(story.change.stage, Stage::Verifying);
}

#[test]
fn a_report_after_the_button_changes_nothing_and_is_no_breach() {
    let mut story = Story::executed(passed());
    assert_eq!(reports_against_the_gate(&mut story, "17", Succeeded), "");
    assert_eq!(story.change.stage, Stage::Verifying);
    assert_eq!(
        reports_against_the_gate(&mut story, "18", Started),
        "lead:deployed_against_gate ops:deployed_against_gate"
    );
}

#[test]
fn a_deployment_against_the_gate_is_recorded_and_heard_of_once() {
    let mut story = Story::approved(passed());
    story.at("22:00");
    assert_eq!(
        reports_against_the_gate(&mut story, "17", Started),
        "lead:deployed_against_gate ops:deployed_against_gate exec:duty(Finish)"
    );
    assert_eq!(story.change.stage, Stage::Executing);
    assert_eq!(
        reports_against_the_gate(&mut story, "17", Succeeded),
        "dev:executed pm:duty(Verify) qa:duty(WatchFeedback)"
    );
}

#[test]
fn a_deployment_of_a_form_that_did_not_pass_moves_nothing() {
    for state in [Started, Succeeded, Failed, RolledBack] {
        let mut story = Story::begins("10:10");
        story.looks(form(&rejected()));
        assert_eq!(
            reports(&mut story, "17", state),
            "lead:deployed_against_gate ops:deployed_against_gate",
            "{state:?}"
        );
        assert_eq!(story.change.stage, Stage::Approving);
    }
}

#[test]
fn a_deployment_of_a_withdrawn_form_that_nobody_was_told_of_is_heard_of() {
    let mut story = Story::begins("10:10");
    assert_eq!(story.looks(ended(form(&compliant()), FormStatus::Withdrawn)), "");
    assert_eq!(
        reports_against_the_gate(&mut story, "17", Succeeded),
        "lead:deployed_against_gate ops:deployed_against_gate"
    );
    assert_eq!(story.change.stage, Stage::Withdrawn);
}

#[test]
fn a_rollback_that_was_ordered_is_done_by_the_jobs_word() {
    let mut story = Story::executed(passed());
    story.presses("pm", DutyKind::Verify, Action::Anomaly);
    story.presses("lead", DutyKind::Handle, Action::RollBack);
    let told = reports(&mut story, "18", RolledBack);
    assert!(
        told.ends_with("dev:duty(ConfirmRestored) qa:duty(ConfirmRestored)"),
        "{told}"
    );
    assert_eq!(story.change.stage, Stage::RolledBack);
    assert_eq!(story.open(), [DutyKind::ConfirmRestored]);
}

#[test]
fn a_rollback_before_anybody_reported_counts_as_an_anomaly() {
    for kind in [None, Some(DutyKind::Verify)] {
        let mut story = deployed("17", "17:05");
        if let Some(kind) = kind {
            story.presses("pm", kind, Action::Anomaly);
        }
        story.at("17:10");
        assert_eq!(
            reports(&mut story, "17", RolledBack),
            "dev:deployment_rolled_back exec:deployment_rolled_back lead:deployment_rolled_back \
             ops:deployment_rolled_back dev:duty(ConfirmRestored) qa:duty(ConfirmRestored)"
        );
        assert_eq!(story.change.stage, Stage::RolledBack);
        assert_eq!(story.open(), [DutyKind::ConfirmRestored]);
        assert_eq!(story.change.anomalies.len(), 1);
        story.presses("dev", DutyKind::ConfirmRestored, Action::Restored);
        story.presses("qa", DutyKind::ConfirmRestored, Action::Restored);
        assert_eq!(story.change.ending, Some(Ending::RolledBack));
    }
}

#[test]
fn a_rollback_in_the_middle_of_the_execution_is_told_and_left_to_operations() {
    let mut story = Story::approved(passed());
    story.at("16:45");
    reports(&mut story, "17", Started);
    assert_eq!(
        reports(&mut story, "17", RolledBack),
        "dev:deployment_rolled_back exec:deployment_rolled_back lead:deployment_rolled_back \
         ops:deployment_rolled_back"
    );
    assert_eq!(
        (story.change.stage, story.change.anomalies.len()),
        (Stage::Executing, 0)
    );
}

#[test]
fn the_oldest_of_very_many_reports_is_forgotten() {
    let mut story = deployed("17", "17:05");
    for number in 0..300 {
        reports(&mut story, &format!("job-{number}"), Started);
    }
    assert_eq!(story.change.deployments.len(), 200);
    assert_eq!(story.change.deployments.last().unwrap().id, "job-299");
}
