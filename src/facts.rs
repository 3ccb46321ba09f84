//! Gathers what the form does not say and the policy needs.
//!
//! Every service is asked within bounds of its own and beside the others: what hangs makes its own facts
//! unavailable, with the reason, and holds up nothing else.

mod again;
mod changes;
mod draft;
mod emergency_mail;
mod files;
pub(crate) mod images;
mod issues;

use std::sync::Arc;

use changegate_lifecycle::Change;
use changegate_policy::{Directory, Facts, Policy, Submission, Urgency};
use changegate_store::{Neighbourhood, StoreError};
use changegate_wecom::approval::ApprovalDetail;
use chrono::{DateTime, Utc};

pub(crate) use self::again::look_again_at;
pub(crate) use self::changes::Beside;
use self::changes::chain;
pub(crate) use self::draft::{issues_of, of_draft};
pub(crate) use self::emergency_mail::is_by_hand as mail_is_by_hand;
use crate::pipeline::Parts;

/// What was gathered.
#[derive(Debug)]
pub(crate) struct Gathered {
    pub(crate) facts: Facts,
    /// The open changes that the facts speak of.
    pub(crate) beside: Vec<Beside>,
}

/// All facts that this installation can gather about a submission; `before` knows what people confirmed.
pub(crate) async fn gather(
    parts: &Parts,
    policy: &Policy,
    submission: &Submission,
    detail: &ApprovalDetail,
    before: &Change,
    now: DateTime<Utc>,
) -> Result<Gathered, StoreError> {
    let sp_no = &submission.sp_no;
    let summary = changegate_policy::read(submission, policy);
    let jira_keys: Vec<String> = summary
        .items
        .iter()
        .flat_map(|item| item.jira.iter().cloned())
        .collect();
    let related: Vec<String> = submission
        .related
        .value()
        .into_iter()
        .flatten()
        .map(|flow| flow.sp_no.clone())
        .collect();
    let ids = submission.attachments.value().map_or(&[][..], Vec::as_slice);
    let ask_registries = !before.stage.is_begun() && before.stage.is_open();
    let (issues, files, images) = tokio::join!(
        async {
            match &parts.jira {
                Some(jira) => Some(issues::issues(jira, &jira_keys, now).await),
                None => None,
            }
        },
        files::files(parts, sp_no, ids, now),
        images::images(parts, submission, detail, ask_registries, now),
    );
    let (files, images) = (files?, images?);
    let others = parts
        .store
        .open_changes_beside(&Neighbourhood {
            sp_no,
            jira_keys: &jira_keys,
            system: summary.system.as_deref().unwrap_or_default(),
            change_day: summary.change_day,
        })
        .await?;
    let beside = others.iter().map(changes::beside).collect();
    let related = parts.store.changes_of(&related).await?;
    let granted = parts.store.granted_waivers(sp_no).await?;
    let emergency_mail = if summary.urgency == Some(Urgency::Emergency) {
        Some(emergency_mail::emergency_mail(parts, sp_no, before, Some(&files)).await?)
    } else {
        None
    };
    let facts = Facts {
        directory: policy.directory().cloned(),
        chain: Some(chain(detail)),
        open_changes: Some(others.into_iter().filter_map(changes::other_change).collect()),
        related_changes: Some(related.into_iter().filter_map(changes::other_change).collect()),
        issues,
        files: Some(files),
        images: Some(images),
        emergency_mail,
        waivers: granted.into_iter().filter_map(changes::waiver).collect(),
        technical_confirmations: Some(changes::technical_confirmations(before)),
    };
    Ok(Gathered { facts, beside })
}

/// What is known without asking anybody: the directory of the policy and, with it, the chain that the form itself
/// shows.
pub(crate) fn of_form_alone(detail: &ApprovalDetail, policy: &Policy) -> Facts {
    let directory: Option<Arc<Directory>> = policy.directory().cloned();
    let chain = directory.is_some().then(|| chain(detail));
    Facts {
        directory,
        chain,
        ..Facts::default()
    }
}

/// Given facts, completed by what the form itself and the policy say.
pub(crate) fn with_form(given: Facts, detail: &ApprovalDetail, policy: &Policy) -> Facts {
    Facts {
        directory: given.directory.or_else(|| policy.directory().cloned()),
        chain: given.chain.or_else(|| Some(chain(detail))),
        ..given
    }
}

/// The team that files a change, where the directory knows.
pub(crate) fn team<'a>(facts: &'a Facts, submission: &Submission) -> Option<&'a str> {
    let directory = facts.directory.as_deref()?;
    submission
        .applicants
        .iter()
        .find_map(|applicant| directory.team_of(applicant))
        .map(|team| team.name.as_str())
}
