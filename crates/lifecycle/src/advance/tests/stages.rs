//! Every event in every stage: answered, and where it means nothing, without any change.

use std::collections::{BTreeMap, BTreeSet};

use changegate_policy::Market;

use super::laws::{WHO, check_step, every_timer, without_messages};
use super::scene::{Story, at, compliant, concerning, form, note, passed, press, rejected, set, user};
use crate::{
    Action, Deployment, DeploymentState, Duty, DutyKind, DutyState, Event, FormStatus, Look, Newer, Record,
    Signature, Stage,
};

/// A change in each stage, reached the way changes reach it.
fn in_every_stage() -> Vec<Story> {
    let mut stories = vec![Story::begins("10:10")];
    let looked = |look: Look| {
        let mut story = Story::begins("10:10");
        story.looks(form(&compliant()));
        story.looks(look);
        story
    };
    let over = |form: FormStatus| {
        looked(Look {
            form,
            current_approvers: Vec::new(),
            ..passed()
        })
    };
    stories.push(looked(form(&rejected())));
    stories.push(over(FormStatus::Returned));
    stories.push(over(FormStatus::Approved));
    stories.push(over(FormStatus::Declined));
    stories.push(over(FormStatus::Withdrawn));
    let newer = Some(Newer {
        sp_no: "2".to_owned(),
        passed: true,
    });
    stories.push(looked(Look {
        newer,
        ..form(&compliant())
    }));
    let mut expired = looked(form(&compliant()));
    expired.until("2026-12-31 10:00");
    stories.push(expired);
    let course: &[(&str, DutyKind, Action)] = &[
        ("exec", DutyKind::Start, Action::Start),
        ("exec", DutyKind::Finish, Action::Executed),
        ("pm", DutyKind::Verify, Action::Anomaly),
        ("lead", DutyKind::Handle, Action::RollBack),
        ("exec", DutyKind::RollBack, Action::RolledBack),
        ("dev", DutyKind::ConfirmRestored, Action::Restored),
        ("qa", DutyKind::ConfirmRestored, Action::Restored),
    ];
    for steps in 1..=course.len() {
        let mut story = Story::approved(concerning(&[Market::Us, Market::HongKong], passed()));
        story.at("16:45");
        for (who, kind, action) in &course[..steps] {
            story.says(who, *kind, *action, note("异常"));
        }
        stories.push(story);
    }
    let mut fixed = Story::executed(concerning(&[Market::Us], passed()));
    fixed.presses("pm", DutyKind::Verify, Action::Anomaly);
    fixed.presses("lead", DutyKind::Handle, Action::Handle);
    fixed.presses("lead", DutyKind::Remedy, Action::Fixed);
    stories.push(fixed);
    let reached: BTreeSet<Stage> = stories.iter().map(|story| story.change.stage).collect();
    assert_eq!(reached.len(), Stage::ALL.len(), "{reached:?}");
    stories
}

fn deployment(state: DeploymentState, allowed: bool) -> Deployment {
    Deployment {
        id: "17".to_owned(),
        state,
        environment: "prod".to_owned(),
        images: Vec::new(),
        by: "job".to_owned(),
        at: at("17:00"),
        note: String::new(),
        allowed,
        why_not: Vec::new(),
    }
}

fn beginning_with(story: &Story, duty: Option<DutyKind>, state: DutyState) -> Story {
    let mut change = story.change.clone();
    if let Some(kind) = duty {
        let number = u32::try_from(change.duties.len()).unwrap() + 1;
        change.duties.push(Duty {
            number,
            kind,
            holders: set(&["dev", "someone"]),
            said: BTreeMap::new(),
            acknowledged: BTreeSet::new(),
            arrived: BTreeMap::new(),
            state,
            since: story.now,
            reminded: 0,
        });
    }
    Story {
        change,
        now: story.now,
        policy: std::sync::Arc::clone(&story.policy),
        effects: Vec::new(),
    }
}

#[test]
fn every_button_of_every_duty_is_answered_in_every_stage() {
    for stage in in_every_stage() {
        for kind in DutyKind::ALL {
            for action in Action::ALL {
                for (who, state) in [
                    ("dev", DutyState::Open),
                    ("stranger", DutyState::Open),
                    ("dev", DutyState::Dropped),
                ] {
                    let mut story = beginning_with(&stage, Some(*kind), state);
                    let before = story.change.clone();
                    let number = before.duties.last().unwrap().number;
                    story.happens(press(who, Some(number), *action, note("说明")));
                    let of_the_card = kind.actions().contains(action);
                    let acted = story
                        .records()
                        .iter()
                        .any(|record| matches!(record, Record::Pressed { .. }));
                    if who == "stranger" || state == DutyState::Dropped || !of_the_card {
                        assert!(!acted, "{:?} {kind:?} {action}", before.stage);
                        assert_eq!(without_messages(&story.change), without_messages(&before));
                    }
                }
            }
        }
    }
}

#[test]
fn what_pages_offer_and_every_timer_and_look_is_answered_in_every_stage() {
    let looks = [
        form(&compliant()),
        form(&rejected()),
        passed(),
        Look {
            form: FormStatus::Withdrawn,
            ..passed()
        },
        Look {
            form: FormStatus::Declined,
            ..passed()
        },
        Look {
            form: FormStatus::Returned,
            ..passed()
        },
        Look {
            executed: Some(Signature {
                who: user("exec"),
                at: at("17:05"),
            }),
            ..passed()
        },
    ];
    for stage in in_every_stage() {
        let mut events: Vec<Event> = every_timer().into_iter().map(Event::Due).collect();
        events.extend(looks.iter().map(|look| Event::Looked(Box::new(look.clone()))));
        for who in WHO {
            events.extend(
                Action::ALL
                    .iter()
                    .map(|action| press(who, None, *action, note("说明"))),
            );
        }
        for state in DeploymentState::ALL {
            for allowed in [true, false] {
                events.push(Event::Deployed(Box::new(deployment(*state, allowed))));
            }
        }
        for event in events {
            let mut story = beginning_with(&stage, None, DutyState::Open);
            let mut timers = story.change.timers.clone();
            check_step(&mut story, &event, &mut timers);
        }
    }
}
