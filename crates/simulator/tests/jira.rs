//! The simulated JIRA from outside: its API, its steering, its web hooks.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "the helpers of tests may fail the test"
)]

use std::time::Duration;

use actix_web::web::{self, Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use changegate_simulator::{Clock, JiraWebHook, Settings, Simulator};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;

const PATIENCE: Duration = Duration::from_secs(10);

fn noon() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-11-24T12:00:00+08:00")
        .unwrap()
        .to_utc()
}

struct Stage {
    sim: Simulator,
    client: reqwest::Client,
}

async fn stage() -> Stage {
    let settings = Settings {
        clock: Clock::standing_at(noon()),
        ..Settings::demo()
    };
    let sim = Simulator::start(settings).await.unwrap();
    let client = reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .build()
        .unwrap();
    Stage { sim, client }
}

impl Stage {
    /// Asks the simulated JIRA.
    async fn ask(&self, path: &str) -> (u16, Value) {
        let address = format!("{}/rest/api/2/{path}", self.sim.jira_base());
        let request = self.client.get(address).bearer_auth(self.sim.jira_token());
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or_default())
    }

    /// Steers it from outside.
    async fn steer(&self, method: reqwest::Method, path: &str, body: Value) -> (u16, Value) {
        let address = format!("{}/sim/api/jira/{path}", self.sim.base_url());
        let request = self.client.request(method, address).json(&body);
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or_default())
    }

    async fn post(&self, path: &str, body: Value) -> u16 {
        self.steer(reqwest::Method::POST, path, body).await.0
    }

    async fn put(&self, path: &str, body: Value) -> u16 {
        self.steer(reqwest::Method::PUT, path, body).await.0
    }
}

#[tokio::test]
async fn issues_are_linked_in_both_directions_with_the_others_state() {
    let stage = stage().await;
    let link = json!({"kind": "Dependency", "to": "TRADE-1033", "by": "wulei"});
    assert_eq!(stage.post("issues/TRADE-1024/links", link).await, 200);
    let unknown = json!({"kind": "Marries", "to": "TRADE-1033", "by": "wulei"});
    assert_eq!(stage.post("issues/TRADE-1024/links", unknown).await, 409);
    let components = json!({"components": ["下单", "风控"], "by": "wulei"});
    assert_eq!(stage.put("issues/TRADE-1024/components", components).await, 200);

    let (_, issue) = stage.ask("issue/TRADE-1024").await;
    let fields = &issue["fields"];
    assert_eq!(fields["components"], json!([{"name": "下单"}, {"name": "风控"}]));
    let link = &fields["issuelinks"][0];
    assert_eq!(link["type"]["outward"], "depends on");
    assert_eq!(link["outwardIssue"]["fields"]["status"]["name"], "UAT 验收");
    let (_, other) = stage.ask("issue/TRADE-1033").await;
    let link = &other["fields"]["issuelinks"][0];
    assert_eq!(link["type"]["inward"], "is depended on by");
    assert_eq!(link["inwardIssue"]["key"], "TRADE-1024");

    let hidden = json!({"hidden": true});
    assert_eq!(stage.put("issues/TRADE-1033/hidden", hidden).await, 200);
    let (_, issue) = stage.ask("issue/TRADE-1024").await;
    assert_eq!(issue["fields"]["issuelinks"], json!([]));
    assert_eq!(stage.ask("issue/TRADE-1033").await.0, 404);
    stage.sim.stop().await;
}

#[tokio::test]
async fn a_change_stands_on_the_third_page_at_its_own_time() {
    let stage = stage().await;
    let filler = json!({"entries": 220, "by": "wulei", "at": "2026-11-23T01:00:00Z"});
    assert_eq!(stage.post("issues/QUOTE-1040/filler", filler).await, 200);
    let step = json!({"status": "待上线", "by": "jira-automation", "at": "2026-11-23T15:59:00Z"});
    assert_eq!(stage.post("issues/QUOTE-1040/status", step).await, 200);
    let (_, page) = stage
        .ask("issue/QUOTE-1040/changelog?startAt=200&maxResults=100")
        .await;
    assert_eq!(page["total"], 224);
    let entries = page["values"].as_array().unwrap();
    let found = entries
        .iter()
        .find(|entry| entry["items"][0]["toString"] == "待上线")
        .expect("the move is on this page");
    assert_eq!(found["author"]["name"], "jira-automation");
    assert_eq!(found["created"], "2026-11-23T23:59:00.000+0800");
    stage.sim.stop().await;
}

#[tokio::test]
async fn states_in_other_words_can_be_added() {
    let stage = stage().await;
    let step = json!({"status": "待 上线（已验收）", "by": "linfeng"});
    assert_eq!(stage.post("issues/TRADE-1033/status", step.clone()).await, 409);
    let state = json!({"name": "待 上线（已验收）"});
    assert_eq!(stage.post("statuses", state).await, 201);
    assert_eq!(stage.post("issues/TRADE-1033/status", step).await, 200);
    let (_, states) = stage.ask("status").await;
    assert_eq!(states.as_array().unwrap().len(), 8);
    let (_, issue) = stage.ask("issue/TRADE-1033").await;
    assert_eq!(issue["fields"]["status"]["name"], "待 上线（已验收）");
    stage.sim.stop().await;
}

#[tokio::test]
async fn a_moved_issue_answers_to_its_old_key_and_a_deleted_one_to_none() {
    let stage = stage().await;
    let step = json!({"to": "MID-500", "by": "linfeng"});
    assert_eq!(stage.post("issues/TRADE-1024/key", step.clone()).await, 200);
    assert_eq!(stage.post("issues/TRADE-1025/key", step).await, 409);
    assert_eq!(stage.ask("issue/TRADE-1024").await.1["key"], "MID-500");
    let (_, found) = stage.ask("search?jql=key%20in%20(TRADE-1024)").await;
    assert_eq!(found["issues"][0]["key"], "MID-500");
    let deed = json!({"by": "linfeng"});
    assert_eq!(stage.post("issues/TRADE-1024/delete", deed.clone()).await, 200);
    assert_eq!(stage.ask("issue/TRADE-1024").await.0, 404);
    assert_eq!(stage.post("issues/TRADE-1024/delete", deed).await, 404);
    stage.sim.stop().await;
}

/// A web hook as it was received: its path with the query, a header, its body.
type Received = (String, String, Value);

async fn receive(sender: Data<UnboundedSender<Received>>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let address = request.uri().to_string();
    let header = request.headers().get("x-secret");
    let header = header.map_or("", |value| value.to_str().unwrap()).to_owned();
    sender
        .send((address, header, serde_json::from_slice(&body).unwrap()))
        .unwrap();
    HttpResponse::NoContent().finish()
}

/// A receiver of web hooks, with its address.
fn receiver() -> (String, UnboundedReceiver<Received>, JoinSet<()>) {
    let (sender, received) = unbounded_channel();
    let shared = Data::new(sender);
    let http = HttpServer::new(move || {
        App::new()
            .app_data(shared.clone())
            .default_service(web::post().to(receive))
    })
    .workers(1)
    .disable_signals()
    .bind("127.0.0.1:0")
    .unwrap();
    let base = format!("http://{}", http.addrs()[0]);
    let mut tasks = JoinSet::new();
    let server = http.run();
    tasks.spawn(async move { drop(server.await) });
    (base, received, tasks)
}

async fn next(received: &mut UnboundedReceiver<Received>) -> Received {
    tokio::time::timeout(PATIENCE, received.recv())
        .await
        .expect("a web hook comes")
        .unwrap()
}

#[tokio::test]
async fn each_change_is_told_to_the_web_hooks() {
    let stage = stage().await;
    let (base, mut received, _tasks) = receiver();
    let hooks = json!([{"url": format!("{base}/jira/webhook/s3cret?issue=${{issue.key}}"),
        "headers": {"x-secret": "word"}}]);
    assert_eq!(stage.put("webhooks", hooks).await, 200);

    stage.sim.move_issue("TRADE-1033", "待上线", "linfeng").unwrap();
    let (address, header, hook) = next(&mut received).await;
    assert_eq!(address, "/jira/webhook/s3cret?issue=TRADE-1033");
    assert_eq!(header, "word");
    assert_eq!(hook["webhookEvent"], "jira:issue_updated");
    assert_eq!(hook["timestamp"], noon().timestamp_millis());
    assert_eq!(hook["user"]["name"], "linfeng");
    assert_eq!(hook["issue"]["fields"]["status"]["name"], "待上线");
    let item = &hook["changelog"]["items"][0];
    assert_eq!(
        (&item["fromString"], &item["toString"]),
        (&json!("UAT 验收"), &json!("待上线"))
    );

    stage
        .sim
        .rename_issue("TRADE-1033", "MID-501", "linfeng")
        .unwrap();
    let (_, _, hook) = next(&mut received).await;
    assert_eq!(hook["issue"]["key"], "MID-501");
    assert_eq!(hook["changelog"]["items"][0]["fromString"], "TRADE-1033");
    stage.sim.delete_issue("MID-501", "linfeng").unwrap();
    assert_eq!(next(&mut received).await.2["webhookEvent"], "jira:issue_deleted");

    let (_, sent) = stage
        .steer(reqwest::Method::GET, "webhooks?sent=3&wait_ms=10000", json!(null))
        .await;
    let deliveries = sent["deliveries"].as_array().unwrap();
    assert_eq!(deliveries.len(), 3);
    assert!(deliveries.iter().all(|sent| sent["status"] == 204));

    stage.sim.set_jira_webhook(None);
    stage.sim.move_issue("TRADE-1041", "UAT 验收", "hejun").unwrap();
    stage.sim.set_jira_webhooks(vec![JiraWebHook {
        url: "http://127.0.0.1:9/nobody".to_owned(),
        headers: std::collections::BTreeMap::new(),
    }]);
    stage.sim.move_issue("TRADE-1041", "待上线", "hejun").unwrap();
    let (_, sent) = stage
        .steer(reqwest::Method::GET, "webhooks?sent=4&wait_ms=10000", json!(null))
        .await;
    assert_eq!(sent["deliveries"][3]["status"], json!(null));
    assert!(received.try_recv().is_err(), "only where it was set");
    stage.sim.stop().await;
}
