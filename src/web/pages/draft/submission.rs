//! What was entered as the policy's submission; what cannot be taken is told field by field.

use changegate_policy::{Directory, Field, People, PlannedTime, Policy, RelatedApproval, Submission, UserId};
use chrono::{DateTime, TimeDelta, Utc};

use super::entered::Entered;
use super::plan;
use super::shape::{Kind, Shape};
use crate::web::dates;
use crate::web::pages::fields::Wrong;

/// A change is planned, and a judgement asked for, within this time.
const FURTHEST: TimeDelta = TimeDelta::days(366);
/// As many members in one field.
const MOST_PEOPLE: usize = 20;
/// As many related approvals.
const MOST_RELATED: usize = 20;
/// The longest text of each field, in characters.
pub(super) const LONGEST_TITLE: usize = 500;
pub(super) const LONGEST_DESCRIPTION: usize = 20_000;
pub(super) const LONGEST_TEXT: usize = 5_000;
pub(super) const LONGEST_LINE: usize = 500;
pub(super) const LONGEST_KEYS: usize = 4_000;

/// The submission, and when it is to be judged.
pub(super) struct Read {
    pub(super) submission: Submission,
    /// 评审时刻.
    pub(super) at: DateTime<Utc>,
    /// Whether that is now.
    pub(super) is_now: bool,
}

/// Reads what `member` entered; all that is wrong at once.
pub(super) fn read(
    entered: &Entered,
    member: &UserId,
    shape: Shape<'_>,
    policy: &Policy,
    now: DateTime<Utc>,
) -> Result<Read, Vec<Wrong>> {
    let mut wrongs = too_long(entered);
    let at = moment("评审时刻", &entered.at, policy, now).unwrap_or_else(|wrong| {
        wrongs.push(wrong);
        None
    });
    let planned = moment("计划变更时间", &entered.planned, policy, now).unwrap_or_else(|wrong| {
        wrongs.push(wrong);
        None
    });
    let directory = policy.directory().map(AsRef::as_ref);
    let mut people = |name, words: &[String]| {
        people(name, words, directory).unwrap_or_else(|wrong| {
            wrongs.push(wrong);
            Vec::new()
        })
    };
    let product_manager = people("产品经理", &entered.product_manager);
    let tester = people("测试同事", &entered.tester);
    let related = related(&entered.related).unwrap_or_else(|wrong| {
        wrongs.push(wrong);
        Vec::new()
    });
    if !wrongs.is_empty() {
        return Err(wrongs);
    }
    let fields = shape.fields;
    let text = |control: &str, entered: &str| {
        let filled = (!entered.is_empty()).then(|| entered.to_owned());
        field(shape, control, filled)
    };
    let members = |control: &str, members: Vec<UserId>| {
        let filled = (!members.is_empty()).then(|| People {
            members,
            departments: Vec::new(),
        });
        field(shape, control, filled)
    };
    let planned = planned.map(|planned| match shape.kind(&fields.planned_time) {
        Kind::Day => PlannedTime::Day(policy.day_of(planned)),
        Kind::Moment | Kind::Text | Kind::Choice | Kind::Other => PlannedTime::Instant(planned),
    });
    let submission = Submission {
        sp_no: String::new(),
        applicants: vec![member.clone()],
        apply_time: at.unwrap_or(now),
        title: text(&fields.title, &entered.title),
        urgency: text(&fields.urgency, &entered.urgency),
        description: text(&fields.description, &entered.description),
        rollback: text(&fields.rollback, &entered.rollback),
        product_manager: members(&fields.product_manager, product_manager),
        tester: members(&fields.tester, tester),
        middle_platform: text(&fields.middle_platform, &entered.middle_platform),
        attachments: field(shape, &fields.attachments, Some(vec![plan::FILE_NAME.to_owned()])),
        related: field(shape, &fields.related, (!related.is_empty()).then_some(related)),
        planned_time: field(shape, &fields.planned_time, planned),
        images: text(&fields.images, &entered.images),
        markets: text(&fields.markets, &entered.markets),
    };
    Ok(Read {
        submission,
        at: at.unwrap_or(now),
        is_now: at.is_none(),
    })
}

/// The members that a field names, as far as they can be read; for a proposal, which keeps them.
pub(super) fn known_people(words: &[String], policy: &Policy) -> Vec<UserId> {
    people("", words, policy.directory().map(AsRef::as_ref)).unwrap_or_default()
}

fn field<T>(shape: Shape<'_>, control: &str, value: Option<T>) -> Field<T> {
    match value {
        _ if !shape.has(control) => Field::Absent(control.to_owned()),
        Some(value) => Field::Filled(value),
        None => Field::Empty,
    }
}

fn too_long(entered: &Entered) -> Vec<Wrong> {
    [
        ("JIRA 单", &entered.keys, LONGEST_KEYS),
        ("标题", &entered.title, LONGEST_TITLE),
        ("紧急程度", &entered.urgency, LONGEST_LINE),
        ("升级功能描述", &entered.description, LONGEST_DESCRIPTION),
        ("回退方案", &entered.rollback, LONGEST_TEXT),
        ("中台模块权限及接口", &entered.middle_platform, LONGEST_TEXT),
        ("镜像", &entered.images, LONGEST_TEXT),
        ("涉及市场", &entered.markets, LONGEST_LINE),
        ("关联审批单", &entered.related, LONGEST_LINE),
    ]
    .into_iter()
    .filter_map(|(field, text, longest)| {
        let length = text.chars().count();
        (length > longest).then(|| wrong(field, &format!("{length} 字"), format!("不超过 {longest} 字")))
    })
    .collect()
}

/// The instant that a `datetime-local` field holds; none where it is empty.
fn moment(
    name: &'static str,
    text: &str,
    policy: &Policy,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, Wrong> {
    if text.is_empty() {
        return Ok(None);
    }
    let at = dates::from_field(text, policy)
        .ok_or_else(|| wrong(name, text, "年月日和时分，如 2026-11-24 17:00".to_owned()))?;
    if at < now - FURTHEST || at > now + FURTHEST {
        return Err(wrong(name, text, "前后一年之内的时间".to_owned()));
    }
    Ok(Some(at))
}

fn people(name: &'static str, words: &[String], directory: Option<&Directory>) -> Result<Vec<UserId>, Wrong> {
    let mut found: Vec<UserId> = Vec::new();
    for word in words {
        let user = user(word, directory).ok_or_else(|| {
            let needed = "企业微信账号（字母、数字和 - _ . @），或通讯录中不重名的姓名";
            wrong(name, word, needed.to_owned())
        })?;
        if !found.contains(&user) {
            found.push(user);
        }
    }
    if found.len() > MOST_PEOPLE {
        return Err(wrong(
            name,
            &format!("{} 人", found.len()),
            format!("不超过 {MOST_PEOPLE} 人"),
        ));
    }
    Ok(found)
}

fn user(word: &str, directory: Option<&Directory>) -> Option<UserId> {
    // WeCom's ids are ASCII; anything else can only be a name.
    if word.is_ascii() && changegate_wecom::message::is_userid(word) {
        return Some(UserId::new(word));
    }
    let mut named = directory?.names.iter().filter(|(_, name)| name.as_str() == word);
    match (named.next(), named.next()) {
        (Some((user, _)), None) => Some(user.clone()),
        (Some(_), Some(_)) | (None, _) => None,
    }
}

fn related(text: &str) -> Result<Vec<RelatedApproval>, Wrong> {
    let numbers: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、' | ';' | '；'))
        .filter(|number| !number.is_empty())
        .collect();
    let is_number = |number: &&&str| number.len() <= 32 && number.bytes().all(|byte| byte.is_ascii_digit());
    let needed = || format!("审批单号（数字），用逗号隔开，不超过 {MOST_RELATED} 个");
    if let Some(odd) = numbers.iter().find(|number| !is_number(number)) {
        return Err(wrong("关联审批单", odd, needed()));
    }
    if numbers.len() > MOST_RELATED {
        return Err(wrong("关联审批单", &format!("{} 个", numbers.len()), needed()));
    }
    let flows = numbers.into_iter().map(|sp_no| RelatedApproval {
        sp_no: sp_no.to_owned(),
        template_name: String::new(),
    });
    Ok(flows.collect())
}

fn wrong(field: &'static str, found: &str, needed: String) -> Wrong {
    let mut shown: String = found.chars().take(60).collect();
    if shown.len() < found.len() {
        shown.push('…');
    }
    Wrong {
        field,
        found: shown,
        needed,
    }
}
