//! GitHub: a signed web hook in, a decision out, at the API's address and nowhere else.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::bot::Bot;
use crate::shell::file;
use crate::stand_in::{Answer, Asked, StandIn};

const SECRET: &str = "github0webhook0secret";
const RUN: &str = "/repos/firm/quote/actions/runs/7/deployment_protection_rule";

/// GitHub, as far as an app meets it: a token for an app that signs itself in, 204 for a review with that token.
fn github() -> StandIn {
    StandIn::start(
        |asked, _| match (asked.path.as_str(), asked.header("authorization")) {
            ("/app/installations/99/access_tokens", jwt) if is_the_apps(jwt) => Answer::Json(
                201,
                json!({ "token": "ghs_1", "expires_at": "2026-11-24T10:00:00Z" }),
            ),
            (RUN, "Bearer ghs_1") => Answer::Json(204, Value::Null),
            _ => Answer::Json(401, json!({ "message": "Bad credentials" })),
        },
    )
}

/// Whether the app signed this JSON Web Token, as GitHub looks at it.
fn is_the_apps(authorization: &str) -> bool {
    let jwt = authorization.strip_prefix("Bearer ").unwrap_or_default();
    let (signed, signature) = jwt.rsplit_once('.').unwrap_or_default();
    let public = STANDARD.decode(include_str!("github-app.test.pub")).unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap_or_default();
    let (head, claims) = signed.split_once('.').unwrap_or_default();
    let read = |part| serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
    let (head, claims) = (read(head), read(claims));
    let lifetime = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
    let provider = rustls::crypto::ring::default_provider();
    let known = provider.signature_verification_algorithms.mapping;
    let (_, rs256) = known
        .iter()
        .find(|(scheme, _)| *scheme == rustls::SignatureScheme::RSA_PKCS1_SHA256)
        .unwrap();
    head["alg"] == "RS256"
        && claims["iss"] == "1234"
        && lifetime <= 600
        && rs256[0]
            .verify_signature(&public, signed.as_bytes(), &signature)
            .is_ok()
}

async fn bot(github: &StandIn) -> Bot {
    let key = file("tests/steps/github-app.test.pem");
    Bot::start(&format!(
        "[github]\napp_id = \"1234\"\nprivate_key_file = \"{}\"\nwebhook_secret = \"{SECRET}\"\napi_base = \"{}\"\n",
        key.display(),
        github.url()
    ))
    .await
}

fn event(github: &StandIn, reference: &str) -> Value {
    json!({
        "action": "requested",
        "environment": "production",
        "event": "push",
        "deployment_callback_url": format!("{}{RUN}", github.url()),
        "deployment": { "id": 1, "ref": reference, "payload": {}, "description": null, "environment": "production" },
        "pull_requests": [],
        "repository": { "id": 321, "full_name": "firm/quote" },
        "installation": { "id": 99 },
        "sender": { "login": "zhangwei" },
    })
}

fn signature(secret: &str, body: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    let signature = mac.chain_update(body.as_bytes()).finalize().into_bytes();
    format!("sha256={}", hex::encode(signature))
}

/// GitHub posts its event; what the bot answers.
async fn posts(bot: &Bot, event: &Value, secret: &str) -> u16 {
    let body = event.to_string();
    let request = bot.http.post(bot.url("/github/webhook"));
    let answer = request
        .header("X-GitHub-Event", "deployment_protection_rule")
        .header("X-GitHub-Delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958")
        .header("X-Hub-Signature-256", signature(secret, &body))
        .body(body)
        .send()
        .await
        .unwrap();
    answer.status().as_u16()
}

fn reviews(github: &StandIn) -> Vec<Value> {
    let asked = github.asked().into_iter().filter(|asked| asked.path == RUN);
    asked.map(|asked| asked.json()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_in_its_window_is_approved() {
    let github = github();
    let bot = bot(&github).await;
    let sp_no = bot.approved().await;
    let event = event(&github, &format!("release/{sp_no}"));
    assert_eq!(posts(&bot, &event, SECRET).await, 202);
    bot.until("a review", || !reviews(&github).is_empty()).await;
    let review = &reviews(&github)[0];
    assert_eq!(
        (&review["state"], &review["environment_name"]),
        (&json!("approved"), &json!("production"))
    );
    assert!(
        review["comment"]
            .as_str()
            .unwrap()
            .starts_with(&format!("变更 {sp_no}：允许发布"))
    );
    let asked: Vec<Asked> = github.asked();
    let token = &asked[0].json();
    assert_eq!(
        token,
        &json!({ "permissions": { "deployments": "write" }, "repository_ids": [321] })
    );
    assert_eq!(asked[0].header("x-github-api-version"), "2022-11-28");
    bot.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_nobody_signed_is_rejected_with_the_reasons() {
    let github = github();
    let bot = bot(&github).await;
    let sp_no = bot.filed().await;
    assert_eq!(
        posts(&bot, &event(&github, &format!("refs/tags/{sp_no}")), SECRET).await,
        202
    );
    bot.until("a review", || !reviews(&github).is_empty()).await;
    let review = &reviews(&github)[0];
    assert_eq!(review["state"], "rejected");
    assert!(
        review["comment"].as_str().unwrap().contains("不允许发布"),
        "{review}"
    );
    bot.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_branch_without_a_number_is_rejected() {
    let github = github();
    let bot = bot(&github).await;
    assert_eq!(posts(&bot, &event(&github, "main"), SECRET).await, 202);
    bot.until("a review", || !reviews(&github).is_empty()).await;
    let review = &reviews(&github)[0];
    assert_eq!(review["state"], "rejected");
    assert!(
        review["comment"].as_str().unwrap().contains("没有写明审批单号"),
        "{review}"
    );
    bot.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_is_not_known_yet_waits_and_is_decided_once_it_is() {
    let github = github();
    let bot = bot(&github).await;
    let number = "202611240001";
    assert_eq!(
        posts(&bot, &event(&github, &format!("release/{number}")), SECRET).await,
        202
    );
    bot.until("a comment", || !reviews(&github).is_empty()).await;
    let comment = reviews(&github)[0].clone();
    assert!(comment.get("state").is_none(), "no decision: {comment}");
    assert!(
        comment["comment"].as_str().unwrap().contains("继续询问"),
        "{comment}"
    );
    assert_eq!(bot.filed().await, number, "the first number of the day");
    let decided = || {
        reviews(&github)
            .iter()
            .any(|review| review["state"] == "rejected")
    };
    bot.until("a decision", decided).await;
    bot.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_day_nobody_asks_for_it_any_more_and_nothing_was_decided() {
    let github = github();
    let bot = bot(&github).await;
    let event = event(&github, "release/202611240001");
    assert_eq!(posts(&bot, &event, SECRET).await, 202);
    bot.until("a comment", || !reviews(&github).is_empty()).await;
    bot.wecom.clock().advance(TimeDelta::hours(24));
    let said = |words: &str| {
        reviews(&github)
            .iter()
            .any(|review| review["comment"].as_str().unwrap().contains(words))
    };
    bot.until("the last comment", || said("已停止重试")).await;
    assert!(
        reviews(&github)
            .iter()
            .all(|review| review.get("state").is_none())
    );
    bot.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_forged_or_leads_elsewhere_is_refused_at_the_door() {
    let github = github();
    let elsewhere = StandIn::start(|_, _| Answer::Json(204, Value::Null));
    let bot = bot(&github).await;
    let event = event(&github, "release/202611240001");
    assert_eq!(posts(&bot, &event, "another0webhook0secret").await, 401);
    let mut astray = event.clone();
    for callback in [
        format!("{}{RUN}", elsewhere.url()),
        format!("http://{}@{}{RUN}", github.address, elsewhere.address),
        "http://169.254.169.254/latest/meta-data".to_owned(),
        "file:///etc/passwd".to_owned(),
    ] {
        astray["deployment_callback_url"] = json!(callback);
        assert_eq!(posts(&bot, &astray, SECRET).await, 422, "{callback}");
    }
    let ping = json!({ "zen": "Keep it logically awesome.", "hook_id": 1 });
    assert_eq!(posts(&bot, &ping, SECRET).await, 204);
    assert_eq!(posts(&bot, &json!({ "action": "requested" }), SECRET).await, 400);
    bot.stop().await;
    assert!(github.asked().is_empty() && elsewhere.asked().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_github_that_is_down_or_redirects_is_asked_again_and_gets_no_token_elsewhere() {
    let elsewhere = StandIn::start(|_, _| Answer::Json(201, json!({ "token": "ghs_1" })));
    let to = format!("{}/app/installations/99/access_tokens", elsewhere.url());
    let github = StandIn::start(move |asked, before| match (before, asked.path.as_str()) {
        (0, _) => Answer::HangUp,
        (1, _) => Answer::Redirect(to.clone()),
        (2, _) => Answer::Json(503, json!({ "message": "unicorn" })),
        (_, RUN) => Answer::Json(204, Value::Null),
        _ => Answer::Json(201, json!({ "token": "ghs_1" })),
    });
    let bot = bot(&github).await;
    assert_eq!(posts(&bot, &event(&github, "main"), SECRET).await, 202);
    bot.until("a review", || !reviews(&github).is_empty()).await;
    assert_eq!(reviews(&github)[0]["state"], "rejected");
    bot.stop().await;
    assert!(elsewhere.asked().is_empty());
}
