//! Verdicts as the policy makes them.

use changegate_calendar::Season;
use changegate_lifecycle::{Notice, Stage};
use changegate_policy::{
    ChangeSummary, Directory, Field, Mode, Outcome, PolicyRef, Role, RuleId, RuleResult, Status, Submission,
    Team, Urgency, UserId, Verdict, WindowSummary,
};
use changegate_wecom::message::{Body, Recipients};
use chrono::{DateTime, NaiveDate};

use crate::{About, render};

pub(crate) const NUMBER: &str = "202611240001";
pub(crate) const PAGE: &str = "https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c";

pub(crate) fn user(id: &str) -> UserId {
    UserId::new(id)
}

pub(crate) fn directory() -> Directory {
    let mut directory = Directory {
        teams: vec![Team {
            name: "行情组".to_owned(),
            development_leads: [user("lead")].into(),
            test_leads: [user("testlead")].into(),
            ..Team::default()
        }],
        ..Directory::default()
    };
    directory.roles.insert(Role::Ccb, [user("ccb")].into());
    directory.roles.insert(Role::OperationsLead, [user("ops")].into());
    let names = [
        ("dev", "张三"),
        ("lead", "李四"),
        ("testlead", "王五"),
        ("ops", "赵六"),
        ("ccb", "钱七"),
    ];
    directory.names = names
        .into_iter()
        .map(|(id, name)| (user(id), name.to_owned()))
        .collect();
    directory
}

/// A change of 张三, as people are told of it.
pub(crate) struct Scene {
    submission: Submission,
    directory: Directory,
    stage: Stage,
}

impl Scene {
    pub(crate) fn titled(title: &str) -> Self {
        let absent = || "不用".to_owned();
        let submission = Submission {
            sp_no: NUMBER.to_owned(),
            applicants: vec![user("dev")],
            apply_time: DateTime::UNIX_EPOCH,
            title: Field::Filled(title.to_owned()),
            urgency: Field::Absent(absent()),
            description: Field::Absent(absent()),
            rollback: Field::Absent(absent()),
            product_manager: Field::Absent(absent()),
            tester: Field::Absent(absent()),
            middle_platform: Field::Absent(absent()),
            attachments: Field::Absent(absent()),
            related: Field::Absent(absent()),
            planned_time: Field::Absent(absent()),
            images: Field::Absent(absent()),
        };
        Self {
            submission,
            directory: directory(),
            stage: Stage::Approving,
        }
    }

    pub(crate) fn in_stage(self, stage: Stage) -> Self {
        Self { stage, ..self }
    }

    /// The text that a member reads.
    pub(crate) fn tells(&self, to: &str, notice: &Notice, link: &str) -> String {
        let about = About::new(&self.submission, Some(&self.directory)).in_stage(self.stage);
        let message = render(notice, &user(to), &about, link).unwrap();
        message.validate().unwrap();
        assert_eq!(message.to, Recipients::user(to));
        match message.body {
            Body::Markdown { content } => content,
            other => panic!("{other:?}"),
        }
    }
}

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

pub(crate) fn verdict(urgency: Urgency, results: Vec<RuleResult>) -> Verdict {
    let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap();
    let any = |status| {
        results
            .iter()
            .any(|result| result.status == status && !result.waived)
    };
    let outcome = if any(Status::Fail) {
        Outcome::Rejected
    } else if any(Status::Unknown) {
        Outcome::Undecided
    } else if any(Status::Warn) {
        Outcome::Warnings
    } else {
        Outcome::Compliant
    };
    Verdict {
        sp_no: NUMBER.to_owned(),
        verdict: outcome,
        policy: PolicyRef {
            version: "2.1".to_owned(),
            sha256: "0".repeat(64),
        },
        evaluated_at: at("2026-11-24T15:20:00+08:00"),
        change: ChangeSummary {
            title: "条件单上线".to_owned(),
            urgency: Some(urgency),
            change_day: NaiveDate::from_ymd_opt(2026, 11, 24),
            window: Some(WindowSummary {
                opens: at("2026-11-24T16:30:00+08:00"),
                closes: at("2026-11-24T21:00:00+08:00"),
                season: Season::Standard,
            }),
            ..ChangeSummary::default()
        },
        results,
    }
}

pub(crate) fn title_fault() -> RuleResult {
    RuleResult {
        evidence: Some("条件单上线".to_owned()),
        fix: Some("行情系统条件单功能上线变更".to_owned()),
        ..result(
            RuleId::TitleFormat,
            Status::Fail,
            "标题“条件单上线”应写成“××系统××功能上线变更”",
        )
    }
}

pub(crate) fn cutoff_fault() -> RuleResult {
    let message = "正常流程须在变更当天 15:00 前发起，本流程在11月24日（周二） 15:12:08 才发起。可选的变更时间：\
                   11月26日（周四）16:30–21:00，11月28日（周六）10:00–20:00，12月1日（周二）16:30–21:00\
                   （不可选：11月24日（周二）16:30–21:00，已过当天 15:00 的发起截止时间（cutoff））";
    result(RuleId::Cutoff, Status::Fail, message)
}

/// Two faults, one piece of advice.
pub(crate) fn faulty() -> Verdict {
    let advice = result(
        RuleId::RollbackPlan,
        Status::Warn,
        "回退方案只写了动作，请写明回退到哪个版本",
    );
    verdict(Urgency::Normal, vec![title_fault(), cutoff_fault(), advice])
}

pub(crate) fn clean() -> Verdict {
    verdict(
        Urgency::Normal,
        vec![result(RuleId::TitleFormat, Status::Pass, "")],
    )
}
