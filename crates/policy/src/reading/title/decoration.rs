//! What people put around an otherwise right title.

use std::ops::Range;

use super::line::Line;
use crate::text::is_han;

/// A slot without what was put around its name.
pub(super) struct Cleaned {
    pub(super) range: Range<usize>,
    pub(super) decorated: bool,
}

/// Words before a title that are no part of a system's name, whatever follows.
const OPENINGS: [&str; 36] = [
    "关于",
    "有关",
    "紧急变更",
    "正常变更",
    "紧急发版",
    "紧急上线",
    "紧急",
    "加急",
    "特急",
    "急!",
    "请审批",
    "烦请审批",
    "麻烦审批",
    "请各位审批",
    "请领导审批",
    "生产上线变更",
    "生产变更",
    "生产上线",
    "上线变更",
    "变更申请",
    "发版申请",
    "发布申请",
    "上线申请",
    "申请上线",
    "今晚",
    "今天",
    "今日",
    "明天",
    "本周",
    "新增",
    "优化",
    "修复",
    "提交",
    "重新提交",
    "发起",
    "变更标题",
];

/// Words that are a decoration when a blank or a dash sets them off.
const SET_OFF: [&str; 30] = [
    "正常",
    "紧急",
    "变更",
    "上线",
    "发版",
    "发布",
    "申请",
    "重要",
    "更新",
    "补充",
    "重提",
    "重发",
    "生产",
    "标题",
    "回复",
    "转发",
    "答复",
    "re",
    "fw",
    "fwd",
    "urgent",
    "hotfix",
    "审批",
    "待审批",
    "请",
    "您好",
    "你好",
    "测试",
    "prod",
    "hi",
];

/// Common surnames, for a name before a title. A name is told only where something sets it off.
const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪\
    田任姜范方石姚谭廖邹熊陆郝孔崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚洪";

/// Words of two or three characters that begin like a surname and are none.
const NOT_NAMES: [&str; 16] = [
    "方案",
    "余额",
    "钱包",
    "常规",
    "任务",
    "万得",
    "龙虎榜",
    "石油",
    "马来",
    "江苏",
    "范围",
    "段子",
    "易购",
    "于是",
    "康复",
    "高频",
];

/// The slot that begins the title: also words before it are taken off.
pub(super) fn clean_start(line: &Line<'_>, slot: Range<usize>) -> Cleaned {
    let mut range = slot.clone();
    while let Some(start) = after_decoration(line, &range).filter(|&start| start < range.end) {
        range.start = start;
    }
    let inner = clean(line, range);
    Cleaned {
        decorated: inner.decorated || inner.range != slot,
        range: inner.range,
    }
}

/// A slot without brackets, dashes, quotes and emoji around its name.
pub(super) fn clean(line: &Line<'_>, slot: Range<usize>) -> Cleaned {
    let slot = without_quotes(line, slot);
    let mut range = slot.clone();
    while range.start < range.end
        && line
            .get(range.start)
            .is_some_and(|c| opens_with_mark(line, &range, c))
    {
        range.start += 1;
        if line.get(range.start - 1) == Some('【') {
            range.start = after_remark(line, &range).unwrap_or(range.start);
        }
    }
    while range.start < range.end
        && range
            .end
            .checked_sub(1)
            .and_then(|end| line.get(end))
            .is_some_and(|c| closes_with_mark(line, &range, c))
    {
        range.end -= 1;
    }
    let emoji = line.slice(range.clone()).iter().any(|&c| is_emoji(c));
    Cleaned {
        decorated: emoji || range != slot,
        range,
    }
}

/// A name without the quotes around all of it, which do not count.
fn without_quotes(line: &Line<'_>, slot: Range<usize>) -> Range<usize> {
    match line.slice(slot.clone()) {
        ['“', inner @ .., '”']
        | ['‘', inner @ .., '’']
        | ['「', inner @ .., '」']
        | ['"', inner @ .., '"']
            if inner.iter().any(|c| c.is_alphanumeric())
                && !inner
                    .iter()
                    .any(|c| matches!(c, '“' | '”' | '‘' | '’' | '「' | '」' | '"')) =>
        {
            slot.start + 1..slot.end - 1
        }
        _ => slot,
    }
}

/// Where the name begins after one decoration, if the range begins with one.
fn after_decoration(line: &Line<'_>, range: &Range<usize>) -> Option<usize> {
    let chars = line.slice(range.clone());
    let first = *chars.first()?;
    let relative = group(chars)
        .or_else(|| colon(chars))
        .or_else(|| date(chars))
        .or_else(|| version(chars))
        .or_else(|| issue_key(chars))
        .or_else(|| opening(chars))
        .or_else(|| set_off(line, range))
        .or_else(|| (!first.is_alphanumeric() && !may_be_name(first)).then_some(1))?;
    Some(range.start + relative)
}

/// A bracketed remark: 【紧急】, [正常], (重要).
fn group(chars: &[char]) -> Option<usize> {
    let close = match chars.first()? {
        '【' => '】',
        '[' => ']',
        '(' => ')',
        '<' => '>',
        '《' => '》',
        '「' => '」',
        _ => return None,
    };
    let end = chars.iter().position(|&c| c == close)? + 1;
    (end < chars.len()).then_some(end)
}

/// Everything up to a colon or the end of a sentence: `Re:`, 张三：, 各位好，.
fn colon(chars: &[char]) -> Option<usize> {
    chars
        .iter()
        .rposition(|c| matches!(c, ':' | '|' | '!' | ',' | '。' | ';' | '>' | '@' | '#'))
        .map(|at| at + 1)
}

/// A date or a number in a list before the name.
fn date(chars: &[char]) -> Option<usize> {
    let length = chars
        .iter()
        .take_while(|c| {
            c.is_ascii_digit() || matches!(c, '.' | '-' | '/' | '年' | '月' | '日' | '号' | '、' | ')')
        })
        .count();
    let run = chars.get(..length)?;
    let digits = run.iter().filter(|c| c.is_ascii_digit()).count();
    let starts_with_digit = run.first().is_some_and(char::is_ascii_digit);
    let numbered = run.last().is_some_and(|c| matches!(c, '、' | '.' | ')' | '-'));
    let is_date =
        digits >= 4 || run.contains(&'月') || run.contains(&'日') || run.contains(&'号') || numbered;
    (starts_with_digit
        && is_date
        && chars
            .get(length)
            .is_some_and(|&c| is_han(c) || !c.is_alphanumeric() || numbered))
    .then_some(length)
}

/// A version before the name: v2.1.0.
fn version(chars: &[char]) -> Option<usize> {
    let length = 1 + chars
        .get(1..)?
        .iter()
        .take_while(|c| c.is_ascii_digit() || **c == '.')
        .count();
    (chars.first() == Some(&'v') && chars.get(..length)?.contains(&'.')).then_some(length)
}

/// An issue's key before the name: TRADE-1024, not Level-2.
fn issue_key(chars: &[char]) -> Option<usize> {
    let letters = chars.iter().take_while(|c| c.is_ascii_alphabetic()).count();
    let rest = chars.get(letters..)?.strip_prefix(&['-'])?;
    let digits = rest.iter().take_while(|c| c.is_ascii_digit()).count();
    let length = letters + 1 + digits;
    let apart = chars.get(length).is_some_and(|c| !c.is_ascii_alphanumeric());
    (letters >= 2 && digits >= 2 && apart && length + 2 <= chars.len()).then_some(length)
}

fn opening(chars: &[char]) -> Option<usize> {
    let weekday = matches!(
        chars,
        ['周', '一' | '二' | '三' | '四' | '五' | '六' | '日' | '天', ..]
    )
    .then_some(2);
    let word = OPENINGS.iter().filter_map(|word| starts_with(chars, word)).max();
    let length = weekday.or(word).or_else(|| application(chars))?;
    let names_a_system = matches!(
        chars,
        [
            '紧',
            '急',
            '联' | '通' | '公' | '停' | '预' | '广' | '救' | '事',
            ..
        ] | ['优', '化', '器', ..]
    );
    (length + 2 <= chars.len() && !names_a_system).then_some(length)
}

/// The word's length, where the characters begin with it.
fn starts_with(chars: &[char], word: &str) -> Option<usize> {
    let mut length = 0;
    for c in word.chars() {
        if chars.get(length) != Some(&c) {
            return None;
        }
        length += 1;
    }
    Some(length)
}

/// 申请 before a title, not an application system's name.
fn application(chars: &[char]) -> Option<usize> {
    let of_a_name = matches!(
        chars,
        [
            '申',
            '请',
            '管' | '审' | '单' | '表' | '中' | '件' | '书' | '流' | '人' | '记' | '受' | '进',
            ..
        ]
    );
    (chars.starts_with(&['申', '请']) && !of_a_name).then_some(2)
}

/// A word that a blank or a dash sets off: a name, a remark.
fn set_off(line: &Line<'_>, range: &Range<usize>) -> Option<usize> {
    let chars = line.slice(range.clone());
    let at = (1..chars.len())
        .find(|&at| line.blank_before(range.start + at) || chars.get(at).is_some_and(|&c| is_dash(c)))?;
    let word = chars.get(..at)?;
    let rest = at + chars.get(at..)?.iter().take_while(|&&c| is_dash(c)).count();
    (is_remark(word) || is_name(word)).then_some(rest)
}

fn is_remark(word: &[char]) -> bool {
    let last = word.last().copied();
    SET_OFF.iter().any(|known| word.iter().copied().eq(known.chars()))
        || OPENINGS
            .iter()
            .any(|known| word.iter().copied().eq(known.chars()))
        || (word.len() >= 3 && matches!(last, Some('组' | '部')))
        || word
            .iter()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | '/' | '年' | '月' | '日' | '号'))
            && word.iter().filter(|c| c.is_ascii_digit()).count() >= 3
}

fn is_name(word: &[char]) -> bool {
    (2..=3).contains(&word.len())
        && word.iter().all(|&c| is_han(c))
        && word.first().is_some_and(|&first| SURNAMES.contains(first))
        && !NOT_NAMES
            .iter()
            .any(|known| word.iter().copied().eq(known.chars()))
}

/// Whether a mark before a name is no part of it.
fn opens_with_mark(line: &Line<'_>, range: &Range<usize>, c: char) -> bool {
    let close = match c {
        '(' => Some(')'),
        '“' => Some('”'),
        '「' => Some('」'),
        '《' => Some('》'),
        _ => None,
    };
    let balanced = close.is_some_and(|close| {
        let end = line.slice(range.clone()).iter().position(|&c| c == close);
        end.is_some_and(|at| at + 1 < range.len())
    });
    !c.is_alphanumeric() && !may_be_name(c) && !balanced
}

fn closes_with_mark(line: &Line<'_>, range: &Range<usize>, c: char) -> bool {
    let balanced = match c {
        ')' => line.slice(range.clone()).contains(&'('),
        '】' => line.slice(range.clone()).contains(&'【'),
        ']' => line.slice(range.clone()).contains(&'['),
        '》' => line.slice(range.clone()).contains(&'《'),
        '”' => line.slice(range.clone()).contains(&'“'),
        '」' => line.slice(range.clone()).contains(&'「'),
        _ => false,
    };
    !c.is_alphanumeric() && !may_be_name(c) && !matches!(c, '+' | '#' | '%') && !balanced
}

/// The end of a 【remark】 whose opening bracket was just passed, where something follows it.
fn after_remark(line: &Line<'_>, range: &Range<usize>) -> Option<usize> {
    let close = line.slice(range.clone()).iter().position(|&c| c == '】')? + 1;
    (close < range.len()).then_some(range.start + close)
}

/// Marks that stand for a name still to be filled in are judged, not taken off.
fn may_be_name(c: char) -> bool {
    matches!(c, '*' | '_' | '×' | '○' | '{' | '}')
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '—' | '–' | '_' | '·' | '/' | '|' | '\\')
}

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{25a0}'..='\u{25ca}' | '\u{203c}'..='\u{2049}')
}
