//! What a rollback text says: whether it acts, on what, and whether it only brushes the question off.

use std::ops::Range;

use super::latin;
use super::words::{self, Class};
use crate::text::{self, is_han};

/// What the plan acts on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Thing {
    None,
    /// 版本, 镜像: only the kind of thing.
    General,
    /// One that can be told from others.
    Named,
}

/// What a rollback text says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) action: bool,
    pub(super) thing: Thing,
    /// It points somewhere else: 见附件.
    pub(super) reference: bool,
    /// A clause says that nothing will be taken back.
    pub(super) refused: bool,
    /// Nothing but clauses that brush the question off.
    pub(super) brush_off: bool,
    pub(super) placeholder: bool,
    /// Letters, digits and characters.
    pub(super) letters: usize,
}

impl Plan {
    pub(super) fn of(entered: &str) -> Self {
        let text = text::normalised_chars(entered);
        let placeholder = text::has_placeholder_in(&text);
        let text = text.into_iter().collect::<String>();
        let text = if placeholder {
            latin::without_placeholders(&text)
        } else {
            text
        };
        let mut plan = Self {
            action: false,
            thing: Thing::None,
            reference: false,
            refused: false,
            brush_off: true,
            placeholder,
            letters: text.chars().filter(|c| c.is_alphanumeric()).count(),
        };
        for clause in clauses(&text) {
            plan.read(text.get(clause).unwrap_or_default());
        }
        plan
    }

    fn read(&mut self, clause: &str) {
        let tokens = words::tokens(clause);
        let latin = latin::read(clause);
        let action = latin.action
            || tokens
                .iter()
                .enumerate()
                .any(|(at, token)| acts(clause, &tokens, at, token));
        let denied = tokens
            .iter()
            .any(|token| matches!(token.class, Class::Denial | Class::BrushOff));
        self.reference |= tokens.iter().any(|token| token.class == Class::Reference);
        if denied && !action {
            self.refused |= ["回退", "回滚", "还原"].iter().any(|word| clause.contains(word));
            return;
        }
        let condition = tokens
            .first()
            .is_some_and(|token| token.class == Class::Condition && token.range.start < 6);
        if clause.chars().any(char::is_alphanumeric) {
            self.brush_off = false;
        }
        self.action |= action;
        if action || !condition {
            self.thing = self.thing.max(latin.thing).max(named(clause, &tokens));
        }
    }
}

/// Stretches between breaks of a sentence; words such as 则 end a condition.
fn clauses(text: &str) -> Vec<Range<usize>> {
    let mut clauses = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        if matches!(c, ',' | ';' | '。' | '!' | '?' | '\n' | '则' | '(' | ')') {
            clauses.push(start..at);
            start = at + c.len_utf8();
        }
    }
    clauses.push(start..text.len());
    clauses
}

fn acts(clause: &str, tokens: &[words::Token], at: usize, token: &words::Token) -> bool {
    let refers = tokens.iter().any(|token| token.class == Class::Reference);
    let is_action = match token.class {
        // 见附件回退方案 names a document and does nothing.
        Class::Action => !(refers && is_title(clause, token)),
        // 执行 acts when what is carried out is named.
        Class::Carry => {
            tokens.iter().skip(at).any(|token| token.class == Class::Kind) || clause.contains(".s")
        }
        Class::Kind
        | Class::Previous
        | Class::Stop
        | Class::Denial
        | Class::BrushOff
        | Class::Reference
        | Class::Condition => false,
    };
    is_action && !is_denied(clause, tokens, at, token)
}

/// 回退方案, 回滚步骤: the word is part of a document's name.
fn is_title(clause: &str, token: &words::Token) -> bool {
    let after = clause.get(token.range.end..).unwrap_or_default().trim_start();
    [
        "方案", "计划", "预案", "步骤", "文档", "手册", "说明", "措施", "流程",
    ]
    .iter()
    .any(|noun| after.starts_with(noun))
}

/// Whether a denial stands right before the action: 无需回滚, 不需要进行回退.
fn is_denied(clause: &str, tokens: &[words::Token], at: usize, token: &words::Token) -> bool {
    let mut start = token.range.start;
    for before in tokens.iter().take(at).rev() {
        if has_letters(clause, before.range.end..start) {
            return false;
        }
        match before.class {
            Class::Denial | Class::BrushOff => return true,
            // 无老版本可回退.
            Class::Stop | Class::Carry | Class::Previous => start = before.range.start,
            Class::Action | Class::Kind | Class::Reference | Class::Condition => {
                return false;
            }
        }
    }
    false
}

fn has_letters(clause: &str, range: Range<usize>) -> bool {
    clause
        .get(range)
        .is_some_and(|gap| gap.chars().any(char::is_alphanumeric))
}

/// What the clause's Chinese words name. A kind of thing is named by the word right before it: 条件单开关.
fn named(clause: &str, tokens: &[words::Token]) -> Thing {
    let mut end = 0;
    let mut thing = Thing::None;
    let mut denied = false;
    let mut owned = false;
    for token in tokens {
        let gap = clause.get(end..token.range.start).unwrap_or_default();
        end = token.range.end;
        thing = thing.max(match token.class {
            Class::Previous if denied && gap.is_empty() => Thing::None,
            Class::Previous => Thing::Named,
            // 条件单的开关.
            Class::Kind if names(gap) || (owned && gap.trim().is_empty()) => Thing::Named,
            Class::Kind if quoted(clause.get(token.range.end..)) => Thing::Named,
            Class::Kind => Thing::General,
            Class::Action
            | Class::Carry
            | Class::Stop
            | Class::Denial
            | Class::BrushOff
            | Class::Reference
            | Class::Condition => Thing::None,
        });
        owned = names(gap) && clause.get(token.range.clone()) == Some("的");
        denied = token.class == Class::Denial;
    }
    thing
}

/// Whether a name in quotes follows a kind of thing: 菜单“条件单管理”.
fn quoted(rest: Option<&str>) -> bool {
    let rest = rest.unwrap_or_default().trim_start();
    let inner = rest.strip_prefix(['“', '"', '「', '《', '\'', '‘']);
    inner.is_some_and(|inner| {
        let name = inner.split(['”', '"', '」', '》', '\'', '’']).next();
        name.is_some_and(|name| name.chars().filter(|c| c.is_alphanumeric()).count() >= 2)
    })
}

fn names(gap: &str) -> bool {
    let word = gap
        .rsplit(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default();
    word.chars().filter(|&c| is_han(c)).count() >= 2
}
