//! The longer words of the lexer: 除…外, English, counts and shares.

use super::{Found, Kind, follows, solid, solid_before, word_end};
use crate::text::{Text, is_filler};

/// 除…外, where it takes something out.
pub(super) fn except(text: &Text<'_>, at: usize, before: Option<char>) -> Found {
    let inside = matches!(
        before,
        Some('删' | '清' | '移' | '解' | '排' | '免' | '剔' | '消' | '去' | '扣' | '废' | '拆')
    );
    if inside || follows(text, at + 1, &["权", "息", "净", "夕", "数", "法", "非"]) {
        return None;
    }
    let rest = text
        .chars()
        .iter()
        .enumerate()
        .skip(at + 1)
        .take(30)
        .take_while(|(_, c)| !matches!(c, ';' | '。' | '\n' | ','));
    let out = rest.filter(|(_, c)| **c == '外').map(|(place, _)| place + 1);
    let end = out.into_iter().find(|end| {
        !follows(
            text,
            *end,
            &[
                "部", "汇", "币", "围", "网", "盘", "资", "显", "观", "层", "链", "卖", "出", "键", "债",
            ],
        )
    });
    end.map(|end| (Some(Kind::Except), end))
}

/// English words of yes and no.
pub(super) fn english(text: &Text<'_>, at: usize, before: Option<char>) -> Found {
    let length = text
        .chars()
        .iter()
        .skip(at)
        .take_while(|c| c.is_ascii_alphabetic())
        .count();
    let word: String = text.chars().get(at..at + length)?.iter().collect();
    let end = at + length;
    if before.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/' | '.')) {
        return Some((None, end));
    }
    let asked = solid_before(text, at).is_some_and(|c| matches!(c, ':' | '(' | '='));
    let kind = match word.as_str() {
        "ok" | "okay" | "pass" | "passed" | "done" | "finished" | "complete" | "completed" | "accepted" => {
            Some(Kind::Yes)
        }
        "yes" | "y" | "true" if asked => Some(Kind::Yes),
        "not" | "pending" | "fail" | "failed" | "todo" | "tbd" | "wip" | "progress" | "ongoing"
        | "partial" | "partially" => Some(Kind::No),
        "no" | "n" | "x" | "false" if asked => Some(Kind::No),
        "and" => Some(Kind::And),
        "regression" => Some(Kind::Regression),
        "but" => Some(Kind::But),
        _ => None,
    };
    Some((kind, end))
}

/// A figure: 45/50 and 98% deny, 50/50 and 100% affirm, dates and the rest say nothing.
pub(super) fn figure(text: &Text<'_>, at: usize) -> (Option<Kind>, usize) {
    let length = text
        .chars()
        .iter()
        .skip(at)
        .take_while(|c| c.is_ascii_digit() || matches!(c, '.' | '/' | '-'))
        .count();
    let end = at + length;
    let word: String = text.chars().iter().skip(at).take(length).collect();
    let lead: String = text
        .chars()
        .get(at.saturating_sub(6)..at)
        .unwrap_or_default()
        .iter()
        .rev()
        .take_while(|c| !matches!(c, ',' | ';' | '。' | '\n'))
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .filter(|c| !is_filler(**c))
        .collect();
    if solid(text, end) == Some('%') {
        let end = end + text.chars().iter().skip(end).take_while(|c| **c != '%').count() + 1;
        let change = [
            "覆盖率",
            "提升",
            "降低",
            "下降",
            "减少",
            "提高",
            "增长",
            "上涨",
            "下跌",
            "优化",
            "涨",
            "跌",
            "降",
            "升",
        ];
        if change.iter().any(|word| lead.contains(word)) {
            return (None, end);
        }
        let kind = word
            .parse::<f64>()
            .ok()
            .map(|value| if value < 100.0 { Kind::No } else { Kind::Yes });
        return (kind, end);
    }
    let Some((part, whole)) = word.split_once('/') else {
        return (None, end);
    };
    let (Ok(part), Ok(whole)) = (part.parse::<u32>(), whole.parse::<u32>()) else {
        return (None, end);
    };
    let date = part <= 12 && whole <= 31;
    let counted = ["用例", "进度", "通过率", "完成率", "完成度", "case"]
        .iter()
        .any(|word| lead.contains(word))
        || follows(text, end, &["用例", "条", "case", "项", "个"]);
    let kind = match part.cmp(&whole) {
        std::cmp::Ordering::Less => (!date || counted).then_some(Kind::No),
        std::cmp::Ordering::Equal => (!date || counted).then_some(Kind::Yes),
        std::cmp::Ordering::Greater => None,
    };
    (kind, end)
}

/// 今天下午完成回归测试, 上线前会完成回归测试: a time to come, with what is to be done then.
pub(super) fn to_come(text: &Text<'_>, at: usize) -> Found {
    let times = [
        "今天下午",
        "今日下午",
        "今天晚上",
        "下午",
        "上线前",
        "发布前",
        "发版前",
    ];
    let end = times.iter().find_map(|word| word_end(text, at, word))?;
    let clause = text.chars().iter().skip(end).take(24);
    let clause: String = clause
        .take_while(|c| !matches!(c, ',' | ';' | '。' | '\n'))
        .filter(|c| !is_filler(**c))
        .collect();
    let said = clause.trim_start_matches(|c: char| {
        c.is_ascii_digit() || matches!(c, ':' | '点' | '半' | '前' | '之' | '左' | '右')
    });
    let act = [
        "完成",
        "进行",
        "做",
        "会",
        "将",
        "要",
        "再",
        "安排",
        "跑",
        "可完成",
        "能完成",
    ]
    .iter()
    .any(|act| said.starts_with(act));
    let topic = ["回归", "验收", "uat"].iter().any(|topic| said.contains(topic));
    (act && topic && !said.contains(['已', '了'])).then_some((Some(Kind::No), end))
}
