//! What scripts ask, and the page behind a message's link.

use changegate_simulator::forms;

use crate::office::{Office, evening};

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_told_with_its_evaluation_and_timeline_to_a_token_that_may_read() {
    let office = Office::open().await;
    let sp_no = office
        .wecom
        .submit("zhangwei", &forms::faulty(evening()))
        .unwrap();
    office.hears("zhangwei", &sp_no).await;
    let token = office.token("read");
    let change = office.change(&sp_no, &token, |_| true).await;
    assert_eq!(change["verdict"], "rejected");
    assert_eq!(change["stage"], "approving");
    assert_eq!(change["urgency"], "normal");
    assert_eq!(change["evaluation"]["results"][0]["rule"], "title-format");
    assert_eq!(change["timeline"][0]["what"], "stage");
    let (_, list) = office.get("/api/v1/changes?verdict=rejected", &token).await;
    assert_eq!(list["changes"][0]["sp_no"], sp_no.as_str());
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_refuses_in_problem_details() {
    let office = Office::open().await;
    let token = office.token("evaluate");
    for (path, token, status, word) in [
        ("/api/v1/changes", "cgt_wrong", 401, "unauthorized"),
        ("/api/v1/changes", token.as_str(), 403, "forbidden"),
        ("/api/v1/nothing", token.as_str(), 404, "not-found"),
        ("/api/v1/changes?limit=many", token.as_str(), 400, "bad-request"),
        ("/api/v1/changes?colour=red", token.as_str(), 400, "bad-request"),
    ] {
        let (got, problem) = office.get(path, token).await;
        assert_eq!(
            (got, problem["type"].as_str()),
            (status, Some(format!("urn:changegate:problem:{word}").as_str()))
        );
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_opens_by_the_link_of_the_message_and_by_no_other() {
    let office = Office::open().await;
    let sp_no = office
        .wecom
        .submit("zhangwei", &forms::faulty(evening()))
        .unwrap();
    let message = office.hears("zhangwei", &sp_no).await;
    let (_, link) = message.split_once("](https://gate.example.com").unwrap();
    let (link, _) = link.split_once(')').unwrap();
    let answer = office.http.get(office.bot_url(link)).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    assert!(
        answer.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .starts_with("default-src 'none'")
    );
    let page = answer.text().await.unwrap();
    assert!(page.contains(&sp_no) && page.contains("行情优化上线"), "{page}");
    let forged = office
        .http
        .get(office.bot_url(&link.replace("&s=", "&s=x")))
        .send()
        .await
        .unwrap();
    assert_eq!(forged.status().as_u16(), 403);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn alive_and_ready_are_told() {
    let office = Office::open().await;
    let answer = office.http.get(office.bot_url("/readyz")).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    let ready: serde_json::Value = answer.json().await.unwrap();
    assert_eq!(ready["migrations_pending"], 0);
    assert_eq!(
        office
            .http
            .get(office.bot_url("/healthz"))
            .send()
            .await
            .unwrap()
            .status()
            .as_u16(),
        200
    );
    assert!(
        office
            .http
            .get(office.bot_url("/metrics"))
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap()
            .contains("changegate_")
    );
    office.close().await;
}
