//! Cards as their readers see them, hostile presses, members that WeCom does not serve, and the tests' browser.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "the helpers of tests may fail the test"
)]

use actix_web::web::{self, Bytes, Query};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use changegate_simulator::{
    CallbackState, Channel, Clock, Fault, FaultKind, MemberState, PressOutcome, Settings, Simulator,
};
use chrono::{DateTime, TimeDelta};
use serde_json::{Value, json};
use tokio::task::JoinSet;

struct Stage {
    sim: Simulator,
    client: reqwest::Client,
    token: String,
}

async fn stage() -> Stage {
    let settings = Settings {
        clock: Clock::standing_at(DateTime::from_timestamp(1_795_492_800, 0).unwrap()),
        // Nobody listens there; the cards only need an address to be set.
        callback_url: Some("http://127.0.0.1:9/cb".to_owned()),
        ..Settings::demo()
    };
    let sim = Simulator::start(settings).await.unwrap();
    let client = reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .build()
        .unwrap();
    let mut stage = Stage {
        sim,
        client,
        token: String::new(),
    };
    stage.renew().await;
    stage
}

impl Stage {
    async fn renew(&mut self) {
        let (base, settings) = (self.sim.base_url(), self.sim.settings());
        let (corp, secret) = (&settings.corp_id, &settings.secret);
        let url = format!("{base}/cgi-bin/gettoken?corpid={corp}&corpsecret={secret}");
        let answer: Value = self.client.get(url).send().await.unwrap().json().await.unwrap();
        answer["access_token"]
            .as_str()
            .unwrap()
            .clone_into(&mut self.token);
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        self.try_post(path, body).await.unwrap()
    }

    async fn try_post(&self, path: &str, body: Value) -> Result<Value, reqwest::Error> {
        let url = format!(
            "{}/cgi-bin/{path}?access_token={}",
            self.sim.base_url(),
            self.token
        );
        self.client.post(url).json(&body).send().await?.json().await
    }

    async fn card(&self, to: &str, task_id: &str) -> Value {
        let body = json!({"touser": to, "msgtype": "template_card", "agentid": 1_000_002, "template_card": {
            "card_type": "button_interaction", "task_id": task_id, "main_title": {"title": "确认回归测试"},
            "horizontal_content_list": [{"keyname": "单号", "value": "202611240001"}],
            "button_list": [{"text": "已完成", "key": "k1"}, {"type": 1, "text": "详情", "url": "http://x.example/d"}]}});
        self.post("message/send", body).await
    }

    async fn replace(&self, code: &Value, users: &[&str], card: Value) -> Value {
        let body =
            json!({"userids": users, "agentid": 1_000_002, "response_code": code, "template_card": card});
        self.post("message/update_template_card", body).await
    }
}

fn done_notice() -> Value {
    json!({"card_type": "text_notice", "main_title": {"title": "王芳 已于 12:00 确认"},
        "card_action": {"type": 1, "url": "http://x.example/d"}})
}

#[tokio::test]
async fn a_replaced_card_changes_for_those_named_and_loses_its_buttons() {
    let stage = stage().await;
    let sent = stage.card("wangfang|liuyan", "t-1").await;
    let before = &stage.sim.messages_of("wangfang")[0];
    assert_eq!(
        (before.kind.as_str(), before.replaced),
        ("button_interaction", false)
    );
    assert_eq!(before.rows, [("单号".to_owned(), "202611240001".to_owned())]);
    assert_eq!(before.button("已完成").unwrap().key, "k1");
    assert_eq!(before.button("详情").unwrap().url, "http://x.example/d");

    let code = &sent["response_code"];
    let answer = stage.replace(code, &["wangfang", "yexin"], done_notice()).await;
    assert_eq!(answer["invaliduser"], json!(["yexin"]));
    let after = &stage.sim.messages_of("wangfang")[0];
    assert_eq!((after.kind.as_str(), after.replaced), ("text_notice", true));
    assert_eq!(after.title, "王芳 已于 12:00 确认");
    assert!(after.buttons.is_empty());
    assert_eq!(
        stage.sim.press("wangfang", "t-1", "k1"),
        PressOutcome::NoSuchButton
    );
    assert!(!stage.sim.messages_of("liuyan")[0].replaced);
    assert_eq!(stage.sim.press("liuyan", "t-1", "k1"), PressOutcome::Sent);
    assert_eq!(
        stage.replace(code, &["liuyan"], done_notice()).await["errcode"],
        42022
    );
    stage.sim.stop().await;
}

#[tokio::test]
async fn a_grey_button_stays_with_its_words_and_cannot_be_pressed() {
    let stage = stage().await;
    let sent = stage.card("wangfang", "t-1").await;
    let card = json!({"card_type": "button_interaction", "main_title": {"title": "确认回归测试"},
        "button_list": [{"text": "已完成", "key": "k1"}], "replace_text": "刘艳 已确认"});
    let answer = stage.replace(&sent["response_code"], &["wangfang"], card).await;
    assert_eq!(answer["errcode"], 0, "{answer}");
    let seen = &stage.sim.messages_of("wangfang")[0];
    assert_eq!(
        (seen.text.as_str(), seen.buttons.len()),
        ("确认回归测试\n（刘艳 已确认）", 0)
    );
    assert_eq!(
        stage.sim.press("wangfang", "t-1", "k1"),
        PressOutcome::NoSuchButton
    );
    stage.sim.stop().await;
}

#[tokio::test]
async fn presses_of_one_second_are_different_events_with_codes_of_their_own() {
    let stage = stage().await;
    stage.card("wangfang", "t-1").await;
    assert_eq!(stage.sim.press("yexin", "t-1", "k1"), PressOutcome::NoSuchCard);
    assert_eq!(stage.sim.press_anyway("yexin", "t-1", "k1"), PressOutcome::Sent);
    assert_eq!(
        stage.sim.press_anyway("yexin", "t-2", "k1"),
        PressOutcome::NoSuchCard
    );
    assert_eq!(stage.sim.press("wangfang", "t-1", "k1"), PressOutcome::Sent);
    assert_eq!(stage.sim.press("wangfang", "t-1", "k1"), PressOutcome::Sent);
    let events: Vec<String> = stage
        .sim
        .callbacks()
        .into_iter()
        .map(|callback| callback.plaintext)
        .collect();
    assert_eq!(events.len(), 3);
    assert!(events[0].contains("<FromUserName><![CDATA[yexin]]></FromUserName>"));
    assert_ne!(events[1], events[2]);
    assert!(
        stage
            .sim
            .callbacks()
            .iter()
            .all(|callback| callback.state != CallbackState::NoAddress)
    );
    stage.sim.stop().await;
}

#[tokio::test]
async fn a_code_is_good_for_three_days_of_the_simulators_clock() {
    let mut stage = stage().await;
    let first = stage.card("wangfang", "t-1").await;
    let second = stage.card("wangfang", "t-2").await;
    stage
        .sim
        .clock()
        .advance(TimeDelta::hours(72) - TimeDelta::seconds(1));
    stage.renew().await;
    let in_time = stage
        .replace(&first["response_code"], &["wangfang"], done_notice())
        .await;
    assert_eq!(in_time["errcode"], 0);
    stage.sim.clock().advance(TimeDelta::seconds(1));
    let late = stage
        .replace(&second["response_code"], &["wangfang"], done_notice())
        .await;
    assert_eq!(late["errcode"], 60140);
    stage.sim.stop().await;
}

#[tokio::test]
async fn members_without_licence_or_gone_are_named_in_the_answer() {
    let stage = stage().await;
    stage.sim.set_member_state("WangFang", MemberState::Unlicensed);
    stage.sim.set_member_state("liuyan", MemberState::Invalid);
    let sent = stage.card("wangfang|liuyan|sunli", "t-1").await;
    assert_eq!(
        (&sent["unlicenseduser"], &sent["invaliduser"]),
        (&json!("wangfang"), &json!("liuyan"))
    );
    assert!(stage.sim.messages_of("wangfang").is_empty());
    assert_eq!(stage.sim.messages_of("sunli").len(), 1);
    stage.sim.set_member_state("wangfang", MemberState::Normal);
    assert_eq!(stage.card("wangfang", "t-2").await["unlicenseduser"], "");
    stage.sim.stop().await;
}

#[tokio::test]
async fn cards_are_refused_on_demand_and_cut_answers_were_carried_out() {
    let stage = stage().await;
    stage.sim.refuse_interactive_cards(true);
    assert_eq!(stage.card("wangfang", "t-1").await["errcode"], 43012);
    stage.sim.refuse_interactive_cards(false);
    stage
        .sim
        .fault(Fault::new("message/send", FaultKind::Cut).times(1));
    let text =
        json!({"touser": "wangfang", "msgtype": "text", "agentid": 1_000_002, "text": {"content": "好"}});
    assert!(stage.try_post("message/send", text).await.is_err());
    assert_eq!(stage.sim.messages_of("wangfang")[0].text, "好");
    stage.sim.stop().await;
}

#[tokio::test]
async fn groups_of_the_app_and_mails_are_shown_on_a_page_of_their_own() {
    let stage = stage().await;
    let said = |chat: &str| json!({"chatid": chat, "msgtype": "text", "text": {"content": "功能已恢复"}});
    assert_eq!(stage.post("appchat/send", said("feedback")).await["errcode"], 0);
    assert_eq!(
        stage.post("appchat/send", said("unknown")).await["errcode"],
        40050
    );
    assert_eq!(
        stage.sim.messages_in(&Channel::Chat("feedback".to_owned())).len(),
        1
    );
    let mail = json!({"to": {"userids": ["zhaolei"]}, "subject": "紧急变更申请", "content": "<p>正文</p>"});
    assert_eq!(stage.post("exmail/app/compose_send", mail).await["errcode"], 0);
    let link = format!("{}/?as=yexin&tab=rooms", stage.sim.base_url());
    let page = stage.sim.open_link("yexin", &link).await.unwrap();
    for shown in ["问题反馈群", "功能已恢复", "紧急变更申请", "收件：赵磊"] {
        assert!(page.body.contains(shown), "{shown} in {}", page.body);
    }
    stage.sim.stop().await;
}

/// A page behind WeCom's login, like the bot's: without its cookie it sends to the login.
async fn guarded(
    request: HttpRequest,
    query: Query<Vec<(String, String)>>,
    login: web::Data<String>,
) -> HttpResponse {
    let code = query.iter().find(|(name, _)| name == "code");
    if let Some((_, code)) = code {
        return HttpResponse::Found()
            .insert_header(("set-cookie", format!("session={code}; Path=/m; HttpOnly; Secure")))
            .insert_header(("location", "/m/duty"))
            .finish();
    }
    match request.cookie("session") {
        Some(_) => HttpResponse::Ok().content_type("text/html").body("到岗页"),
        None => HttpResponse::Found()
            .insert_header(("location", login.as_str()))
            .finish(),
    }
}

async fn posted(request: HttpRequest, body: Bytes) -> HttpResponse {
    let signed_in = request.cookie("session").is_some();
    HttpResponse::Ok().body(format!("{signed_in} {}", String::from_utf8_lossy(&body)))
}

#[tokio::test]
async fn a_link_is_opened_as_a_member_through_the_login_and_its_form_is_sent() {
    let stage = stage().await;
    let http = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let page = format!("http://{}/m/duty", http.local_addr().unwrap());
    let login = format!(
        "https://open.weixin.qq.com/connect/oauth2/authorize?appid=w&redirect_uri={page}&state=s#wechat_redirect"
    );
    let server = HttpServer::new(move || {
        App::new()
            .app_data(web::Data::new(login.clone()))
            .route("/m/duty", web::get().to(guarded))
            .route("/m/duty", web::post().to(posted))
    })
    .workers(1)
    .disable_signals()
    .listen(http)
    .unwrap()
    .run();
    let mut tasks = JoinSet::new();
    tasks.spawn(async move { drop(server.await) });

    let visit = stage.sim.open_link("machao", &page).await.unwrap();
    assert_eq!(
        (visit.status, visit.body.as_str(), visit.redirects),
        (200, "到岗页", 3)
    );
    assert_eq!(visit.url.as_str(), page);
    let again = stage.sim.open_link("machao", &page).await.unwrap();
    assert_eq!(again.redirects, 0);
    let sent = stage
        .sim
        .submit_form("machao", &page, &[("why", "回退 完成")])
        .await
        .unwrap();
    assert_eq!(sent.body, "true why=%E5%9B%9E%E9%80%80+%E5%AE%8C%E6%88%90");
    let stranger = stage.sim.submit_form("qianhao", &page, &[]).await.unwrap();
    assert_eq!(stranger.body, "false ");
    stage.sim.forget_cookies("machao");
    assert_eq!(stage.sim.open_link("machao", &page).await.unwrap().redirects, 3);
    stage.sim.stop().await;
}

#[tokio::test]
async fn issues_members_and_messages_are_steered_over_http_too() {
    let stage = stage().await;
    let sim = format!("{}/sim/api", stage.sim.base_url());
    let post = |path: &str, body: Value| stage.client.post(format!("{sim}/{path}")).json(&body).send();
    let created = post("jira/issues", json!({"key": "TRADE-5", "summary": "新功能"}))
        .await
        .unwrap();
    assert_eq!(created.status().as_u16(), 201);
    let moved = post(
        "jira/issues/TRADE-5/status",
        json!({"status": "待上线", "by": "linfeng"}),
    )
    .await
    .unwrap();
    assert_eq!(moved.status().as_u16(), 200);
    assert_eq!(stage.sim.issue("TRADE-5").unwrap().history[0].by, "linfeng");
    let wrong = post(
        "jira/issues/TRADE-5/status",
        json!({"status": "x", "by": "linfeng"}),
    )
    .await
    .unwrap();
    assert_eq!(wrong.status().as_u16(), 409);

    stage.card("wangfang", "t-1").await;
    let url = format!("{sim}/members/wangfang/messages");
    let seen: Value = stage.client.get(url).send().await.unwrap().json().await.unwrap();
    assert_eq!(
        seen[0]["buttons"][0],
        json!({"text": "已完成", "key": "k1", "url": ""})
    );
    let late = post("tasks/t-1/press-anyway", json!({"by": "yexin", "key": "k9"}))
        .await
        .unwrap();
    assert_eq!(late.status().as_u16(), 200);
    assert!(
        stage.sim.callbacks()[0]
            .plaintext
            .contains("<EventKey><![CDATA[k9]]></EventKey>")
    );
    let clock: Value = post("clock", json!({"step": "us-open"}))
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(clock["now"], "2026-11-24T14:30:00Z");
    stage.sim.stop().await;
}
