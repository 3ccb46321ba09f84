//! Messages about deployments, as people read them.

use std::sync::Arc;

use changegate_lifecycle::{Deployment, DeploymentState, Notice, Stage};
use changegate_policy::{RuleId, Status, Urgency};
use insta::assert_snapshot;

use super::sample::{PAGE, POLICY, Scene, as_read, at, directory, result, user, verdict};
use crate::{FirmNotice, firm};

fn deployment(state: DeploymentState) -> Deployment {
    Deployment {
        id: "quote-deploy#17".to_owned(),
        state,
        environment: "prod".to_owned(),
        images: vec!["quote-server:2.4.0".to_owned(), "quote-push:1.9.2".to_owned()],
        by: "jenkins".to_owned(),
        at: at("17:05"),
        note: String::new(),
        allowed: true,
        why_not: Vec::new(),
    }
}

fn against_the_gate(stage: Stage) -> String {
    let deployment = Deployment {
        allowed: false,
        why_not: vec![
            "窗口 11月24日 16:30–21:00 已过（现在 11月24日 22:00）；请改期到下一窗口".to_owned(),
            "镜像 quote-server:2.4.0 已被改动".to_owned(),
        ],
        ..deployment(DeploymentState::Started)
    };
    let notice = Notice::DeployedAgainstGate {
        deployment: Arc::new(deployment),
    };
    Scene::whole().in_stage(stage).told("ops", &notice)
}

#[test]
fn against_the_gate_of_an_approved_change() {
    assert_snapshot!(against_the_gate(Stage::Executing), @r#"
    **变更在闸门未放行时发布，请立即核实，不应上线的立即回退**
    变更：行情系统条件单功能上线变更
    单号：202611240001
    申请人：张三
    紧急程度：正常
    变更现为：执行中
    发布任务：jenkins，编号 quote-deploy#17
    发布状态：开始发布（11月24日（周二）17:05）
    环境：prod
    镜像：quote-server:2.4.0、quote-push:1.9.2

    <font color="warning">未放行的原因</font>
    > 窗口 11月24日 16:30–21:00 已过（现在 11月24日 22:00）；请改期到下一窗口
    > 镜像 quote-server:2.4.0 已被改动

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    <font color="comment">先恢复，后查原因（先应急，后排障）；发布任务应先询问闸门，放行后再执行</font>
    [801 bytes]
    "#);
}

#[test]
fn against_the_gate_of_a_form_that_did_not_pass() {
    let heads: Vec<String> = [Stage::Approving, Stage::Withdrawn, Stage::Closed]
        .into_iter()
        .map(|stage| against_the_gate(stage).lines().next().unwrap().to_owned())
        .collect();
    assert_snapshot!(heads.join("\n"), @r#"
    **未经批准的变更已经发布，请立即核实，不应上线的立即回退**
    **未经批准的变更已经发布，请立即核实，不应上线的立即回退**
    **变更在闸门未放行时发布，请立即核实，不应上线的立即回退**
    "#);
}

#[test]
fn a_deployment_that_failed() {
    let notice = Notice::DeploymentFailed {
        deployment: Arc::new(Deployment {
            note: "健康检查未通过".to_owned(),
            ..deployment(DeploymentState::Failed)
        }),
    };
    let scene = Scene::whole().in_stage(Stage::Executing);
    assert_snapshot!(scene.told("exec", &notice), @r#"
    **发布失败，请查看任务日志，处理后重新发布或回退**
    变更：行情系统条件单功能上线变更
    单号：202611240001
    申请人：张三
    紧急程度：正常
    变更现为：执行中
    发布任务：jenkins，编号 quote-deploy#17
    发布状态：发布失败（11月24日（周二）17:05）
    环境：prod
    镜像：quote-server:2.4.0、quote-push:1.9.2
    说明：健康检查未通过

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    <font color="comment">要修改镜像才能上线的，须撤回本流程，重新发起（六.2）</font>
    [605 bytes]
    "#);
    assert_snapshot!(scene.told("dev", &notice).lines().next().unwrap(), @"**变更发布失败，请配合运维同事排查**");
}

#[test]
fn a_deployment_that_was_rolled_back() {
    let notice = Notice::DeploymentRolledBack {
        deployment: Arc::new(deployment(DeploymentState::RolledBack)),
    };
    assert_snapshot!(Scene::whole().in_stage(Stage::RolledBack).told("lead", &notice), @r#"
    **变更已由发布任务回退，请关注原功能是否恢复**
    变更：行情系统条件单功能上线变更
    单号：202611240001
    申请人：张三
    紧急程度：正常
    变更现为：已回退，待确认
    发布任务：jenkins，编号 quote-deploy#17
    发布状态：已回退（11月24日（周二）17:05）
    环境：prod
    镜像：quote-server:2.4.0、quote-push:1.9.2

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    <font color="comment">开发、测试同事确认原功能正常后，流程方可结束（十.3）</font>
    [577 bytes]
    "#);
    assert_snapshot!(Scene::whole().in_stage(Stage::Executing).told("lead", &notice), @r#"
    **发布任务已回退，请商定是否重新发布**
    变更：行情系统条件单功能上线变更
    单号：202611240001
    申请人：张三
    紧急程度：正常
    变更现为：执行中
    发布任务：jenkins，编号 quote-deploy#17
    发布状态：已回退（11月24日（周二）17:05）
    环境：prod
    镜像：quote-server:2.4.0、quote-push:1.9.2

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    [446 bytes]
    "#);
}

#[test]
fn not_to_begin() {
    let changed = result(
        RuleId::ImageUnchanged,
        Status::Fail,
        "镜像 quote-server:2.4.0 已被改动：提交时 sha256:1111，现在 sha256:2222；请撤回本流程，重新发起",
    );
    let notice = Notice::StopBeforeStart {
        verdict: Arc::new(verdict(Urgency::Normal, vec![changed])),
    };
    assert_snapshot!(Scene::whole().in_stage(Stage::Approved).told("exec", &notice), @r#"
    **请勿开始执行：变更通过后出现不合规项**
    变更：行情系统条件单功能上线变更
    单号：202611240001
    申请人：张三
    紧急程度：正常

    <font color="warning">1 项不合规</font>
    > **镜像未变（六.2）**：镜像 quote-server:2.4.0 已被改动：提交时 sha256:1111，现在 sha256:2222；请撤回本流程，重新发起

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    <font color="comment">更换镜像的须撤回本流程，重新发起（六.2）；问题解决后会再通知你</font>
    [576 bytes]
    "#);
}

fn stray(sp_no: Option<&str>) -> String {
    let notice = FirmNotice::StrayDeployment {
        sp_no: sp_no.map(str::to_owned),
        deployment: Box::new(deployment(DeploymentState::Succeeded)),
    };
    let message = firm(&notice, &user("ops"), Some(&directory()), &POLICY, PAGE).unwrap();
    as_read(&message.body)
}

#[test]
fn a_deployment_without_a_change() {
    assert_snapshot!(stray(Some("202611249999")), @r#"
    **发现没有变更单的发布，请立即核实**
    所给单号：202611249999（没有这份变更）
    发布任务：jenkins，编号 quote-deploy#17
    发布状态：发布成功（11月24日（周二）17:05）
    环境：prod
    镜像：quote-server:2.4.0、quote-push:1.9.2

    请核实是谁、为何发布：
    > 应当上线的，请按规定补发起变更流程（六）
    > 不应上线的，请立即回退（先应急，后排障）

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    [522 bytes]
    "#);
    assert_snapshot!(stray(None), @r#"
    **发现没有变更单的发布，请立即核实**
    所给单号：无
    发布任务：jenkins，编号 quote-deploy#17
    发布状态：发布成功（11月24日（周二）17:05）
    环境：prod
    镜像：quote-server:2.4.0、quote-push:1.9.2

    请核实是谁、为何发布：
    > 应当上线的，请按规定补发起变更流程（六）
    > 不应上线的，请立即回退（先应急，后排障）

    [查看详情](https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c)
    [489 bytes]
    "#);
}
