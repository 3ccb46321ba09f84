//! Mail to the app's mailbox: the real client against the simulator.

#![expect(clippy::unwrap_used, reason = "the helper of a test may fail the test")]

use changegate_simulator::{Fault, FaultKind, Letter, Settings, Simulator};
use changegate_wecom::client::{self, Client};
use changegate_wecom::{Error, ErrorClass};
use chrono::TimeDelta;
use secrecy::SecretString;
use serde_json::json;

async fn stage() -> (Simulator, Client) {
    let sim = Simulator::start(Settings::demo()).await.unwrap();
    let known = sim.settings();
    let secret = SecretString::from(known.secret.clone());
    let agent = i64::from(known.agent_id);
    let settings = client::Settings::new(&sim.base_url(), &known.corp_id, secret, agent);
    let client = Client::new(settings, client::http_client().unwrap());
    (sim, client)
}

fn letter() -> Letter {
    Letter {
        from: "zhangwei@yxzq.example".to_owned(),
        to: vec!["changegate@app.yxzq.example".to_owned()],
        subject: "紧急发版申请 202611240001".to_owned(),
        body: "请审阅。".to_owned(),
        ..Letter::default()
    }
}

#[tokio::test]
async fn a_mail_is_listed_in_its_time_and_read_as_it_came() {
    let (sim, client) = stage().await;
    let start = sim.clock().now().timestamp();
    let first = sim.mail_to_app(&letter());
    sim.clock().advance(TimeDelta::hours(1));
    let second = sim.raw_mail_to_app("From: a@b\r\n\r\nraw");
    let listed = |from: i64, to: i64| client.inbox_mails(start + from, start + to);
    assert_eq!(listed(0, 60).await.unwrap(), [first.as_str()]);
    assert_eq!(listed(0, 4000).await.unwrap(), [first.as_str(), second.as_str()]);
    assert!(listed(60, 1800).await.unwrap().is_empty());
    assert_eq!(client.inbox_mail(&second).await.unwrap(), b"From: a@b\r\n\r\nraw");
    let eml = String::from_utf8(client.inbox_mail(&first).await.unwrap()).unwrap();
    assert!(
        eml.starts_with("From: zhangwei@yxzq.example\r\nTo: changegate@app.yxzq.example\r\n"),
        "{eml}"
    );
}

#[tokio::test]
async fn a_full_mailbox_is_listed_page_by_page() {
    let (sim, client) = stage().await;
    let now = sim.clock().now().timestamp();
    let mut sent: Vec<String> = (0..2_001)
        .map(|_| sim.raw_mail_to_app("From: a@b\r\n\r\n"))
        .collect();
    sent.sort_unstable();
    assert_eq!(client.inbox_mails(now - 60, now + 600).await.unwrap(), sent);
    assert_eq!(sim.calls("exmail/app/get_mail_list").len(), 3);
}

#[tokio::test]
async fn a_large_mail_is_read_and_a_larger_one_is_refused() {
    let (sim, client) = stage().await;
    let large = sim.raw_mail_to_app(format!(
        "From: a@b\r\n\r\n{}",
        "正\r\n".repeat(4 * 1024 * 1024 - 3)
    ));
    assert_eq!(
        client.inbox_mail(&large).await.unwrap().len(),
        20 * 1024 * 1024 - 15 + 13
    );
    let larger = sim.raw_mail_to_app(format!("From: a@b\r\n\r\n{}", "x".repeat(20 * 1024 * 1024)));
    let error = client.inbox_mail(&larger).await.unwrap_err();
    assert!(matches!(error, Error::TooLarge { .. }), "{error}");
}

#[tokio::test]
async fn refusals_fall_into_their_classes() {
    let (sim, client) = stage().await;
    let id = sim.mail_to_app(&letter());
    let unknown = client.inbox_mail("MAIL_X").await.unwrap_err();
    assert_eq!(unknown.class(), ErrorClass::Data, "{unknown}");
    for (kind, class) in [
        (FaultKind::Errcode { errcode: -1 }, ErrorClass::Retry),
        (FaultKind::Status { status: 502 }, ErrorClass::Retry),
        (FaultKind::Garbage, ErrorClass::Retry),
        (FaultKind::Cut, ErrorClass::Retry),
        (FaultKind::Errcode { errcode: 45_009 }, ErrorClass::RateLimited),
        (FaultKind::Errcode { errcode: 48_002 }, ErrorClass::Configuration),
    ] {
        for path in ["exmail/app/get_mail_list", "exmail/app/read_mail"] {
            sim.fault(Fault::new(path, kind.clone()).times(1));
        }
        assert_eq!(client.inbox_mails(0, 1).await.unwrap_err().class(), class);
        assert_eq!(client.inbox_mail(&id).await.unwrap_err().class(), class);
    }
}

#[tokio::test]
async fn mails_are_sent_from_outside_as_well() {
    let (sim, client) = stage().await;
    let address = format!("{}/sim/api/inbox", sim.base_url());
    let http = client::http_client().unwrap();
    for body in [json!(letter()), json!({"eml": "From: a@b\r\n\r\n"})] {
        let answer = http.post(&address).json(&body).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 201);
        let told: serde_json::Value = answer.json().await.unwrap();
        let id = told["mail_id"].as_str().unwrap();
        assert!(client.inbox_mail(id).await.unwrap().starts_with(b"From: "));
    }
    let typo = http
        .post(&address)
        .json(&json!({"form": "a@b"}))
        .send()
        .await
        .unwrap();
    assert_eq!(typo.status().as_u16(), 400);
    assert_eq!(sim.received_mails().len(), 2);
}
