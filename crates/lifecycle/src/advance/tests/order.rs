//! Looks in any order, repeated or lost, and presses repeated: the change ends where the plain order ends.

use std::collections::BTreeSet;

use changegate_policy::Market;
use proptest::prelude::*;

use super::scene::{Story, compliant, concerning, form, passed, rejected, signed};
use crate::{Action, DutyKind, DutyState, Ending, Look, Stage};

/// What there is to see of one form in the course of its approval; the last look is what reconciliation finds.
fn truth(markets: &[Market]) -> Vec<Look> {
    let first = form(&rejected());
    let second = Look {
        content: "second".to_owned(),
        ..form(&compliant())
    };
    let third = signed(second.clone(), "lead", "10:20", &["tlead"]);
    let fourth = signed(third.clone(), "tlead", "10:30", &["ops"]);
    let last = Look {
        content: "second".to_owned(),
        ..passed()
    };
    [first, second, third, fourth, last]
        .map(|look| concerning(markets, look))
        .into()
}

/// What each holder presses when things go well, or, while something is wrong, until they do.
fn answer(kind: DutyKind, wrong: bool) -> Option<Action> {
    Some(match kind {
        DutyKind::Regression | DutyKind::RollbackReady | DutyKind::VerificationReady => Action::Done,
        DutyKind::Start => Action::Start,
        DutyKind::Finish => Action::Executed,
        DutyKind::Verify if wrong => Action::Anomaly,
        DutyKind::Verify => Action::Verified,
        DutyKind::WatchFeedback => Action::NothingUnusual,
        DutyKind::UsOpen => Action::OpenedWell,
        DutyKind::Handle => Action::RollBack,
        DutyKind::RollBack => Action::RolledBack,
        DutyKind::ConfirmRestored => Action::Restored,
        DutyKind::Markets => Action::MarketsRight,
        _ => return None,
    })
}

/// Everybody does what is theirs, each press as often as asked, until nobody is awaited; `pick` chooses whose turn it
/// is. Preparations come before the start, testers speak before something is reported.
fn act(story: &mut Story, wrong: bool, times: usize, pick: &mut impl FnMut(usize) -> usize) {
    for _ in 0..200 {
        let mut awaited: Vec<(u32, DutyKind, String)> = Vec::new();
        for duty in story.change.duties.iter().filter(|duty| duty.is_open()) {
            awaited.extend(
                duty.awaited()
                    .map(|who| (duty.number, duty.kind, who.to_string())),
            );
        }
        awaited.retain(|(_, kind, _)| answer(*kind, wrong).is_some());
        let last = |kind: DutyKind| kind == DutyKind::Start || wrong && kind == DutyKind::Verify;
        if awaited.iter().any(|(_, kind, _)| !last(*kind)) {
            awaited.retain(|(_, kind, _)| !last(*kind));
        }
        if awaited.is_empty() {
            return;
        }
        let (number, kind, who) = awaited.swap_remove(pick(awaited.len()));
        let action = answer(kind, wrong).unwrap();
        for _ in 0..times {
            story.happens(super::scene::press(
                &who,
                Some(number),
                action,
                super::scene::note("异常"),
            ));
        }
    }
    panic!("people are asked without end");
}

/// Stage, ending, and which duties were done by people's word. Whose turn it was to sign is WeCom's to know.
fn outcome(story: &Story) -> (Stage, Option<Ending>, BTreeSet<DutyKind>) {
    let done = story
        .change
        .duties
        .iter()
        .filter(|duty| duty.state == DutyState::Done && duty.kind != DutyKind::Sign);
    (
        story.change.stage,
        story.change.ending,
        done.map(|duty| duty.kind).collect(),
    )
}

fn to_the_end(story: &mut Story, wrong: bool, times: usize, mut pick: impl FnMut(usize) -> usize) {
    story.at("16:45");
    act(story, wrong, times, &mut pick);
    story.until("23:00");
    act(story, wrong, times, &mut pick);
}

#[test]
fn the_plain_order_ends_well_and_rolled_back_where_something_is_wrong() {
    for (wrong, ending) in [(false, Ending::Successful), (true, Ending::RolledBack)] {
        let mut story = Story::begins("10:10");
        for look in truth(&[Market::Us]) {
            story.looks(look);
        }
        to_the_end(&mut story, wrong, 1, |_| 0);
        let (stage, ended, done) = outcome(&story);
        assert_eq!((stage, ended), (Stage::Closed, Some(ending)));
        assert!(
            done.contains(&DutyKind::Regression) && done.contains(&DutyKind::Start),
            "{done:?}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_order_ends_like_the_plain_one(
        seen in prop::collection::vec(0_usize..5, 0..10),
        late in prop::collection::vec(0_usize..5, 0..6),
        choices in prop::collection::vec(0_usize..1000, 64),
        (wrong, us, times) in (any::<bool>(), any::<bool>(), 1_usize..3),
    ) {
        let markets: &[Market] = if us { &[Market::Us] } else { &[] };
        let truth = truth(markets);
        let mut plain = Story::begins("10:10");
        for look in &truth {
            plain.looks(look.clone());
        }
        to_the_end(&mut plain, wrong, 1, |_| 0);

        let mut mixed = Story::begins("10:10");
        for number in seen {
            mixed.looks(truth[number].clone());
        }
        mixed.looks(truth[4].clone());
        let mut next = choices.into_iter().cycle();
        let mut pick = |of: usize| next.next().unwrap() % of;
        mixed.at("16:45");
        act(&mut mixed, wrong, times, &mut pick);
        // Looks that come late, once it is begun, and the last one after them.
        for number in late.into_iter().chain([4]) {
            mixed.looks(truth[number].clone());
        }
        to_the_end(&mut mixed, wrong, times, pick);
        prop_assert_eq!(outcome(&mixed), outcome(&plain));
    }
}
