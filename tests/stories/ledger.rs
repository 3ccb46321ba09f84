//! `GET /api/v1/ledger`: a day in numbers, none of which may be lost.

use std::time::Duration;

use changegate_simulator::{CallbackState, Fault, FaultKind, Form, MemberState, forms};
use serde_json::{Value, json};

use crate::filing::rejected_for_its_title;
use crate::jobs::in_a_query;
use crate::office::{Office, PATIENCE, Setup, evening};
use crate::papers::{form_of, plan_of};
use crate::people::another_form;

/// The day of the stories, as a query.
fn the_day() -> String {
    format!(
        "from={}&to={}",
        in_a_query("2026-11-24 00:00"),
        in_a_query("2026-11-25 00:00")
    )
}

/// Four rules broken, and an applicant of its own issues.
fn faulty() -> Form {
    let form = forms::faulty(evening());
    let description = form.description.replace("QUOTE-1024", "QUOTE-3001");
    Form {
        description: description.replace("QUOTE-1031", "QUOTE-3002"),
        files: vec![plan_of(&[
            ("港股十档行情", "QUOTE-3001"),
            ("盘口刷新提速", "QUOTE-3002"),
        ])],
        ..form
    }
}

async fn ledger(office: &Office, query: &str) -> Value {
    let token = office.token("read");
    let (status, ledger) = office.get(&format!("/api/v1/ledger?{query}"), &token).await;
    assert_eq!(status, 200, "{ledger}");
    ledger
}

/// The day's ledger once every message has come to its end.
async fn settled(office: &Office) -> Value {
    let token = office.token("read");
    let path = format!("/api/v1/ledger?{}", the_day());
    let mut tick = tokio::time::interval(Duration::from_millis(20));
    let asked = async {
        loop {
            tick.tick().await;
            let (_, day) = office.get(&path, &token).await;
            let of = |name: &str| day["messages"][name].as_u64().unwrap();
            if of("delivered") + of("undeliverable") == of("decided") {
                return day;
            }
        }
    };
    tokio::time::timeout(PATIENCE, asked)
        .await
        .expect("messages are on their way for ever")
}

fn rule<'a>(ledger: &'a Value, rule: &str) -> &'a Value {
    let rules = ledger["rules"].as_array().unwrap();
    rules
        .iter()
        .find(|line| line["rule"] == rule)
        .unwrap_or_else(|| panic!("nothing of {rule} in {ledger}"))
}

/// The day before, nothing was filed and nobody was told.
async fn nothing_on_the_day_before(office: &Office) {
    let before = format!(
        "from={}&to={}",
        in_a_query("2026-11-23 00:00"),
        in_a_query("2026-11-24 00:00")
    );
    let before = ledger(office, &before).await;
    assert_eq!(before["approvals"]["in_wecom"], 0);
    assert_eq!(before["messages"]["decided"], 0);
    assert_eq!(
        (&before["rules"], &before["signed_despite"]),
        (&json!([]), &json!([]))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_adds_up() {
    let mut office = Setup::plain().with_pages().open().await;
    // One as it should be.
    let good = office
        .wecom
        .submit("zhangwei", &form_of(&[("自选股分组", "QUOTE-2001")]))
        .unwrap();
    office.hears("liqiang", &good).await;
    // One whose title is let pass.
    rejected_for_its_title(&office).await;
    let asked = office.sees("yexin", &["请处理豁免申请"]).await;
    let page = office.opens("yexin", &asked.button("去处理").unwrap().url).await;
    let reason = [("note", "标题已报送，不宜更改")];
    office.fills_in("yexin", &page, "grant", &reason).await;
    office.reads("zhaolei", "**豁免已同意").await;
    // One that breaks four rules, and is signed by the development lead seven minutes after the warning.
    let faulty_one = office.wecom.submit("zhangwei", &faulty()).unwrap();
    office
        .reads("liqiang", "**签署前请注意：该变更有 4 项不合规，建议退回**")
        .await;
    office.it_is("2026-11-24 10:38");
    office.wecom.approve(&faulty_one, "liqiang").unwrap();
    office.reads("zhaolei", "签署人：李强").await;
    office.reads("sunli", "签署前请注意").await;
    // One whose applicant cannot be written to.
    office.wecom.set_member_state("zhouyang", MemberState::Invalid);
    let unheard = office
        .wecom
        .submit("zhouyang", &form_of(&[("自选股排序", "QUOTE-2002")]))
        .unwrap();
    office.reads("liqiang", &unheard).await;
    // One that no callback told of: the bot was down.
    office.stop_bot().await;
    office.wecom.set_callback_url(None);
    let found = office
        .wecom
        .submit("zhangwei", &form_of(&[("自选股备注", "QUOTE-2003")]))
        .unwrap();
    office.start_bot().await;
    office.hears("zhangwei", &found).await;

    let day = settled(&office).await;
    assert_eq!(
        day["approvals"],
        json!({
            "in_wecom": 5, "compared": false, "seen_by_callback": 4, "found_by_reconciliation": 1,
            "otherwise": 0, "missing": 0
        })
    );
    let callbacks = office.wecom.callbacks();
    let came = callbacks
        .iter()
        .filter(|callback| callback.state == CallbackState::Delivered);
    assert_eq!(
        day["events"],
        json!({ "by_callback": came.count(), "by_reconciliation": 1 })
    );
    assert_eq!(day["changes_evaluated"], 5);
    assert_eq!(day["verdicts"], 6, "one each, and one more for the waiver");
    let sent = office.wecom.messages().len();
    let numbers = json!({ "decided": sent + 2, "delivered": sent, "undeliverable": 2 });
    let messages = &day["messages"];
    for (name, number) in numbers.as_object().unwrap() {
        assert_eq!(&messages[name], number, "{name} of {messages}");
        assert_eq!(&messages["by_channel"][0][name], number, "{name} of {messages}");
    }
    assert_eq!(messages["by_channel"][0]["channel"], "wecom_message");
    assert_eq!(messages["by_channel"].as_array().unwrap().len(), 1);
    office.reads("yexin", "周洋").await;

    let line = |name: &str, failed: u64, waived: u64| json!({ "rule": name, "failed": failed, "warned": 0, "unknown": 0, "waived": waived });
    assert_eq!(rule(&day, "title-format"), &line("title-format", 2, 1));
    for name in ["description-regression", "description-jira", "rollback-plan"] {
        assert_eq!(rule(&day, name), &line(name, 1, 0));
    }
    let signed = day["signed_despite"].as_array().unwrap();
    assert_eq!(signed.len(), 1, "{signed:?}");
    for (name, value) in [
        ("sp_no", json!(faulty_one)),
        ("title", json!("行情优化上线")),
        ("team", json!("行情组")),
        ("approver", json!("liqiang")),
        ("minutes_after_warning", json!(7)),
        (
            "rules",
            json!([
                "title-format",
                "description-regression",
                "description-jira",
                "rollback-plan"
            ]),
        ),
    ] {
        assert_eq!(signed[0][name], value, "{}", signed[0]);
    }
    assert_eq!(
        (&day["reconciliation"]["listed"], &day["reconciliation"]["found"]),
        (&json!(5), &json!(1))
    );
    let compared = ledger(&office, &format!("{}&compare=true", the_day())).await;
    assert_eq!(compared["approvals"]["compared"], true);
    assert_eq!(compared["approvals"]["in_wecom"], 5);
    assert_eq!(compared["approvals"]["missing"], 0);

    nothing_on_the_day_before(&office).await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wecom_itself_is_asked_whether_anything_is_missing() {
    let office = Office::open().await;
    let known = office
        .wecom
        .submit("zhangwei", &another_form(evening(), 1))
        .unwrap();
    office.hears("zhangwei", &known).await;
    let compared = format!("{}&compare=true", the_day());
    let approvals = |ledger: Value| ledger["approvals"].clone();
    assert_eq!(
        approvals(ledger(&office, &compared).await),
        json!({
            "in_wecom": 1, "compared": true, "seen_by_callback": 1, "found_by_reconciliation": 0,
            "otherwise": 0, "missing": 0
        })
    );
    office.wecom.set_callback_url(None);
    office
        .wecom
        .submit("zhangwei", &another_form(evening(), 2))
        .unwrap();
    let after = approvals(ledger(&office, &compared).await);
    assert_eq!(
        (after["in_wecom"].as_u64(), after["missing"].as_u64()),
        (Some(2), Some(1))
    );
    let last = approvals(ledger(&office, &the_day()).await);
    assert_eq!(
        (last["compared"].as_bool(), last["missing"].as_u64()),
        (Some(false), Some(0))
    );

    let token = office.token("read");
    let long = format!(
        "/api/v1/ledger?from={}&to={}&compare=true",
        in_a_query("2026-10-01 00:00"),
        in_a_query("2026-11-25 00:00")
    );
    let (status, problem) = office.get(&long, &token).await;
    assert_eq!(status, 400, "{problem}");
    assert!(
        problem["detail"].as_str().unwrap().contains("31 days"),
        "{problem}"
    );
    let broken = FaultKind::Status { status: 500 };
    office.wecom.fault(Fault::new("oa/getapprovalinfo", broken));
    let (status, problem) = office.get(&format!("/api/v1/ledger?{compared}"), &token).await;
    assert_eq!(
        (status, problem["type"].as_str()),
        (503, Some("urn:changegate:problem:unavailable"))
    );
    let gate = office.token("gate");
    let (status, _) = office.get(&format!("/api/v1/ledger?{compared}"), &gate).await;
    assert_eq!(status, 403);
    office.stop_bot_and_wecom().await;
}
