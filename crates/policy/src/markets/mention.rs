//! Where a text mentions a market.

use std::ops::Range;

use super::Market;
use crate::policy::MarketWords;
use crate::text::Text;

/// A market's word in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mention {
    pub(super) markets: &'static [Market],
    /// The word as entered.
    pub(super) quote: String,
}

/// The mentions that nothing takes back, in the order of the text.
pub(super) fn mentions(entered: &str, words: &MarketWords) -> Vec<Mention> {
    let text = Text::of(entered);
    let chars = text.chars();
    let vocabulary: Vec<(Vec<char>, &'static [Market])> = words
        .entries()
        .map(|(word, markets)| (word.chars().collect(), markets))
        .collect();
    let mut mentions = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let found = vocabulary
            .iter()
            .filter(|(word, _)| starts_with(chars, at, word))
            .max_by_key(|(word, _)| word.len());
        let Some((word, markets)) = found else {
            at += 1;
            continue;
        };
        let place = at..at + word.len();
        if is_word(chars, &place) && !is_taken_back(chars, &place, &vocabulary) {
            mentions.push(Mention {
                markets,
                quote: text.quote(place.clone()),
            });
        }
        at = place.end;
    }
    mentions
}

fn starts_with(chars: &[char], at: usize, word: &[char]) -> bool {
    chars.get(at..at + word.len()).is_some_and(|part| part == word)
}

/// Characters before which, or after which, a word is a part of another: (word, before, after).
const PARTS_OF_OTHERS: [(&str, &[&str], &[&str]); 6] = [
    ("美股", &["完", "精", "优", "甜", "秀", "赞"], &[]),
    ("港股", &[], &["份"]),
    (
        "盘前",
        &["开", "收", "封", "复", "停", "洗", "大", "键", "磁", "硬"],
        &[],
    ),
    (
        "道指",
        &["管", "通", "轨", "频", "渠"],
        &["令", "引", "南", "定", "向", "纹", "示"],
    ),
    (
        "标普",
        &["目", "指", "图", "商", "达", "坐"],
        &["通", "遍", "及", "惠"],
    ),
    (
        "新加坡",
        &[],
        &[
            "机房",
            "节点",
            "服务器",
            "专线",
            "办公",
            "团队",
            "分公司",
            "公司",
            "子公司",
            "同事",
            "手机",
            "区号",
            "时区",
            "时间",
            "护照",
            "身份",
            "元",
            "币",
            "机器",
            "集群",
            "可用区",
            "地址",
            "号码",
            "站",
        ],
    ),
];

fn is_word(chars: &[char], place: &Range<usize>) -> bool {
    let word = chars.get(place.clone()).unwrap_or_default();
    let before = chars.get(..place.start).unwrap_or_default();
    let after = chars.get(place.end..).unwrap_or_default();
    if word.iter().all(char::is_ascii) {
        return is_latin_word(before, after);
    }
    PARTS_OF_OTHERS
        .iter()
        .filter(|(part, _, _)| word.iter().copied().eq(part.chars()))
        .all(|(_, left, right)| {
            !left.iter().any(|word| ends_with(before, word))
                && !right.iter().any(|word| begins_with(after, word))
        })
}

/// Latin words stand alone: not in longer ones, in issue keys (SGX-12), or in addresses.
fn is_latin_word(before: &[char], after: &[char]) -> bool {
    let joins = |c: Option<&char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || *c == '_');
    let is_key = after.first() == Some(&'-') && after.get(1).is_some_and(char::is_ascii_digit);
    let run = |c: &&char| c.is_ascii_graphic();
    let token: String = before.iter().rev().take_while(run).collect();
    // The run before the word is read backwards.
    let in_address = token.contains("//:");
    !joins(before.last()) && !joins(after.first()) && !is_key && !in_address
}

/// What takes back the markets that follow it.
const DENIALS: [&str; 16] = [
    "不涉及",
    "未涉及",
    "没涉及",
    "无涉及",
    "没有涉及",
    "不涉",
    "不影响",
    "未影响",
    "不包含",
    "不包括",
    "不含",
    "未改动",
    "不改动",
    "不修改",
    "无关",
    "不针对",
];

/// What takes back the markets before it.
const DENIED: [&str; 19] = [
    "不涉及",
    "未涉及",
    "无涉及",
    "没有涉及",
    "不涉",
    "不受影响",
    "没有影响",
    "无影响",
    "无改动",
    "没有改动",
    "无变更",
    "无变动",
    "无关",
    "除外",
    "以外",
    "之外",
    ":无",
    ":否",
    "(不涉及",
];

/// What may stand between a market and the word that takes it back, beside other markets.
const BETWEEN: [&str; 22] = [
    "行情", "交易", "业务", "功能", "系统", "服务", "市场", "股票", "逻辑", "部分", "相关", "任何", "本次",
    "变更", "及", "和", "与", "或", "的", "均", "都", "也",
];

fn is_taken_back(
    chars: &[char],
    place: &Range<usize>,
    vocabulary: &[(Vec<char>, &'static [Market])],
) -> bool {
    let is_break = |c: &char| matches!(c, ',' | ';' | '。' | '!' | '?' | '\n');
    let before = chars.get(..place.start).unwrap_or_default();
    let start = before.iter().rposition(is_break).map_or(0, |at| at + 1);
    let before = before.get(start..).unwrap_or_default();
    let after = chars.get(place.end..).unwrap_or_default();
    let end = after.iter().position(is_break).unwrap_or(after.len());
    let after = after.get(..end).unwrap_or_default();
    denied_before(before, after, vocabulary) || denied_after(after, vocabulary)
}

fn denied_before(mut before: &[char], after: &[char], vocabulary: &[(Vec<char>, &'static [Market])]) -> bool {
    loop {
        if DENIALS.iter().any(|word| ends_with(before, word)) {
            return true;
        }
        if ends_with(before, "非") && !ends_with(before, "除非") && !ends_with(before, "莫非") {
            return true;
        }
        let outside = ["外", "以外", "之外"];
        if ends_with(before, "除") || ends_with(before, "除了") {
            let rest = without_leading(after, vocabulary);
            return outside.iter().any(|word| begins_with(rest, word));
        }
        match shorter_behind(before, vocabulary) {
            Some(shorter) => before = shorter,
            None => return false,
        }
    }
}

fn denied_after(after: &[char], vocabulary: &[(Vec<char>, &'static [Market])]) -> bool {
    let rest = without_leading(after, vocabulary);
    DENIED.iter().any(|word| begins_with(rest, word)) || (begins_with(rest, "不变") && rest.len() == 2)
}

fn without_leading<'c>(mut rest: &'c [char], vocabulary: &[(Vec<char>, &'static [Market])]) -> &'c [char] {
    loop {
        let length = vocabulary
            .iter()
            .filter(|(word, _)| rest.starts_with(word))
            .map(|(word, _)| word.len())
            .chain(
                BETWEEN
                    .iter()
                    .filter(|word| begins_with(rest, word))
                    .map(|word| word.chars().count()),
            )
            .chain(rest.first().filter(|c| is_joint(**c)).map(|_| 1))
            .max();
        match length.and_then(|length| rest.get(length..)) {
            Some(shorter) => rest = shorter,
            None => return rest,
        }
    }
}

fn shorter_behind<'c>(
    before: &'c [char],
    vocabulary: &[(Vec<char>, &'static [Market])],
) -> Option<&'c [char]> {
    let length = vocabulary
        .iter()
        .filter(|(word, _)| before.ends_with(word))
        .map(|(word, _)| word.len())
        .chain(
            BETWEEN
                .iter()
                .filter(|word| ends_with(before, word))
                .map(|word| word.chars().count()),
        )
        .chain(before.last().filter(|c| is_joint(**c)).map(|_| 1))
        .max()?;
    before.get(..before.len().checked_sub(length)?)
}

fn is_joint(c: char) -> bool {
    c.is_whitespace() || matches!(c, '、' | '/' | '“' | '”' | '"')
}

fn begins_with(chars: &[char], word: &str) -> bool {
    let length = word.chars().count();
    chars
        .get(..length)
        .is_some_and(|part| part.iter().copied().eq(word.chars()))
}

fn ends_with(chars: &[char], word: &str) -> bool {
    let length = word.chars().count();
    chars
        .len()
        .checked_sub(length)
        .and_then(|from| chars.get(from..))
        .is_some_and(|part| part.iter().copied().eq(word.chars()))
}
