//! Words about a change: its form, its course, its people, its markets, its anomaly.

use changegate_lifecycle::{Anomaly, Change, Duty, DutyKind, Stage, Timer};
use changegate_policy::{Market, Role, Urgency, UserId};
use chrono::{DateTime, Utc};

use super::{Item, Words, number, said, written};
use crate::about::{About, Links};
use crate::times;

impl Words {
    /// What every message about a change can name, for one reader.
    pub(crate) fn of(about: &About<'_>, to: &UserId, links: &Links<'_>) -> Self {
        let mut words = Self {
            link: links.change.to_owned(),
            duty_link: links.to_duty().to_owned(),
            act_link: links.act.to_owned(),
            incident_link: links.incident.to_owned(),
            ..Self::of_change(about)
        };
        words.read_by(about, to);
        words
    }

    /// The same without a reader and without links.
    pub(crate) fn of_change(about: &About<'_>) -> Self {
        let mut words = Self::default();
        words.form(about);
        words.course(about);
        words.people(about);
        words.market_words(about);
        words.judge(about.verdict);
        if let Some(anomaly) = about.change.current_anomaly() {
            words.anomaly(about, anomaly);
        }
        words.incident(about);
        words
    }

    /// Fills in what one duty says.
    pub(crate) fn on_duty(&mut self, about: &About<'_>, duty: &Duty) {
        self.duty_name = duty.kind.name();
        self.duty_since = times::lately(about.policy, duty.since, about.now);
        self.holders = about.names_of(&duty.holders);
        self.awaited = about.names_of(duty.awaited());
        if let DutyKind::TechnicalByDevelopment | DutyKind::TechnicalByTest = duty.kind {
            self.only_technical(about);
        }
        if duty.kind == DutyKind::EmergencyMail {
            self.mail_failed = about.change.emergency_mail.is_some();
        }
        if let DutyKind::NameWatchers(market) | DutyKind::WatchSession(market) = duty.kind {
            self.market = market.name();
            self.session = session(about, market).unwrap_or_default();
            self.watchers = about.names_of(about.change.watchers.get(&market).into_iter().flatten());
        }
        if let Some(asked) = about
            .change
            .waivers
            .iter()
            .find(|asked| asked.duty == duty.number)
        {
            self.rules = super::names(asked.rules.iter().copied());
            self.reason = said(&asked.reason);
            self.by = about.name_of(&asked.asked.by);
        }
    }

    /// Of the items only those that are marked as technical requirements; what else goes live needs no such word.
    fn only_technical(&mut self, about: &About<'_>) {
        let technical = changegate_policy::technical_items(about.submission, about.policy);
        let features: Vec<&str> = self
            .items
            .iter()
            .filter(|item| technical.contains(&item.number))
            .map(|item| item.feature.as_str())
            .collect();
        if !features.is_empty() {
            self.plan = features.join("；");
        }
    }

    fn form(&mut self, about: &About<'_>) {
        let form = about.submission;
        let title = said(form.title.text());
        self.title = if title.is_empty() {
            "（未填写标题）".to_owned()
        } else {
            title
        };
        self.sp_no = number(&form.sp_no);
        self.applicants = about.names_of(&form.applicants);
        let urgency = about.change.plan.urgency.or(about.verdict.change.urgency);
        self.urgent = urgency == Some(Urgency::Emergency);
        self.urgency = match urgency {
            Some(Urgency::Normal) => "正常",
            Some(Urgency::Emergency) => "紧急",
            None => "",
        };
        let items = &about.verdict.change.items;
        self.items = items
            .iter()
            .map(|item| Item {
                number: item.number,
                feature: said(&item.feature),
                jira: said(&item.jira.join("、")),
            })
            .collect();
        self.plan = if items.is_empty() {
            let described = said(form.description.text());
            if described.is_empty() {
                "见详情".to_owned()
            } else {
                described
            }
        } else {
            let features: Vec<&str> = self.items.iter().map(|item| item.feature.as_str()).collect();
            features.join("；")
        };
        self.rollback = said(form.rollback.text());
        self.images = said(form.images.text());
        self.middle_platform = about.change.plan.middle_platform;
        self.middle_platform_text = said(form.middle_platform.text());
        self.description = written(form.description.text());
        self.rollback_full = written(form.rollback.text());
        self.images_full = written(form.images.text());
    }

    fn course(&mut self, about: &About<'_>) {
        let (change, policy, plan) = (about.change, about.policy, &about.change.plan);
        let stage = change.stage;
        self.stage = stage.word();
        self.stage_name = stage_name(change);
        self.open = stage.is_open();
        self.begun = stage.is_begun();
        self.awaits_approvers = stage.awaits_approvers();
        self.chain = if self.urgent {
            "开发组长 → 测试组长 → 平台产品技术线 CCB 组 → 运维负责人"
        } else {
            "开发组长 → 测试组长 → 运维负责人"
        };
        self.change_day = plan
            .change_day
            .or(about.verdict.change.change_day)
            .map(times::day)
            .unwrap_or_default();
        self.window = match (plan.opens, plan.closes, &about.verdict.change.window) {
            (Some(opens), closes @ Some(_), _) => times::between(policy, opens, closes),
            (_, _, Some(window)) => times::span(window.opens, window.closes),
            (_, _, None) => String::new(),
        };
        self.planned = plan
            .from
            .map(|from| times::between(policy, from, plan.until))
            .unwrap_or_default();
        let moment = |at: Option<DateTime<Utc>>| at.map(|at| times::moment(policy, at)).unwrap_or_default();
        self.started_at = moment(change.times.started);
        self.executed_at = moment(change.times.executed);
        self.verified_at = moment(change.times.verified.or(change.times.closed));
        self.outside_window = policy.windows().window_at(about.now).is_none();
        self.consent = change
            .consent
            .as_ref()
            .map(|consent| {
                let (who, at) = (
                    about.name_of(&consent.by),
                    times::lately(policy, consent.at, about.now),
                );
                format!("{who} 已于 {at} 同意窗口外执行")
            })
            .unwrap_or_default();
        let missing: Vec<String> = change
            .missing_preparations()
            .map(|duty| format!("{}（{}）", duty.kind.name(), about.names_of(duty.awaited())))
            .collect();
        self.missing = missing.join("、");
    }

    fn people(&mut self, about: &About<'_>) {
        let (change, people) = (about.change, &about.change.people);
        self.product_managers = about.names_of(&people.who_verify());
        self.testers = about.names_of(&people.who_test());
        self.development_leads = about.names_of(&people.who_lead());
        self.executors = about.names_of(&people.who_execute());
        self.configurers = about.names_of(&people.who_configure());
        self.who_stay = about.names_of(&change.who_stay());
    }

    fn market_words(&mut self, about: &About<'_>) {
        let markets = &about.change.plan.markets;
        let named: Vec<&str> = markets.iter().map(|market| market.name()).collect();
        self.markets = named.join("、");
        if markets.contains(&Market::Us) {
            self.us_open = session(about, Market::Us).unwrap_or_default();
        }
        let sessions: Vec<String> = markets
            .iter()
            .filter(|market| **market != Market::Us)
            .filter_map(|market| Some(format!("{} {}", market.name(), session(about, *market)?)))
            .collect();
        self.sessions = sessions.join("、");
    }

    fn anomaly(&mut self, about: &About<'_>, anomaly: &Anomaly) {
        let policy = about.policy;
        self.what = said(&anomaly.what);
        self.what_full = written(&anomaly.what);
        self.since = times::moment(policy, anomaly.at);
        self.reporter = about.name_of(&anomaly.by);
        if let Some(handled) = &anomaly.handled {
            self.handled_by = about.name_of(&handled.by);
        }
        self.recovered_at = anomaly
            .recovered
            .map(|at| times::moment(policy, at))
            .unwrap_or_default();
        let until = about.change.timers.get(&Timer::AnomalyTimeOut).copied();
        let until = until.unwrap_or_else(|| anomaly.at + policy.pace().anomaly_time_out);
        let seconds = (until - about.now).num_seconds().max(0);
        self.minutes_left = seconds / 60 + i64::from(seconds % 60 > 0);
    }

    fn incident(&mut self, about: &About<'_>) {
        let contacts = about.policy.contacts();
        // the policy's own, not to be disguised: people dial and write to them
        self.phone = written(contacts.emergency_phone.as_deref().unwrap_or_default());
        self.report_mailbox = written(contacts.report_mailbox.as_deref().unwrap_or_default());
        let Some(incident) = &about.change.incident else {
            return;
        };
        self.incident_no = number(&incident.number);
        self.statement = said(incident.statement.as_deref().unwrap_or_default());
        self.report_impact = written(&incident.report.impact);
        self.report_cause = written(&incident.report.cause);
        self.report_handling = written(&incident.report.handling);
        self.report_prevention = written(&incident.report.prevention);
    }

    fn read_by(&mut self, about: &About<'_>, to: &UserId) {
        let people = &about.change.people;
        self.reader_executes = people.who_execute().contains(to);
        self.reader_applied = about.submission.applicants.contains(to);
        self.reader_reported = about
            .change
            .current_anomaly()
            .is_some_and(|anomaly| anomaly.by == *to);
        self.checklist = checklist(about, to);
    }
}

/// When a market opens next after the execution, or after now where there was none.
fn session(about: &About<'_>, market: Market) -> Option<String> {
    let after = about.change.times.executed.unwrap_or(about.now);
    let session = about
        .policy
        .exchanges()
        .next_open(market.exchange(), after)
        .ok()?;
    Some(times::moment(about.policy, session.opens))
}

/// Where a change stands; one that is over after an execution, by how it ended.
fn stage_name(change: &Change) -> String {
    match (change.stage, change.ending) {
        (Stage::Closed, Some(ending)) => format!("{}（{}）", change.stage.name(), ending.name()),
        (stage, _) => stage.name().to_owned(),
    }
}

/// What an approver is to look at, by the role in which the directory knows them (七).
fn checklist(about: &About<'_>, reader: &UserId) -> Vec<&'static str> {
    let people = &about.change.people;
    let holds = |role| {
        about
            .directory
            .is_some_and(|directory| directory.holds(reader, role))
    };
    let leads = |of: fn(&changegate_policy::Team) -> &std::collections::BTreeSet<UserId>| {
        about
            .directory
            .is_some_and(|directory| directory.teams.iter().any(|team| of(team).contains(reader)))
    };
    [
        (
            people.development_leads.contains(reader) || leads(|team| &team.development_leads),
            "开发组长请核对：SIT 测试与验收已通过，有回退方案，涉及中台及前端页面的已通知对方同步上线（七.1）",
        ),
        (
            people.test_leads.contains(reader) || leads(|team| &team.test_leads),
            "测试组长请核对：功能测试完成，UAT 验收通过，回归测试完成（七.2）",
        ),
        (
            people.ccb.contains(reader) || holds(Role::Ccb),
            "CCB 组请核对：已充分了解紧急变更的情况（七.3）",
        ),
        (
            people.operations_leads.contains(reader) || holds(Role::OperationsLead),
            "运维负责人请核对：流程是否规范，不规范应退回并指导填写（七.4）",
        ),
    ]
    .into_iter()
    .filter_map(|(holds, line)| holds.then_some(line))
    .collect()
}
