//! `GET /d/{sp_no}/{duty}`: one duty, with its buttons for whoever may press them, and its state for everybody else.

use actix_web::{HttpResponse, web};
use askama::Template;
use changegate_lifecycle::{Action, Duty, DutyKind, DutyState, Said};
use changegate_policy::UserId;

use super::answer::{self, Asked, Line};
use super::application::{Application, application};
use super::dossier::{self, Dossier};
use super::form::{Choice, Envelope, Form, rule};
use super::rows::encoded;
use super::{change, words};
use crate::web::dates;
use crate::web::member::Member;
use crate::web::refusal::Refusal;
use crate::web::server::Site;
use crate::web::verdict_page::{Fact, html};

#[derive(Template)]
#[template(path = "duty.html", whitespace = "minimize")]
struct View {
    envelope: Envelope,
    line: Option<Line>,
    title: String,
    facts: Vec<Fact>,
    name: &'static str,
    state: &'static str,
    tone: &'static str,
    task: String,
    /// What the decision is about: rules and the reason given.
    rules: Vec<Choice>,
    reason: String,
    /// The mail to be sent by hand.
    application: Option<Application>,
    forms: Vec<Form>,
    /// Why there are no buttons.
    closed: String,
    said: Vec<(String, String)>,
    awaited: String,
    incident: bool,
    number: String,
}

/// The page of a duty.
pub(super) async fn show(
    member: Member,
    place: web::Path<(String, u32)>,
    asked: web::Query<Asked>,
    site: web::Data<Site>,
) -> Result<HttpResponse, Refusal> {
    let (sp_no, number) = place.into_inner();
    let dossier = Dossier::open(&site, &member, &sp_no).await?;
    let duty = dossier
        .change
        .duty(number)
        .ok_or_else(|| Refusal::no_such("这项待办"))?;
    let back = format!("/d/{}/{number}", encoded(&sp_no));
    let request = dossier::waiver_rules(&dossier.change, number);
    let closed = closed(duty, &member.user, &site);
    let view = View {
        envelope: Envelope::new(&site, &member, &sp_no, &back),
        line: answer::line(&asked, &dossier, &member, &site),
        title: dossier.title().to_owned(),
        facts: change::facts(&dossier, &site),
        name: duty.kind.name(),
        state: words::duty_state(duty),
        tone: match duty.state {
            DutyState::Open => "open",
            DutyState::Done => "pass",
            DutyState::Dropped => "skip",
        },
        task: words::task(duty.kind),
        rules: request.map_or_else(Vec::new, |request| {
            request
                .rules
                .iter()
                .map(|id| rule(*id, message(&dossier, *id)))
                .collect()
        }),
        reason: request.map_or_else(String::new, |request| request.reason.clone()),
        application: match duty.kind {
            DutyKind::EmergencyMail => application(&site, &dossier).await?,
            _ => None,
        },
        forms: if closed.is_empty() {
            forms(&site, &dossier, duty, &member.user)
        } else {
            Vec::new()
        },
        closed,
        said: duty
            .said
            .iter()
            .map(|(who, said)| said_row(who, said, duty.kind, &site))
            .collect(),
        awaited: if duty.is_open() {
            dossier::names(duty.awaited(), &site.policy())
        } else {
            String::new()
        },
        incident: dossier.change.incident.is_some(),
        number: encoded(&sp_no),
    };
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .body(html(&view)))
}

/// Why this member has nothing to press here; empty where there is.
fn closed(duty: &Duty, user: &UserId, site: &Site) -> String {
    if let Some(said) = duty.said.get(user)
        && (duty.kind.needs_everyone() || !duty.is_open())
    {
        let at = dates::short(
            site.policy().local(said.at),
            site.policy().local(site.clock.now()),
        );
        return format!(
            "您已于 {at} 选择“{}”，无需再操作。",
            words::label(said.action, Some(duty.kind))
        );
    }
    match duty.state {
        DutyState::Done => "这件事已经办完，无需再操作。".to_owned(),
        DutyState::Dropped => "变更已进入下一步，这件事不再需要办。".to_owned(),
        DutyState::Open if duty.holders.contains(user) => String::new(),
        DutyState::Open => format!(
            "这件事由{}办理，您不需要操作。",
            dossier::names(&duty.holders, &site.policy())
        ),
    }
}

/// The buttons, without those that this member pressed before and that work once.
fn forms(site: &Site, dossier: &Dossier, duty: &Duty, user: &UserId) -> Vec<Form> {
    let spent = |action: &&Action| match action {
        Action::Arrived => duty.arrived.contains_key(user),
        Action::Acknowledge | Action::Later => duty.acknowledged.contains(user),
        _ => false,
    };
    let of = |action: &Action| form(site, dossier, duty, *action);
    let actions = duty.kind.actions().iter();
    actions.filter(|action| !spent(action)).filter_map(of).collect()
}

/// The button of an action; none for the report, which is written on the incident's page.
fn form(site: &Site, dossier: &Dossier, duty: &Duty, action: Action) -> Option<Form> {
    if action == Action::SendReport {
        return None;
    }
    let mut form = Form::of(site, dossier, action, Some((duty.number, duty.kind)));
    if let Some(market) = words::market(action) {
        let concerned = dossier.change.plan.markets.contains(&market);
        form.label = toggle(market.name(), concerned);
    }
    if action == Action::Start
        && let Some(hint) = outside_the_window(dossier, site)
    {
        form = form.hint(hint);
    }
    Some(form)
}

/// What a market's button says: what it makes of the present state.
pub(super) fn toggle(market: &str, concerned: bool) -> String {
    if concerned {
        format!("改为不涉及{market}")
    } else {
        format!("改为涉及{market}")
    }
}

/// What to know before starting outside of the window (八.1).
fn outside_the_window(dossier: &Dossier, site: &Site) -> Option<String> {
    let plan = &dossier.change.plan;
    let now = site.clock.now();
    let inside =
        plan.opens.is_some_and(|opens| opens <= now) && plan.closes.is_some_and(|closes| now < closes);
    let consent = dossier.change.consent.as_ref();
    match (inside, consent) {
        (true, _) => None,
        (false, Some(consent)) => Some(format!(
            "现在不在变更窗口内；{}已同意窗口外执行。",
            dossier::name_of(&consent.by, &site.policy())
        )),
        (false, None) => {
            Some("现在不在变更窗口内：点击后先请开发组长确认，同意后才能开始（八.1）。".to_owned())
        }
    }
}

fn message(dossier: &Dossier, rule: changegate_policy::RuleId) -> &str {
    dossier
        .verdict
        .as_ref()
        .and_then(|verdict| verdict.of(rule))
        .and_then(|result| result.message.as_deref())
        .unwrap_or_default()
}

fn said_row(who: &UserId, said: &Said, kind: DutyKind, site: &Site) -> (String, String) {
    let at = dates::short(
        site.policy().local(said.at),
        site.policy().local(site.clock.now()),
    );
    (
        dossier::name_of(who, &site.policy()).to_owned(),
        format!("{at} {}", words::label(said.action, Some(kind))),
    )
}
