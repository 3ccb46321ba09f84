//! Digests that agree, differ, or cannot be had.

mod comments;

use std::collections::BTreeMap;

use crate::facts::{Comment, Facts, ImageFacts, ImageTag};
use crate::rule::RuleId;
use crate::rules::testing::{at, compliant, directory, judged, text};
use crate::submission::{Field, Submission, UserId};
use crate::verdict::Status::{Fail, Pass, Skip, Unknown, Warn};

const NAME: &str = "harbor.yxzq.com/trade/quote-api:v2.9.0";
const BEFORE: &str = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const AFTER: &str = "sha256:fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210";

fn form(images: &str) -> Submission {
    Submission {
        images: text(images),
        ..compliant()
    }
}

fn tag(recorded: Option<&str>, current: Option<&str>, unavailable: Option<&str>) -> ImageTag {
    ImageTag {
        recorded: recorded.map(str::to_owned),
        current: current.map(str::to_owned),
        unavailable: unavailable.map(str::to_owned),
        ..ImageTag::default()
    }
}

fn facts(tags: BTreeMap<String, ImageTag>, comments: Vec<Comment>) -> Facts {
    Facts {
        images: Some(ImageFacts { tags, comments }),
        directory: Some(std::sync::Arc::new(directory())),
        ..Facts::default()
    }
}

fn comment(local: Option<&str>, text: &str) -> Comment {
    Comment {
        by: UserId::new("pm1"),
        at: local.map(at),
        text: text.to_owned(),
    }
}

#[test]
fn the_registry_has_what_was_recorded() {
    let upper = BEFORE.to_ascii_uppercase();
    for (tag, status, words) in [
        (tag(Some(BEFORE), Some(BEFORE), None), Pass, ""),
        (tag(Some(BEFORE), Some(&upper), None), Pass, ""),
        (
            tag(Some(BEFORE), Some(AFTER), None),
            Fail,
            "镜像 harbor.yxzq.com/trade/quote-api:v2.9.0 在发起后变了：发起时摘要 0123456789ab，现为 fedcba987654；\
             按六.2，修改镜像须撤回本流程，重新发起",
        ),
        (tag(Some(BEFORE), Some(AFTER), Some("超时")), Fail, "变了"),
        (tag(Some(BEFORE), None, None), Fail, "已不存在"),
        (
            tag(Some(BEFORE), None, Some("仓库连接超时")),
            Unknown,
            "未能核对：仓库连接超时",
        ),
        (tag(None, None, Some("仓库连接超时")), Unknown, "仓库连接超时"),
        (tag(None, None, None), Warn, "标签尚未推送"),
        (
            tag(None, Some(AFTER), None),
            Warn,
            "没有发起时的摘要（现为 fedcba987654）",
        ),
    ] {
        let facts = facts([(NAME.to_owned(), tag)].into(), Vec::new());
        let result = judged(RuleId::ImageUnchanged, &form(NAME), &facts);
        assert_eq!(result.status, status, "{facts:?}");
        let message = result.message.unwrap_or_default();
        assert!(message.contains(words), "{message}");
    }
}

#[test]
fn a_name_that_says_too_little_is_told() {
    let pinned = format!("quote-api@{BEFORE}");
    let both = format!("quote-api:latest@{BEFORE}");
    for (images, status, words) in [
        ("quote-api:v2.9.0", Pass, ""),
        ("quote-api", Warn, "没有写标签"),
        ("harbor.yxzq.com/trade/quote-api", Warn, "没有写标签"),
        ("quote-api:latest", Warn, "latest"),
        ("quote-api:LATEST", Warn, "latest"),
        ("quote-api:latest-v2.9.0", Pass, ""),
        (&pinned, Pass, ""),
        (&both, Pass, ""),
        ("无", Skip, "没有写明镜像"),
        ("见附件", Skip, "没有写明镜像"),
    ] {
        let result = judged(
            RuleId::ImageUnchanged,
            &form(images),
            &facts(BTreeMap::new(), Vec::new()),
        );
        assert_eq!(result.status, status, "{images}");
        let message = result.message.unwrap_or_default();
        assert!(message.contains(words), "{message}");
    }
    let moved = facts(
        [(
            "quote-api:latest".to_owned(),
            tag(Some(BEFORE), Some(AFTER), None),
        )]
        .into(),
        Vec::new(),
    );
    assert_eq!(
        judged(RuleId::ImageUnchanged, &form("quote-api:latest"), &moved).status,
        Fail
    );
}

#[test]
fn nothing_is_judged_where_nobody_looked_or_no_image_is_named() {
    let result = judged(RuleId::ImageUnchanged, &form(NAME), &Facts::default());
    assert_eq!(
        (result.status, result.message.unwrap().contains("尚未接入")),
        (Skip, true)
    );
    let loud = facts(BTreeMap::new(), vec![comment(None, "镜像改为 v2.9.1")]);
    for images in [Field::Empty, Field::Absent("镜像".to_owned())] {
        let submission = Submission {
            images,
            ..compliant()
        };
        assert_eq!(judged(RuleId::ImageUnchanged, &submission, &loud).status, Skip);
    }
}

#[test]
fn the_worst_of_several_images_decides_and_all_of_its_kind_are_named() {
    let second = "harbor.yxzq.com/trade/order-api:v3.1.0";
    let third = "pay:latest";
    let images = format!("{NAME}\n{second}\n{third}");
    let of = |first: ImageTag, other: ImageTag| {
        let tags = [(NAME.to_owned(), first), (second.to_owned(), other)].into();
        judged(RuleId::ImageUnchanged, &form(&images), &facts(tags, Vec::new()))
    };
    let same = || tag(Some(BEFORE), Some(BEFORE), None);
    let moved = || tag(Some(BEFORE), Some(AFTER), None);
    let gone = || tag(Some(BEFORE), None, Some("超时"));
    assert_eq!(of(same(), same()).status, Warn);
    assert_eq!(of(same(), gone()).status, Unknown);
    assert_eq!(of(gone(), moved()).status, Fail);
    let both = of(moved(), moved());
    assert_eq!(both.evidence.unwrap(), format!("{NAME}\n{second}"));
}
