//! Every message as people read it.

use std::sync::Arc;

use changegate_lifecycle::{Notice, Stage};
use changegate_policy::{RuleId, RuleResult, Status, Urgency, Verdict};
use insta::assert_snapshot;

use super::sample::{PAGE, Scene, clean, faulty, result, title_fault, user, verdict};

fn told(reader: &str, notice: &Notice) -> String {
    Scene::titled("条件单上线").tells(reader, notice, PAGE)
}

fn first(verdict: Verdict) -> Notice {
    Notice::Verdict {
        verdict: Arc::new(verdict),
        earlier: None,
    }
}

#[test]
fn a_rejected_form() {
    assert_snapshot!(told("dev", &first(faulty())), @r#"
    **变更申请不合规，请撤销后按下文修改再提交**
    变更：条件单上线
    单号：202611240001

    <font color="warning">2 项不合规</font>
    > **标题格式（六.4）**：标题“条件单上线”应写成“××系统××功能上线变更”
    > **15:00 前发起（六）**：正常流程须在变更当天 15:00 前发起，本流程在11月24日（周二） 15:12:08 才发起

    更正后的标题：
    `行情系统条件单功能上线变更`

    可选的变更时间：11月26日（周四）16:30–21:00；11月28日（周六）10:00–20:00；12月1日（周二）16:30–21:00

    另有 1 项建议改进：回退方案

    [查看详情并复制更正文本](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    <font color="comment">确需按现状上线的，请在详情页“申请豁免”查看办法</font>
    "#);
}

#[test]
fn a_rejected_form_that_was_sent_back_or_passed() {
    let mut heads = Vec::new();
    for stage in Stage::ALL {
        let text = Scene::titled("条件单上线")
            .in_stage(*stage)
            .tells("dev", &first(faulty()), PAGE);
        heads.push(format!("{} {}", stage.name(), text.lines().next().unwrap()));
    }
    assert_snapshot!(heads.join("\n"), @r#"
    已提交 **变更申请不合规，请撤销后按下文修改再提交**
    审批中 **变更申请不合规，请撤销后按下文修改再提交**
    已退回 **变更申请不合规，请按下文修改后重新提交**
    已通过 **变更已通过审批但不合规，请暂缓发布并联系运维负责人**
    执行中 **变更已开始执行但不合规，请联系运维负责人**
    验证中 **变更已开始执行但不合规，请联系运维负责人**
    异常处理中 **变更已开始执行但不合规，请联系运维负责人**
    回退中 **变更已开始执行但不合规，请联系运维负责人**
    已回退，待确认 **变更已开始执行但不合规，请联系运维负责人**
    已修复，待确认 **变更已开始执行但不合规，请联系运维负责人**
    已结束 **变更已开始执行但不合规，请联系运维负责人**
    已撤销 **变更申请不合规，再次提交时请按下文修改**
    已驳回 **变更申请不合规，再次提交时请按下文修改**
    已被新流程替代 **变更申请不合规，再次提交时请按下文修改**
    已过期 **变更申请不合规，再次提交时请按下文修改**
    "#);
}

#[test]
fn a_compliant_form() {
    assert_snapshot!(told("dev", &first(clean())), @r#"
    **变更申请合规，请等待审批**
    变更：条件单上线
    单号：202611240001
    变更窗口：11月24日（周二）16:30–21:00
    审批顺序：开发组长 → 测试组长 → 运维负责人

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    "#);
}

#[test]
fn a_compliant_emergency_with_a_waiver() {
    let waived = RuleResult {
        waived: true,
        ..title_fault()
    };
    assert_snapshot!(told("dev", &first(verdict(Urgency::Emergency, vec![waived]))), @r#"
    **变更申请合规，请等待审批**
    变更：条件单上线
    单号：202611240001
    审批顺序：开发组长 → 测试组长 → 平台产品技术线 CCB 组 → 运维负责人
    紧急变更还需邮件申请：发送小组长、运维部、产研线总监，抄送项目经理、产品经理及测试人员
    已豁免：标题格式

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    "#);
}

#[test]
fn advice_on_a_form() {
    let advice = result(
        RuleId::RollbackPlan,
        Status::Warn,
        "回退方案只写了动作，请写明回退到哪个版本",
    );
    assert_snapshot!(told("dev", &first(verdict(Urgency::Normal, vec![advice]))), @r#"
    **变更申请已受理，以下建议供改进，不影响审批**
    变更：条件单上线
    单号：202611240001
    变更窗口：11月24日（周二）16:30–21:00
    审批顺序：开发组长 → 测试组长 → 运维负责人

    <font color="warning">1 项建议改进</font>
    > **回退方案（六.6）**：回退方案只写了动作，请写明回退到哪个版本

    [查看详情并复制建议文本](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    "#);
}

#[test]
fn a_form_still_being_checked() {
    let open = result(RuleId::Attachments, Status::Unknown, "附件的文件名尚未取得");
    assert_snapshot!(told("dev", &first(verdict(Urgency::Normal, vec![open]))), @r#"
    **变更申请已受理，暂无需操作，核对完成后另行通知**
    变更：条件单上线
    单号：202611240001

    <font color="comment">1 项尚在核对</font>
    > **附件（六.10）**：附件的文件名尚未取得

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    "#);
}

#[test]
fn a_verdict_that_changed() {
    let notice = Notice::VerdictChanged {
        verdict: Arc::new(faulty()),
        resolved: vec![RuleId::DescriptionJira, RuleId::Tester],
        added: vec![RuleId::Cutoff],
    };
    assert_snapshot!(told("dev", &notice), @r#"
    **检查结果有更新：变更申请不合规，请撤销后按下文修改再提交**
    变更：条件单上线
    单号：202611240001

    <font color="info">已解决 2 项</font>
    > JIRA 单链接、测试同事

    <font color="warning">新增 1 项</font>
    > **15:00 前发起（六）**：正常流程须在变更当天 15:00 前发起，本流程在11月24日（周二） 15:12:08 才发起

    <font color="warning">其余 1 项</font>
    > **标题格式（六.4）**：标题“条件单上线”应写成“××系统××功能上线变更”

    更正后的标题：
    `行情系统条件单功能上线变更`

    可选的变更时间：11月26日（周四）16:30–21:00；11月28日（周六）10:00–20:00；12月1日（周二）16:30–21:00

    另有 1 项建议改进：回退方案

    [查看详情并复制更正文本](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    <font color="comment">确需按现状上线的，请在详情页“申请豁免”查看办法</font>
    "#);
}

#[test]
fn a_verdict_that_became_compliant() {
    let notice = Notice::VerdictChanged {
        verdict: Arc::new(clean()),
        resolved: vec![RuleId::TitleFormat],
        added: Vec::new(),
    };
    assert_snapshot!(told("dev", &notice), @r#"
    **检查结果有更新：变更申请已合规，请等待审批**
    变更：条件单上线
    单号：202611240001

    <font color="info">已解决 1 项</font>
    > 标题格式

    变更窗口：11月24日（周二）16:30–21:00
    审批顺序：开发组长 → 测试组长 → 运维负责人

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    "#);
}

#[test]
fn before_an_approver_signs() {
    assert_snapshot!(told("lead", &Notice::BeforeSigning { verdict: Arc::new(faulty()) }), @r#"
    **签署前请注意：该变更有 2 项不合规，建议退回**
    变更：条件单上线
    单号：202611240001
    申请人：张三
    紧急程度：正常

    <font color="warning">不合规项</font>
    > **标题格式（六.4）**：标题“条件单上线”应写成“××系统××功能上线变更”
    > **15:00 前发起（六）**：正常流程须在变更当天 15:00 前发起，本流程在11月24日（周二） 15:12:08 才发起

    退回理由（可复制）：
    `不符合《生产变更管理规定》：标题格式（六.4）、15:00 前发起（六）。请按变更闸通知修改后重新提交。`

    另有 1 项建议改进：回退方案

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    <font color="comment">开发组长请核对：SIT 测试与验收已通过，有回退方案，涉及中台及前端页面的已通知对方同步上线（七.1）</font>
    "#);
}

#[test]
fn before_an_approver_signs_what_could_be_better() {
    let advice = result(
        RuleId::RollbackPlan,
        Status::Warn,
        "回退方案只写了动作，请写明回退到哪个版本",
    );
    let notice = Notice::BeforeSigning {
        verdict: Arc::new(verdict(Urgency::Normal, vec![advice])),
    };
    assert_snapshot!(told("ops", &notice), @r#"
    **签署前请注意：没有不合规项，有 1 项建议改进，可正常审批**
    变更：条件单上线
    单号：202611240001
    申请人：张三
    紧急程度：正常

    <font color="warning">建议改进</font>
    > **回退方案（六.6）**：回退方案只写了动作，请写明回退到哪个版本

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    <font color="comment">运维负责人请核对：流程是否规范，不规范应退回并指导填写（七.4）</font>
    "#);
}

#[test]
fn a_breach() {
    let notice = Notice::Breach {
        verdict: Arc::new(faulty()),
        current_approvers: vec![user("lead")],
    };
    assert_snapshot!(told("ops", &notice), @r#"
    **有变更不合规（2 项），请跟进退回修改**
    变更：条件单上线
    单号：202611240001
    申请人：张三
    紧急程度：正常
    当前审批人：李四

    <font color="warning">不合规项</font>
    > **标题格式（六.4）**：标题“条件单上线”应写成“××系统××功能上线变更”
    > **15:00 前发起（六）**：正常流程须在变更当天 15:00 前发起，本流程在11月24日（周二） 15:12:08 才发起

    另有 1 项建议改进：回退方案

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    <font color="comment">申请人与当前审批人由变更闸另行通知</font>
    "#);
}

#[test]
fn the_all_clear() {
    assert_snapshot!(told("lead", &Notice::Resolved { verdict: Arc::new(clean()) }), @r#"
    **此前提醒的问题已解决，可按正常流程处理**
    变更：条件单上线
    单号：202611240001
    申请人：张三
    紧急程度：正常

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    "#);
}

#[test]
fn the_end_of_a_change_that_was_warned_of() {
    let notice = Notice::Closed {
        verdict: Arc::new(faulty()),
        stage: Stage::Withdrawn,
    };
    assert_snapshot!(told("ops", &notice), @r#"
    **变更已撤销，此前的提醒无需再处理**
    变更：条件单上线
    单号：202611240001
    申请人：张三
    紧急程度：正常

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    "#);
}

#[test]
fn a_signature_despite_a_warning() {
    let notice = Notice::SignedDespite {
        verdict: Arc::new(faulty()),
        signer: user("lead"),
        minutes_after_warning: Some(12),
    };
    assert_snapshot!(told("ops", &notice), @r#"
    **不合规的变更已被签署，请核实是否需要中止**
    变更：条件单上线
    单号：202611240001
    申请人：张三
    紧急程度：正常
    签署人：李四
    签署时间：收到提醒 12 分钟后

    <font color="warning">签署时有 2 项不合规</font>
    > **标题格式（六.4）**：标题“条件单上线”应写成“××系统××功能上线变更”
    > **15:00 前发起（六）**：正常流程须在变更当天 15:00 前发起，本流程在11月24日（周二） 15:12:08 才发起

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    "#);
}

#[test]
fn a_title_that_would_be_markup_is_shown_as_text() {
    let title = "**已批准**\n[查看](https://evil.example.com)<font color=\"info\">合规";
    let text = Scene::titled(title).tells("dev", &first(clean()), PAGE);
    let shown = "变更：＊＊已批准＊＊ ［查看］(https：//evil．example．com)＜font color=\"info\">合规";
    assert_eq!(text.lines().nth(1), Some(shown));
}
