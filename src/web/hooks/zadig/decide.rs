//! The gate's answer to a release plan.

use changegate_store::Event;

use super::plan::Plan;
use super::server::{CheckResult, Zadig};
use crate::web::hooks::waiting::{HookError, Outcome, Said, Waiting};

/// Asks the gate for the plan of an inbox row, and calls Zadig back.
pub(in crate::web::hooks) async fn decide(
    zadig: &Zadig,
    waiting: &Waiting<'_>,
    event: &Event,
) -> Result<Outcome, HookError> {
    let plan: Plan = serde_json::from_str(&event.payload)?;
    if !plan.starts() {
        let words = "变更闸只在开始执行时检查";
        zadig.call_back(&plan, CheckResult::Success, words).await?;
        return Ok(Outcome::Answered);
    }
    let (said, words) = match &plan.sp_no {
        Some(sp_no) => waiting.ask(sp_no, event).await?,
        None => (
            Said::NoNumber("请在发布计划名称里写上审批单号，如 行情上线 202611240001，再重新执行"),
            "发布计划没有写明审批单号，或写了不止一个，不允许发布".to_owned(),
        ),
    };
    let (result, words) = match said {
        Said::Allowed => (CheckResult::Success, words),
        Said::Denied => (CheckResult::Failed, words),
        Said::NoNumber(hint) => (CheckResult::Failed, format!("{words}；{hint}")),
        Said::NotYet { last: true } => (
            CheckResult::Failed,
            format!("{words}\n变更闸已停止重试，请查明原因后重新执行"),
        ),
        Said::NotYet { last: false } => {
            let told = zadig.call_back(&plan, CheckResult::Executing, &words).await;
            if let Err(error) = told {
                tracing::info!(%error, "Zadig does not take what a waiting plan waits for");
            }
            return Ok(waiting.not_yet(words, event));
        }
    };
    zadig.call_back(&plan, result, &words).await?;
    Ok(Outcome::Answered)
}
