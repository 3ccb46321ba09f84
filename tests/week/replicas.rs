//! Three bots on one database: every timer fires once, and what a killed one held is delayed by its lease at most.

use std::collections::{BTreeMap, BTreeSet};

use changegate_lifecycle::Change;
use chrono::{DateTime, TimeDelta, Utc};

use crate::database::Shared;
use crate::office::Office;
use crate::plan::{Kind, Plan, at};

const CHANGES: usize = 100;
/// So many are filed in a minute: a member takes thirty messages in one.
const A_MINUTE: usize = 4;
const LEASE: TimeDelta = TimeDelta::seconds(30);
/// The second bot is killed so often in the middle of its work.
const KILLS: usize = 10;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_bots_on_one_postgres_fire_every_timer_once() {
    let shared = Shared::on_postgres().await;
    three_bots(&shared.url).await;
    shared.drop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_bots_on_one_mariadb_fire_every_timer_once() {
    let shared = Shared::on_mariadb().await;
    three_bots(&shared.url).await;
    shared.drop().await;
}

/// Nobody does anything, so that every change is reminded of as often as it can be.
async fn three_bots(url: &str) {
    let begin = at(1, 10, 0);
    let mut office = Office::open(begin, 3, Some(url.to_owned())).await;
    let filed = file(&mut office).await;
    let mut longest = TimeDelta::zero();
    while let Some(next) = next(&office).await {
        office.move_to(next);
        if office.kills < KILLS && office.steps % 3 == 0 {
            longest = longest.max(office.kill_at_work(1, LEASE).await);
        } else {
            office.come_to_rest().await;
        }
    }
    assert_eq!(office.kills, KILLS);
    let fired = timers_fired(&office, &filed).await;
    everybody_was_told_once(&office);
    eprintln!(
        "{} bots: {} changes, {fired} timers, {} messages, {} kills, delays up to {} s, {:?}",
        office.bots.len(),
        filed.len(),
        office.wecom.messages().len(),
        office.kills,
        longest.num_seconds(),
        office.began.elapsed()
    );
}

async fn file(office: &mut Office) -> Vec<String> {
    let mut filed = Vec::new();
    for number in 0..CHANGES {
        let plan = Plan {
            number,
            kind: Kind::Plain,
            applicant: ["zhangwei", "wulei", "zhouyang", "xuting"][number % 4],
            executor: "machao",
            filed: office.now(),
            start: at(1, 17, 0),
        };
        filed.push(office.wecom.submit(plan.applicant, &plan.form()).unwrap());
        if number % A_MINUTE == A_MINUTE - 1 {
            office.come_to_rest().await;
            office.move_to(office.now() + TimeDelta::minutes(1));
        }
    }
    filed
}

async fn next(office: &Office) -> Option<DateTime<Utc>> {
    let next = office.next_due().await?.max(office.now() + TimeDelta::seconds(1));
    (next < at(1, 12, 30)).then_some(next)
}

/// Each timer of each change at each time once, and the same of every change. Answers how many.
async fn timers_fired(office: &Office, filed: &[String]) -> usize {
    let mut all = 0;
    for sp_no in filed {
        let timeline = office.store.timeline(sp_no).await.unwrap();
        let fired: Vec<(String, DateTime<Utc>)> = timeline
            .iter()
            .filter(|entry| entry.what == "timer")
            .map(|entry| (entry.detail["timer"].to_string(), entry.at))
            .collect();
        let once: BTreeSet<_> = fired.iter().collect();
        assert_eq!(once.len(), fired.len(), "{sp_no}: {fired:?}");
        let stored = office.store.change(sp_no).await.unwrap().unwrap();
        let change: Change = serde_json::from_value(stored.draft.told).unwrap();
        let reminders = fired.iter().filter(|(timer, _)| timer.contains("remind")).count();
        let reminded: u32 = change.duties.iter().map(|duty| duty.reminded).sum();
        assert_eq!(
            reminders,
            usize::try_from(reminded).unwrap(),
            "{sp_no}: {fired:?}"
        );
        assert!(reminders > 3, "{sp_no}: {fired:?}");
        all += fired.len();
    }
    all
}

/// No two messages say the same to the same member.
fn everybody_was_told_once(office: &Office) {
    let mut told: BTreeMap<(String, String), usize> = BTreeMap::new();
    for message in office.wecom.messages() {
        for who in &message.to {
            *told.entry((who.clone(), message.text())).or_default() += 1;
        }
    }
    let twice: Vec<_> = told.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "{twice:?}");
}
