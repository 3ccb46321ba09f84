//! `GET /me`: who is signed in, and what is to be done by them.

use actix_web::{HttpResponse, web};
use askama::Template;
use changegate_store::ChangeFilter;

use super::dossier;
use super::form::Envelope;
use super::rows::{self, DutyRow};
use crate::web::member::Member;
use crate::web::refusal::Refusal;
use crate::web::server::Site;
use crate::web::verdict_page::html;

/// Open changes that are looked through for the reader's duties.
const MOST_CHANGES: u32 = 500;

#[derive(Template)]
#[template(path = "me.html", whitespace = "minimize")]
struct View {
    envelope: Envelope,
    changes: Vec<Mine>,
}

/// A change in which the reader has something to do.
#[derive(Debug)]
struct Mine {
    title: String,
    stage: &'static str,
    number: String,
    duties: Vec<DutyRow>,
}

/// The reader's own page.
pub(super) async fn show(member: Member, site: web::Data<Site>) -> Result<HttpResponse, Refusal> {
    let filter = ChangeFilter {
        open: Some(true),
        ..ChangeFilter::default()
    };
    let found = site.store.changes(&filter, None, MOST_CHANGES).await?;
    let mut changes = Vec::new();
    for row in found.items {
        let Ok(change) = dossier::state(&row.draft) else {
            tracing::error!(change = %row.draft.sp_no, "what is stored of a change cannot be read");
            continue;
        };
        let awaited = |number: usize| {
            let duty = change.duties.iter().filter(|duty| duty.is_open()).nth(number);
            duty.is_some_and(|duty| duty.awaited().any(|user| *user == member.user))
        };
        let duties: Vec<DutyRow> = rows::duties(&row.draft.sp_no, &change, &site.policy(), site.clock.now())
            .into_iter()
            .enumerate()
            .filter(|(number, _)| awaited(*number))
            .map(|(_, row)| row)
            .collect();
        if !duties.is_empty() {
            changes.push(Mine {
                title: row.draft.title,
                stage: change.stage.name(),
                number: row.draft.sp_no,
                duties,
            });
        }
    }
    let view = View {
        envelope: Envelope::new(&site, &member, "", "/me"),
        changes,
    };
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .body(html(&view)))
}
