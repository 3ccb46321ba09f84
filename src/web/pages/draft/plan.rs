//! 变更计划清单 (clause 六.10), made from the form where the member attaches none.

use changegate_attachments::{PlanRow, TemplateError};
use changegate_policy::{
    AttachedFile, ChangeSummary, FileContent, Files, Policy, Submission, WorkbookContent,
};
use chrono::{DateTime, Utc};

/// What the file is called.
pub(super) const FILE_NAME: &str = "变更计划清单.xlsx";

/// The rows: one for each JIRA issue of each item.
pub(super) fn rows(submission: &Submission, summary: &ChangeSummary, policy: &Policy) -> Vec<PlanRow> {
    let applicant = submission.applicants.first();
    let owner = applicant.map_or_else(String::new, |user| {
        super::super::dossier::name_of(user, policy).to_owned()
    });
    let row = |feature: &str, key: &str| PlanRow {
        feature: feature.to_owned(),
        jira_key: key.to_owned(),
        system: summary.system.clone().unwrap_or_default(),
        image: submission.images.text().to_owned(),
        rollback: submission.rollback.text().to_owned(),
        owner: owner.clone(),
    };
    summary
        .items
        .iter()
        .flat_map(|item| {
            let keys: Vec<&str> = if item.jira.is_empty() {
                vec![""]
            } else {
                item.jira.iter().map(String::as_str).collect()
            };
            keys.into_iter()
                .map(|key| row(&item.feature, key))
                .collect::<Vec<_>>()
        })
        .collect()
}

/// The file as the rules look at it.
pub(super) fn as_facts(rows: &[PlanRow]) -> Files {
    let keys = rows.iter().map(|row| row.jira_key.clone());
    Files {
        known: vec![AttachedFile {
            name: FILE_NAME.to_owned(),
            sha256: None,
            content: FileContent::Workbook(WorkbookContent {
                filled_rows: u32::try_from(rows.len()).unwrap_or(u32::MAX),
                jira: keys.filter(|key| !key.is_empty()).collect(),
            }),
        }],
        pending: None,
    }
}

/// The file itself, dated as of the day of filing.
pub(super) fn workbook(
    rows: &[PlanRow],
    policy: &Policy,
    now: DateTime<Utc>,
) -> Result<Vec<u8>, TemplateError> {
    changegate_attachments::change_plan(rows, policy.day_of(now))
}
