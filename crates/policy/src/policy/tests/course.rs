//! The settings by which a change is led to its end.

use changegate_calendar::Exchange;
use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;
use crate::rules::testing::at;

/// What the file is without the settings of the course.
fn bare() -> String {
    let (before, rest) = SHIPPED.split_once("# How long is waited").unwrap();
    let (_, after) = rest.split_once("# Who holds which role").unwrap();
    format!("{before}# Who holds which role{after}")
}

fn with(more: &str) -> Policy {
    let text = bare().replacen("[rules]\n", &format!("{more}\n[rules]\n"), 1);
    Policy::parse(&text, "x").unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_shipped_file_says_what_holds_without_it() {
    let (shipped, bare) = (Policy::built_in(), with(""));
    assert_eq!(shipped.pace(), bare.pace());
    assert_eq!(shipped.pace(), &Pace::default());
    assert_eq!(shipped.work_hours(), bare.work_hours());
    assert_eq!(shipped.work_hours(), &WorkHours::default());
    assert_eq!(shipped.execution(), bare.execution());
    assert_eq!(shipped.execution(), ExecutionRecord::Button);
    assert_eq!(shipped.market_words, bare.market_words);
    assert_eq!(shipped.exchanges(), ExchangeCalendars::built_in());
}

#[test]
fn the_course_is_set_by_the_file() {
    let policy = with(
        "[pace]\napproval_reminder_minutes = 20\nduty_reminders = 0\nsession_eve = \"19:00\"\n\
         [execution]\nrecorded_by = \"approval_node\"\n\
         [[exchanges.closures]]\nexchange = \"hong_kong\"\nday = 2026-11-25\nname = \"台风\"",
    );
    assert_eq!(policy.pace().approval_reminder, TimeDelta::minutes(20));
    assert_eq!(policy.pace().duty_reminders, 0);
    assert_eq!(policy.pace().session_eve.to_string(), "19:00:00");
    assert_eq!(policy.pace().bundle_seconds, 60);
    assert_eq!(policy.execution(), ExecutionRecord::ApprovalNode);
    let next = policy
        .exchanges()
        .next_open(Exchange::HongKong, at("2026-11-24 20:00"))
        .unwrap();
    assert_eq!(next.opens, at("2026-11-26 09:30"));
    let words = policy.in_words();
    for line in [
        "审批超时提醒：正常 20 分钟、紧急 15 分钟，最多 3 次",
        "工作时间：周一、周二、周三、周四、周五 09:00–18:30，法定节假日除外；变更时间窗口内也算",
        "变更执行以运维同事在审批中办理自己的节点为准",
        "次日开盘前到岗：前一晚 19:00 和开盘前 30 分钟提醒",
        "临时休市：港股 2026-11-25（台风）",
        "A股交易日历：截至 2026-12-31",
    ] {
        assert!(words.lines().any(|found| found == line), "{line}\n{words}");
    }
}

#[test]
fn an_earlier_cutoff_has_an_earlier_reminder() {
    let policy = |cutoff: &str| {
        let text = bare().replacen("cutoff = \"15:00\"", &format!("cutoff = \"{cutoff}\""), 1);
        Policy::parse(&text, "x")
            .unwrap()
            .pace()
            .cutoff_reminder
            .to_string()
    };
    assert_eq!(policy("12:00"), "11:30:00");
    assert_eq!(policy("00:10"), "00:00:00");
}

#[test]
fn contacts_name_mailbox_and_group() {
    let contacts = SHIPPED
        .replacen("# operations_mailbox", "operations_mailbox", 1)
        .replacen("# feedback_group", "feedback_group", 1);
    let policy = Policy::parse(&contacts, "x").unwrap();
    assert_eq!(
        policy.contacts().operations_mailbox.as_deref(),
        Some("ops@example.com")
    );
    assert!(policy.contacts().feedback_group.is_some());
    assert!(Policy::built_in().contacts().operations_mailbox.is_none());
}

#[test]
fn people_are_at_work_in_hours_and_in_windows() {
    let policy = Policy::built_in();
    for (local, expected) in [
        ("2026-11-23 08:59:59", false),
        ("2026-11-23 09:00:00", true),
        ("2026-11-23 18:29:59", true),
        ("2026-11-23 18:30:00", false),
        // Tuesday's window is open until 21:00 in winter.
        ("2026-11-24 20:59:59", true),
        ("2026-11-24 21:00:00", false),
        // Saturday: the window alone.
        ("2026-11-28 09:59:59", false),
        ("2026-11-28 10:00:00", true),
        ("2026-11-28 20:00:00", false),
        // National Day, a Thursday: the window counts, the hours do not.
        ("2026-10-01 10:00:00", false),
        ("2026-10-01 16:30:00", true),
        // The mainland's calendar ends with 2026: weekdays count.
        ("2027-02-08 10:00:00", true),
        ("2027-02-07 10:00:00", false),
    ] {
        assert_eq!(policy.is_work_time(at(local)), expected, "{local}");
    }
}

#[test]
fn work_time_passes_only_at_work() {
    let policy = Policy::built_in();
    for (from, minutes, expected) in [
        ("2026-11-23 10:00:00", 30, "2026-11-23 10:30:00"),
        ("2026-11-23 10:00:00", 0, "2026-11-23 10:00:00"),
        ("2026-11-23 03:00:00", 0, "2026-11-23 03:00:00"),
        ("2026-11-23 18:10:00", 20, "2026-11-23 18:30:00"),
        ("2026-11-23 18:10:00", 30, "2026-11-24 09:10:00"),
        // Through the window of the evening, into the next morning.
        ("2026-11-24 18:10:00", 30, "2026-11-24 18:40:00"),
        ("2026-11-24 20:50:00", 30, "2026-11-25 09:20:00"),
        // Friday evening: Saturday's window is next.
        ("2026-11-27 18:20:00", 30, "2026-11-28 10:20:00"),
        ("2026-11-28 19:50:00", 30, "2026-11-30 09:20:00"),
        // Before the holiday of October: the windows of Thursday and Saturday fall in it.
        ("2026-09-30 18:20:00", 30, "2026-10-01 16:50:00"),
    ] {
        let passed = policy.after_work_time(at(from), TimeDelta::minutes(minutes));
        assert_eq!(
            passed,
            at(expected),
            "{from} + {minutes}: {}",
            policy.local(passed)
        );
    }
    let never = policy.after_work_time(at("2026-11-23 10:00"), TimeDelta::MAX);
    assert_eq!(
        never,
        at("2026-11-23 10:00"),
        "what cannot be reckoned is due at once"
    );
}

#[test]
fn working_days_skip_weekends_and_holidays() {
    let policy = Policy::built_in();
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    for (year, month, expected) in [
        (2026, 10, "2026-10-08"),
        (2026, 11, "2026-11-02"),
        (2026, 12, "2026-12-01"),
        (2026, 1, "2026-01-05"),
        (2027, 5, "2027-05-03"),
        (2026, 13, "2026-12-01"),
    ] {
        assert_eq!(
            policy.first_working_day(year, month),
            day(expected),
            "{year}-{month}"
        );
    }
    for (after, expected) in [
        ("2026-11-24", "2026-11-25"),
        ("2026-11-27", "2026-11-30"),
        ("2026-09-30", "2026-10-08"),
        ("2026-02-13", "2026-02-24"),
    ] {
        assert_eq!(policy.next_working_day(day(after)), day(expected), "{after}");
    }
    assert_eq!(policy.next_working_day(NaiveDate::MAX), NaiveDate::MAX);
    assert_eq!(policy.first_working_day(i32::MAX, 1), NaiveDate::MAX);
}

#[test]
fn a_firm_that_works_on_saturdays_says_so() {
    let policy = with("[work_hours]\ndays = [\"mon\", \"sat\"]\nfrom = \"08:00\"");
    assert!(policy.is_work_time(at("2026-11-28 08:00")));
    assert!(!policy.is_work_time(at("2026-11-27 10:00")));
    assert_eq!(
        policy.next_working_day("2026-11-23".parse().unwrap()).to_string(),
        "2026-11-28"
    );
}

proptest! {
    #[test]
    fn a_reminder_falls_into_work_time_and_waits_add_up(start in 0_i64..500_000, first in 1_i64..2_000, second in 1_i64..2_000) {
        let policy = Policy::built_in();
        let from = at("2026-01-05 00:00") + TimeDelta::minutes(start);
        let (first, second) = (TimeDelta::minutes(first), TimeDelta::minutes(second));
        let due = policy.after_work_time(from, first);
        prop_assert!(due - from >= first);
        // The last moment before it was work.
        prop_assert!(policy.is_work_time(due - TimeDelta::seconds(1)));
        prop_assert_eq!(policy.after_work_time(due, second), policy.after_work_time(from, first + second));
    }
}
