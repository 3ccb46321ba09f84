//! What no callback told.

use changegate_simulator::{CallbackFaults, forms};

use crate::office::{Office, evening};

#[tokio::test(flavor = "multi_thread")]
async fn a_form_whose_callback_was_dropped_is_found() {
    let office = Office::open_reconciling().await;
    office.wecom.set_callback_faults(CallbackFaults {
        drop_next: 1,
        ..CallbackFaults::default()
    });
    let sp_no = office
        .wecom
        .submit("zhangwei", &forms::corrected(evening()))
        .unwrap();
    office.hears("zhangwei", &sp_no).await;
    let token = office.token("read");
    let (_, ledger) = office.get("/api/v1/ledger", &token).await;
    assert_eq!(ledger["events"]["by_callback"], 0);
    assert_eq!(ledger["reconciliation"]["missing"], 0);
    assert_eq!(office.count("zhangwei", &sp_no), 1);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_whose_callback_was_dropped_is_seen_by_the_next_fresh_look() {
    let office = Office::open_reconciling().await;
    let sp_no = office
        .wecom
        .submit("zhangwei", &forms::faulty(evening()))
        .unwrap();
    office.hears("liqiang", &sp_no).await;
    office.wecom.set_callback_faults(CallbackFaults {
        drop_next: 1,
        ..CallbackFaults::default()
    });
    office.wecom.approve(&sp_no, "liqiang").unwrap();
    office.hears("sunli", &sp_no).await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_filed_while_the_bot_was_down_are_found_at_its_start() {
    let mut office = Office::open().await;
    office.stop_bot().await;
    office.wecom.set_callback_url(None);
    let sp_no = office
        .wecom
        .submit("zhangwei", &forms::faulty(evening()))
        .unwrap();
    office.start_bot().await;
    office.hears("zhangwei", &sp_no).await;
    office.close().await;
}
