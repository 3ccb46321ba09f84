//! Verdicts as the policy makes them.

use changegate_calendar::Season;
use changegate_policy::{
    ChangeSummary, Evidence, ItemSummary, Mode, Outcome, PolicyRef, RuleId, RuleResult, Status, Urgency,
    Verdict, WindowSummary,
};
use chrono::{DateTime, NaiveDate};

const DESCRIPTION: &str = "1、条件单功能，已通过 UAT 验收，已通过回归测试；JIRA 单：http://jira.yxzq.com/browse/TRADE-1024；\n\
    2、行情快照功能，已通过 UAT 验收，已通过回归测试；JIRA 单：http://jira.yxzq.com/browse/【待填写：JIRA 单号】；";

pub(crate) fn result(rule: RuleId, status: Status, message: &str) -> RuleResult {
    RuleResult {
        rule,
        clause: rule.clause().to_owned(),
        status,
        message: (!message.is_empty()).then(|| message.to_owned()),
        evidence: None,
        position: None,
        fix: None,
        mode: Mode::InForce,
        waived: false,
    }
}

fn verdict(outcome: Outcome, results: Vec<RuleResult>) -> Verdict {
    let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap();
    let item = |number, feature: &str, jira: &[&str]| ItemSummary {
        number,
        feature: feature.to_owned(),
        jira: jira.iter().map(|key| (*key).to_owned()).collect(),
    };
    Verdict {
        sp_no: "202611240001".to_owned(),
        verdict: outcome,
        policy: PolicyRef {
            version: "2.1".to_owned(),
            sha256: "0123456789abcdef".repeat(4),
        },
        evaluated_at: at("2026-11-24T15:12:10+08:00"),
        change: ChangeSummary {
            title: "条件单上线".to_owned(),
            urgency: Some(Urgency::Normal),
            change_day: NaiveDate::from_ymd_opt(2026, 11, 24),
            window: Some(WindowSummary {
                opens: at("2026-11-24T16:30:00+08:00"),
                closes: at("2026-11-24T21:00:00+08:00"),
                season: Season::Standard,
            }),
            items: vec![
                item(1, "条件单功能", &["TRADE-1024"]),
                item(2, "行情快照功能", &[]),
            ],
            system: None,
            feature: None,
        },
        results,
    }
}

pub(crate) fn rejected() -> Verdict {
    let at = |field: &str, start, end| {
        Some(Evidence {
            field: field.to_owned(),
            start,
            end,
        })
    };
    let of_description = |rule, status, message: &str| RuleResult {
        fix: Some(DESCRIPTION.to_owned()),
        ..result(rule, status, message)
    };
    verdict(
        Outcome::Rejected,
        vec![
            RuleResult {
                evidence: Some("条件单上线".to_owned()),
                position: at("title", 0, 5),
                fix: Some("【待填写：系统】系统条件单功能上线变更".to_owned()),
                ..result(
                    RuleId::TitleFormat,
                    Status::Fail,
                    "标题“条件单上线”应写成“××系统××功能上线变更”，缺少系统名和“功能”",
                )
            },
            result(RuleId::UrgencySet, Status::Pass, ""),
            result(RuleId::UrgencyWindow, Status::Pass, ""),
            result(RuleId::ChangeDay, Status::Pass, ""),
            result(
                RuleId::Cutoff,
                Status::Fail,
                "正常流程须在变更当天 15:00 前发起，本流程在11月24日（周二） 15:12:08 才发起，请撤回，改在下一个可用窗口当天 15:00 \
                 前重新发起。可选的变更时间：11月26日（周四）16:30–21:00，11月28日（周六）10:00–20:00，12月1日（周二）16:30–21:00\
                 （不可选：11月24日（周二）16:30–21:00，已过当天 15:00 的发起截止时间（cutoff））",
            ),
            result(RuleId::DescriptionItems, Status::Pass, ""),
            RuleResult {
                evidence: Some("行情快照功能，还没验收完".to_owned()),
                position: at("description", 41, 53),
                ..of_description(
                    RuleId::DescriptionUat,
                    Status::Fail,
                    "第 2 项“行情快照功能”写明尚未通过 UAT 验收",
                )
            },
            of_description(
                RuleId::DescriptionRegression,
                Status::Warn,
                "第 1 项“已完成回归测试”请写成“已通过回归测试”",
            ),
            of_description(RuleId::DescriptionJira, Status::Fail, "第 2 项缺少 JIRA 单链接"),
            RuleResult {
                evidence: Some("回滚<script>alert(1)</script>".to_owned()),
                position: at("rollback", 0, 27),
                fix: Some("回滚镜像至 【待填写：上一版本的镜像】".to_owned()),
                ..result(
                    RuleId::RollbackPlan,
                    Status::Warn,
                    "回退方案只写了动作，请写明回退到哪个版本",
                )
            },
            RuleResult {
                waived: true,
                ..result(RuleId::Tester, Status::Fail, "测试同事不能是申请人本人")
            },
            result(
                RuleId::Attachments,
                Status::Unknown,
                "附件的文件名尚未取得，取得后再核对是否有变更计划清单",
            ),
            result(RuleId::JiraExists, Status::Skip, "尚未接入 JIRA"),
            result(RuleId::ApprovalChain, Status::Skip, "未配置组织目录"),
            RuleResult {
                mode: Mode::Shadow,
                ..result(RuleId::Conflict, Status::Warn, "同一窗口有另一份变更涉及同一系统")
            },
        ],
    )
}

pub(crate) fn compliant() -> Verdict {
    let passed = |rule| result(rule, Status::Pass, "");
    verdict(
        Outcome::Compliant,
        vec![
            passed(RuleId::TitleFormat),
            passed(RuleId::Cutoff),
            result(
                RuleId::MiddlePlatform,
                Status::Skip,
                "标题和升级功能描述均未涉及中台或权限",
            ),
        ],
    )
}
