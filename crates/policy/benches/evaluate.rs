//! One submission judged by every rule of the built-in policy: a compliant form, and one with faults and the
//! corrected texts that they bring.

#![expect(clippy::expect_used, reason = "a benchmark may stop where it stands")]

use std::hint::black_box;

use changegate_policy::{Facts, Field, Outcome, People, PlannedTime, Policy, Submission, UserId, evaluate};
use chrono::{DateTime, Utc};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn at(moment: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(moment)
        .expect("a moment of the right form")
        .to_utc()
}

fn text(entered: &str) -> Field<String> {
    Field::Filled(entered.to_owned())
}

fn people(id: &str) -> Field<People> {
    Field::Filled(People {
        members: vec![UserId::new(id)],
        departments: Vec::new(),
    })
}

/// Two items as the regulation wants them, filed in time for a window of the same day.
fn compliant() -> Submission {
    Submission {
        sp_no: "202611240001".to_owned(),
        applicants: vec![UserId::new("zhangsan")],
        apply_time: at("2026-11-24T10:30:00+08:00"),
        title: text("行情系统条件单功能上线变更"),
        urgency: text("正常"),
        description: text(
            "1、新增美股条件单的到价触发与追踪止损功能，支持盘前盘后时段，已通过 UAT 验收，已通过回归测试；\
             JIRA 单：http://jira.yxzq.com/browse/TRADE-1024；\n\
             2、持仓页面的止盈止损设置功能，支持按比例与按价格两种方式，已通过 UAT 验收，已通过回归测试；\
             JIRA 单：http://jira.yxzq.com/browse/TRADE-1025；",
        ),
        rollback: text("回滚镜像至上一版本 quote-api:1.4.1，并关闭开关 cond_order.enabled"),
        product_manager: people("lisi"),
        tester: people("wangwu"),
        middle_platform: Field::Empty,
        attachments: Field::Filled(vec!["file-1".to_owned()]),
        related: Field::Empty,
        planned_time: Field::Filled(PlannedTime::Instant(at("2026-11-24T17:00:00+08:00"))),
        images: Field::Empty,
        markets: Field::Empty,
    }
}

/// The same with a decorated title, an item without its regression test, a bare key, an empty rollback plan and
/// a planned time outside every window.
fn faulty() -> Submission {
    Submission {
        title: text("【紧急】行情系统条件单上线"),
        description: text(
            "1、新增美股条件单的到价触发与追踪止损功能，支持盘前盘后时段，UAT验收已通过；JIRA 单：TRADE-1024；\n\
             2、持仓页面的止盈止损设置，支持按比例与按价格两种方式，未通过 UAT 验收，已通过回归测试；\
             JIRA 单：http://jira.yxzq.com/browse/TRADE-1025；",
        ),
        rollback: text("无"),
        planned_time: Field::Filled(PlannedTime::Instant(at("2026-11-25T17:00:00+08:00"))),
        ..compliant()
    }
}

fn forms(c: &mut Criterion) {
    let policy = Policy::built_in();
    let facts = Facts::default();
    let mut group = c.benchmark_group("evaluate");
    group.throughput(Throughput::Elements(1));
    for (name, form, outcome) in [
        ("compliant two items", compliant(), Outcome::Compliant),
        ("faulty two items", faulty(), Outcome::Rejected),
    ] {
        let now = form.apply_time;
        assert_eq!(evaluate(&form, &facts, &policy, now).verdict, outcome, "{name}");
        group.bench_function(name, |b| {
            b.iter(|| evaluate(black_box(&form), &facts, &policy, now));
        });
    }
    group.finish();
}

criterion_group!(benches, forms);
criterion_main!(benches);
