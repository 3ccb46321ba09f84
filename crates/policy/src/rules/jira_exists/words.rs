//! Whether two names speak of the same thing: whether they have a word in common.
//!
//! Chinese is written without blanks between words, so any two characters beside each other count as one.

use std::collections::BTreeSet;

use crate::text::{self, is_han};

/// Words that stand in the name of nearly every requirement, normalised.
const COMMON: [&str; 31] = [
    "技术需求",
    "业务需求",
    "功能点",
    "功能",
    "需求",
    "优化",
    "新增",
    "增加",
    "支持",
    "实现",
    "改造",
    "升级",
    "改进",
    "完善",
    "调整",
    "修改",
    "修复",
    "问题",
    "缺陷",
    "开发",
    "系统",
    "模块",
    "上线",
    "变更",
    "相关",
    "迭代",
    "feature",
    "bug",
    "fix",
    "story",
    "task",
];

/// Whether the names share a word; a name without a letter speaks of nothing and contradicts nothing.
pub(super) fn share(feature: &str, summary: &str) -> bool {
    let (feature, summary) = (runs(feature), runs(summary));
    if feature.is_empty() || summary.is_empty() {
        return true;
    }
    let (own, other) = (without_common(&feature), without_common(&summary));
    if own.is_empty() || other.is_empty() {
        // Nothing but common words on one side: they are all there is to compare.
        return meet(&pairs(&feature), &pairs(&summary));
    }
    let (own_words, other_words) = (pairs(&own), pairs(&other));
    if own_words.is_empty() || other_words.is_empty() {
        return meet(&letters(&own), &letters(&other));
    }
    meet(&own_words, &other_words)
}

fn meet(one: &BTreeSet<String>, other: &BTreeSet<String>) -> bool {
    !one.is_disjoint(other)
}

/// The runs of letters and digits of a name, normalised.
fn runs(name: &str) -> Vec<String> {
    let normal = text::normalise(name);
    normal
        .split(|c: char| !c.is_alphanumeric())
        .filter(|run| !run.is_empty())
        .map(str::to_owned)
        .collect()
}

/// What is left of the runs once the common words are cut out.
fn without_common(runs: &[String]) -> Vec<String> {
    let mut rest = runs.to_vec();
    for common in COMMON {
        rest = if common.is_ascii() {
            rest.into_iter().filter(|run| run != common).collect()
        } else {
            rest.iter()
                .flat_map(|run| run.split(common))
                .filter(|part| !part.is_empty())
                .map(str::to_owned)
                .collect()
        };
    }
    rest
}

/// The words: two characters beside each other of which one is Chinese, and whole words of other letters and digits.
fn pairs(runs: &[String]) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for run in runs {
        let chars: Vec<char> = run.chars().collect();
        words.extend(
            chars
                .windows(2)
                .filter(|pair| pair.iter().any(|&c| is_han(c)))
                .map(String::from_iter),
        );
        words.extend(
            run.split(is_han)
                .filter(|word| word.chars().nth(1).is_some())
                .map(str::to_owned),
        );
    }
    words
}

fn letters(runs: &[String]) -> BTreeSet<String> {
    runs.iter()
        .flat_map(|run| run.chars())
        .map(String::from)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn names_of_one_thing_share_a_word() {
        for (feature, summary, shared) in [
            ("条件单功能", "【需求】条件单一期", true),
            ("條件單功能", "条件单", true),
            ("条件单功能", "港股十档行情功能", false),
            ("条件单优化功能", "行情优化需求", false),
            ("OCR 识别功能", "ocr接入", true),
            ("ＯＣＲ功能", "ocr 接入", true),
            ("K线功能", "新增分钟K线", true),
            ("K线功能", "K 线", true),
            ("A股功能", "B股", false),
            ("A股打新功能", "港股打新", true),
            ("A股通道功能", "B股行情", false),
            ("2FA功能", "2fa 登录", true),
            ("票功能", "选票", true),
            ("票功能", "条件单", false),
            ("优化功能", "功能优化", true),
            ("优化功能", "条件单优化", true),
            ("优化功能", "条件单", false),
            ("条件单功能", "Conditional order", false),
            ("conditional order 功能", "Conditional Order v2", true),
            ("条件单功能", "", true),
            ("", "条件单", true),
            ("———", "条件单", true),
        ] {
            assert_eq!(share(feature, summary), shared, "{feature} / {summary}");
        }
    }
}
