//! One step of one change, in one transaction: what was learnt, what was judged, what is to be sent.

use chrono::{DateTime, Utc};

use sea_orm::ActiveValue::Set;
use sea_orm::{ConnectionTrait, EntityTrait, QuerySelect, SqlErr};

use crate::entity::change;
use crate::inbox::settle;
use crate::timeline::Head;
use crate::transaction::retrying;
use crate::{
    Assessment, ChangeDraft, LaneLease, NewCard, NewEntry, NewMessage, NewSubmission, NewTimer, NewVerdict,
    NewWaiver, RuleDecision, Store, StoreError,
};
use crate::{assessments, cards, change_issues, history, micros, outbox, timeline, timers, waivers, words};

/// Everything that one step stores.
#[derive(Debug, Clone, Default)]
pub struct Advance {
    /// The time of the step.
    pub now: DateTime<Utc>,
    /// The batch that is worked off by this step; `None` when a person acts.
    pub lease: Option<LaneLease>,
    /// The change as it is after the step.
    pub change: ChangeDraft,
    /// The version that the step was decided on; `None` when the change is not stored yet.
    pub expected_version: Option<i64>,
    /// The form, when it was fetched.
    pub submission: Option<NewSubmission>,
    /// The verdict, when one was given that is news.
    pub verdict: Option<NewVerdict>,
    /// The evaluation, when one was made, whether it is news or not.
    pub assessment: Option<Assessment>,
    /// What is to be recorded.
    pub timeline: Vec<NewEntry>,
    /// What is to be sent.
    pub messages: Vec<NewMessage>,
    /// Timers to set; a timer of the same name is replaced.
    pub set_timers: Vec<NewTimer>,
    /// Names of timers to clear, before the others are set.
    pub clear_timers: Vec<String>,
    /// Duties whose cards are closed, and their codes spent, before new ones are stored.
    pub close_duties: Vec<i64>,
    /// Cards that go out with `messages`; one whose task id is known is left out.
    pub new_cards: Vec<NewCard>,
    /// Waivers that are asked for.
    pub new_waivers: Vec<NewWaiver>,
    /// Waivers that are decided, after new ones were stored; one that is not open spoils the step
    /// ([`StoreError::NotFound`]).
    pub decide_waivers: Vec<RuleDecision>,
}

/// What a step stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Committed {
    /// The change's version now.
    pub version: i64,
    /// Whether the form's content was new.
    pub submission_is_new: bool,
    /// How many messages were new; those with a known key were left out.
    pub messages_added: usize,
}

impl Store {
    /// Stores a step, all of it or nothing.
    pub async fn commit(&self, advance: &Advance) -> Result<Committed, StoreError> {
        let committed = retrying!(self.try_commit(advance)).map_err(|error| as_conflict(error, advance))?;
        if committed.messages_added > 0 {
            self.wake().outbox.notify_one();
        }
        if !advance.set_timers.is_empty() || !advance.clear_timers.is_empty() {
            self.wake().timers.notify_one();
        }
        Ok(committed)
    }

    async fn try_commit(&self, advance: &Advance) -> Result<Committed, StoreError> {
        let sp_no = words::key(&advance.change.sp_no, "changes.sp_no", 64)?;
        let (txn, _turn) = self.begin().await?;
        if let Some(lease) = &advance.lease {
            settle::lock_lane(&txn, lease).await?;
        }
        let before = lock_change(&txn, advance).await?;
        let version = advance.expected_version.unwrap_or(0) + 1;
        let submission_is_new = match &advance.submission {
            Some(submission) => history::add_submission(&txn, &sp_no, submission, advance.now).await?,
            None => false,
        };
        if let Some(verdict) = &advance.verdict {
            history::add_verdict(&txn, (&sp_no, version), verdict, advance.now).await?;
        }
        if let Some(assessment) = &advance.assessment {
            assessments::set(&txn, &sp_no, assessment, advance.now).await?;
        }
        let head = before.as_ref().map_or_else(Head::default, |row| Head {
            length: row.timeline_length,
            hash: row.timeline_head.clone(),
        });
        let head = timeline::append(&txn, &sp_no, head, &advance.timeline).await?;
        write_change(&txn, advance, version, before.as_ref(), head).await?;
        change_issues::replace(&txn, &sp_no, &advance.change.jira_keys, before.as_ref()).await?;
        timers::clear(&txn, &sp_no, &advance.clear_timers).await?;
        timers::set(&txn, &sp_no, &advance.set_timers).await?;
        cards::close(&txn, &sp_no, &advance.close_duties).await?;
        cards::add(&txn, &advance.new_cards, advance.now).await?;
        for waiver in &advance.new_waivers {
            waivers::add(&txn, waiver, advance.now).await?;
        }
        for decision in &advance.decide_waivers {
            waivers::decide(&txn, decision, advance.now).await?;
        }
        let messages_added = outbox::add(&txn, &advance.messages, advance.now).await?;
        if let Some(lease) = &advance.lease {
            settle::finish(&txn, lease, advance.now).await?;
        }
        txn.commit().await?;
        Ok(Committed {
            version,
            submission_is_new,
            messages_added,
        })
    }
}

fn conflict(advance: &Advance) -> StoreError {
    StoreError::VersionConflict {
        sp_no: advance.change.sp_no.clone(),
        expected: advance.expected_version,
    }
}

/// A first step that finds rows which only another first step can have made came second.
fn as_conflict(error: StoreError, advance: &Advance) -> StoreError {
    match error {
        StoreError::Database(database)
            if advance.expected_version.is_none()
                && matches!(database.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) =>
        {
            conflict(advance)
        }
        error => error,
    }
}

/// The change as stored, locked, if it is what the step was decided on.
async fn lock_change<C: ConnectionTrait>(
    db: &C,
    advance: &Advance,
) -> Result<Option<change::Model>, StoreError> {
    let row = change::Entity::find_by_id(advance.change.sp_no.as_str())
        .lock_exclusive()
        .one(db)
        .await?;
    if row.as_ref().map(|row| row.version) == advance.expected_version {
        Ok(row)
    } else {
        Err(conflict(advance))
    }
}

async fn write_change<C: ConnectionTrait>(
    db: &C,
    advance: &Advance,
    version: i64,
    before: Option<&change::Model>,
    head: Head,
) -> Result<(), StoreError> {
    let now = micros::to(advance.now);
    let created_at = before.map_or(now, |row| row.created_at);
    let first_source = before.and_then(|row| row.first_source.clone()).or_else(|| {
        advance
            .change
            .first_source
            .map(|source| source.as_str().to_owned())
    });
    let row = change::ActiveModel {
        first_source: Set(first_source),
        version: Set(version),
        timeline_length: Set(head.length),
        timeline_head: Set(head.hash),
        created_at: Set(created_at),
        updated_at: Set(now),
        ..columns(&advance.change)?
    };
    if before.is_some() {
        change::Entity::update(row).validate()?.exec(db).await?;
        return Ok(());
    }
    change::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

fn columns(draft: &ChangeDraft) -> Result<change::ActiveModel, StoreError> {
    Ok(change::ActiveModel {
        sp_no: Set(draft.sp_no.clone()),
        title: Set(words::clean(&draft.title)),
        urgency: Set(words::fit(&draft.urgency, 64)),
        stage: Set(words::fit(&draft.stage, 64)),
        verdict: Set(words::fit(&draft.verdict, 64)),
        applicant: Set(words::fit(&draft.applicant, 128)),
        team: Set(words::fit(&draft.team, 128)),
        system_name: Set(words::clean(&draft.system)),
        feature: Set(words::clean(&draft.feature)),
        change_day: Set(draft.change_day.map(|day| day.format("%Y-%m-%d").to_string())),
        planned_from: Set(draft.planned_from.map(micros::to)),
        planned_until: Set(draft.planned_until.map(micros::to)),
        apply_time: Set(draft.apply_time.map(micros::to)),
        template_id: Set(words::fit(&draft.template_id, 128)),
        sp_status: Set(draft.sp_status),
        is_open: Set(draft.open),
        jira_keys: Set(serde_json::to_string(&draft.jira_keys)?),
        policy_sha256: Set(words::fit(&draft.policy_sha256, 64)),
        content_hash: Set(words::fit(&draft.content_hash, 64)),
        seen_at: Set(draft.seen_at.map_or(0, micros::to)),
        told: Set(serde_json::to_string(&draft.told)?),
        approved_at: Set(draft.approved_at.map(micros::to)),
        executed_at: Set(draft.executed_at.map(micros::to)),
        verified_at: Set(draft.verified_at.map(micros::to)),
        closed_at: Set(draft.closed_at.map(micros::to)),
        outcome: Set(draft.outcome.as_deref().map(|outcome| words::fit(outcome, 64))),
        first_verdict: Set(words::fit(&draft.first_verdict, 64)),
        signed_despite: Set(draft.signed_despite),
        anomalies: Set(draft.anomalies),
        incident: Set(draft.incident),
        claim: Set(draft.claim),
        facts_at: Set(draft.facts_at.map(micros::to)),
        ..Default::default()
    })
}
