//! Facts about a form that is not filed yet: JIRA, the other changes and the directory; what comes with filing alone
//! (files, chain, confirmations) nobody has looked at.

use std::collections::BTreeMap;

use changegate_policy::{Facts, ImageFacts, ImageTag, IssueFact, Policy, Submission, named_images};
use changegate_store::{Neighbourhood, StoreError};
use chrono::{DateTime, Utc};

use super::{changes, images, issues};
use crate::web::Site;

/// What JIRA says of some issues; none: no JIRA is configured.
pub(crate) async fn issues_of(
    site: &Site,
    keys: &[String],
    now: DateTime<Utc>,
) -> Option<BTreeMap<String, IssueFact>> {
    match &site.jira {
        Some(jira) => Some(issues::issues(jira, keys, now).await),
        None => None,
    }
}

/// All facts that can be had before a form is filed. Nothing is stored.
pub(crate) async fn of_draft(
    site: &Site,
    policy: &Policy,
    submission: &Submission,
    now: DateTime<Utc>,
) -> Result<Facts, StoreError> {
    let summary = changegate_policy::read(submission, policy);
    let jira_keys: Vec<String> = summary
        .items
        .iter()
        .flat_map(|item| item.jira.iter().cloned())
        .collect();
    let (issues, tags) = tokio::join!(issues_of(site, &jira_keys, now), tags(site, submission, now));
    let others = site
        .store
        .open_changes_beside(&Neighbourhood {
            sp_no: &submission.sp_no,
            jira_keys: &jira_keys,
            system: summary.system.as_deref().unwrap_or_default(),
            change_day: summary.change_day,
        })
        .await?;
    let related: Vec<String> = submission
        .related
        .value()
        .into_iter()
        .flatten()
        .map(|flow| flow.sp_no.clone())
        .collect();
    let related = site.store.changes_of(&related).await?;
    Ok(Facts {
        directory: policy.directory().cloned(),
        open_changes: Some(others.into_iter().filter_map(changes::other_change).collect()),
        related_changes: Some(related.into_iter().filter_map(changes::other_change).collect()),
        issues,
        images: Some(ImageFacts {
            tags,
            comments: Vec::new(),
        }),
        ..Facts::default()
    })
}

/// What the registries say of the images now, as filing would record it.
async fn tags(site: &Site, submission: &Submission, now: DateTime<Utc>) -> BTreeMap<String, ImageTag> {
    let Some(registry) = &site.registry else {
        return BTreeMap::new();
    };
    images::digests(registry, &named_images(submission))
        .await
        .into_iter()
        .map(|(image, answer)| {
            let tag = match answer {
                Ok(digest) => ImageTag {
                    recorded: digest.clone(),
                    recorded_at: Some(now),
                    current: digest,
                    current_at: Some(now),
                    unavailable: None,
                },
                Err(reason) => ImageTag {
                    unavailable: Some(reason),
                    ..ImageTag::default()
                },
            };
            (image, tag)
        })
        .collect()
}
