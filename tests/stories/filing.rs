//! Forms that are filed again, edited, lifted by a waiver, or urgent.

use changegate_simulator::{Fault, FaultKind, Form, forms};
use serde_json::Value;

use crate::office::{Office, PATIENCE, Setup, evening};
use crate::people::plain_form;

#[tokio::test(flavor = "multi_thread")]
async fn a_form_after_a_rejected_one_is_linked_with_it_and_told_what_is_mended() {
    let office = Office::open().await;
    let first = office
        .wecom
        .submit("zhangwei", &forms::faulty(evening()))
        .unwrap();
    office.hears("zhangwei", &first).await;
    office
        .wecom
        .act(&first, "zhangwei", &changegate_simulator::Action::Withdraw)
        .unwrap();
    let token = office.token("read");
    office
        .change(&first, &token, |change| change["stage"] == "withdrawn")
        .await;
    let half = Form {
        rollback: "无".to_owned(),
        ..forms::corrected(evening())
    };
    let second = office.wecom.submit("zhangwei", &half).unwrap();
    let told = office.hears("zhangwei", &second).await;
    assert!(told.contains(&format!("已关联被退的流程 {first}")), "{told}");
    assert!(told.contains("已改好：标题格式"), "{told}");
    assert!(told.contains("仍需修改：回退方案"), "{told}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approver_who_signed_reads_what_was_changed_after_it() {
    let office = Office::open().await;
    let sp_no = office.wecom.submit("zhangwei", &plain_form(evening())).unwrap();
    office.reads("liqiang", "轮到你审批").await;
    office.wecom.approve(&sp_no, "liqiang").unwrap();
    office.reads("sunli", "轮到你审批").await;
    let edited = Form {
        images: "quote-gateway:v2.9.1".to_owned(),
        ..plain_form(evening())
    };
    office.wecom.resubmit(&sp_no, "zhangwei", &edited).unwrap();
    for who in ["liqiang", "sunli"] {
        let told = office.reads(who, "**表单在签署后被修改，请重新核对**").await;
        assert!(
            told.contains("镜像：quote-gateway:v2.9.0 → quote-gateway:v2.9.1"),
            "{told}"
        );
    }
    office.close().await;
}

/// A form of which only the title is wrong, and the page where a waiver is asked for.
pub(crate) async fn rejected_for_its_title(office: &Office) -> String {
    let form = Form {
        title: "自选股分组上线".to_owned(),
        ..plain_form(evening())
    };
    let sp_no = office.wecom.submit("zhangwei", &form).unwrap();
    office.hears("zhangwei", "变更申请不合规").await;
    let page = office
        .opens("zhangwei", &office.bot_page(&format!("/a/{sp_no}")))
        .await;
    let asked = [("rule", "title-format"), ("note", "监管报送已用此标题")];
    let page = office.fills_in("zhangwei", &page, "request_waiver", &asked).await;
    assert!(page.body.contains("申请豁免"), "{}", page.body);
    sp_no
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiver_that_is_granted_makes_the_form_compliant() {
    let office = Setup::plain().with_pages().open().await;
    let sp_no = rejected_for_its_title(&office).await;
    let asked = office
        .sees("yexin", &["请处理豁免申请", "监管报送已用此标题"])
        .await;
    let link = &asked.button("去处理").unwrap().url;
    let page = office.opens("yexin", link).await;
    let reason = [("note", "标题已报送，不宜更改")];
    office.fills_in("yexin", &page, "grant", &reason).await;
    let told = office
        .reads("zhangwei", "**豁免已同意，变更可按现状继续审批**")
        .await;
    assert!(
        told.contains("理由：标题已报送，不宜更改") && told.contains("决定人：叶欣"),
        "{told}"
    );
    office
        .reads("zhaolei", "**豁免已同意，变更可按现状继续审批**")
        .await;
    let token = office.token("read");
    office
        .change(&sp_no, &token, |change| change["verdict"] == "compliant")
        .await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiver_that_is_not_granted_leaves_the_verdict_as_it_is() {
    let office = Setup::plain().with_pages().open().await;
    let sp_no = rejected_for_its_title(&office).await;
    let asked = office.sees("yexin", &["请处理豁免申请"]).await;
    let link = &asked.button("去处理").unwrap().url;
    let stranger = office.wecom.open_link("zhouyang", link).await.unwrap();
    assert_eq!(stranger.status, 403);
    assert!(stranger.body.contains("这份变更与您无关"), "{}", stranger.body);
    let page = office.opens("yexin", link).await;
    office
        .fills_in("yexin", &page, "uphold", &[("note", "标题可以改")])
        .await;
    let told = office.reads("zhangwei", "豁免未同意").await;
    assert!(told.contains("须按检查结果修改后重新提交"), "{told}");
    let token = office.token("read");
    let change = office.change(&sp_no, &token, |_| true).await;
    assert_eq!(change["verdict"], "rejected");
    office.close().await;
}

pub(crate) fn urgent() -> Form {
    let form = plain_form(evening() + chrono::TimeDelta::hours(18));
    Form {
        urgency: "紧急".to_owned(),
        ..form
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emergency_outside_the_window_is_applied_for_by_mail() {
    let office = Setup::plain().with_mail().open().await;
    let sp_no = office.wecom.submit("zhangwei", &urgent()).unwrap();
    office
        .wecom
        .wait_call("exmail/app/compose_send", |_| true, PATIENCE)
        .await
        .unwrap();
    office.reads("liqiang", &sp_no).await;
    let mails = office.wecom.mails();
    assert_eq!(mails.len(), 1);
    let mail = &mails.first().unwrap().body;
    let addresses = |key: &str| -> Vec<&str> {
        let all = mail[key]["emails"].as_array().unwrap().iter();
        all.map(|address: &Value| address.as_str().unwrap().split('@').next().unwrap())
            .collect()
    };
    assert_eq!(addresses("to"), ["liqiang", "guoming", "zhaolei"]);
    assert_eq!(addresses("cc"), ["songjia", "chenjing", "wangfang", "zhangwei"]);
    assert_eq!(
        mail["subject"],
        format!("【紧急发版申请】行情系统自选股分组功能上线变更（{sp_no}）")
    );
    let content = mail["content"].as_str().unwrap();
    assert!(
        content.contains("自选股分组功能") && content.contains("quote-gateway 镜像回滚至"),
        "{content}"
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_cannot_be_sent_now_is_sent_later_and_once() {
    let office = Setup::plain().with_mail().open().await;
    let busy = FaultKind::Errcode { errcode: -1 };
    office
        .wecom
        .fault(Fault::new("exmail/app/compose_send", busy).times(2));
    office.wecom.submit("zhangwei", &urgent()).unwrap();
    let path = "exmail/app/compose_send";
    office.as_time_passes(office.calls_reach(path, 3)).await;
    office.reads("zhangwei", "变更申请").await;
    assert_eq!(office.wecom.mails().len(), 1);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_that_wecom_refuses_is_asked_for_by_hand_at_once() {
    let office = Setup::plain().with_mail().open().await;
    let refused = FaultKind::Errcode { errcode: 40_058 };
    office.wecom.fault(Fault::new("exmail/app/compose_send", refused));
    let sp_no = office.wecom.submit("zhangwei", &urgent()).unwrap();
    let card = "请发送紧急发版申请邮件并点“已发送”";
    let asked = office.reads("zhangwei", card).await;
    assert!(asked.contains("系统未能发出这封邮件，请自行发送"), "{asked}");
    let token = office.token("read");
    office
        .change(&sp_no, &token, |change| change["verdict"] == "rejected")
        .await;
    office.presses("zhangwei", card, "已发送").await;
    office
        .change(&sp_no, &token, |change| change["verdict"] == "compliant")
        .await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_technical_requirement_is_confirmed_by_both_leads() {
    let office = Office::open().await;
    let form = plain_form(evening());
    let form = Form {
        description: form.description.replace(
            "盘口刷新提速功能，已通过 UAT 验收",
            "盘口刷新提速功能（技术需求），无须产品验收",
        ),
        ..form
    };
    let sp_no = office.wecom.submit("zhangwei", &form).unwrap();
    let ask = "请确认：技术需求无须产品验收";
    let asked = office.presses("liqiang", ask, "确认").await;
    assert!(
        asked.text.contains("你以开发组长确认：盘口刷新提速功能"),
        "{}",
        asked.text
    );
    office.reads("liqiang", "李强 已于 10:30 确认技术需求").await;
    office.presses("sunli", ask, "确认").await;
    let token = office.token("read");
    office
        .change(&sp_no, &token, |change| change["verdict"] == "compliant")
        .await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_mail_the_applicant_is_asked_to_send_the_application() {
    let office = Office::open().await;
    let sp_no = office.wecom.submit("zhangwei", &urgent()).unwrap();
    let asked = office
        .reads("zhangwei", "请发送紧急发版申请邮件并点“已发送”")
        .await;
    assert!(
        asked.contains("发小组长、运维部、产研线总监，抄送项目经理、产品经理及测试人员"),
        "{asked}"
    );
    let token = office.token("read");
    let undecided = office
        .change(&sp_no, &token, |change| change["verdict"] == "undecided")
        .await;
    assert_eq!(undecided["stage"], "approving");
    office
        .presses("zhangwei", "请发送紧急发版申请邮件并点“已发送”", "已发送")
        .await;
    office
        .change(&sp_no, &token, |change| change["verdict"] == "compliant")
        .await;
    office.reads("zhangwei", "已解决 1 项").await;
    office.close().await;
}
