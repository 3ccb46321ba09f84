//! Reminders that people can live with.

use changegate_simulator::MemberState;
use serde_json::Value;

use crate::office::{Office, evening};
use crate::people::{another_form, card, plain_form};

/// Whether the reminder to sign is on its way.
fn reminded_approver(change: &Value) -> bool {
    let timeline = change["timeline"].as_array().unwrap();
    let mut told = timeline.iter().filter(|entry| entry["what"] == "told");
    told.any(|entry| entry["detail"]["notice"] == "reminder" && entry["detail"]["duty"] == "sign")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approver_is_reminded_after_half_an_hour_then_the_applicant_then_the_operations_lead() {
    let office = Office::open().await;
    let sp_no = office.prepared().await;
    office.it_is("2026-11-24 10:59");
    let first = office
        .as_time_passes(office.reads("liqiang", "第 1 次提醒，共 3 次"))
        .await;
    assert!(first.contains("请在企业微信“审批”中签署或退回"), "{first}");
    assert!(first.contains("30 分钟后提醒张伟"), "{first}");
    office
        .as_time_passes(office.reads("liqiang", "第 2 次提醒，共 3 次"))
        .await;
    let above = office
        .as_time_passes(office.reads("zhangwei", "请督促 李强 完成：审批"))
        .await;
    assert!(above.contains("第 2 次提醒，共 3 次"), "{above}");
    let above = office
        .as_time_passes(office.reads("zhaolei", "请督促 李强 完成：审批"))
        .await;
    assert!(above.contains("第 3 次提醒，共 3 次，不再提醒"), "{above}");
    office.wecom.approve(&sp_no, "liqiang").unwrap();
    office.reads("sunli", "轮到你审批").await;
    office.reads("liqiang", "无需操作：审批已完成").await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_knows_is_reminded_no_more() {
    let office = Office::open().await;
    office.prepared().await;
    office.it_is("2026-11-24 10:59");
    office
        .as_time_passes(office.reads("liqiang", "第 1 次提醒，共 3 次"))
        .await;
    office
        .presses("liqiang", "请在企业微信“审批”中签署或退回", "已知晓")
        .await;
    office.reads("liqiang", "“审批”不再提醒你。").await;
    office
        .as_time_passes(office.reads("zhangwei", "请督促 李强 完成：审批"))
        .await;
    assert!(!office.has("liqiang", "第 2 次提醒"));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_reminders_of_one_minute_are_one_message() {
    let office = Office::open().await;
    let mut numbers = Vec::new();
    for number in 0..3 {
        let form = another_form(evening(), number);
        numbers.push(office.wecom.submit("zhangwei", &form).unwrap());
    }
    for sp_no in &numbers {
        office.sees("liqiang", &["开发组长请核对", sp_no]).await;
    }
    office.it_is("2026-11-24 11:03");
    let token = office.token("read");
    for sp_no in &numbers {
        office.change(sp_no, &token, reminded_approver).await;
    }
    office.it_is("2026-11-24 11:05");
    let digest = office.reads("liqiang", "项待办，请逐项处理").await;
    assert!(digest.starts_with("**你有 3 项待办，请逐项处理**"), "{digest}");
    for sp_no in &numbers {
        assert!(digest.contains(sp_no.as_str()), "{digest}");
    }
    assert!(!office.has("liqiang", "第 1 次提醒"), "they came as one");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_more_than_thirty_messages_a_minute_and_none_is_lost() {
    let office = Office::open().await;
    let numbers: Vec<String> = (0..14)
        .map(|number| {
            let form = another_form(evening(), number);
            office.wecom.submit("zhangwei", &form).unwrap()
        })
        .collect();
    // A verdict and a duty for each.
    let last = async {
        for sp_no in &numbers {
            office.sees("zhangwei", &["**变更申请", sp_no]).await;
            office.sees("zhangwei", &["请备好回退方案", sp_no]).await;
        }
    };
    office.as_time_passes(last).await;
    let mut at: Vec<_> = office
        .wecom
        .messages_to("zhangwei")
        .iter()
        .inspect(|message| assert!(message.dropped.is_empty()))
        .map(|message| message.at)
        .collect();
    at.sort();
    assert!(
        at.windows(31)
            .all(|span| span[30] - span[0] >= chrono::TimeDelta::minutes(1)),
        "{at:?}"
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_cannot_be_reached_is_stood_in_for_and_the_administrators_know() {
    let office = Office::open().await;
    office.wecom.set_member_state("wangfang", MemberState::Invalid);
    let sp_no = office.wecom.submit("zhangwei", &plain_form(evening())).unwrap();
    let told = office
        .sees("yexin", &["**有消息未能送达，请人工转告 王芳**", &sp_no])
        .await;
    assert!(told.text.contains("请完成回归测试并点“已完成”"), "{}", told.text);
    let next = office
        .sees("liqiang", &["**请代 王芳 处理，对方无法接收消息**", &sp_no])
        .await;
    assert!(
        next.text.contains("不在应用可见范围内，或已离职"),
        "{}",
        next.text
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verification_that_does_not_come_is_asked_for_again_and_then_by_the_lead() {
    let office = Office::open().await;
    office.executed(&plain_form(evening())).await;
    office.it_is("2026-11-24 17:29");
    let again = office
        .as_time_passes(office.sees("chenjing", &["第 1 次提醒，共 3 次", card::VERIFY]))
        .await;
    assert!(again.text.contains("30 分钟后提醒李强"), "{}", again.text);
    let above = office
        .as_time_passes(office.reads("liqiang", "请督促 陈静 完成：生产验证"))
        .await;
    assert!(above.contains("第 2 次提醒，共 3 次"), "{above}");
    office
        .presses("chenjing", "第 2 次提醒，共 3 次", "验证通过")
        .await;
    office.reads("chenjing", "确认验证通过").await;
    office.close().await;
}
