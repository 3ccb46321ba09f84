//! What the rules' tables share: a compliant form, and how one rule answers on a changed one.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::evaluate::evaluate;
use crate::facts::{Directory, Facts, Role, Team};
use crate::policy::Policy;
use crate::rule::RuleId;
use crate::submission::{Field, People, PlannedTime, Submission, UserId};
use crate::verdict::{RuleResult, Status};

/// An instant of Shanghai, such as `2026-11-24 14:00:00`.
pub(crate) fn at(local: &str) -> DateTime<Utc> {
    let whole = if local.len() == 16 {
        format!("{local}:00 +08:00")
    } else {
        format!("{local} +08:00")
    };
    DateTime::parse_from_str(&whole, "%Y-%m-%d %H:%M:%S %:z")
        .unwrap()
        .to_utc()
}

pub(crate) fn users(ids: &[&str]) -> Vec<UserId> {
    ids.iter().map(UserId::new).collect()
}

pub(crate) fn people(ids: &[&str]) -> Field<People> {
    Field::Filled(People {
        members: users(ids),
        departments: Vec::new(),
    })
}

pub(crate) fn text(entered: &str) -> Field<String> {
    Field::Filled(entered.to_owned())
}

/// A form that keeps every rule, filed on a Tuesday.
pub(crate) fn compliant() -> Submission {
    Submission {
        sp_no: "202611240001".to_owned(),
        applicants: users(&["dev1"]),
        apply_time: at("2026-11-24 14:00"),
        title: text("行情系统条件单功能上线变更"),
        urgency: text("正常"),
        description: text(
            "1、条件单功能，已通过 UAT 验收，已通过回归测试；JIRA 单：http://jira.yxzq.com/browse/TRADE-1024；",
        ),
        rollback: text("回退行情服务镜像至 v2.3.0，并关闭条件单开关"),
        product_manager: people(&["pm1"]),
        tester: people(&["qa1"]),
        middle_platform: Field::Empty,
        attachments: Field::Filled(vec!["file-1".to_owned()]),
        related: Field::Empty,
        planned_time: Field::Absent("计划变更时间".to_owned()),
        images: Field::Absent("镜像".to_owned()),
        markets: Field::Absent("涉及市场".to_owned()),
    }
}

pub(crate) fn instant(local: &str) -> Field<PlannedTime> {
    Field::Filled(PlannedTime::Instant(at(local)))
}

pub(crate) fn range(from: &str, until: &str) -> Field<PlannedTime> {
    Field::Filled(PlannedTime::Range(at(from), at(until)))
}

pub(crate) fn day(day: &str) -> Field<PlannedTime> {
    Field::Filled(PlannedTime::Day(day.parse().unwrap()))
}

/// A directory with one team and everybody whom the tables name.
pub(crate) fn directory() -> Directory {
    let set = |ids: &[&str]| users(ids).into_iter().collect();
    let team = |name: &str, lead: &str, test: &str, member: &str, project: &str| Team {
        name: name.to_owned(),
        development_leads: set(&[lead]),
        test_leads: set(&[test]),
        members: set(&[member]),
        jira_projects: [project.to_owned()].into(),
        ..Team::default()
    };
    Directory {
        teams: vec![
            team("交易组", "lead", "testlead", "dev1", "TRADE"),
            team("行情组", "lead2", "testlead2", "dev2", "QUOTE"),
        ],
        roles: [
            (Role::ProductManager, set(&["pm1", "both"])),
            (Role::Tester, set(&["qa1", "both"])),
            (Role::Ccb, set(&["ccb1"])),
            (Role::OperationsLead, set(&["ops"])),
        ]
        .into(),
        names: [(UserId::new("pm1"), "王小明".to_owned())].into(),
        ..Directory::default()
    }
}

pub(crate) fn with_directory() -> Facts {
    Facts {
        directory: Some(Arc::new(directory())),
        ..Facts::default()
    }
}

/// How one rule answers, under the built-in policy and at the form's own apply time.
pub(crate) fn judged(rule: RuleId, submission: &Submission, facts: &Facts) -> RuleResult {
    judged_by(&Policy::built_in(), rule, submission, facts)
}

pub(crate) fn judged_by(policy: &Policy, rule: RuleId, submission: &Submission, facts: &Facts) -> RuleResult {
    let verdict = evaluate(submission, facts, policy, submission.apply_time);
    verdict.of(rule).unwrap().clone()
}

/// The built-in policy with more text behind it.
pub(crate) fn policy_with(more: &str) -> Policy {
    let text =
        include_str!("../../../../deploy/policy.toml").replace("[rules]\n", &format!("{more}\n[rules]\n"));
    Policy::parse(&text, "policy.toml").unwrap_or_else(|error| panic!("{error}"))
}

/// Tells every case that went wrong, not only the first.
pub(crate) fn expect_all<'a>(
    rule: RuleId,
    facts: &Facts,
    cases: impl IntoIterator<Item = (Status, &'a str)>,
    form: impl Fn(&str) -> Submission,
) {
    let wrong: Vec<String> = cases
        .into_iter()
        .filter_map(|(status, entered)| {
            let result = judged(rule, &form(entered), facts);
            (result.status != status).then(|| {
                format!(
                    "{entered:?}: wanted {status:?}, is {:?}: {}",
                    result.status,
                    result.message.unwrap_or_default()
                )
            })
        })
        .collect();
    assert!(wrong.is_empty(), "{rule}:\n{}", wrong.join("\n"));
}
