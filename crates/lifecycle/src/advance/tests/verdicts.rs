//! What is told of the verdict on a form: news only, to those whom it concerns.

use std::collections::BTreeSet;

use changegate_policy::{Outcome, RuleId};

use super::scene::{
    Story, at, compliant, ended, form, passed, people, rejected, set, signed, undecided, users, verdict,
    warnings,
};
use crate::{Difference, Earlier, Effect, FormStatus, Look, Newer, Notice, People, Stage};

/// Plays looks a minute apart and tells who heard what, look by look.
fn told(looks: &[Look]) -> Vec<String> {
    let mut story = Story::begins("10:10");
    let mut tell = |look: &Look| {
        let told = story.looks(look.clone());
        story.now += chrono::TimeDelta::minutes(1);
        told
    };
    looks.iter().map(&mut tell).collect()
}

const PREPARATIONS: &str = "qa:duty(Regression) dev:duty(RollbackReady) pm:duty(VerificationReady)";

#[test]
fn a_rejected_form_is_told_to_its_applicant_to_the_approver_and_to_operations() {
    assert_eq!(
        told(&[form(&rejected())]),
        ["dev:verdict lead:before_signing ops:breach"]
    );
}

#[test]
fn a_compliant_form_is_told_to_its_applicant_and_comes_to_its_approver() {
    assert_eq!(
        told(&[form(&compliant())]),
        [format!("dev:verdict lead:your_turn {PREPARATIONS}")]
    );
}

#[test]
fn a_form_with_warnings_is_told_to_its_applicant_and_the_approver() {
    assert_eq!(
        told(&[form(&warnings())]),
        [format!("dev:verdict lead:before_signing {PREPARATIONS}")]
    );
}

#[test]
fn an_undecided_form_is_told_again_when_more_is_known() {
    assert_eq!(
        told(&[form(&undecided()), form(&compliant())]),
        [
            format!("dev:verdict lead:your_turn {PREPARATIONS}"),
            "dev:verdict_changed".to_owned()
        ]
    );
}

#[test]
fn the_same_look_again_tells_nothing() {
    let look = form(&rejected());
    assert_eq!(told(&[look.clone(), look.clone(), look])[1..], ["", ""]);
}

#[test]
fn the_next_approver_is_warned_and_operations_and_administrators_hear_of_the_signature() {
    let first = form(&rejected());
    let second = signed(first.clone(), "lead", "10:17", &["tlead"]);
    assert_eq!(
        told(&[first, second])[1],
        "admin:signed_despite ops:signed_despite tlead:before_signing"
    );
}

#[test]
fn the_minutes_between_warning_and_signature_are_told() {
    let first = form(&rejected());
    let mut story = Story::begins("10:10");
    story.looks(first.clone());
    story
        .at("10:30")
        .looks(signed(first, "lead", "10:17", &["tlead"]));
    let minutes = story.effects.iter().find_map(|effect| match effect {
        Effect::Notify {
            notice:
                Notice::SignedDespite {
                    minutes_after_warning,
                    ..
                },
            ..
        } => *minutes_after_warning,
        _ => None,
    });
    assert_eq!((minutes, story.change.signed_despite), (Some(7), 1));
}

#[test]
fn after_a_transfer_the_new_approver_is_warned() {
    let first = form(&rejected());
    let second = Look {
        current_approvers: users(&["deputy"]),
        ..first.clone()
    };
    assert_eq!(told(&[first, second])[1], "deputy:before_signing");
}

#[test]
fn whoever_hands_a_form_with_warnings_over_is_not_told_that_it_is_mended() {
    let first = form(&warnings());
    let second = Look {
        current_approvers: users(&["deputy"]),
        ..first.clone()
    };
    assert_eq!(told(&[first, second])[1], "deputy:before_signing");
}

#[test]
fn a_mended_form_gives_the_all_clear_to_those_who_were_warned() {
    let mended = Look {
        content: "second".to_owned(),
        ..form(&compliant())
    };
    assert_eq!(
        told(&[form(&rejected()), mended])[1],
        format!("dev:verdict_changed lead:resolved ops:resolved {PREPARATIONS}")
    );
}

#[test]
fn operations_are_released_when_only_warnings_are_left() {
    let better = Look {
        content: "second".to_owned(),
        ..form(&warnings())
    };
    assert_eq!(
        told(&[form(&rejected()), better])[1],
        format!("dev:verdict_changed lead:before_signing ops:resolved {PREPARATIONS}")
    );
}

#[test]
fn a_form_edited_after_it_was_signed_is_told_to_those_who_signed_and_to_the_approver() {
    let first = signed(form(&compliant()), "lead", "10:15", &["tlead"]);
    let edited = Look {
        content: "second".to_owned(),
        differences: vec![Difference {
            field: "回退方案".to_owned(),
            before: "回滚".to_owned(),
            after: "无".to_owned(),
        }],
        ..first.clone()
    };
    let lines = told(&[form(&compliant()), first, edited]);
    assert_eq!(
        lines[1..],
        [
            "tlead:your_turn",
            "lead:edited_after_signing tlead:edited_after_signing"
        ]
    );
}

#[test]
fn a_withdrawn_form_releases_those_who_were_warned_and_tells_its_applicant_nothing() {
    let first = form(&rejected());
    let gone = ended(first.clone(), FormStatus::Withdrawn);
    assert_eq!(told(&[first, gone])[1], "lead:closed ops:closed");
}

#[test]
fn a_passed_compliant_form_is_told_to_those_who_execute_it() {
    assert_eq!(told(&[form(&compliant()), passed()])[1], "exec:duty(Start)");
}

#[test]
fn a_form_that_is_over_when_first_seen_is_told_to_nobody() {
    for status in [FormStatus::Withdrawn, FormStatus::Declined] {
        assert_eq!(told(&[ended(form(&rejected()), status)]), [""]);
    }
}

#[test]
fn a_form_that_passed_unseen_is_still_told_while_its_change_day_is_to_come() {
    let late = ended(
        signed(form(&rejected()), "lead", "10:15", &[]),
        FormStatus::Approved,
    );
    assert_eq!(
        told(std::slice::from_ref(&late)),
        ["admin:signed_despite ops:signed_despite dev:verdict exec:duty(Start)"]
    );
    let mut story = Story::begins("2026-11-26 10:10");
    assert_eq!(story.looks(late), "");
    assert_eq!(story.until("2026-12-31 10:00"), Vec::<String>::new());
    assert_eq!(story.change.stage, Stage::Expired);
}

#[test]
fn each_of_several_applicants_is_told_once() {
    let look = Look {
        applicants: users(&["dev", "Dev", "peer"]),
        people: People {
            applicants: set(&["dev", "peer"]),
            ..people()
        },
        ..form(&rejected())
    };
    assert_eq!(
        told(&[look]),
        ["dev:verdict peer:verdict lead:before_signing ops:breach"]
    );
}

#[test]
fn whoever_applies_is_not_told_a_second_time_as_approver_or_lead() {
    let look = Look {
        current_approvers: users(&["dev", "ops"]),
        people: People {
            operations_leads: set(&["ops", "dev"]),
            ..people()
        },
        ..form(&rejected())
    };
    assert_eq!(told(&[look]), ["dev:verdict ops:before_signing"]);
}

#[test]
fn an_approval_of_another_template_is_told_to_nobody() {
    assert_eq!(told(&[form(&verdict(Outcome::NotApplicable, &[]))]), [""]);
}

#[test]
fn a_form_filed_again_is_compared_with_the_rejected_one() {
    let again = Look {
        earlier: Some(Earlier {
            sp_no: "202611230007".to_owned(),
            failed: BTreeSet::from([RuleId::TitleFormat, RuleId::Cutoff]),
        }),
        ..form(&rejected())
    };
    let mut story = Story::begins("10:10");
    story.looks(again);
    let comparison = story.effects.iter().find_map(|effect| match effect {
        Effect::Notify {
            notice: Notice::Verdict { earlier, .. },
            ..
        } => earlier.clone(),
        _ => None,
    });
    let comparison = comparison.unwrap();
    assert_eq!(comparison.resolved, BTreeSet::from([RuleId::Cutoff]));
    assert_eq!(comparison.remaining, BTreeSet::from([RuleId::TitleFormat]));
    assert_eq!(story.change.earlier.as_deref(), Some("202611230007"));
}

#[test]
fn once_a_newer_flow_passed_applicant_and_approver_hear_that_this_one_is_replaced() {
    let newer = |passed| {
        Some(Newer {
            sp_no: "202611240009".to_owned(),
            passed,
        })
    };
    let mut story = Story::begins("10:10");
    story.looks(form(&rejected()));
    let only_filed = Look {
        newer: newer(false),
        ..form(&rejected())
    };
    assert_eq!(story.looks(only_filed), "");
    let replaced = Look {
        newer: newer(true),
        ..form(&rejected())
    };
    assert_eq!(
        story.looks(replaced.clone()),
        "ops:closed dev:superseded lead:superseded"
    );
    assert_eq!(story.change.stage, Stage::Superseded);
    assert_eq!(story.looks(replaced), "");
    assert_eq!(story.looks(ended(form(&rejected()), FormStatus::Withdrawn)), "");
    assert_eq!(story.change.stage, Stage::Withdrawn);
}

#[test]
fn a_withdrawal_after_passing_closes_before_the_start_and_is_a_contradiction_after_it() {
    let gone = ended(passed(), FormStatus::Withdrawn);
    let mut before = Story::approved(passed());
    assert_eq!(before.looks(gone.clone()), "");
    assert_eq!(
        (before.change.stage, before.open()),
        (Stage::Withdrawn, Vec::new())
    );
    let mut after = Story::executed(passed());
    assert_eq!(after.looks(gone.clone()), "ops:withdrawn_after_start");
    assert_eq!(after.looks(gone), "");
    assert_eq!(after.change.stage, Stage::Verifying);
}

#[test]
fn what_nobody_carries_out_expires_a_week_after_its_window_and_passes_too_late_then() {
    let mut story = Story::begins("10:10");
    story.looks(form(&compliant()));
    let lines = story.until("2026-12-02 12:00");
    assert_eq!(lines.last().unwrap(), "12-02 00:02 dev:expired ops:expired");
    assert_eq!(story.change.stage, Stage::Expired);
    assert_eq!(story.change.times.closed, Some(at("2026-12-02 00:02")));
    assert_eq!(story.looks(passed()), "dev:passed_too_late ops:passed_too_late");
    assert_eq!(story.looks(passed()), "");
    assert_eq!(story.change.stage, Stage::Expired);
}
