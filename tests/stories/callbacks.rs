//! Callbacks that come twice, late, out of order, or from somewhere else.

use changegate_simulator::{CallbackFaults, Draft, ReleaseOrder, forms};

use crate::office::{Office, PATIENCE, evening};
use crate::people::card;

#[tokio::test(flavor = "multi_thread")]
async fn twenty_deliveries_of_one_callback_make_one_message_also_after_a_restart() {
    let mut office = Office::open().await;
    office.wecom.set_callback_faults(CallbackFaults {
        duplicates: 19,
        ..CallbackFaults::default()
    });
    let sp_no = office
        .wecom
        .submit("zhangwei", &forms::corrected(evening()))
        .unwrap();
    office.hears("zhangwei", &sp_no).await;
    office.wecom.settle(PATIENCE).await.unwrap();
    office.stop_bot().await;
    office.start_bot().await;
    office.wecom.set_callback_faults(CallbackFaults::default());
    let next = office
        .wecom
        .submit("zhouyang", &forms::corrected(evening()))
        .unwrap();
    office.hears("zhouyang", &next).await;
    assert_eq!(office.count("zhangwei", &sp_no), 1);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_callbacks_of_one_form_out_of_order_end_in_the_same_state() {
    let office = Office::open().await;
    office.wecom.set_callback_faults(CallbackFaults {
        hold: true,
        ..CallbackFaults::default()
    });
    let sp_no = office
        .wecom
        .submit("zhangwei", &forms::corrected(evening()))
        .unwrap();
    for approver in ["liqiang", "sunli", "zhaolei"] {
        office.wecom.approve(&sp_no, approver).unwrap();
    }
    office.wecom.set_callback_faults(CallbackFaults::default());
    assert_eq!(office.wecom.release_callbacks(&ReleaseOrder::Reversed), 4);
    let token = office.token("read");
    office
        .change(&sp_no, &token, |change| change["stage"] == "approved")
        .await;
    office.hears("zhangwei", &sp_no).await;
    office.sees("machao", &[card::START, &sp_no]).await;
    assert_eq!(office.count("zhangwei", &sp_no), 1);
    for approver in ["liqiang", "sunli", "zhaolei"] {
        assert!(
            !office.has(approver, "轮到你审批"),
            "{approver} has signed already"
        );
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_callback_damaged_on_its_way_is_refused_and_its_form_is_found_all_the_same() {
    let office = Office::open_reconciling().await;
    office.wecom.set_callback_faults(CallbackFaults {
        corrupt_next: 1,
        ..CallbackFaults::default()
    });
    let sp_no = office
        .wecom
        .submit("zhangwei", &forms::corrected(evening()))
        .unwrap();
    office.hears("zhangwei", &sp_no).await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_of_another_template_is_recorded_as_not_applicable_and_told_to_nobody() {
    let office = Office::open().await;
    let draft = Draft {
        applicant: "zhangwei".to_owned(),
        template_id: Some("LEAVE".to_owned()),
        contents: Vec::new(),
        nodes: None,
    };
    let sp_no = office.wecom.submit_draft(draft);
    let token = office.token("read");
    office
        .change(&sp_no, &token, |change| change["verdict"] == "not_applicable")
        .await;
    assert!(office.wecom.messages().is_empty());
    assert!(office.wecom.calls("oa/getapprovaldetail").is_empty());
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_callback_of_ours_is_refused_by_the_check_that_it_fails() {
    let office = Office::open().await;
    let url = |query: &str| office.bot_url(&format!("/wecom/callback{query}"));
    let signed = "?msg_signature=0000000000000000000000000000000000000000&timestamp=1&nonce=2";
    let envelope = "<xml><Encrypt><![CDATA[AAAA]]></Encrypt></xml>".to_owned();
    for (query, body, status, word) in [
        ("", envelope.clone(), 400, "parameters"),
        (signed, "{\"Encrypt\":\"AAAA\"}".to_owned(), 400, "envelope"),
        (signed, envelope, 401, "signature"),
        (signed, "x".repeat(64 * 1024), 400, "envelope"),
        (signed, "x".repeat(64 * 1024 + 1), 413, "too_large"),
    ] {
        let answer = office.http.post(url(query)).body(body).send().await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), answer.text().await.unwrap().as_str()),
            (status, word)
        );
    }
    let answer = office
        .http
        .get(url(&format!("{signed}&echostr=AAAA")))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 401);
    office.close().await;
}
