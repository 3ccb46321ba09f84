//! What holds of every change, whatever happens to it.

use std::collections::{BTreeMap, BTreeSet};

use changegate_policy::Market;
use chrono::TimeDelta;
use proptest::prelude::*;

use super::scene::{
    Story, at, compliant, concerning, emergency, form, note, press, rejected, set, signed, undecided, user,
    users, warnings,
};
use crate::{
    Action, Change, Deployment, DeploymentState, Details, Duty, Effect, Event, FormStatus, Look, Newer,
    Notice, Record, ReportText, Signature, Timer,
};

pub(super) const WHO: &[&str] = &[
    "dev", "pm", "qa", "lead", "tlead", "ops", "exec", "conf", "admin", "stranger",
];

#[derive(Debug, Clone)]
enum Happening {
    Look(Box<Look>),
    /// A press on the duty at this place in the list of all duties, counted from the newest.
    Press(usize, &'static str, Action, Box<Details>),
    /// What the holder of an open duty would press.
    Dutiful(usize, usize),
    Beside(&'static str, Action, Box<Details>),
    Deployment(Box<Deployment>),
    /// The next timer is due.
    NextTimer,
    /// A timer fires that may not be set.
    Stray(Timer),
    Minutes(i64),
}

fn any_look() -> impl Strategy<Value = Look> {
    let status = prop::sample::select(vec![
        FormStatus::InProgress,
        FormStatus::InProgress,
        FormStatus::Returned,
        FormStatus::Approved,
        FormStatus::Approved,
        FormStatus::Approved,
        FormStatus::Declined,
        FormStatus::Withdrawn,
    ]);
    let verdict = prop::sample::select(vec![
        rejected(),
        warnings(),
        compliant(),
        compliant(),
        undecided(),
    ]);
    let people = prop::sample::subsequence(vec!["lead", "tlead", "ops", "dev"], 0..=4);
    let markets = prop::sample::subsequence(vec![Market::Us, Market::HongKong, Market::Singapore], 0..=3);
    let flags = prop::collection::vec(prop::bool::weighted(0.2), 9);
    (status, verdict, people.clone(), people, "[ab]", markets, flags).prop_map(
        |(status, verdict, current, signers, content, markets, flags)| {
            let mut look = Look {
                form: status,
                current_approvers: users(&current),
                content,
                middle_platform: flags[0],
                technical: flags[1],
                planned: (flags[2].then(|| at("12:00")), flags[2].then(|| at("13:00"))),
                executed: flags[3].then(|| Signature {
                    who: user("exec"),
                    at: at("17:05"),
                }),
                newer: flags[4].then(|| Newer {
                    sp_no: "2".to_owned(),
                    passed: true,
                }),
                mail_by_hand: flags[6],
                emergency_mail_failed: flags[7],
                look_again_at: flags[8].then(|| at("16:40")),
                ..concerning(&markets, form(&verdict))
            };
            for who in signers {
                let next: Vec<&str> = current.clone();
                look = signed(look, who, "10:20", &next);
            }
            if flags[5] { emergency(&look) } else { look }
        },
    )
}

fn any_details() -> impl Strategy<Value = Box<Details>> {
    (prop::bool::ANY, prop::bool::ANY, 0_i64..5_000).prop_map(|(said, incident, minutes)| {
        Box::new(Details {
            note: if said { "说明".to_owned() } else { String::new() },
            incident,
            people: if said {
                set(&["dev", "qa"])
            } else {
                BTreeSet::new()
            },
            from: said.then(|| at("16:00") + TimeDelta::minutes(minutes)),
            until: incident.then(|| at("18:00") + TimeDelta::minutes(minutes)),
            rules: BTreeSet::from([changegate_policy::RuleId::TitleFormat]),
            report: said.then(ReportText::default),
        })
    })
}

fn any_deployment() -> impl Strategy<Value = Box<Deployment>> {
    let state = prop::sample::select(DeploymentState::ALL.to_vec());
    ("[1-3]", state, any::<bool>(), -600_i64..600).prop_map(|(id, state, allowed, minutes)| {
        Box::new(Deployment {
            id,
            state,
            environment: "prod".to_owned(),
            images: Vec::new(),
            by: "job".to_owned(),
            at: at("16:45") + TimeDelta::minutes(minutes),
            note: String::new(),
            allowed,
            why_not: Vec::new(),
        })
    })
}

fn any_timer() -> impl Strategy<Value = Timer> {
    prop::sample::select(every_timer())
}

pub(super) fn every_timer() -> Vec<Timer> {
    let mut timers = vec![
        Timer::Look,
        Timer::ChangeDay,
        Timer::BeforeClose,
        Timer::WindowClosed,
        Timer::Expire,
        Timer::AnomalyTimeOut,
        Timer::UsOpen,
        Timer::Report,
    ];
    timers.extend((0..30).map(Timer::Remind));
    for market in [Market::Us, Market::HongKong, Market::Singapore] {
        timers.extend([
            Timer::SessionEve(market),
            Timer::BeforeSession(market),
            Timer::SessionOpen(market),
        ]);
    }
    timers
}

fn any_happening() -> impl Strategy<Value = Happening> {
    let who = prop::sample::select(WHO.to_vec());
    let action = prop::sample::select(Action::ALL.to_vec());
    prop_oneof![
        4 => any_look().prop_map(|look| Happening::Look(Box::new(look))),
        2 => (0_usize..20, who.clone(), action.clone(), any_details())
            .prop_map(|(duty, who, action, details)| Happening::Press(duty, who, action, details)),
        10 => (0_usize..20, 0_usize..5).prop_map(|(duty, button)| Happening::Dutiful(duty, button)),
        3 => (who, action, any_details())
            .prop_map(|(who, action, details)| Happening::Beside(who, action, details)),
        2 => any_deployment().prop_map(Happening::Deployment),
        4 => Just(Happening::NextTimer),
        1 => any_timer().prop_map(Happening::Stray),
        2 => (1_i64..600).prop_map(Happening::Minutes),
    ]
}

/// The event of a happening; none where there is nothing that it could be.
fn event(story: &mut Story, happening: Happening) -> Option<Event> {
    let duties = &story.change.duties;
    Some(match happening {
        Happening::Look(look) => Event::Looked(look),
        Happening::Press(place, who, action, details) => {
            let number = duties.iter().rev().nth(place).map(|duty| duty.number);
            press(who, number.or(Some(77)), action, *details)
        }
        Happening::Dutiful(place, button) => {
            let open: Vec<&Duty> = duties.iter().filter(|duty| duty.is_open()).collect();
            let duty = open.get(place % open.len().max(1))?;
            let who = duty.awaited().next().or_else(|| duty.holders.first())?;
            let actions = duty.kind.actions();
            press(
                who.as_str(),
                Some(duty.number),
                actions[button % actions.len()],
                note("说明"),
            )
        }
        Happening::Beside(who, action, details) => press(who, None, action, *details),
        Happening::Deployment(deployment) => Event::Deployed(deployment),
        Happening::NextTimer => {
            let (timer, due) = story.next_timer()?;
            story.now = story.now.max(due);
            Event::Due(timer)
        }
        Happening::Stray(timer) => Event::Due(timer),
        Happening::Minutes(minutes) => {
            story.now += TimeDelta::minutes(minutes);
            return None;
        }
    })
}

fn sequences(effects: &[Effect]) -> Vec<u32> {
    let sequence = |effect: &Effect| match effect {
        Effect::Notify { sequence, .. }
        | Effect::Group { sequence, .. }
        | Effect::Mail { sequence, .. }
        | Effect::Settle { sequence, .. } => Some(*sequence),
        Effect::Set { .. } | Effect::Clear { .. } | Effect::Waive { .. } | Effect::Record(_) => None,
    };
    effects.iter().filter_map(sequence).collect()
}

/// What people notice of effects, except the answer to who pressed.
fn noticed(effects: &[Effect]) -> Vec<&Effect> {
    let noticed = effects.iter().filter(|effect| match effect {
        Effect::Notify { notice, .. } => !matches!(notice, Notice::Answer { .. }),
        Effect::Group { .. } | Effect::Mail { .. } | Effect::Settle { .. } | Effect::Waive { .. } => true,
        Effect::Set { .. } | Effect::Clear { .. } | Effect::Record(_) => false,
    });
    noticed.collect()
}

pub(super) fn without_messages(change: &Change) -> Change {
    Change {
        messages: 0,
        ..change.clone()
    }
}

/// Whether nobody and nothing moves an open change on.
fn is_stuck(change: &Change) -> bool {
    let someone = change
        .duties
        .iter()
        .any(|duty| duty.is_open() && duty.awaited().next().is_some());
    let open = change.stage.is_open();
    open && !change.stage.awaits_approvers() && !someone && change.timers.is_empty()
}

/// Each market's button is a switch: pressed twice it is where it was.
fn is_a_switch(event: &Event) -> bool {
    let Event::Pressed(press) = event else {
        return false;
    };
    matches!(
        press.action,
        Action::ToggleUs | Action::ToggleHongKong | Action::ToggleSingapore
    )
}

pub(super) fn check_step(
    story: &mut Story,
    event: &Event,
    timers: &mut BTreeMap<Timer, chrono::DateTime<chrono::Utc>>,
) {
    let before = story.change.clone();
    let due = match event {
        Event::Due(timer) => before.timers.get(timer).is_some_and(|at| *at <= story.now),
        Event::Looked(_) | Event::Pressed(_) | Event::Deployed(_) => true,
    };
    story.happens(event.clone());
    let numbers = sequences(&story.effects);
    assert!(numbers.is_sorted_by(|a, b| a < b), "{numbers:?}");
    assert!(numbers.first().is_none_or(|first| *first > before.messages));
    assert_eq!(
        numbers.last().copied().unwrap_or(before.messages),
        story.change.messages
    );
    for effect in &story.effects {
        match effect {
            Effect::Set { timer, at } => {
                timers.insert(*timer, *at);
            }
            Effect::Clear { timer } => assert!(timers.remove(timer).is_some(), "{timer} was not set"),
            _ => {}
        }
    }
    assert_eq!(*timers, story.change.timers);
    if !due {
        assert_eq!(story.change, before);
        assert!(matches!(story.records()[..], [Record::Ignored { .. }]));
    }
    if story
        .records()
        .iter()
        .any(|record| matches!(record, Record::Refused { .. }))
    {
        assert_eq!(
            without_messages(&story.change),
            without_messages(&before),
            "{event:?}"
        );
    }
    assert!(
        !is_stuck(&story.change),
        "{event:?} leaves {:?} to nobody",
        story.change.stage
    );
    if !is_a_switch(event) {
        let after = story.change.clone();
        story.happens(event.clone());
        assert_eq!(noticed(&story.effects), Vec::<&Effect>::new(), "{event:?} twice");
        assert_eq!(
            without_messages(&story.change),
            without_messages(&after),
            "{event:?} twice"
        );
        for effect in &story.effects {
            assert!(!matches!(effect, Effect::Set { .. } | Effect::Clear { .. }));
        }
    }
}

/// Nothing happens any more but timers: that comes to an end.
fn run_out(story: &mut Story) {
    for _ in 0..400 {
        let Some((timer, due)) = story.next_timer() else {
            return;
        };
        assert!(due > story.now - TimeDelta::days(400));
        story.now = story.now.max(due);
        story.happens(Event::Due(timer));
        assert!(
            !is_stuck(&story.change),
            "{timer} leaves {:?} to nobody",
            story.change.stage
        );
    }
    panic!("timers without end: {:?}", story.change.timers);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn whatever_happens_the_laws_hold(
        happenings in prop::collection::vec(any_happening(), 1..30),
        start in 0_i64..4_000,
    ) {
        let mut story = Story::begins("2026-11-23 10:10");
        story.now += TimeDelta::minutes(start);
        let mut timers = BTreeMap::new();
        for happening in happenings {
            if let Some(event) = event(&mut story, happening) {
                check_step(&mut story, &event, &mut timers);
            }
        }
        run_out(&mut story);
    }

    /// The last look decides where a change stands that nobody has begun.
    #[test]
    fn the_last_look_wins(looks in prop::collection::vec(any_look(), 1..8)) {
        let without_nodes = |look: &Look| Look { executed: None, newer: None, ..look.clone() };
        let mut story = Story::begins("10:10");
        for look in &looks {
            story.looks(without_nodes(look));
        }
        let mut fresh = Story::begins("10:10");
        fresh.looks(without_nodes(looks.last().unwrap()));
        prop_assert_eq!(story.change.stage, fresh.change.stage);
    }
}
