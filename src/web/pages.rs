//! Pages for members who are signed in: what a card has no room for. Each shows what the reader may do with a change
//! now and says why not otherwise; whether it is done is decided by the lifecycle alone.

mod answer;
mod application;
mod change;
mod dossier;
mod draft;
mod duty;
mod fields;
mod form;
mod incident;
mod me;
mod offers;
mod press;
mod report;
mod rows;
mod words;

use actix_web::web;

pub(super) use rows::{DutyRow, duties, timeline, times};

/// Where the pages are.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/me", web::get().to(me::show))
        .route("/draft", web::get().to(draft::show))
        .route("/draft", web::post().to(draft::send))
        .route("/a/{sp_no}", web::get().to(change::show))
        .route("/d/{sp_no}/{duty}", web::get().to(duty::show))
        .route("/i/{sp_no}", web::get().to(incident::show))
        .route("/i/{sp_no}/report.docx", web::get().to(report::download))
        .route("/press/{sp_no}", web::post().to(press::press));
}

#[cfg(test)]
mod tests;
