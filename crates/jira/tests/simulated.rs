//! The client against the simulator's JIRA.

#![expect(clippy::unwrap_used, reason = "the helpers of tests may fail the test")]

use std::time::Duration;

use changegate_jira::issue::FIELDS;
use changegate_jira::{Client, Error, ErrorClass, Settings, http_client};
use changegate_simulator::{Clock, Fault, FaultKind, NewIssue, Simulator};
use chrono::{DateTime, TimeDelta, Utc};

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_492_800, 0).unwrap()
}

async fn stage() -> (Simulator, Client) {
    let settings = changegate_simulator::Settings {
        clock: Clock::standing_at(noon()),
        ..changegate_simulator::Settings::demo()
    };
    let sim = Simulator::start(settings).await.unwrap();
    let client = client(&sim, sim.jira_token(), Duration::from_secs(10));
    (sim, client)
}

fn client(sim: &Simulator, token: &str, timeout: Duration) -> Client {
    let settings = Settings {
        timeout,
        // Failures are looked at one by one here.
        backoff: Duration::from_millis(1),
        pause: Duration::ZERO,
        ..Settings::new(sim.jira_base().parse().unwrap(), token.to_owned().into())
    };
    Client::new(settings, http_client().unwrap())
}

fn status(call: &str, status: u16) -> Fault {
    // As often as a call is tried.
    let tries = if matches!(status, 429 | 503) { 3 } else { 1 };
    Fault::new(call, FaultKind::Status { status }).times(tries)
}

#[tokio::test]
async fn issues_are_found_by_key_and_missing_ones_left_out() {
    let (sim, jira) = stage().await;
    let found = jira
        .issues(&[
            "trade-1024",
            "TRADE-9999",
            "no key",
            "QUOTE-1024",
            "TRADE-1024",
            "NOPE-1",
        ])
        .await
        .unwrap();
    assert_eq!(
        found.iter().map(|issue| issue.key.as_str()).collect::<Vec<_>>(),
        ["QUOTE-1024", "TRADE-1024"]
    );
    assert_eq!(found[1].summary, "条件单功能");
    assert_eq!(
        (found[1].status.as_str(), found[1].project.as_str()),
        ("待上线", "TRADE")
    );
    assert_eq!(found[1].assignee.as_ref().unwrap().display_name, "吴磊");
    assert_eq!(found[1].updated, Some(noon() - TimeDelta::days(1)));
    assert_eq!(sim.calls("jira/search").len(), 1);
    assert_eq!(jira.issue("TRADE-9999").await, Ok(None));
    assert_eq!(jira.issue("../myself").await, Ok(None));
    assert_eq!(jira.myself().await.unwrap().name, "changegate");
    sim.stop().await;
}

#[tokio::test]
async fn many_keys_take_several_calls() {
    let (sim, jira) = stage().await;
    for number in 1..=120 {
        sim.create_issue(NewIssue::new(format!("MID-{number}00"), "接口"))
            .unwrap();
    }
    let keys: Vec<String> = (1..=120).map(|number| format!("MID-{number}00")).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    assert_eq!(jira.issues(&keys).await.unwrap().len(), 120);
    assert_eq!(sim.calls("jira/search").len(), 3);
    sim.stop().await;
}

#[tokio::test]
async fn a_jira_that_refuses_a_batch_for_one_missing_key_is_asked_in_halves() {
    let (sim, jira) = stage().await;
    sim.fault(Fault::new("jira/search", FaultKind::Status { status: 400 }).times(7));
    let found = jira
        .issues(&["TRADE-1024", "TRADE-1025", "TRADE-9999", "QUOTE-1024"])
        .await
        .unwrap();
    let mut keys: Vec<&str> = found.iter().map(|issue| issue.key.as_str()).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["QUOTE-1024", "TRADE-1024", "TRADE-1025"]);
    sim.stop().await;
}

#[tokio::test]
async fn issues_awaiting_their_release_are_found_whatever_the_spelling_of_the_state() {
    let (sim, jira) = stage().await;
    let waiting = jira
        .awaiting_release(&["TRADE", "QUOTE"], &["待 上线"])
        .await
        .unwrap();
    let keys: Vec<&str> = waiting.issues.iter().map(|issue| issue.key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "QUOTE-1024",
            "QUOTE-1031",
            "QUOTE-1052",
            "TRADE-1024",
            "TRADE-1025"
        ]
    );
    assert_eq!(waiting.total, 5);
    let accepted = jira.awaiting_release(&["TRADE"], &["uat验收"]).await.unwrap();
    assert_eq!(accepted.issues[0].key, "TRADE-1033");
    let unknown = jira.awaiting_release(&["TRADE"], &["已起飞"]).await.unwrap_err();
    assert_eq!(unknown.class(), ErrorClass::Refused);
    assert!(unknown.to_string().contains("已起飞"), "{unknown}");
    assert_eq!(jira.awaiting_release(&[], &["待上线"]).await.unwrap().total, 0);
    sim.stop().await;
}

#[tokio::test]
async fn long_lists_are_read_page_by_page_up_to_a_thousand() {
    let (sim, jira) = stage().await;
    for number in 1..=1130 {
        let issue = NewIssue::new(format!("ACCOUNT-{}", 1000 + number), "功能").at("待上线");
        sim.create_issue(issue).unwrap();
    }
    let waiting = jira.awaiting_release(&["ACCOUNT"], &["待上线"]).await.unwrap();
    assert_eq!((waiting.total, waiting.issues.len()), (1130, 1000));
    assert_eq!(sim.calls("jira/search").len(), 10);
    sim.stop().await;
}

#[tokio::test]
async fn names_cannot_change_the_question() {
    let (sim, jira) = stage().await;
    let hostile = r#"TRADE") OR project in ("QUOTE"#;
    let waiting = jira.awaiting_release(&[hostile], &["待上线"]).await.unwrap();
    assert_eq!(waiting.total, 0);
    let page = jira.search("project = NOPE", &FIELDS, 0, 10).await.unwrap();
    assert_eq!(page.warnings.len(), 1);
    let refused = jira.search("colour = red", &FIELDS, 0, 10).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "search: HTTP 400: Field 'colour' does not exist or you do not have permission to view it."
    );
    sim.stop().await;
}

#[tokio::test]
async fn the_change_log_tells_who_moved_an_issue_and_when() {
    let (sim, jira) = stage().await;
    sim.clock().advance(TimeDelta::hours(1));
    sim.move_issue("TRADE-1033", "待上线", "linfeng").unwrap();
    let log = jira.changelog("TRADE-1033").await.unwrap().unwrap();
    let last = log.status_changes().last().unwrap();
    assert_eq!((last.from.as_str(), last.to.as_str()), ("UAT 验收", "待上线"));
    assert_eq!(last.by.as_ref().unwrap().name, "linfeng");
    assert_eq!(last.at, noon() + TimeDelta::hours(1));
    assert!(log.complete);
    assert_eq!(jira.changelog("TRADE-9999").await, Ok(None));
    sim.stop().await;
}

#[tokio::test]
async fn a_long_change_log_is_read_to_its_end_or_said_to_be_cut() {
    let (sim, jira) = stage().await;
    let key = sim.create_issue(NewIssue::new("MID-1", "来回")).unwrap();
    for number in 0..250 {
        sim.clock().advance(TimeDelta::minutes(1));
        let state = if number % 2 == 0 { "开发中" } else { "待开发" };
        sim.move_issue(&key, state, "zhouyang").unwrap();
    }
    let whole = jira.changelog(&key).await.unwrap().unwrap();
    assert_eq!((whole.changes.len(), whole.complete), (250, true));
    sim.fault(status("jira/changelog", 404));
    let cut = jira.changelog(&key).await.unwrap().unwrap();
    assert_eq!((cut.changes.len(), cut.complete), (100, false));
    assert_eq!(cut.changes.last(), whole.changes.last());
    sim.stop().await;
}

#[tokio::test]
async fn failures_are_told_apart_and_never_show_the_token() {
    let (sim, jira) = stage().await;
    let ask = || jira.search("project = TRADE", &FIELDS, 0, 1);
    for (code, class) in [
        (401, ErrorClass::Auth),
        (403, ErrorClass::Auth),
        (404, ErrorClass::NotFound),
        (429, ErrorClass::Passing),
        (503, ErrorClass::Passing),
    ] {
        sim.fault(status("jira/search", code));
        assert_eq!(ask().await.unwrap_err().class(), class, "{code}");
    }
    sim.fault(Fault::new("jira/*", FaultKind::Garbage).times(1));
    assert_eq!(ask().await.unwrap_err().class(), ErrorClass::BadAnswer);
    sim.fault(Fault::new("jira/*", FaultKind::Cut).times(3));
    assert_eq!(ask().await.unwrap_err().class(), ErrorClass::Passing);

    let wrong = client(&sim, "a-wrong-token-that-nobody-may-see", Duration::from_secs(10));
    let error = wrong.myself().await.unwrap_err();
    assert_eq!(error.class(), ErrorClass::Auth);
    assert!(!format!("{error} {error:?} {wrong:?}").contains("nobody-may-see"));

    let hasty = client(&sim, sim.jira_token(), Duration::from_millis(50));
    sim.fault(Fault::new("jira/myself", FaultKind::Slow { millis: 2_000 }).times(1));
    let error = hasty.myself().await.unwrap_err();
    assert!(
        matches!(&error, Error::TimedOut { call: "myself", .. }),
        "{error}"
    );

    let address = sim.jira_base();
    sim.stop().await;
    let settings = Settings::new(address.parse().unwrap(), "token".to_owned().into());
    let gone = Client::new(settings, http_client().unwrap());
    assert_eq!(gone.myself().await.unwrap_err().class(), ErrorClass::Passing);
}
