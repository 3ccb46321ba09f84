//! What a stretch of the description says about UAT acceptance and regression test.
//!
//! Read clause by clause: each topic takes the yes and the no that govern it. A no counts directly before the
//! words, in brackets right after them, and in a later clause about the same topic.

use std::ops::Range;

use super::lexer::{Kind, Token};
use crate::text::{Text, is_filler};

/// How well a topic is claimed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Claim {
    #[default]
    Missing,
    /// In other words than the regulation's.
    Equivalent,
    Standard,
}

/// What is said about one topic.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) claim: Claim,
    /// The words of the claim.
    pub(crate) words: Option<Range<usize>>,
    /// The words that deny it.
    pub(crate) denial: Option<Range<usize>>,
}

impl Said {
    /// Whether the topic is claimed and not denied.
    pub(crate) fn holds(&self) -> bool {
        self.claim != Claim::Missing && self.denial.is_none()
    }

    /// Whether anything is said at all.
    pub(crate) fn is_said(&self) -> bool {
        self.claim != Claim::Missing || self.denial.is_some()
    }
}

/// What is said about both topics.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Acceptance {
    pub(crate) uat: Said,
    pub(crate) regression: Said,
    /// Where the first words about either begin.
    pub(crate) start: Option<usize>,
}

impl Acceptance {
    /// Whether anything is said at all.
    pub(crate) fn is_said(&self) -> bool {
        self.uat.is_said() || self.regression.is_said()
    }
}

/// Topics that share what is said: 已通过 UAT 验收和回归测试.
#[derive(Debug, Clone)]
struct Group {
    uat: bool,
    regression: bool,
    standard_uat: bool,
    standard_regression: bool,
    range: Range<usize>,
    yes: Option<Range<usize>>,
    no: Option<Range<usize>>,
    asked: bool,
    production: bool,
}

impl Group {
    fn is_standard(&self) -> bool {
        self.standard_uat || self.standard_regression
    }

    fn of(kind: Kind, range: &Range<usize>, production: bool) -> Option<Self> {
        let uat = matches!(
            kind,
            Kind::StandardUat | Kind::Uat | Kind::UatDone | Kind::UatOpen
        );
        let regression = matches!(
            kind,
            Kind::StandardRegression | Kind::Regression | Kind::RegressionDone | Kind::RegressionOpen
        );
        let done = matches!(kind, Kind::UatDone | Kind::RegressionDone);
        let still = matches!(kind, Kind::UatOpen | Kind::RegressionOpen);
        (uat || regression).then(|| Self {
            uat,
            regression,
            standard_uat: kind == Kind::StandardUat,
            standard_regression: kind == Kind::StandardRegression,
            range: range.clone(),
            yes: done.then(|| range.clone()),
            no: still.then(|| range.clone()),
            asked: false,
            production,
        })
    }
}

#[derive(Debug, Clone)]
struct Mark {
    kind: Kind,
    range: Range<usize>,
    /// How many groups stand before it.
    after: usize,
    bracketed: bool,
}

/// Reads the tokens of one item, or of a sentence about several.
pub(crate) fn read(text: &Text<'_>, tokens: &[Token]) -> Acceptance {
    let mut found = Acceptance::default();
    let mut last: Vec<Group> = Vec::new();
    let mut except: Option<Range<usize>> = None;
    let (mut groups, mut marks): (Vec<Group>, Vec<Mark>) = (Vec::new(), Vec::new());
    for clause in clauses(tokens) {
        let goes_on = clause_parts(text, clause, &mut groups, &mut marks);
        govern(&mut groups, &marks);
        if groups.is_empty() {
            let no = marks
                .iter()
                .find(|mark| matches!(mark.kind, Kind::No | Kind::Except | Kind::Remains));
            let yes = marks.iter().find(|mark| mark.kind == Kind::Yes);
            let bare = marks.iter().any(|mark| covers_clause(text, clause, mark));
            let waiting = last
                .last()
                .is_some_and(|group| group.yes.is_none() && group.no.is_none() && !group.is_standard());
            // 除融资账户外均可见 speaks of something else.
            let fresh = except.is_none()
                && no.is_some_and(|mark| {
                    mark.kind == Kind::Except && (yes.is_some() || rest_of(text, clause, mark).is_empty())
                });
            if fresh {
                except = no.map(|mark| mark.range.clone());
            }
            if let Some(group) = last.last_mut() {
                if goes_on || bare || waiting {
                    group.no = group.no.take().or_else(|| no.map(|mark| mark.range.clone()));
                }
                if waiting && group.no.is_none() {
                    group.yes = yes.map(|mark| mark.range.clone());
                }
                say(&mut found, group);
            }
            continue;
        }
        for group in &mut groups {
            if let Some(except) = &except
                && (group.is_standard() || group.yes.is_some())
            {
                group.no.get_or_insert_with(|| except.clone());
            }
            say(&mut found, group);
        }
        except = None;
        std::mem::swap(&mut last, &mut groups);
    }
    if let (Some(except), Some(group)) = (except, last.last_mut()) {
        group.no.get_or_insert(except);
        say(&mut found, group);
    }
    found
}

fn say(found: &mut Acceptance, group: &Group) {
    if group.production && !group.is_standard() {
        return;
    }
    let put = |said: &mut Said, standard: bool| {
        if let Some(no) = &group.no {
            said.denial
                .get_or_insert_with(|| no.start.min(group.range.start)..no.end.max(group.range.end));
        }
        let claim = match (standard, group.asked, group.yes.is_some()) {
            (_, true, false) | (false, false, false) => Claim::Missing,
            (true, false, _) => Claim::Standard,
            (true | false, _, true) => Claim::Equivalent,
        };
        if claim > said.claim {
            said.claim = claim;
            let yes = group
                .yes
                .as_ref()
                .filter(|_| claim == Claim::Equivalent)
                .unwrap_or(&group.range);
            said.words = Some(yes.start.min(group.range.start)..yes.end.max(group.range.end));
        }
    };
    if group.uat {
        put(&mut found.uat, group.standard_uat);
    }
    if group.regression {
        put(&mut found.regression, group.standard_regression);
    }
    let starts = [Some(&group.range), group.yes.as_ref(), group.no.as_ref()];
    if group.is_standard() || group.yes.is_some() || group.no.is_some() {
        let start = starts.into_iter().flatten().map(|range| range.start).min();
        found.start = [found.start, start].into_iter().flatten().min();
    }
}

/// The clauses between separators; what stands in brackets belongs to its clause.
fn clauses(tokens: &[Token]) -> impl Iterator<Item = &[Token]> {
    let mut depth = 0_usize;
    tokens.split_inclusive(move |token| match token.kind {
        Kind::Open => {
            depth += 1;
            false
        }
        Kind::Close => {
            depth = depth.saturating_sub(1);
            false
        }
        Kind::Break | Kind::Jira | Kind::Link => {
            depth = 0;
            true
        }
        Kind::Comma | Kind::Stop => depth == 0,
        _ => false,
    })
}

/// Fills in a clause's topics, and what says yes or no in it; answers whether it goes on about the topic before.
fn clause_parts(text: &Text<'_>, clause: &[Token], groups: &mut Vec<Group>, marks: &mut Vec<Mark>) -> bool {
    groups.clear();
    marks.clear();
    let (mut depth, mut production, mut goes_on) = (0_usize, false, false);
    let mut joined = false;
    for token in clause {
        let after = groups.len();
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.saturating_sub(1),
            Kind::And => {
                joined |= groups
                    .last()
                    .is_some_and(|group| touching(text, group.range.end, token.range.start));
                continue;
            }
            Kind::Production => production = true,
            Kind::But => goes_on = true,
            Kind::Yes | Kind::No | Kind::Except | Kind::Whether | Kind::Remains => {
                goes_on |= token.kind == Kind::Remains;
                marks.push(Mark {
                    kind: token.kind,
                    range: token.range.clone(),
                    after,
                    bracketed: depth > 0,
                });
            }
            Kind::Comma | Kind::Stop | Kind::Break | Kind::Jira | Kind::Link => {}
            kind => {
                let Some(group) = Group::of(kind, &token.range, production) else {
                    continue;
                };
                let near = groups.last().is_some_and(|last| {
                    let since = marks.last().is_none_or(|mark| mark.range.end <= last.range.start);
                    since && (joined || touching(text, last.range.end, token.range.start))
                });
                match groups.last_mut() {
                    Some(last) if near && !(last.is_standard() && group.is_standard()) => {
                        if last.is_standard() {
                            last.yes = Some(last.range.clone());
                        }
                        if group.is_standard() {
                            last.yes = Some(group.range.clone());
                        }
                        last.uat |= group.uat;
                        last.regression |= group.regression;
                        last.standard_uat |= group.standard_uat;
                        last.standard_regression |= group.standard_regression;
                        last.yes = last.yes.take().or(group.yes);
                        last.no = last.no.take().or(group.no);
                        last.range.end = group.range.end;
                    }
                    _ => groups.push(group),
                }
            }
        }
        joined = false;
    }
    goes_on
}

/// Gives each yes and no to the topic that it governs.
fn govern(groups: &mut [Group], marks: &[Mark]) {
    let leading = marks
        .first()
        .is_some_and(|mark| mark.after == 0 && !mark.bracketed)
        || groups.first().is_some_and(Group::is_standard);
    // [x] 已通过 UAT 验收 [ ] 已通过回归测试: boxes that lead.
    let boxes = marks
        .first()
        .is_some_and(|mark| mark.after == 0 && !mark.bracketed);
    for mark in marks {
        let left = mark.after.checked_sub(1).and_then(|at| groups.get(at));
        let right = groups.get(mark.after);
        let to_left = match (left, right) {
            (Some(_), None) => true,
            (None, _) => false,
            (Some(_), Some(_)) if mark.bracketed => true,
            (Some(left), Some(right)) if left.is_standard() || right.is_standard() => {
                let before = mark.range.start - left.range.end;
                let behind = right.range.start.saturating_sub(mark.range.end);
                if mark.kind == Kind::Yes {
                    !left.is_standard() && left.yes.is_none()
                } else {
                    before < behind || (before == behind && !boxes)
                }
            }
            (Some(_), Some(_)) => !leading,
        };
        let target = if to_left {
            mark.after.checked_sub(1)
        } else {
            Some(mark.after)
        };
        let Some(group) = target.and_then(|at| groups.get_mut(at)) else {
            continue;
        };
        match mark.kind {
            Kind::Yes => group.yes = group.yes.take().or_else(|| Some(mark.range.clone())),
            Kind::Whether => group.asked = true,
            _ => group.no = group.no.take().or_else(|| Some(mark.range.clone())),
        }
    }
}

/// Whether only fillers stand between two places.
fn touching(text: &Text<'_>, start: usize, end: usize) -> bool {
    text.chars()
        .get(start..end)
        .is_some_and(|between| between.iter().all(|c| is_filler(*c) && *c != '\n'))
}

/// What a 未, 待 or 还没 may go on with and still speak of the acceptance before it.
const OPEN_ACTS: [&str; 17] = [
    "通过", "完成", "测", "做", "开始", "进行", "结束", "执行", "确认", "补", "定", "反馈", "回复", "跟进",
    "处理", "解决", "修复",
];

/// What a clause says behind a mark.
fn rest_of(text: &Text<'_>, clause: &[Token], mark: &Mark) -> String {
    let separates = |kind| {
        matches!(
            kind,
            Kind::Comma | Kind::Stop | Kind::Break | Kind::Jira | Kind::Link | Kind::Close
        )
    };
    let end = clause
        .iter()
        .find(|token| token.range.start >= mark.range.end && separates(token.kind))
        .map_or_else(|| text.chars().len(), |token| token.range.start);
    let rest = text.chars().get(mark.range.end..end.max(mark.range.end));
    let line = rest.unwrap_or_default().iter().take_while(|c| **c != '\n');
    line.filter(|c| c.is_alphanumeric()).take(8).collect()
}

/// Whether a clause says nothing but this mark.
fn covers_clause(text: &Text<'_>, clause: &[Token], mark: &Mark) -> bool {
    let (Some(first), Some(last)) = (clause.first(), clause.last()) else {
        return false;
    };
    let clean = clause
        .iter()
        .all(|token| !matches!(token.kind, Kind::Jira | Kind::Link));
    let rest = rest_of(text, clause, mark);
    clean
        && (rest.is_empty() || OPEN_ACTS.iter().any(|act| rest.starts_with(act)))
        && last.range.start.saturating_sub(mark.range.end) <= 2
        && matches!(mark.kind, Kind::No)
        && first.range.start == mark.range.start
        && text
            .chars()
            .get(..mark.range.start)
            .and_then(|before| before.iter().rfind(|c| !is_filler(**c)))
            .is_some_and(|c| matches!(c, ',' | ';' | '。'))
}
