//! Mails and the words for the feedback group.

use changegate_lifecycle::{GroupNotice, Mail};
use changegate_policy::{Field, Urgency};
use insta::assert_snapshot;

use super::sample::{LINKS, Scene, as_read, at};
use crate::{group, mail};

fn emergency() -> Scene {
    let mut scene = Scene::whole();
    scene.change.plan.urgency = Some(Urgency::Emergency);
    scene.submission.description =
        Field::Filled("因行情推送故障须当日上线。\n1、条件单到价提醒功能，已通过 UAT 验收".to_owned());
    scene.submission.rollback =
        Field::Filled("1、回退镜像 quote-server:2.3.7\n2、执行 rollback_1124.sql".to_owned());
    scene
}

#[test]
fn the_emergency_application() {
    let letter = mail(&Mail::EmergencyApplication, &emergency().about(), &LINKS).unwrap();
    assert_snapshot!(letter.subject, @"【紧急发版申请】行情系统条件单功能上线变更（202611240001）");
    assert_snapshot!(letter.text, @r#"
    请审阅以下紧急发版申请（《生产变更管理规定》二：非变更时间窗口的紧急变更）。

    标题：行情系统条件单功能上线变更
    单号：202611240001
    申请人：张三
    紧急程度：紧急
    计划时间：11月24日（周二）17:00–18:00
    产品经理：王芳
    测试同事：钱敏

    上线内容与原因
    1、条件单到价提醒功能（JIRA：QUOTE-101）
    2、美股盘前报价功能（JIRA：QUOTE-102、TRADE-7）

    升级功能描述（原文）
    因行情推送故障须当日上线。
    1、条件单到价提醒功能，已通过 UAT 验收

    回退方案
    1、回退镜像 quote-server:2.3.7
    2、执行 rollback_1124.sql

    镜像
    quote-server:2.4.0

    审批与进展见：https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c
    本邮件由变更闸按审批单内容生成，内容以企业微信审批单为准。
    "#);
    assert_snapshot!(letter.html, @r#"
    <!DOCTYPE html>
    <html lang="zh-CN"><body>
    <p>请审阅以下紧急发版申请（《生产变更管理规定》二：非变更时间窗口的紧急变更）。</p>
    <p>标题：行情系统条件单功能上线变更<br>
    单号：202611240001<br>
    申请人：张三<br>
    紧急程度：紧急<br>
    计划时间：11月24日（周二）17:00–18:00<br>
    产品经理：王芳<br>
    测试同事：钱敏</p>
    <p>上线内容与原因<br>
    1、条件单到价提醒功能（JIRA：QUOTE-101）<br>
    2、美股盘前报价功能（JIRA：QUOTE-102、TRADE-7）</p>
    <p>升级功能描述（原文）<br>
    因行情推送故障须当日上线。<br>
    1、条件单到价提醒功能，已通过 UAT 验收</p>
    <p>回退方案<br>
    1、回退镜像 quote-server:2.3.7<br>
    2、执行 rollback_1124.sql</p>
    <p>镜像<br>
    quote-server:2.4.0</p>
    <p>审批与进展见：<a href="https://changegate.example.com/c/202611240001?e=1764000000&amp;s=0f1e2d3c">https://changegate.example.com/c/202611240001?e=1764000000&amp;s=0f1e2d3c</a><br>
    本邮件由变更闸按审批单内容生成，内容以企业微信审批单为准。</p>
    </body></html>
    "#);
}

#[test]
fn the_report_on_an_incident() {
    let mut scene = emergency().executed("17:40").broken().an_incident();
    let incident = scene.change.incident.as_mut().unwrap();
    incident.report.impact = "约 200 名用户未收到条件单推送".to_owned();
    incident.report.cause = "推送配置缺失".to_owned();
    let letter = mail(&Mail::IncidentReport, &scene.about(), &LINKS).unwrap();
    assert_snapshot!(letter.subject, @"【生产故障报告】INC-20261124-01 行情系统条件单功能上线变更（202611240001）");
    assert_snapshot!(letter.text, @r#"
    现报告以下生产故障（《生产事故处理要求》4：事后总结）。

    故障编号：INC-20261124-01
    相关变更：行情系统条件单功能上线变更（202611240001）
    申请人：张三
    发生时间：11月24日（周二）17:50
    恢复时间：尚未恢复
    报告人：王芳

    故障现象
    条件单触发后没有推送

    影响范围
    约 200 名用户未收到条件单推送

    原因分析
    推送配置缺失

    处理过程
    未填写

    改进与预防措施
    未填写

    时间线与附件见：https://changegate.example.com/i/202611240001
    "#);
}

#[test]
fn others_words_are_no_markup_in_a_mail_and_no_header() {
    let mut scene = emergency();
    scene.submission.title =
        Field::Filled(format!("上线\r\nBcc: x@evil.example.com\n{}", "很长".repeat(200)));
    scene.submission.rollback = Field::Filled("<script>alert(1)</script> & <a href='x'>".to_owned());
    let letter = mail(&Mail::EmergencyApplication, &scene.about(), &LINKS).unwrap();
    assert!(!letter.subject.contains(['\r', '\n']), "{}", letter.subject);
    assert!(
        letter.subject.len() <= 240 && letter.subject.ends_with("（202611240001）"),
        "{}",
        letter.subject
    );
    assert!(
        !letter.html.contains("<script") && !letter.html.contains("<a href='"),
        "{}",
        letter.html
    );
    assert_eq!(letter.html.matches("<a ").count(), 1, "{}", letter.html);
}

#[test]
fn the_feedback_group() {
    let mut scene = Scene::whole().executed("17:40").broken();
    let statement = GroupNotice::Statement {
        text: "条件单推送延迟，交易不受影响，正在恢复".to_owned(),
    };
    assert_snapshot!(as_read(&group(&statement, &scene.about()).unwrap()), @r#"
    【统一答复口径】请按此答复用户
    条件单推送延迟，交易不受影响，正在恢复

    涉及功能：行情系统条件单功能上线变更
    如有新的反馈，请发在本群
    [196 bytes]
    "#);
    scene.change.anomalies.last_mut().unwrap().recovered = Some(at("18:20"));
    assert_snapshot!(as_read(&group(&GroupNotice::Recovered, &scene.about()).unwrap()), @r#"
    【功能已恢复】请告知用户可正常使用
    涉及功能：行情系统条件单功能上线变更
    恢复时间：11月24日（周二）18:20
    如仍有异常，请在本群反馈
    [186 bytes]
    "#);
}
