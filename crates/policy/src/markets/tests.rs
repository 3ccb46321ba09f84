//! Which words make a change one of a market, and which only look as if they did.

use super::*;
use crate::policy::Policy;
use crate::rules::testing::{compliant, policy_with, text};
use crate::submission::Field;

fn read(title: &str) -> MarketReading {
    let submission = Submission {
        title: text(title),
        ..compliant()
    };
    Policy::built_in().markets(&submission)
}

fn names(reading: &MarketReading) -> String {
    let names: Vec<_> = reading.markets.iter().map(|market| market.name()).collect();
    names.join("、")
}

#[test]
fn a_markets_words_concern_it() {
    for (title, expected) in [
        ("行情系统美股条件单功能上线变更", "美股"),
        ("行情系統美股條件單功能上線變更", "美股"),
        ("交易系统盘前盘后交易功能上线变更", "美股"),
        ("交易系统支持NASDAQ订单功能上线变更", "美股"),
        ("交易系统nyse/amex路由功能上线变更", "美股"),
        ("行情系统港股暗盘功能上线变更", "港股"),
        ("行情系统港股通功能上线变更", "港股"),
        ("行情系统ＳＧＸ行情功能上线变更", "新加坡股票"),
        ("交易系统新加坡股票下单功能上线变更", "新加坡股票"),
        (
            "交易系统美股、港股、新加坡下单功能上线变更",
            "美股、港股、新加坡股票",
        ),
        ("行情系统全市场快照功能上线变更", "美股、港股、新加坡股票"),
        ("修复美股没有盘前行情的问题", "美股"),
        ("港股无法撤单修复", "港股"),
        ("除非美股开盘，否则不推送", "美股"),
        ("不涉及港股，仅美股", "美股"),
        ("不影响下单的美股行情优化", "美股"),
        ("除美股外的港股行情", "港股"),
    ] {
        assert_eq!(names(&read(title)), expected, "{title}");
    }
}

#[test]
fn what_is_denied_or_part_of_another_word_concerns_nobody() {
    for title in [
        "行情系统条件单功能上线变更",
        "交易系统A股条件单功能上线变更",
        "行情系统非美股行情功能上线变更",
        "本次不涉及港股",
        "本次变更不涉及美股、港股和新加坡股票行情、交易",
        "美股行情不涉及",
        "港股、新加坡均不涉及",
        "港股交易不受影响",
        "美股：无",
        "与美股交易无关",
        "除美股以外",
        "港股除外",
        "行情系统开盘前检查功能上线变更",
        "清算系统收盘前校验功能上线变更",
        "运维系统新加坡机房迁移功能上线变更",
        "登录系统新加坡手机号功能上线变更",
        "入金系统新加坡元功能上线变更",
        "青岛港股份公告功能",
        "完美股友圈功能",
        "频道指引功能",
        "目标普及功能",
        "msgx网关功能",
        "JIRA 单：http://jira.yxzq.com/browse/SGX-12",
        "见 http://wiki.example.com/nyse/amex 说明",
        "issue SGX-12",
    ] {
        let reading = read(title);
        assert!(reading.markets.is_empty(), "{title}: {reading:?}");
        assert!(reading.evidence.is_empty(), "{title}: {reading:?}");
    }
}

#[test]
fn the_evidence_quotes_what_was_entered() {
    let submission = Submission {
        title: text("行情系统港股暗盘功能上线变更"),
        description: text("1、Nasdaq 深度行情功能，已通过 UAT 验收"),
        ..compliant()
    };
    let reading = Policy::built_in().markets(&submission);
    assert_eq!(reading.evidence, ["标题中的“港股”", "升级功能描述中的“Nasdaq”"]);
}

#[test]
fn the_forms_own_field_decides_where_it_is_filled() {
    for (chosen, expected, evidence) in [
        ("美股", "美股", "表单“涉及市场”中的“美股”"),
        ("美股、新加坡股票", "美股、新加坡股票", "表单“涉及市场”中的“美股”"),
        ("无", "", "表单“涉及市场”填写为“无”"),
        ("不涉及", "", "表单“涉及市场”填写为“不涉及”"),
        ("A股", "", "表单“涉及市场”填写为“A股”"),
    ] {
        let submission = Submission {
            title: text("行情系统港股功能上线变更"),
            markets: text(chosen),
            ..compliant()
        };
        let reading = Policy::built_in().markets(&submission);
        assert_eq!(names(&reading), expected, "{chosen}");
        assert_eq!(
            reading.evidence.first().map(String::as_str),
            Some(evidence),
            "{chosen}"
        );
    }
    let unfilled = Submission {
        title: text("行情系统港股功能上线变更"),
        markets: Field::Empty,
        ..compliant()
    };
    assert_eq!(names(&Policy::built_in().markets(&unfilled)), "港股");
}

#[test]
fn a_firm_has_words_of_its_own() {
    let policy = policy_with("");
    let text = Policy::BUILT_IN_TEXT.replacen("all = [\"全市场\"", "all = [\"行情\", \"全市场\"", 1);
    let own = Policy::parse(&text, "x").unwrap();
    assert!(policy.markets(&compliant()).markets.is_empty());
    assert_eq!(names(&own.markets(&compliant())), "美股、港股、新加坡股票");
}

#[test]
fn markets_know_where_they_trade() {
    for market in Market::ALL {
        assert_eq!(market.name(), market.exchange().market_name());
    }
    assert_eq!(Market::Us.exchange(), Exchange::NewYork);
}
