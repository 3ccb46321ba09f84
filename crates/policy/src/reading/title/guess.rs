//! What can be made out of a title that is not after the pattern.

use super::decoration;
use super::line::Line;
use crate::policy::{Slot, TitlePattern};
use crate::text;

/// Words around a feature's name that are no part of it.
const AROUND: [&str; 16] = [
    "上线变更申请",
    "功能上线变更",
    "变更申请",
    "上线申请",
    "变更流程",
    "变更单",
    "申请",
    "流程",
    "变更",
    "上线",
    "发布",
    "发版",
    "功能",
    "系统",
    "的",
    "进行",
];

/// System and feature, as far as they can be told.
pub(super) fn parts(line: &Line<'_>, pattern: &TitlePattern) -> (Option<String>, Option<String>) {
    let words = pattern.words();
    let whole = 0..line.len();
    let between = line.find(&words.between, 0);
    let (one, rest) = match between {
        Some(between) if between.start > 0 => (
            named(line, decoration::clean_start(line, 0..between.start).range),
            between.end..whole.end,
        ),
        Some(between) => (None, between.end..whole.end),
        None => (None, decoration::clean_start(line, whole).range),
    };
    let two = feature(line, rest);
    match pattern.first() {
        Slot::System => (one, two),
        Slot::Feature => (two, one),
    }
}

fn feature(line: &Line<'_>, rest: std::ops::Range<usize>) -> Option<String> {
    let mut range = decoration::clean(line, rest).range;
    while let Some(shorter) = AROUND.iter().find_map(|word| without(line, &range, word)) {
        range = decoration::clean(line, shorter).range;
    }
    named(line, range)
}

fn without(line: &Line<'_>, range: &std::ops::Range<usize>, word: &str) -> Option<std::ops::Range<usize>> {
    let chars = line.slice(range.clone());
    let length = word.chars().count();
    let starts = chars.iter().copied().take(length).eq(word.chars());
    let ends = chars.len() >= length && chars.iter().copied().skip(chars.len() - length).eq(word.chars());
    if ends {
        Some(range.start..range.end - length)
    } else if starts {
        Some(range.start + length..range.end)
    } else {
        None
    }
}

/// A name that is one, and that a title may be made of.
fn named(line: &Line<'_>, range: std::ops::Range<usize>) -> Option<String> {
    let name = line.quote(range);
    let remark = matches!(
        &*text::compact(&name),
        "紧急" | "正常" | "生产" | "线上" | "版本" | "新" | "本次" | "需求" | "加急" | "例行" | "常规"
    );
    let is_name = !remark && name.chars().any(char::is_alphanumeric) && !text::has_placeholder(&name);
    is_name.then_some(name)
}
