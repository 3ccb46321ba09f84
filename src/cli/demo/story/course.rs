//! The course of a change that goes well: preparations, chain, window, execution, verification, and the next morning's
//! opening in Hong Kong.

use anyhow::Context as _;
use changegate_calendar::Exchange;
use changegate_policy::Policy;
use chrono::{DateTime, TimeDelta, Utc};

use super::stage::Stage;

pub(super) async fn play(stage: &Stage<'_>, sp_no: &str, planned: DateTime<Utc>) -> anyhow::Result<()> {
    Stage::tells("变更当天：测试、开发、产品各自确认准备事项（三.2）")?;
    stage.presses("wangfang", sp_no, "已完成").await?;
    stage.presses("zhangwei", sp_no, "已完成").await?;
    stage.presses("chenjing", sp_no, "已完成").await?;
    Stage::tells("依次审批，每人收到本岗位的检查要点（七）")?;
    for approver in ["liqiang", "sunli", "zhaolei"] {
        stage.reads(approver, [sp_no, "审批"]).await?;
        stage.signs(approver, sp_no)?;
    }
    Stage::tells("到了变更窗口，运维执行（八）")?;
    stage.moves_to(planned).await?;
    stage.presses("machao", sp_no, "开始执行").await?;
    stage.presses("machao", sp_no, "执行完成").await?;
    stage.reads("zhangwei", [sp_no, "跟进生产验证"]).await?;
    Stage::tells("产品验证、测试留意反馈群（九）；涉及港股，组长安排次日到岗的人")?;
    stage.presses("chenjing", sp_no, "验证通过").await?;
    stage.presses("wangfang", sp_no, "无异常反馈").await?;
    stage.presses("liqiang", sp_no, "由我到岗").await?;
    stage.reads("wangfang", [sp_no, "离岗"]).await?;
    let opens = Policy::built_in()
        .exchanges()
        .next_open(Exchange::HongKong, planned)
        .context("the trading calendar does not cover the next session")?
        .opens;
    stage.moves_to(opens - TimeDelta::minutes(30)).await?;
    stage.presses("liqiang", sp_no, "已到岗").await?;
    stage.moves_to(opens + TimeDelta::minutes(3)).await?;
    stage.presses("liqiang", sp_no, "开盘正常").await
}
