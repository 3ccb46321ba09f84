//! Cuts a description at its headings.

use std::ops::Range;

use super::lexer::{Kind, Token, word_end};
use super::marker::Marker;
use crate::text::{Text, is_filler};

/// What a heading announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heading {
    /// There is none.
    Missing,
    /// Items.
    Items,
    /// Background, notes, steps.
    Aside,
    /// Who knows.
    Other,
}

/// The text under one heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Section {
    pub(crate) heading: Heading,
    /// The heading and what stands under it.
    pub(crate) whole: Range<usize>,
    /// What stands under it.
    pub(crate) body: Range<usize>,
    /// The heading names 技术需求.
    pub(crate) technical: bool,
}

const ASIDE: [&str; 33] = [
    "背景",
    "注意",
    "步骤",
    "顺序",
    "风险",
    "影响",
    "备注",
    "依赖",
    "前置",
    "数据库",
    "配置",
    "目的",
    "原因",
    "回退",
    "回滚",
    "验证",
    "计划",
    "时间",
    "人员",
    "负责",
    "涉及",
    "脚本",
    "附件",
    "镜像",
    "监控",
    "应急",
    "方案",
    "补充说明",
    "其他说明",
    "联系",
    "范围",
    "准备",
    "温馨提示",
];
const ITEMS: [&str; 18] = [
    "功能",
    "需求",
    "升级",
    "上线内容",
    "变更内容",
    "更新内容",
    "新增",
    "优化",
    "修复",
    "发布内容",
    "本次",
    "版本",
    "内容",
    "如下",
    "迭代",
    "变更项",
    "清单",
    "描述",
];
const FIELD: [&str; 16] = [
    "单号",
    "链接",
    "jira",
    "uat",
    "验收",
    "回归",
    "测试",
    "http",
    "需求单",
    "编号",
    "地址",
    "功能名",
    "功能点",
    "需求名",
    "issue",
    "bug单",
];
/// Headings that may stand in the middle of a line.
const INLINE: [&str; 20] = [
    "需求背景",
    "变更背景",
    "背景",
    "注意事项",
    "发布步骤",
    "上线步骤",
    "部署步骤",
    "发布顺序",
    "备注",
    "影响范围",
    "风险",
    "回退方案",
    "升级功能描述",
    "升级功能",
    "升级内容",
    "功能描述",
    "上线内容",
    "变更内容",
    "更新内容",
    "发布内容",
];

/// What opens a line about what is not in the change.
const NOT_HERE: [&str; 6] = ["不含", "不包含", "不包括", "本次不", "本次未", "暂不上线"];

/// What the words of a heading announce.
pub(crate) fn kind_of(words: &str) -> Option<Heading> {
    let count = words.chars().count();
    let field = FIELD.iter().any(|field| words.contains(field));
    if count == 0 || count > 16 || field || words.contains([',', ';', '。']) {
        None
    } else if ASIDE.iter().any(|word| words.contains(word))
        || NOT_HERE.iter().any(|word| words.starts_with(word))
        || matches!(words, "注" | "ps" | "说明")
    {
        Some(Heading::Aside)
    } else if ITEMS.iter().any(|word| words.contains(word)) {
        Some(Heading::Items)
    } else {
        Some(Heading::Other)
    }
}

/// The sections of a text, at least one.
pub(crate) fn sections(text: &Text<'_>, tokens: &[Token], markers: &[Marker]) -> Vec<Section> {
    let length = text.chars().len();
    let mut found = vec![Section {
        heading: Heading::Missing,
        whole: 0..length,
        body: 0..length,
        technical: false,
    }];
    let mut line = 0;
    while line < length {
        let end = text
            .chars()
            .iter()
            .skip(line)
            .position(|c| *c == '\n')
            .map_or(length, |at| line + at);
        let marker = markers
            .iter()
            .find(|marker| marker.start >= line && marker.start < end);
        let heading = if marker.is_some_and(|marker| marker.at_line) {
            None
        } else {
            line_heading(text, line, end)
        };
        let mut cuts: Vec<(usize, Heading, usize)> = Vec::new();
        cuts.extend(heading.map(|(heading, body)| (line, heading, body)));
        cuts.extend(inline_headings(text, line, end, tokens));
        for (at, heading, body) in cuts {
            let Some(last) = found.last_mut() else { continue };
            if at < last.body.start || (at > 0 && !breaks(text, tokens, markers, last, at, body, heading)) {
                continue;
            }
            let words: String = text.chars().get(at..body).unwrap_or_default().iter().collect();
            last.whole.end = at;
            last.body.end = at;
            let technical = words.contains("技术需求") && !words.contains("非技术需求");
            found.push(Section {
                heading,
                whole: at..length,
                body: body..length,
                technical,
            });
            // 上线时间：16:30 speaks of its own line only, where the next line begins a list.
            let next = markers.iter().find(|marker| marker.start >= body);
            let own_line = heading == Heading::Aside
                && next.is_some_and(|next| next.at_line && next.start > end && next.start <= end + 4)
                && text
                    .chars()
                    .get(body..end)
                    .is_some_and(|rest| rest.iter().any(|c| !is_filler(*c)));
            if own_line && let Some(last) = found.last_mut() {
                last.whole.end = end;
                last.body.end = end;
                found.push(Section {
                    heading: Heading::Missing,
                    whole: end..length,
                    body: end..length,
                    technical: false,
                });
            }
        }
        line = end + 1;
    }
    found
}

/// Whether a heading really ends what stands above it, and is no field of the item above.
fn breaks(
    text: &Text<'_>,
    tokens: &[Token],
    markers: &[Marker],
    above: &Section,
    at: usize,
    body: usize,
    heading: Heading,
) -> bool {
    let last = markers
        .iter()
        .rev()
        .find(|marker| marker.start >= above.body.start && marker.start < at);
    let Some(last) = last else { return true };
    let carries = tokens.iter().any(|token| {
        let said = matches!(
            token.kind,
            Kind::Link
                | Kind::StandardUat
                | Kind::StandardRegression
                | Kind::Uat
                | Kind::Regression
                | Kind::UatDone
                | Kind::RegressionDone
                | Kind::UatOpen
                | Kind::RegressionOpen
        );
        said && token.range.start >= last.end && token.range.start < at
    });
    let next = markers.iter().find(|marker| marker.start >= body);
    if goes_on(text, tokens, body, next) {
        return false;
    }
    let restarts = next.is_some_and(|next| next.style == last.style && next.number == Some(1));
    // The list under 升级内容： begins anew below notes, however those are numbered.
    let anew = above.heading == Heading::Aside
        && next.is_some_and(|next| next.number == Some(1) && next.at_line && next.style.is_regular());
    let items = heading == Heading::Items && (anew || next.is_some_and(|next| next.style == last.style));
    carries || restarts || items
}

/// Whether what stands behind 影响范围：交易 is still the item above: its acceptance or link follows in lines of
/// their own.
fn goes_on(text: &Text<'_>, tokens: &[Token], body: usize, next: Option<&Marker>) -> bool {
    let rest = text.chars().get(body..).unwrap_or_default();
    let line = rest.iter().take_while(|c| **c != '\n').count();
    let bare = rest.iter().take(line).all(|c| is_filler(*c));
    let end = next.map_or_else(|| text.chars().len(), |next| next.start);
    let own = |token: &Token| {
        matches!(
            token.kind,
            Kind::Link
                | Kind::StandardUat
                | Kind::StandardRegression
                | Kind::Jira
                | Kind::UatDone
                | Kind::RegressionDone
        )
    };
    let after = tokens
        .iter()
        .filter(|token| token.range.start >= body + line && token.range.start < end);
    let first = after.clone().find(|token| own(token));
    !bare
        && first.is_some_and(|first| {
            let lead = text.chars().get(body + line..first.range.start);
            let lead: String = lead.unwrap_or_default().iter().collect();
            !["以上", "上述", "全部", "所有", "均", "都", "各"]
                .iter()
                .any(|word| lead.contains(word))
        })
}

/// Reads a line as a heading: what it announces and where its body begins.
fn line_heading(text: &Text<'_>, line: usize, end: usize) -> Option<(Heading, usize)> {
    let chars = text.chars().get(line..end)?;
    let offset = chars.iter().position(|c| !c.is_whitespace())?;
    let hashed =
        chars.get(offset) == Some(&'#') && chars.iter().skip(offset).any(|c| !matches!(c, '#' | ' '));
    let words: String = chars.iter().filter(|c| !is_filler(**c) && **c != '#').collect();
    let colon = chars.iter().position(|c| *c == ':');
    if let Some(colon) = colon {
        let before: String = chars
            .get(..colon)?
            .iter()
            .filter(|c| !is_filler(**c) && !matches!(c, '#' | '【' | '】' | '[' | ']'))
            .collect();
        let heading = kind_of(&before)?;
        let bare = chars.get(colon + 1..)?.iter().all(|c| is_filler(*c));
        let known = heading == Heading::Aside || (heading == Heading::Items && known_items(&before));
        return (bare || known).then_some((heading, line + colon + 1));
    }
    if words.starts_with('【') && words.contains('】') {
        let inner: String = words.chars().skip(1).take_while(|c| *c != '】').collect();
        let heading = kind_of(&inner)?;
        let close = chars.iter().position(|c| *c == '】')?;
        let bare = chars.get(close + 1..)?.iter().all(|c| is_filler(*c));
        return (bare
            || (heading == Heading::Aside
                && ASIDE
                    .iter()
                    .any(|word| inner.ends_with(word) || inner.ends_with("事项"))
                && inner.chars().count() <= 6))
            .then_some((heading, line + close + 1));
    }
    if hashed {
        return Some((kind_of(&words)?, end));
    }
    let exact = INLINE.contains(&words.as_str())
        || matches!(
            words.as_str(),
            "注意" | "说明" | "功能列表" | "需求列表" | "新增功能" | "优化功能"
        );
    exact
        .then(|| kind_of(&words).map(|heading| (heading, end)))
        .flatten()
}

fn known_items(words: &str) -> bool {
    words.ends_with("内容")
        || words.ends_with("描述")
        || words.ends_with("如下")
        || words.contains("升级")
        || words.starts_with("本次")
}

/// Known headings in the middle of a line, after the end of a sentence.
fn inline_headings(
    text: &Text<'_>,
    line: usize,
    end: usize,
    tokens: &[Token],
) -> Vec<(usize, Heading, usize)> {
    let mut found = Vec::new();
    let ends = tokens
        .iter()
        .filter(|token| token.kind == Kind::Stop && token.range.start >= line && token.range.end < end);
    for stop in ends {
        let start = (stop.range.end..end).find(|at| text.get(*at).is_some_and(|c| !is_filler(c)));
        let Some(start) = start else { continue };
        let word = INLINE
            .iter()
            .find_map(|word| word_end(text, start, word).map(|end| (word, end)));
        if let Some((word, after)) = word
            && text.get(after) == Some(':')
            && let Some(heading) = kind_of(word)
        {
            found.push((start, heading, after + 1));
        }
    }
    found
}
