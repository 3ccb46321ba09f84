//! `GET /i/{sp_no}/report.docx`: the incident's report, as far as it is written.

use actix_web::http::header::{
    Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue,
};
use actix_web::{HttpResponse, web};

use super::dossier::Dossier;
use super::incident::opened;
use crate::reports;
use crate::web::member::Member;
use crate::web::refusal::Refusal;
use crate::web::server::Site;

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// The report as a file.
pub(super) async fn download(
    member: Member,
    sp_no: web::Path<String>,
    site: web::Data<Site>,
) -> Result<HttpResponse, Refusal> {
    let dossier = Dossier::open(&site, &member, &sp_no).await?;
    let number = opened(&dossier)?.number.clone();
    let (policy, now) = (&site.policy(), site.clock.now());
    let report = reports::incident(&dossier.change, &dossier.row, &dossier.timeline, policy, now);
    let writer = site.reports.clone();
    let bytes = match web::block(move || writer.fill(&report)).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(error)) => {
            tracing::error!(change = %sp_no, %error, "an incident's report could not be written");
            return Err(Refusal::failed());
        }
        Err(error) => {
            tracing::error!(change = %sp_no, %error, "an incident's report was broken off");
            return Err(Refusal::failed());
        }
    };
    Ok(HttpResponse::Ok()
        .content_type(DOCX)
        .insert_header(named(&number))
        .body(bytes))
}

/// What the file is called: for every browser, and for those that read Chinese.
fn named(number: &str) -> ContentDisposition {
    let plain: String = number
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .collect();
    let extended = ExtendedValue {
        charset: Charset::Ext("UTF-8".to_owned()),
        language_tag: None,
        value: format!("事故报告-{number}.docx").into_bytes(),
    };
    ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![
            DispositionParam::Filename(format!("report-{plain}.docx")),
            DispositionParam::FilenameExt(extended),
        ],
    }
}
