//! Zadig: the hook of a release plan in, its callback out.

use serde_json::{Value, json};

use crate::bot::Bot;
use crate::stand_in::{Answer, StandIn};

const SECRET: &str = "zadig0hook0secret0";

/// Zadig, as far as a callback meets it.
fn zadig() -> StandIn {
    StandIn::start(
        |asked, _| match (asked.path.as_str(), asked.header("authorization")) {
            ("/api/callback/release_plan", "Bearer zadig-token") => {
                Answer::Json(200, json!({ "message": "success" }))
            }
            _ => Answer::Json(401, json!({ "code": 401, "message": "unauthorized" })),
        },
    )
}

async fn bot(zadig: &StandIn) -> Bot {
    Bot::start(&format!(
        "[zadig]\nbase = \"{}\"\ntoken = \"zadig-token\"\nhook_secret = \"{SECRET}\"\n",
        zadig.url()
    ))
    .await
}

fn plan(name: &str, event: &str) -> Value {
    json!({
        "object_kind": "release_plan",
        "event": "release_plan",
        "workflow": null,
        "release_plan": {
            "id": "64f1a7cd1b7bd46ec353b50c", "index": 21, "event_name": event, "name": name, "manager": "zhaolei",
            "manager_id": "1", "start_time": 0, "end_time": 0, "description": "", "instance_code": "f00d",
            "jobs": [{ "id": "1", "name": "deploy", "type": "workflow",
                       "spec": { "workflow": { "name": "quote", "params": [] }, "status": "", "task_id": 0 } }],
            "status": "wait_for_execute_external_check",
        },
    })
}

async fn posts(bot: &Bot, plan: &Value, secret: &str) -> u16 {
    let request = bot.http.post(bot.url("/zadig/check")).json(plan);
    let answer = request
        .header("X-Zadig-Token", secret)
        .header("X-Zadig-Instance", "https://zadig.example.com")
        .header("X-Zadig-Event", "release_plan")
        .header("X-Zadig-Event-UUID", "0b8e8f2e-6d3c-4b6e-9d4e-000000000001")
        .send()
        .await
        .unwrap();
    answer.status().as_u16()
}

fn results(zadig: &StandIn) -> Vec<Value> {
    zadig
        .asked()
        .iter()
        .map(|asked| asked.json()["result"].clone())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_of_a_change_in_its_window_goes_on() {
    let zadig = zadig();
    let bot = bot(&zadig).await;
    let sp_no = bot.approved().await;
    assert_eq!(
        posts(&bot, &plan(&format!("行情上线 {sp_no}"), "start_execute"), SECRET).await,
        202
    );
    bot.until("a callback", || !zadig.asked().is_empty()).await;
    let callback = zadig.asked()[0].json();
    assert_eq!(
        callback,
        json!({
            "release_plan_id": "64f1a7cd1b7bd46ec353b50c", "instance_code": "f00d", "hook_event": "start_execute",
            "result": "success", "failed_reason": "", "description": callback["description"],
        })
    );
    bot.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_of_a_change_that_nobody_signed_stops_with_the_reasons() {
    let zadig = zadig();
    let bot = bot(&zadig).await;
    let sp_no = bot.filed().await;
    assert_eq!(posts(&bot, &plan(&sp_no, "start_execute"), SECRET).await, 202);
    bot.until("a callback", || !zadig.asked().is_empty()).await;
    let callback = zadig.asked()[0].json();
    assert_eq!(callback["result"], "failed");
    assert!(
        callback["failed_reason"].as_str().unwrap().contains("不允许发布"),
        "{callback}"
    );
    bot.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_waits_while_its_change_is_not_known() {
    let zadig = zadig();
    let bot = bot(&zadig).await;
    assert_eq!(
        posts(&bot, &plan("202611240001", "start_execute"), SECRET).await,
        202
    );
    bot.until("a first word", || !zadig.asked().is_empty()).await;
    assert_eq!(results(&zadig)[0], "executing");
    assert_eq!(bot.filed().await, "202611240001", "the first number of the day");
    bot.until("a decision", || results(&zadig).contains(&json!("failed")))
        .await;
    bot.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_without_a_number_stops_and_what_the_gate_does_not_judge_goes_on() {
    let zadig = zadig();
    let bot = bot(&zadig).await;
    assert_eq!(posts(&bot, &plan("行情上线", "start_execute"), SECRET).await, 202);
    bot.until("a callback", || zadig.asked().len() == 1).await;
    assert_eq!(
        posts(&bot, &plan("行情上线", "finish_planning"), SECRET).await,
        202
    );
    bot.until("another", || zadig.asked().len() == 2).await;
    assert_eq!(results(&zadig), ["failed", "success"]);
    bot.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hook_without_the_secret_is_refused_and_one_of_a_workflow_is_none() {
    let zadig = zadig();
    let bot = bot(&zadig).await;
    let asked = plan("202611240001", "start_execute");
    assert_eq!(posts(&bot, &asked, "").await, 401);
    assert_eq!(posts(&bot, &asked, "zadig0hook0secret1").await, 401);
    let workflow =
        json!({ "object_kind": "workflow", "event": "workflow", "workflow": {}, "release_plan": null });
    assert_eq!(posts(&bot, &workflow, SECRET).await, 204);
    assert_eq!(
        posts(&bot, &json!({ "release_plan": { "id": "1" } }), SECRET).await,
        400
    );
    bot.stop().await;
    assert!(zadig.asked().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn hooks_are_for_nobody_where_nothing_is_configured() {
    let bot = Bot::start("").await;
    for path in ["/zadig/check", "/github/webhook"] {
        let answer = bot.http.post(bot.url(path)).body("{}").send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 404, "{path}");
    }
    bot.stop().await;
}
