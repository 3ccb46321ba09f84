//! What must hold for any text.

use proptest::prelude::*;

use super::{RULES, letters, results};
use crate::verdict::Status;

fn fragment() -> impl Strategy<Value = String> {
    let parts = [
        "1、",
        "2、",
        "1. ",
        "（1）",
        "①",
        "一、",
        "- ",
        "条件单功能",
        "部分成交提醒",
        "XX功能",
        "，",
        "；",
        "\n",
        "\r\n",
        " ",
        "。",
        "（",
        "）",
        "已通过 UAT 验收",
        "已通过回归测试",
        "UAT验收已通过",
        "已完成回归测试",
        "未",
        "待",
        "部分",
        "98%",
        "45/50",
        "☐",
        "√",
        "除港股外",
        "但",
        "JIRA 单：",
        "http://jira.yxzq.com/browse/TRADE-1024",
        "jira.yxzq.com/browse/A-1",
        "http://jira.yxzq.com/",
        "TRADE-7",
        "背景：",
        "注意事项：",
        "技术需求",
        "以上功能均已通过UAT验收和回归测试",
        "16:30",
        "2026.11.24",
        "【",
        "】",
        "()",
        "****",
        "\u{200b}",
        "驗收",
        "否",
        "：",
        "http：//jira.yxzq.com/browse/B-2",
        "&amp;",
        "https://",
    ];
    prop::collection::vec(prop::sample::select(parts.to_vec()), 0..24).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn any_text_is_judged_and_quoted_within_its_bounds(text in prop_oneof![fragment(), "\\PC{0,80}"]) {
        let count = text.chars().count();
        for result in results(&text) {
            if let Some(place) = &result.position {
                prop_assert!(place.start <= place.end && place.end <= count);
                let quoted: String = text.chars().skip(place.start).take(place.end - place.start).collect();
                prop_assert_eq!(result.evidence.as_ref(), Some(&quoted));
            }
        }
    }

    #[test]
    fn a_corrected_text_without_blanks_passes(text in fragment()) {
        let first = results(&text);
        for (index, result) in first.iter().enumerate() {
            let Some(fix) = &result.fix else { continue };
            prop_assert!(matches!(result.status, Status::Fail | Status::Warn));
            if !fix.contains("【待补充") {
                let again = results(fix);
                let same_key = again[index].rule == RULES[3] && again[index].message.as_ref().is_some_and(|message| message.contains("同一个"));
                prop_assert!(again[index].status == Status::Pass || same_key, "{}\n{}\n{:?}", letters(&again), fix, again);
            }
        }
    }
}
