//! Deployment jobs report what nobody knows of, or what cannot be read.

use serde_json::{Value, json};

use crate::deployments::{comes_to, report};
use crate::jobs::{Job, codes, rfc3339};
use crate::office::{Office, evening};
use crate::people::{card, plain_form};

const NOBODYS: &str = "202611240099";

#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_under_a_number_that_nobody_knows_is_heard_of_once() {
    let office = Office::open().await;
    let job = Job::of(&office);
    let answer = job.reports(Some(NOBODYS), &report("started")).await;
    assert_eq!(codes(&answer["gate"]), ["no_such_change"]);
    let told = office
        .reads("zhaolei", "**发现没有变更单的发布，请立即核实**")
        .await;
    for part in [
        "所给单号：202611240099（没有这份变更）",
        "发布任务：jenkins，编号 deploy-4711",
        "环境：production",
        "镜像：quote/quote-gateway:v2.9.0",
        "应当上线的，请按规定补发起变更流程（六）",
    ] {
        assert!(told.contains(part), "no {part} in {told}");
    }
    assert_eq!(
        job.reports(Some(NOBODYS), &report("started")).await["duplicate"],
        true
    );
    job.reports(Some(NOBODYS), &report("succeeded")).await;
    office.reads("zhaolei", "发布状态：发布成功").await;
    assert_eq!(office.times("zhaolei", "发现没有变更单的发布"), 2);
    assert_eq!(
        office.wecom.messages().len(),
        2,
        "{}",
        office.wecom.conversation()
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_knows_of_no_change_says_so_and_operations_hear_of_it() {
    let office = Office::open().await;
    let job = Job::of(&office);
    let mut stray = report("succeeded");
    stray["actor"] = "".into();
    let answer = job.reports(None, &stray).await;
    assert_eq!(answer, json!({ "duplicate": false, "gate": null }));
    let told = office
        .reads("zhaolei", "**发现没有变更单的发布，请立即核实**")
        .await;
    assert!(told.contains("所给单号：无"), "{told}");
    assert!(
        told.contains("发布任务：story，编号"),
        "the token's name stands for nobody's: {told}"
    );
    assert_eq!(job.reports(None, &stray).await["duplicate"], true);
    // An address in a report is no link in the message.
    stray["id"] = "https://ci.example.com/4712".into();
    job.reports(None, &stray).await;
    office
        .reads("zhaolei", "编号 https：//ci．example．com/4712")
        .await;
    assert_eq!(
        office.wecom.messages().len(),
        2,
        "{}",
        office.wecom.conversation()
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_no_callback_told_of_is_looked_at_when_a_job_names_it() {
    let office = Office::open().await;
    let job = Job::of(&office);
    office.wecom.set_callback_url(None);
    let sp_no = office.wecom.submit("zhangwei", &plain_form(evening())).unwrap();
    for approver in ["liqiang", "sunli", "zhaolei"] {
        office.wecom.approve(&sp_no, approver).unwrap();
    }
    office.it_is("2026-11-24 17:00");
    assert_eq!(codes(&job.asks(&sp_no).await), ["no_such_change"]);
    let answer = job.reports(Some(&sp_no), &report("succeeded")).await;
    assert_eq!(answer["gate"]["decision"], "unknown");
    office.sees("chenjing", &[card::VERIFY, &sp_no]).await;
    let change = comes_to(&office, &sp_no, "verifying").await;
    assert_eq!(change["verdict"], "compliant");
    let told = office.reads("zhaolei", "**变更在闸门未放行时发布").await;
    assert!(
        told.contains(&format!("没有单号为 {sp_no} 的生产上线变更")),
        "{told}"
    );
    assert!(!office.has("zhaolei", "发现没有变更单的发布"));
    office.stop_bot_and_wecom().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_cannot_be_read_is_refused_and_the_field_is_named() {
    let office = Office::open().await;
    let job = Job::of(&office);
    let with = |name: &str, value: Value| {
        let mut report = report("started");
        report[name] = value;
        report.to_string()
    };
    let long = "x".repeat(121);
    let images: Vec<String> = (0..51).map(|n| format!("quote-gateway:v{n}")).collect();
    for (body, words) in [
        ("not json".to_owned(), "line 1 column 2"),
        ("{\"state\":\"started\"}".to_owned(), "`id`"),
        ("{\"id\":\"1\"}".to_owned(), "`state`"),
        (
            with("id", " ".into()),
            "`id` has to be the deployment's own id, of 1 to 120 characters",
        ),
        (with("id", long.as_str().into()), "`id` has to be"),
        (
            with("state", "done".into()),
            "`state`: unknown variant `done`, expected one of `started`",
        ),
        (
            with("images", "quote-gateway:v2".into()),
            "`images`: invalid type",
        ),
        (with("images", json!(["a", 5])), "`images[1]`: invalid type"),
        (
            with("images", json!(images)),
            "`images` has 51 entries; 50 are possible",
        ),
        (with("environment", 7.into()), "`environment`: invalid type"),
        (with("at", "17:00".into()), "`at` is `17:00`"),
        (
            with("at", rfc3339("2026-11-24 10:36").into()),
            "which is still to come",
        ),
        (with("colour", "red".into()), "`colour`"),
    ] {
        for sp_no in [Some(NOBODYS), None] {
            let (status, problem) = job.posts(sp_no, body.clone()).await;
            assert_eq!(status, 400, "{body}: {problem}");
            assert_eq!(problem["type"], "urn:changegate:problem:bad-request");
            let detail = problem["detail"].as_str().unwrap();
            assert!(detail.contains(words), "no {words} in {detail}");
        }
    }
    let (status, problem) = job.posts(Some("2026-1124"), report("started").to_string()).await;
    assert_eq!(
        (status, problem["detail"].as_str()),
        (400, Some("`2026-1124` is no approval's number"))
    );
    let (status, problem) = job.posts(None, with("note", "x".repeat(64 * 1024).into())).await;
    assert_eq!(
        (status, problem["type"].as_str()),
        (413, Some("urn:changegate:problem:too-large"))
    );
    // A job's clock is a little ahead; a long note is cut.
    let ahead = with("at", rfc3339("2026-11-24 10:35").into());
    assert_eq!(job.posts(None, ahead).await.0, 202);
    office.reads("zhaolei", "开始发布（11月24日（周二）10:30）").await;
    assert_eq!(
        office.wecom.messages().len(),
        1,
        "{}",
        office.wecom.conversation()
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_token_for_the_gate_may_report() {
    let office = Office::open().await;
    let reads = office.token("read");
    for (token, status, word) in [("cgt_wrong", 401, "unauthorized"), (&reads, 403, "forbidden")] {
        let job = Job::with(&office, token);
        for sp_no in [Some(NOBODYS), None] {
            let (got, problem) = job.posts(sp_no, report("started").to_string()).await;
            assert_eq!(
                (got, problem["type"].as_str()),
                (status, Some(format!("urn:changegate:problem:{word}").as_str()))
            );
        }
    }
    assert!(office.wecom.messages().is_empty());
    office.close().await;
}
