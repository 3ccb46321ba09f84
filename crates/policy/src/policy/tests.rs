//! Policy files and their mistakes.

use super::*;
use crate::reading::Urgency;
use crate::rule::RuleId;
use crate::submission::UserId;

const SHIPPED: &str = include_str!("../../../../deploy/policy.toml");

fn error(from: &str, to: &str) -> PolicyError {
    assert!(SHIPPED.contains(from), "{from}");
    Policy::parse(&SHIPPED.replacen(from, to, 1), "firm.toml").expect_err(to)
}

#[test]
fn the_built_in_policy_is_the_regulation() {
    let policy = Policy::built_in();
    assert_eq!(policy.reference().version, "2.1");
    assert_eq!(policy.reference().sha256.len(), 64);
    assert_eq!(policy.title_pattern(), "{system}系统{feature}功能上线变更");
    assert_eq!(policy.severity(RuleId::Conflict), Severity::Warn);
    assert!(
        RuleId::ALL
            .iter()
            .all(|&rule| policy.severity(rule) == rule.default_severity())
    );
    assert!(RuleId::ALL.iter().all(|&rule| policy.mode(rule).is_in_force()));
    assert!(policy.directory().is_none());
    assert!(
        RuleId::ALL
            .iter()
            .all(|rule| SHIPPED.contains(&format!("\n{rule} = "))),
        "every rule is named"
    );
    let words = policy.in_words();
    assert!(
        words.contains("变更时间窗口（美国夏令时）：周二、周四 16:30–20:00；周六 10:00–20:00"),
        "{words}"
    );
}

#[test]
fn a_mistake_is_shown_where_it_stands() {
    let report = error("title-format = {", "titel-format = {").to_string();
    assert!(
        report.contains("there is no rule `titel-format`; did you mean `title-format`?"),
        "{report}"
    );
    assert!(report.contains("firm.toml:"), "{report}");
    assert!(report.contains("titel-format = { severity"), "{report}");
}

/// What the shipped file says, what it is changed to, and what the mistake is called.
const MISTAKES: &[(&str, &str, &str)] = &[
    ("version = \"2.1\"", "version = \" \"", "version"),
    (
        "version = \"2.1\"",
        "versoin = \"2.1\"",
        "did you mean `version`?",
    ),
    (
        "zone = \"Asia/Shanghai\"",
        "zone = \"Asia/Shanghay\"",
        "did you mean `Asia/Shanghai`?",
    ),
    ("cutoff = \"15:00\"", "cutoff = \"25:00\"", "no time of day"),
    (
        "{system}系统{feature}功能",
        "{system}系统功能",
        "{feature} is missing",
    ),
    ("closes = \"20:00\"", "closes = \"16:00\"", "not after it opens"),
    (
        "closes = \"20:00\"",
        "closse = \"20:00\"",
        "unknown field `closse`",
    ),
    ("[\"tue\", \"thu\"]", "[\"tuesdey\"]", "no day of the week"),
    ("[\"tue\", \"thu\"]", "[]", "at least one day"),
    (
        "hosts = [\"jira.yxzq.com\"]",
        "hosts = []",
        "at least one JIRA host",
    ),
    (
        "when = \"always\"\n",
        "when = \"never\"\n",
        "unknown variant `never`",
    ),
    (
        "severity = \"fail\"",
        "severity = \"error\"",
        "unknown variant `error`",
    ),
    (
        "[contacts]",
        "[[freezes]]\nname = \"x\"\nfrom = 2027-02-11\nuntil = 2027-02-05\n[contacts]",
        "end after it begins",
    ),
    (
        "[contacts]",
        "[[freezes]]\nname = \"x\"\nfrom = 10:00:00\nuntil = 2027-02-05\n[contacts]",
        "no date",
    ),
    (
        "[contacts]",
        "[directory.roles]\nboss = [\"x\"]\n[contacts]",
        "unknown variant `boss`",
    ),
    ("[contacts]", "[contacts", "expected"),
    (
        "approval_reminders = 3",
        "approval_remindres = 3",
        "did you mean `approval_reminders`?",
    ),
    (
        "approval_reminders = 3",
        "approval_reminders = 11",
        "not between 0 and 10",
    ),
    (
        "duty_reminder_minutes = 30",
        "duty_reminder_minutes = 0",
        "not between 1 and 1440",
    ),
    (
        "duty_reminder_minutes = 30",
        "duty_reminder_minutes = -5",
        "invalid value",
    ),
    (
        "bundle_seconds = 60",
        "bundle_seconds = 601",
        "not between 0 and 600",
    ),
    (
        "expire_after_days = 7",
        "expire_after_days = 0",
        "not between 1 and 90",
    ),
    (
        "session_eve = \"20:30\"",
        "session_eve = \"8 pm\"",
        "no time of day",
    ),
    (
        "cutoff_reminder = \"14:30\"",
        "cutoff_reminder = \"15:00\"",
        "before the cut-off",
    ),
    (
        "[\"mon\", \"tue\",",
        "[\"mondey\", \"tue\",",
        "no day of the week",
    ),
    (
        "[\"mon\", \"tue\", \"wed\", \"thu\", \"fri\"]",
        "[]",
        "work needs at least one day",
    ),
    ("to = \"18:30\"", "to = \"09:00\"", "not after it begins"),
    (
        "recorded_by = \"button\"",
        "recorded_by = \"buton\"",
        "unknown variant `buton`",
    ),
    ("us = [\"美股\"", "us = [\"美\"", "at least two characters"),
    (
        "hong_kong = [\"港股\"",
        "hongkong = [\"港股\"",
        "did you mean `hong_kong`?",
    ),
    (
        "[contacts]",
        "[[exchanges.closures]]\nexchange = \"tokyo\"\nday = 2026-09-06\nname = \"x\"\n[contacts]",
        "unknown variant `tokyo`",
    ),
    (
        "[contacts]",
        "[[exchanges.closures]]\nexchange = \"hong_kong\"\nday = 2026-09-06T08:00:00\nname = \"x\"\n[contacts]",
        "no day such as",
    ),
    (
        "[contacts]",
        "[[exchanges.closures]]\nexchange = \"hong_kong\"\nday = 2026-09-06\nname = \" \"\n[contacts]",
        "needs a name",
    ),
    (
        "[contacts]",
        "[contacts]\noperations_mailbox = \"ops at example.com\"",
        "no e-mail address",
    ),
    (
        "[contacts]",
        "[directory.emails]\npm1 = \"pm1@example.com, all@example.com\"\n[contacts]",
        "no e-mail address",
    ),
];

#[test]
fn every_kind_of_mistake_is_refused() {
    for (from, to, message) in MISTAKES {
        let error = error(from, to);
        assert!(error.message().contains(message), "{to}: {error}");
        let written = SHIPPED.replacen(from, to, 1);
        assert!(
            error.line() > 1 && error.line() <= written.lines().count() + 1,
            "{to}: {error}"
        );
    }
}

#[test]
fn a_directory_is_read() {
    let more = "[[directory.teams]]\nname = \"行情组\"\ndevelopment_leads = [\"lead\"]\njira_projects = [\"quote\"]\n\
                [directory.roles]\nproduct-manager = [\"pm1\"]\n[directory.names]\npm1 = \"王小明\"\n[directory.emails]\nPm1 = \"pm1@example.com\"\n[contacts]";
    let policy = Policy::parse(&SHIPPED.replacen("[contacts]", more, 1), "x").unwrap();
    let directory = policy.directory().unwrap();
    assert!(directory.teams[0].jira_projects.contains("QUOTE"));
    assert_eq!(directory.names.len(), 1);
    assert_eq!(directory.roles.len(), 1);
    assert_eq!(directory.email_of(&UserId::new("PM1")), Some("pm1@example.com"));
    assert_eq!(directory.email_of(&UserId::new("pm2")), None);
}

#[test]
fn frozen_windows_are_no_window_days() {
    let more = "[[freezes]]\nname = \"封网\"\nfrom = 2026-11-26\nuntil = 2026-11-26\n\
                [[freezes]]\nname = \"半日\"\nfrom = 2026-11-24T16:00:00\nuntil = 2026-11-24T18:00:00+08:00\n[contacts]";
    let policy = Policy::parse(&SHIPPED.replacen("[contacts]", more, 1), "x").unwrap();
    let is = |day: &str| policy.is_window_day(day.parse().unwrap());
    assert!(is("2026-11-24") && !is("2026-11-25") && !is("2026-11-26") && is("2026-11-28"));
    let half = policy.windows().windows_on("2026-11-24".parse().unwrap())[0];
    assert_eq!(
        policy.local(policy.free_part(half).unwrap().opens).to_rfc3339(),
        "2026-11-24T18:00:00+08:00"
    );
}

#[test]
fn a_freeze_binds_those_whom_it_does_not_exempt() {
    let more = "[[freezes]]\nname = \"春节封网\"\nfrom = 2027-02-05\nuntil = 2027-02-11\nexempt = [\"emergency\"]\n[contacts]";
    let policy = Policy::parse(&SHIPPED.replacen("[contacts]", more, 1), "x").unwrap();
    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    for (instant, urgency, name) in [
        ("2027-02-04T15:59:59Z", Some(Urgency::Normal), None),
        ("2027-02-04T16:00:00Z", Some(Urgency::Normal), Some("春节封网")),
        ("2027-02-04T16:00:00Z", None, Some("春节封网")),
        ("2027-02-04T16:00:00Z", Some(Urgency::Emergency), None),
        ("2027-02-11T16:00:00Z", Some(Urgency::Normal), None),
    ] {
        assert_eq!(
            policy.freeze_at(at(instant), urgency),
            name,
            "{instant} {urgency:?}"
        );
    }
}

mod course;
