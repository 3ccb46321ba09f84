//! What is stored of changes, as entries of the statistics.

use changegate_figures::{Correction, CorrectionKind, Entry, Judged, Outcome, RoleTime, Urgency};
use changegate_policy::{Field, People, Status, Submission, Verdict};
use changegate_store::{Change, Store, StoreError};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

/// The changes that were filed, executed or closed from `from` until before `to`. The people of a flow are read
/// only where 奖惩条例 1 may ask for them.
pub(crate) async fn read(
    store: &Store,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<Entry>, StoreError> {
    let changes = store.changes_in_period(from, to).await?;
    let mut entries = Vec::with_capacity(changes.len());
    for change in &changes {
        let mut entry = entry(change);
        let sp_no = &change.draft.sp_no;
        let is_judged = !change.draft.verdict.is_empty();
        let asks_first =
            change.draft.first_verdict.is_empty() || entry.first_verdict == Some(Judged::Rejected);
        if is_judged
            && asks_first
            && let Some(first) = store.verdicts(sp_no).await?.into_iter().next()
        {
            entry.first_verdict = judged(&first.verdict);
            entry.rules_failed = failed(first.body);
        }
        if (entry.incident || entry.claim)
            && let Some(form) = store.latest_submission(sp_no).await?
        {
            add_people(&mut entry, form.body);
        }
        for line in store.timeline(sp_no).await? {
            add_line(&mut entry, line.at, line.who, &line.what, line.detail);
        }
        entries.push(entry);
    }
    Ok(entries)
}

/// What stands in the change's own row.
fn entry(change: &Change) -> Entry {
    let draft = &change.draft;
    let last_verdict = judged(&draft.verdict);
    let signed_despite = u32::try_from(draft.signed_despite).unwrap_or_default();
    Entry {
        sp_no: draft.sp_no.clone(),
        title: draft.title.clone(),
        team: draft.team.clone(),
        system: draft.system.clone(),
        urgency: match draft.urgency.as_str() {
            "normal" => Urgency::Normal,
            "emergency" => Urgency::Emergency,
            _ => Urgency::Unset,
        },
        applicant: draft.applicant.clone(),
        filed_at: draft.apply_time,
        first_verdict: judged(&draft.first_verdict),
        last_verdict,
        approved_at: draft.approved_at,
        executed_at: draft.executed_at,
        verified_at: draft.verified_at,
        closed_at: draft.closed_at,
        outcome: draft
            .outcome
            .as_deref()
            .and_then(outcome)
            .or_else(|| outcome(&draft.stage)),
        anomalies: u32::try_from(draft.anomalies).unwrap_or_default(),
        incident: draft.incident,
        claim: draft.claim,
        broke_regulation: last_verdict == Some(Judged::Rejected) || signed_despite > 0,
        signed_despite,
        ..Entry::default()
    }
}

/// A verdict's word; none where the regulation does not apply.
fn judged(word: &str) -> Option<Judged> {
    Some(match word {
        "rejected" => Judged::Rejected,
        "undecided" => Judged::Undecided,
        "warnings" => Judged::Warnings,
        "compliant" => Judged::Compliant,
        _ => return None,
    })
}

/// An ending's word, or that of a stage that is one.
fn outcome(word: &str) -> Option<Outcome> {
    Some(match word {
        "successful" => Outcome::Successful,
        "rolled_back" => Outcome::RolledBack,
        "fixed_forward" => Outcome::FixedForward,
        "withdrawn" => Outcome::Withdrawn,
        "declined" => Outcome::Declined,
        "superseded" => Outcome::Superseded,
        "expired" => Outcome::Expired,
        _ => return None,
    })
}

/// The rules that counted against a form. A verdict of an older shape names none.
fn failed(body: Value) -> Vec<String> {
    let Ok(verdict) = serde_json::from_value::<Verdict>(body) else {
        return Vec::new();
    };
    verdict
        .binding()
        .filter(|result| result.status == Status::Fail)
        .map(|result| result.rule.id().to_owned())
        .collect()
}

fn add_people(entry: &mut Entry, form: Value) {
    let Ok(form) = serde_json::from_value::<Submission>(form) else {
        return;
    };
    let members = |field: &Field<People>| -> Vec<String> {
        let people = field.value().into_iter();
        people
            .flat_map(|people| people.members.iter().map(ToString::to_string))
            .collect()
    };
    entry.developers = form.applicants.iter().map(ToString::to_string).collect();
    entry.testers = members(&form.tester);
    entry.product_managers = members(&form.product_manager);
}

/// A signature's role and minutes, where the timeline tells them.
#[derive(Deserialize)]
struct Signed {
    role: String,
    minutes: u32,
}

/// A correction, as the timeline keeps it.
#[derive(Deserialize)]
struct Corrected {
    what: CorrectionKind,
    #[serde(default)]
    reason: String,
}

/// Adds what a line of the timeline says; most say nothing for the statistics.
fn add_line(entry: &mut Entry, at: DateTime<Utc>, by: String, what: &str, detail: Value) {
    match what {
        "signed" => {
            if let Ok(Signed { role, minutes }) = serde_json::from_value(detail) {
                entry.role_times.push(RoleTime { role, minutes });
            }
        }
        "corrected" => {
            if let Ok(Corrected { what, reason }) = serde_json::from_value(detail) {
                entry.corrections.push(Correction { at, by, what, reason });
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use changegate_store::ChangeDraft;
    use serde_json::json;

    use super::*;

    fn stored(draft: ChangeDraft) -> Change {
        let at = DateTime::UNIX_EPOCH;
        Change {
            draft,
            version: 1,
            created_at: at,
            updated_at: at,
            timeline_length: 0,
        }
    }

    #[test]
    fn the_row_is_read_word_by_word() {
        let read = entry(&stored(ChangeDraft {
            urgency: "emergency".to_owned(),
            first_verdict: "rejected".to_owned(),
            verdict: "compliant".to_owned(),
            outcome: Some("rolled_back".to_owned()),
            stage: "closed".to_owned(),
            anomalies: 2,
            ..ChangeDraft::default()
        }));
        assert_eq!(read.urgency, Urgency::Emergency);
        assert_eq!(
            (read.first_verdict, read.last_verdict),
            (Some(Judged::Rejected), Some(Judged::Compliant))
        );
        assert_eq!((read.outcome, read.anomalies), (Some(Outcome::RolledBack), 2));
        assert!(!read.broke_regulation);
    }

    #[test]
    fn a_stage_that_is_an_end_is_the_outcome() {
        for (stage, ended) in [
            ("withdrawn", Some(Outcome::Withdrawn)),
            ("expired", Some(Outcome::Expired)),
            ("approving", None),
        ] {
            let draft = ChangeDraft {
                stage: stage.to_owned(),
                ..ChangeDraft::default()
            };
            assert_eq!(entry(&stored(draft)).outcome, ended, "{stage}");
        }
    }

    #[test]
    fn who_signed_against_the_rules_or_left_them_broken_broke_the_regulation() {
        for (verdict, signed_despite, broke) in [
            ("compliant", 0, false),
            ("undecided", 0, false),
            ("rejected", 0, true),
            ("compliant", 1, true),
        ] {
            let draft = ChangeDraft {
                verdict: verdict.to_owned(),
                signed_despite,
                ..ChangeDraft::default()
            };
            assert_eq!(
                entry(&stored(draft)).broke_regulation,
                broke,
                "{verdict} {signed_despite}"
            );
        }
    }

    #[test]
    fn the_timeline_tells_minutes_and_corrections_where_it_has_them() {
        let mut read = Entry::default();
        let lines = [
            ("signed", json!({ "role": "development_lead", "minutes": 7 })),
            ("signed", json!({ "text": "an older shape" })),
            (
                "corrected",
                json!({ "what": "anomaly_withdrawn", "reason": "误报" }),
            ),
            ("corrected", json!({ "what": "something else" })),
            ("told", json!({ "role": "development_lead", "minutes": 7 })),
        ];
        for (what, detail) in lines {
            add_line(&mut read, DateTime::UNIX_EPOCH, "admin".to_owned(), what, detail);
        }
        assert_eq!(read.role_times.len(), 1);
        assert_eq!(read.corrections.len(), 1);
        assert_eq!(read.corrections[0].what, CorrectionKind::AnomalyWithdrawn);
        assert_eq!(read.corrections[0].by, "admin");
    }
}
