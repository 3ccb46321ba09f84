//! The newest evaluation of each change, whether it was news or not: what the gate goes by. History is in
//! [`crate::Verdict`], which is only written where something new was said.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, EntityTrait};
use serde_json::Value;

use crate::entity::assessment;
use crate::{Store, StoreError, micros};

/// An evaluation to be stored in the place of the one before; see [`crate::Advance::assessment`].
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    /// The whole evaluation with every rule's result.
    pub body: Value,
    /// The facts that it was made on.
    pub facts: Value,
}

/// The newest evaluation of a change.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredAssessment {
    /// When it was made.
    pub evaluated_at: DateTime<Utc>,
    /// The whole evaluation with every rule's result.
    pub body: Value,
    /// The facts that it was made on.
    pub facts: Value,
}

impl TryFrom<assessment::Model> for StoredAssessment {
    type Error = StoreError;

    fn try_from(row: assessment::Model) -> Result<Self, StoreError> {
        Ok(Self {
            evaluated_at: micros::from(row.evaluated_at),
            body: serde_json::from_str(&row.body)?,
            facts: serde_json::from_str(&row.facts)?,
        })
    }
}

impl Store {
    /// The newest evaluation of a change; one row by its primary key.
    pub async fn assessment(&self, sp_no: &str) -> Result<Option<StoredAssessment>, StoreError> {
        assessment::Entity::find_by_id(sp_no)
            .one(&self.reader)
            .await?
            .map(StoredAssessment::try_from)
            .transpose()
    }
}

/// Stores the evaluation in the place of the one before; the change must be locked.
pub(crate) async fn set<C: ConnectionTrait>(
    db: &C,
    sp_no: &str,
    new: &Assessment,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = assessment::ActiveModel {
        sp_no: Set(sp_no.to_owned()),
        evaluated_at: Set(micros::to(now)),
        body: Set(serde_json::to_string(&new.body)?),
        facts: Set(serde_json::to_string(&new.facts)?),
    };
    let replace = OnConflict::column(assessment::Column::SpNo)
        .update_columns([
            assessment::Column::EvaluatedAt,
            assessment::Column::Body,
            assessment::Column::Facts,
        ])
        .to_owned();
    assessment::Entity::insert(row)
        .on_conflict(replace)
        .exec_without_returning(db)
        .await?;
    Ok(())
}
