//! Teams and roles as WeCom's departments, leaders and tags say, and whoever has left.

use changegate_simulator::{Form, cast};
use chrono::TimeDelta;

use crate::office::{Office, Setup, evening};
use crate::people::plain_form;

/// WeCom's departments and tags, and in the policy file what they do not say.
pub(crate) const FROM_WECOM: &str = r#"
[wecom_directory]
role_tags = { ccb = 1, product-manager = 2, tester = 3, operations-executor = 4, permission-configurer = 6 }
[[wecom_directory.teams]]
name = "行情组"
department = 2
test_department = 4
jira_projects = ["QUOTE"]
[[wecom_directory.teams]]
name = "交易组"
department = 3
test_department = 4
jira_projects = ["TRADE"]
[directory.roles]
operations-lead = ["zhaolei"]
admin = ["yexin"]
[directory.names]
zhaolei = "赵磊"
yexin = "叶欣"
"#;

/// A company whose people the bot knows from WeCom.
async fn known_from_wecom() -> Office {
    let mut office = Setup::plain().directory(FROM_WECOM).open().await;
    // A start does not wait for WeCom; an end waits for the refresh that is under way.
    office.calls_reach("user/get", 1).await;
    office.stop_bot().await;
    office.start_bot().await;
    office
}

/// The day after; the bot was started anew over night.
async fn next_day(office: &mut Office) {
    office.stop_bot().await;
    office.wecom.clock().advance(TimeDelta::hours(25));
    office.start_bot().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_told_by_what_they_are_in_wecom() {
    let office = known_from_wecom().await;
    let sp_no = office.wecom.submit("zhangwei", &plain_form(evening())).unwrap();
    let told = office.hears("zhangwei", &sp_no).await;
    assert!(told.contains("变更申请合规，请等待审批"), "{told}");
    office.reads("wangfang", "请完成回归测试").await;
    let turn = office.reads("liqiang", "轮到你审批").await;
    assert!(turn.contains("申请人：张伟"), "{turn}");
    assert!(turn.contains("开发组长请核对"), "{turn}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_past_the_leaders_of_wecoms_departments_is_rejected() {
    let mut office = known_from_wecom().await;
    let mut departments = cast::departments();
    departments[3].leaders = vec!["liuyan".to_owned()];
    office.wecom.set_departments(departments);
    let asked = office.wecom.calls("user/get").len();
    next_day(&mut office).await;
    office.calls_reach("user/get", asked + 1).await;
    office.stop_bot().await;
    office.it_is("2026-11-26 10:30");
    office.start_bot().await;
    let form = plain_form(evening() + TimeDelta::days(2));
    office.wecom.submit("zhangwei", &form).unwrap();
    let told = office.reads("zhangwei", "变更申请不合规").await;
    assert!(told.contains("审批链") && told.contains("测试组长"), "{told}");
    let told = office.reads("zhaolei", "有变更不合规").await;
    assert!(told.contains("审批链"), "{told}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn product_managers_are_who_carries_the_tag() {
    let office = known_from_wecom().await;
    let with = |manager: &str| Form {
        product_managers: vec![manager.to_owned()],
        ..plain_form(evening())
    };
    office.wecom.submit("zhangwei", &with("liuyan")).unwrap();
    let told = office.reads("zhangwei", "变更申请不合规").await;
    assert!(
        told.contains("“产品经理”中的刘艳在通讯录中不是产品经理，请改选上线功能对应的产品经理"),
        "{told}"
    );
    office.wecom.submit("zhouyang", &with("songjia")).unwrap();
    let told = office.reads("zhouyang", "变更申请已受理，以下建议供改进").await;
    assert!(
        told.contains("“产品经理”中的songjia不在通讯录名册中，无法确认是否为产品经理，请核对"),
        "{told}"
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tester_who_left_is_told_to_the_administrators_once() {
    let mut office = known_from_wecom().await;
    office.wecom.member_leaves("wangfang");
    next_day(&mut office).await;
    let told = office
        .reads("yexin", "**请尽快指定接替人：1 人已离职或停用**")
        .await;
    assert!(told.contains("王芳") && told.contains("测试同事"), "{told}");
    assert!(
        told.contains("他们不再收到待办；在政策文件、企业微信的部门负责人或标签里换上接替人后"),
        "{told}"
    );
    office.wecom.member_leaves("sunli");
    next_day(&mut office).await;
    let told = office.reads("yexin", "孙丽").await;
    assert!(
        told.contains("行情组测试组长") && !told.contains("王芳"),
        "{told}"
    );
    assert_eq!(office.times("yexin", "王芳"), 1);
    assert!(!office.has("zhaolei", "请尽快指定接替人"));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_left_is_found_although_the_policy_file_names_them() {
    let mut office = Office::open().await;
    office.wecom.member_leaves("wangfang");
    next_day(&mut office).await;
    office.reads("yexin", "王芳").await;
    office.wecom.member_leaves("liuyan");
    next_day(&mut office).await;
    let told = office.reads("yexin", "刘艳").await;
    assert!(!told.contains("王芳"), "{told}");
    office.close().await;
}
