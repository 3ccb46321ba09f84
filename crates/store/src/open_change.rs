//! The changes that a rule compares a change with: open ones that share an issue with it or its system and day, and
//! those that its form names.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};

use crate::change::read_day;
use crate::entity::change;
use crate::{Store, StoreError, micros};

/// More neighbours than this tell nobody anything new.
const MOST: u64 = 200;

/// More approvals than this no form names in earnest.
const MOST_NAMED: usize = 50;

/// The change that others are compared with.
#[derive(Debug, Clone, Copy)]
pub struct Neighbourhood<'a> {
    /// Its number.
    pub sp_no: &'a str,
    /// JIRA issues named on its form.
    pub jira_keys: &'a [String],
    /// The system concerned; empty: not known.
    pub system: &'a str,
    /// The day of the change.
    pub change_day: Option<NaiveDate>,
}

/// The little that rules about other changes need to know of a change, which is an open one unless it was asked for
/// by its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenChange {
    /// The approval's number.
    pub sp_no: String,
    /// The form's title.
    pub title: String,
    /// Where it stands, as a word of the lifecycle.
    pub stage: String,
    /// The applicant's user id.
    pub applicant: String,
    /// The team.
    pub team: String,
    /// The system concerned.
    pub system: String,
    /// The day of the change.
    pub change_day: Option<NaiveDate>,
    /// From when it is planned.
    pub planned_from: Option<DateTime<Utc>>,
    /// Until when it is planned.
    pub planned_until: Option<DateTime<Utc>>,
    /// When the form was submitted.
    pub apply_time: Option<DateTime<Utc>>,
    /// JIRA issues named on the form.
    pub jira_keys: Vec<String>,
}

#[derive(FromQueryResult)]
struct Row {
    sp_no: String,
    title: String,
    stage: String,
    applicant: String,
    team: String,
    system_name: String,
    change_day: Option<String>,
    planned_from: Option<i64>,
    planned_until: Option<i64>,
    apply_time: Option<i64>,
    jira_keys: String,
}

impl TryFrom<Row> for OpenChange {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let change_day = row.change_day.map(|day| read_day(day, &row.sp_no)).transpose()?;
        Ok(Self {
            sp_no: row.sp_no,
            title: row.title,
            stage: row.stage,
            applicant: row.applicant,
            team: row.team,
            system: row.system_name,
            change_day,
            planned_from: micros::from_opt(row.planned_from),
            planned_until: micros::from_opt(row.planned_until),
            apply_time: micros::from_opt(row.apply_time),
            jira_keys: serde_json::from_str(&row.jira_keys)?,
        })
    }
}

impl Store {
    /// Open changes that share an issue with a change, or its system and day: by number, at most 200.
    pub async fn open_changes_beside(&self, it: &Neighbourhood<'_>) -> Result<Vec<OpenChange>, StoreError> {
        let mut near = Condition::any();
        for key in it.jira_keys {
            near = near.add(change::Column::JiraKeys.contains(format!("\"{key}\"")));
        }
        if let (Some(day), false) = (it.change_day, it.system.is_empty()) {
            near = near.add(
                Condition::all()
                    .add(change::Column::SystemName.eq(it.system))
                    .add(change::Column::ChangeDay.eq(day.to_string())),
            );
        }
        if near.is_empty() {
            return Ok(Vec::new());
        }
        let beside = Condition::all()
            .add(change::Column::IsOpen.eq(true))
            .add(change::Column::SpNo.ne(it.sp_no))
            .add(near);
        self.little_of(beside).await
    }

    /// The changes with these numbers, open or not, by number; numbers after the first 50 are not looked up.
    pub async fn changes_of(&self, sp_nos: &[String]) -> Result<Vec<OpenChange>, StoreError> {
        let named = change::Column::SpNo.is_in(sp_nos.iter().take(MOST_NAMED).map(String::as_str));
        self.little_of(Condition::all().add(named)).await
    }

    async fn little_of(&self, which: Condition) -> Result<Vec<OpenChange>, StoreError> {
        let rows: Vec<Row> = change::Entity::find()
            .select_only()
            .columns([
                change::Column::SpNo,
                change::Column::Title,
                change::Column::Stage,
                change::Column::Applicant,
                change::Column::Team,
                change::Column::SystemName,
                change::Column::ChangeDay,
                change::Column::PlannedFrom,
                change::Column::PlannedUntil,
                change::Column::ApplyTime,
                change::Column::JiraKeys,
            ])
            .filter(which)
            .order_by_asc(change::Column::SpNo)
            .limit(MOST)
            .into_model::<Row>()
            .all(&self.reader)
            .await?;
        rows.into_iter().map(OpenChange::try_from).collect()
    }
}
