//! The text of the emergency application (二), for the applicant who sends it by hand.

use changegate_lifecycle::Mail;
use changegate_notifier::{self as notifier, About, Links, MailText};
use changegate_policy::Submission;

use super::dossier::{self, Dossier};
use crate::web::refusal::Refusal;
use crate::web::server::Site;

/// What the page offers to copy.
pub(super) struct Application {
    pub(super) to: String,
    pub(super) cc: String,
    pub(super) subject: String,
    pub(super) text: String,
}

/// The application of a change; none before it was judged.
pub(super) async fn application(site: &Site, dossier: &Dossier) -> Result<Option<Application>, Refusal> {
    let sp_no = &dossier.row.sp_no;
    let Some(verdict) = &dossier.verdict else {
        return Ok(None);
    };
    let Some(stored) = site.store.latest_submission(sp_no).await? else {
        return Ok(None);
    };
    let submission: Submission = serde_json::from_value(stored.body).map_err(|error| {
        tracing::error!(change = %sp_no, %error, "a stored form cannot be read");
        Refusal::failed()
    })?;
    let policy = site.policy();
    let directory = policy.directory().map(AsRef::as_ref);
    let now = site.clock.now();
    let about = About::new(&submission, &dossier.change, verdict, &policy, directory, now);
    let change = site.links.to_change(sp_no, now);
    let (act, incident) = (site.links.to_act(sp_no), site.links.to_incident(sp_no));
    let links = Links {
        change: &change,
        duty: None,
        act: &act,
        incident: &incident,
    };
    let MailText { subject, text, .. } = notifier::mail(&Mail::EmergencyApplication, &about, &links)
        .map_err(|error| {
            tracing::error!(change = %sp_no, %error, "the emergency application cannot be written");
            Refusal::failed()
        })?;
    let people = &dossier.change.people;
    let named = |role: &str, names: String| {
        if names.is_empty() {
            role.to_owned()
        } else {
            format!("{role}（{names}）")
        }
    };
    let names = |users| dossier::names(users, &policy);
    Ok(Some(Application {
        to: [
            named("小组长", names(&people.development_leads)),
            named("运维部", names(&people.operations_leads)),
            named("产研线总监", names(&people.rd_directors)),
        ]
        .join("、"),
        cc: [
            named("项目经理", names(&people.project_managers)),
            named("产品经理", names(&people.product_managers)),
            named("测试同事", names(&people.testers)),
        ]
        .join("、"),
        subject,
        text,
    }))
}
