//! The course of a change that goes wrong: an anomaly, its time-out, the rollback.

use anyhow::Context as _;
use changegate_policy::Policy;
use changegate_simulator::{Form, forms};
use chrono::{NaiveTime, TimeDelta, Utc};

use super::stage::Stage;

const MORNING: NaiveTime = NaiveTime::from_hms_opt(10, 40, 0).unwrap();

pub(super) async fn play(stage: &Stage<'_>) -> anyhow::Result<()> {
    let policy = Policy::built_in();
    let today = policy.day_of(stage.wecom.clock().now());
    let window = policy
        .windows()
        .windows_from(stage.wecom.clock().now())
        .find(|window| policy.day_of(window.opens) > today)
        .context("the policy has no window in the next year")?;
    stage
        .moves_to(policy.at(policy.day_of(window.opens), MORNING))
        .await?;
    let planned = window.closes - TimeDelta::hours(2);
    Stage::tells("下一个窗口日，交易组吴磊提交另一项变更")?;
    let sp_no = stage.files("wulei", &form(planned))?;
    stage.reads("wulei", [&sp_no, "合规"]).await?;
    for approver in ["hejun", "sunli", "zhaolei"] {
        stage.reads(approver, [&sp_no, "审批"]).await?;
        stage.signs(approver, &sp_no)?;
    }
    stage.moves_to(planned).await?;
    stage.presses("qianhao", &sp_no, "开始执行").await?;
    stage.presses("qianhao", &sp_no, "执行完成").await?;
    Stage::tells("产品经理发现异常（九.1）")?;
    stage.presses("linfeng", &sp_no, "发现异常").await?;
    stage.presses("hejun", &sp_no, "开始处理").await?;
    Stage::tells("15 分钟内没有解决，执行回退方案（十.1）")?;
    stage.moves_to(planned + TimeDelta::minutes(16)).await?;
    stage.presses("qianhao", &sp_no, "回退完成").await?;
    stage.presses("wulei", &sp_no, "原功能正常").await?;
    stage.presses("liuyan", &sp_no, "原功能正常").await?;
    stage.group_reads("恢复").await
}

fn form(planned: chrono::DateTime<Utc>) -> Form {
    let description = "1、条件单功能，已通过 UAT 验收，已通过回归测试；\
                       JIRA 单：http://jira.yxzq.com/browse/TRADE-1024；";
    let images = "trade-order:v5.2.0";
    Form {
        title: "交易系统条件单功能上线变更".to_owned(),
        description: description.to_owned(),
        files: vec![forms::change_plan(description, images, planned)],
        rollback: "如异常，将 trade-order 镜像回滚至 v5.1.2，并关闭开关 order.conditional，约 5 分钟恢复。"
            .to_owned(),
        product_managers: vec!["linfeng".to_owned()],
        testers: vec!["liuyan".to_owned()],
        images: images.to_owned(),
        ..forms::corrected(planned)
    }
}
