//! May a change be deployed now? Answered from what is stored, and from the registry where images are named: a tag can
//! be moved a minute before.
//!
//! Whatever cannot be known makes the answer `unknown`, which allows nothing.

use std::time::Duration;

use changegate_lifecycle::{Change, GateAnswer, GateReason, ReasonCode, Stage, gate};
use changegate_policy::{ImageName, Policy, RuleId, Verdict};
use changegate_store::{EventSource, Store, StoreError, StoredImage};
use chrono::{DateTime, Utc};

use crate::facts::images;
use crate::pipeline::look;
use crate::registry::Registry;

/// The registry is waited for so long.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is asked.
pub(crate) struct Gate<'a> {
    pub(crate) store: &'a Store,
    pub(crate) policy: &'a Policy,
    pub(crate) registry: Option<&'a Registry>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GateError {
    /// The database could not be read.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// What is stored cannot be read.
    #[error("what is stored of the change cannot be read: {0}")]
    Json(#[from] serde_json::Error),
}

impl Gate<'_> {
    /// The answer for one change at one time.
    pub(crate) async fn answer(&self, sp_no: &str, at: DateTime<Utc>) -> Result<GateAnswer, GateError> {
        let (row, assessment) = tokio::try_join!(self.store.change(sp_no), self.store.assessment(sp_no))?;
        let (Some(row), Some(assessment)) = (row, assessment) else {
            return Ok(GateAnswer::unknown_change(sp_no));
        };
        if row.draft.told.is_null() {
            return Ok(GateAnswer::unknown_change(sp_no));
        }
        let change: Change = serde_json::from_value(row.draft.told)?;
        let verdict: Verdict = serde_json::from_value(assessment.body)?;
        let mut answer = gate(&change, &verdict, row.draft.facts_at, at, self.policy);
        // A rollback runs other images than those of the form, and waits for no registry.
        let rolls_back = change.stage == Stage::RollingBack;
        if answer.allowed() && !rolls_back && !is_lifted(&verdict, RuleId::ImageUnchanged) {
            for reason in self.images(sp_no).await? {
                answer.add(reason);
            }
        }
        Ok(answer)
    }

    /// Has a change looked at again where the answer, for the present, says that its facts are too old: a change is
    /// kept fresh of itself in its window only, and may go out at other times. Once a minute at most.
    pub(crate) async fn look_again(
        &self,
        sp_no: &str,
        answer: &GateAnswer,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let is_stale = |reason: &GateReason| reason.code == ReasonCode::StaleFacts;
        if !answer.reasons.iter().any(is_stale) {
            return Ok(());
        }
        let minute = now.timestamp().div_euclid(60);
        let look = look(sp_no, &format!("gate/{minute}"), EventSource::Manual, now);
        self.store.insert_events(&[look]).await?;
        Ok(())
    }

    /// What speaks against the images as the registries have them now.
    async fn images(&self, sp_no: &str) -> Result<Vec<GateReason>, StoreError> {
        let recorded: Vec<StoredImage> = self.store.images(sp_no).await?;
        let asked = recorded
            .iter()
            .filter_map(|image| Some((image, image.digest.as_deref()?)));
        let checks: Vec<_> = asked
            .map(|(image, digest)| self.image(&image.image, digest))
            .collect();
        Ok(futures_util::future::join_all(checks)
            .await
            .into_iter()
            .flatten()
            .collect())
    }

    async fn image(&self, image: &str, recorded: &str) -> Option<GateReason> {
        let Some(registry) = self.registry else {
            return Some(reason(
                ReasonCode::FactsMissing,
                format!("镜像 {image} 提交时已记录摘要，现在没有配置镜像仓库，无法核对；请配置 [registry]"),
            ));
        };
        let reference = image
            .parse::<ImageName>()
            .ok()
            .and_then(|name| registry.reference(&name))?;
        match images::digest(registry, &reference, PATIENCE).await {
            Ok(Some(now)) if now == recorded => None,
            Ok(Some(now)) => Some(reason(
                ReasonCode::ImageChanged,
                format!(
                    "镜像 {image} 已被改动：提交时 {}，现在 {}；请撤回本流程，重新发起（六.2）",
                    short(recorded),
                    short(&now)
                ),
            )),
            Ok(None) => Some(reason(
                ReasonCode::ImageChanged,
                format!("镜像 {image} 已不在镜像仓库中；请撤回本流程，重新发起（六.2）"),
            )),
            Err(why) => Some(reason(
                ReasonCode::FactsMissing,
                format!("镜像 {image} 无法核对：{why}；请稍后重试"),
            )),
        }
    }
}

fn is_lifted(verdict: &Verdict, rule: RuleId) -> bool {
    verdict
        .of(rule)
        .is_none_or(|result| result.waived || !result.mode.is_in_force())
}

fn reason(code: ReasonCode, message: String) -> GateReason {
    GateReason::of_rule(code, RuleId::ImageUnchanged, message)
}

/// The beginning of a digest, as people compare it.
fn short(digest: &str) -> String {
    digest.chars().take(19).collect()
}
