//! `POST /press/{sp_no}`: a button pressed on a page.
//!
//! The press becomes an event in the inbox, as one on a card does; who pressed is the session's member and nothing
//! that the form says. The answer waits a moment for the event to be worked off, so that the next page shows what
//! came of it.

use std::time::Duration;

use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, web};
use changegate_lifecycle::{Action, Details};
use changegate_policy::UserId;
use changegate_store::{EventSource, EventState, NewEvent, StoreError};
use changegate_wecom::error::ErrorClass;
use serde::Serialize;

use super::dossier::Dossier;
use super::fields::{self, Sent, Wrong};
use super::{answer, rows};
use crate::pipeline::PRESS;
use crate::web::local_path::LocalPath;
use crate::web::member::{self, Member};
use crate::web::refusal::Refusal;
use crate::web::server::Site;

/// Four parts of a report, every character of them escaped, and the rest.
const LARGEST_FORM: usize = 160 * 1024;
/// How long the answer waits for the press to be worked off.
const PATIENCE: Duration = Duration::from_secs(3);
/// How often it looks.
const GLANCE: Duration = Duration::from_millis(50);

/// What an inbox row of kind [`PRESS`] holds; the pipeline reads it.
#[derive(Debug, Serialize)]
struct Pressed {
    /// Who, by their session.
    by: UserId,
    /// The duty that it is about.
    duty: Option<u32>,
    action: Action,
    /// What was said with it.
    details: Details,
}

/// Takes a press, stores it, and leads back to where it was made.
pub(super) async fn press(
    request: HttpRequest,
    sp_no: web::Path<String>,
    body: web::Bytes,
    site: web::Data<Site>,
) -> Result<HttpResponse, Refusal> {
    if body.len() > LARGEST_FORM {
        return Err(Refusal::field(
            None,
            "表单",
            "内容过长",
            "每栏不超过页面上的字数",
            "",
        ));
    }
    let sent = Sent::read(&body);
    let back = LocalPath::parse(sent.one("back"));
    let typed = sent.typed();
    let Some(member) = member::of(&request, &site).await? else {
        return Err(Refusal::signed_out(back.as_ref(), &typed));
    };
    let nonce = sent.one("nonce");
    if !member.owns(sent.one("token")) || !member::is_nonce(nonce) {
        tracing::warn!(member = %member.user, change = %sp_no, "a form that is not one of ours was refused");
        return Err(Refusal::forged(back.as_ref(), &typed));
    }
    let wrong =
        |wrong: Wrong| Refusal::field(back.as_ref(), wrong.field, &wrong.found, &wrong.needed, &typed);
    let dossier = Dossier::open(&site, &member, &sp_no).await?;
    let pressed = read(&sent, &member, &dossier, &site).map_err(wrong)?;
    check_people(&pressed.details, &site).await.map_err(wrong)?;
    let seen = dossier.timeline.last().map_or(0, |entry| entry.seq);
    let key = member.event_key(nonce);
    store(&sp_no, key, &pressed, &site).await?;
    let back = back.unwrap_or_else(LocalPath::home);
    let result = result(&sp_no, key, seen, &member, &site).await?;
    Ok(HttpResponse::SeeOther()
        .insert_header((LOCATION, back.with_result(&result)))
        .finish())
}

fn read(sent: &Sent, member: &Member, dossier: &Dossier, site: &Site) -> Result<Pressed, Wrong> {
    let unknown = |field, found: &str| Wrong {
        field,
        found: found.chars().take(40).collect(),
        needed: "从页面上的按钮提交".to_owned(),
    };
    let word = sent.one("action");
    let action = Action::from_word(word).ok_or_else(|| unknown("操作", word))?;
    let duty = match sent.one("duty") {
        "" => None,
        text => {
            let number = text
                .parse()
                .ok()
                .filter(|number| dossier.change.duty(*number).is_some());
            Some(number.ok_or_else(|| unknown("待办", text))?)
        }
    };
    Ok(Pressed {
        by: member.user.clone(),
        duty,
        action,
        details: fields::details(action, sent, &site.policy(), site.clock.now())?,
    })
}

/// Members whom the directory does not know are asked for: a name with a slip in it would come in for nobody. When
/// WeCom does not answer, the name is taken as it is.
async fn check_people(details: &Details, site: &Site) -> Result<(), Wrong> {
    for user in &details.people {
        if site
            .policy()
            .directory()
            .is_some_and(|directory| directory.knows(user))
        {
            continue;
        }
        match site.wecom.user_get(user.as_str()).await {
            Err(error) if error.class() == ErrorClass::Data => {
                return Err(Wrong {
                    field: "到岗人员",
                    found: user.to_string(),
                    needed: "本企业成员的企业微信账号，且在变更闸应用的可见范围内".to_owned(),
                });
            }
            Err(error) => tracing::warn!(%error, member = %user, "a named member could not be looked up"),
            Ok(_) => {}
        }
    }
    Ok(())
}

async fn store(sp_no: &str, key: [u8; 32], pressed: &Pressed, site: &Site) -> Result<(), Refusal> {
    let payload = serde_json::to_string(pressed).map_err(|error| {
        tracing::error!(%error, "a press could not be written down");
        Refusal::failed()
    })?;
    let event = NewEvent {
        key,
        subject: sp_no.to_owned(),
        kind: PRESS.to_owned(),
        payload,
        source: EventSource::Manual,
        received_at: site.clock.now(),
    };
    let accepted = site.store.insert_events(&[event]).await?;
    tracing::info!(change = sp_no, member = %pressed.by, action = %pressed.action, ?accepted, "a button was pressed on a page");
    Ok(())
}

/// The place of the timeline's entry that came of the press, or that there is none (yet).
async fn result(
    sp_no: &str,
    key: [u8; 32],
    seen: i64,
    member: &Member,
    site: &Site,
) -> Result<String, Refusal> {
    match tokio::time::timeout(PATIENCE, worked_off(sp_no, key, site)).await {
        Err(_elapsed) => return Ok(answer::WAITING.to_owned()),
        Ok(done) => done?,
    }
    let timeline = site.store.timeline(sp_no).await?;
    let mine = timeline
        .iter()
        .rev()
        .take_while(|entry| entry.seq > seen)
        .filter(|entry| {
            entry.who == member.user.as_str() && (entry.what == rows::REFUSED || entry.what == rows::PRESSED)
        });
    Ok(mine
        .last()
        .map_or_else(|| answer::DONE.to_owned(), |entry| entry.seq.to_string()))
}

async fn worked_off(sp_no: &str, key: [u8; 32], site: &Site) -> Result<(), StoreError> {
    let mut glances = tokio::time::interval(GLANCE);
    loop {
        glances.tick().await;
        let event = site.store.event_by_key(sp_no, &key).await?;
        if event.is_none_or(|event| event.state == EventState::Done) {
            return Ok(());
        }
    }
}
