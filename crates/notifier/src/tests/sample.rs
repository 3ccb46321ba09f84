//! Verdicts and changes as the policy and the lifecycle make them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use changegate_calendar::Season;
use changegate_lifecycle::{
    Anomaly, Change, Duty, DutyKind, DutyState, Incident, Notice, People, Plan, ReportText, Stage, Stamp,
};
use changegate_policy::{
    ChangeSummary, Directory, Field, ItemSummary, Market, Mode, Outcome, Policy, PolicyRef, Role, RuleId,
    RuleResult, Status, Submission, Team, Urgency, UserId, Verdict, WindowSummary,
};
use changegate_wecom::message::{Body, Button, Recipients, TemplateCard};
use chrono::{DateTime, NaiveDate, Utc};

use crate::{About, CardKeys, Links, Rendered, render};

pub(crate) const NUMBER: &str = "202611240001";
pub(crate) const PAGE: &str = "https://changegate.example.com/c/202611240001?e=1764000000&s=0f1e2d3c";
pub(crate) const LINKS: Links<'static> = Links {
    change: PAGE,
    duty: Some("https://changegate.example.com/d/202611240001/1"),
    act: "https://changegate.example.com/a/202611240001",
    incident: "https://changegate.example.com/i/202611240001",
};
pub(crate) const KEYS: CardKeys<'static> = CardKeys {
    task_id: "202611240001-7f3a-1",
    card_key: "k7f3a",
};

pub(crate) static POLICY: LazyLock<Arc<Policy>> = LazyLock::new(Policy::built_in);

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
        ("pm", "王芳"),
        ("tester", "钱敏"),
        ("exec", "孙运"),
        ("rights", "周权"),
    ];
    directory.names = names
        .into_iter()
        .map(|(id, name)| (user(id), name.to_owned()))
        .collect();
    directory
}

/// A change of 张三, as people are told of it.
pub(crate) struct Scene {
    pub(crate) submission: Submission,
    pub(crate) change: Change,
    pub(crate) verdict: Verdict,
    directory: Directory,
    now: DateTime<Utc>,
}

impl Scene {
    /// A form with nothing but a title, with its approvers.
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
            markets: Field::Absent(absent()),
        };
        Self {
            submission,
            change: Change {
                stage: Stage::Approving,
                ..Change::default()
            },
            verdict: clean(),
            directory: directory(),
            now: at("16:40"),
        }
    }

    /// A form filled in well, in the course of its change day.
    pub(crate) fn whole() -> Self {
        let mut scene = Self::titled("行情系统条件单功能上线变更");
        let form = &mut scene.submission;
        form.rollback =
            Field::Filled("回退镜像 quote-server:2.3.7，并执行回退脚本 rollback_1124.sql".to_owned());
        form.images = Field::Filled("quote-server:2.4.0".to_owned());
        form.middle_platform = Field::Filled("行情中台：条件单查询接口".to_owned());
        scene.verdict.change.items = vec![
            ItemSummary {
                number: 1,
                feature: "条件单到价提醒功能".to_owned(),
                jira: vec!["QUOTE-101".to_owned()],
            },
            ItemSummary {
                number: 2,
                feature: "美股盘前报价功能".to_owned(),
                jira: vec!["QUOTE-102".to_owned(), "TRADE-7".to_owned()],
            },
        ];
        let of = |ids: &[&str]| ids.iter().map(|id| user(id)).collect::<BTreeSet<_>>();
        scene.change.people = People {
            applicants: of(&["dev"]),
            product_managers: of(&["pm"]),
            testers: of(&["tester"]),
            development_leads: of(&["lead"]),
            test_leads: of(&["testlead"]),
            operations_leads: of(&["ops"]),
            executors: of(&["exec"]),
            configurers: of(&["rights"]),
            ..People::default()
        };
        scene.change.plan = Plan {
            urgency: Some(Urgency::Normal),
            change_day: NaiveDate::from_ymd_opt(2026, 11, 24),
            opens: Some(at("16:30")),
            closes: Some(at("21:00")),
            from: Some(at("17:00")),
            until: Some(at("18:00")),
            middle_platform: true,
            ..Plan::default()
        };
        scene
    }

    pub(crate) fn in_stage(mut self, stage: Stage) -> Self {
        self.change.stage = stage;
        self
    }

    /// At a time of the change day, in the policy's zone.
    pub(crate) fn at(mut self, time: &str) -> Self {
        self.now = at(time);
        self
    }

    pub(crate) fn executed(mut self, time: &str) -> Self {
        self.change.times.executed = Some(at(time));
        self.in_stage(Stage::Verifying)
    }

    pub(crate) fn concerning(mut self, markets: &[Market]) -> Self {
        self.change.plan.markets = markets.iter().copied().collect();
        self
    }

    /// With something wrong since 17:50.
    pub(crate) fn broken(mut self) -> Self {
        self.change.anomalies.push(Anomaly {
            at: at("17:50"),
            by: user("pm"),
            what: "条件单触发后没有推送".to_owned(),
            handled: None,
            recovered: None,
            corrected: None,
        });
        self.in_stage(Stage::Anomaly)
    }

    pub(crate) fn an_incident(mut self) -> Self {
        self.change.incident = Some(Incident {
            number: "INC-20261124-01".to_owned(),
            opened: Stamp {
                by: user("pm"),
                at: at("17:52"),
            },
            statement: None,
            reported: None,
            claim: None,
            report: ReportText::default(),
        });
        self
    }

    /// With a duty of a kind, since 16:30; its number is 1 more than that of the one before.
    pub(crate) fn with_duty(mut self, kind: DutyKind, holders: &[&str]) -> Self {
        let number = u32::try_from(self.change.duties.len()).unwrap() + 1;
        self.change.duties.push(Duty {
            number,
            kind,
            holders: holders.iter().map(|id| user(id)).collect(),
            said: BTreeMap::new(),
            acknowledged: BTreeSet::new(),
            arrived: BTreeMap::new(),
            state: DutyState::Open,
            since: at("16:30"),
            reminded: 0,
        });
        self
    }

    pub(crate) fn about(&self) -> About<'_> {
        About::new(
            &self.submission,
            &self.change,
            &self.verdict,
            &POLICY,
            Some(&self.directory),
            self.now,
        )
    }

    pub(crate) fn rendered(&self, to: &str, notice: &Notice, page: &str) -> Rendered {
        let links = Links {
            change: page,
            ..LINKS
        };
        render(notice, &user(to), &self.about(), &links, Some(&KEYS)).unwrap()
    }

    /// The text that a member reads.
    pub(crate) fn tells(&self, to: &str, notice: &Notice, page: &str) -> String {
        let message = self.rendered(to, notice, page).message;
        message.validate().unwrap();
        assert_eq!(message.to, Recipients::user(to));
        match message.body {
            Body::Markdown { content } => content,
            other => panic!("{other:?}"),
        }
    }

    /// The same, and how long it is.
    pub(crate) fn told(&self, to: &str, notice: &Notice) -> String {
        let content = self.tells(to, notice, PAGE);
        format!("{content}\n[{} bytes]", content.len())
    }

    /// The card that a member gets for the newest duty.
    pub(crate) fn card(&self, to: &str) -> String {
        let duty = self.change.duties.last().unwrap().number;
        let rendered = self.rendered(to, &Notice::Duty { duty }, PAGE);
        as_read(&rendered.message.body)
    }
}

/// A time of 24 November 2026 in Shanghai.
pub(crate) fn at(time: &str) -> DateTime<Utc> {
    format!("2026-11-24T{time}:00+08:00").parse().unwrap()
}

/// A message as it is read, with how long it is.
pub(crate) fn as_read(body: &Body) -> String {
    match body {
        Body::Text { content } | Body::Markdown { content } => {
            format!("{content}\n[{} bytes]", content.len())
        }
        Body::TextCard {
            title,
            description,
            url,
            btntxt,
        } => format!(
            "{title}\n{description}\n（{}）→ {url}\n[{} + {} bytes]",
            btntxt.as_deref().unwrap_or("详情"),
            title.len(),
            description.len()
        ),
        Body::TemplateCard(card) => card_as_read(card),
    }
}

pub(crate) fn card_as_read(card: &TemplateCard) -> String {
    let (title, text, rows) = match card {
        TemplateCard::ButtonInteraction(card) => (
            Some(&card.main_title),
            &card.sub_title_text,
            &card.horizontal_content_list,
        ),
        TemplateCard::TextNotice(card) => (
            card.main_title.as_ref(),
            &card.sub_title_text,
            &card.horizontal_content_list,
        ),
        other => panic!("{other:?}"),
    };
    let title = title.unwrap();
    let mut lines: Vec<String> = Vec::new();
    lines.extend(title.title.clone());
    lines.extend(title.desc.clone());
    lines.extend(text.clone());
    lines.extend(
        rows.iter()
            .map(|row| format!("{}：{}", row.keyname, row.value.as_deref().unwrap_or_default())),
    );
    let ways: Vec<String> = match card {
        TemplateCard::ButtonInteraction(card) => card.button_list.iter().map(button_as_read).collect(),
        TemplateCard::TextNotice(card) => card
            .jump_list
            .iter()
            .map(|jump| format!("{} → {}", jump.title, short(jump.url.as_deref().unwrap())))
            .collect(),
        _ => Vec::new(),
    };
    lines.extend(ways);
    let bytes = serde_json::to_string(card).unwrap().len();
    lines.push(format!("[{bytes} bytes]"));
    lines.join("\n")
}

fn button_as_read(button: &Button) -> String {
    let leads = match (&button.url, &button.key) {
        (Some(url), _) => format!("→ {}", short(url)),
        (None, Some(key)) => key.clone(),
        (None, None) => panic!("{button:?}"),
    };
    format!(
        "({}{}) {leads}",
        button.text,
        if button.style == Some(2) { "!" } else { "" }
    )
}

fn short(url: &str) -> &str {
    let named = [
        (PAGE, "change"),
        (LINKS.duty.unwrap(), "duty"),
        (LINKS.act, "act"),
        (LINKS.incident, "incident"),
    ];
    named
        .iter()
        .find(|(known, _)| *known == url)
        .map_or(url, |(_, name)| name)
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
