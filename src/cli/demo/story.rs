//! The story: a form with faults, what the bot says to whom, the corrected form, and its acceptance.

use std::time::Duration;

use anyhow::Context as _;
use changegate_simulator::{Action, Form, Message, Simulator, forms};
use chrono::{DateTime, Utc};

use crate::cli::output::out;

/// A machine that is busy building takes its time.
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) async fn play(wecom: &Simulator, planned: DateTime<Utc>) -> anyhow::Result<()> {
    out("— 张伟在企业微信里提交《生产上线变更》，填得有些随意 —\n")?;
    let faulty = file(wecom, &forms::faulty(planned))?;
    for (who, name) in [
        ("zhangwei", "张伟（申请人）"),
        ("liqiang", "李强（当前审批人）"),
        ("zhaolei", "赵磊（运维负责人）"),
    ] {
        hear(wecom, who, name, &faulty).await?;
    }
    out("\n— 张伟撤销，照更正文本重新提交 —\n")?;
    wecom
        .act(&faulty, "zhangwei", &Action::Withdraw)
        .context("the form could not be withdrawn")?;
    released(wecom, "liqiang", &faulty).await?;
    released(wecom, "zhaolei", &faulty).await?;
    let corrected = file(wecom, &forms::corrected(planned))?;
    hear(wecom, "zhangwei", "张伟（申请人）", &corrected).await
}

fn file(wecom: &Simulator, form: &Form) -> anyhow::Result<String> {
    let sp_no = wecom
        .submit("zhangwei", form)
        .context("the form could not be filed")?;
    out(&format!(
        "  标题：{}\n  描述：{}\n  回退方案：{}\n  审批单号：{sp_no}\n",
        form.title, form.description, form.rollback
    ))?;
    Ok(sp_no)
}

async fn hear(wecom: &Simulator, who: &str, name: &str, sp_no: &str) -> anyhow::Result<()> {
    let message = wecom
        .wait_message(who, |message| text(message).contains(sp_no), PATIENCE)
        .await?;
    out(&format!("\n【机器人 → {name}】\n{}\n", text(&message)))?;
    Ok(())
}

/// Those who were warned hear that nothing is left to do: their second message about the form.
async fn released(wecom: &Simulator, who: &str, sp_no: &str) -> anyhow::Result<()> {
    let both = |messages: &[Message]| {
        messages
            .iter()
            .filter(|message| message.is_to(who) && text(message).contains(sp_no))
            .count()
            == 2
    };
    let messages = wecom
        .wait_messages("the release of those who were warned", both, PATIENCE)
        .await?;
    if let Some(last) = messages.iter().rfind(|message| message.is_to(who)) {
        out(&format!("\n【机器人 → {who}】\n{}\n", text(last)))?;
    }
    Ok(())
}

fn text(message: &Message) -> &str {
    message
        .body
        .pointer("/markdown/content")
        .and_then(serde_json::Value::as_str)
        .unwrap_or_default()
}
