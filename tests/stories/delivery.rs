//! WeCom failing while messages are on their way.

use changegate_simulator::{Fault, FaultKind, forms};

use crate::office::{Office, evening};

/// Lets a call fail some times, moves the clock over every wait, and tells how often the message came.
async fn messages_despite(path: &str, kind: FaultKind) -> usize {
    let office = Office::open().await;
    office.wecom.fault(Fault::new(path, kind).times(2));
    let sp_no = office
        .wecom
        .submit("zhangwei", &forms::corrected(evening()))
        .unwrap();
    office.as_time_flies(office.calls_reach(path, 3)).await;
    // The third call may have been of another message; this one's pause passes, too.
    office.as_time_flies(office.hears("zhangwei", &sp_no)).await;
    // Reminders come, too, while time flies.
    let count = office.times("zhangwei", "**变更申请合规");
    office.close().await;
    count
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_wecom_delays_a_message_and_does_not_double_it() {
    assert_eq!(
        messages_despite("message/send", FaultKind::Errcode { errcode: -1 }).await,
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_token_is_renewed_once_and_the_message_comes() {
    assert_eq!(
        messages_despite("message/send", FaultKind::Errcode { errcode: 42001 }).await,
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frequency_limit_delays_a_message() {
    assert_eq!(
        messages_despite("message/send", FaultKind::Errcode { errcode: 45009 }).await,
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_gateway_delays_a_message() {
    assert_eq!(
        messages_despite("message/send", FaultKind::Status { status: 502 }).await,
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn garbage_for_an_answer_delays_a_message() {
    assert_eq!(messages_despite("message/send", FaultKind::Garbage).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_whose_answer_was_lost_is_sent_again_and_shown_once() {
    assert_eq!(messages_despite("message/send", FaultKind::LostAnswer).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_cannot_be_fetched_stays_in_the_inbox_until_it_can() {
    assert_eq!(
        messages_despite("oa/getapprovaldetail", FaultKind::Status { status: 500 }).await,
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_members_failure_holds_up_nobody_else() {
    let office = Office::open().await;
    office.wecom.fault(
        Fault::new("message/send", FaultKind::Errcode { errcode: -1 })
            .times(100)
            .for_member("liqiang"),
    );
    let sp_no = office
        .wecom
        .submit("zhangwei", &forms::faulty(evening()))
        .unwrap();
    office.hears("zhangwei", &sp_no).await;
    office.hears("zhaolei", &sp_no).await;
    assert_eq!(office.count("liqiang", &sp_no), 0);
    office.close().await;
}
