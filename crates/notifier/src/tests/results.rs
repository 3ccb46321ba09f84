//! What cards turn into.

use changegate_lifecycle::{Action, Duty, DutyKind, DutyState, Said, Stage};
use changegate_policy::Market;
use insta::assert_snapshot;

use super::sample::{LINKS, Scene, at, card_as_read, user};
use crate::settled;

fn verified(scene: &mut Scene, by: &str, action: Action) -> Duty {
    let duty = scene.change.duties.last_mut().unwrap();
    let said = Said {
        action,
        at: at("17:42"),
    };
    duty.said.insert(user(by), said);
    duty.clone()
}

fn card(scene: &Scene, duty: &Duty, viewer: &str) -> String {
    card_as_read(&settled(duty, &user(viewer), &scene.about(), &LINKS).unwrap())
}

fn verifying() -> Scene {
    Scene::whole()
        .executed("17:40")
        .with_duty(DutyKind::Verify, &["pm", "dev"])
        .at("17:43")
}

#[test]
fn a_duty_that_one_of_two_did() {
    let mut scene = verifying();
    let duty = verified(&mut scene, "pm", Action::Verified);
    assert_snapshot!(card(&scene, &duty, "pm"), @r#"
    王芳 已于 17:42 确认验证通过
    行情系统条件单功能上线变更
    变更现为：验证中
    尚待：张三
    事项：生产验证
    单号：202611240001
    查看详情 → change
    [576 bytes]
    "#);
}

#[test]
fn a_mail_that_the_applicant_sent() {
    let mut scene = Scene::whole()
        .with_duty(DutyKind::EmergencyMail, &["dev"])
        .at("17:43");
    let duty = Duty {
        state: DutyState::Done,
        ..verified(&mut scene, "dev", Action::Confirm)
    };
    assert_snapshot!(card(&scene, &duty, "dev"), @r#"
    张三 已于 17:42 确认紧急发版邮件已发送
    行情系统条件单功能上线变更
    变更现为：审批中
    事项：紧急发版邮件
    单号：202611240001
    查看详情 → change
    [580 bytes]
    "#);
}

#[test]
fn a_duty_that_somebody_else_did() {
    let mut scene = verifying();
    let duty = Duty {
        state: DutyState::Done,
        ..verified(&mut scene, "pm", Action::Verified)
    };
    assert_snapshot!(card(&scene, &duty, "dev"), @r#"
    王芳 已于 17:42 确认验证通过
    行情系统条件单功能上线变更
    变更现为：验证中
    事项：生产验证
    单号：202611240001
    查看详情 → change
    [559 bytes]
    "#);
}

#[test]
fn a_duty_that_needs_no_button_is_done() {
    let scene = Scene::whole().with_duty(DutyKind::Sign, &["lead"]);
    let duty = Duty {
        state: DutyState::Done,
        ..scene.change.duties.last().unwrap().clone()
    };
    assert_snapshot!(card(&scene, &duty, "lead"), @r#"
    无需操作：审批已完成
    行情系统条件单功能上线变更
    变更现为：审批中
    单号：202611240001
    查看详情 → change
    [507 bytes]
    "#);
}

#[test]
fn a_duty_that_is_no_longer_needed() {
    let scene = verifying().in_stage(Stage::RolledBack);
    let duty = Duty {
        state: DutyState::Dropped,
        ..scene.change.duties.last().unwrap().clone()
    };
    assert_snapshot!(card(&scene, &duty, "dev"), @r#"
    无需操作：变更已回退，待确认
    行情系统条件单功能上线变更
    “生产验证”不再需要。
    单号：202611240001
    查看详情 → change
    [528 bytes]
    "#);
}

#[test]
fn whoever_reports_an_anomaly_is_led_on() {
    let mut scene = verifying().broken();
    let duty = Duty {
        state: DutyState::Dropped,
        ..verified(&mut scene, "pm", Action::Anomaly)
    };
    assert_snapshot!(card(&scene, &duty, "pm"), @r#"
    王芳 已于 17:42 报告异常
    行情系统条件单功能上线变更
    变更现为：异常处理中
    请补充现象；属生产事故的请标记。
    事项：生产验证
    单号：202611240001
    补充现象、标记生产事故 → act
    查看详情 → change
    [694 bytes]
    "#);
}

#[test]
fn a_result_of_another_day_names_the_day() {
    let mut scene = verifying();
    let duty = verified(&mut scene, "pm", Action::Verified);
    let next_day = scene.about().now + chrono::TimeDelta::days(1);
    let about = crate::About {
        now: next_day,
        ..scene.about()
    };
    let card = card_as_read(&settled(&duty, &user("pm"), &about, &LINKS).unwrap());
    assert!(
        card.starts_with("王芳 已于 11月24日（周二）17:42 确认验证通过"),
        "{card}"
    );
}

#[test]
fn a_card_whose_duty_goes_on() {
    let mut watching = Scene::whole()
        .executed("17:40")
        .with_duty(DutyKind::WatchSession(Market::HongKong), &["dev"]);
    watching.change.duties[0]
        .arrived
        .insert(user("dev"), chrono::DateTime::UNIX_EPOCH);
    let duty = watching.change.duties[0].clone();
    assert_snapshot!(card(&watching, &duty, "dev"), @r#"
    已记录到岗，开盘后请确认是否正常
    行情系统条件单功能上线变更
    港股开盘后会再发确认卡片，请确认行情、交易正常（九.3）。
    开盘时间：11月25日（周三）09:30
    单号：202611240001
    查看详情 → change
    [649 bytes]
    "#);
    let mut signing = Scene::whole().with_duty(DutyKind::Sign, &["lead"]);
    let later = signing.change.duties[0].clone();
    assert_snapshot!(card(&signing, &later, "lead"), @r#"
    稍后再提醒：审批
    行情系统条件单功能上线变更
    到时会再发卡片；也可现在处理。
    单号：202611240001
    查看详情 → change
    [522 bytes]
    "#);
    signing.change.duties[0].acknowledged.insert(user("lead"));
    let known = signing.change.duties[0].clone();
    assert_snapshot!(card(&signing, &known, "lead"), @r#"
    已知晓，请在企业微信“审批”中处理
    行情系统条件单功能上线变更
    “审批”不再提醒你。
    单号：202611240001
    查看详情 → change
    [534 bytes]
    "#);
}
