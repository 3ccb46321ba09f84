//! Comments as people write them: those that announce another image, and those that do not.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{BEFORE, NAME, comment, facts, form, tag};
use crate::rule::RuleId;
use crate::rules::testing::judged;
use crate::verdict::RuleResult;
use crate::verdict::Status::{self, Fail, Pass, Warn};

fn with_comment(images: &str, text: &str) -> RuleResult {
    let facts = facts(BTreeMap::new(), vec![comment(Some("2026-11-24 15:10"), text)]);
    judged(RuleId::ImageUnchanged, &form(images), &facts)
}

/// Tells every comment that went wrong, not only the first.
fn expect(status: Status, images: &str, comments: &[&str]) {
    let wrong: Vec<String> = comments
        .iter()
        .filter_map(|text| {
            let result = with_comment(images, text);
            (result.status != status).then(|| format!("{text}: {:?} {:?}", result.status, result.message))
        })
        .collect();
    assert!(wrong.is_empty(), "wanted {status:?}:\n{}", wrong.join("\n"));
}

#[test]
fn comments_that_announce_another_image_fail() {
    expect(
        Fail,
        NAME,
        &[
            "镜像改为 quote-api:v2.9.1",
            "镜像改为 v2.9.1",
            "镜像改成v2.9.1了",
            "镜像換成 v2.9.1",
            "更换镜像：harbor.yxzq.com/trade/quote-api:v2.9.1",
            "quote-api:v2.9.0 -> quote-api:v2.9.1",
            "quote-api:v2.9.0 → v2.9.1",
            "镜像由 v2.9.0 更新为 v2.9.1",
            "原镜像 v2.9.0 改为 v2.9.1",
            "quote-api 升级为 2.9.1",
            "tag 改为 v2.9.0-hotfix1",
            "Tag：改为 V2.9.1，麻烦运维同事注意",
            "有个 bug，重新打包了，请用镜像 v2.9.1",
            "重新打包镜像 v2.9.1",
            "新镜像：v2.9.1",
            "新镜像 harbor.yxzq.com/trade/quote-api:v2.9.1 已推送",
            "镜像以 v2.9.1 为准",
            "v2.9.1 是最新镜像",
            "请发 quote-api:v2.9.1",
            "请使用 quote-api:20261124-1830",
            "版本调整为 v2.10.0",
            "image 更新为 v2.9.1",
            "镜像改为 a1b2c3d",
            "镜像地址不变，tag 改为 v2.9.1",
            "回退方案不变，镜像改为 v2.9.1",
            "辛苦审批\n镜像改为 v2.9.1（原 v2.9.0）",
            "各位好。镜像改为 v2.9.1。谢谢",
            "镜像改为 quote-api@sha256:fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210",
        ],
    );
}

#[test]
fn comments_that_leave_it_open_are_only_told() {
    expect(
        Warn,
        NAME,
        &[
            "quote-api:v2.9.1 已推送",
            "quote-api v2.9.1 验证过了",
            "镜像要不要改为 v2.9.1",
            "镜像改为 v2.9.1 吗？",
            "是否换成 quote-api:v2.9.1？",
            "如果有问题，镜像改为 v2.9.1",
            "镜像有问题，请用 v2.9.1",
            "镜像重新打包了",
            "测试发现问题，更换了镜像",
            "镜像改为 2.9",
            "镜像改为 order-api:v3.1.0",
            "镜像已推送，请用 Chrome 120.0.1 验证",
            "测试环境镜像改为 v2.9.1",
            "下次镜像改为 v2.9.1",
            "App 版本改为 6.12.0",
            "jdk 版本升级为 17.0.2",
        ],
    );
}

#[test]
fn comments_about_anything_else_pass() {
    expect(
        Pass,
        NAME,
        &[
            "",
            "同意",
            "已验证，没问题",
            "辛苦尽快审批",
            "镜像不变",
            "镜像没改，仍为 v2.9.0",
            "镜像改为 v2.9.0",
            "镜像改为 2.9.0",
            "镜像由 v2.8.3 改为 v2.9.0",
            "镜像：quote-api:v2.9.0",
            "quote-api:v2.8.3 -> quote-api:v2.9.0",
            "harbor.yxzq.com/trade/quote-api:v2.9.0 已推送",
            "回滚请用镜像 v2.8.3",
            "如需回滚，请用镜像 v2.8.3",
            "上线失败的话回退，镜像换成 v2.8.3",
            "回退镜像 quote-api:v2.8.3",
            "rollback image: quote-api:v2.8.3",
            "原镜像 quote-api:v2.8.3",
            "旧版本是 v2.8.3",
            "线上当前镜像 v2.8.3",
            "线上 quote-api:v2.8.3",
            "之前用的是 quote-api:v2.8.3",
            "上一版本 quote-api:v2.8.3",
            "镜像不改为 v2.9.1",
            "镜像不用换成 v2.9.1",
            "请勿使用 quote-api:v2.9.1",
            "镜像没有重新打包",
            "无需重新打包",
            "计划变更时间改为 17:30",
            "上线时间改为 2026-11-26 17:30",
            "测试同事改为 zhouba",
            "JIRA 单改为 TRADE-1025",
            "请用 Chrome 120.0.1 验证",
            "产品版本号 App 6.12.0 已提审",
            "数据库连接改为 10.0.0.1:3306",
            "已通知 3 位同事，改为 3 人值守",
            "配置 timeout 改为 30",
            "http://jira.yxzq.com/browse/TRADE-1024 已改为待上线",
            "验收邮件 2026.11.23 已回",
            "新需求见 http://jira.yxzq.com/browse/TRADE-1030",
            "依赖 redis:7.2.1",
        ],
    );
}

#[test]
fn a_comment_is_compared_with_all_that_the_form_names() {
    let two = "quote-api:v2.9.0\norder-api:v3.1.0";
    expect(
        Pass,
        two,
        &[
            "order-api 镜像改为 v3.1.0",
            "镜像更新为 v3.1.0",
            "order-api v3.1.0 已推送",
        ],
    );
    expect(
        Fail,
        two,
        &[
            "order-api 更新为 v3.1.1",
            "order-api:v3.1.1 -> 请用 order-api:v2.9.0",
            "镜像改为 v4.0.0",
        ],
    );
    // Where the form gives no tag, a comment that gives one changes nothing.
    expect(Warn, "quote-api", &["镜像改为 quote-api:v2.9.0", "同意"]);
    let recorded = facts(
        [(NAME.to_owned(), tag(Some(BEFORE), Some(BEFORE), None))].into(),
        vec![comment(None, &format!("请用 quote-api@{BEFORE}"))],
    );
    assert_eq!(
        judged(RuleId::ImageUnchanged, &form(NAME), &recorded).status,
        Pass
    );
}

#[test]
fn only_what_is_said_after_filing_counts() {
    for (local, status) in [
        (Some("2026-11-24 13:59:59"), Pass),
        (Some("2026-11-24 14:00:00"), Pass),
        (Some("2026-11-24 14:00:01"), Fail),
        (None, Fail),
    ] {
        let facts = facts(BTreeMap::new(), vec![comment(local, "镜像改为 v2.9.1")]);
        assert_eq!(
            judged(RuleId::ImageUnchanged, &form(NAME), &facts).status,
            status,
            "{local:?}"
        );
    }
}

#[test]
fn the_comment_is_quoted_with_who_and_when() {
    let result = with_comment(NAME, "镜像改为 v2.9.1");
    assert_eq!(
        result.evidence.as_deref(),
        Some("王小明 11-24 15:10：镜像改为 v2.9.1")
    );
    assert_eq!(
        result.message.as_deref(),
        Some(
            "王小明 11-24 15:10 的评论说镜像改用 v2.9.1，与表单不同；按六.2，修改镜像须撤回本流程，重新发起"
        )
    );
    let long = with_comment(NAME, &format!("镜像改为 v2.9.1{}", "啊".repeat(10_000)));
    assert!(long.evidence.unwrap().chars().count() < 250);
}

/// Parts of such comments, thrown together.
fn written() -> impl Strategy<Value = String> {
    let parts = prop::sample::select(vec![
        "镜像",
        "改为",
        "以",
        "为准",
        "回滚",
        "原",
        "不",
        "v2.9.1",
        "v2.9.0",
        "quote-api",
        ":",
        "@",
        "/",
        " ",
        "，",
        "。",
        "？",
        "->",
        "\n",
        "𠮷",
        "é",
        "\u{200b}",
        "tag",
        "请用",
        BEFORE,
    ]);
    prop_oneof![
        prop::collection::vec(parts, 0..14).prop_map(|parts| parts.concat()),
        "\\PC{0,60}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_comment_gets_an_answer(written in written()) {
        let result = with_comment(NAME, &written);
        prop_assert_eq!(result.message.is_none(), result.status == Pass);
    }
}
