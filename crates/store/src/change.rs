//! Changes: the present state of each, and the finders over them.
//!
//! Stage, urgency and verdict are words of other crates and opaque here.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::entity::change;
use crate::{EventSource, Store, StoreError, micros};

/// What a caller knows about a change and wants stored; the rest of [`Change`] is the store's.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ChangeDraft {
    /// The approval's number.
    pub sp_no: String,
    /// The form's title.
    pub title: String,
    /// How urgent, as a word.
    pub urgency: String,
    /// Where it stands, as a word of the lifecycle.
    pub stage: String,
    /// The latest verdict, as a word; empty before the first.
    pub verdict: String,
    /// The applicant's user id.
    pub applicant: String,
    /// The team.
    pub team: String,
    /// The system concerned.
    pub system: String,
    /// The feature concerned.
    pub feature: String,
    /// The day of the change.
    pub change_day: Option<NaiveDate>,
    /// From when it is planned.
    pub planned_from: Option<DateTime<Utc>>,
    /// Until when it is planned.
    pub planned_until: Option<DateTime<Utc>>,
    /// When the form was submitted.
    pub apply_time: Option<DateTime<Utc>>,
    /// The form's template.
    pub template_id: String,
    /// WeCom's own status of the approval.
    pub sp_status: i32,
    /// Whether it still has to be looked after.
    pub open: bool,
    /// JIRA issues named on the form.
    pub jira_keys: Vec<String>,
    /// The policy that it was judged by, as the hash of its file.
    pub policy_sha256: String,
    /// The hash of the form's content as last seen.
    pub content_hash: String,
    /// When the form was last fetched.
    pub seen_at: Option<DateTime<Utc>>,
    /// What people were told last; opaque.
    pub told: serde_json::Value,
    /// When its approval was complete.
    pub approved_at: Option<DateTime<Utc>>,
    /// When it was carried out.
    pub executed_at: Option<DateTime<Utc>>,
    /// When it was verified.
    pub verified_at: Option<DateTime<Utc>>,
    /// When it came to its end.
    pub closed_at: Option<DateTime<Utc>>,
    /// How it ended, as a word of the lifecycle; `None` before the end.
    pub outcome: Option<String>,
    /// The verdict on the form as it was first handed in, as a word; empty before the first.
    pub first_verdict: String,
    /// How many signed although rules were broken.
    pub signed_despite: i32,
    /// How many anomalies were found.
    pub anomalies: i32,
    /// Whether it became an incident.
    pub incident: bool,
    /// Whether a client claims damage.
    pub claim: bool,
    /// When facts about it were gathered last; `None` before the first time.
    pub facts_at: Option<DateTime<Utc>>,
    /// By what it was first heard of. The first word stands: once it is stored, a step cannot alter it and need not
    /// repeat it. `None` for changes from before this was kept.
    pub first_source: Option<EventSource>,
}

/// A stored change.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What callers set.
    pub draft: ChangeDraft,
    /// Goes up with each write; see [`crate::Advance::expected_version`].
    pub version: i64,
    /// When it was first stored.
    pub created_at: DateTime<Utc>,
    /// When it was last written.
    pub updated_at: DateTime<Utc>,
    /// How many entries its timeline has.
    pub timeline_length: i64,
}

/// Which changes a list is about; what is `None` does not limit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangeFilter {
    /// Only open or only closed ones.
    pub open: Option<bool>,
    /// Only those at this stage.
    pub stage: Option<String>,
    /// Only those with this verdict.
    pub verdict: Option<String>,
    /// Only those of this team.
    pub team: Option<String>,
    /// Only those of this applicant.
    pub applicant: Option<String>,
    /// Only those submitted at or after this instant.
    pub from: Option<DateTime<Utc>>,
    /// Only those submitted before this instant.
    pub to: Option<DateTime<Utc>>,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// The items, newest first.
    pub items: Vec<T>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<String>,
}

impl TryFrom<change::Model> for Change {
    type Error = StoreError;

    fn try_from(row: change::Model) -> Result<Self, StoreError> {
        let change_day = row.change_day.map(|day| read_day(day, &row.sp_no)).transpose()?;
        let first_source = row
            .first_source
            .map(|word| EventSource::read(word, "changes", "first_source", &row.sp_no))
            .transpose()?;
        Ok(Self {
            version: row.version,
            created_at: micros::from(row.created_at),
            updated_at: micros::from(row.updated_at),
            timeline_length: row.timeline_length,
            draft: ChangeDraft {
                sp_no: row.sp_no,
                title: row.title,
                urgency: row.urgency,
                stage: row.stage,
                verdict: row.verdict,
                applicant: row.applicant,
                team: row.team,
                system: row.system_name,
                feature: row.feature,
                change_day,
                planned_from: micros::from_opt(row.planned_from),
                planned_until: micros::from_opt(row.planned_until),
                apply_time: micros::from_opt(row.apply_time),
                template_id: row.template_id,
                sp_status: row.sp_status,
                open: row.is_open,
                jira_keys: serde_json::from_str(&row.jira_keys)?,
                policy_sha256: row.policy_sha256,
                content_hash: row.content_hash,
                seen_at: (row.seen_at != 0).then(|| micros::from(row.seen_at)),
                told: serde_json::from_str(&row.told)?,
                approved_at: micros::from_opt(row.approved_at),
                executed_at: micros::from_opt(row.executed_at),
                verified_at: micros::from_opt(row.verified_at),
                closed_at: micros::from_opt(row.closed_at),
                outcome: row.outcome,
                first_verdict: row.first_verdict,
                signed_despite: row.signed_despite,
                anomalies: row.anomalies,
                incident: row.incident,
                claim: row.claim,
                facts_at: micros::from_opt(row.facts_at),
                first_source,
            },
        })
    }
}

pub(crate) fn read_day(day: String, sp_no: &str) -> Result<NaiveDate, StoreError> {
    day.parse().or(Err(StoreError::UnknownValue {
        table: "changes",
        column: "change_day",
        key: sp_no.to_owned(),
        value: day,
    }))
}

impl ChangeFilter {
    fn apply(&self, mut select: Select<change::Entity>) -> Select<change::Entity> {
        if let Some(open) = self.open {
            select = select.filter(change::Column::IsOpen.eq(open));
        }
        let words = [
            (change::Column::Stage, &self.stage),
            (change::Column::Verdict, &self.verdict),
            (change::Column::Team, &self.team),
            (change::Column::Applicant, &self.applicant),
        ];
        for (column, word) in words {
            if let Some(word) = word {
                select = select.filter(column.eq(word.as_str()));
            }
        }
        if let Some(from) = self.from {
            select = select.filter(change::Column::ApplyTime.gte(micros::to(from)));
        }
        if let Some(to) = self.to {
            select = select.filter(change::Column::ApplyTime.lt(micros::to(to)));
        }
        select
    }
}

impl Store {
    /// The change with this number.
    pub async fn change(&self, sp_no: &str) -> Result<Option<Change>, StoreError> {
        change::Entity::find_by_id(sp_no)
            .one(&self.reader)
            .await?
            .map(Change::try_from)
            .transpose()
    }

    /// The changes that `filter` lets through, newest number first, after the place `after`, at most `limit`.
    pub async fn changes(
        &self,
        filter: &ChangeFilter,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Page<Change>, StoreError> {
        let mut select = filter.apply(change::Entity::find());
        if let Some(after) = after {
            select = select.filter(change::Column::SpNo.lt(after));
        }
        let limit = limit.max(1);
        let rows = select
            .order_by_desc(change::Column::SpNo)
            .limit(u64::from(limit) + 1)
            .all(&self.reader)
            .await?;
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > wanted;
        let items = rows
            .into_iter()
            .take(wanted)
            .map(Change::try_from)
            .collect::<Result<Vec<_>, _>>()?;
        let next = items.last().filter(|_| more).map(|last| last.draft.sp_no.clone());
        Ok(Page { items, next })
    }

    /// Open changes that were not fetched since `before`, the longest unseen first.
    pub async fn open_changes_unseen_since(
        &self,
        before: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<String>, StoreError> {
        Ok(change::Entity::find()
            .select_only()
            .column(change::Column::SpNo)
            .filter(change::Column::IsOpen.eq(true))
            .filter(change::Column::SeenAt.lt(micros::to(before)))
            .order_by_asc(change::Column::SeenAt)
            .order_by_asc(change::Column::SpNo)
            .limit(u64::from(limit))
            .into_tuple()
            .all(&self.reader)
            .await?)
    }

    /// Those of `sp_nos` that are stored.
    pub async fn known_sp_nos(&self, sp_nos: &[String]) -> Result<Vec<String>, StoreError> {
        let mut known = Vec::new();
        for some in sp_nos.chunks(500) {
            let rows: Vec<String> = change::Entity::find()
                .select_only()
                .column(change::Column::SpNo)
                .filter(change::Column::SpNo.is_in(some.iter().map(String::as_str)))
                .into_tuple()
                .all(&self.reader)
                .await?;
            known.extend(rows);
        }
        Ok(known)
    }
}
