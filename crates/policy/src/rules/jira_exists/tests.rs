//! What JIRA says of the linked issues' existence.

use std::collections::BTreeMap;

use crate::facts::{Facts, Issue, IssueFact};
use crate::rule::RuleId;
use crate::rules::testing::{at, compliant, judged, text};
use crate::submission::Submission;
use crate::verdict::RuleResult;
use crate::verdict::Status::{Fail, Pass, Skip, Unknown, Warn};

const TWO: &str = "1、条件单功能，已通过 UAT 验收，已通过回归测试；JIRA 单：http://jira.yxzq.com/browse/TRADE-1；\n\
    2、连接池升级功能，技术需求，无须产品验收，已通过回归测试；JIRA 单：http://jira.yxzq.com/browse/TRADE-2；";

fn found(summary: &str) -> IssueFact {
    IssueFact::Found(Issue {
        summary: summary.to_owned(),
        read_at: Some(at("2026-11-24 13:02")),
        ..Issue::default()
    })
}

fn of(first: IssueFact, second: Option<IssueFact>) -> RuleResult {
    let mut issues = BTreeMap::from([("TRADE-1".to_owned(), first)]);
    issues.extend(second.map(|fact| ("TRADE-2".to_owned(), fact)));
    let form = Submission {
        description: text(TWO),
        ..compliant()
    };
    let facts = Facts {
        issues: Some(issues),
        ..Facts::default()
    };
    judged(RuleId::JiraExists, &form, &facts)
}

#[test]
fn every_linked_issue_exists_technical_ones_too() {
    let (order, pool) = (|| found("支持条件單"), || Some(found("数据库连接池")));
    let down = || IssueFact::Unavailable("连接被拒绝".to_owned());
    for (first, second, wanted, words) in [
        (order(), pool(), Pass, ""),
        (
            order(),
            Some(IssueFact::Missing),
            Fail,
            "JIRA 中没有这些单（或无权查看）：第 2 项的 TRADE-2；请核对单号",
        ),
        (
            IssueFact::Missing,
            Some(IssueFact::Missing),
            Fail,
            "第 1 项的 TRADE-1、第 2 项的 TRADE-2",
        ),
        (down(), Some(IssueFact::Missing), Fail, "TRADE-2"),
        (down(), pool(), Unknown, "TRADE-1 的数据未取得：连接被拒绝"),
        (down(), Some(found("行情")), Unknown, "TRADE-1"),
        (order(), None, Unknown, "TRADE-2 的数据未取得：未查询"),
        (
            found("港股十档行情"),
            pool(),
            Warn,
            "第 1 项“条件单功能”的 JIRA 单 TRADE-1 标题是“港股十档行情”，与功能名称没有相同的词；请核对是否填错了单号（JIRA 数据取自 13:02）",
        ),
    ] {
        let result = of(first, second);
        assert_eq!(result.status, wanted, "{result:?}");
        let message = result.message.unwrap_or_default();
        assert!(message.contains(words), "{words}: {message}");
    }
}

#[test]
fn the_link_is_shown_where_it_stands() {
    let result = of(found("条件单"), Some(IssueFact::Missing));
    assert_eq!(
        result.evidence.as_deref(),
        Some("http://jira.yxzq.com/browse/TRADE-2")
    );
    let place = result.position.unwrap();
    let quoted: String = TWO
        .chars()
        .skip(place.start)
        .take(place.end - place.start)
        .collect();
    assert_eq!(Some(quoted), result.evidence);
}

#[test]
fn nothing_is_asked_where_nobody_looked() {
    let result = judged(RuleId::JiraExists, &compliant(), &Facts::default());
    assert_eq!(result.status, Skip);
    assert!(result.message.unwrap().contains("未配置 JIRA"));
}
