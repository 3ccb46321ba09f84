//! What is gathered for a form, and what is kept of it, against the simulator's JIRA.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the helpers of tests may fail the test"
)]

use std::collections::BTreeMap;
use std::time::Duration;

use changegate_jira::{
    Auth, CacheTimes, Cached, Client, Error, IssueWithLog, LinkDirection, Looked, Settings, http_client,
};
use changegate_simulator::{Clock, Fault, FaultKind, NewIssue, Simulator};
use chrono::{DateTime, TimeDelta, Utc};

const PATIENCE: Duration = Duration::from_secs(30);
const KEYS: [&str; 2] = ["TRADE-1024", "TRADE-1025"];

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_492_800, 0).unwrap()
}

fn after(minutes: i64) -> DateTime<Utc> {
    noon() + TimeDelta::minutes(minutes)
}

async fn stage() -> (Simulator, Client) {
    let settings = changegate_simulator::Settings {
        clock: Clock::standing_at(noon()),
        ..changegate_simulator::Settings::demo()
    };
    let sim = Simulator::start(settings).await.unwrap();
    let settings = Settings {
        backoff: Duration::from_millis(1),
        pause: Duration::ZERO,
        ..Settings::new(
            sim.jira_base().parse().unwrap(),
            sim.jira_token().to_owned().into(),
        )
    };
    let client = Client::new(settings, http_client().unwrap());
    (sim, client)
}

fn found<'a>(looked: &'a BTreeMap<String, Looked>, key: &str) -> &'a IssueWithLog {
    match &looked[key] {
        Looked::Found(found) => found,
        other => panic!("{key}: {other:?}"),
    }
}

fn broken(call: &str) -> Fault {
    Fault::new(call, FaultKind::Status { status: 500 })
}

#[tokio::test]
async fn each_issue_comes_with_its_log_and_its_links() {
    let (sim, jira) = stage().await;
    sim.link_issue("TRADE-1024", "Dependency", "TRADE-1033", "wulei")
        .unwrap();
    sim.link_issue("QUOTE-1024", "耦合", "TRADE-1024", "wulei")
        .unwrap();
    sim.set_issue_components("TRADE-1024", &["下单"], "wulei")
        .unwrap();
    let looked = jira
        .facts(
            &["trade-1024", "TRADE-9999", "no key", "TRADE-1025"],
            PATIENCE,
            noon(),
        )
        .await;
    assert_eq!(
        looked.keys().collect::<Vec<_>>(),
        ["NO KEY", "TRADE-1024", "TRADE-1025", "TRADE-9999"]
    );
    assert_eq!(
        (&looked["NO KEY"], &looked["TRADE-9999"]),
        (&Looked::Missing, &Looked::Missing)
    );
    let issue = found(&looked, "TRADE-1024");
    assert_eq!(issue.read_at, noon());
    assert_eq!(issue.issue.components, ["下单"]);
    assert_eq!(issue.log.status_changes().last().unwrap().to, "待上线");
    let links: Vec<_> = issue.issue.links.iter().collect();
    assert_eq!(
        (
            links[0].relation.as_str(),
            links[0].key.as_str(),
            links[0].status.as_str()
        ),
        ("depends on", "TRADE-1033", "UAT 验收")
    );
    assert_eq!(
        (links[1].relation.as_str(), links[1].direction),
        ("耦合", LinkDirection::Inward)
    );
    assert_eq!(sim.calls("jira/search").len(), 1);
    sim.stop().await;
}

#[tokio::test]
async fn a_status_change_on_the_third_page_is_found_unless_this_jira_has_no_pages() {
    let (sim, jira) = stage().await;
    let key = sim.create_issue(NewIssue::new("MID-1", "长")).unwrap();
    sim.fill_issue_log(&key, 230, "wulei").unwrap();
    sim.move_issue_at(&key, "待上线", "jira-automation", after(1))
        .unwrap();
    sim.move_issue_at(&key, "UAT 验收", "linfeng", noon() - TimeDelta::days(1))
        .unwrap();
    let looked = jira.facts(&[&key], PATIENCE, noon()).await;
    let log = &found(&looked, &key).log;
    assert!(log.complete);
    assert_eq!(log.changes.len(), 232);
    let movers: Vec<_> = log
        .status_changes()
        .map(|change| change.by.clone().unwrap().name)
        .collect();
    assert_eq!(movers, ["linfeng", "jira-automation"]);
    assert_eq!(sim.calls("jira/changelog").len(), 3);

    sim.fault(Fault::new("jira/changelog", FaultKind::Status { status: 404 }));
    let looked = jira.facts(&[&key], PATIENCE, noon()).await;
    let log = &found(&looked, &key).log;
    assert!(!log.complete);
    assert_eq!(log.status_changes().count(), 1);
    sim.stop().await;
}

#[tokio::test]
async fn a_moved_issue_is_found_under_the_key_that_was_asked_for() {
    let (sim, jira) = stage().await;
    sim.rename_issue("TRADE-1024", "MID-9", "linfeng").unwrap();
    sim.hide_issue("TRADE-1025", true).unwrap();
    sim.delete_issue("QUOTE-1031", "linfeng").unwrap();
    let keys = ["TRADE-1024", "TRADE-1025", "QUOTE-1031"];
    let looked = jira.facts(&keys, PATIENCE, noon()).await;
    let moved = found(&looked, "TRADE-1024");
    assert_eq!(
        (moved.issue.key.as_str(), moved.issue.status.as_str()),
        ("MID-9", "待上线")
    );
    assert_eq!(moved.log.status_changes().last().unwrap().to, "待上线");
    assert_eq!(looked["TRADE-1025"], Looked::Missing);
    assert_eq!(looked["QUOTE-1031"], Looked::Missing);
    sim.stop().await;
}

#[tokio::test]
async fn what_fails_for_one_issue_spares_the_others() {
    let (sim, jira) = stage().await;
    sim.fault(broken("jira/issue").times(1));
    let looked = jira.facts(&KEYS, PATIENCE, noon()).await;
    let lost = looked
        .values()
        .filter(|looked| matches!(looked, Looked::Unavailable(_)));
    assert_eq!((lost.count(), looked.len()), (1, 2));
    sim.fault(broken("jira/search").times(1));
    let looked = jira.facts(&KEYS, PATIENCE, noon()).await;
    let Looked::Unavailable(error) = &looked["TRADE-1024"] else {
        panic!("{looked:?}");
    };
    assert_eq!(error.in_words(), "JIRA 出错（500）");
    sim.stop().await;
}

#[tokio::test]
async fn what_is_late_is_unavailable_and_the_rest_is_there() {
    let (sim, jira) = stage().await;
    sim.fault(Fault::new("jira/issue", FaultKind::Hang { seconds: 60 }).times(1));
    let looked = jira.facts(&KEYS, Duration::from_secs(3), noon()).await;
    let late = |looked: &&Looked| matches!(looked, Looked::Unavailable(Error::TimedOut { .. }));
    assert_eq!(looked.values().filter(late).count(), 1, "{looked:?}");
    assert_eq!(looked.len(), 2);
    sim.stop().await;
}

#[tokio::test]
async fn hundreds_of_keys_are_not_all_looked_up() {
    let (sim, jira) = stage().await;
    let keys: Vec<String> = (1..=230).map(|number| format!("NOPE-{number}")).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let looked = jira.facts(&keys, PATIENCE, noon()).await;
    let refused = |looked: &&Looked| matches!(looked, Looked::Unavailable(Error::TooMany { .. }));
    assert_eq!(looked.values().filter(refused).count(), 30);
    assert_eq!(looked.len(), 230);
    sim.stop().await;
}

#[tokio::test]
async fn a_name_and_a_password_do_as_well_as_a_token() {
    let (sim, _) = stage().await;
    let basic = |password: &str| {
        let auth = Auth::Basic {
            user: "changegate".to_owned(),
            password: password.to_owned().into(),
        };
        let settings = Settings::with_auth(sim.jira_base().parse().unwrap(), auth);
        Client::new(settings, http_client().unwrap())
    };
    assert_eq!(basic(sim.jira_token()).myself().await.unwrap().name, "changegate");
    let wrong = basic("not-the-password");
    let error = wrong.myself().await.unwrap_err();
    assert_eq!(error.in_words(), "JIRA 令牌或密码无效，或无权限（401）");
    assert!(!format!("{error:?} {wrong:?}").contains("not-the-password"));
    assert_eq!(sim.calls("jira/myself").len(), 2, "a refusal is not tried again");
    sim.stop().await;
}

#[tokio::test]
async fn what_is_known_is_asked_for_again_after_minutes_or_after_a_web_hook() {
    let (sim, jira) = stage().await;
    let cached = Cached::new(jira, CacheTimes::default());
    let calls = || sim.calls("jira/search").len();
    cached.facts(&KEYS, PATIENCE, noon()).await;
    let looked = cached.facts(&KEYS, PATIENCE, after(4)).await;
    assert_eq!((found(&looked, KEYS[0]).read_at, calls()), (noon(), 1));
    cached.invalidate("trade-1024");
    let looked = cached.facts(&KEYS, PATIENCE, after(4)).await;
    assert_eq!((found(&looked, KEYS[0]).read_at, calls()), (after(4), 2));
    assert_eq!(found(&looked, KEYS[1]).read_at, noon());
    let looked = cached.facts(&KEYS, PATIENCE, after(5)).await;
    assert_eq!((found(&looked, KEYS[1]).read_at, calls()), (after(5), 3));
    sim.stop().await;
}

#[tokio::test]
async fn while_jira_is_down_an_issue_is_as_it_was_for_an_hour() {
    let (sim, jira) = stage().await;
    let cached = Cached::new(jira, CacheTimes::default());
    cached.facts(&KEYS[..1], PATIENCE, noon()).await;
    sim.fault(broken("jira/*"));
    let looked = cached.facts(&KEYS, PATIENCE, after(60)).await;
    assert_eq!(found(&looked, KEYS[0]).read_at, noon());
    assert!(matches!(looked[KEYS[1]], Looked::Unavailable(_)));
    let looked = cached.facts(&KEYS, PATIENCE, after(61)).await;
    assert!(matches!(looked[KEYS[0]], Looked::Unavailable(_)));
    sim.clear_faults();
    let looked = cached.facts(&KEYS, PATIENCE, after(62)).await;
    assert_eq!(found(&looked, KEYS[1]).read_at, after(62));
    cached.invalidate(KEYS[0]);
    sim.fault(broken("jira/*"));
    let looked = cached.facts(&KEYS, PATIENCE, after(62)).await;
    assert!(
        matches!(looked[KEYS[0]], Looked::Unavailable(_)),
        "known to be out of date"
    );
    sim.stop().await;
}

#[tokio::test]
async fn what_many_want_at_once_is_asked_for_once() {
    let (sim, jira) = stage().await;
    let cached = Cached::new(jira, CacheTimes::default());
    let ask = || cached.facts(&KEYS, PATIENCE, noon());
    let (one, two, three) = tokio::join!(ask(), ask(), ask());
    assert!(one == two && two == three);
    assert_eq!(found(&one, KEYS[0]).issue.summary, "条件单功能");
    assert_eq!(sim.calls("jira/search").len(), 1);
    assert_eq!(sim.calls("jira/issue").len(), 2);

    // One who goes away in the middle leaves the others their answer.
    let given_up = cached.facts(&["QUOTE-1024"], PATIENCE, noon());
    drop(tokio::time::timeout(Duration::ZERO, given_up).await);
    let looked = cached.facts(&["QUOTE-1024"], PATIENCE, noon()).await;
    assert_eq!(found(&looked, "QUOTE-1024").issue.key, "QUOTE-1024");
    sim.stop().await;
}
