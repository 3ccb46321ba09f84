//! `image-unchanged` (六.2): the images that the form names are the ones that run: no comment announces another tag,
//! and the registry has the digest that was recorded when the form was filed.

mod clause;
mod comments;
mod words;

use self::comments::announcements;
use crate::evaluate::{Context, Finding, Judgement};
use crate::facts::{ImageFacts, ImageTag};
use crate::images::{ImageName, named_images};

/// What clause 六.2 wants.
const WITHDRAW: &str = "按六.2，修改镜像须撤回本流程，重新发起";

pub(crate) fn judge(context: &Context<'_>) -> Judgement {
    let Some(facts) = &context.facts.images else {
        return Judgement::Skip("镜像数据尚未接入，没有核对".into());
    };
    let images = named_images(context.submission);
    if images.is_empty() {
        return Judgement::Skip("表单没有写明镜像".into());
    }
    let mut found: Vec<Found> = images
        .iter()
        .filter_map(|image| of_image(image, facts.tags.get(&image.to_string())))
        .collect();
    found.extend(announcements(context, &images, facts));
    if found.is_empty() {
        Judgement::PassWith(record(&images, facts))
    } else {
        together(found)
    }
}

/// What shows that nothing changed.
fn record(images: &[ImageName], facts: &ImageFacts) -> String {
    let line = |image: &ImageName| {
        let recorded = facts
            .tags
            .get(&image.to_string())
            .and_then(|tag| tag.recorded.as_deref());
        match (&image.digest, recorded) {
            (Some(_), _) => format!("{image}：以摘要指定"),
            (None, Some(recorded)) => format!("{image}：摘要 {} 与发起时一致", short(recorded)),
            (None, None) => format!("{image}：所在仓库未配置，仅核对了评论"),
        }
    };
    images.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Something that is not as it should be.
enum Found {
    Bad(Fault),
    Doubtful(Fault),
    Unknown(String),
}

struct Fault {
    message: String,
    evidence: String,
}

/// What the name and the registry say of one image; `None`: nothing against it.
fn of_image(image: &ImageName, tag: Option<&ImageTag>) -> Option<Found> {
    if image.digest.is_some() {
        return None;
    }
    let fault = |message| Fault {
        message,
        evidence: image.text.clone(),
    };
    match tag.and_then(|tag| of_tag(image, tag)) {
        Some(Registry::Changed(message)) => Some(Found::Bad(fault(message))),
        Some(Registry::Unavailable(reason)) => Some(Found::Unknown(reason)),
        Some(Registry::Late(message)) => Some(Found::Doubtful(fault(message))),
        None => untold(image).map(|message| Found::Doubtful(fault(message))),
    }
}

/// What the registry has against an image.
enum Registry {
    Changed(String),
    Unavailable(String),
    Late(String),
}

fn of_tag(image: &ImageName, tag: &ImageTag) -> Option<Registry> {
    match (&tag.recorded, &tag.current, &tag.unavailable) {
        (Some(recorded), Some(current), _) => (!recorded.eq_ignore_ascii_case(current)).then(|| {
            Registry::Changed(format!(
                "镜像 {image} 在发起后变了：发起时摘要 {}，现为 {}；{WITHDRAW}",
                short(recorded),
                short(current)
            ))
        }),
        (_, None, Some(reason)) => Some(Registry::Unavailable(format!("镜像 {image} 未能核对：{reason}"))),
        (Some(recorded), None, None) => Some(Registry::Changed(format!(
            "镜像 {image} 在仓库中已不存在（发起时摘要 {}）；请恢复原镜像；如改用其他镜像，{WITHDRAW}",
            short(recorded)
        ))),
        (None, None, None) => Some(Registry::Late(format!(
            "镜像 {image} 在仓库中不存在，标签尚未推送；请先推送镜像，并核对“镜像”是否写对"
        ))),
        (None, Some(current), _) => Some(Registry::Late(format!(
            "镜像 {image} 没有发起时的摘要（现为 {}），无法确认发起后未变；请与发起人核对",
            short(current)
        ))),
    }
}

/// Why nobody can tell later whether the image is still the same.
fn untold(image: &ImageName) -> Option<String> {
    match image.tag.as_deref() {
        None => Some(format!(
            "镜像 {image} 没有写标签，事后无法确认是否变过；请写明标签，例如 {image}:v1.2.3"
        )),
        Some(tag) if tag.eq_ignore_ascii_case("latest") => Some(format!(
            "镜像 {image} 用的是 latest，事后无法确认是否变过；请写明具体的标签"
        )),
        Some(_) => None,
    }
}

/// The first twelve digits of a digest.
fn short(digest: &str) -> String {
    let hex = digest.split_once(':').map_or(digest, |(_, hex)| hex);
    hex.chars().take(12).collect()
}

/// The worst that is found, with everything that is as bad.
fn together(found: Vec<Found>) -> Judgement {
    let (mut bad, mut doubtful, mut unknown) = (Vec::new(), Vec::new(), Vec::new());
    for found in found {
        match found {
            Found::Bad(fault) => bad.push(fault),
            Found::Doubtful(fault) => doubtful.push(fault),
            Found::Unknown(reason) => unknown.push(reason),
        }
    }
    if !bad.is_empty() {
        Judgement::Fail(finding(bad))
    } else if !unknown.is_empty() {
        Judgement::Unknown(unknown.join("；"))
    } else {
        Judgement::Warn(finding(doubtful))
    }
}

fn finding(faults: Vec<Fault>) -> Finding {
    let (messages, evidence): (Vec<String>, Vec<String>) = faults
        .into_iter()
        .map(|fault| (fault.message, fault.evidence))
        .unzip();
    Finding {
        message: messages.join("。"),
        evidence: Some((evidence.join("\n"), None)),
        fix: None,
    }
}

#[cfg(test)]
mod tests;
