//! Cuts a description into the words that matter for acceptance: topics (UAT 验收, 回归测试), what says yes,
//! what says no, and what separates clauses. Everything else is text that no token covers.

mod figures;

use std::ops::Range;

use self::figures::{english, except, figure, to_come};
use super::links::Link;
use crate::text::{Text, is_filler, is_han};

/// A word that matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// 已通过 UAT 验收.
    StandardUat,
    /// 已通过回归测试.
    StandardRegression,
    Uat,
    Regression,
    /// A topic with its own yes or no: 已验收, 验收中.
    UatDone,
    UatOpen,
    RegressionDone,
    RegressionOpen,
    Yes,
    No,
    /// 除…外.
    Except,
    /// 是否.
    Whether,
    /// 但, 其中: the clause goes on about the topic before.
    But,
    /// What remains open: 还有, 剩余.
    Remains,
    And,
    /// Of production, not of UAT.
    Production,
    /// JIRA as the label of a link.
    Jira,
    Link,
    Open,
    Close,
    Comma,
    Stop,
    Break,
}

/// A word and where it stands in the normalised text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) range: Range<usize>,
}

/// Every token of the text, in order.
pub(crate) fn tokens(text: &Text<'_>, links: &[Link]) -> Vec<Token> {
    let mut found = Vec::with_capacity(32);
    let mut links = links.iter().peekable();
    let mut at = 0;
    while let Some(c) = text.get(at) {
        if let Some(link) = links.next_if(|link| link.range.start <= at) {
            found.push(Token {
                kind: Kind::Link,
                range: link.range.clone(),
            });
            at = link.range.end.max(at + 1);
            continue;
        }
        if let Some((kind, end)) = token_at(text, at, c) {
            if let Some(kind) = kind {
                found.push(Token { kind, range: at..end });
            }
            at = end.max(at + 1);
        } else {
            at += 1;
        }
    }
    found
}

/// Where `word` ends if it stands at `at`, blanks and markdown marks inside it not counting.
pub(crate) fn word_end(text: &Text<'_>, at: usize, word: &str) -> Option<usize> {
    let mut place = at;
    for (index, wanted) in word.chars().enumerate() {
        if index > 0 {
            while text.get(place).is_some_and(is_filler) {
                place += 1;
            }
        }
        if text.get(place) != Some(wanted) {
            return None;
        }
        place += 1;
    }
    Some(place)
}

/// The first character at or after `at` that counts.
pub(crate) fn solid(text: &Text<'_>, at: usize) -> Option<char> {
    text.chars().get(at..)?.iter().copied().find(|c| !is_filler(*c))
}

/// The last character before `at` that counts.
pub(crate) fn solid_before(text: &Text<'_>, at: usize) -> Option<char> {
    text.chars()
        .get(..at)?
        .iter()
        .rev()
        .copied()
        .find(|c| !is_filler(*c))
}

type Found = Option<(Option<Kind>, usize)>;

fn pick(text: &Text<'_>, at: usize, words: &[(&str, Kind)]) -> Found {
    words
        .iter()
        .find_map(|(word, kind)| word_end(text, at, word).map(|end| (Some(*kind), end)))
}

/// Whether one of `words` stands at or right after `at`.
fn follows(text: &Text<'_>, at: usize, words: &[&str]) -> bool {
    let start = at
        + text
            .chars()
            .iter()
            .skip(at)
            .take_while(|c| is_filler(**c))
            .count();
    words.iter().any(|word| word_end(text, start, word).is_some())
}

/// Whether nothing of the same clause follows.
fn closed(text: &Text<'_>, at: usize) -> bool {
    solid(text, at).is_none_or(|c| !(is_han(c) || c.is_ascii_digit()))
        || broken(text, at)
        || follows(text, at, &["jira"])
}

/// Whether the line, or the cell, ends at `at`.
fn broken(text: &Text<'_>, at: usize) -> bool {
    text.chars()
        .iter()
        .skip(at)
        .take_while(|c| is_filler(**c))
        .any(|c| matches!(c, '\n' | '\t'))
}

/// Whether the clause is about the release itself, which has not happened yet for anybody.
fn of_release(text: &Text<'_>, at: usize) -> bool {
    let clause = text
        .chars()
        .iter()
        .skip(at)
        .take(16)
        .take_while(|c| !matches!(c, ',' | ';' | '。' | '\n'));
    let clause: String = clause.filter(|c| !is_filler(**c)).collect();
    ["上线", "发布", "发版", "投产", "变更", "生产"]
        .iter()
        .any(|word| clause.contains(word))
}

const ACTS: [&str; 27] = [
    "通过",
    "完成",
    "验收",
    "测",
    "回归",
    "过",
    "开始",
    "进行",
    "做",
    "全部",
    "正式",
    "最终",
    "结束",
    "执行",
    "达",
    "安排",
    "确认",
    "能",
    "得到",
    "经",
    "跑",
    "提测",
    "uat",
    "完全",
    "验证",
    "覆盖到",
    "搞",
];

/// What makes 未, 没 and the like deny: the act itself, or nothing after it.
fn denies(text: &Text<'_>, at: usize) -> bool {
    closed(text, at) || follows(text, at, &ACTS)
}

/// 待 UAT 验收清单导出功能 right behind an item's number: the words are part of its name.
fn name_that_waits(text: &Text<'_>, at: usize) -> Option<usize> {
    solid_before(text, at).filter(|c| matches!(c, '、' | '.' | ')'))?;
    let topic = ["uat验收", "验收", "回归测试", "回归"];
    let end = topic.iter().find_map(|word| {
        let start = (at + 1..text.chars().len()).find(|at| text.get(*at).is_some_and(|c| !is_filler(c)))?;
        word_end(text, start, word)
    })?;
    let close = (end..text.chars().len().min(end + 60)).find(|at| {
        text.get(*at)
            .is_some_and(|c| matches!(c, ',' | ';' | '。' | '\n'))
    })?;
    let rest: String = text.chars().get(end..close)?.iter().collect();
    let part = rest.starts_with(is_han) && !rest.starts_with(['的', '中', '后', '通', '完']);
    (part && rest.trim_end().ends_with("功能")).then_some(close)
}

/// 未通过 UAT 验收单提醒功能: the words are part of a name about what was not accepted.
fn name_of_unaccepted(text: &Text<'_>, at: usize) -> Option<usize> {
    solid_before(text, at).filter(|c| matches!(c, '、' | '.' | ')'))?;
    let act = ["未通过", "未完成"]
        .iter()
        .find_map(|word| word_end(text, at, word))?;
    let parts = [
        "单", "列表", "清单", "原因", "用户", "记录", "任务", "报告", "需求", "提醒", "项",
    ];
    ["uat验收", "验收", "回归测试", "回归"].iter().find_map(|topic| {
        let start = (act..text.chars().len()).find(|at| text.get(*at).is_some_and(|c| !is_filler(c)))?;
        let end = word_end(text, start, topic)?;
        let part = parts.iter().find_map(|part| word_end(text, end, part))?;
        let rest = text.chars().get(part..)?;
        let clause = rest.iter().take(40);
        let clause: String = clause
            .take_while(|c| !matches!(c, ',' | ';' | '。' | '\n'))
            .collect();
        clause
            .trim_end()
            .ends_with("功能")
            .then(|| part + clause.chars().count())
    })
}

/// Whether a count of zero follows: 未通过 0 条.
fn is_zero(text: &Text<'_>, at: usize) -> bool {
    let start = at
        + text
            .chars()
            .iter()
            .skip(at)
            .take_while(|c| is_filler(**c) || **c == ':')
            .count();
    let digits = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit() || matches!(c, '.' | '%' | '/'));
    text.get(start) == Some('0') && !digits(text.get(start + 1))
}

/// A first round that failed before one that passed: what it says is over.
fn first_round(text: &Text<'_>, at: usize) -> Found {
    ["首轮", "首次", "初次", "第一轮", "第一次"]
        .iter()
        .find_map(|word| word_end(text, at, word))?;
    let rest = text.chars().get(at..)?;
    let rest = rest.get(..rest.len().min(200))?;
    let line = rest.iter().position(|c| *c == '\n').unwrap_or(rest.len());
    let comma = rest
        .iter()
        .take(line)
        .position(|c| matches!(c, ',' | ';' | '。'))?;
    let said = |range: Range<usize>| -> String {
        let part = rest.get(range).unwrap_or_default();
        part.iter().filter(|c| !is_filler(**c)).collect()
    };
    let (first, later) = (said(0..comma), said(comma..line));
    let failed = ["未通过", "不通过", "没通过", "失败", "驳回"]
        .iter()
        .any(|word| first.contains(word));
    (failed && later.contains("已通过")).then_some((None, at + comma))
}

/// A denial of `length` characters, with the act it denies.
#[expect(clippy::unnecessary_wraps, reason = "it is one arm of the table")]
fn denial(text: &Text<'_>, end: usize) -> Found {
    let start = end
        + text
            .chars()
            .iter()
            .skip(end)
            .take_while(|c| is_filler(**c))
            .count();
    let act = ["全部通过", "全部完成", "完全通过", "通过", "完成", "结束", "开始"]
        .iter()
        .find_map(|act| word_end(text, start, act));
    let end = act.filter(|_| !broken(text, end)).unwrap_or(end);
    Some(((!is_zero(text, end)).then_some(Kind::No), end))
}

#[expect(
    clippy::too_many_lines,
    reason = "one table of words, by their first character"
)]
fn token_at(text: &Text<'_>, at: usize, c: char) -> Found {
    use Kind::{
        And, Break, But, Close, Comma, Jira, No, Open, Production, Regression, RegressionDone,
        RegressionOpen, Remains, StandardRegression, StandardUat, Stop, Uat, UatDone, UatOpen, Whether, Yes,
    };
    let one = |kind| Some((Some(kind), at + 1));
    let before = at.checked_sub(1).and_then(|at| text.get(at));
    match c {
        ',' => one(Comma),
        ';' | '。' | '!' | '?' => one(Stop),
        '\n' if solid_before(text, at) == Some(':') => None,
        '\n' | '\t' | '|' => one(Break),
        '(' => one(Open),
        ')' => one(Close),
        '和' | '与' | '及' | '、' | '/' | '+' | '&' | '并' | '跟' | '且' => one(And),
        '√' | '✓' | '✔' | '☑' | '✅' | '🆗' | '■' => box_token(text, at + 1, Yes),
        '☐' | '□' | '▢' | '✗' | '✘' | '×' | '❌' | '☒' | '⬜' | '❎' | '✕' | '✖' => {
            box_token(text, at + 1, No)
        }
        '[' => match (solid(text, at + 1), text.get(at + 1)) {
            (Some(']'), _) => word_end(text, at, "[]").and_then(|end| box_token(text, end, No)),
            (Some('x' | '√' | '✓' | '✔'), _) => ["[x]", "[√]", "[✓]", "[✔]"]
                .iter()
                .find_map(|mark| word_end(text, at, mark))
                .and_then(|end| box_token(text, end, Yes)),
            _ => None,
        },
        '已' => pick(
            text,
            at,
            &[
                ("已通过uat验收", StandardUat),
                ("已通过回归测试", StandardRegression),
                ("已通过", Yes),
                ("已完成", Yes),
                ("已全部通过", Yes),
                ("已全部完成", Yes),
                ("已验收", UatDone),
                ("已回归", RegressionDone),
                ("已过", Yes),
                ("已确认", Yes),
                ("已结束", Yes),
            ],
        )
        .or_else(|| follows(text, at + 1, &["uat", "经uat"]).then_some((Some(Yes), at + 1))),
        '通' | '完' | '过' | '都' | '均' | '全' | '合' | '结' | '正' => {
            let found = pick(
                text,
                at,
                &[
                    ("通过", Yes),
                    ("完成", Yes),
                    ("完毕", Yes),
                    ("过了", Yes),
                    ("都过", Yes),
                    ("均过", Yes),
                    ("全过", Yes),
                    ("合格", Yes),
                    ("结束", Yes),
                    ("正在", No),
                    ("正常", Yes),
                ],
            )?;
            if found.0 == Some(Yes) && follows(text, found.1, &["率", "后"]) {
                Some((None, found.1))
            } else {
                Some(found)
            }
        }
        'u' => {
            if before.is_some_and(|c| c.is_ascii_alphanumeric()) {
                return None;
            }
            let (_, end) = pick(
                text,
                at,
                &[
                    ("uat环境验收", Uat),
                    ("uat验收测试", Uat),
                    ("uat验收", Uat),
                    ("uat测试", Uat),
                    ("uat验证", Uat),
                    ("uat", Uat),
                ],
            )?;
            if text.get(end).is_some_and(|c| c.is_ascii_alphanumeric()) {
                return None;
            }
            open(text, end, Uat, UatOpen)
        }
        '验' => word_end(text, at, "验收").and_then(|end| open(text, end, Uat, UatOpen)),
        '回' => ["回归测试", "回归验证", "回归"]
            .iter()
            .find_map(|word| word_end(text, at, word))
            .and_then(|end| open(text, end, Regression, RegressionOpen)),
        '进' | '处' | '执' | '测' => ["进行中", "处理中", "执行中", "测试中"]
            .iter()
            .find_map(|word| word_end(text, at, word))
            .filter(|end| !happened(text, *end))
            .map(|end| (Some(No), end)),
        '未' => match name_of_unaccepted(text, at) {
            Some(end) => Some((None, end)),
            None => denies(text, at + 1).then(|| denial(text, at + 1)).flatten(),
        },
        '没' => {
            if let Some(fine) = ["没问题", "没有问题"]
                .iter()
                .find_map(|word| word_end(text, at, word))
            {
                return Some((Some(Yes), fine));
            }
            let end = word_end(text, at, "没有").unwrap_or(at + 1);
            denies(text, end).then(|| denial(text, end)).flatten()
        }
        '尚' | '还' | '暂' | '仍' => {
            let never = ["尚未", "还没有", "还没", "还未", "暂未", "仍未"]
                .iter()
                .find_map(|word| word_end(text, at, word));
            if let Some(end) = never {
                return if denies(text, end) {
                    denial(text, end)
                } else {
                    Some((None, end))
                };
            }
            pick(
                text,
                at,
                &[
                    ("尚有", Remains),
                    ("还有", Remains),
                    ("仍有", Remains),
                    ("还差", Remains),
                    ("还剩", Remains),
                    ("还在", No),
                    ("尚在", No),
                    ("仍在", No),
                    ("还需", No),
                    ("仍需", No),
                    ("尚需", No),
                ],
            )
        }
        '剩' => pick(text, at, &[("剩余", Remains), ("剩下", Remains)]),
        '待' => {
            if let Some(end) = name_that_waits(text, at) {
                return Some((None, end));
            }
            let words = [
                "产品",
                "业务",
                "测试",
                "用户",
                "需求方",
                "uat",
                "验收",
                "回归",
                "确认",
                "通过",
                "完成",
                "测",
                "补",
                "定",
                "反馈",
                "回复",
                "验证",
                "复测",
                "跟进",
                "处理",
                "解决",
                "修复",
            ];
            (closed(text, at + 1) || follows(text, at + 1, &words)).then_some((Some(No), at + 1))
        }
        '首' | '初' | '第' => first_round(text, at),
        '部' => {
            let end = word_end(text, at, "部分")?;
            let apart = before == Some('全') || follows(text, end, &["成交", "成", "撤", "平仓"]);
            Some(((!apart).then_some(No), end))
        }
        '大' => pick(text, at, &[("大部分", No), ("大体", No), ("大致", No)]),
        '基' => {
            let end = word_end(text, at, "基本")?;
            Some((
                (!follows(text, end, &["面", "信息", "资", "盘", "行情"])).then_some(No),
                end,
            ))
        }
        '预' | '计' | '争' | '即' | '尽' | '明' | '后' | '下' | '稍' | '随' | '今' | '将' | '准' | '拟' =>
        {
            let words = [
                "预计",
                "预期",
                "计划",
                "争取",
                "即将",
                "尽快",
                "明天",
                "明日",
                "明早",
                "明晚",
                "后天",
                "后续",
                "后补",
                "下周",
                "稍后",
                "随后",
                "今晚",
                "将于",
                "将在",
                "将会",
                "将通过",
                "将完成",
                "将进行",
                "准备",
                "拟",
            ];
            let Some(end) = words.iter().find_map(|word| word_end(text, at, word)) else {
                return to_come(text, at);
            };
            let plain =
                of_release(text, end) || before == Some('按') || (c == '计' && follows(text, end, &["清单"]));
            Some(((!plain).then_some(No), end))
        }
        '除' => except(text, at, before),
        '否' => {
            let asked = solid_before(text, at)
                .is_some_and(|c| matches!(c, ':' | '(' | '=' | '|' | '收' | '试' | '归' | 't'));
            (asked && closed(text, at + 1)).then_some((Some(No), at + 1))
        }
        '是' => [
            "是否已经通过",
            "是否已通过",
            "是否通过",
            "是否已完成",
            "是否完成",
            "是否",
        ]
        .iter()
        .find_map(|word| word_end(text, at, word))
        .map(|end| (Some(Whether), end))
        .or_else(|| {
            let asked = solid_before(text, at).is_some_and(|c| matches!(c, ':' | '(' | '=' | '|'));
            (asked && closed(text, at + 1)).then_some((Some(Yes), at + 1))
        }),
        '不' => pick(text, at, &[("不通过", No), ("不合格", No), ("不过", But)]).or_else(|| {
            let end = ["不需要", "不用", "不做", "不需"]
                .iter()
                .find_map(|word| word_end(text, at, word))?;
            follows(text, end, &["uat", "验收", "回归", "产品", "进行"]).then_some((Some(No), end))
        }),
        '无' => pick(text, at, &[("无问题", Yes), ("无异常", Yes)]).or_else(|| {
            let end = ["无需", "无须"]
                .iter()
                .find_map(|word| word_end(text, at, word))?;
            follows(text, end, &["uat", "验收", "回归", "产品", "进行"]).then_some((Some(No), end))
        }),
        '免' | '需' | '须' | '请' | '等' | '若' | '如' => {
            let end = ["等待", "需要", "如果"]
                .iter()
                .find_map(|word| word_end(text, at, word))
                .unwrap_or(at + 1);
            let words = [
                "通过",
                "完成",
                "uat",
                "验收",
                "回归",
                "进行uat",
                "产品验收",
                "产品uat",
                "产品经理验收",
            ];
            let inside = matches!(before, Some('例' | '必' | '比' | '譬'));
            (!inside && follows(text, end, &words)).then_some((Some(No), end))
        }
        '失' => {
            let end = word_end(text, at, "失败")?;
            Some((
                (!is_zero(text, end) && !follows(text, end, &["的", "用例", "case", "重试", "提示", "率"]))
                    .then_some(No),
                end,
            ))
        }
        '驳' => pick(text, at, &[("驳回", No)]),
        '但' | '仅' => one(But),
        '其' => pick(text, at, &[("其中", But)]),
        '只' => pick(text, at, &[("只是", But)]),
        '生' | '线' => pick(text, at, &[("生产", Production), ("线上", Production)]),
        '上' | '发' => to_come(text, at).or_else(|| {
            pick(
                text,
                at,
                &[
                    ("上线后", Production),
                    ("发布后", Production),
                    ("发版后", Production),
                ],
            )
        }),
        'j' => {
            let end = word_end(text, at, "jira")?;
            let label = text
                .chars()
                .iter()
                .skip(end)
                .filter(|c| !is_filler(**c))
                .take(8)
                .collect::<String>();
            let named = label.contains(':')
                || label.contains("http")
                || label.starts_with('单')
                || label.contains("链接");
            (named && !before.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '.')))
                .then_some((Some(Jira), end))
        }
        'a'..='z' => english(text, at, before),
        '0'..='9' => Some(figure(text, at)),
        _ => None,
    }
}

/// Whether what follows tells what came up meanwhile, not that it still goes on.
fn happened(text: &Text<'_>, at: usize) -> bool {
    !broken(text, at) && solid(text, at).is_some_and(|c| "的发出未遇曾有提反产所无没均暴".contains(c))
}

#[expect(clippy::unnecessary_wraps, reason = "it is one arm of the table")]
fn open(text: &Text<'_>, end: usize, topic: Kind, still: Kind) -> Found {
    match word_end(
        text,
        end + text
            .chars()
            .iter()
            .skip(end)
            .take_while(|c| is_filler(**c))
            .count(),
        "中",
    ) {
        Some(after) if !happened(text, after) => Some((Some(still), after)),
        Some(_) | None => {
            // 通过 UAT 验收后再发.
            let later = ["后再", "后才", "后方可", "后即可", "后上线", "后发布", "后发版"];
            let kind = if follows(text, end, &later) { still } else { topic };
            Some((Some(kind), end))
        }
    }
}

/// A ticked or empty box, with the 是 or 否 that it stands before.
#[expect(clippy::unnecessary_wraps, reason = "it is one arm of the table")]
fn box_token(text: &Text<'_>, end: usize, kind: Kind) -> Found {
    let start = end
        + text
            .chars()
            .iter()
            .skip(end)
            .take_while(|c| is_filler(**c))
            .count();
    match text.get(start) {
        Some('是') if closed(text, start + 1) => Some((Some(kind), start + 1)),
        Some('否') if closed(text, start + 1) => Some(((kind == Kind::Yes).then_some(Kind::No), start + 1)),
        _ => Some((Some(kind), end)),
    }
}
