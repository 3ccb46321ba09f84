//! `GET /i/{sp_no}`: an incident — what is to be done, what happened, who was told, and its report.

use actix_web::{HttpResponse, web};
use askama::Template;
use changegate_lifecycle::{Action, DutyKind, Incident, ReportText};
use changegate_policy::UserId;

use super::answer::{self, Asked, Line};
use super::dossier::{self, Dossier};
use super::fields::LONGEST_PART;
use super::form::{Envelope, Form};
use super::rows::{self, encoded};
use super::{change, offers};
use crate::web::dates;
use crate::web::member::{self, Member};
use crate::web::refusal::{Page, Refusal};
use crate::web::server::Site;
use crate::web::verdict_page::{Fact, TimelineRow, html};

#[derive(Template)]
#[template(path = "incident.html", whitespace = "minimize")]
struct View {
    envelope: Envelope,
    line: Option<Line>,
    title: String,
    number: String,
    place: String,
    recovered: bool,
    phone: String,
    facts: Vec<Fact>,
    statement: String,
    statement_form: Option<Form>,
    describe: Option<Form>,
    report: Option<ReportForm>,
    report_closed: String,
    sent: String,
    told: Vec<TimelineRow>,
    timeline: Vec<TimelineRow>,
}

/// The report's texts, to be written.
#[derive(Debug)]
struct ReportForm {
    duty: Option<u32>,
    parts: [(&'static str, &'static str, &'static str, String); 4],
    longest: usize,
    nonce: String,
    mailbox: String,
}

/// The page of an incident.
pub(super) async fn show(
    member: Member,
    sp_no: web::Path<String>,
    asked: web::Query<Asked>,
    site: web::Data<Site>,
) -> Result<HttpResponse, Refusal> {
    let dossier = Dossier::open(&site, &member, &sp_no).await?;
    let incident = opened(&dossier)?;
    let back = format!("/i/{}", encoded(&sp_no));
    let report_closed = report_closed(&dossier, &member.user, &site);
    let offered = |action| {
        offers::of(&dossier.change, &member.user, &site.policy())
            .iter()
            .any(|offer| offer.action == action && offer.not_now.is_none())
    };
    let statement = dossier.change.statement.clone().unwrap_or_default();
    let view = View {
        envelope: Envelope::new(&site, &member, &sp_no, &back),
        line: answer::line(&asked, &dossier, &member, &site),
        title: dossier.title().to_owned(),
        number: incident.number.clone(),
        place: encoded(&sp_no),
        recovered: dossier
            .change
            .current_anomaly()
            .is_some_and(|anomaly| anomaly.recovered.is_some()),
        phone: site
            .policy()
            .contacts()
            .emergency_phone
            .clone()
            .unwrap_or_default(),
        facts: facts(&dossier, incident, &site),
        statement_form: offered(Action::UpdateStatement).then(|| {
            let mut form = Form::of(&site, &dossier, Action::UpdateStatement, None);
            form.note.clone_from(&statement);
            form
        }),
        statement,
        describe: offered(Action::Describe).then(|| Form::of(&site, &dossier, Action::Describe, None)),
        report: report_closed
            .is_empty()
            .then(|| report_form(&dossier, &incident.report, &site)),
        report_closed,
        sent: incident.reported.as_ref().map_or_else(String::new, |sent| {
            format!(
                "报告已由{}于 {} 发送。",
                dossier::name_of(&sent.by, &site.policy()),
                dates::minute(site.policy().local(sent.at))
            )
        }),
        told: told(&dossier, &site),
        timeline: rows::timeline(&dossier.timeline, &site.policy()),
    };
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .body(html(&view)))
}

/// The incident that a change turned into.
pub(super) fn opened(dossier: &Dossier) -> Result<&Incident, Refusal> {
    let sp_no = encoded(&dossier.row.sp_no);
    dossier.change.incident.as_ref().ok_or_else(|| {
        Page::new(
            actix_web::http::StatusCode::NOT_FOUND,
            "这份变更没有登记为生产事故",
            "出现异常并标记为生产事故后，这里会有事件经过、通知记录和报告。",
        )
        .link("报告异常或标记生产事故", format!("/a/{sp_no}"))
        .into()
    })
}

fn facts(dossier: &Dossier, incident: &Incident, site: &Site) -> Vec<Fact> {
    let policy = &site.policy();
    let mut facts = vec![Fact {
        name: "标记",
        value: format!(
            "{}，{}",
            dossier::name_of(&incident.opened.by, policy),
            dates::minute(policy.local(incident.opened.at))
        ),
    }];
    for anomaly in &dossier.change.anomalies {
        facts.push(Fact {
            name: "异常",
            value: format!(
                "{}，{}报告：{}",
                dates::minute(policy.local(anomaly.at)),
                dossier::name_of(&anomaly.by, policy),
                if anomaly.what.is_empty() {
                    "（未填写说明）"
                } else {
                    &anomaly.what
                }
            ),
        });
        facts.extend(anomaly.handled.as_ref().map(|handled| Fact {
            name: "处理人",
            value: format!(
                "{}，{} 起",
                dossier::name_of(&handled.by, policy),
                dates::minute(policy.local(handled.at))
            ),
        }));
        facts.extend(anomaly.recovered.map(|at| Fact {
            name: "恢复",
            value: dates::minute(policy.local(at)),
        }));
    }
    facts.extend(change::facts(dossier, site));
    facts
}

fn told(dossier: &Dossier, site: &Site) -> Vec<TimelineRow> {
    let since = dossier.change.anomalies.first().map(|anomaly| anomaly.at);
    let entries = dossier
        .timeline
        .iter()
        .filter(|entry| since.is_none_or(|since| entry.at >= since));
    entries
        .filter_map(|entry| {
            let (who, what) = match rows::told(entry, &site.policy()) {
                Some(told) => told,
                None if matches!(entry.what.as_str(), "group" | "mail") => {
                    let whom = if entry.what == "group" {
                        "问题反馈群"
                    } else {
                        "邮件"
                    };
                    (whom.to_owned(), rows::row(entry, &site.policy()).what)
                }
                None => return None,
            };
            Some(TimelineRow {
                at: site.policy().local(entry.at).format("%m-%d %H:%M:%S").to_string(),
                who,
                what,
            })
        })
        .collect()
}

/// Why this member does not write the report; empty where they may.
fn report_closed(dossier: &Dossier, user: &UserId, site: &Site) -> String {
    if dossier
        .change
        .incident
        .as_ref()
        .is_some_and(|incident| incident.reported.is_some())
    {
        return "报告已发送，不能再改；更正请直接回复邮件。".to_owned();
    }
    let may = dossier.change.who_may(Action::SendReport);
    if may.contains(user) {
        return String::new();
    }
    format!(
        "报告由开发组长和产品经理填写：{}。",
        dossier::names(&may, &site.policy())
    )
}

fn report_form(dossier: &Dossier, text: &ReportText, site: &Site) -> ReportForm {
    ReportForm {
        duty: dossier.change.open_duty(DutyKind::Report).map(|duty| duty.number),
        parts: [
            (
                "impact",
                "影响范围",
                "影响的功能、用户数、时长、资金",
                text.impact.clone(),
            ),
            ("cause", "原因分析", "直接原因和根本原因", text.cause.clone()),
            (
                "handling",
                "处理过程",
                "如何发现、谁做了什么、何时恢复",
                text.handling.clone(),
            ),
            (
                "prevention",
                "改进与预防措施",
                "做什么、谁负责、何时完成",
                text.prevention.clone(),
            ),
        ],
        longest: LONGEST_PART,
        nonce: member::nonce(),
        mailbox: site
            .policy()
            .contacts()
            .report_mailbox
            .clone()
            .unwrap_or_default(),
    }
}
