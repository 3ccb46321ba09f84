//! Deployments as the jobs that did them reported them: each report once, with or without a change that it belongs to.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::Value;
use uuid::Uuid;

use crate::entity::deployment;
use crate::inbox::insert;
use crate::transaction::retrying;
use crate::{NewEvent, Store, StoreError, ids, micros, words};

/// A report of a deployment.
#[derive(Debug, Clone, PartialEq)]
pub struct NewDeployment {
    /// The change that the report names; `None` where it names none.
    pub sp_no: Option<String>,
    /// The job's own id of the deployment, at most 191 bytes.
    pub external_id: String,
    /// How it went, as a word of at most 32 bytes. The same deployment may be reported once in each.
    pub status: String,
    /// Where to, for people; cut to 128 characters.
    pub environment: String,
    /// What was deployed.
    pub images: Value,
    /// The name of the token that the report came with; cut to 128 characters.
    pub reported_by: String,
    /// Who started the deployment, as the report says; cut to 128 characters.
    pub actor: String,
    /// When it happened, as the report says.
    pub at: DateTime<Utc>,
    /// When the report came.
    pub received_at: DateTime<Utc>,
    /// What else the report says, for people.
    pub note: String,
    /// Whether there is a change that it belongs to.
    pub matched: bool,
}

/// A stored report of a deployment.
#[derive(Debug, Clone, PartialEq)]
pub struct Deployment {
    /// Its id.
    pub id: Uuid,
    /// What was reported, as it is stored.
    pub report: NewDeployment,
}

impl TryFrom<deployment::Model> for Deployment {
    type Error = StoreError;

    fn try_from(row: deployment::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            report: NewDeployment {
                sp_no: Some(row.sp_no).filter(|sp_no| !sp_no.is_empty()),
                external_id: row.external_id,
                status: row.status,
                environment: row.environment,
                images: serde_json::from_str(&row.images)?,
                reported_by: row.reported_by,
                actor: row.actor,
                at: micros::from(row.happened_at),
                received_at: micros::from(row.received_at),
                note: row.note,
                matched: row.matched,
            },
        })
    }
}

impl Store {
    /// Stores a report; `false`: the same change, id and status were reported already, and what was stored then
    /// stands.
    pub async fn add_deployment(&self, new: &NewDeployment) -> Result<bool, StoreError> {
        retrying!(self.try_accept(new, None))
    }

    /// Stores a report together with the event that works it off, both or neither; `false`: the report was known
    /// already, and no event is stored.
    pub async fn accept_deployment(&self, new: &NewDeployment, event: &NewEvent) -> Result<bool, StoreError> {
        insert::check(event)?;
        let is_new = retrying!(self.try_accept(new, Some(event)))?;
        if is_new {
            self.wake().inbox.notify_one();
        }
        Ok(is_new)
    }

    async fn try_accept(&self, new: &NewDeployment, event: Option<&NewEvent>) -> Result<bool, StoreError> {
        let row = row(new)?;
        let (txn, _turn) = self.begin().await?;
        let is_new = add(&txn, row).await?;
        if let Some(event) = event.filter(|_| is_new) {
            insert::within(&txn, std::slice::from_ref(event)).await?;
        }
        txn.commit().await?;
        Ok(is_new)
    }

    /// What was reported for a change, in the order of arrival.
    pub async fn deployments(&self, sp_no: &str) -> Result<Vec<Deployment>, StoreError> {
        deployment::Entity::find()
            .filter(deployment::Column::SpNo.eq(sp_no))
            .order_by_asc(deployment::Column::ReceivedAt)
            .order_by_asc(deployment::Column::Id)
            .all(&self.reader)
            .await?
            .into_iter()
            .map(Deployment::try_from)
            .collect()
    }

    /// Reports that belong to no change, the newest first.
    pub async fn stray_deployments(&self, limit: u32) -> Result<Vec<Deployment>, StoreError> {
        deployment::Entity::find()
            .filter(deployment::Column::Matched.eq(false))
            .order_by_desc(deployment::Column::ReceivedAt)
            .order_by_desc(deployment::Column::Id)
            .limit(u64::from(limit))
            .all(&self.reader)
            .await?
            .into_iter()
            .map(Deployment::try_from)
            .collect()
    }

    /// Notes that the change of a report is known after all; what was reported stays as it is.
    pub async fn match_deployment(&self, id: Uuid) -> Result<(), StoreError> {
        let updated = deployment::Entity::update_many()
            .col_expr(deployment::Column::Matched, Expr::value(true))
            .filter(deployment::Column::Id.eq(id))
            .exec(&self.writer)
            .await?;
        if updated.rows_affected == 0 {
            return Err(StoreError::NotFound {
                what: format!("deployment {id}"),
            });
        }
        Ok(())
    }
}

/// Adds the row unless the same was reported; its id was made for this insert, so that it is there only if it is new.
async fn add<C: ConnectionTrait>(db: &C, row: deployment::Model) -> Result<bool, StoreError> {
    use deployment::Column;
    let id = row.id;
    let row = deployment::ActiveModel {
        id: Set(id),
        sp_no: Set(row.sp_no),
        external_id: Set(row.external_id),
        status: Set(row.status),
        environment: Set(row.environment),
        images: Set(row.images),
        reported_by: Set(row.reported_by),
        actor: Set(row.actor),
        happened_at: Set(row.happened_at),
        received_at: Set(row.received_at),
        note: Set(row.note),
        matched: Set(row.matched),
    };
    deployment::Entity::insert(row)
        .on_conflict_do_nothing_on([Column::SpNo, Column::ExternalId, Column::Status])
        .exec_without_returning(db)
        .await?;
    let stored = deployment::Entity::find_by_id(id).count(db).await?;
    Ok(stored > 0)
}

fn row(new: &NewDeployment) -> Result<deployment::Model, StoreError> {
    Ok(deployment::Model {
        id: ids::at(new.received_at),
        sp_no: words::key(new.sp_no.as_deref().unwrap_or_default(), "deployments.sp_no", 64)?,
        external_id: words::key(&new.external_id, "deployments.external_id", 191)?,
        status: words::key(&new.status, "deployments.status", 32)?,
        environment: words::fit(&new.environment, 128),
        images: serde_json::to_string(&new.images)?,
        reported_by: words::fit(&new.reported_by, 128),
        actor: words::fit(&new.actor, 128),
        happened_at: micros::to(new.at),
        received_at: micros::to(new.received_at),
        note: words::clean(&new.note),
        matched: new.matched,
    })
}
