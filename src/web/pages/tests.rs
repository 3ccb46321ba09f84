//! The pages over HTTP: signed in through the simulated WeCom, on a database of their own.

mod desk;

use actix_web::http::StatusCode;
use changegate_lifecycle::{Action, Change, DutyKind, Stage};
use changegate_policy::Market;
use changegate_store::EventState;
use serde_json::json;

use desk::{Desk, SP_NO, duty, input};

/// The fields that are sent, what is found in them, and what is needed.
type Case<'a> = (&'a [(&'a str, &'a str)], &'a str, &'a str);

#[actix_web::test]
async fn a_page_leads_to_the_sign_in_and_back() {
    let desk = Desk::open(&Change::default()).await;
    let asked = desk.get("/a/202611240001?r=1", "").await;
    assert_eq!(asked.status, StatusCode::FOUND);
    assert_eq!(asked.location, "/login?to=%2Fa%2F202611240001%3Fr%3D1");
    let (begun, cookie) = desk.begin(&asked.location, "Mozilla/5.0 wxwork/4.1").await;
    assert!(
        begun.starts_with("https://open.weixin.qq.com/connect/oauth2/authorize?appid="),
        "{begun}"
    );
    assert!(
        begun.contains("&redirect_uri=https%3A%2F%2Fgate.example.com%2Flogin%2Fdone&response_type=code&scope=snsapi_base&state=")
            && begun.ends_with("#wechat_redirect"),
        "{begun}"
    );
    let done = desk
        .done(&begun, &desk.wecom.login_code("zhangwei"), &cookie)
        .await;
    assert_eq!(done.status, StatusCode::FOUND);
    assert_eq!(done.location, "/a/202611240001?r=1");
    let session = done.cookie("__Host-changegate");
    for attribute in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(session.contains(attribute), "no {attribute} in {session}");
    }
    let page = desk.get("/a/202611240001", desk::pair(&session)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("张伟 已登录"), "{}", page.body);
    desk.close().await;
}

#[actix_web::test]
async fn outside_of_wecom_a_code_is_scanned() {
    let desk = Desk::open(&Change::default()).await;
    let (begun, _) = desk.begin("/login?to=/me", "Mozilla/5.0 (X11)").await;
    assert!(
        begun.starts_with("https://login.work.weixin.qq.com/wwlogin/sso/login?login_type=CorpApp&appid="),
        "{begun}"
    );
    desk.close().await;
}

#[actix_web::test]
async fn a_sign_in_works_once_in_the_browser_that_began_it_and_leads_nowhere_else() {
    let desk = Desk::open(&Change::default()).await;
    let (begun, cookie) = desk.begin("/login?to=https://evil.example.com/", "wxwork").await;
    let code = desk.wecom.login_code("zhangwei");
    let elsewhere = desk.done(&begun, &code, "").await;
    assert_eq!(elsewhere.status, StatusCode::FORBIDDEN);
    assert!(elsewhere.body.contains("不是在本浏览器里开始的"));
    let done = desk.done(&begun, &code, &cookie).await;
    assert_eq!((done.status, done.location.as_str()), (StatusCode::FOUND, "/me"));
    let again = desk
        .done(&begun, &desk.wecom.login_code("zhangwei"), &cookie)
        .await;
    assert_eq!(again.status, StatusCode::FORBIDDEN);
    assert!(again.body.contains("只能用一次，10 分钟内有效"), "{}", again.body);
    let (begun, cookie) = desk.begin("/login?to=/me", "wxwork").await;
    let used = desk.done(&begun, &code, &cookie).await;
    assert!(used.body.contains("登录凭证只能用一次"), "{}", used.body);
    let (begun, cookie) = desk.begin("/login?to=/me", "wxwork").await;
    desk.wecom.clock().advance(chrono::TimeDelta::minutes(11));
    let late = desk
        .done(&begun, &desk.wecom.login_code("zhangwei"), &cookie)
        .await;
    assert_eq!(late.status, StatusCode::FORBIDDEN);
    desk.close().await;
}

#[actix_web::test]
async fn somebody_from_outside_is_refused() {
    let desk = Desk::open(&Change::default()).await;
    let (begun, cookie) = desk.begin("/login?to=/me", "wxwork").await;
    let done = desk
        .done(&begun, &desk.wecom.login_code("a-stranger"), &cookie)
        .await;
    assert_eq!(done.status, StatusCode::FORBIDDEN);
    assert!(
        done.body.contains("请用本企业的企业微信账号登录"),
        "{}",
        done.body
    );
    desk.close().await;
}

#[actix_web::test]
async fn a_session_ends_by_itself_and_when_told() {
    let desk = Desk::open(&Change::default()).await;
    let cookie = desk.session("zhangwei").await;
    assert_eq!(desk.get("/me", &cookie).await.status, StatusCode::OK);
    let page = desk.get("/me", &cookie).await;
    let token = input(&page.body, "token");
    let out = desk.post("/logout", &cookie, &[("token", &token)]).await;
    assert_eq!(out.status, StatusCode::OK);
    assert_eq!(desk.get("/me", &cookie).await.status, StatusCode::FOUND);
    let cookie = desk.session("zhangwei").await;
    desk.wecom.clock().advance(chrono::TimeDelta::hours(13));
    assert_eq!(desk.get("/me", &cookie).await.status, StatusCode::FOUND);
    desk.close().await;
}

#[actix_web::test]
async fn whom_a_change_does_not_concern_is_told_whom_to_ask() {
    let desk = Desk::open(&Change::default()).await;
    let cookie = desk.session("wulei").await;
    for path in ["/a/202611240001", "/d/202611240001/1", "/i/202611240001"] {
        let page = desk.get(path, &cookie).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
        assert!(page.body.contains("请联系申请人张伟"), "{}", page.body);
    }
    assert_eq!(
        desk.get("/a/209912310001", &cookie).await.status,
        StatusCode::NOT_FOUND
    );
    desk.close().await;
}

#[actix_web::test]
async fn a_duty_shows_its_buttons_to_its_holder_and_its_state_to_others() {
    let change = Change {
        stage: Stage::Verifying,
        duties: vec![duty(1, DutyKind::Verify, &["chenjing"])],
        ..Change::default()
    };
    let desk = Desk::open(&change).await;
    let holder = desk
        .get("/d/202611240001/1", &desk.session("chenjing").await)
        .await;
    assert!(
        holder.body.contains("请立即在生产环境验证功能"),
        "{}",
        holder.body
    );
    assert!(holder.body.contains("value=\"verified\"") && holder.body.contains("value=\"anomaly\""));
    let other = desk
        .get("/d/202611240001/1", &desk.session("zhaolei").await)
        .await;
    assert!(other.body.contains("这件事由陈静办理"), "{}", other.body);
    assert!(!other.body.contains("value=\"verified\""));
    desk.close().await;
}

#[actix_web::test]
async fn a_press_becomes_one_event_however_often_it_is_sent() {
    let change = Change {
        stage: Stage::Verifying,
        duties: vec![duty(1, DutyKind::Verify, &["chenjing"])],
        ..Change::default()
    };
    let desk = Desk::open(&change).await;
    let cookie = desk.session("chenjing").await;
    let page = desk.get("/d/202611240001/1", &cookie).await;
    let fields = [
        ("token", input(&page.body, "token")),
        ("nonce", input(&page.body, "nonce")),
        ("back", "/d/202611240001/1".to_owned()),
        ("duty", "1".to_owned()),
        ("action", "verified".to_owned()),
    ];
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let (first, ()) = tokio::join!(desk.press(&cookie, &fields), desk.work_off());
    assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.body);
    assert!(
        first.location.starts_with("/d/202611240001/1?r="),
        "{}",
        first.location
    );
    let second = desk.press(&cookie, &fields).await;
    assert_eq!(second.status, StatusCode::SEE_OTHER);
    let counts = desk.store.inbox_counts().await.unwrap();
    assert_eq!((counts.done, counts.ready), (1, 0));
    let shown = desk.get(&first.location, &cookie).await;
    assert!(shown.body.contains("已提交：验证通过"), "{}", shown.body);
    let lent = desk.get(&first.location, &desk.session("zhaolei").await).await;
    assert!(!lent.body.contains("已提交："), "the line is for who pressed");
    desk.close().await;
}

#[actix_web::test]
async fn the_event_says_who_pressed_what_and_why() {
    let change = Change {
        stage: Stage::Approved,
        duties: vec![duty(3, DutyKind::Start, &["machao"])],
        ..Change::default()
    };
    let desk = Desk::open(&change).await;
    let cookie = desk.session("machao").await;
    let page = desk.get("/d/202611240001/3", &cookie).await;
    let (token, nonce) = (input(&page.body, "token"), input(&page.body, "nonce"));
    let fields = [
        ("token", token.as_str()),
        ("nonce", &nonce),
        ("back", "//evil.example.com/"),
        ("duty", "3"),
        ("action", "reschedule"),
        ("note", "与开发同事商定\r\n推迟一天"),
        ("from", "2026-11-25T17:00"),
        ("until", "2026-11-25T18:30"),
        ("by", "zhaolei"),
    ];
    let (pressed, event) = tokio::join!(desk.press(&cookie, &fields), desk.take());
    assert!(pressed.location.starts_with("/me?r="), "{}", pressed.location);
    assert_eq!((event.kind.as_str(), event.subject.as_str()), ("press", SP_NO));
    let payload: serde_json::Value = serde_json::from_str(&event.payload).unwrap();
    assert_eq!(payload["by"], "machao");
    assert_eq!(payload["duty"], 3);
    assert_eq!(payload["action"], json!(Action::Reschedule));
    assert_eq!(payload["details"]["note"], "与开发同事商定\n推迟一天");
    assert_eq!(payload["details"]["from"], "2026-11-25T09:00:00Z");
    desk.close().await;
}

#[actix_web::test]
async fn a_form_that_is_not_ours_is_refused_and_nothing_stored() {
    let desk = Desk::open(&Change::default()).await;
    let cookie = desk.session("zhangwei").await;
    let theirs = desk.get("/a/202611240001", &desk.session("chenjing").await).await;
    let nonce = "0".repeat(32);
    let stolen = input(&theirs.body, "token");
    for token in ["", "x", &stolen] {
        let fields = [
            ("token", token),
            ("nonce", &nonce),
            ("action", "anomaly"),
            ("note", "行情不更新"),
        ];
        let refused = desk.press(&cookie, &fields).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{token}");
        assert!(refused.body.contains("行情不更新"), "what was typed is not lost");
    }
    let signed_out = desk
        .press("", &[("action", "anomaly"), ("note", "行情不更新")])
        .await;
    assert_eq!(signed_out.status, StatusCode::UNAUTHORIZED);
    assert!(signed_out.body.contains("行情不更新"));
    assert_eq!(desk.store.inbox_counts().await.unwrap().ready, 0);
    desk.close().await;
}

#[actix_web::test]
async fn what_cannot_be_taken_is_named_with_what_is_needed() {
    let change = Change {
        duties: vec![
            duty(1, DutyKind::NameWatchers(Market::HongKong), &["liqiang"]),
            duty(2, DutyKind::Start, &["liqiang"]),
        ],
        ..Change::default()
    };
    let desk = Desk::open(&change).await;
    let cookie = desk.session("liqiang").await;
    let page = desk.get("/d/202611240001/1", &cookie).await;
    assert!(
        page.body.contains("value=\"wangfang\""),
        "testers are among those to choose"
    );
    let (token, nonce) = (input(&page.body, "token"), input(&page.body, "nonce"));
    let long = "字".repeat(2_001);
    let many: Vec<String> = (0..51).map(|number| format!("u{number}")).collect();
    let many = many.join(",");
    let cases: [Case<'_>; 8] = [
        (&[("action", "anomaly")], "异常说明", "写明内容"),
        (
            &[("action", "anomaly"), ("note", &long)],
            "2001 字",
            "不超过 2000 字",
        ),
        (
            &[("action", "name_watchers"), ("duty", "1")],
            "到岗人员",
            "至少选择或填写一人",
        ),
        (
            &[("action", "name_watchers"), ("duty", "1"), ("more_people", "<b>")],
            "&#60;b&#62;",
            "企业微信账号",
        ),
        (
            &[
                ("action", "name_watchers"),
                ("duty", "1"),
                ("more_people", "nobody-of-that-name"),
            ],
            "nobody-of-that-name",
            "可见范围",
        ),
        (
            &[("action", "name_watchers"), ("duty", "1"), ("more_people", &many)],
            "51 人",
            "不超过 50 人",
        ),
        (
            &[
                ("action", "reschedule"),
                ("duty", "2"),
                ("note", "晚"),
                ("from", "2020-01-01T00:00"),
            ],
            "新的开始时间",
            "晚于现在",
        ),
        (
            &[
                ("action", "request_waiver"),
                ("note", "必须上"),
                ("rule", "no-rule"),
            ],
            "no-rule",
            "页面上列出的规则",
        ),
    ];
    for (fields, found, needed) in cases {
        let mut all = vec![
            ("token", token.as_str()),
            ("nonce", nonce.as_str()),
            ("back", "/a/202611240001"),
        ];
        all.extend(fields);
        let refused = desk.press(&cookie, &all).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        assert!(
            refused.body.contains(found) && refused.body.contains(needed),
            "{}",
            refused.body
        );
    }
    assert_eq!(desk.store.inbox_counts().await.unwrap().ready, 0);
    desk.close().await;
}

#[actix_web::test]
async fn only_what_makes_sense_now_is_offered_and_the_rest_explained() {
    let desk = Desk::open(&Change::default()).await;
    let page = desk
        .get("/a/202611240001", &desk.session("zhangwei").await)
        .await
        .body;
    let (now, later) = page.split_once("现在不能做的").expect("both are there");
    assert!(now.contains("value=\"reschedule\"") && now.contains("value=\"toggle_us\""));
    assert!(!now.contains("value=\"anomaly\"") && later.contains("变更尚未执行"));
    assert!(later.contains("id=\"waiver\"") && later.contains("不需要豁免"));
    assert!(!page.contains("客户索赔"), "that is for administrators");
    desk.close().await;
}

#[actix_web::test]
async fn an_incident_has_its_page_and_its_report() {
    let desk = Desk::open(&desk::with_incident()).await;
    let cookie = desk.session("liqiang").await;
    let page = desk.get("/i/202611240001", &cookie).await;
    for part in [
        "先应急，后排障",
        "港股行情不更新",
        "已按回退方案恢复",
        "赵磊",
        "name=\"prevention\"",
        "value=\"send_report\"",
    ] {
        assert!(page.body.contains(part), "no {part} in {}", page.body);
    }
    let report = desk.get("/i/202611240001/report.docx", &cookie).await;
    assert_eq!(report.status, StatusCode::OK);
    assert!(report.bytes.starts_with(b"PK"), "a .docx is a ZIP archive");
    let none = Desk::open(&Change::default()).await;
    let page = none.get("/i/202611240001", &none.session("zhangwei").await).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    none.close().await;
    desk.close().await;
}

#[actix_web::test]
async fn pages_allow_nothing_that_is_not_their_own() {
    let desk = Desk::open(&desk::with_incident()).await;
    let cookie = desk.session("liqiang").await;
    for path in ["/a/202611240001", "/i/202611240001", "/me"] {
        let page = desk.get(path, &cookie).await;
        assert!(page.policy.contains("form-action 'self'") && page.policy.contains("default-src 'none'"));
        for forbidden in [
            " style=",
            "<style",
            "<script",
            " onclick",
            "javascript:",
            "<b>x</b>",
        ] {
            assert!(!page.body.contains(forbidden), "{forbidden} in {path}");
        }
    }
    desk.close().await;
}

#[actix_web::test]
async fn a_press_that_takes_long_is_said_to_be_on_its_way() {
    let desk = Desk::open(&Change::default()).await;
    let cookie = desk.session("zhangwei").await;
    let page = desk.get("/a/202611240001", &cookie).await;
    let (token, nonce) = (input(&page.body, "token"), input(&page.body, "nonce"));
    let fields = [
        ("token", token.as_str()),
        ("nonce", &nonce),
        ("back", "/a/202611240001"),
        ("action", "toggle_us"),
    ];
    let pressed = desk.press(&cookie, &fields).await;
    assert_eq!(pressed.location, "/a/202611240001?r=wait");
    assert_eq!(desk.take().await.state, EventState::Ready);
    let shown = desk.get(&pressed.location, &cookie).await;
    assert!(shown.body.contains("不必重复提交"));
    desk.close().await;
}
