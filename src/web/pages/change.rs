//! `GET /a/{sp_no}`: all that a member can do with a change outside of a card.

use actix_web::{HttpResponse, web};
use askama::Template;
use changegate_lifecycle::Action;
use changegate_policy::{Market, UserId};

use super::answer::{self, Asked, Line};
use super::dossier::{self, Dossier};
use super::form::{Envelope, Form};
use super::offers::{self, Offer};
use super::rows::{self, DutyRow, encoded};
use super::{duty, words};
use crate::web::dates;
use crate::web::member::Member;
use crate::web::refusal::Refusal;
use crate::web::server::Site;
use crate::web::verdict_page::{Fact, TimelineRow, html};

#[derive(Template)]
#[template(path = "actions.html", whitespace = "minimize")]
struct View {
    envelope: Envelope,
    line: Option<Line>,
    title: String,
    facts: Vec<Fact>,
    mine: Vec<DutyRow>,
    duties: Vec<DutyRow>,
    forms: Vec<Form>,
    closed: Vec<Closed>,
    markets: Vec<MarketRow>,
    markets_closed: String,
    incident: bool,
    number: String,
    verdict: String,
    times: Vec<(&'static str, String)>,
    timeline: Vec<TimelineRow>,
}

/// Something that is not offered.
#[derive(Debug)]
struct Closed {
    id: &'static str,
    name: &'static str,
    why: String,
}

/// A market, and the button that corrects it.
#[derive(Debug)]
struct MarketRow {
    name: &'static str,
    concerned: bool,
    form: Option<Form>,
}

/// The page of a change.
pub(super) async fn show(
    member: Member,
    sp_no: web::Path<String>,
    asked: web::Query<Asked>,
    site: web::Data<Site>,
) -> Result<HttpResponse, Refusal> {
    let dossier = Dossier::open(&site, &member, &sp_no).await?;
    let change = &dossier.change;
    let (now, policy) = (site.clock.now(), &site.policy());
    let (open, shut): (Vec<Offer>, Vec<Offer>) = offers::of(change, &member.user, policy)
        .into_iter()
        .partition(|offer| offer.not_now.is_none());
    let markets_closed = offers::markets_not_now(change, &member.user, policy).unwrap_or_default();
    let back = format!("/a/{}", encoded(&sp_no));
    let (mine, duties) = rows::duties(&sp_no, change, policy, now)
        .into_iter()
        .zip(change.duties.iter().filter(|duty| duty.is_open()))
        .partition::<Vec<_>, _>(|(_, duty)| is_mine(duty, &member.user));
    let rows = |rows: Vec<(DutyRow, _)>| rows.into_iter().map(|(row, _)| row).collect();
    let view = View {
        envelope: Envelope::new(&site, &member, &sp_no, &back),
        line: answer::line(&asked, &dossier, &member, &site),
        title: dossier.title().to_owned(),
        facts: facts(&dossier, &site),
        mine: rows(mine),
        duties: rows(duties),
        forms: open
            .iter()
            .map(|offer| form(&site, &dossier, offer.action))
            .collect(),
        closed: shut.into_iter().map(closed).collect(),
        markets: markets(&dossier, &markets_closed),
        markets_closed,
        incident: change.incident.is_some(),
        number: encoded(&sp_no),
        verdict: site.links.to_change(&sp_no, now),
        times: rows::times(change, policy),
        timeline: rows::timeline(&dossier.timeline, policy),
    };
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .body(html(&view)))
}

fn is_mine(duty: &changegate_lifecycle::Duty, user: &UserId) -> bool {
    duty.holders.contains(user) && !(duty.kind.needs_everyone() && duty.said.contains_key(user))
}

fn form(site: &Site, dossier: &Dossier, action: Action) -> Form {
    let mut form = Form::of(site, dossier, action, None);
    match action {
        Action::Anomaly => "报告异常".clone_into(&mut form.label),
        Action::UpdateStatement => {
            form.note = dossier.change.statement.clone().unwrap_or_default();
        }
        _ => {}
    }
    form
}

fn closed(offer: Offer) -> Closed {
    Closed {
        id: if offer.action == Action::RequestWaiver {
            "waiver"
        } else {
            offer.action.word()
        },
        name: if offer.action == Action::Anomaly {
            "报告异常"
        } else {
            words::label(offer.action, None)
        },
        why: offer.not_now.unwrap_or_default(),
    }
}

fn markets(dossier: &Dossier, closed: &str) -> Vec<MarketRow> {
    [
        (Market::Us, Action::ToggleUs),
        (Market::HongKong, Action::ToggleHongKong),
        (Market::Singapore, Action::ToggleSingapore),
    ]
    .into_iter()
    .map(|(market, action)| {
        let concerned = dossier.change.plan.markets.contains(&market);
        MarketRow {
            name: market.name(),
            concerned,
            form: closed.is_empty().then(|| {
                let mut form = Form::new(action, None);
                form.label = duty::toggle(market.name(), concerned);
                form
            }),
        }
    })
    .collect()
}

/// The change in a few lines, for the head of a page.
pub(super) fn facts(dossier: &Dossier, site: &Site) -> Vec<Fact> {
    let policy = &site.policy();
    let (change, row) = (&dossier.change, &dossier.row);
    let applicant = UserId::new(&row.applicant);
    let local = |at| policy.local(at);
    let stage = match change.ending {
        Some(ending) => format!("{}（{}）", change.stage.name(), ending.name()),
        None => change.stage.name().to_owned(),
    };
    let planned = change.plan.from.or(row.planned_from).map(local);
    let until = if change.plan.from.is_some() {
        change.plan.until
    } else {
        row.planned_until
    };
    let lines = [
        ("状态", Some(stage)),
        (
            "申请人",
            (!applicant.is_empty()).then(|| dossier::name_of(&applicant, policy).to_owned()),
        ),
        (
            "计划时间",
            planned.map(|from| dates::period(from, until.map(local))),
        ),
        (
            "变更窗口",
            change
                .plan
                .opens
                .map(|opens| dates::period(local(opens), change.plan.closes.map(local))),
        ),
    ];
    lines
        .into_iter()
        .filter_map(|(name, value)| Some(Fact { name, value: value? }))
        .collect()
}
