//! Changes as they are stored: round, and as the previous release left them.

use super::scene::{Story, at, note, passed, user};
use crate::{Action, Change, DutyKind, Stage};

#[test]
fn a_change_comes_back_as_it_was_stored() {
    let mut story = Story::executed(super::scene::concerning(
        &[changegate_policy::Market::HongKong],
        passed(),
    ));
    story.says("pm", DutyKind::Verify, Action::Anomaly, note("错"));
    story.on_a_page("lead", Action::MarkIncident, note(""));
    let json = serde_json::to_string(&story.change).unwrap();
    assert_eq!(serde_json::from_str::<Change>(&json).unwrap(), story.change);
}

#[test]
fn a_change_of_the_previous_release_goes_on() {
    let json = r#"{
        "stage": "approving",
        "judged": {"outcome": "compliant", "faults": [], "at": "2026-11-24T02:10:00Z"},
        "applicant_told": {"outcome": "compliant", "faults": [], "at": "2026-11-24T02:10:00Z"},
        "warned": {"ops": {"outcome": "rejected", "at": "2026-11-24T02:10:00Z",
            "faults": [{"rule": "title-format", "fails": true, "evidence": "标题"}]}},
        "signed": ["lead"],
        "content": "first",
        "messages": 3
    }"#;
    let mut story = Story::begins("10:30");
    story.change = serde_json::from_str(json).unwrap();
    assert_eq!((story.change.stage, story.change.messages), (Stage::Approving, 3));
    assert_eq!(
        story.looks(passed()),
        "exec:duty(Start) qa:duty(Regression) dev:duty(RollbackReady) pm:duty(VerificationReady)"
    );
    assert_eq!(story.change.times.approved, Some(at("10:30")));
    assert!(story.change.signed.contains(&user("lead")));
}
