//! Issues as JIRA shows them, filed on Tuesday 2026-11-24 at 14:00 of Shanghai.

mod names;
mod unknowns;

use std::collections::BTreeMap;

use crate::evaluate::evaluate;
use crate::facts::{Facts, Issue, IssueFact, StatusChange};
use crate::policy::Policy;
use crate::rule::RuleId;
use crate::rules::testing::{at, compliant, policy_with, text};
use crate::submission::Submission;
use crate::verdict::RuleResult;
use crate::verdict::Status::{self, Fail, Pass, Unknown, Warn};

const KEY: &str = "TRADE-1024";
const UAT: &str = "UAT 验收";
const READY: &str = "待上线";

/// One move: when, by whom, from, to.
type Move<'a> = (&'a str, &'a str, &'a str, &'a str);

fn issue(status: &str, moves: &[Move<'_>]) -> Issue {
    Issue {
        summary: "条件单".to_owned(),
        status: status.to_owned(),
        status_changes: moves
            .iter()
            .map(|&(when, by, from, to)| StatusChange {
                at: at(when),
                by: by.to_owned(),
                by_name: if by == "pm1" {
                    "王小明".to_owned()
                } else {
                    String::new()
                },
                from: from.to_owned(),
                to: to.to_owned(),
            })
            .collect(),
        ..Issue::default()
    }
}

fn filed(urgency: &str) -> Submission {
    Submission {
        urgency: text(urgency),
        ..compliant()
    }
}

fn judged_by(policy: &Policy, form: &Submission, issues: &[(&str, IssueFact)]) -> RuleResult {
    let issues: BTreeMap<String, IssueFact> = issues
        .iter()
        .map(|(key, fact)| ((*key).to_owned(), fact.clone()))
        .collect();
    let facts = Facts {
        issues: Some(issues),
        ..Facts::default()
    };
    let verdict = evaluate(form, &facts, policy, form.apply_time);
    verdict.of(RuleId::UatAccepted).unwrap().clone()
}

fn judged(form: &Submission, issues: &[(&str, IssueFact)]) -> RuleResult {
    judged_by(&Policy::built_in(), form, issues)
}

/// Urgency, state, moves, and what comes of it with some of its words.
type Case<'a> = (&'a str, &'a str, &'a [Move<'a>], Status, &'a str);

fn all_as_told(cases: &[Case<'_>]) {
    for (urgency, status, moves, wanted, words) in cases {
        let result = judged(&filed(urgency), &[(KEY, IssueFact::Found(issue(status, moves)))]);
        let told = format!("{urgency} {status} {moves:?}: {result:?}");
        assert_eq!(result.status, *wanted, "{told}");
        let said = [result.message, result.evidence]
            .into_iter()
            .flatten()
            .collect::<String>();
        assert!(said.contains(words), "{words}: {told}");
    }
}

#[test]
fn a_normal_change_is_accepted_on_a_day_before() {
    all_as_told(&[
        (
            "正常",
            READY,
            &[("2026-11-23 23:59:59", "pm1", UAT, READY)],
            Pass,
            "TRADE-1024：2026-11-23 23:59:59 王小明（pm1）将“UAT 验收”变更至“待上线”",
        ),
        (
            "正常",
            READY,
            &[("2026-11-24 00:00", "pm1", UAT, READY)],
            Fail,
            "王小明于 11月24日 00:00 才变更至“待上线”；正常变更须由产品经理在发起前一天（11月23日（周一）及以前）完成验收，\
             请撤回后在 11月26日（周四）16:30–21:00 的窗口当天重新发起；确属紧急的，改按“紧急”发起",
        ),
        (
            "正常",
            READY,
            &[("2026-11-24 00:01", "pm1", UAT, READY)],
            Fail,
            "11月24日 00:01",
        ),
        (
            "正常",
            READY,
            &[("2026-11-24 14:30", "pm1", UAT, READY)],
            Fail,
            "晚于发起时间 11月24日 14:00",
        ),
        // 23:59 of Shanghai is the same day in UTC, 00:01 of Shanghai still the day before there.
        (
            "正常",
            "已上线",
            &[
                ("2026-11-23 23:59", "pm1", UAT, READY),
                ("2026-11-24 13:00", "ops", READY, "已上线"),
            ],
            Pass,
            "2026-11-23 23:59",
        ),
        (
            "正常",
            "已上线",
            &[("2026-11-20 10:00", "pm1", UAT, "已上线")],
            Pass,
            "",
        ),
    ]);
}

#[test]
fn an_emergency_is_accepted_before_it_is_filed_and_so_is_what_names_no_urgency() {
    // 六: an emergency may be filed once the problem is mended; an acceptance since is told to the approvers.
    for (urgency, late, words) in [
        ("紧急", Warn, "请审批人知悉"),
        ("", Fail, "重新发起"),
        ("加急", Fail, "重新发起"),
    ] {
        all_as_told(&[
            (
                urgency,
                READY,
                &[("2026-11-24 13:59", "pm1", UAT, READY)],
                Pass,
                "13:59",
            ),
            (
                urgency,
                READY,
                &[("2026-11-24 13:59:59", "pm1", UAT, READY)],
                Pass,
                "",
            ),
            (
                urgency,
                READY,
                &[("2026-11-24 14:00", "pm1", UAT, READY)],
                late,
                "才变更至“待上线”，晚于发起时间",
            ),
            (
                urgency,
                READY,
                &[("2026-11-24 14:01", "pm1", UAT, READY)],
                late,
                words,
            ),
        ]);
    }
}

#[test]
fn what_went_back_to_uat_is_accepted_no_more() {
    const ACCEPTED: Move<'_> = ("2026-11-20 10:00", "pm1", UAT, READY);
    all_as_told(&[
        (
            "正常",
            UAT,
            &[ACCEPTED, ("2026-11-23 11:00", "qa1", READY, UAT)],
            Fail,
            "第 1 项 TRADE-1024 验收后又于 11月23日 11:00 由qa1从“待上线”退回“UAT 验收”，目前是“UAT 验收”",
        ),
        (
            "正常",
            READY,
            &[
                ACCEPTED,
                ("2026-11-23 11:00", "qa1", READY, UAT),
                ("2026-11-23 18:00", "pm1", UAT, READY),
            ],
            Pass,
            "2026-11-23 18:00",
        ),
        (
            "正常",
            READY,
            &[
                ACCEPTED,
                ("2026-11-23 11:00", "qa1", READY, UAT),
                ("2026-11-24 09:00", "pm1", UAT, READY),
            ],
            Fail,
            "11月24日 09:00",
        ),
        (
            "紧急",
            READY,
            &[
                ACCEPTED,
                ("2026-11-23 11:00", "qa1", READY, UAT),
                ("2026-11-24 09:00", "pm1", UAT, READY),
            ],
            Pass,
            "09:00",
        ),
        (
            "正常",
            "开发中",
            &[ACCEPTED, ("2026-11-23 11:00", "qa1", READY, "开发中")],
            Fail,
            "目前是“开发中”，不是“待上线”",
        ),
        (
            "正常",
            READY,
            &[
                ACCEPTED,
                ("2026-11-23 11:00", "qa1", READY, "开发中"),
                ("2026-11-24 11:00", "dev1", "开发中", READY),
            ],
            Warn,
            "验收后曾退出“待上线”，11月24日 11:00 由“开发中”回到“待上线”",
        ),
        // The log and the state do not agree; the log tells that it went back.
        (
            "正常",
            READY,
            &[ACCEPTED, ("2026-11-23 11:00", "qa1", READY, UAT)],
            Fail,
            "没有重新验收的流转",
        ),
    ]);
}

#[test]
fn the_way_out_of_uat_counts() {
    all_as_told(&[
        (
            "正常",
            READY,
            &[],
            Fail,
            "变更记录中没有由“UAT 验收”至“待上线”的流转",
        ),
        (
            "正常",
            READY,
            &[("2026-11-20 10:00", "dev1", "开发中", READY)],
            Fail,
            "变更记录中没有",
        ),
        (
            "正常",
            READY,
            &[
                ("2026-11-20 10:00", "pm1", UAT, "验收通过"),
                ("2026-11-23 10:00", "pm1", "验收通过", READY),
            ],
            Warn,
            "由“UAT 验收”先到“验收通过”，再由“验收通过”变更至“待上线”",
        ),
        // The entry into 待上线 is what counts.
        (
            "正常",
            READY,
            &[
                ("2026-11-20 10:00", "pm1", UAT, "验收通过"),
                ("2026-11-24 10:00", "pm1", "验收通过", READY),
            ],
            Fail,
            "11月24日 10:00",
        ),
        (
            "正常",
            UAT,
            &[("2026-11-20 10:00", "qa1", "SIT 测试", UAT)],
            Fail,
            "目前是“UAT 验收”，尚未验收；请产品经理",
        ),
        ("正常", "开发中", &[], Fail, "不是“待上线”"),
        ("正常", " ", &[], Unknown, "JIRA 没有给出状态"),
        // Newest first, as some files have it.
        (
            "正常",
            READY,
            &[
                ("2026-11-23 18:00", "pm1", UAT, READY),
                ("2026-11-20 10:00", "qa1", READY, UAT),
            ],
            Pass,
            "",
        ),
    ]);
}

#[test]
fn the_next_start_spares_a_freeze() {
    let policy = policy_with("[[freezes]]\nname = \"封网\"\nfrom = 2026-11-26\nuntil = 2026-11-26\n");
    let today = issue(READY, &[("2026-11-24 09:00", "pm1", UAT, READY)]);
    let message = judged_by(&policy, &filed("正常"), &[(KEY, IssueFact::Found(today))])
        .message
        .unwrap();
    assert!(message.contains("11月28日（周六）10:00–20:00"), "{message}");
}
