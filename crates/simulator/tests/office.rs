//! The simulator from outside: its API over HTTP, and its callbacks at a real receiver.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "the helpers of tests may fail the test"
)]

use std::collections::BTreeMap;
use std::time::Duration;

use actix_web::web::{self, Bytes, Data, Query};
use actix_web::{App, HttpResponse, HttpServer};
use changegate_simulator::{
    Action, CallbackFaults, CallbackState, ChangeKind, Clock, Fault, FaultKind, FormStatus, PressOutcome,
    ReleaseOrder, Settings, Simulator, forms,
};
use changegate_wecom::{CallbackKeys, CallbackQuery, envelope};
use chrono::{DateTime, TimeDelta, Utc};
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
    token: String,
    _receiver: JoinSet<()>,
    received: UnboundedReceiver<Result<String, String>>,
}

/// A simulator whose callbacks go to a receiver that opens them.
async fn stage() -> Stage {
    let settings = Settings {
        clock: Clock::standing_at(noon()),
        ..Settings::demo()
    };
    let keys = CallbackKeys::new(&settings.token, &settings.encoding_aes_key, &settings.corp_id).unwrap();
    let sim = Simulator::start(settings).await.unwrap();
    let (sender, received) = unbounded_channel();
    let shared = Data::new((keys, sender));
    let http = HttpServer::new(move || {
        App::new()
            .app_data(shared.clone())
            .route("/cb", web::post().to(receive))
            .route("/cb", web::get().to(prove))
    })
    .workers(1)
    .disable_signals()
    .bind("127.0.0.1:0")
    .unwrap();
    let url = format!("http://{}/cb", http.addrs()[0]);
    let mut receiver = JoinSet::new();
    let server = http.run();
    receiver.spawn(async move {
        drop(server.await);
    });
    sim.save_callback_url(&url).await.unwrap();
    let client = reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .build()
        .unwrap();
    let mut stage = Stage {
        sim,
        client,
        token: String::new(),
        _receiver: receiver,
        received,
    };
    stage.token = stage.new_token().await;
    stage
}

type Shared = Data<(CallbackKeys, UnboundedSender<Result<String, String>>)>;

fn callback_query(query: &BTreeMap<String, String>) -> CallbackQuery {
    let value = |name: &str| query.get(name).cloned().unwrap_or_default();
    CallbackQuery {
        msg_signature: value("msg_signature"),
        timestamp: value("timestamp"),
        nonce: value("nonce"),
        echostr: query.get("echostr").cloned(),
    }
}

async fn receive(shared: Shared, query: Query<BTreeMap<String, String>>, body: Bytes) -> HttpResponse {
    let opened = envelope::parse(&body)
        .and_then(|envelope| shared.0.open(&callback_query(&query), &envelope.encrypt))
        .map(|plain| String::from_utf8(plain).unwrap())
        .map_err(|error| error.kind().to_owned());
    shared.1.send(opened).unwrap();
    HttpResponse::Ok().finish()
}

async fn prove(shared: Shared, query: Query<BTreeMap<String, String>>) -> HttpResponse {
    HttpResponse::Ok().body(shared.0.open_url(&callback_query(&query)).unwrap())
}

impl Stage {
    async fn new_token(&self) -> String {
        let settings = self.sim.settings();
        let path = format!(
            "gettoken?corpid={}&corpsecret={}",
            settings.corp_id, settings.secret
        );
        self.get(&path).await["access_token"].as_str().unwrap().to_owned()
    }

    async fn get(&self, path: &str) -> Value {
        let url = format!("{}/cgi-bin/{path}", self.sim.base_url());
        self.client.get(url).send().await.unwrap().json().await.unwrap()
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let url = format!(
            "{}/cgi-bin/{path}?access_token={}",
            self.sim.base_url(),
            self.token
        );
        self.client
            .post(url)
            .json(&body)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap()
    }

    async fn text(&self, to: &str, content: &str) -> Value {
        self.post("message/send", message(to, content)).await
    }

    async fn next_event(&mut self) -> Result<String, String> {
        tokio::time::timeout(PATIENCE, self.received.recv())
            .await
            .expect("no callback came")
            .unwrap()
    }

    fn submit(&self) -> String {
        self.sim
            .submit("zhangwei", &forms::corrected(noon() + TimeDelta::hours(5)))
            .unwrap()
    }
}

fn message(to: &str, content: &str) -> Value {
    json!({"touser": to, "msgtype": "text", "agentid": 1_000_002, "text": {"content": content}})
}

fn card(to: &str, task_id: &str) -> Value {
    json!({"touser": to, "msgtype": "template_card", "agentid": 1_000_002, "enable_duplicate_check": 1,
        "template_card": {"card_type": "button_interaction", "task_id": task_id,
            "main_title": {"title": "回归测试"}, "button_list": [{"text": "已完成", "key": "done"}]}})
}

#[tokio::test]
async fn a_callback_opens_with_the_apps_keys_and_names_what_happened() {
    let mut stage = stage().await;
    let sp_no = stage.submit();
    let event = stage.next_event().await.unwrap();
    assert!(
        event.contains("<StatuChangeEvent>1</StatuChangeEvent>"),
        "{event}"
    );
    assert!(event.contains(&format!("<SpNo>{sp_no}</SpNo>")), "{event}");

    for (by, finished) in [("liqiang", 1), ("sunli", 1), ("zhaolei", 2)] {
        assert_eq!(stage.sim.approve(&sp_no, by), Ok(ChangeKind::Approved));
        let event = stage.next_event().await.unwrap();
        assert!(
            event.contains("<StatuChangeEvent>2</StatuChangeEvent>"),
            "{event}"
        );
        assert!(
            event.contains(&format!("<SpStatus>{finished}</SpStatus>")),
            "{event}"
        );
    }
    let detail = stage.post("oa/getapprovaldetail", json!({"sp_no": sp_no})).await;
    assert_eq!(detail.pointer("/info/sp_status"), Some(&json!(2)));
    assert_eq!(
        detail.pointer("/info/process_list/node_list/0/sub_node_list/0/sp_yj"),
        Some(&json!(2))
    );
    assert_eq!(stage.sim.approval(&sp_no).unwrap().status, FormStatus::Approved);
    stage.sim.stop().await;
}

#[tokio::test]
async fn callbacks_are_dropped_repeated_damaged_held_and_reordered_on_demand() {
    let mut stage = stage().await;
    stage.sim.set_callback_faults(CallbackFaults {
        drop_next: 1,
        ..CallbackFaults::default()
    });
    stage.submit();
    assert_eq!(stage.sim.callbacks()[0].state, CallbackState::Dropped);

    stage.sim.set_callback_faults(CallbackFaults {
        duplicates: 2,
        ..CallbackFaults::default()
    });
    let sp_no = stage.submit();
    let first = stage.next_event().await.unwrap();
    assert_eq!(stage.next_event().await.unwrap(), first);
    assert_eq!(stage.next_event().await.unwrap(), first);

    stage.sim.set_callback_faults(CallbackFaults {
        corrupt_next: 1,
        ..CallbackFaults::default()
    });
    let comment = |text: &str| Action::Comment {
        text: text.to_owned(),
    };
    stage.sim.act(&sp_no, "zhangwei", &comment("一")).unwrap();
    assert_eq!(stage.next_event().await, Err("signature".to_owned()));

    stage.sim.set_callback_faults(CallbackFaults {
        hold: true,
        ..CallbackFaults::default()
    });
    stage.sim.act(&sp_no, "zhangwei", &comment("二")).unwrap();
    stage.sim.act(&sp_no, "zhangwei", &comment("三")).unwrap();
    stage.sim.settle(PATIENCE).await.unwrap();
    assert_eq!(stage.sim.release_callbacks(&ReleaseOrder::Reversed), 2);
    assert!(stage.next_event().await.unwrap().contains("三"));
    assert!(!stage.next_event().await.unwrap().contains("三"));
    stage.sim.stop().await;
}

#[tokio::test]
async fn a_callback_that_is_not_answered_is_given_up_after_three_retries() {
    let settings = Settings {
        callback_pause: Duration::from_millis(1),
        ..Settings::demo()
    };
    let sim = Simulator::start(settings).await.unwrap();
    sim.set_callback_url(Some(format!("{}/nowhere", sim.base_url())));
    sim.submit("zhangwei", &forms::faulty(noon())).unwrap();
    let given_up = |callback: &changegate_simulator::Callback| callback.state == CallbackState::GivenUp;
    let callback = sim
        .wait_callback("the callback to be given up", given_up, PATIENCE)
        .await
        .unwrap();
    assert_eq!(callback.deliveries.len(), 4);
    assert_eq!(callback.deliveries[0].status, Some(404));
    sim.stop().await;
}

#[tokio::test]
async fn faults_of_the_api_last_as_long_as_asked() {
    let stage = stage().await;
    let busy = FaultKind::Errcode { errcode: -1 };
    stage
        .sim
        .fault(Fault::new("message/send", busy).times(1).for_member("zhangwei"));
    assert_eq!(stage.text("liqiang", "一").await["errcode"], 0);
    assert_eq!(stage.text("zhangwei", "二").await["errcode"], -1);
    assert_eq!(stage.text("zhangwei", "二").await["errcode"], 0);

    stage
        .sim
        .fault(Fault::new("message/send", FaultKind::LostAnswer).times(1));
    let url = format!(
        "{}/cgi-bin/message/send?access_token={}",
        stage.sim.base_url(),
        stage.token
    );
    let answer = stage
        .client
        .post(url)
        .json(&message("zhangwei", "三"))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 502);
    let told = |message: &changegate_simulator::Message| message.text() == "三";
    stage.sim.wait_message("zhangwei", told, PATIENCE).await.unwrap();
    let calls = stage.sim.calls("message/send");
    assert_eq!(
        calls.iter().map(|call| call.errcode).collect::<Vec<_>>(),
        [Some(0), Some(-1), Some(0), Some(0)]
    );
    stage.sim.stop().await;
}

#[tokio::test]
async fn tokens_expire_and_are_revoked() {
    let mut stage = stage().await;
    stage.sim.clock().advance(TimeDelta::hours(2));
    assert_eq!(stage.text("zhangwei", "一").await["errcode"], 42001);
    stage.token = stage.new_token().await;
    assert_eq!(stage.text("zhangwei", "一").await["errcode"], 0);
    stage.sim.revoke_tokens();
    assert_eq!(stage.text("zhangwei", "一").await["errcode"], 40014);
    assert_eq!(
        stage.get("gettoken?corpid=other&corpsecret=x").await["errcode"],
        40013
    );
    let corp = &stage.sim.settings().corp_id;
    assert_eq!(
        stage.get(&format!("gettoken?corpid={corp}&corpsecret=x")).await["errcode"],
        40001
    );
    let unknown = stage
        .client
        .get(format!("{}/cgi-bin/oa/approve", stage.sim.base_url()))
        .send()
        .await
        .unwrap();
    assert_eq!(unknown.status().as_u16(), 404);
    assert_eq!(unknown.text().await.unwrap(), "");
    stage.sim.stop().await;
}

#[tokio::test]
async fn forms_are_listed_by_submission_time_page_by_page() {
    let stage = stage().await;
    let mut filed: Vec<String> = Vec::new();
    for _ in 0..5 {
        stage.sim.clock().advance(TimeDelta::minutes(1));
        filed.push(stage.submit());
    }
    let ask = |cursor: &str, size: u32| {
        json!({"starttime": noon().timestamp().to_string(), "endtime": (noon().timestamp() + 3600).to_string(),
            "new_cursor": cursor, "size": size, "filters": [{"key": "sp_status", "value": "1"}]})
    };
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = stage.post("oa/getapprovalinfo", ask(&cursor, 2)).await;
        found.extend(
            page["sp_no_list"]
                .as_array()
                .unwrap()
                .iter()
                .map(|no| no.as_str().unwrap().to_owned()),
        );
        match page["new_next_cursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => break,
        }
    }
    assert_eq!(found, filed);
    assert_eq!(
        stage.post("oa/getapprovalinfo", ask("", 101)).await["errcode"],
        301_025
    );
    let wide = json!({"starttime": 0, "endtime": 32 * 86400, "new_cursor": "", "size": 100, "filters": []});
    assert_eq!(stage.post("oa/getapprovalinfo", wide).await["errcode"], 301_112);
    stage.sim.stop().await;
}

#[tokio::test]
async fn a_member_gets_thirty_messages_a_minute_and_the_rest_is_lost_without_a_word() {
    let stage = stage().await;
    for number in 0..31 {
        assert_eq!(
            stage.text("ZhangWei|nobody", &number.to_string()).await["invaliduser"],
            "nobody"
        );
    }
    assert_eq!(stage.sim.messages_to("zhangwei").len(), 30);
    assert_eq!(stage.text("nobody", "x").await["errcode"], 81013);
    stage.sim.stop().await;
}

#[tokio::test]
async fn a_pressed_card_tells_the_app_and_is_changed_once_for_each_code() {
    let mut stage = stage().await;
    let sent = stage.post("message/send", card("wangfang", "task-1")).await;
    assert_eq!(sent["errcode"], 0, "{sent}");
    let again = stage.post("message/send", card("wangfang", "task-1")).await;
    assert_eq!((&again["errcode"], &again["msgid"]), (&json!(0), &sent["msgid"]));
    assert_eq!(stage.sim.messages().len(), 1);

    assert_eq!(stage.sim.press("wangfang", "task-1", "done"), PressOutcome::Sent);
    let event = stage.next_event().await.unwrap();
    assert!(event.contains("<EventKey><![CDATA[done]]></EventKey>"), "{event}");
    let code = event
        .split("<ResponseCode><![CDATA[")
        .nth(1)
        .unwrap()
        .split("]]>")
        .next()
        .unwrap()
        .to_owned();
    let change = json!({"userids": ["wangfang"], "agentid": 1_000_002, "response_code": code,
        "button": {"replace_name": "王芳 已确认"}});
    assert_eq!(
        stage.post("message/update_template_card", change.clone()).await["errcode"],
        0
    );
    assert_eq!(
        stage.post("message/update_template_card", change).await["errcode"],
        42022
    );
    assert_eq!(
        stage.sim.messages()[0].text_for("wangfang"),
        "回归测试\n（王芳 已确认）"
    );
    assert_eq!(
        stage.sim.press("wangfang", "task-1", "done"),
        PressOutcome::NoSuchButton
    );

    stage.sim.clock().advance(TimeDelta::hours(73));
    stage.token = stage.new_token().await;
    let late = json!({"atall": 1, "agentid": 1_000_002, "response_code": sent["response_code"],
        "button": {"replace_name": "过期"}});
    assert_eq!(
        stage.post("message/update_template_card", late).await["errcode"],
        60140
    );
    stage.sim.set_callback_url(None);
    assert_eq!(
        stage.post("message/send", card("wangfang", "task-2")).await["errcode"],
        43012
    );
    stage.sim.stop().await;
}

#[tokio::test]
async fn files_are_downloaded_whole_or_in_parts() {
    let stage = stage().await;
    let sp_no = stage.submit();
    let detail = stage.post("oa/getapprovaldetail", json!({"sp_no": sp_no})).await;
    let id = detail
        .pointer("/info/apply_data/contents/7/value/files/0/file_id")
        .unwrap()
        .as_str()
        .unwrap()
        .to_owned();
    let url = format!(
        "{}/cgi-bin/media/get?access_token={}&media_id={id}",
        stage.sim.base_url(),
        stage.token
    );
    let whole = stage.client.get(&url).send().await.unwrap();
    let name = String::from_utf8(whole.headers()["content-disposition"].as_bytes().to_vec()).unwrap();
    assert_eq!(name, "attachment; filename=\"变更计划清单.xlsx\"");
    let whole = whole.bytes().await.unwrap();
    let part = stage
        .client
        .get(&url)
        .header("range", "bytes=16-31")
        .send()
        .await
        .unwrap();
    assert_eq!(part.status().as_u16(), 206);
    assert_eq!(
        part.headers()["content-range"],
        format!("bytes 16-31/{}", whole.len())
    );
    assert_eq!(part.bytes().await.unwrap(), whole.slice(16..32));
    assert_eq!(
        stage
            .get(&format!("media/get?access_token={}&media_id=x", stage.token))
            .await["errcode"],
        40007
    );
    stage.sim.stop().await;
}

#[tokio::test]
async fn a_login_code_works_once() {
    let stage = stage().await;
    let code = stage.sim.login_code("yexin");
    let path = format!("auth/getuserinfo?access_token={}&code={code}", stage.token);
    assert_eq!(stage.get(&path).await["userid"], "yexin");
    assert_eq!(stage.get(&path).await["errcode"], 40029);
    stage.sim.stop().await;
}

#[tokio::test]
async fn the_control_api_does_what_the_rust_api_does() {
    let stage = stage().await;
    let sim = format!("{}/sim/api", stage.sim.base_url());
    let form: Value = stage
        .client
        .get(format!("{sim}/forms/faulty"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let filing = json!({"applicant": "zhangwei", "form": form});
    let filed = stage
        .client
        .post(format!("{sim}/approvals"))
        .json(&filing)
        .send()
        .await
        .unwrap();
    assert_eq!(filed.status().as_u16(), 201);
    let sp_no = filed.json::<Value>().await.unwrap()["sp_no"]
        .as_str()
        .unwrap()
        .to_owned();
    let deed = json!({"by": "sunli", "action": "approve"});
    let url = format!("{sim}/approvals/{sp_no}/actions");
    let refused = stage.client.post(&url).json(&deed).send().await.unwrap();
    assert_eq!(refused.status().as_u16(), 409);
    let deed = json!({"by": "liqiang", "action": "return", "speech": "标题不规范"});
    let done: Value = stage
        .client
        .post(&url)
        .json(&deed)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(done, json!({"change": "returned"}));
    stage.text("zhangwei", "你好").await;
    let url = format!("{sim}/messages?to=zhangwei&wait_ms=5000");
    let messages: Value = stage.client.get(url).send().await.unwrap().json().await.unwrap();
    assert_eq!(messages[0]["text"], "你好");
    stage.sim.stop().await;
}

#[tokio::test]
async fn waiting_in_vain_shows_the_conversation() {
    let stage = stage().await;
    stage.text("zhangwei", "第一条").await;
    let none = |_: &changegate_simulator::Message| false;
    let error = stage
        .sim
        .wait_message("zhangwei", none, Duration::from_millis(10))
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("message  to zhangwei, text:\n             第一条"),
        "{error}"
    );
    assert!(error.contains("call     POST message/send → 0"), "{error}");
    stage.sim.stop().await;
}
