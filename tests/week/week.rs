//! The same week three times: as it should be, with a WeCom that fails, and with a bot that is killed as well.

use changegate_simulator::{Fault, FaultKind};
use chrono::{DateTime, TimeDelta, Utc};

use crate::office::Office;
use crate::people::People;
use crate::plan::{at, week};
use crate::shown::Outcome;

/// So many changes unless the environment says otherwise.
const CHANGES: usize = 12;
const KILLS: usize = 40;
/// What the killed bot was about to lease at its last moment, nobody touches for so long.
const LEASE: TimeDelta = TimeDelta::seconds(30);
/// The week's first and last moments: what was executed on Saturday is watched on Monday.
const END: (i64, i64, i64) = (8, 0, 55);

/// What goes wrong.
#[derive(Debug, Clone, Copy)]
struct Trouble {
    faults: bool,
    /// The bot is killed at every so many steps of people's.
    kill_every: Option<usize>,
}

/// A week that was played.
struct Played {
    outcome: Outcome,
    deeds: usize,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_week_ends_the_same_with_a_failing_wecom_and_with_a_bot_that_is_killed() {
    let calm = Trouble {
        faults: false,
        kill_every: None,
    };
    let reference = play(calm, "calm").await;
    assert!(
        reference.outcome.stuck.is_none(),
        "stuck: {}",
        reference.outcome.stuck.unwrap()
    );
    let failing = Trouble {
        faults: true,
        kill_every: None,
    };
    let with_faults = play(failing, "failing").await;
    with_faults
        .outcome
        .must_be_like(&reference.outcome, "with faults");
    let killed = Trouble {
        faults: true,
        kill_every: Some((reference.deeds / (KILLS + 1)).max(1)),
    };
    let with_kills = play(killed, "killed").await;
    with_kills.outcome.must_be_like(&reference.outcome, "with kills");
}

async fn play(trouble: Trouble, name: &str) -> Played {
    let mut office = Office::open(at(0, 9, 0), 1, None).await;
    if trouble.faults {
        make_faults(&office);
    }
    let mut people = People::new(week(changes()));
    let mut deeds = 0;
    while let Some(next) = next(&office, &people).await {
        office.move_to(next);
        if people.act(&office.wecom) > 0 {
            deeds += 1;
            if trouble.kill_every.is_some_and(|every| deeds % every == 0) && office.kills < KILLS {
                office.kill_at_work(0, LEASE).await;
            }
        }
        office.come_to_rest().await;
        people.read(&office.wecom);
    }
    let outcome = Outcome::of(&office, &people).await;
    eprintln!(
        "{name}: {} glances, {} changes, {} messages, {} steps, {deeds} with deeds, {} calls, {} kills, {:?}",
        office.glances.load(std::sync::atomic::Ordering::Relaxed),
        outcome.ends.len(),
        outcome.messages,
        office.steps,
        office.wecom.calls("").len(),
        office.kills,
        office.began.elapsed()
    );
    nothing_is_left(&office).await;
    Played { outcome, deeds }
}

/// The next moment at which the bot, the calendar or people have something to do.
async fn next(office: &Office, people: &People) -> Option<DateTime<Utc>> {
    let now = office.now();
    let end = at(END.0, END.1, END.2);
    let bell = calendar_bell(now);
    let due = [office.next_due().await, people.next(), Some(bell)];
    // What is not due by the clock but waits all the same (a member at WeCom's limit) waits a second.
    let next = due.into_iter().flatten().min()?.max(now + TimeDelta::seconds(1));
    (next < end).then_some(next)
}

/// The next moment at which the firm's calendar may bring something.
fn calendar_bell(now: DateTime<Utc>) -> DateTime<Utc> {
    (0..9)
        .flat_map(|day| [(10, 2), (10, 5), (14, 32), (16, 32)].map(|(hour, minute)| at(day, hour, minute)))
        .find(|bell| *bell > now)
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// One call in ten fails, in one of several ways.
fn make_faults(office: &Office) {
    for (kind, percent) in [
        (FaultKind::Errcode { errcode: -1 }, 3),
        (FaultKind::Status { status: 502 }, 2),
        (FaultKind::Garbage, 1),
        (FaultKind::LostAnswer, 2),
        (FaultKind::Cut, 2),
    ] {
        office.wecom.fault(Fault::new("*", kind).percent(percent));
    }
}

async fn nothing_is_left(office: &Office) {
    let inbox = office.store.inbox_counts().await.unwrap();
    let outbox = office.store.outbox_counts().await.unwrap();
    assert_eq!((inbox.ready, inbox.failed), (0, 0), "{inbox:?}");
    assert_eq!(
        (outbox.ready, outbox.sending, outbox.undeliverable),
        (0, 0, 0),
        "{outbox:?}"
    );
}

fn changes() -> usize {
    #[expect(
        clippy::disallowed_methods,
        reason = "the number is the one thing that a run may choose"
    )]
    let chosen = std::env::var("CHANGEGATE_WEEK_CHANGES").ok();
    chosen.map_or(CHANGES, |number| number.parse().expect("a number of changes"))
}
