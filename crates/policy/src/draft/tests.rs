//! Proposals made on Tuesday 2026-11-24 in the morning, by dev1 of 交易组, and what becomes of them when they are judged.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{ChainGap, Proposal, Wishes, issue_keys, propose, wanted_chain};
use crate::evaluate::evaluate;
use crate::facts::{Directory, Facts, Issue, IssueFact, Role, StatusChange};
use crate::policy::Policy;
use crate::reading::Urgency;
use crate::rule::RuleId;
use crate::rules::testing::{at, compliant, directory, instant, people, policy_with, text, users};
use crate::submission::{Submission, UserId};
use crate::verdict::Status;

const BROWSE: &str = "http://jira.yxzq.com/browse/";

fn policy() -> Policy {
    Policy::built_in().with_directory(Arc::new(directory()))
}

/// An issue that went through UAT, moved by `by` at `when`.
fn accepted(summary: &str, by: &str, when: &str) -> Issue {
    Issue {
        summary: summary.to_owned(),
        status: "待上线".to_owned(),
        issue_type: "需求".to_owned(),
        status_changes: vec![StatusChange {
            at: at(when),
            by: by.to_owned(),
            by_name: String::new(),
            from: "UAT 验收".to_owned(),
            to: "待上线".to_owned(),
        }],
        ..Issue::default()
    }
}

fn standing(summary: &str, status: &str) -> Issue {
    Issue {
        summary: summary.to_owned(),
        status: status.to_owned(),
        ..Issue::default()
    }
}

fn tested() -> Wishes {
    Wishes {
        regression_done: true,
        ..Wishes::default()
    }
}

fn proposed_by(
    policy: &Policy,
    issues: &[(&str, IssueFact)],
    wishes: &Wishes,
    now: DateTime<Utc>,
) -> Proposal {
    let keys: Vec<String> = issues.iter().map(|(key, _)| (*key).to_owned()).collect();
    let issues: BTreeMap<String, IssueFact> = issues
        .iter()
        .map(|(key, fact)| ((*key).to_owned(), fact.clone()))
        .collect();
    propose(&keys, &issues, wishes, &UserId::new("dev1"), BROWSE, now, policy)
}

fn proposed(issues: &[(&str, Issue)], wishes: &Wishes) -> Proposal {
    let issues: Vec<(&str, IssueFact)> = issues
        .iter()
        .map(|(key, issue)| (*key, IssueFact::Found(issue.clone())))
        .collect();
    proposed_by(&policy(), &issues, wishes, at("2026-11-24 10:30"))
}

fn noted(proposal: &Proposal, words: &str) -> bool {
    proposal.notes.iter().any(|note| note.contains(words))
}

#[test]
fn two_accepted_issues_make_a_form_that_keeps_every_rule() {
    let issues = [
        ("TRADE-1024", accepted("条件单功能", "pm1", "2026-11-23 18:00")),
        (
            "TRADE-1025",
            accepted("条件单到期提醒", "pm1", "2026-11-20 10:00"),
        ),
    ];
    let proposal = proposed(&issues, &tested());
    assert_eq!(
        proposal.description,
        "1、条件单功能，已通过 UAT 验收，已通过回归测试；JIRA 单：http://jira.yxzq.com/browse/TRADE-1024；\n\
         2、条件单到期提醒功能，已通过 UAT 验收，已通过回归测试；JIRA 单：http://jira.yxzq.com/browse/TRADE-1025；"
    );
    assert_eq!(proposal.title, "交易系统条件单、条件单到期提醒功能上线变更");
    assert_eq!(proposal.urgency, Urgency::Normal);
    assert_eq!(proposal.product_manager, users(&["pm1"]));
    assert_eq!(proposal.planned, Some(at("2026-11-24 16:30")));
    let form = Submission {
        apply_time: at("2026-11-24 10:30"),
        title: text(&proposal.title),
        description: text(&proposal.description),
        product_manager: people(&["pm1"]),
        planned_time: instant("2026-11-24 16:30"),
        ..compliant()
    };
    let facts = Facts {
        issues: Some(
            issues
                .iter()
                .map(|(key, issue)| ((*key).to_owned(), IssueFact::Found(issue.clone())))
                .collect(),
        ),
        ..Facts::default()
    };
    let verdict = evaluate(&form, &facts, &policy(), form.apply_time);
    let against: Vec<_> = verdict
        .results
        .iter()
        .filter(|result| matches!(result.status, Status::Fail | Status::Warn | Status::Unknown))
        .filter(|result| result.rule != RuleId::AttachmentContent)
        .collect();
    assert!(against.is_empty(), "{against:?}");
}

#[test]
fn acceptance_is_claimed_only_where_the_log_shows_it() {
    let back = |mut issue: Issue| {
        issue.status_changes.push(StatusChange {
            at: at("2026-11-24 09:00"),
            by: "qa1".to_owned(),
            by_name: String::new(),
            from: "待上线".to_owned(),
            to: "UAT 验收".to_owned(),
        });
        "UAT 验收".clone_into(&mut issue.status);
        issue
    };
    let technical = Issue {
        issue_type: "技术需求".to_owned(),
        ..standing("网关日志整理", "开发中")
    };
    for (issue, said, note) in [
        (
            accepted("条件单", "pm1", "2026-11-23 18:00"),
            "已通过 UAT 验收",
            "",
        ),
        (
            accepted("条件单", "pm1", "2026-11-24 10:29"),
            "已通过 UAT 验收",
            "最早明天发起",
        ),
        (
            standing("条件单", "UAT 验收"),
            "待 UAT 验收",
            "请产品经理在 UAT 环境验收，并在 JIRA 由“UAT 验收”变更至“待上线”",
        ),
        (
            standing("条件单", "开发中"),
            "待 UAT 验收",
            "目前是“开发中”，还没到验收",
        ),
        (standing("条件单", "待上线"), "待 UAT 验收", "变更记录里没有"),
        (standing("条件单", " "), "待 UAT 验收", "JIRA 没有给出状态"),
        (
            back(accepted("条件单", "pm1", "2026-11-23 18:00")),
            "待 UAT 验收",
            "尚未验收",
        ),
        (technical, "，技术需求，", "由开发组长和测试组长确认"),
    ] {
        let told = format!("{issue:?}");
        let proposal = proposed(&[("TRADE-1024", issue)], &tested());
        assert!(proposal.description.contains(said), "{told}: {proposal:?}");
        assert!(note.is_empty() || noted(&proposal, note), "{told}: {proposal:?}");
    }
}

#[test]
fn the_regression_test_is_claimed_by_the_person_alone() {
    let issue = accepted("条件单", "pm1", "2026-11-23 18:00");
    let proposal = proposed(&[("TRADE-1024", issue)], &Wishes::default());
    assert!(proposal.description.contains("，待回归测试；"), "{proposal:?}");
    assert!(noted(&proposal, "请勾选“回归测试已完成”"));
}

#[test]
fn a_headline_becomes_the_name_of_a_feature() {
    for (summary, feature) in [
        ("条件单", "条件单功能"),
        ("条件单功能", "条件单功能"),
        ("【交易】[二期] 条件单", "条件单功能"),
        ("条件单，\n支持  改单", "条件单 支持 改单功能"),
        ("【条件单】", "条件单功能"),
        ("", "【待补充：功能名称】功能"),
        ("；；；", "【待补充：功能名称】功能"),
        // What would be read as a claim or as another link is for the person to write.
        ("已通过 UAT 验收", "【待补充：功能名称】功能"),
        ("修复 http://evil.example.com/x", "【待补充：功能名称】功能"),
    ] {
        let issue = accepted(summary, "pm1", "2026-11-23 18:00");
        let description = proposed(&[("TRADE-1024", issue)], &tested()).description;
        assert!(
            description.starts_with(&format!("1、{feature}，")),
            "{summary}: {description}"
        );
        assert!(description.ends_with("JIRA 单：http://jira.yxzq.com/browse/TRADE-1024；"));
    }
}

#[test]
fn issues_that_cannot_be_read_are_told() {
    let facts = [
        ("TRADE-1", IssueFact::Missing),
        ("TRADE-2", IssueFact::Unavailable("JIRA 超时未答".to_owned())),
    ];
    let proposal = proposed_by(&policy(), &facts, &tested(), at("2026-11-24 10:30"));
    assert!(noted(&proposal, "JIRA 中没有 TRADE-1"), "{proposal:?}");
    assert!(noted(&proposal, "TRADE-2 的数据未取得（JIRA 超时未答）"));
    assert!(
        proposal
            .description
            .starts_with("1、【待补充：功能名称】功能，待 UAT 验收，"),
        "{proposal:?}"
    );
    assert_eq!(proposal.title, "交易系统【待填写：功能】功能上线变更");
    let nothing = proposed_by(&policy(), &[], &tested(), at("2026-11-24 10:30"));
    assert_eq!(nothing.description, "");
    assert!(noted(&nothing, "没有可用的 JIRA 单"));
}

#[test]
fn the_title_names_component_or_team_and_the_features() {
    let of = |components: &[&str], summary: &str| Issue {
        components: components.iter().map(|name| (*name).to_owned()).collect(),
        ..accepted(summary, "pm1", "2026-11-23 18:00")
    };
    let long = "一二三四五六七八九十一二三四五六七八九十一二";
    for (issues, title) in [
        (vec![of(&["行情系统"], "条件单")], "行情系统条件单功能上线变更"),
        (vec![of(&[], "条件单")], "交易系统条件单功能上线变更"),
        (vec![of(&[" "], "条件单")], "交易系统条件单功能上线变更"),
        (
            vec![
                of(&["行情"], "甲乙丙"),
                of(&["账户"], "丁戊"),
                of(&["账户"], "己庚"),
            ],
            "账户系统甲乙丙、丁戊、己庚功能上线变更",
        ),
        (
            vec![of(&["行情"], long), of(&["行情"], "条件单")],
            "行情系统一二三四五六七八九十一二三四五六七八九十一二等功能上线变更",
        ),
    ] {
        let keys = ["TRADE-1", "TRADE-2", "TRADE-3"];
        let issues: Vec<(&str, Issue)> = keys.into_iter().zip(issues).collect();
        assert_eq!(proposed(&issues, &tested()).title, title);
    }
    let stranger = propose(
        &["TRADE-1".to_owned()],
        &BTreeMap::from([("TRADE-1".to_owned(), IssueFact::Found(of(&[], "条件单")))]),
        &tested(),
        &UserId::new("stranger"),
        BROWSE,
        at("2026-11-24 10:30"),
        &policy(),
    );
    assert_eq!(stranger.title, "【待填写：系统】系统条件单功能上线变更");
}

#[test]
fn product_manager_and_tester_are_found_or_left_open() {
    let by = |who: &str| accepted("条件单", who, "2026-11-23 18:00");
    let named = Wishes {
        product_manager: users(&["both"]),
        tester: users(&["both"]),
        ..tested()
    };
    for (who, wishes, manager, tester) in [
        ("PM1", &tested(), &["pm1"][..], &[][..]),
        ("pm1", &named, &["pm1"], &["both"]),
        ("jira-bot", &tested(), &[], &[]),
        ("qa1", &named, &["both"], &["both"]),
    ] {
        let proposal = proposed(&[("TRADE-1", by(who))], wishes);
        assert_eq!(proposal.product_manager, users(manager), "{who}: {proposal:?}");
        assert_eq!(proposal.tester, users(tester), "{who}: {proposal:?}");
    }
    let shown = Issue {
        status_changes: vec![StatusChange {
            by_name: "王小明".to_owned(),
            ..by("wang.xm").status_changes.remove(0)
        }],
        ..by("wang.xm")
    };
    assert_eq!(
        proposed(&[("TRADE-1", shown)], &tested()).product_manager,
        users(&["pm1"])
    );
    let mut small = directory();
    small
        .roles
        .insert(Role::ProductManager, users(&["pm1"]).into_iter().collect());
    small
        .roles
        .insert(Role::Tester, users(&["qa1", "dev1"]).into_iter().collect());
    let policy = Policy::built_in().with_directory(Arc::new(small));
    let facts = [("TRADE-1", IssueFact::Found(standing("条件单", "UAT 验收")))];
    let proposal = proposed_by(&policy, &facts, &tested(), at("2026-11-24 10:30"));
    assert_eq!(proposal.product_manager, users(&["pm1"]));
    assert!(noted(&proposal, "唯一的产品经理王小明"));
    assert_eq!(proposal.tester, users(&["qa1"]), "nobody tests their own change");
}

#[test]
fn the_next_start_is_one_that_can_still_be_filed_for() {
    let accepted = |when: &str| IssueFact::Found(accepted("条件单", "pm1", when));
    let frozen = "[[freezes]]\nname = \"封网\"\nfrom = 2026-11-26\nuntil = 2026-11-27\n";
    let frozen = policy_with(frozen).with_directory(Arc::new(directory()));
    let old = accepted("2026-11-20 10:00");
    for (policy, now, fact, planned) in [
        (&policy(), "2026-11-24 10:30", &old, "2026-11-24 16:30"),
        (&policy(), "2026-11-24 14:59:59", &old, "2026-11-24 16:30"),
        (&policy(), "2026-11-24 15:00", &old, "2026-11-26 16:30"),
        (&policy(), "2026-11-24 17:00", &old, "2026-11-26 16:30"),
        (&frozen, "2026-11-24 15:00", &old, "2026-11-28 10:00"),
        // In an open window: an hour for the approvers.
        (&policy(), "2026-11-28 11:20:30", &old, "2026-11-28 12:20"),
        // Accepted today: tomorrow at the earliest, on Thursday's window.
        (
            &policy(),
            "2026-11-24 10:30",
            &accepted("2026-11-24 09:00"),
            "2026-11-26 16:30",
        ),
        (
            &policy(),
            "2026-11-24 10:30",
            &IssueFact::Found(standing("条件单", "UAT 验收")),
            "2026-11-26 16:30",
        ),
    ] {
        let now = at(now);
        let proposal = proposed_by(policy, &[("TRADE-1", fact.clone())], &tested(), now);
        assert_eq!(proposal.planned, Some(at(planned)), "{now}: {proposal:?}");
        assert!(noted(&proposal, "15:00 前提交"), "{proposal:?}");
    }
    let closed = "[[freezes]]\nname = \"封网\"\nfrom = 2026-11-01\nuntil = 2028-11-27\n";
    let proposal = proposed_by(
        &policy_with(closed),
        &[("TRADE-1", old)],
        &tested(),
        at("2026-11-24 10:30"),
    );
    assert_eq!(proposal.planned, None);
    assert!(noted(&proposal, "近期没有可用的变更窗口"));
}

#[test]
fn links_lead_to_an_address_that_the_policy_takes_for_jiras() {
    let issues = BTreeMap::from([(
        "TRADE-1".to_owned(),
        IssueFact::Found(accepted("条件单", "pm1", "2026-11-23 18:00")),
    )]);
    for (browse, link) in [
        (
            "https://jira.yxzq.com/browse/",
            "https://jira.yxzq.com/browse/TRADE-1",
        ),
        (
            "http://jira.yxzq.com/jira/browse/",
            "http://jira.yxzq.com/jira/browse/TRADE-1",
        ),
        (
            "http://10.0.0.7:8080/browse/",
            "http://jira.yxzq.com/browse/TRADE-1",
        ),
        ("", "http://jira.yxzq.com/browse/TRADE-1"),
    ] {
        let proposal = propose(
            &["TRADE-1".to_owned()],
            &issues,
            &tested(),
            &UserId::new("dev1"),
            browse,
            at("2026-11-24 10:30"),
            &policy(),
        );
        assert!(
            proposal.description.ends_with(&format!("JIRA 单：{link}；")),
            "{proposal:?}"
        );
    }
}

#[test]
fn keys_are_found_in_whatever_is_pasted() {
    let many: Vec<String> = (1..40).map(|number| format!("AB-{number}")).collect();
    for (text, keys) in [
        ("", &[][..]),
        ("QUOTE-1024", &["QUOTE-1024"]),
        (
            "quote-1024，QUOTE-1031、QUOTE-1024",
            &["QUOTE-1024", "QUOTE-1031"],
        ),
        (
            "请看 http://jira.yxzq.com/browse/QUOTE-1024；https://jira-2.yxzq.com/browse/MID-77?focused=1",
            &["QUOTE-1024", "MID-77"],
        ),
        ("http://jira-2.yxzq.com", &[]),
        ("X-1 A1-0 QUOTE- -12 QUOTE-12-13 QUOTE-1x QUOTE-12345678901", &[]),
        ("MY_PROJ-7", &["MY_PROJ-7"]),
    ] {
        assert_eq!(issue_keys(text), keys, "{text}");
    }
    assert_eq!(issue_keys(&many.join(" ")).len(), 20);
}

#[test]
fn the_chain_is_the_one_that_the_rule_wants() {
    let directory = directory();
    let chain = |who: &str, urgency| {
        wanted_chain(&UserId::new(who), urgency, Some(&directory)).map(|steps| {
            steps
                .into_iter()
                .map(|step| (step.name, step.members))
                .collect::<Vec<_>>()
        })
    };
    let normal = [
        ("开发组长", users(&["lead"])),
        ("测试组长", users(&["testlead"])),
        ("运维负责人", users(&["ops"])),
    ];
    assert_eq!(chain("dev1", Urgency::Normal).unwrap(), normal);
    let names: Vec<&str> = chain("DEV1", Urgency::Emergency)
        .unwrap()
        .iter()
        .map(|(name, _)| *name)
        .collect();
    assert_eq!(names, ["开发组长", "测试组长", "CCB 组", "运维负责人"]);
    assert_eq!(chain("stranger", Urgency::Normal), Err(ChainGap::NoTeam));
    assert_eq!(chain("lead", Urgency::Normal), Err(ChainGap::Nobody("开发组长")));
    let nobody = wanted_chain(&UserId::new("dev1"), Urgency::Normal, None);
    assert_eq!(nobody, Err(ChainGap::NoDirectory));
    let empty = Directory {
        roles: BTreeMap::new(),
        ..directory.clone()
    };
    let no_ops = wanted_chain(&UserId::new("dev1"), Urgency::Normal, Some(&empty));
    assert_eq!(no_ops, Err(ChainGap::Nobody("运维负责人")));
}
