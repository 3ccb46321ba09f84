//! From a form to what people read.

use changegate_simulator::{Action, forms};

use crate::office::{Office, evening};

#[tokio::test(flavor = "multi_thread")]
async fn a_faulty_form_reaches_its_applicant_the_approver_and_operations_and_nobody_else() {
    let office = Office::open().await;
    let sp_no = office
        .wecom
        .submit("zhangwei", &forms::faulty(evening()))
        .unwrap();
    let verdict = office.hears("zhangwei", &sp_no).await;
    assert!(
        verdict.starts_with("**变更申请不合规，请撤销后按下文修改再提交**"),
        "{verdict}"
    );
    for fault in [
        "标题格式（六.4）",
        "回归测试（六.5）",
        "JIRA 单链接（六.5）",
        "回退方案（六.6）",
    ] {
        assert!(verdict.contains(fault), "{fault} is not in {verdict}");
    }
    assert!(
        office
            .hears("liqiang", &sp_no)
            .await
            .starts_with("**签署前请注意：该变更有 4 项不合规，建议退回**")
    );
    assert!(office.hears("zhaolei", &sp_no).await.contains("当前审批人：李强"));
    assert_eq!(office.wecom.messages().len(), 3);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_compliant_form_gets_one_short_confirmation() {
    let office = Office::open().await;
    let sp_no = office
        .wecom
        .submit("zhangwei", &forms::corrected(evening()))
        .unwrap();
    let confirmation = office.hears("zhangwei", &sp_no).await;
    assert!(
        confirmation.contains("11月24日（周二）16:30–21:00"),
        "{confirmation}"
    );
    office.wecom.approve(&sp_no, "liqiang").unwrap();
    office.wecom.approve(&sp_no, "sunli").unwrap();
    office.wecom.approve(&sp_no, "zhaolei").unwrap();
    let token = office.token("read");
    let change = office
        .change(&sp_no, &token, |change| change["stage"] == "approved")
        .await;
    assert_eq!(change["verdict"], "compliant");
    assert_eq!(office.count("zhangwei", &sp_no), 1);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn operations_hear_of_a_signature_on_a_faulty_form_and_the_next_approver_is_warned() {
    let office = Office::open().await;
    let sp_no = office
        .wecom
        .submit("zhangwei", &forms::faulty(evening()))
        .unwrap();
    office.hears("liqiang", &sp_no).await;
    office.wecom.approve(&sp_no, "liqiang").unwrap();
    assert!(office.hears("sunli", &sp_no).await.starts_with("**签署前请注意"));
    let watch = office.hears("zhaolei", "签署人：李强").await;
    assert!(watch.contains(&sp_no), "{watch}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_form_releases_those_who_were_warned() {
    let office = Office::open().await;
    let sp_no = office
        .wecom
        .submit("zhangwei", &forms::faulty(evening()))
        .unwrap();
    office.hears("liqiang", &sp_no).await;
    office.hears("zhaolei", &sp_no).await;
    office.wecom.act(&sp_no, "zhangwei", &Action::Withdraw).unwrap();
    office.hears("liqiang", "此前的提醒无需再处理").await;
    office.hears("zhaolei", "此前的提醒无需再处理").await;
    let token = office.token("read");
    office
        .change(&sp_no, &token, |change| change["stage"] == "withdrawn")
        .await;
    assert_eq!(office.count("zhangwei", &sp_no), 1);
    office.close().await;
}
