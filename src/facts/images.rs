//! The images that a form names: their digests when it was filed and now, and what was written below the form.

use std::collections::BTreeMap;
use std::time::Duration;

use changegate_policy::{Comment, ImageFacts, ImageName, ImageTag, Submission, UserId, named_images};
use changegate_registry::{ErrorClass, Reference};
use changegate_store::{StoreError, StoredImage};
use changegate_wecom::approval::ApprovalDetail;
use chrono::{DateTime, Utc};
use futures_util::future::join_all;
use tokio::time::Instant;

use crate::pipeline::Parts;
use crate::registry::Registry;

/// A look waits so long for the registries in all.
const PATIENCE: Duration = Duration::from_secs(5);
/// Registries are asked for so many images side by side.
const SIDE_BY_SIDE: usize = 4;

/// Images and comments. `now_too`: the digest of today is asked for as well; of a change that is out nobody needs it.
pub(super) async fn images(
    parts: &Parts,
    submission: &Submission,
    detail: &ApprovalDetail,
    now_too: bool,
    now: DateTime<Utc>,
) -> Result<ImageFacts, StoreError> {
    let named = named_images(submission);
    let mut tags = BTreeMap::new();
    if let Some(registry) = &parts.registry
        && !named.is_empty()
    {
        if now_too {
            look(parts, registry, &submission.sp_no, &named, now).await?;
        }
        let kept = parts.store.images(&submission.sp_no).await?;
        for name in named {
            let text = name.to_string();
            if let Some(kept) = kept.iter().find(|image| image.image == text) {
                tags.insert(text, tag(kept));
            }
        }
    }
    Ok(ImageFacts {
        tags,
        comments: comments(detail),
    })
}

fn tag(kept: &StoredImage) -> ImageTag {
    ImageTag {
        recorded: kept.digest.clone(),
        recorded_at: kept.digest.as_ref().map(|_| kept.recorded_at),
        current: kept.current.clone(),
        current_at: kept.current_at,
        unavailable: kept.failure.clone(),
    }
}

async fn look(
    parts: &Parts,
    registry: &Registry,
    sp_no: &str,
    named: &[ImageName],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    for (image, answer) in digests(registry, named).await {
        match answer {
            Ok(digest) => {
                parts
                    .store
                    .record_image(sp_no, &image, digest.as_deref(), now)
                    .await?;
                parts
                    .store
                    .note_image_now(sp_no, &image, digest.as_deref(), None, now)
                    .await?;
            }
            Err(reason) => {
                parts.store.record_image(sp_no, &image, None, now).await?;
                parts
                    .store
                    .note_image_now(sp_no, &image, None, Some(&reason), now)
                    .await?;
            }
        }
    }
    Ok(())
}

/// What each image of a configured registry stands for now, by its name.
pub(super) async fn digests(
    registry: &Registry,
    named: &[ImageName],
) -> Vec<(String, Result<Option<String>, String>)> {
    let asked: Vec<(String, Reference)> = named
        .iter()
        .filter_map(|name| Some((name.to_string(), registry.reference(name)?)))
        .collect();
    let until = Instant::now() + PATIENCE;
    let mut answers = Vec::new();
    for some in asked.chunks(SIDE_BY_SIDE) {
        let patience = until.saturating_duration_since(Instant::now());
        let digests = join_all(
            some.iter()
                .map(|(_, reference)| digest(registry, reference, patience)),
        )
        .await;
        let images = some.iter().map(|(image, _)| image.clone());
        answers.extend(images.zip(digests));
    }
    answers
}

/// What a tag stands for now; none where the registry has no such tag. A failure is told in Chinese.
pub(crate) async fn digest(
    registry: &Registry,
    reference: &Reference,
    patience: Duration,
) -> Result<Option<String>, String> {
    match tokio::time::timeout(patience, registry.client.digest(reference)).await {
        Ok(Ok(digest)) => Ok(digest.map(|digest| digest.to_string())),
        Ok(Err(error)) => {
            tracing::warn!(%error, "a registry could not be asked");
            Err(words(&error))
        }
        Err(_elapsed) => Err("镜像仓库没有及时答复，稍后自动重试".to_owned()),
    }
}

/// Why a registry did not say, for those who wait for it.
fn words(error: &changegate_registry::Error) -> String {
    match error.class() {
        ErrorClass::Passing => "镜像仓库没有答复，稍后自动重试",
        ErrorClass::Auth => "镜像仓库拒绝访问，请管理员检查 registry.user 与 registry.password",
        ErrorClass::Configuration => {
            "镜像仓库的令牌服务不在配置之内，请管理员检查 registry.hosts 与 registry.token_hosts"
        }
        ErrorClass::Refused => "镜像仓库不接受这个查询，请核对镜像名称",
        ErrorClass::BadAnswer | ErrorClass::TooLarge => "镜像仓库的回答无法识别，请管理员检查 registry.hosts",
    }
    .to_owned()
}

fn comments(detail: &ApprovalDetail) -> Vec<Comment> {
    detail
        .comments
        .iter()
        .filter(|comment| !comment.content.trim().is_empty())
        .map(|comment| Comment {
            by: UserId::new(&comment.user.userid),
            at: comment
                .time
                .and_then(|seconds| DateTime::from_timestamp(seconds, 0)),
            text: comment.content.clone(),
        })
        .collect()
}
