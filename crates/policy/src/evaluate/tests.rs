//! The evaluator as a whole: modes, severities, waivers, and any form at all.

use proptest::prelude::*;

use super::*;
use crate::rules::testing::{at, compliant, judged, text, users, with_directory};
use crate::submission::{Field, People, PlannedTime, UserId};

#[test]
fn a_compliant_form_is_compliant() {
    let submission = compliant();
    let verdict = evaluate(
        &submission,
        &Facts::default(),
        &Policy::built_in(),
        submission.apply_time,
    );
    let wrong: Vec<_> = verdict
        .results
        .iter()
        .filter(|result| !matches!(result.status, Status::Pass | Status::Skip))
        .collect();
    assert_eq!(verdict.verdict, Outcome::Compliant, "{wrong:#?}");
    assert_eq!(verdict.results.len(), RuleId::ALL.len());
    assert!(
        verdict
            .results
            .iter()
            .all(|result| (result.status == Status::Pass) == result.message.is_none())
    );
}

#[test]
fn rules_that_nobody_feeds_yet_say_so() {
    for rule in [
        RuleId::TechnicalRequirement,
        RuleId::AttachmentContent,
        RuleId::ImageUnchanged,
        RuleId::EmergencyMail,
    ] {
        let result = judged(rule, &compliant(), &Facts::default());
        assert_eq!(result.status, Status::Skip, "{rule}");
        assert!(result.message.unwrap().contains("尚未接入"), "{rule}");
    }
}

#[test]
fn a_waiver_keeps_the_status_and_lifts_the_verdict() {
    let submission = Submission {
        title: text("上线"),
        ..compliant()
    };
    let waiver = Waiver {
        sp_no: Some(submission.sp_no.clone()),
        team: None,
        rule: RuleId::TitleFormat,
        reason: "标题沿用客户要求".to_owned(),
        granted_by: UserId::new("admin"),
        until: Some(at("2026-11-24 14:00:01")),
    };
    let judge = |waiver: Waiver, now| {
        let facts = Facts {
            waivers: vec![waiver],
            ..with_directory()
        };
        evaluate(&submission, &facts, &Policy::built_in(), now)
    };
    let waived = judge(waiver.clone(), submission.apply_time);
    assert_eq!(waived.verdict, Outcome::Compliant);
    let result = waived.of(RuleId::TitleFormat).unwrap();
    assert!(result.waived && result.status == Status::Fail);
    assert_eq!(
        judge(waiver.clone(), at("2026-11-24 14:00:01")).verdict,
        Outcome::Rejected
    );
    let of_team = Waiver {
        sp_no: None,
        team: Some("交易组".to_owned()),
        ..waiver.clone()
    };
    assert_eq!(judge(of_team, submission.apply_time).verdict, Outcome::Compliant);
    let of_others = Waiver {
        sp_no: None,
        team: Some("行情组".to_owned()),
        ..waiver
    };
    assert_eq!(judge(of_others, submission.apply_time).verdict, Outcome::Rejected);
}

#[test]
fn severity_and_mode_are_settings() {
    let shipped = include_str!("../../../../deploy/policy.toml");
    let rejected = Submission {
        title: text("上线"),
        ..compliant()
    };
    for (setting, outcome) in [
        ("{ severity = \"warn\" }", Outcome::Warnings),
        ("{ mode = \"shadow\" }", Outcome::Compliant),
        ("{ mode = \"off\" }", Outcome::Compliant),
    ] {
        let written = shipped.replace(
            "title-format = { severity = \"fail\", mode = \"in_force\" }",
            &format!("title-format = {setting}"),
        );
        let policy = Policy::parse(&written, "policy.toml").unwrap();
        let verdict = evaluate(&rejected, &Facts::default(), &policy, rejected.apply_time);
        assert_eq!(verdict.verdict, outcome, "{setting}");
    }
}

/// Words of such forms, thrown together.
fn entered() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "行情",
        "系统",
        "条件单",
        "功能",
        "上线",
        "变更",
        "功能上线变更",
        "【紧急】",
        "**",
        "XX",
        "某",
        "（",
        "）",
        "：",
        "-",
        " ",
        "\n",
        "1、",
        "2、",
        "已通过 UAT 验收",
        "已通过回归测试",
        "；",
        "JIRA 单：",
        "http://jira.yxzq.com/browse/TRADE-1",
        "中台",
        "权限",
        "配置",
        "不涉及",
        "回滚",
        "v2.3.0",
        "见附件",
        "🚀",
        "\u{200b}",
        "𠮷",
        "é",
        "{",
        "}",
        "、",
        "申请",
        "关于",
        "20261124",
    ]);
    prop_oneof![
        prop::collection::vec(words, 0..12).prop_map(|words| words.concat()),
        "\\PC{0,40}",
    ]
}

fn field(entered: String) -> Field<String> {
    if entered.is_empty() {
        Field::Empty
    } else {
        Field::Filled(entered)
    }
}

prop_compose! {
    fn submissions()(
        title in entered(),
        description in entered(),
        rollback in entered(),
        middle_platform in entered(),
        urgency in prop::sample::select(vec!["正常", "紧急", "", "x"]),
        applied in 0_i64..4_000_000_000,
        planned in prop::option::of((0_i64..4_000_000_000, -400_000_000_i64..400_000_000)),
        ids in prop::collection::vec("[a-c]{0,2}", 0..3),
    ) -> Submission {
        let moment = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let people = Field::Filled(People { members: users(&ids), departments: Vec::new() });
        Submission {
            title: field(title),
            description: field(description),
            rollback: field(rollback),
            middle_platform: field(middle_platform),
            urgency: field(urgency.to_owned()),
            apply_time: moment(applied),
            planned_time: planned.map_or(Field::Empty, |(from, length)| {
                Field::Filled(PlannedTime::Range(moment(from), moment(from + length)))
            }),
            product_manager: people.clone(),
            tester: people,
            ..compliant()
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_form_gets_an_answer(submission in submissions()) {
        let facts = with_directory();
        let verdict = evaluate(&submission, &facts, &Policy::built_in(), submission.apply_time);
        prop_assert_eq!(verdict.results.len(), RuleId::ALL.len());
        let again = evaluate(&submission, &facts, &Policy::built_in(), submission.apply_time);
        prop_assert_eq!(&verdict, &again);
        for result in &verdict.results {
            let said = result.message.as_deref().is_some_and(|message| !message.trim().is_empty());
            prop_assert_eq!(said, result.status != Status::Pass, "{:?}", result);
        }
    }

    #[test]
    fn a_corrected_title_passes(submission in submissions()) {
        let result = judged(RuleId::TitleFormat, &submission, &Facts::default());
        if let Some(fix) = result.fix.filter(|fix| !fix.contains("【待填写：")) {
            let corrected = Submission { title: text(&fix), ..submission.clone() };
            let again = judged(RuleId::TitleFormat, &corrected, &Facts::default());
            prop_assert_eq!(again.status, Status::Pass, "{:?} became {:?}", submission.title, fix);
        }
    }
}
