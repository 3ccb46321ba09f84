//! The gate's answer to a deployment protection rule.
//!
//! A rejection is final: the job fails. So `rejected` is said only where the gate says no; while it does not know, the
//! job waits, and a comment says why.

use changegate_store::Event;

use super::app::{GithubApp, State};
use super::request::Requested;
use crate::web::hooks::waiting::{HookError, Outcome, Said, Waiting};

/// GitHub takes comments of so many characters.
const MAX_COMMENT: usize = 1024;

/// Asks the gate for the deployment of an inbox row, and answers GitHub.
pub(in crate::web::hooks) async fn decide(
    github: &GithubApp,
    waiting: &Waiting<'_>,
    event: &Event,
) -> Result<Outcome, HookError> {
    let asked: Requested = serde_json::from_str(&event.payload)?;
    let (said, words) = match &asked.sp_no {
        Some(sp_no) => waiting.ask(sp_no, event).await?,
        None => (
            Said::NoNumber("请以带审批单号的分支或标签部署，如 release/202611240001"),
            "部署没有写明审批单号，或写了不止一个，不允许发布".to_owned(),
        ),
    };
    let state = match said {
        Said::Allowed => State::Approved,
        Said::Denied | Said::NoNumber(_) => State::Rejected,
        Said::NotYet { last } => return comment(github, waiting, event, &asked, words, last).await,
    };
    let hint = match said {
        Said::NoNumber(hint) => format!("；{hint}"),
        Said::Allowed | Said::Denied | Said::NotYet { .. } => String::new(),
    };
    let comment = cut(&format!("{words}{hint}"));
    let sent = github.review(&asked, Some(state), &comment, waiting.now).await;
    match sent {
        // The run is over, or somebody decided already.
        Err(HookError::Refused {
            status: status @ (404 | 410 | 422),
            words,
            ..
        }) => {
            tracing::warn!(status, %words, "GitHub does not wait for the gate's answer any more");
            Ok(Outcome::Answered)
        }
        other => other.map(|()| Outcome::Answered),
    }
}

/// Says why the job waits: now and then, since GitHub takes ten comments to a deployment.
async fn comment(
    github: &GithubApp,
    waiting: &Waiting<'_>,
    event: &Event,
    asked: &Requested,
    words: String,
    last: bool,
) -> Result<Outcome, HookError> {
    let text = if last {
        format!("{words}\n\n变更闸已停止重试，请查明原因后重新运行")
    } else {
        format!("{words}\n\n变更闸会继续询问，得到答复后自动放行或拒绝")
    };
    if last || is_time_for_a_comment(event.attempts) {
        let sent = github.review(asked, None, &cut(&text), waiting.now).await;
        if let Err(error) = sent {
            tracing::warn!(%error, "GitHub did not take the comment on a deployment that waits");
        }
    }
    if last {
        return Ok(Outcome::Answered);
    }
    Ok(waiting.not_yet(words, event))
}

/// At the first question, then ever more seldom.
fn is_time_for_a_comment(attempts: u32) -> bool {
    matches!(attempts, 0 | 4 | 16 | 64 | 256)
}

fn cut(text: &str) -> String {
    text.chars().take(MAX_COMMENT).collect()
}
