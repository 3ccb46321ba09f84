//! Links of TRADE-1024, which is alone in its change.

use std::collections::BTreeMap;

use crate::facts::{Facts, Issue, IssueFact, IssueLink, OtherChange};
use crate::rule::RuleId;
use crate::rules::testing::{at, compliant, judged, text};
use crate::submission::{Field, RelatedApproval, Submission};
use crate::verdict::RuleResult;
use crate::verdict::Status::{Fail, Pass, Skip, Unknown, Warn};

fn linked(links: &[(&str, &str, &str)]) -> IssueFact {
    IssueFact::Found(Issue {
        summary: "条件单".to_owned(),
        links: links
            .iter()
            .map(|&(relation, key, status)| IssueLink {
                relation: relation.to_owned(),
                key: key.to_owned(),
                status: status.to_owned(),
            })
            .collect(),
        ..Issue::default()
    })
}

fn facts(issue: IssueFact) -> Facts {
    Facts {
        issues: Some(BTreeMap::from([("TRADE-1024".to_owned(), issue)])),
        ..Facts::default()
    }
}

fn of(links: &[(&str, &str, &str)]) -> RuleResult {
    judged(RuleId::CoupledRequirements, &compliant(), &facts(linked(links)))
}

#[test]
fn what_it_depends_on_is_in_the_change_or_live() {
    for (links, wanted, words) in [
        (&[][..], Pass, ""),
        (&[("depends on", "QUOTE-7", "已上线")][..], Pass, ""),
        (&[("Is Blocked By", "QUOTE-7", " done ")], Pass, ""),
        (&[("depends on", "trade-1024", "待上线")], Pass, ""),
        (
            &[
                ("relates to", "QUOTE-7", "开发中"),
                ("blocks", "QUOTE-8", "开发中"),
            ],
            Pass,
            "",
        ),
        (
            &[("depends on", "QUOTE-7", "待上线")],
            Warn,
            "第 1 项 TRADE-1024（depends on）QUOTE-7，目前是“待上线”；请一并列入本次变更",
        ),
        (&[("耦合", "QUOTE-7", "UAT 验收")], Warn, "QUOTE-7"),
        (&[("依赖于", "QUOTE-7", "")], Warn, "QUOTE-7，状态未知"),
    ] {
        let result = of(links);
        assert_eq!(result.status, wanted, "{links:?}: {result:?}");
        let message = result.message.unwrap_or_default();
        assert!(message.contains(words), "{words}: {message}");
    }
}

#[test]
fn of_two_coupled_issues_the_one_that_is_live_is_not_named() {
    let result = of(&[
        ("depends on", "QUOTE-7", "已上线"),
        ("is blocked by", "QUOTE-8", "待上线"),
        ("depends on", "QUOTE-8", "待上线"),
    ]);
    let message = result.message.unwrap();
    assert_eq!(result.status, Warn);
    assert_eq!(message.matches("QUOTE-8").count(), 1, "{message}");
    assert!(!message.contains("QUOTE-7"), "{message}");
}

#[test]
fn a_related_change_brings_it_along() {
    let related = |keys: &[&str]| OtherChange {
        sp_no: "202611240002".to_owned(),
        title: String::new(),
        team: None,
        system: None,
        jira: keys.iter().map(|&key| key.to_owned()).collect(),
        apply_time: at("2026-11-24 10:00"),
        planned_time: None,
        change_day: "2026-11-24".parse().unwrap(),
    };
    let form = Submission {
        related: Field::Filled(vec![RelatedApproval {
            sp_no: "202611240002".to_owned(),
            template_name: String::new(),
        }]),
        ..compliant()
    };
    for (changes, wanted, unread) in [
        (Some(vec![related(&["QUOTE-7"])]), Pass, false),
        (Some(vec![related(&["QUOTE-8"])]), Warn, false),
        (Some(Vec::new()), Warn, false),
        (None, Warn, true),
    ] {
        let facts = Facts {
            related_changes: changes.clone(),
            ..facts(linked(&[("depends on", "QUOTE-7", "待上线")]))
        };
        let result = judged(RuleId::CoupledRequirements, &form, &facts);
        assert_eq!(result.status, wanted, "{changes:?}: {result:?}");
        let message = result.message.unwrap_or_default();
        assert_eq!(message.contains("没有取得"), unread, "{message}");
    }
}

#[test]
fn its_state_may_stand_with_the_issue_itself() {
    let mut facts = facts(linked(&[("depends on", "QUOTE-7", "")]));
    let live = IssueFact::Found(Issue {
        status: "已上线".to_owned(),
        ..Issue::default()
    });
    facts.issues.as_mut().unwrap().insert("QUOTE-7".to_owned(), live);
    assert_eq!(
        judged(RuleId::CoupledRequirements, &compliant(), &facts).status,
        Pass
    );
}

#[test]
fn a_dependency_outweighs_what_is_not_known() {
    let form = Submission {
        description: text(
            "1、条件单功能，已通过 UAT 验收，已通过回归测试；JIRA 单：http://jira.yxzq.com/browse/TRADE-1024；\n\
             2、止盈止损功能，已通过 UAT 验收，已通过回归测试；JIRA 单：http://jira.yxzq.com/browse/TRADE-2；",
        ),
        ..compliant()
    };
    let down = || IssueFact::Unavailable("连接超时".to_owned());
    for (first, second, wanted) in [
        (linked(&[]), down(), Unknown),
        (linked(&[("depends on", "QUOTE-7", "待上线")]), down(), Warn),
        (linked(&[("depends on", "TRADE-2", "待上线")]), linked(&[]), Pass),
        (IssueFact::Missing, linked(&[]), Pass),
    ] {
        let mut facts = facts(first);
        facts
            .issues
            .as_mut()
            .unwrap()
            .insert("TRADE-2".to_owned(), second);
        let result = judged(RuleId::CoupledRequirements, &form, &facts);
        assert_eq!(result.status, wanted, "{result:?}");
        assert_ne!(result.status, Fail);
    }
}

#[test]
fn nothing_is_asked_where_nobody_looked() {
    let result = judged(RuleId::CoupledRequirements, &compliant(), &Facts::default());
    assert_eq!(result.status, Skip);
}
