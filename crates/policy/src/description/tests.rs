//! What the four rules on the description say of many forms. A verdict is four letters, for
//! `description-items`, `-uat`, `-regression` and `-jira`: p(ass), w(arn), f(ail), s(kip).

mod borders;
mod layouts;
mod people;
mod properties;

use crate::facts::Facts;
use crate::rule::RuleId;
use crate::rules::testing::{compliant, judged};
use crate::submission::{Field, Submission};
use crate::verdict::{RuleResult, Status};

const RULES: [RuleId; 4] = [
    RuleId::DescriptionItems,
    RuleId::DescriptionUat,
    RuleId::DescriptionRegression,
    RuleId::DescriptionJira,
];

fn results(text: &str) -> Vec<RuleResult> {
    let submission = Submission {
        description: Field::Filled(text.to_owned()),
        ..compliant()
    };
    RULES
        .iter()
        .map(|rule| judged(*rule, &submission, &Facts::default()))
        .collect()
}

fn letters(results: &[RuleResult]) -> String {
    let letter = |result: &RuleResult| match result.status {
        Status::Pass => 'p',
        Status::Warn => 'w',
        Status::Fail => 'f',
        Status::Skip => 's',
        Status::Unknown => 'u',
    };
    results.iter().map(letter).collect()
}

/// `{L}` stands for a link, `{L2}` for another, `{U}` and `{R}` for the regulation's words.
fn filled(text: &str) -> String {
    text.replace("{L}", "http://jira.yxzq.com/browse/TRADE-1024")
        .replace("{L2}", "http://jira.yxzq.com/browse/TRADE-1025")
        .replace("{L3}", "http://jira.yxzq.com/browse/TRADE-1026")
        .replace("{U}", "已通过 UAT 验收")
        .replace("{R}", "已通过回归测试")
        .replace(
            "{A}",
            "已通过 UAT 验收，已通过回归测试；JIRA 单：http://jira.yxzq.com/browse/TRADE-1024",
        )
        .replace(
            "{A2}",
            "已通过 UAT 验收，已通过回归测试；JIRA 单：http://jira.yxzq.com/browse/TRADE-1025",
        )
}

#[test]
fn the_corrected_text_keeps_remarks_in_brackets() {
    let text = filled("1、条件单功能（支持限价/市价），技术需求，已完成回归测试；JIRA 单：{L}，开发：张三");
    let fixes: Vec<_> = results(&text)
        .into_iter()
        .filter_map(|result| result.fix)
        .collect();
    assert_eq!(
        fixes,
        [filled(
            "1、条件单功能（支持限价/市价），技术需求，开发：张三，已通过回归测试；JIRA 单：{L}；"
        )]
    );
}

#[test]
fn the_corrected_text_leaves_the_head_of_a_table_out() {
    let text = filled("| 功能 | UAT | 回归 | JIRA |\n|---|---|---|---|\n| 条件单功能 | 通过 | 通过 | {L} |");
    let fix = results(&text).into_iter().find_map(|result| result.fix);
    assert_eq!(fix, Some(filled("1、条件单功能，{A}；")));
}

#[track_caller]
fn check(cases: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (expected, case) in cases {
        let text = filled(case);
        let results = results(&text);
        let found = letters(&results);
        if found != *expected {
            let why: Vec<_> = results
                .iter()
                .filter_map(|result| result.message.clone())
                .collect();
            wrong.push(format!("{expected} expected, {found} found: {case}\n    {why:?}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}
