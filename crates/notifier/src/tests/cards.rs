//! Cards of duties, as people read them.

use changegate_lifecycle::{Action, Count, DutyKind, Notice, Stage, Stamp, Timer, WaiverRequest};
use changegate_policy::{Market, RuleId};
use changegate_wecom::message::Body;
use insta::assert_snapshot;

use super::sample::{LINKS, PAGE, Scene, as_read, at, user};
use crate::{Links, RenderError, render};

fn before_the_window(kind: DutyKind, who: &str) -> String {
    Scene::whole().with_duty(kind, &[who]).at("14:00").card(who)
}

#[test]
fn to_sign() {
    let scene = Scene::whole()
        .with_duty(DutyKind::Regression, &["tester"])
        .with_duty(DutyKind::Sign, &["lead"]);
    assert_snapshot!(scene.card("lead"), @r#"
    请在企业微信“审批”中签署或退回
    行情系统条件单功能上线变更
    等待自 16:30；检查结果：合规
    尚缺：回归测试确认（钱敏）
    申请人：张三
    紧急程度：正常
    单号：202611240001
    (已知晓) k7f3a.acknowledge
    (稍后提醒) k7f3a.later
    [706 bytes]
    "#);
}

#[test]
fn the_duties_of_the_change_day() {
    assert_snapshot!(before_the_window(DutyKind::Regression, "tester"), @r#"
    请完成回归测试并点“已完成”
    行情系统条件单功能上线变更
    变更当天须完成回归测试（三.2）；未完成会显示给审批人。
    申请人：张三
    窗口：11月24日（周二）16:30–21:00
    单号：202611240001
    (已完成) k7f3a.done
    [662 bytes]
    "#);
    assert_snapshot!(before_the_window(DutyKind::RollbackReady, "dev"), @r#"
    请备好回退方案并点“已完成”
    行情系统条件单功能上线变更
    变更当天须制定回退方案（三.2）。表单所填：回退镜像 quote-server:2.3.7，并执行回退脚本 rollback_1124．sql
    窗口：11月24日（周二）16:30–21:00
    单号：202611240001
    (已完成) k7f3a.done
    [678 bytes]
    "#);
    assert_snapshot!(before_the_window(DutyKind::VerificationReady, "pm"), @r#"
    请备好生产验证数据、账号并点“已完成”
    行情系统条件单功能上线变更
    变更当天须准备好生产验证数据、账号（三.2）；未准备会显示给审批人。
    申请人：张三
    窗口：11月24日（周二）16:30–21:00
    单号：202611240001
    (已完成) k7f3a.done
    [695 bytes]
    "#);
}

#[test]
fn technical_requirements() {
    assert_snapshot!(before_the_window(DutyKind::TechnicalByDevelopment, "lead"), @r#"
    请确认：技术需求无须产品验收
    行情系统条件单功能上线变更
    无须产品经理验收的技术需求，由开发和测试小组长确认后发起（三）。你以开发组长确认：条件单到价提醒功能；美股盘前报价功能
    申请人：张三
    单号：202611240001
    (确认) k7f3a.confirm
    (不同意) k7f3a.refuse
    [744 bytes]
    "#);
    assert_snapshot!(before_the_window(DutyKind::TechnicalByTest, "testlead"), @r#"
    请确认：技术需求无须产品验收
    行情系统条件单功能上线变更
    无须产品经理验收的技术需求，由开发和测试小组长确认后发起（三）。你以测试组长确认：条件单到价提醒功能；美股盘前报价功能
    申请人：张三
    单号：202611240001
    (确认) k7f3a.confirm
    (不同意) k7f3a.refuse
    [744 bytes]
    "#);
}

#[test]
fn the_emergency_application_by_hand() {
    let mut scene = Scene::whole()
        .with_duty(DutyKind::EmergencyMail, &["dev"])
        .at("14:00");
    assert_snapshot!(scene.card("dev"), @r#"
    请发送紧急发版申请邮件并点“已发送”
    行情系统条件单功能上线变更
    窗口外的紧急变更须邮件申请（二）：
    发小组长、运维部、产研线总监，抄送项目经理、产品经理及测试人员。正文在详情页，可复制。
    小组长：李四
    抄送：王芳、钱敏
    单号：202611240001
    (已发送) k7f3a.confirm
    [759 bytes]
    "#);
    scene.change.emergency_mail = Some(7);
    assert_snapshot!(scene.card("dev"), @r#"
    请发送紧急发版申请邮件并点“已发送”
    行情系统条件单功能上线变更
    系统未能发出这封邮件，请自行发送（二）：
    发小组长、运维部、产研线总监，抄送项目经理、产品经理及测试人员。正文在详情页，可复制。
    小组长：李四
    抄送：王芳、钱敏
    单号：202611240001
    (已发送) k7f3a.confirm
    [768 bytes]
    "#);
}

fn approved() -> Scene {
    Scene::whole().in_stage(Stage::Approved)
}

#[test]
fn to_start_in_the_window() {
    assert_snapshot!(approved().with_duty(DutyKind::Start, &["exec"]).card("exec"), @r#"
    请与研发确认变更时间，在窗口内开始执行
    行情系统条件单功能上线变更
    内容：条件单到价提醒功能；美股盘前报价功能
    回退：回退镜像 quote-server:2.3.7，并执行回退脚本 rollback_1124．sql
    研发：张三
    窗口：11月24日（周二）16:30–21:00
    计划时间：11月24日（周二）17:00–18:00
    镜像：quote-server:2.4.0
    单号：202611240001
    (开始执行) k7f3a.start
    (改期) → duty
    [963 bytes]
    "#);
}

#[test]
fn to_start_outside_the_window() {
    let mut scene = approved().with_duty(DutyKind::Start, &["exec"]).at("21:30");
    assert_snapshot!(scene.card("exec"), @r#"
    请与研发确认变更时间，在窗口内开始执行
    行情系统条件单功能上线变更
    现不在变更窗口，开始前须经开发组长确认（八.1）
    内容：条件单到价提醒功能；美股盘前报价功能
    回退：回退镜像 quote-server:2.3.7，并执行回退脚本 rollback_1124．sql
    研发：张三
    窗口：11月24日（周二）16:30–21:00
    计划时间：11月24日（周二）17:00–18:00
    镜像：quote-server:2.4.0
    单号：202611240001
    (开始执行) k7f3a.start
    (改期) → duty
    [1033 bytes]
    "#);
    scene.change.consent = Some(Stamp {
        by: user("lead"),
        at: at("21:25"),
    });
    assert_snapshot!(scene.card("exec"), @r#"
    请与研发确认变更时间，在窗口内开始执行
    行情系统条件单功能上线变更
    李四 已于 21:25 同意窗口外执行
    内容：条件单到价提醒功能；美股盘前报价功能
    回退：回退镜像 quote-server:2.3.7，并执行回退脚本 rollback_1124．sql
    研发：张三
    窗口：11月24日（周二）16:30–21:00
    计划时间：11月24日（周二）17:00–18:00
    镜像：quote-server:2.4.0
    单号：202611240001
    (开始执行) k7f3a.start
    (改期) → duty
    [1006 bytes]
    "#);
}

#[test]
fn to_consent() {
    let scene = approved().with_duty(DutyKind::Consent, &["lead"]).at("21:30");
    assert_snapshot!(scene.card("lead"), @r#"
    请决定：可否在窗口外执行
    行情系统条件单功能上线变更
    超过变更时间窗口，须经开发组长确认后方可发布（八.1）。
    申请人：张三
    窗口：11月24日（周二）16:30–21:00
    计划时间：11月24日（周二）17:00–18:00
    单号：202611240001
    (同意窗口外执行) k7f3a.agree
    (不同意) k7f3a.disagree
    [796 bytes]
    "#);
}

#[test]
fn to_finish() {
    let mut scene = Scene::whole()
        .in_stage(Stage::Executing)
        .with_duty(DutyKind::Finish, &["exec"]);
    scene.change.times.started = Some(at("17:05"));
    assert_snapshot!(scene.card("exec"), @r#"
    执行完成后请点“执行完成”
    行情系统条件单功能上线变更
    完成后将通知申请人、产品经理验证（八.2）。回退方案：回退镜像 quote-server:2.3.7，并执行回退脚本 rollback_1124．sql
    研发：张三
    开始时间：11月24日（周二）17:05
    窗口：11月24日（周二）16:30–21:00
    单号：202611240001
    (执行完成) k7f3a.executed
    (发现异常!) k7f3a.anomaly
    [856 bytes]
    "#);
}

fn executed(kind: DutyKind, who: &str, markets: &[Market]) -> String {
    Scene::whole()
        .executed("17:40")
        .concerning(markets)
        .with_duty(kind, &[who])
        .at("17:41")
        .card(who)
}

#[test]
fn to_verify() {
    assert_snapshot!(executed(DutyKind::Verify, "pm", &[Market::Us]), @r#"
    变更已执行，请现在验证生产功能
    行情系统条件单功能上线变更
    验证：条件单到价提醒功能；美股盘前报价功能
    如不正常或影响其他功能，请点“发现异常”（九.1）。
    申请人：张三
    执行完成：11月24日（周二）17:40
    留守至：11月24日（周二）22:30 美股开盘
    单号：202611240001
    (验证通过) k7f3a.verified
    (发现异常!) k7f3a.anomaly
    [860 bytes]
    "#);
    assert_snapshot!(executed(DutyKind::WatchFeedback, "tester", &[]), @r#"
    变更已执行，请留意问题反馈群
    行情系统条件单功能上线变更
    关注：条件单到价提醒功能；美股盘前报价功能
    多个用户反馈异常时请点“发现异常”（九.2）；留守至验证完成（九.3）。
    申请人：张三
    执行完成：11月24日（周二）17:40
    单号：202611240001
    (无异常反馈) k7f3a.nothing_unusual
    (发现异常!) k7f3a.anomaly
    [818 bytes]
    "#);
    assert_snapshot!(executed(DutyKind::ConfigurePermissions, "rights", &[]), @r#"
    变更已执行，请现在配置中台权限
    行情系统条件单功能上线变更
    权限：行情中台：条件单查询接口
    配置完成后点“权限已配置”（八.2）。
    申请人：张三
    执行完成：11月24日（周二）17:40
    单号：202611240001
    (权限已配置) k7f3a.configured
    [695 bytes]
    "#);
}

#[test]
fn to_watch_the_markets() {
    assert_snapshot!(executed(DutyKind::UsOpen, "dev", &[Market::Us]), @r#"
    美股已开盘，请确认行情、交易正常
    行情系统条件单功能上线变更
    涉及美股行情、交易功能，须确认正常后方可离岗（九.3）。
    内容：条件单到价提醒功能；美股盘前报价功能
    开盘时间：11月24日（周二）22:30
    单号：202611240001
    (美股开盘正常) k7f3a.opened_well
    (发现异常!) k7f3a.anomaly
    [783 bytes]
    "#);
    let hong_kong = [Market::HongKong];
    assert_snapshot!(executed(DutyKind::NameWatchers(Market::HongKong), "lead", &hong_kong), @r#"
    请安排次日港股开盘前到岗人员
    行情系统条件单功能上线变更
    涉及港股行情、交易功能，须有人在开盘前到达公司监控（九.3）。由你到岗请直接点，他人到岗请指定。
    申请人：张三
    开盘时间：11月25日（周三）09:30
    单号：202611240001
    (由我到岗) k7f3a.name_watchers
    (指定人员) → duty
    [831 bytes]
    "#);
    let singapore = [Market::Singapore];
    assert_snapshot!(executed(DutyKind::WatchSession(Market::Singapore), "dev", &singapore), @r#"
    请在新加坡股票开盘前到岗并监控
    行情系统条件单功能上线变更
    到岗后点“已到岗”；开盘后确认行情、交易正常（九.3）。
    内容：条件单到价提醒功能；美股盘前报价功能
    开盘时间：11月25日（周三）09:00
    值守人：张三
    单号：202611240001
    (已到岗) k7f3a.arrived
    (开盘正常) k7f3a.opened_well
    (发现异常!) k7f3a.anomaly
    [868 bytes]
    "#);
}

fn anomalous() -> Scene {
    let mut scene = Scene::whole().executed("17:40").broken().at("17:52");
    scene.change.timers.insert(Timer::AnomalyTimeOut, at("18:05"));
    scene
}

#[test]
fn to_handle_an_anomaly() {
    let scene = anomalous().with_duty(DutyKind::Handle, &["lead"]);
    assert_snapshot!(scene.card("lead"), @r#"
    变更出现异常，请立即处理或回退
    行情系统条件单功能上线变更
    异常：条件单触发后没有推送
    回退：回退镜像 quote-server:2.3.7，并执行回退脚本 rollback_1124．sql
    限时：13 分钟后须执行回退（十.1）
    发生时间：11月24日（周二）17:50
    报告人：王芳
    申请人：张三
    单号：202611240001
    (开始处理) k7f3a.handle
    (执行回退!) k7f3a.roll_back
    [882 bytes]
    "#);
    let mut taken = anomalous().with_duty(DutyKind::Remedy, &["lead"]);
    taken.change.anomalies.last_mut().unwrap().handled = Some(Stamp {
        by: user("lead"),
        at: at("17:53"),
    });
    assert_snapshot!(taken.card("lead"), @r#"
    请尽快修复，限时内不能解决请回退
    行情系统条件单功能上线变更
    异常：条件单触发后没有推送
    回退：回退镜像 quote-server:2.3.7，并执行回退脚本 rollback_1124．sql
    限时：13 分钟后须执行回退（十.1）
    发生时间：11月24日（周二）17:50
    处理人：李四
    单号：202611240001
    (已修复) k7f3a.fixed
    (执行回退!) k7f3a.roll_back
    [840 bytes]
    "#);
}

#[test]
fn to_roll_back_and_to_confirm() {
    let scene = anomalous()
        .in_stage(Stage::RollingBack)
        .with_duty(DutyKind::RollBack, &["exec"]);
    assert_snapshot!(scene.card("exec"), @r#"
    请立即执行回退方案
    行情系统条件单功能上线变更
    回退：回退镜像 quote-server:2.3.7，并执行回退脚本 rollback_1124．sql
    异常：条件单触发后没有推送
    研发：张三
    镜像：quote-server:2.4.0
    发生时间：11月24日（周二）17:50
    单号：202611240001
    (回退完成) k7f3a.rolled_back
    [747 bytes]
    "#);
    let restored = anomalous()
        .in_stage(Stage::RolledBack)
        .with_duty(DutyKind::ConfirmRestored, &["dev", "tester"]);
    assert_snapshot!(restored.card("dev"), @r#"
    已回退，请确认原功能正常
    行情系统条件单功能上线变更
    异常：条件单触发后没有推送
    确认原功能正常后方可结束流程（十.3）。
    待确认：张三、钱敏
    申请人：张三
    单号：202611240001
    (原功能正常) k7f3a.restored
    (仍异常!) k7f3a.still_broken
    [724 bytes]
    "#);
    let fixed = anomalous()
        .in_stage(Stage::Fixed)
        .with_duty(DutyKind::ConfirmFixed, &["pm", "tester"]);
    assert_snapshot!(fixed.card("pm"), @r#"
    已修复，请确认功能正常
    行情系统条件单功能上线变更
    异常：条件单触发后没有推送
    确认正常后变更方可结束。
    待确认：王芳、钱敏
    申请人：张三
    单号：202611240001
    (功能正常) k7f3a.restored
    (仍异常!) k7f3a.still_broken
    [698 bytes]
    "#);
}

#[test]
fn to_decide_a_waiver() {
    let mut scene = Scene::whole().with_duty(DutyKind::DecideWaiver, &["ops"]);
    scene.change.waivers.push(WaiverRequest {
        duty: 1,
        rules: [RuleId::Cutoff].into(),
        asked: Stamp {
            by: user("dev"),
            at: at("15:20"),
        },
        reason: "监管要求当日上线".to_owned(),
        decision: None,
    });
    assert_snapshot!(scene.card("ops"), @r#"
    请处理豁免申请
    行情系统条件单功能上线变更
    规则：15:00 前发起
    理由：监管要求当日上线
    申请人：张三
    单号：202611240001
    去处理 → duty
    [527 bytes]
    "#);
}

#[test]
fn to_report_an_incident() {
    let scene = anomalous().an_incident().with_duty(DutyKind::Report, &["lead"]);
    assert_snapshot!(scene.card("lead"), @r#"
    请填写生产故障报告并发送
    行情系统条件单功能上线变更
    每一生产故障排除后均需总结（事后总结 4）。时间线已填好，请补充影响、原因、处理与改进。
    事故编号：INC-20261124-01
    抄送：incident-report@example.com
    单号：202611240001
    查看并发送报告 → duty
    [694 bytes]
    "#);
}

#[test]
fn to_tell_the_markets() {
    let scene = Scene::whole()
        .concerning(&[Market::Us])
        .with_duty(DutyKind::Markets, &["dev"]);
    assert_snapshot!(scene.card("dev"), @r#"
    请确认变更涉及的市场
    行情系统条件单功能上线变更
    现判断：美股。决定验证后留守与次日值守（九.3）。
    申请人：张三
    内容：条件单到价提醒功能；美股盘前报价功能
    单号：202611240001
    (不涉及美股) k7f3a.toggle_us
    (涉及港股) k7f3a.toggle_hong_kong
    (涉及新加坡股票) k7f3a.toggle_singapore
    (市场无误) k7f3a.markets_right
    [872 bytes]
    "#);
}

fn reminder(number: u32, next_in: Option<i64>) -> Notice {
    Notice::Reminder {
        duty: 1,
        count: Count {
            number,
            of: 3,
            next_in,
            next: [user("lead")].into(),
            to_holder: true,
        },
    }
}

#[test]
fn a_reminder_to_a_holder() {
    let scene = Scene::whole()
        .executed("17:40")
        .with_duty(DutyKind::Verify, &["pm"])
        .at("18:10");
    let rendered = scene.rendered("pm", &reminder(2, Some(30)), PAGE);
    assert_snapshot!(as_read(&rendered.message.body), @r#"
    变更已执行，请现在验证生产功能
    行情系统条件单功能上线变更
    第 2 次提醒，共 3 次；30 分钟后提醒李四
    验证：条件单到价提醒功能；美股盘前报价功能
    如不正常或影响其他功能，请点“发现异常”（九.1）。
    申请人：张三
    执行完成：11月24日（周二）17:40
    单号：202611240001
    (验证通过) k7f3a.verified
    (发现异常!) k7f3a.anomaly
    [841 bytes]
    "#);
    assert_snapshot!(as_read(&rendered.fallback.unwrap().body), @r#"
    变更已执行，请现在验证生产功能
    行情系统条件单功能上线变更
    单号：202611240001
    第 2 次提醒，共 3 次；30 分钟后提醒李四
    验证：条件单到价提醒功能；美股盘前报价功能
    如不正常或影响其他功能，请点“发现异常”（九.1）。
    申请人：张三
    执行完成：11月24日（周二）17:40
    （去处理）→ https://changegate.example.com/d/202611240001/1
    [45 + 317 bytes]
    "#);
    assert_snapshot!(rendered.line.unwrap(), @"变更已执行，请现在验证生产功能（第 2 次，共 3 次）：行情系统条件单功能上线变更（202611240001）");
    assert_eq!(rendered.actions, [Action::Verified, Action::Anomaly]);
    let last = scene.rendered("pm", &reminder(3, None), PAGE);
    assert!(as_read(&last.message.body).contains("第 3 次提醒，共 3 次，不再提醒"));
}

#[test]
fn without_a_callback_address_a_link_stands_in() {
    let scene = approved().with_duty(DutyKind::Start, &["exec"]);
    let rendered = render(
        &Notice::Duty { duty: 1 },
        &user("exec"),
        &scene.about(),
        &LINKS,
        None,
    )
    .unwrap();
    assert!(
        matches!(rendered.message.body, Body::TextCard { .. }),
        "{:?}",
        rendered.message
    );
    assert!(rendered.fallback.is_none() && rendered.actions.is_empty());
    let with_card = scene.rendered("exec", &Notice::Duty { duty: 1 }, PAGE);
    assert_eq!(with_card.fallback, Some(rendered.message));
}

#[test]
fn a_duty_that_the_change_does_not_have_is_an_error() {
    let scene = approved();
    let failed = render(
        &Notice::Duty { duty: 7 },
        &user("exec"),
        &scene.about(),
        &LINKS,
        None,
    );
    assert_eq!(failed, Err(RenderError::NoSuchDuty(7)));
    let links = Links {
        act: "javascript:alert(1)",
        ..LINKS
    };
    let failed = render(&Notice::Executed, &user("dev"), &scene.about(), &links, None);
    assert_eq!(failed, Err(RenderError::NotAnAddress));
}
