//! Whether title or description concern the middle platform (中台) and its permissions (权限).
//!
//! 中台 counts as a word, 权限 counts together with what the middle platform configures. A denial in the same
//! clause (不涉及中台) takes a mention back; 期权限价单 and 其中台股 are no mentions at all.

use crate::text::{self, Text};

/// Words that make 权限 one of the middle platform.
const CONFIGURED: [&str; 6] = ["配置", "角色", "菜单", "数据", "接口", "登记"];

/// How far such a word may stand from 权限.
const NEAR: usize = 6;

/// Whether the change concerns the middle platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Concern {
    /// It does.
    Concerned(Mention),
    /// 权限 of another kind: perhaps.
    OtherPermission(Mention),
    None,
}

/// The words that say so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mention {
    /// The field's key, such as `title`.
    pub(crate) field: &'static str,
    /// The clause as entered.
    pub(crate) quote: String,
    /// Where it stands, in characters.
    pub(crate) span: std::ops::Range<usize>,
}

impl Concern {
    pub(crate) fn of(title: &str, description: &str) -> Self {
        let (first, second) = (of_field("title", title), of_field("description", description));
        if second.weight() > first.weight() {
            second
        } else {
            first
        }
    }

    fn weight(&self) -> u8 {
        match self {
            Self::Concerned(_) => 2,
            Self::OtherPermission(_) => 1,
            Self::None => 0,
        }
    }
}

fn of_field(field: &'static str, entered: &str) -> Concern {
    // Most forms never mention either, in either script.
    if !entered.contains(['权', '權', '台', '臺', '檯', '颱']) {
        return Concern::None;
    }
    let text = Text::of(entered);
    let (chars, at): (Vec<char>, Vec<usize>) = squeezed(&text);
    let mut other = None;
    for clause in clauses(&chars) {
        let mention = || {
            let place = at.get(clause.start).copied().unwrap_or_default()
                ..at.get(clause.end - 1).map_or(0, |at| at + 1);
            Mention {
                field,
                quote: text.quote(place.clone()).trim().to_owned(),
                span: text.span(place),
            }
        };
        match of_clause(chars.get(clause.clone()).unwrap_or_default()) {
            Kind::Concerned => return Concern::Concerned(mention()),
            Kind::Other if other.is_none() => other = Some(mention()),
            Kind::Other | Kind::None => {}
        }
    }
    other.map_or(Concern::None, Concern::OtherPermission)
}

fn squeezed(text: &Text<'_>) -> (Vec<char>, Vec<usize>) {
    let kept = text.chars().iter().copied().enumerate();
    kept.filter(|&(_, c)| c == '\n' || !text::is_filler(c))
        .map(|(at, c)| (c, at))
        .unzip()
}

/// Stretches between breaks of a sentence; 、 joins words and is none.
fn clauses(chars: &[char]) -> Vec<std::ops::Range<usize>> {
    let mut clauses = Vec::new();
    let mut start = 0;
    for (at, &c) in chars.iter().enumerate() {
        if matches!(c, ',' | ';' | '。' | '!' | '?' | '\n') {
            clauses.push(start..at);
            start = at + 1;
        }
    }
    clauses.push(start..chars.len());
    clauses.retain(|clause| !clause.is_empty());
    clauses
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Concerned,
    Other,
    None,
}

fn of_clause(clause: &[char]) -> Kind {
    let platform = places(clause, "中台").any(|at| is_platform(clause, at) && !is_denied(clause, at, at + 2));
    if platform {
        return Kind::Concerned;
    }
    let mut kind = Kind::None;
    for at in places(clause, "权限").filter(|&at| is_permission(clause, at)) {
        if is_denied(clause, at, at + 2) {
            continue;
        }
        if CONFIGURED.iter().any(|word| is_near(clause, at, word)) {
            return Kind::Concerned;
        }
        kind = Kind::Other;
    }
    kind
}

fn places<'c>(clause: &'c [char], word: &'c str) -> impl Iterator<Item = usize> + 'c {
    let length = word.chars().count();
    (0..clause.len()).filter(move |&at| clause.iter().copied().skip(at).take(length).eq(word.chars()))
}

/// Whether 中台 at `at` is a word, and not the end of 其中 with the beginning of 台股.
fn is_platform(clause: &[char], at: usize) -> bool {
    let before = |back: usize| at.checked_sub(back).and_then(|at| clause.get(at)).copied();
    let after = |ahead: usize| clause.get(at + 1 + ahead).copied();
    // 其中, 集中 (but 采集中台), 期中, 途中, 手中, 空中, 盘中, 当中.
    let ends_a_word = match (before(1), before(2)) {
        (Some('集'), Some('采' | '收' | '归')) => false,
        (Some('其' | '集' | '期' | '途' | '手' | '空' | '盘' | '当' | '美' | '日'), _) => true,
        _ => false,
    };
    // 台股, 台账, 台湾, 台币, 台积电, 台风, 台式, 台阶, 台词, 台北, 台海, 台指.
    let begins_a_word = match after(1) {
        Some('股') => !matches!(after(2), Some('票' | '权' | '东')),
        Some('账') => !matches!(after(2), Some('户' | '号' | '务' | '单' | '目')),
        Some('风') => !matches!(after(2), Some('控' | '险')),
        Some('积') => after(2) == Some('电'),
        Some('指') => matches!(after(2), Some('数' | '期')),
        Some('湾' | '币' | '式' | '阶' | '词' | '北' | '海') => true,
        _ => false,
    };
    !ends_a_word && !begins_a_word
}

/// Whether 权限 at `at` is a word, and not the end of 期权 with the beginning of 限价.
fn is_permission(clause: &[char], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| clause.get(at)).copied();
    let after = clause.get(at + 2).copied();
    match (before, after) {
        (Some('期'), _) | (_, Some('价')) => false,
        (Some('股' | '授' | '债' | '产' | '特' | '认' | '供' | '配' | '主' | '版' | '行'), Some(c)) => {
            !matches!(c, '制' | '价' | '额' | '售' | '时' | '购' | '量' | '定' | '仓')
        }
        _ => true,
    }
}

fn is_near(clause: &[char], at: usize, word: &str) -> bool {
    let length = word.chars().count();
    places(clause, word).any(|other| {
        if other < at {
            at <= other + length + NEAR
        } else {
            other <= at + 2 + NEAR
        }
    })
}

/// Words that take back what follows them in the clause.
const DENIALS: [&str; 38] = [
    "不涉及",
    "未涉及",
    "没涉及",
    "无涉及",
    "不涉",
    "不影响",
    "不改动",
    "不修改",
    "不变更",
    "不改",
    "不需要",
    "不需",
    "无需",
    "无须",
    "毋须",
    "不用",
    "不必",
    "没有",
    "不含",
    "不包含",
    "不包括",
    "不动",
    "不走",
    "不依赖",
    "不调用",
    "未改动",
    "未修改",
    "未变更",
    "不存在",
    "不关联",
    "不新增",
    "不调整",
    "未调整",
    "未新增",
    "非涉及",
    "与",
    "不经过",
    "不经",
];

/// Words after which a denial before them no longer holds.
const TURNS: [&str; 12] = [
    "但",
    "而",
    "仅",
    "只",
    "即可",
    "就",
    "才",
    "需涉及",
    "会涉及",
    "并涉及",
    "还涉及",
    "且涉及",
];

/// What after a mention takes it back.
const AFTER: [&str; 36] = [
    "不涉及",
    "未涉及",
    "无涉及",
    "无改动",
    "无变更",
    "无变动",
    "无影响",
    "无调整",
    "无修改",
    "无关",
    "不变",
    "无需",
    "无须",
    "不需要",
    "不需",
    "不用",
    "不改",
    "不受影响",
    "没有改动",
    "没有变更",
    "没有",
    "没变",
    "未改动",
    "未变更",
    "未修改",
    "未调整",
    ":无",
    ":不涉及",
    ":暂无",
    ":n/a",
    ":否",
    "(无)",
    "(不涉及)",
    ":-",
    "均无",
    "均不",
];

/// What may stand between a mention and its denial.
const PARTS: [&str; 26] = [
    "模块", "权限", "接口", "配置", "菜单", "角色", "数据", "登记", "改动", "变更", "调整", "及", "和", "与",
    "、", "/", "的", "新增", "修改", "系统", "服务", "部分", "本次", "均", "都", "表",
];

fn is_denied(clause: &[char], start: usize, end: usize) -> bool {
    denied_before(
        clause.get(..start).unwrap_or_default(),
        clause.get(end..).unwrap_or_default(),
    ) || denied_after(clause.get(end..).unwrap_or_default())
}

fn denied_before(before: &[char], after: &[char]) -> bool {
    // 无中台改动, 非中台; but 无权限用户 is a user.
    let directly = match without_trailing_parts(before).last() {
        Some('非') => true,
        Some('无') => !starts_with_any(
            after,
            &[
                "用户", "客户", "提示", "页", "的", "时", "访问", "账", "查看", "人员", "弹",
            ],
        ),
        _ => false,
    };
    if directly {
        return true;
    }
    let last = |words: &[&'static str]| {
        words
            .iter()
            .filter_map(|word| places(before, word).last().map(|at| at + word.chars().count()))
            .max()
    };
    let denials = DENIALS
        .iter()
        .filter(|word| **word != "与")
        .copied()
        .collect::<Vec<_>>();
    let unrelated =
        last(&["与"]).filter(|_| starts_with_any(strip_parts(after), &["无关", "没有关系", "无任何关系"]));
    match (last(&denials).max(unrelated), last(&TURNS)) {
        (Some(denial), Some(turn)) => turn < denial,
        (Some(_), None) => true,
        (None, _) => false,
    }
}

/// 无中台权限: what stands between the denial and the mention is denied with it.
fn without_trailing_parts(mut before: &[char]) -> &[char] {
    let words = [
        "中台", "模块", "权限", "接口", "菜单", "角色", "配置", "数据", "新增", "任何", "、", "及", "和",
        "或", "的",
    ];
    while let Some(length) = words.iter().find_map(|word| ends_with(before, word)) {
        before = before.get(..before.len() - length).unwrap_or_default();
    }
    before
}

/// The word's length, where the characters end with it.
fn ends_with(chars: &[char], word: &str) -> Option<usize> {
    let length = word.chars().count();
    let end = chars
        .len()
        .checked_sub(length)
        .and_then(|from| chars.get(from..))?;
    end.iter().copied().eq(word.chars()).then_some(length)
}

fn denied_after(after: &[char]) -> bool {
    starts_with_any(strip_parts(after), &AFTER) || denied_together(after)
}

/// 中台、前端均不涉及, 中台及前端页面：否: a short denial behind what is named with the mention closes the clause.
fn denied_together(after: &[char]) -> bool {
    let joined = matches!(after.first(), Some('、' | '/' | '及' | '和' | '与'));
    joined
        && (1..after.len().min(12)).any(|at| {
            let rest = after.get(at..).unwrap_or_default();
            let word = AFTER.iter().find(|word| starts_with_any(rest, &[word]));
            word.is_some_and(|word| rest.len() <= word.chars().count() + 4)
        })
}

fn strip_parts(mut rest: &[char]) -> &[char] {
    while let Some(shorter) = PARTS.iter().find_map(|part| {
        starts_with_any(rest, &[part]).then(|| rest.get(part.chars().count()..).unwrap_or_default())
    }) {
        rest = shorter;
    }
    rest
}

fn starts_with_any(chars: &[char], words: &[&str]) -> bool {
    words
        .iter()
        .any(|word| chars.iter().copied().take(word.chars().count()).eq(word.chars()))
}
