//! Stories of single changes: what is looked at, and what people are told.

use std::sync::Arc;

use changegate_policy::{
    ChangeSummary, Mode, Outcome, Policy, PolicyRef, RuleId, RuleResult, Status, UserId, Verdict,
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use proptest::prelude::*;

use super::advance;
use crate::{Change, Effect, Event, FormStatus, Look, Signature};

fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_487_400, 0).unwrap() + TimeDelta::minutes(minutes)
}

fn verdict(outcome: Outcome, faults: &[(RuleId, Status)]) -> Arc<Verdict> {
    let results = faults.iter().map(|&(rule, status)| RuleResult {
        rule,
        clause: rule.clause().to_owned(),
        status,
        message: Some(format!("{rule} at some time")),
        evidence: Some("原文".to_owned()),
        position: None,
        fix: None,
        mode: Mode::InForce,
        waived: false,
    });
    Arc::new(Verdict {
        sp_no: "202611240001".to_owned(),
        verdict: outcome,
        policy: PolicyRef {
            version: "2.1".to_owned(),
            sha256: "0".repeat(64),
        },
        evaluated_at: at(0).fixed_offset(),
        change: ChangeSummary {
            change_day: NaiveDate::from_ymd_opt(2026, 11, 24),
            ..ChangeSummary::default()
        },
        results: results.collect(),
    })
}

fn rejected() -> Arc<Verdict> {
    verdict(
        Outcome::Rejected,
        &[
            (RuleId::TitleFormat, Status::Fail),
            (RuleId::Attachments, Status::Warn),
        ],
    )
}

fn warnings() -> Arc<Verdict> {
    verdict(Outcome::Warnings, &[(RuleId::Attachments, Status::Warn)])
}

fn compliant() -> Arc<Verdict> {
    verdict(Outcome::Compliant, &[])
}

fn users(ids: &[&str]) -> Vec<UserId> {
    ids.iter().map(UserId::new).collect()
}

/// A form in progress whose approver is the development lead.
fn look(verdict: &Arc<Verdict>) -> Look {
    Look {
        form: FormStatus::InProgress,
        applicants: users(&["dev"]),
        current_approvers: users(&["lead"]),
        signatures: Vec::new(),
        operations_leads: users(&["ops"]),
        verdict: Arc::clone(verdict),
        content: "first".to_owned(),
    }
}

fn signed(mut look: Look, who: &str, minutes: i64, next: &[&str]) -> Look {
    look.signatures.push(Signature {
        who: UserId::new(who),
        at: at(minutes),
    });
    look.current_approvers = users(next);
    look
}

fn ended(look: Look, form: FormStatus) -> Look {
    Look {
        form,
        current_approvers: Vec::new(),
        ..look
    }
}

/// Plays looks a minute apart and tells who heard what, look by look.
fn told(looks: &[Look]) -> Vec<String> {
    let mut change = Change::default();
    let mut lines = Vec::new();
    for (minute, look) in (0..).zip(looks) {
        let (next, effects) = advance(
            change,
            Event::Looked(look.clone()),
            at(minute),
            &Policy::built_in(),
        );
        lines.push(notices(&effects).join(" "));
        change = next;
    }
    lines
}

fn notices(effects: &[Effect]) -> Vec<String> {
    let notice = |effect: &Effect| match effect {
        Effect::Notify { to, notice, .. } => Some(format!("{to}:{}", notice.word())),
        Effect::Record(_) => None,
    };
    effects.iter().filter_map(notice).collect()
}

#[test]
fn a_rejected_form_is_told_to_its_applicant_to_the_approver_and_to_operations() {
    assert_eq!(
        told(&[look(&rejected())]),
        ["dev:verdict lead:before_signing ops:breach"]
    );
}

#[test]
fn a_compliant_form_is_told_to_its_applicant_alone() {
    assert_eq!(told(&[look(&compliant())]), ["dev:verdict"]);
}

#[test]
fn a_form_with_warnings_is_told_to_its_applicant_and_the_approver() {
    assert_eq!(told(&[look(&warnings())]), ["dev:verdict lead:before_signing"]);
}

#[test]
fn the_same_look_again_tells_nothing() {
    let look = look(&rejected());
    assert_eq!(told(&[look.clone(), look.clone(), look])[1..], ["", ""]);
}

#[test]
fn the_next_approver_is_warned_and_operations_hear_of_the_signature() {
    let first = look(&rejected());
    let second = signed(first.clone(), "lead", 7, &["tester"]);
    assert_eq!(
        told(&[first, second])[1],
        "ops:signed_despite tester:before_signing"
    );
}

#[test]
fn after_a_transfer_the_new_approver_is_warned() {
    let first = look(&rejected());
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
        ..look(&compliant())
    };
    assert_eq!(
        told(&[look(&rejected()), mended])[1],
        "dev:verdict_changed lead:resolved ops:resolved"
    );
}

#[test]
fn operations_are_released_when_only_warnings_are_left() {
    let better = Look {
        content: "second".to_owned(),
        ..look(&warnings())
    };
    assert_eq!(
        told(&[look(&rejected()), better])[1],
        "dev:verdict_changed lead:before_signing ops:resolved"
    );
}

#[test]
fn a_withdrawn_form_releases_those_who_were_warned_and_tells_its_applicant_nothing() {
    let first = look(&rejected());
    let gone = ended(first.clone(), FormStatus::Withdrawn);
    assert_eq!(told(&[first, gone])[1], "lead:closed ops:closed");
}

#[test]
fn a_passed_compliant_form_tells_nothing_new() {
    let first = look(&compliant());
    let passed = ended(signed(first.clone(), "lead", 5, &[]), FormStatus::Approved);
    assert_eq!(told(&[first, passed])[1], "");
}

#[test]
fn a_form_that_is_over_when_first_seen_is_told_to_nobody() {
    for form in [FormStatus::Withdrawn, FormStatus::Declined] {
        assert_eq!(told(&[ended(look(&rejected()), form)]), [""]);
    }
}

#[test]
fn a_form_that_passed_unseen_is_still_told_while_its_change_day_is_to_come() {
    let passed = ended(signed(look(&rejected()), "lead", 5, &[]), FormStatus::Approved);
    assert_eq!(
        told(std::slice::from_ref(&passed)),
        ["ops:signed_despite dev:verdict"]
    );
    let later = at(2 * 24 * 60);
    let (_, effects) = advance(
        Change::default(),
        Event::Looked(passed),
        later,
        &Policy::built_in(),
    );
    assert_eq!(notices(&effects), Vec::<String>::new());
}

#[test]
fn each_of_several_applicants_is_told_once() {
    let look = Look {
        applicants: users(&["dev", "Dev", "peer"]),
        ..look(&compliant())
    };
    assert_eq!(told(&[look]), ["dev:verdict peer:verdict"]);
}

#[test]
fn whoever_applies_is_not_told_a_second_time_as_approver_or_lead() {
    let look = Look {
        current_approvers: users(&["dev", "ops"]),
        operations_leads: users(&["ops", "dev"]),
        ..look(&rejected())
    };
    assert_eq!(told(&[look]), ["dev:verdict ops:before_signing"]);
}

#[test]
fn an_approval_of_another_template_is_told_to_nobody() {
    assert_eq!(told(&[look(&verdict(Outcome::NotApplicable, &[]))]), [""]);
}

fn any_look() -> impl Strategy<Value = Look> {
    let form = prop::sample::select(vec![
        FormStatus::InProgress,
        FormStatus::Returned,
        FormStatus::Approved,
        FormStatus::Declined,
        FormStatus::Withdrawn,
    ]);
    let verdict = prop::sample::select(vec![rejected(), warnings(), compliant()]);
    let people = prop::sample::subsequence(vec!["lead", "tester", "ops", "dev"], 0..=4);
    (form, verdict, people.clone(), people, "[ab]").prop_map(|(form, verdict, current, signers, content)| {
        Look {
            form,
            current_approvers: users(&current),
            signatures: signers
                .iter()
                .map(|who| Signature {
                    who: UserId::new(who),
                    at: at(1),
                })
                .collect(),
            verdict,
            content,
            ..look(&compliant())
        }
    })
}

proptest! {
    /// WeCom repeats and reorders: whatever was looked at before, the last look decides where the change
    /// stands, a second identical look has no effect, and no message key is used twice.
    #[test]
    fn the_last_look_wins_and_repeats_are_silent(looks in prop::collection::vec(any_look(), 1..8)) {
        let policy = Policy::built_in();
        let mut change = Change::default();
        let mut sequences = Vec::new();
        for look in &looks {
            let (next, effects) = advance(change, Event::Looked(look.clone()), at(1), &policy);
            sequences.extend(effects.iter().filter_map(|effect| match effect {
                Effect::Notify { sequence, .. } => Some(*sequence),
                Effect::Record(_) => None,
            }));
            let (again, effects) = advance(next.clone(), Event::Looked(look.clone()), at(2), &policy);
            prop_assert_eq!(&again, &next);
            prop_assert_eq!(effects, Vec::new());
            change = next;
        }
        let (fresh, _) = advance(Change::default(), Event::Looked(looks.last().unwrap().clone()), at(1), &policy);
        prop_assert_eq!(change.stage, fresh.stage);
        prop_assert!(sequences.is_sorted_by(|a, b| a < b));
    }
}
