//! Long and cut logs, several issues of which some are not known, data that are missing or old.

use std::collections::BTreeMap;

use super::{KEY, Move, READY, UAT, all_as_told, filed, issue, judged};
use crate::evaluate::evaluate;
use crate::facts::{Facts, Issue, IssueFact};
use crate::policy::Policy;
use crate::rule::RuleId;
use crate::rules::testing::{at, compliant, text};
use crate::submission::Submission;
use crate::verdict::Status::{Fail, Pass, Skip, Unknown, Warn};

#[test]
fn a_long_log_is_read_to_its_end_and_a_cut_one_proves_nothing() {
    let mut moves: Vec<Move<'_>> = Vec::new();
    for _ in 0..150 {
        moves.push(("2026-10-01 10:00", "dev1", "开发中", "SIT 测试"));
        moves.push(("2026-10-01 10:00", "qa1", "SIT 测试", "开发中"));
    }
    moves.push(("2026-11-23 10:00", "pm1", UAT, READY));
    all_as_told(&[("正常", READY, &moves, Pass, "2026-11-23 10:00")]);

    for (status, moves, wanted) in [
        (READY, &[][..], Unknown),
        (
            READY,
            &[("2026-11-23 10:00", "dev1", "开发中", READY)][..],
            Unknown,
        ),
        (READY, &[("2026-11-23 10:00", "pm1", UAT, READY)][..], Pass),
        (READY, &[("2026-11-24 10:00", "pm1", UAT, READY)][..], Fail),
        (READY, &[("2026-11-23 10:00", "qa1", READY, UAT)][..], Fail),
        (UAT, &[][..], Fail),
    ] {
        let cut = Issue {
            log_incomplete: true,
            ..issue(status, moves)
        };
        let result = judged(&filed("正常"), &[(KEY, IssueFact::Found(cut))]);
        assert_eq!(result.status, wanted, "{status} {moves:?} {result:?}");
    }
}

/// Three items: two for the product manager, one technical.
fn of_three() -> Submission {
    let link = "http://jira.yxzq.com/browse/TRADE-";
    Submission {
        description: text(&format!(
            "1、条件单功能，已通过 UAT 验收，已通过回归测试；JIRA 单：{link}1；\n\
             2、止盈止损功能，已通过 UAT 验收，已通过回归测试；JIRA 单：{link}2；\n\
             3、连接池升级功能，技术需求，无须产品验收，已通过回归测试；JIRA 单：{link}3；"
        )),
        ..compliant()
    }
}

#[test]
fn one_fault_outweighs_what_is_not_known_and_that_outweighs_a_doubt() {
    let accepted = || IssueFact::Found(issue(READY, &[("2026-11-23 10:00", "pm1", UAT, READY)]));
    let by_robot = || IssueFact::Found(issue(READY, &[("2026-11-23 10:00", "bot", UAT, READY)]));
    let in_uat = || IssueFact::Found(issue(UAT, &[]));
    let down = || IssueFact::Unavailable("JIRA 10 秒内没有应答".to_owned());
    for (first, second, wanted, words) in [
        (Some(accepted()), Some(accepted()), Pass, ""),
        (
            Some(accepted()),
            Some(in_uat()),
            Fail,
            "第 2 项 TRADE-2 目前是“UAT 验收”",
        ),
        (Some(down()), Some(in_uat()), Fail, "第 2 项 TRADE-2"),
        (
            Some(down()),
            Some(by_robot()),
            Unknown,
            "JIRA 单 TRADE-1 的数据未取得：JIRA 10 秒内没有应答",
        ),
        (
            Some(down()),
            Some(down()),
            Unknown,
            "JIRA 单 TRADE-1、TRADE-2 的数据未取得",
        ),
        (None, Some(accepted()), Unknown, "TRADE-1 的数据未取得：未查询"),
        (Some(accepted()), Some(by_robot()), Warn, "第 2 项 TRADE-2"),
        (Some(IssueFact::Missing), Some(accepted()), Pass, ""),
        (
            Some(IssueFact::Missing),
            Some(IssueFact::Missing),
            Skip,
            "见“JIRA 单存在”",
        ),
    ] {
        let issues: Vec<(&str, IssueFact)> = [("TRADE-1", first), ("TRADE-2", second)]
            .into_iter()
            .filter_map(|(key, fact)| fact.map(|fact| (key, fact)))
            .collect();
        let result = judged(&of_three(), &issues);
        assert_eq!(result.status, wanted, "{issues:?} {result:?}");
        let message = result.message.unwrap_or_default();
        assert!(message.contains(words), "{words}: {message}");
        assert!(!message.contains("TRADE-3"), "{message}");
    }
}

#[test]
fn it_does_not_apply_where_nobody_looked_or_nothing_is_accepted_by_a_product_manager() {
    let skipped = |form: Submission, facts: Facts, words: &str| {
        let verdict = evaluate(&form, &facts, &Policy::built_in(), form.apply_time);
        let result = verdict.of(RuleId::UatAccepted).unwrap();
        assert_eq!(result.status, Skip, "{result:?}");
        assert!(
            result.message.as_deref().unwrap_or_default().contains(words),
            "{result:?}"
        );
    };
    let looked = || Facts {
        issues: Some(BTreeMap::new()),
        ..Facts::default()
    };
    let described = |description: &str| Submission {
        description: text(description),
        ..compliant()
    };
    skipped(compliant(), Facts::default(), "未配置 JIRA");
    skipped(described(""), looked(), "没有 JIRA 单");
    skipped(
        described(
            "1、连接池升级功能，技术需求，无须产品验收，已通过回归测试；JIRA 单：http://jira.yxzq.com/browse/TRADE-3；",
        ),
        looked(),
        "均为技术需求",
    );
}

#[test]
fn old_data_are_dated() {
    let read = |read_at: &str| {
        let issue = Issue {
            read_at: Some(at(read_at)),
            ..issue(UAT, &[])
        };
        judged(&filed("正常"), &[(KEY, IssueFact::Found(issue))])
            .message
            .unwrap()
    };
    assert!(read("2026-11-24 13:49:59").ends_with("（JIRA 数据取自 13:49）"));
    assert!(read("2026-11-23 13:02").ends_with("（JIRA 数据取自 11月23日 13:02）"));
    assert!(!read("2026-11-24 13:50").contains("取自"));
}
