//! A form with faults, what the bot says to whom, and the corrected form.

use changegate_simulator::{Action, forms};
use chrono::{DateTime, Utc};

use super::stage::Stage;

/// Answers with the corrected form's number.
pub(super) async fn play(stage: &Stage<'_>, planned: DateTime<Utc>) -> anyhow::Result<String> {
    Stage::tells("张伟在企业微信里提交《生产上线变更》，填得有些随意")?;
    let faulty = stage.files("zhangwei", &forms::faulty(planned))?;
    stage.reads("zhangwei", [&faulty, "不合规"]).await?;
    stage.reads("liqiang", [&faulty, "建议退回"]).await?;
    stage.reads("zhaolei", [&faulty, "不合规"]).await?;
    Stage::tells("张伟撤销，照更正文本重新提交")?;
    stage
        .wecom
        .act(&faulty, "zhangwei", &Action::Withdraw)
        .map_err(|refusal| anyhow::anyhow!("the form could not be withdrawn: {refusal}"))?;
    stage.reads("liqiang", [&faulty, "已撤销"]).await?;
    stage.reads("zhaolei", [&faulty, "已撤销"]).await?;
    let corrected = stage.files("zhangwei", &forms::corrected(planned))?;
    stage.reads("zhangwei", [&corrected, "合规"]).await?;
    Ok(corrected)
}
