//! Facts that cannot be had: people are told once, and hear of it once more when more is known.

use changegate_policy::{Outcome, RuleId, Status};

use super::scene::{Story, at, compliant, form, passed, rejected, undecided, verdict, warnings};
use crate::{Look, Stage, Timer};

const PREPARATIONS: &str = "qa:duty(Regression) dev:duty(RollbackReady) pm:duty(VerificationReady)";

fn not_accepted(status: Status) -> Look {
    let outcome = match status {
        Status::Fail => Outcome::Rejected,
        _ => Outcome::Undecided,
    };
    form(&verdict(outcome, &[(RuleId::UatAccepted, status)]))
}

#[test]
fn a_fact_that_cannot_be_had_is_told_once_and_once_more_when_it_is_known() {
    let mut story = Story::begins("10:10");
    assert_eq!(
        story.looks(form(&undecided())),
        format!("dev:verdict lead:your_turn {PREPARATIONS}")
    );
    for minute in 11..20 {
        story.at(&format!("10:{minute}"));
        assert_eq!(story.looks(form(&undecided())), "");
    }
    assert_eq!(story.looks(form(&compliant())), "dev:verdict_changed");
    assert_eq!(story.looks(form(&compliant())), "");
}

#[test]
fn what_a_service_says_when_it_cannot_answer_is_no_news() {
    let saying = |text: &str| {
        let mut verdict = changegate_policy::Verdict::clone(&undecided());
        for result in &mut verdict.results {
            result.evidence = Some(text.to_owned());
        }
        form(&std::sync::Arc::new(verdict))
    };
    let mut story = Story::begins("10:10");
    story.looks(saying("JIRA 超时"));
    assert_eq!(story.looks(saying("JIRA 返回 502")), "");
}

#[test]
fn a_fact_that_is_gone_for_a_while_takes_nothing_back_that_was_told() {
    for told in [compliant(), warnings()] {
        let mut story = Story::begins("10:10");
        story.looks(form(&told));
        let mut doubted = changegate_policy::Verdict::clone(&told);
        doubted.verdict = Outcome::Undecided;
        doubted.results.extend(undecided().results.clone());
        let doubted = form(&std::sync::Arc::new(doubted));
        for _ in 0..3 {
            assert_eq!(story.looks(doubted.clone()), "");
            assert_eq!(story.looks(form(&told)), "");
        }
    }
}

#[test]
fn a_rejection_stands_while_its_fact_cannot_be_had() {
    let mut story = Story::begins("10:10");
    assert_eq!(
        story.looks(not_accepted(Status::Fail)),
        "dev:verdict lead:before_signing ops:breach"
    );
    story.looks(not_accepted(Status::Unknown));
    assert!(!story.change.warned.is_empty());
    assert_eq!(story.looks(not_accepted(Status::Fail)), "");
    assert_eq!(
        story.looks(form(&compliant())),
        "dev:verdict_changed lead:resolved ops:resolved"
    );
}

#[test]
fn a_form_that_was_edited_is_told_of_even_where_a_fact_is_missing() {
    let mut story = Story::begins("10:10");
    story.looks(form(&compliant()));
    let edited = Look {
        content: "second".to_owned(),
        ..form(&undecided())
    };
    assert_eq!(story.looks(edited), "dev:verdict_changed");
}

#[test]
fn a_rejection_heals_when_the_product_manager_moves_the_issue() {
    let mut story = Story::begins("10:10");
    assert_eq!(
        story.looks(not_accepted(Status::Fail)),
        "dev:verdict lead:before_signing ops:breach"
    );
    assert_eq!(story.at("10:25").looks(not_accepted(Status::Fail)), "");
    assert_eq!(
        story.at("10:26").looks(form(&compliant())),
        format!("dev:verdict_changed lead:resolved ops:resolved {PREPARATIONS}")
    );
    assert_eq!(story.at("10:27").looks(form(&compliant())), "");
    story.at("10:40").looks(passed());
    assert_eq!(
        (story.change.stage, story.change.signed_despite),
        (Stage::Approved, 0)
    );
}

#[test]
fn a_form_is_looked_at_again_when_the_look_asks_for_it() {
    let again = |when: &str| Look {
        look_again_at: Some(at(when)),
        ..form(&undecided())
    };
    let mut story = Story::begins("10:10");
    story.looks(again("10:20"));
    assert_eq!(story.due(Timer::Look), "11-24 10:20");
    story.looks(again("10:15"));
    story.looks(again("10:30"));
    story.looks(form(&undecided()));
    assert_eq!(story.due(Timer::Look), "11-24 10:15", "the earliest counts");
    assert_eq!(story.until("10:15"), Vec::<String>::new());
    assert_eq!(story.due(Timer::Look), "never");
    story.looks(again("09:00"));
    assert!(story.change.timers[&Timer::Look] > story.now);
}

#[test]
fn nobody_looks_again_of_what_is_over_out_or_told_to_nobody() {
    let again = |look: Look| Look {
        look_again_at: Some(at("2026-11-26 17:00")),
        ..look
    };
    let mut out = Story::executed(passed());
    out.looks(again(passed()));
    assert_eq!(out.due(Timer::Look), "never");
    let mut quiet = Story::begins("2026-11-26 10:10");
    quiet.looks(again(passed()));
    assert_eq!(quiet.due(Timer::Look), "never");
    let mut withdrawn = Story::begins("10:10");
    withdrawn.looks(form(&rejected()));
    let gone = super::scene::ended(form(&rejected()), crate::FormStatus::Withdrawn);
    withdrawn.looks(again(gone));
    assert_eq!(withdrawn.due(Timer::Look), "never");
}
