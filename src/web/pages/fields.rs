//! What an action asks on a page, and what was sent for it: limits on everything, and errors that name the field.

use std::collections::BTreeSet;

use changegate_lifecycle::{Action, Details, ReportText};
use changegate_policy::{Policy, RuleId, UserId};
use chrono::{DateTime, TimeDelta, Utc};

use crate::web::dates;

/// The longest reason, description or statement, in characters.
pub(super) const LONGEST_NOTE: usize = 2_000;
/// The longest part of a report, in characters.
pub(super) const LONGEST_PART: usize = 3_000;
/// As many members can be named.
pub(super) const MOST_PEOPLE: usize = 50;
/// A change is planned within this time.
const FURTHEST: TimeDelta = TimeDelta::days(366);
/// WeCom's ids have at most this many bytes.
const LONGEST_ID: usize = 64;

/// Words that an action asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Words {
    /// The field's name.
    pub(super) name: &'static str,
    /// What helps the writer.
    pub(super) hint: &'static str,
    /// Whether it does not go without.
    pub(super) required: bool,
    /// The most characters that it takes.
    pub(super) longest: usize,
}

/// A field that cannot be taken as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) field: &'static str,
    pub(super) found: String,
    pub(super) needed: String,
}

/// The pairs of a form as it was sent.
pub(super) struct Sent(Vec<(String, String)>);

impl Sent {
    pub(super) fn read(body: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(body).into_owned().collect())
    }

    /// The first value of a name, else nothing.
    pub(super) fn one(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.0
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// What the reader typed, to be shown again where it could not be taken.
    pub(super) fn typed(&self) -> String {
        let parts = ["note", "impact", "cause", "handling", "prevention"];
        let typed: Vec<&str> = parts
            .iter()
            .map(|part| self.one(part))
            .filter(|text| !text.is_empty())
            .collect();
        typed.join("\n").chars().take(4 * LONGEST_PART).collect()
    }
}

/// The words that an action asks for; none: a button is enough.
pub(super) fn words(action: Action) -> Option<Words> {
    let (name, hint, required) = match action {
        Action::Anomaly | Action::Describe => ("异常说明", "什么功能、从什么时候起、影响哪些用户", true),
        Action::StillBroken => ("说明", "哪里仍不正常", false),
        Action::Reschedule => ("改期理由", "为什么改期，与谁商定", true),
        Action::Grant | Action::Uphold => ("理由", "会告知申请人和运维负责人，并留存备查", true),
        Action::RequestWaiver => ("申请理由", "为什么必须按现状上线，有什么风险和补救措施", true),
        Action::UpdateStatement => (
            "对外口径",
            "产品与测试商定后，客服对用户的统一说法；会发到问题反馈群",
            true,
        ),
        Action::MarkIncident => ("事故说明", "影响范围、影响用户、当前情况", true),
        Action::MarkClaim => ("索赔说明", "哪个客户、何时提出", true),
        Action::CorrectAnomaly => ("更正理由", "为什么不算异常；原记录保留，统计不再计入", true),
        Action::Disagree | Action::Refuse => ("理由", "为什么不同意", false),
        _ => return None,
    };
    Some(Words {
        name,
        hint,
        required,
        longest: LONGEST_NOTE,
    })
}

/// Whether an action asks for a new time.
pub(super) fn asks_time(action: Action) -> bool {
    action == Action::Reschedule
}

/// Whether an action asks for members.
pub(super) fn asks_people(action: Action) -> bool {
    action == Action::NameWatchers
}

/// Whether an action asks for rules.
pub(super) fn asks_rules(action: Action) -> bool {
    action == Action::RequestWaiver
}

/// What was sent for an action. Whether it makes sense for the change is the lifecycle's to say.
pub(super) fn details(
    action: Action,
    sent: &Sent,
    policy: &Policy,
    now: DateTime<Utc>,
) -> Result<Details, Wrong> {
    let mut details = Details::default();
    if let Some(words) = words(action) {
        details.note = text(words.name, sent.one("note"), LONGEST_NOTE)?;
        if words.required && details.note.is_empty() {
            return Err(wrong(words.name, "（空）", "写明内容，不超过 2,000 字"));
        }
    }
    if matches!(action, Action::Anomaly) {
        details.incident = sent.one("incident") == "yes";
    }
    if action == Action::SendReport {
        details.report = Some(ReportText {
            impact: part("影响范围", sent.one("impact"))?,
            cause: part("原因分析", sent.one("cause"))?,
            handling: part("处理过程", sent.one("handling"))?,
            prevention: part("改进与预防措施", sent.one("prevention"))?,
        });
    }
    if asks_time(action) {
        let (from, until) = times(sent, policy, now)?;
        (details.from, details.until) = (Some(from), until);
    }
    if asks_people(action) {
        details.people = people(sent)?;
    }
    if asks_rules(action) {
        details.rules = rules(sent)?;
    }
    Ok(details)
}

/// From when until when; only the start must be given.
fn times(
    sent: &Sent,
    policy: &Policy,
    now: DateTime<Utc>,
) -> Result<(DateTime<Utc>, Option<DateTime<Utc>>), Wrong> {
    let needed = "年月日和时分，如 2026-11-24 17:00";
    let read = |field, text: &str| dates::from_field(text, policy).ok_or_else(|| wrong(field, text, needed));
    let from = read("新的开始时间", sent.one("from"))?;
    if from <= now || from > now + FURTHEST {
        return Err(wrong("新的开始时间", sent.one("from"), "晚于现在，且在一年之内"));
    }
    let until = match sent.one("until") {
        "" => None,
        text => Some(read("新的结束时间", text)?),
    };
    if until.is_some_and(|until| until <= from || until > from + FURTHEST) {
        return Err(wrong("新的结束时间", sent.one("until"), "晚于开始时间"));
    }
    Ok((from, until))
}

fn people(sent: &Sent) -> Result<BTreeSet<UserId>, Wrong> {
    let field = "到岗人员";
    let typed = sent
        .one("more_people")
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、' | ';' | '；'));
    let ids: Vec<&str> = sent
        .all("people")
        .chain(typed)
        .filter(|id| !id.is_empty())
        .collect();
    if ids.len() > MOST_PEOPLE {
        return Err(wrong(field, &format!("{} 人", ids.len()), "不超过 50 人"));
    }
    if let Some(odd) = ids.iter().find(|id| !is_id(id)) {
        return Err(wrong(
            field,
            odd,
            "企业微信账号：字母、数字和 - _ . @，多个账号用逗号隔开",
        ));
    }
    if ids.is_empty() {
        return Err(wrong(field, "（未选择）", "至少选择或填写一人"));
    }
    Ok(ids.into_iter().map(UserId::new).collect())
}

fn is_id(text: &str) -> bool {
    text.len() <= LONGEST_ID
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'@'))
}

fn rules(sent: &Sent) -> Result<BTreeSet<RuleId>, Wrong> {
    let field = "申请豁免的规则";
    let rules: BTreeSet<RuleId> = sent
        .all("rule")
        .map(|id| {
            id.parse()
                .map_err(|_unknown| wrong(field, id, "页面上列出的规则"))
        })
        .collect::<Result<_, _>>()?;
    if rules.is_empty() {
        return Err(wrong(field, "（未选择）", "至少选择一条规则"));
    }
    Ok(rules)
}

/// A part of a report, which is sent once and so must be whole.
fn part(field: &'static str, sent: &str) -> Result<String, Wrong> {
    let text = text(field, sent, LONGEST_PART)?;
    if text.is_empty() {
        return Err(wrong(
            field,
            "（空）",
            "写明内容，不超过 3,000 字；报告只能发送一次",
        ));
    }
    Ok(text)
}

/// Text as people type it: line ends as one character, nothing that cannot be seen.
fn text(field: &'static str, sent: &str, longest: usize) -> Result<String, Wrong> {
    let text: String = sent
        .replace("\r\n", "\n")
        .chars()
        .filter(|c| !c.is_control() || *c == '\n' || *c == '\t')
        .collect();
    let text = text.trim();
    let length = text.chars().count();
    if length > longest {
        return Err(wrong(
            field,
            &format!("{length} 字"),
            &format!("不超过 {longest} 字"),
        ));
    }
    Ok(text.to_owned())
}

fn wrong(field: &'static str, found: &str, needed: &str) -> Wrong {
    let mut shown: String = found.chars().take(60).collect();
    if shown.len() < found.len() {
        shown.push('…');
    }
    Wrong {
        field,
        found: if shown.is_empty() {
            "（空）".to_owned()
        } else {
            shown
        },
        needed: needed.to_owned(),
    }
}
