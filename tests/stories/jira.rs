//! What JIRA says of the issues on a form, when it says something else, and when it says nothing.

use changegate_simulator::{Action, Fault, FaultKind, Form, NewIssue, cast};

use crate::office::{Office, Setup, shanghai};
use crate::papers::form_of;

/// A feature of the quotation team that waits for its product manager.
const GROUPS: (&str, &str) = ("自选股分组", "QUOTE-3001");
/// One that was accepted the day before.
const DEPTH: (&str, &str) = ("港股十档行情", "QUOTE-1024");

/// With a JIRA that tells of every change, and an issue in UAT.
async fn with_an_issue_in_uat() -> Office {
    let office = Setup::plain().with_jira_hook().open().await;
    let issue = NewIssue::new(GROUPS.1, "自选股分组功能").at("UAT 验收");
    office.wecom.create_issue(issue).unwrap();
    office
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issue_that_jira_does_not_have_is_named_with_what_to_do() {
    let office = Setup::plain().with_jira().open().await;
    let form = form_of(&[DEPTH, ("行情快照", "QUOTE-4040")]);
    office.wecom.submit("zhangwei", &form).unwrap();
    let told = office.reads("zhangwei", "变更申请不合规").await;
    assert!(told.contains("1 项不合规"), "{told}");
    assert!(
        told.contains("JIRA 中没有这些单（或无权查看）：第 2 项的 QUOTE-4040；请核对单号，改为对应功能的 JIRA 单后重新发起"),
        "{told}"
    );
    office
        .reads("liqiang", "**签署前请注意：该变更有 1 项不合规，建议退回**")
        .await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn once_the_product_manager_moves_the_issue_everybody_who_was_warned_hears_of_it() {
    let office = with_an_issue_in_uat().await;
    let sp_no = office.wecom.submit("zhangwei", &form_of(&[GROUPS])).unwrap();
    let told = office.reads("zhangwei", "变更申请不合规").await;
    assert!(
        told.contains("第 1 项 QUOTE-3001 目前是“UAT 验收”，尚未验收；请产品经理完成 UAT 验收，并在 JIRA 中由“UAT 验收”变更至“待上线”（正常变更须在发起前一天完成）"),
        "{told}"
    );
    office
        .reads("liqiang", "**签署前请注意：该变更有 1 项不合规，建议退回**")
        .await;
    office
        .reads("zhaolei", "**有变更不合规（1 项），请跟进退回修改**")
        .await;
    let yesterday = shanghai("2026-11-23 18:20");
    office
        .wecom
        .move_issue_at(GROUPS.1, "待上线", "chenjing", yesterday)
        .unwrap();
    let told = office
        .reads("zhangwei", "**检查结果有更新：变更申请已合规，请等待审批**")
        .await;
    assert!(told.contains("已解决 1 项") && told.contains(&sp_no), "{told}");
    for who in ["liqiang", "zhaolei"] {
        office
            .reads(who, "**此前提醒的问题已解决，可按正常流程处理**")
            .await;
    }
    let token = office.token("read");
    let change = office
        .change(&sp_no, &token, |change| change["verdict"] == "compliant")
        .await;
    let evidence = change.to_string();
    assert!(
        evidence.contains("QUOTE-3001：2026-11-23 18:20:00 陈静（chenjing）将“UAT 验收”变更至“待上线”"),
        "{evidence}"
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_acceptance_of_the_same_day_is_too_late_and_the_next_start_is_named() {
    let office = with_an_issue_in_uat().await;
    office.wecom.submit("zhangwei", &form_of(&[GROUPS])).unwrap();
    office.reads("zhangwei", "尚未验收").await;
    office.wecom.move_issue(GROUPS.1, "待上线", "chenjing").unwrap();
    let told = office
        .reads(
            "zhangwei",
            "**检查结果有更新：变更申请不合规，请撤销后按下文修改再提交**",
        )
        .await;
    assert!(told.contains("陈静于 11月24日 10:30 才变更至“待上线”"), "{told}");
    assert!(
        told.contains(
            "正常变更须由产品经理在发起前一天（11月23日（周一）及以前）完成验收，请撤回后在 11月26日（周四）"
        ),
        "{told}"
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emergency_that_is_accepted_after_filing_is_left_to_its_approvers() {
    let office = with_an_issue_in_uat().await;
    let form = Form {
        urgency: "紧急".to_owned(),
        planned_time: Some(shanghai("2026-11-24 13:30")),
        ..form_of(&[GROUPS])
    };
    office.wecom.submit("zhangwei", &form).unwrap();
    let told = office.reads("zhangwei", "变更申请不合规").await;
    assert!(
        told.contains("变更至“待上线”") && !told.contains("发起前一天"),
        "{told}"
    );
    office.it_is("2026-11-24 10:40");
    office.wecom.move_issue(GROUPS.1, "待上线", "chenjing").unwrap();
    office
        .presses("zhangwei", "请发送紧急发版申请邮件", "已发送")
        .await;
    let told = office
        .reads("zhangwei", "**检查结果有更新：没有不合规项，以下建议不影响审批**")
        .await;
    assert!(
        told.contains("紧急变更应在 UAT 验收通过或者问题修复后发起（六），请审批人知悉"),
        "{told}"
    );
    let warned = office.reads("liqiang", "**签署前请注意：没有不合规项").await;
    assert!(warned.contains("请审批人知悉"), "{warned}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issue_that_is_moved_back_turns_a_compliant_form_into_a_rejected_one() {
    let office = Setup::plain().with_jira_hook().open().await;
    office.wecom.submit("zhangwei", &form_of(&[DEPTH])).unwrap();
    office.reads("zhangwei", "**变更申请合规，请等待审批**").await;
    office
        .reads("liqiang", "**轮到你审批：没有不合规项，请核对后签署**")
        .await;
    office.wecom.move_issue(DEPTH.1, "UAT 验收", "chenjing").unwrap();
    let told = office.reads("zhangwei", "检查结果有更新：变更申请不合规").await;
    assert!(
        told.contains(
            "第 1 项 QUOTE-1024 验收后又于 11月24日 10:30 由陈静从“待上线”退回“UAT 验收”，目前是“UAT 验收”"
        ),
        "{told}"
    );
    office
        .reads("liqiang", "**签署前请注意：该变更有 1 项不合规，建议退回**")
        .await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_jira_answers_nonsense_people_are_told_once_and_once_more_when_it_is_back() {
    let office = Setup::plain()
        .without_approval_reminders()
        .with_jira()
        .open()
        .await;
    office.wecom.fault(Fault::new("jira/*", FaultKind::Garbage));
    office.wecom.submit("zhangwei", &form_of(&[DEPTH])).unwrap();
    let told = office
        .reads("zhangwei", "**变更申请已受理，暂无需操作，核对完成后另行通知**")
        .await;
    assert!(
        told.contains("JIRA 单 QUOTE-1024 的数据未取得：JIRA 返回了无法识别的内容（可能是登录页）"),
        "{told}"
    );
    let turn = office.reads("liqiang", "轮到你审批：尚有").await;
    assert!(turn.contains("请稍候再签署"), "{turn}");
    office.is_looked_at_again(3).await;
    assert_eq!(
        office.times("zhangwei", "尚在核对"),
        1,
        "{}",
        office.wecom.conversation()
    );
    office.wecom.clear_faults();
    office
        .as_time_passes(office.reads("zhangwei", "**检查结果有更新：变更申请已合规，请等待审批**"))
        .await;
    assert_eq!(office.times("zhangwei", "检查结果有更新"), 1);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_jira_that_hangs_holds_up_nobody_but_those_who_need_it() {
    let office = Setup::plain().with_jira().open().await;
    office
        .wecom
        .fault(Fault::new("jira/*", FaultKind::Hang { seconds: 600 }));
    let waits = office.wecom.submit("zhangwei", &form_of(&[DEPTH])).unwrap();
    office.calls_reach("jira/search", 1).await;
    let form = Form {
        description: "无".to_owned(),
        ..form_of(&[GROUPS])
    };
    let other = office.wecom.submit("zhouyang", &form).unwrap();
    let told = office.hears("zhouyang", &other).await;
    assert!(told.contains("变更申请不合规"), "{told}");
    let told = office.hears("zhangwei", &waits).await;
    assert!(
        told.contains("变更申请已受理，暂无需操作") && told.contains("未答复"),
        "{told}"
    );
    let place = |sp_no: &str| {
        let messages = office.wecom.messages();
        messages
            .iter()
            .position(|message| message.text().contains(sp_no))
            .unwrap()
    };
    assert!(place(&other) < place(&waits), "{}", office.wecom.conversation());
    for callback in office.wecom.callbacks() {
        let deliveries: Vec<_> = callback
            .deliveries
            .iter()
            .map(|delivery| delivery.status)
            .collect();
        assert_eq!(deliveries, [Some(200)], "{}", callback.event);
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_coupled_issue_that_is_left_behind_is_pointed_out_before_anybody_signs() {
    let office = Setup::plain().with_jira().open().await;
    office
        .wecom
        .link_issue(DEPTH.1, "耦合", "TRADE-1041", "chenjing")
        .unwrap();
    office.wecom.submit("zhangwei", &form_of(&[DEPTH])).unwrap();
    let told = office
        .reads("zhangwei", "**变更申请已受理，以下建议供改进，不影响审批**")
        .await;
    assert!(
        told.contains("第 1 项 QUOTE-1024（耦合）TRADE-1041，目前是“开发中”"),
        "{told}"
    );
    assert!(
        told.contains("请一并列入本次变更，或在“关联审批单”中附上其流程，或等其上线后再发起"),
        "{told}"
    );
    office
        .reads(
            "liqiang",
            "**签署前请注意：没有不合规项，有 1 项建议改进，可正常审批**",
        )
        .await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issue_with_a_component_of_another_team_needs_the_other_flow_or_the_list() {
    let trade = "jira_projects = [\"TRADE\"]";
    let directory = cast::directory_toml("directory")
        .replace(trade, &format!("{trade}\njira_components = [\"交易推送\"]"));
    let office = Setup::plain().directory(&directory).with_jira().open().await;
    office
        .wecom
        .set_issue_components(DEPTH.1, &["交易 推送"], "chenjing")
        .unwrap();
    let form = Form {
        files: Vec::new(),
        ..form_of(&[DEPTH])
    };
    let first = office.wecom.submit("zhangwei", &form).unwrap();
    let told = office.reads("zhangwei", "变更申请不合规").await;
    assert!(
        told.contains("本次 JIRA 单分属多个小组（交易组、行情组），请在“关联审批单”中附上其他小组的流程，或在“附件”中附上变更计划清单"),
        "{told}"
    );
    office.wecom.act(&first, "zhangwei", &Action::Withdraw).unwrap();
    office.reads("liqiang", "变更已撤销").await;
    let second = office.wecom.submit("zhangwei", &form_of(&[DEPTH])).unwrap();
    let told = office.hears("zhangwei", &second).await;
    assert!(told.contains("变更申请合规，请等待审批"), "{told}");
    office.close().await;
}
