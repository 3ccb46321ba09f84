//! A change as it is stored after a step.

use changegate_lifecycle::{Change, Stage};
use changegate_store::{ChangeDraft, ClaimedBatch};

use super::scene::Scene;
use super::{WorkError, still_open, word};
use crate::intake;
use crate::pipeline::Parts;

/// The row: what the form says where it was fetched, and where the change stands.
pub(super) fn draft(
    parts: &Parts,
    batch: &ClaimedBatch,
    scene: &Scene,
    after: &Change,
) -> Result<ChangeDraft, WorkError> {
    let before = scene.row.clone().unwrap_or_default();
    let form = match &scene.detail {
        Some(detail) => {
            let of_form = of_form(scene)?;
            ChangeDraft {
                template_id: detail.template_id.clone(),
                sp_status: i32::try_from(detail.sp_status.code()).unwrap_or(0),
                seen_at: Some(scene.now),
                facts_at: Some(scene.now),
                first_source: batch.events.first().map(|event| event.source),
                content_hash: scene.content.clone().unwrap_or_default(),
                open: still_open(parts, after, &scene.verdict, scene.now),
                ..of_form
            }
        }
        None => ChangeDraft {
            open: before.open && after.stage.is_open(),
            ..before.clone()
        },
    };
    let first_verdict = if before.first_verdict.is_empty() {
        word(scene.verdict.verdict)?
    } else {
        before.first_verdict
    };
    let count = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
    Ok(ChangeDraft {
        stage: after.stage.word().to_owned(),
        change_day: after.plan.change_day.or(form.change_day),
        planned_from: after.plan.from.or(form.planned_from),
        planned_until: after.plan.until.or(form.planned_until),
        approved_at: after.times.approved,
        executed_at: after.times.executed,
        verified_at: after.times.verified,
        closed_at: after.times.closed,
        outcome: outcome(after),
        first_verdict,
        signed_despite: i32::try_from(after.signed_despite).unwrap_or(i32::MAX),
        anomalies: count(after.anomalies.len()),
        incident: after.incident.is_some(),
        claim: after
            .incident
            .as_ref()
            .is_some_and(|incident| incident.claim.is_some()),
        told: serde_json::to_value(after)?,
        ..form
    })
}

/// How it ended, as a word.
fn outcome(after: &Change) -> Option<String> {
    let word = match after.stage {
        Stage::Closed => after.ending?.word(),
        Stage::Withdrawn | Stage::Declined | Stage::Superseded | Stage::Expired => after.stage.word(),
        _ => return None,
    };
    Some(word.to_owned())
}

fn of_form(scene: &Scene) -> Result<ChangeDraft, WorkError> {
    let submission = &scene.submission;
    let (planned_from, planned_until) = intake::planned_instants(submission);
    let summary = &scene.verdict.change;
    let applicant = submission.applicants.first();
    Ok(ChangeDraft {
        sp_no: submission.sp_no.clone(),
        title: summary.title.clone(),
        urgency: summary.urgency.map(word).transpose()?.unwrap_or_default(),
        verdict: word(scene.verdict.verdict)?,
        applicant: applicant.map(ToString::to_string).unwrap_or_default(),
        team: scene.team.clone().unwrap_or_default(),
        system: summary.system.clone().unwrap_or_default(),
        feature: summary.feature.clone().unwrap_or_default(),
        change_day: summary.change_day,
        planned_from,
        planned_until,
        apply_time: Some(submission.apply_time),
        jira_keys: summary
            .items
            .iter()
            .flat_map(|item| item.jira.iter().cloned())
            .collect(),
        policy_sha256: scene.verdict.policy.sha256.clone(),
        ..ChangeDraft::default()
    })
}
