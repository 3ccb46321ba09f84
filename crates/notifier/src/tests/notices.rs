//! Messages of a change's course, as people read them.

use std::sync::Arc;

use changegate_lifecycle::{Comparison, Count, Difference, DutyKind, Notice, Stage};
use changegate_policy::{Market, RuleId, Status, UserId};
use insta::assert_snapshot;

use super::sample::{Scene, at, clean, faulty, result, user, verdict};

#[test]
fn an_approvers_turn() {
    let scene = Scene::whole()
        .with_duty(DutyKind::Regression, &["tester"])
        .with_duty(DutyKind::RollbackReady, &["dev"]);
    let notice = Notice::YourTurn {
        verdict: Arc::new(clean()),
    };
    assert_snapshot!(scene.told("lead", &notice), @r#"
    **轮到你审批：没有不合规项，请核对后签署**
    变更：行情系统条件单功能上线变更
    单号：202611240001
    申请人：张三
    紧急程度：正常
    计划时间：11月24日（周二）17:00–18:00
    检查结果：合规
    尚缺：回归测试确认（钱敏）、回退方案确认（张三）

    <font color="comment">开发组长请核对：SIT 测试与验收已通过，有回退方案，涉及中台及前端页面的已通知对方同步上线（七.1）</font>

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    <font color="comment">请在企业微信“审批”中同意或退回</font>
    [656 bytes]
    "#);
}

#[test]
fn an_approvers_turn_by_role() {
    let notice = Notice::YourTurn {
        verdict: Arc::new(clean()),
    };
    let lines = |who: &str| {
        let told = Scene::whole().tells(who, &notice, super::sample::PAGE);
        let lines: Vec<&str> = told.lines().filter(|line| line.contains("请核对：")).collect();
        format!("{who}: {}", lines.join(" / "))
    };
    assert_snapshot!(["lead", "testlead", "ccb", "ops", "exec"].map(lines).join("\n"), @r#"
    lead: <font color="comment">开发组长请核对：SIT 测试与验收已通过，有回退方案，涉及中台及前端页面的已通知对方同步上线（七.1）</font>
    testlead: <font color="comment">测试组长请核对：功能测试完成，UAT 验收通过，回归测试完成（七.2）</font>
    ccb: <font color="comment">CCB 组请核对：已充分了解紧急变更的情况（七.3）</font>
    ops: <font color="comment">运维负责人请核对：流程是否规范，不规范应退回并指导填写（七.4）</font>
    exec:
    "#);
}

#[test]
fn an_approvers_turn_on_a_form_with_faults() {
    let notice = Notice::YourTurn {
        verdict: Arc::new(faulty()),
    };
    assert_snapshot!(Scene::whole().told("ops", &notice), @r#"
    **轮到你审批：有 2 项不合规，建议退回**
    变更：行情系统条件单功能上线变更
    单号：202611240001
    申请人：张三
    紧急程度：正常
    计划时间：11月24日（周二）17:00–18:00
    检查结果：不合规 2 项：标题格式、15:00 前发起

    <font color="comment">运维负责人请核对：流程是否规范，不规范应退回并指导填写（七.4）</font>

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    <font color="comment">请在企业微信“审批”中同意或退回</font>
    [570 bytes]
    "#);
}

#[test]
fn a_form_after_a_rejected_one() {
    let notice = Notice::Verdict {
        verdict: Arc::new(faulty()),
        earlier: Some(Comparison {
            sp_no: "202611240000".to_owned(),
            resolved: [RuleId::RollbackPlan, RuleId::Tester].into(),
            remaining: [RuleId::TitleFormat].into(),
        }),
    };
    assert_snapshot!(Scene::whole().told("dev", &notice), @r#"
    **变更申请不合规，请撤销后按下文修改再提交**
    变更：行情系统条件单功能上线变更
    单号：202611240001

    已关联被退的流程 202611240000
    > 已改好：回退方案、测试同事
    > 仍需修改：标题格式

    <font color="warning">2 项不合规</font>
    > **标题格式（六.4）**：标题“条件单上线”应写成“××系统××功能上线变更”
    > **15:00 前发起（六）**：正常流程须在变更当天 15:00 前发起，本流程在11月24日（周二） 15:12:08 才发起

    更正后的标题：
    `行情系统条件单功能上线变更`

    可选的变更时间：11月26日（周四）16:30–21:00；11月28日（周六）10:00–20:00；12月1日（周二）16:30–21:00

    另有 1 项建议改进：回退方案

    [查看详情并复制更正文本](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    <font color="comment">确需按现状上线的，请在详情页“申请豁免”查看办法</font>
    [986 bytes]
    "#);
}

#[test]
fn a_form_that_was_edited_after_signing() {
    let notice = Notice::EditedAfterSigning {
        verdict: Arc::new(clean()),
        differences: vec![
            Difference {
                field: "镜像".to_owned(),
                before: "quote-server:2.4.0".to_owned(),
                after: "quote-server:2.4.1".to_owned(),
            },
            Difference {
                field: "回退方案".to_owned(),
                before: String::new(),
                after: "回退镜像 quote-server:2.3.7".to_owned(),
            },
        ],
    };
    assert_snapshot!(Scene::whole().told("lead", &notice), @r#"
    **表单在签署后被修改，请重新核对**
    变更：行情系统条件单功能上线变更
    单号：202611240001
    申请人：张三
    紧急程度：正常
    检查结果：合规

    <font color="warning">2 处不同</font>
    > 镜像：quote-server:2.4.0 → quote-server:2.4.1
    > 回退方案：（空） → 回退镜像 quote-server:2.3.7

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    <font color="comment">更换镜像须废弃本流程、重新发起（六.2）</font>
    [514 bytes]
    "#);
}

#[test]
fn a_waiver_granted_and_refused() {
    let decided = |granted| Notice::WaiverDecided {
        granted,
        rules: [RuleId::Cutoff].into(),
        reason: "监管要求当日上线".to_owned(),
        by: user("ops"),
    };
    assert_snapshot!(Scene::whole().told("dev", &decided(true)), @r#"
    **豁免已同意，变更可按现状继续审批**
    变更：行情系统条件单功能上线变更
    单号：202611240001
    申请人：张三
    紧急程度：正常
    规则：15:00 前发起
    理由：监管要求当日上线
    决定人：赵六

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    [329 bytes]
    "#);
    assert_snapshot!(Scene::whole().told("dev", &decided(false)), @r#"
    **豁免未同意，须按检查结果修改后重新提交**
    变更：行情系统条件单功能上线变更
    单号：202611240001
    申请人：张三
    紧急程度：正常
    规则：15:00 前发起
    理由：监管要求当日上线
    决定人：赵六

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    [338 bytes]
    "#);
}

#[test]
fn a_window_that_will_be_missed() {
    let notice = Notice::WillMissWindow { closes: at("21:00") };
    let scene = Scene::whole().in_stage(Stage::Approved).at("20:30");
    assert_snapshot!(scene.told("exec", &notice), @r#"
    **变更窗口 21:00 关闭，请尽快执行或改期**
    变更：行情系统条件单功能上线变更
    单号：202611240001
    申请人：张三
    紧急程度：正常
    变更窗口：11月24日（周二）16:30–21:00
    执行人：孙运

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    <font color="comment">窗口关闭后执行，须先经开发组长确认（八.1）</font>
    [417 bytes]
    "#);
    assert_snapshot!(scene.told("dev", &notice), @r#"
    **变更窗口 21:00 关闭而尚未执行，请联系运维同事**
    变更：行情系统条件单功能上线变更
    单号：202611240001
    申请人：张三
    紧急程度：正常
    变更窗口：11月24日（周二）16:30–21:00
    执行人：孙运

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    <font color="comment">窗口关闭后执行，须先经开发组长确认（八.1）</font>
    [429 bytes]
    "#);
}

#[test]
fn a_window_that_was_missed() {
    let notice = Notice::MissedWindow {
        next: Some("2026-11-26T16:30:00+08:00".parse().unwrap()),
    };
    let scene = Scene::whole().in_stage(Stage::Approved).at("21:00");
    assert_snapshot!(scene.told("exec", &notice), @r#"
    **变更未在窗口内执行，请与研发确认后改期**
    变更：行情系统条件单功能上线变更
    单号：202611240001
    申请人：张三
    紧急程度：正常
    错过的窗口：11月24日（周二）16:30–21:00
    下一窗口：11月26日（周四）16:30 起

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    <font color="comment">窗口外执行须先经开发组长确认（八.1）</font>
    [444 bytes]
    "#);
}

#[test]
fn a_change_at_another_time() {
    let mut scene = Scene::whole().in_stage(Stage::Approved);
    scene.change.plan.from = Some(at("22:00"));
    scene.change.plan.until = None;
    assert_snapshot!(scene.told("dev", &Notice::Rescheduled { by: user("exec") }), @r#"
    **变更已改期，请按新的时间准备**
    变更：行情系统条件单功能上线变更
    单号：202611240001
    申请人：张三
    紧急程度：正常
    新的时间：11月24日（周二）22:00
    <font color="warning">新的时间不在变更窗口内，开始前须经开发组长确认（八.1）</font>
    改期人：孙运

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    [417 bytes]
    "#);
}

#[test]
fn a_start_outside_the_window_agreed_and_refused() {
    let decided = |agreed| Notice::ConsentDecided {
        agreed,
        by: user("lead"),
    };
    let scene = Scene::whole().in_stage(Stage::Approved).at("21:30");
    assert_snapshot!(scene.told("exec", &decided(true)), @r#"
    **已同意窗口外执行，可以开始**
    变更：行情系统条件单功能上线变更
    单号：202611240001
    申请人：张三
    紧急程度：正常
    决定人：李四（开发组长，八.1）

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    [287 bytes]
    "#);
    assert_snapshot!(scene.told("exec", &decided(false)), @r#"
    **未同意窗口外执行，请勿开始，另行改期**
    变更：行情系统条件单功能上线变更
    单号：202611240001
    申请人：张三
    紧急程度：正常
    决定人：李四（开发组长，八.1）

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    [302 bytes]
    "#);
}

#[test]
fn an_executed_change() {
    let scene = Scene::whole()
        .executed("17:40")
        .concerning(&[Market::Us, Market::HongKong]);
    assert_snapshot!(scene.told("dev", &Notice::Executed), @r#"
    **变更已执行，请现在跟进生产验证**
    变更：行情系统条件单功能上线变更
    单号：202611240001
    执行完成：11月24日（周二）17:40
    验证：王芳（产品）、钱敏（测试）
    权限配置：周权
    留守：张三、王芳、周权、钱敏，至验证完成（九.3）
    <font color="warning">涉及美股：留守至 11月24日（周二）22:30 美股开盘，确认交易正常</font>
    次日值守：港股 11月25日（周三）09:30，由开发组长安排

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)　[报告异常](https://changegate.example.com/a/202611240001)
    [647 bytes]
    "#);
}

#[test]
fn everybody_may_leave() {
    let mut scene = Scene::whole().executed("17:40").in_stage(Stage::Closed);
    scene.change.times.verified = Some(at("18:05"));
    assert_snapshot!(scene.told("tester", &Notice::Released), @r#"
    **验证已全部完成，可以离岗**
    变更：行情系统条件单功能上线变更
    单号：202611240001
    完成时间：11月24日（周二）18:05

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    [241 bytes]
    "#);
}

#[test]
fn an_anomaly_and_the_statement_for_users() {
    let scene = Scene::whole().executed("17:40").broken();
    assert_snapshot!(scene.told("tester", &Notice::AnomalyReported), @r#"
    **变更出现异常，请留意反馈群，按统一口径答复**
    变更：行情系统条件单功能上线变更
    单号：202611240001
    异常：条件单触发后没有推送
    时间：11月24日（周二）17:50，报告人：王芳
    处理：李四（开发）、孙运（运维）
    对外口径：尚未填写，请产品与测试商定后更新（十.2）

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)　[更新对外口径](https://changegate.example.com/a/202611240001)
    [517 bytes]
    "#);
}

#[test]
fn an_incident() {
    let scene = Scene::whole().executed("17:40").broken().an_incident();
    assert_snapshot!(scene.told("ops", &Notice::IncidentOpened), @r#"
    **生产事故，请立即响应：先应急，后排障**
    变更：行情系统条件单功能上线变更
    单号：202611240001
    事故编号：INC-20261124-01
    异常：条件单触发后没有推送
    时间：11月24日（周二）17:50，报告人：王芳
    运维值班电话：400-000-0000
    回退方案：回退镜像 quote-server:2.3.7，并执行回退脚本 rollback_1124．sql

    [查看事件](https://changegate.example.com/i/202611240001)
    <font color="comment">先以重启、回滚等恢复服务，恢复后再查原因；同步安抚客户</font>
    [557 bytes]
    "#);
}

#[test]
fn a_session_ahead() {
    let mut scene = Scene::whole().executed("17:40").concerning(&[Market::HongKong]);
    scene
        .change
        .watchers
        .insert(Market::HongKong, [user("dev"), user("lead")].into());
    let notice = Notice::SessionAhead {
        market: Market::HongKong,
        opens: "2026-11-25T09:30:00+08:00".parse().unwrap(),
    };
    assert_snapshot!(scene.told("dev", &notice), @r#"
    **请于 11月25日（周三）09:30 港股开盘前到岗值守**
    变更：行情系统条件单功能上线变更
    单号：202611240001
    值守人：张三、李四
    开盘前 30 分钟再发到岗确认卡片，开盘后请确认行情、交易正常（九.3）

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    [349 bytes]
    "#);
}

#[test]
fn a_flow_that_a_newer_one_replaces() {
    let notice = Notice::Superseded {
        by: "202611240009".to_owned(),
    };
    assert_snapshot!(Scene::whole().told("dev", &notice), @r#"
    **已有新流程替代本流程，请撤销本流程**
    变更：行情系统条件单功能上线变更
    单号：202611240001
    申请人：张三
    紧急程度：正常
    新流程：202611240009

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    <font color="comment">修改镜像等须废弃原流程、重新发起（六.2）</font>
    [368 bytes]
    "#);
    let approver = Scene::whole().tells("lead", &notice, super::sample::PAGE);
    assert!(
        approver.starts_with("**已有新流程替代本流程，请勿签署本流程**"),
        "{approver}"
    );
}

#[test]
fn flows_that_are_over() {
    let scene = Scene::whole().in_stage(Stage::Expired);
    assert_snapshot!(scene.told("dev", &Notice::Expired), @r#"
    **变更多日未执行，流程已按过期关闭；如仍需上线请重新发起**
    变更：行情系统条件单功能上线变更
    单号：202611240001
    申请人：张三
    紧急程度：正常
    变更日：11月24日（周二）

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    [319 bytes]
    "#);
    assert_snapshot!(scene.told("ops", &Notice::PassedTooLate), @r#"
    **已关闭的流程又通过了审批，请勿执行，需上线请重新发起**
    变更：行情系统条件单功能上线变更
    单号：202611240001
    申请人：张三
    紧急程度：正常
    变更现为：已过期

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    [306 bytes]
    "#);
    let begun = Scene::whole().executed("17:40");
    assert_snapshot!(begun.told("ops", &Notice::WithdrawnAfterStart), @r#"
    **审批在变更开始执行后被撤销，请核实并处理**
    变更：行情系统条件单功能上线变更
    单号：202611240001
    申请人：张三
    紧急程度：正常
    变更现为：验证中（不随撤销改变）

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    [312 bytes]
    "#);
}

fn third() -> Count {
    Count {
        number: 2,
        of: 3,
        next_in: Some(30),
        next: [user("ops")].into(),
        to_holder: false,
    }
}

#[test]
fn a_reminder_to_somebody_further_up() {
    let scene = Scene::whole()
        .executed("17:40")
        .with_duty(DutyKind::Verify, &["pm"])
        .at("18:40");
    let notice = Notice::Reminder {
        duty: 1,
        count: third(),
    };
    assert_snapshot!(scene.told("lead", &notice), @r#"
    **请督促 王芳 完成：生产验证**
    变更：行情系统条件单功能上线变更
    单号：202611240001
    第 2 次提醒，共 3 次；30 分钟后提醒赵六
    等待自：16:30

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    [273 bytes]
    "#);
    let line = scene.rendered("lead", &notice, super::sample::PAGE).line;
    assert_snapshot!(line.unwrap(), @"请督促完成生产验证：行情系统条件单功能上线变更（202611240001）");
}

#[test]
fn an_undecided_form_is_not_to_be_signed_yet() {
    let open = result(RuleId::Attachments, Status::Unknown, "附件的文件名尚未取得");
    let notice = Notice::YourTurn {
        verdict: Arc::new(verdict(changegate_policy::Urgency::Emergency, vec![open])),
    };
    let told = Scene::titled("条件单上线").tells("ccb", &notice, super::sample::PAGE);
    assert!(
        told.starts_with("**轮到你审批：尚有 1 项在核对，请稍候再签署**"),
        "{told}"
    );
}

#[test]
fn many_names_are_counted() {
    let mut scene = Scene::whole();
    scene.submission.applicants = (1..=20).map(|n| UserId::new(format!("dev{n}"))).collect();
    let told = scene.tells(
        "lead",
        &Notice::YourTurn {
            verdict: Arc::new(clean()),
        },
        super::sample::PAGE,
    );
    assert!(told.contains("dev8等 20 人"), "{told}");
}
