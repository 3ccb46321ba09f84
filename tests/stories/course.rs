//! A change from its form to its end, with everything going well.

use crate::office::{Office, Setup, evening, shanghai};
use crate::people::{card, plain_form};

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_prepared_signed_carried_out_verified_and_closed() {
    let office = Office::open().await;
    let sp_no = office.wecom.submit("zhangwei", &plain_form(evening())).unwrap();
    let prepared = "已完成";
    office
        .presses("wangfang", "请完成回归测试并点“已完成”", prepared)
        .await;
    office.reads("wangfang", "王芳 已于 10:30 确认回归测试完成").await;
    let turn = office.reads("liqiang", "轮到你审批").await;
    assert!(
        turn.starts_with("**轮到你审批：没有不合规项，请核对后签署**"),
        "{turn}"
    );
    assert!(turn.contains("开发组长请核对：SIT 测试与验收已通过"), "{turn}");
    assert!(turn.contains("回退方案确认（张伟）"), "{turn}");
    office
        .presses("zhangwei", "请备好回退方案并点“已完成”", prepared)
        .await;
    office
        .presses("chenjing", "请备好生产验证数据、账号并点“已完成”", prepared)
        .await;
    office
        .reads("chenjing", "陈静 已于 10:30 确认验证数据、账号已备好")
        .await;
    office.wecom.approve(&sp_no, "liqiang").unwrap();
    let turn = office.reads("sunli", "轮到你审批").await;
    assert!(turn.contains("测试组长请核对：功能测试完成"), "{turn}");
    assert!(!turn.contains("尚缺"), "{turn}");
    office.wecom.approve(&sp_no, "sunli").unwrap();
    let turn = office.reads("zhaolei", "轮到你审批").await;
    assert!(turn.contains("运维负责人请核对：流程是否规范"), "{turn}");
    office.wecom.approve(&sp_no, "zhaolei").unwrap();

    let start = office.reads("machao", card::START).await;
    assert!(start.contains("窗口：11月24日（周二）16:30–21:00"), "{start}");
    assert!(
        start.contains("回退：如异常，将 quote-gateway 镜像回滚至 v2"),
        "{start}"
    );
    office.it_is("2026-11-24 17:00");
    office.presses("machao", card::START, "开始执行").await;
    office.reads("machao", "马超 已于 17:00 开始执行").await;
    office.presses("qianhao", card::FINISH, "执行完成").await;
    let executed = office.reads("zhangwei", "变更已执行，请现在跟进生产验证").await;
    assert!(executed.contains("留守：陈静、王芳、张伟"), "{executed}");
    office.presses("chenjing", card::VERIFY, "验证通过").await;
    office.reads("chenjing", "陈静 已于 17:00 确认验证通过").await;
    assert!(!office.has("zhangwei", "可以离岗"), "the tester has not answered");
    office.presses("wangfang", card::WATCH, "无异常反馈").await;
    for stayed in ["zhangwei", "chenjing", "wangfang"] {
        office.reads(stayed, "**验证已全部完成，可以离岗**").await;
    }
    let token = office.token("read");
    let change = office
        .change(&sp_no, &token, |change| change["stage"] == "closed")
        .await;
    let stages: Vec<&str> = change["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["what"] == "stage")
        .map(|entry| entry["detail"]["text"].as_str().unwrap())
        .collect();
    assert_eq!(
        stages,
        [
            "已提交 → 审批中",
            "审批中 → 已通过",
            "已通过 → 执行中",
            "执行中 → 验证中",
            "验证中 → 已结束（成功）"
        ]
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_holds_the_card_of_a_colleague_that_acted_sees_the_result_once_it_was_pressed() {
    let office = Office::open().await;
    let sp_no = office.approved(&plain_form(evening())).await;
    office.it_is("2026-11-24 17:00");
    let colleagues = office.sees("qianhao", &[card::START, &sp_no]).await;
    office.presses("machao", card::START, "开始执行").await;
    office.reads("machao", "马超 已于 17:00 开始执行").await;
    office
        .sees("qianhao", &["马超 已于 17:00 开始执行", &sp_no])
        .await;
    let now = office.wecom.messages_of("qianhao");
    let same = now.iter().find(|seen| seen.id == colleagues.id).unwrap();
    assert!(
        same.replaced && same.button("开始执行").is_none(),
        "{}",
        same.text
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn outside_the_window_the_development_lead_is_asked_before_anybody_starts() {
    let office = Setup::plain().with_pages().open().await;
    let sp_no = office.approved(&plain_form(evening())).await;
    office.it_is("2026-11-24 15:30");
    office.presses("machao", card::START, "开始执行").await;
    let refused = office
        .reads("machao", "现不在变更窗口，请等待开发组长确认后再开始")
        .await;
    assert!(refused.contains("已请 李强 确认窗口外执行（八.1）"), "{refused}");
    let asked = office
        .presses("liqiang", "请决定：可否在窗口外执行", "同意窗口外执行")
        .await;
    assert!(
        asked
            .text
            .contains("超过变更时间窗口，须经开发组长确认后方可发布（八.1）"),
        "{}",
        asked.text
    );
    office.reads("qianhao", "**已同意窗口外执行，可以开始**").await;
    let start = office
        .presses("machao", "李强 已于 15:30 同意窗口外执行", "开始执行")
        .await;
    assert!(start.text.contains(card::START), "{}", start.text);
    office.sees("machao", &[card::FINISH, &sp_no]).await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_lead_says_no_nobody_starts() {
    let office = Office::open().await;
    office.approved(&plain_form(evening())).await;
    office.it_is("2026-11-24 15:30");
    office.presses("machao", card::START, "开始执行").await;
    office
        .presses("liqiang", "请决定：可否在窗口外执行", "不同意")
        .await;
    let told = office.reads("machao", "未同意窗口外执行").await;
    assert!(told.contains("请勿开始，另行改期"), "{told}");
    assert!(!office.has("machao", card::FINISH));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn permissions_of_the_middle_platform_are_set_before_a_change_ends() {
    let office = Office::open().await;
    let mut form = plain_form(evening());
    form.middle_platform = "行情中台：自选股分组接口 /quote/group".to_owned();
    form.files
        .push(changegate_simulator::FormFile::new("权限配置登记表.xlsx", b"PK"));
    let sp_no = office.executed(&form).await;
    office.presses("chenjing", card::VERIFY, "验证通过").await;
    office.presses("wangfang", card::WATCH, "无异常反馈").await;
    office.reads("wangfang", "王芳 已于 17:00 确认无异常反馈").await;
    assert!(!office.has("wangfang", "可以离岗"));
    let asked = office
        .presses("tangyu", "变更已执行，请现在配置中台权限", "权限已配置")
        .await;
    assert!(asked.text.contains("行情中台：自选股分组接口"), "{}", asked.text);
    office.reads("tangyu", "**验证已全部完成，可以离岗**").await;
    office.reads("wangfang", &sp_no).await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_policy_says_so_the_executors_own_node_records_the_execution() {
    let node = changegate_simulator::FlowNode {
        label: "运维执行".to_owned(),
        kind: changegate_simulator::NodeKind::Handler,
        mode: changegate_simulator::SignMode::Any,
        members: vec!["machao".to_owned()],
        only_urgent: false,
        only_department: None,
    };
    let office = Setup::plain()
        .policy("recorded_by = \"button\"", "recorded_by = \"approval_node\"")
        .with_node(node)
        .open()
        .await;
    let sp_no = office.approved(&plain_form(evening())).await;
    office.it_is("2026-11-24 17:00");
    office.presses("machao", card::START, "开始执行").await;
    office.presses("machao", card::FINISH, "执行完成").await;
    office
        .reads("machao", "请在企业微信审批中办理执行节点，办理后自动记录执行完成")
        .await;
    office.wecom.approve(&sp_no, "machao").unwrap();
    office.sees("chenjing", &[card::VERIFY, &sp_no]).await;
    office
        .sees("zhangwei", &["变更已执行，请现在跟进生产验证", &sp_no])
        .await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_that_is_withdrawn_after_the_start_is_reported_and_the_change_goes_on() {
    let office = Office::open().await;
    let sp_no = office.executed(&plain_form(evening())).await;
    let withdraw = changegate_simulator::Action::WithdrawAfterPass;
    office.wecom.act(&sp_no, "zhangwei", &withdraw).unwrap();
    let told = office
        .reads("zhaolei", "**审批在变更开始执行后被撤销，请核实并处理**")
        .await;
    assert!(told.contains("变更现为：验证中（不随撤销改变）"), "{told}");
    office.presses("chenjing", card::VERIFY, "验证通过").await;
    office.presses("wangfang", card::WATCH, "无异常反馈").await;
    office.reads("zhangwei", "可以离岗").await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_nobody_carries_out_is_closed_after_a_week() {
    let office = Office::open().await;
    let sp_no = office.approved(&plain_form(evening())).await;
    office.it_is("2026-12-02 12:00");
    for who in ["zhangwei", "zhaolei"] {
        office.reads(who, "**变更多日未执行，流程已按过期关闭").await;
    }
    let token = office.token("read");
    office
        .change(&sp_no, &token, |change| change["stage"] == "expired")
        .await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_moved_to_another_day_and_everybody_hears_of_it() {
    let office = Setup::plain().with_pages().open().await;
    let sp_no = office.approved(&plain_form(evening())).await;
    let start = office.sees("machao", &[card::START, &sp_no]).await;
    let link = &start.button("改期").unwrap().url;
    let page = office.opens("machao", link).await;
    let filled = [
        ("note", "与张伟商定，等待上游发布"),
        ("from", "2026-11-26T17:00"),
        ("until", "2026-11-26T18:00"),
    ];
    let after = office.fills_in("machao", &page, "reschedule", &filled).await;
    assert!(after.body.contains("改期"), "{}", after.body);
    for who in ["zhangwei", "liqiang", "qianhao"] {
        let told = office.reads(who, "**变更已改期，请按新的时间准备**").await;
        assert!(told.contains("11月26日（周四）17:00–18:00"), "{told}");
        assert!(told.contains("改期人：马超"), "{told}");
    }
    let token = office.token("read");
    let planned = |change: &serde_json::Value| {
        change["planned_from"]
            .as_str()
            .and_then(|at| at.parse::<chrono::DateTime<chrono::Utc>>().ok())
            == Some(shanghai("2026-11-26 17:00"))
    };
    office.change(&sp_no, &token, planned).await;
    office.close().await;
}
