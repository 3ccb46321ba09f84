//! When something is wrong after a change (十), and what becomes of an incident.

use base64::Engine as _;
use changegate_simulator::Channel;
use serde_json::Value;

use crate::office::{Office, PATIENCE, Setup, evening};
use crate::people::{card, plain_form};

impl Office {
    /// Waits until the feedback group read the part.
    async fn group_reads(&self, part: &str) -> String {
        let group = Channel::Chat("feedback".to_owned());
        let read = self
            .wecom
            .wait_messages(
                "the feedback group to read it",
                |messages| {
                    messages
                        .iter()
                        .any(|message| message.channel == group && message.text().contains(part))
                },
                PATIENCE,
            )
            .await;
        let read = read.unwrap_or_else(|error| panic!("{error}"));
        let message = read.iter().rev();
        let mut message = message.filter(|message| message.channel == group);
        message
            .find(|message| message.text().contains(part))
            .unwrap()
            .text()
    }

    async fn closes_as(&self, sp_no: &str, outcome: &str) {
        let token = self.token("read");
        let change = self
            .change(sp_no, &token, |change| change["stage"] == "closed")
            .await;
        let timeline = change["timeline"].as_array().unwrap();
        let last = timeline
            .iter()
            .rev()
            .find(|entry| entry["what"] == "stage")
            .unwrap();
        assert_eq!(last["detail"]["outcome"], outcome, "{last}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_anomaly_that_is_not_solved_in_time_is_rolled_back_and_the_old_function_confirmed() {
    let office = Setup::plain().with_feedback_group().open().await;
    let sp_no = office.executed(&plain_form(evening())).await;
    office.presses("wangfang", card::WATCH, "发现异常").await;
    let reported = office.reads("wangfang", "王芳 已于 17:00 报告异常").await;
    assert!(reported.contains("补充现象、标记生产事故"), "{reported}");
    let handle = office.reads("liqiang", card::HANDLE).await;
    assert!(handle.contains("报告人：王芳"), "{handle}");
    assert!(handle.contains("分钟后须执行回退（十.1）"), "{handle}");
    office.reads("machao", card::HANDLE).await;
    let told = office.reads("chenjing", "变更出现异常，请留意反馈群").await;
    assert!(told.contains("对外口径：尚未填写"), "{told}");
    office.it_is("2026-11-24 17:17");
    let roll_back = office.presses("machao", card::ROLL_BACK, "回退完成").await;
    assert!(
        roll_back
            .text
            .contains("回退：如异常，将 quote-gateway 镜像回滚至"),
        "{}",
        roll_back.text
    );
    office.presses("zhangwei", card::RESTORED, "原功能正常").await;
    office.reads("zhangwei", "张伟 已于 17:17 确认原功能正常").await;
    assert!(!office.has("zhangwei", "可以离岗"), "the tester has not answered");
    office.presses("wangfang", card::RESTORED, "原功能正常").await;
    let told = office.group_reads("【功能已恢复】").await;
    assert!(told.contains("行情系统自选股分组功能上线变更"), "{told}");
    office.closes_as(&sp_no, "rolled_back").await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_anomaly_that_is_mended_ends_once_product_and_test_say_so() {
    let office = Setup::plain().with_feedback_group().open().await;
    let sp_no = office.executed(&plain_form(evening())).await;
    office.presses("chenjing", card::VERIFY, "发现异常").await;
    office.presses("liqiang", card::HANDLE, "开始处理").await;
    office.reads("machao", "李强 已于 17:00 开始处理异常").await;
    office
        .presses("liqiang", "请尽快修复，限时内不能解决请回退", "已修复")
        .await;
    office
        .presses("chenjing", "已修复，请确认功能正常", "功能正常")
        .await;
    office
        .presses("wangfang", "已修复，请确认功能正常", "仍异常")
        .await;
    office.sees("liqiang", &[card::HANDLE, "[开始处理]"]).await;
    office.presses("liqiang", card::HANDLE, "开始处理").await;
    office
        .presses("liqiang", "请尽快修复，限时内不能解决请回退", "已修复")
        .await;
    office
        .presses("chenjing", "已修复，请确认功能正常", "功能正常")
        .await;
    office
        .presses("wangfang", "已修复，请确认功能正常", "功能正常")
        .await;
    office.group_reads("【功能已恢复】").await;
    office.reads("wangfang", "**验证已全部完成，可以离岗**").await;
    office.closes_as(&sp_no, "fixed_forward").await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_incident_calls_the_emergency_response_group_and_ends_with_a_report_by_mail() {
    let office = Setup::plain()
        .with_feedback_group()
        .with_mail()
        .with_pages()
        .open()
        .await;
    let sp_no = office.executed(&plain_form(evening())).await;
    office.presses("chenjing", card::VERIFY, "发现异常").await;
    let reported = office.sees("chenjing", &["陈静 已于 17:00 报告异常"]).await;
    let page = office.opens("chenjing", &reported.url).await;
    let what = [("note", "自选股分组打不开，约 200 名用户受影响")];
    let page = office.fills_in("chenjing", &page, "mark_incident", &what).await;
    let called = office
        .reads("guoming", "**生产事故，请立即响应：先应急，后排障**")
        .await;
    assert!(called.contains("运维值班电话：400-000-0000"), "{called}");
    assert!(
        called.contains("自选股分组打不开，约 200 名用户受影响"),
        "{called}"
    );
    office
        .reads("zhaolei", "**生产事故，请立即响应：先应急，后排障**")
        .await;
    let statement = [("note", "自选股分组暂不可用，行情与交易不受影响")];
    office
        .fills_in("chenjing", &page, "update_statement", &statement)
        .await;
    let told = office.group_reads("【统一答复口径】").await;
    assert!(told.contains("自选股分组暂不可用，行情与交易不受影响"), "{told}");
    office.presses("liqiang", card::HANDLE, "执行回退").await;
    office.presses("machao", card::ROLL_BACK, "回退完成").await;
    office.presses("zhangwei", card::RESTORED, "原功能正常").await;
    office.presses("wangfang", card::RESTORED, "原功能正常").await;
    office.closes_as(&sp_no, "rolled_back").await;

    office.it_is("2026-11-25 10:10");
    let asked = office.sees("liqiang", &["请填写生产故障报告并发送"]).await;
    assert!(
        asked.text.contains("事故编号：INC-202611240001"),
        "{}",
        asked.text
    );
    let link = &asked.button("查看并发送报告").unwrap().url;
    let duty = office.opens("liqiang", link).await;
    assert!(duty.body.contains("生产事故与报告"), "{}", duty.body);
    let incident = duty.url.join(&format!("/i/{sp_no}")).unwrap();
    let page = office.opens("liqiang", incident.as_str()).await;
    let report = [
        ("impact", "约 200 名用户无法打开自选股分组，历时 17 分钟"),
        ("cause", "配置缺少新分组的默认值"),
        ("handling", "回退镜像至 v2.8.3"),
        ("prevention", "上线清单增加配置核对"),
    ];
    let page = office.fills_in("liqiang", &page, "send_report", &report).await;
    assert!(page.body.contains("发送报告"), "{}", page.body);
    office
        .wecom
        .wait_call("exmail/app/compose_send", |_| true, PATIENCE)
        .await
        .unwrap();
    let mails = office.wecom.mails();
    let mail = &mails.first().unwrap().body;
    let addresses = |key: &str| mail[key]["emails"].as_array().unwrap().clone();
    assert_eq!(addresses("to"), ["incident-report@example.com"]);
    assert!(
        addresses("cc").contains(&Value::from("liqiang@yxzq.example")),
        "{mail}"
    );
    assert!(
        mail["subject"]
            .as_str()
            .unwrap()
            .starts_with("【生产故障报告】INC-202611240001")
    );
    let file = &mail["attachment_list"][0];
    assert_eq!(file["file_name"], "故障报告_INC-202611240001.docx");
    let bytes = base64::engine::general_purpose::STANDARD.decode(file["content"].as_str().unwrap());
    assert!(bytes.unwrap().starts_with(b"PK"), "no .docx");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_feedback_group_product_and_test_are_asked_to_tell_it() {
    let office = Office::open().await;
    office.executed(&plain_form(evening())).await;
    office.presses("chenjing", card::VERIFY, "发现异常").await;
    office.presses("machao", card::HANDLE, "执行回退").await;
    office.presses("machao", card::ROLL_BACK, "回退完成").await;
    office.presses("zhangwei", card::RESTORED, "原功能正常").await;
    office.presses("wangfang", card::RESTORED, "原功能正常").await;
    for who in ["chenjing", "wangfang"] {
        let told = office.reads(who, "请转发到问题反馈群").await;
        assert!(told.contains("【功能已恢复】请告知用户可正常使用"), "{told}");
    }
    office.close().await;
}
