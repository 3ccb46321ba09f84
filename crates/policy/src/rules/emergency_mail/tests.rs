//! Where the application stands, and whom it reached.

use std::sync::Arc;

use crate::facts::{Directory, EmergencyMail, Facts, MailContent, Role};
use crate::policy::Policy;
use crate::rule::RuleId;
use crate::rules::testing::{at, compliant, day, directory, instant, judged, judged_by, range, text};
use crate::submission::{Field, PlannedTime, Submission, UserId};
use crate::verdict::RuleResult;
use crate::verdict::Status::{Fail, Pass, Skip, Unknown, Warn};

/// Outside every window, on a Tuesday.
const PLANNED: &str = "2026-11-24 22:00";

fn emergency(planned: Field<PlannedTime>) -> Submission {
    Submission {
        urgency: text("紧急"),
        planned_time: planned,
        ..compliant()
    }
}

fn mailing() -> Directory {
    let mut directory = directory();
    for (role, id) in [(Role::RdDirector, "director"), (Role::ProjectManager, "pj1")] {
        directory.roles.insert(role, [UserId::new(id)].into());
    }
    for id in ["lead", "ops", "director", "pj1", "pm1", "qa1", "dev1"] {
        directory
            .emails
            .insert(UserId::new(id), format!("{id}@example.com"));
    }
    directory
}

fn facts(mail: EmergencyMail) -> Facts {
    Facts {
        directory: Some(Arc::new(mailing())),
        emergency_mail: Some(mail),
        ..Facts::default()
    }
}

fn mail(to: &[&str], cc: &[&str], date: Option<&str>) -> MailContent {
    let addresses = |ids: &[&str]| ids.iter().map(|id| format!("{id}@example.com")).collect();
    MailContent {
        message_id: "1@example.com".to_owned(),
        from: "dev1@example.com".to_owned(),
        to: addresses(to),
        cc: addresses(cc),
        date: date.map(at),
        ..MailContent::default()
    }
}

fn complete(date: &str) -> MailContent {
    mail(&["lead", "ops", "director"], &["pj1", "pm1", "qa1"], Some(date))
}

fn judged_with(submission: &Submission, mail: EmergencyMail) -> RuleResult {
    judged(RuleId::EmergencyMail, submission, &facts(mail))
}

fn every_stand() -> Vec<EmergencyMail> {
    vec![
        EmergencyMail::Due,
        EmergencyMail::Failed("连接超时".to_owned()),
        EmergencyMail::ByHand,
        EmergencyMail::Shown(MailContent::default()),
    ]
}

#[test]
fn where_the_mail_stands_decides() {
    let sent = EmergencyMail::Sent {
        message_id: "7@changegate".to_owned(),
        at: at("2026-11-24 14:05"),
    };
    let confirmed = EmergencyMail::Confirmed {
        by: UserId::new("pm1"),
        at: at("2026-11-24 14:06"),
    };
    for (mail, status, words) in [
        (EmergencyMail::Due, Skip, "由变更闸自动发送"),
        (sent, Pass, "Message-ID：7@changegate，2026-11-24 14:05 已发送"),
        (confirmed, Pass, "王小明 于 2026-11-24 14:06 确认已发送"),
        (
            EmergencyMail::Failed("连接超时".to_owned()),
            Fail,
            "未能发出：连接超时；请自行发送给小组长、运维部、产研线总监",
        ),
        (
            EmergencyMail::ByHand,
            Unknown,
            "待申请人发送并确认，或附上邮件（.eml）",
        ),
        (
            EmergencyMail::Shown(complete("2026-11-24 13:50")),
            Pass,
            "Message-ID：1@example.com，发件人：dev1@example.com，日期：2026-11-24 13:50",
        ),
    ] {
        let result = judged_with(&emergency(instant(PLANNED)), mail.clone());
        assert_eq!(result.status, status, "{mail:?}");
        let said = result.message.or(result.evidence).unwrap();
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn only_an_emergency_outside_the_windows_needs_a_mail() {
    for (planned, needed) in [
        (instant("2026-11-24 16:29:59"), true),
        (instant("2026-11-24 16:30:00"), false),
        (instant("2026-11-24 20:59:59"), false),
        (instant("2026-11-24 21:00:00"), true),
        (range("2026-11-24 16:30", "2026-11-24 21:00"), false),
        (range("2026-11-24 16:30", "2026-11-24 21:00:01"), true),
        (range("2026-11-24 16:00", "2026-11-24 18:00"), true),
        (range("2026-11-24 18:00", "2026-11-24 17:00"), true),
        (day("2026-11-24"), true),
        (Field::Empty, true),
    ] {
        let result = judged_with(&emergency(planned.clone()), EmergencyMail::ByHand);
        assert_eq!(result.status == Unknown, needed, "{planned:?}");
        assert!(result.status == Unknown || result.status == Skip);
    }
    for mail in every_stand() {
        for urgency in ["正常", "", "特急"] {
            let submission = Submission {
                urgency: text(urgency),
                ..compliant()
            };
            assert_eq!(
                judged_with(&submission, mail.clone()).status,
                Skip,
                "{urgency} {mail:?}"
            );
        }
    }
}

#[test]
fn nobody_looked() {
    for submission in [compliant(), emergency(instant(PLANNED))] {
        let result = judged(RuleId::EmergencyMail, &submission, &Facts::default());
        assert_eq!(result.status, Skip);
        assert!(result.message.unwrap().contains("尚未接入"));
    }
}

#[test]
fn a_mail_that_is_shown_names_its_receivers() {
    let all_cc = &["pj1", "pm1", "qa1"][..];
    let date = Some("2026-11-24 13:50");
    for (to, cc, words) in [
        (
            &["lead", "ops"][..],
            all_cc,
            Some("没有发给产研线总监（director）；"),
        ),
        (&["director", "ops"], all_cc, Some("没有发给小组长（lead）；")),
        (&["lead", "director"], all_cc, Some("没有发给运维部（ops）；")),
        (
            &["lead", "ops", "director"],
            &["pj1", "qa1"],
            Some("没有抄送产品经理（王小明）；"),
        ),
        (
            &["lead", "ops", "director"],
            &["pm1"],
            Some("没有抄送项目经理（pj1）、测试同事（qa1）；"),
        ),
        (
            &["lead"],
            &["pm1", "qa1", "pj1"],
            Some("没有发给运维部（ops）、产研线总监（director）；"),
        ),
        (
            &["ops"],
            &[],
            Some("，没有抄送项目经理（pj1）、产品经理（王小明）、测试同事（qa1）；"),
        ),
        (&[], &[], Some("没有收件人")),
        (&["LEAD", "Ops", "director", "PJ1", "pm1", "qa1"], &[], None),
        (
            &[],
            &["lead", "ops", "director", "pj1", "pm1", "qa1", "stranger"],
            None,
        ),
    ] {
        let shown = EmergencyMail::Shown(mail(to, cc, date));
        let result = judged_with(&emergency(instant(PLANNED)), shown);
        assert_eq!(
            result.status,
            if words.is_some() { Warn } else { Pass },
            "{to:?} {cc:?} {result:?}"
        );
        let message = result.message.unwrap_or_default();
        assert!(message.contains(words.unwrap_or_default()), "{message}");
    }
}

#[test]
fn the_mailbox_of_operations_stands_for_its_leads() {
    let written = Policy::BUILT_IN_TEXT.replacen("# operations_mailbox", "operations_mailbox", 1);
    let policy = Policy::parse(&written, "policy.toml").unwrap();
    for (to, status) in [
        (&["lead", "director", "ops"][..], Pass),
        (&["lead", "director"], Warn),
    ] {
        let mut directory = mailing();
        directory.emails.remove(&UserId::new("ops"));
        let facts = Facts {
            directory: Some(Arc::new(directory)),
            ..facts(EmergencyMail::Shown(mail(
                to,
                &["pj1", "pm1", "qa1"],
                Some("2026-11-24 13:50"),
            )))
        };
        let result = judged_by(
            &policy,
            RuleId::EmergencyMail,
            &emergency(instant(PLANNED)),
            &facts,
        );
        assert_eq!(result.status, status, "{to:?} {result:?}");
    }
}

#[test]
fn receivers_whom_nobody_knows_are_not_found_missing() {
    let shown = || EmergencyMail::Shown(mail(&["x"], &[], Some("2026-11-24 13:50")));
    let without_addresses = Facts {
        directory: Some(Arc::new(directory())),
        ..facts(shown())
    };
    let without_directory = Facts {
        directory: None,
        ..facts(shown())
    };
    for facts in [without_addresses, without_directory] {
        let result = judged(RuleId::EmergencyMail, &emergency(instant(PLANNED)), &facts);
        assert_eq!(result.status, Warn);
        let message = result.message.unwrap();
        assert!(
            message.contains("无法核对收件人") && !message.contains("没有发给"),
            "{message}"
        );
    }
}

#[test]
fn the_date_lies_between_the_week_before_and_the_start() {
    for (date, planned, status) in [
        (Some("2026-11-17 14:00:00"), instant(PLANNED), Pass),
        (Some("2026-11-17 13:59:59"), instant(PLANNED), Warn),
        (Some("2026-11-24 22:00:00"), instant(PLANNED), Pass),
        (Some("2026-11-24 22:00:01"), instant(PLANNED), Warn),
        (
            Some("2026-11-24 22:00:01"),
            range("2026-11-24 22:00", "2026-11-24 23:00"),
            Warn,
        ),
        (Some("2026-11-25 23:59:59"), day("2026-11-25"), Pass),
        (Some("2026-11-26 00:00:00"), day("2026-11-25"), Warn),
        (Some("2026-11-26 00:00:00"), Field::Empty, Pass),
        (None, instant(PLANNED), Warn),
    ] {
        let shown = MailContent {
            date: date.map(at),
            ..complete("2026-11-24 13:50")
        };
        let result = judged_with(&emergency(planned.clone()), EmergencyMail::Shown(shown));
        assert_eq!(result.status, status, "{date:?} {planned:?} {result:?}");
    }
}
