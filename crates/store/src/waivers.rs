//! Waivers: asked for by an applicant, decided by an administrator.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use sea_orm::{Condition, UpdateMany};
use uuid::Uuid;

use crate::entity::waiver;
use crate::{Store, StoreError, ids, micros, words};

/// A waiver that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWaiver {
    /// The change.
    pub sp_no: String,
    /// The rule that is to be waived, at most 64 bytes.
    pub rule: String,
    /// Why.
    pub reason: String,
    /// Who asks.
    pub requested_by: String,
}

/// How a waiver was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaiverDecision {
    /// Whether it was granted.
    pub granted: bool,
    /// By whom.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// How the open waiver of a rule is decided within a step; see [`crate::Advance::decide_waivers`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleDecision {
    /// The change.
    pub sp_no: String,
    /// The rule.
    pub rule: String,
    /// Whether it is granted.
    pub granted: bool,
    /// By whom, a user id.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// A stored waiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// Its id.
    pub id: Uuid,
    /// The change.
    pub sp_no: String,
    /// The rule that is to be waived.
    pub rule: String,
    /// Why.
    pub reason: String,
    /// Who asked.
    pub requested_by: String,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// How it was decided; `None` while open.
    pub decision: Option<WaiverDecision>,
}

impl From<waiver::Model> for Waiver {
    fn from(row: waiver::Model) -> Self {
        let decision = row.granted.map(|granted| WaiverDecision {
            granted,
            by: row.decided_by.unwrap_or_default(),
            reason: row.decision_reason.unwrap_or_default(),
            at: micros::from(row.decided_at.unwrap_or_default()),
        });
        Self {
            id: row.id,
            sp_no: row.sp_no,
            rule: row.rule,
            reason: row.reason,
            requested_by: row.requested_by,
            requested_at: micros::from(row.requested_at),
            decision,
        }
    }
}

impl Store {
    /// Stores a request.
    pub async fn request_waiver(&self, waiver: &NewWaiver, now: DateTime<Utc>) -> Result<Waiver, StoreError> {
        add(&self.writer, waiver, now).await
    }

    /// Stores the decision; a waiver is decided once ([`StoreError::NotFound`] otherwise).
    pub async fn decide_waiver(&self, id: Uuid, decision: &WaiverDecision) -> Result<(), StoreError> {
        let updated = decided(decision)
            .filter(is_open())
            .filter(waiver::Column::Id.eq(id))
            .exec(&self.writer)
            .await?;
        if updated.rows_affected == 0 {
            return Err(StoreError::NotFound {
                what: format!("open waiver {id}"),
            });
        }
        Ok(())
    }

    /// The waivers of a change, oldest first.
    pub async fn waivers_of(&self, sp_no: &str) -> Result<Vec<Waiver>, StoreError> {
        self.list_waivers(of(sp_no)).await
    }

    /// The waivers of a change that wait for a decision, oldest first.
    pub async fn open_waivers(&self, sp_no: &str) -> Result<Vec<Waiver>, StoreError> {
        self.list_waivers(of(sp_no).filter(is_open())).await
    }

    /// The waivers of a change that were granted, oldest first.
    pub async fn granted_waivers(&self, sp_no: &str) -> Result<Vec<Waiver>, StoreError> {
        self.list_waivers(of(sp_no).filter(waiver::Column::Granted.eq(true)))
            .await
    }

    /// Waivers of all changes that wait for a decision, oldest first.
    pub async fn waiting_waivers(&self, limit: u32) -> Result<Vec<Waiver>, StoreError> {
        let open = waiver::Entity::find().filter(is_open());
        self.list_waivers(open.limit(u64::from(limit))).await
    }

    async fn list_waivers(&self, select: Select<waiver::Entity>) -> Result<Vec<Waiver>, StoreError> {
        let rows = select.order_by_asc(waiver::Column::Id).all(&self.reader).await?;
        Ok(rows.into_iter().map(Waiver::from).collect())
    }
}

/// Stores a request.
pub(crate) async fn add<C: ConnectionTrait>(
    db: &C,
    waiver: &NewWaiver,
    now: DateTime<Utc>,
) -> Result<Waiver, StoreError> {
    let stored = Waiver {
        id: ids::at(now),
        sp_no: words::key(&waiver.sp_no, "waivers.sp_no", 64)?,
        rule: words::key(&waiver.rule, "waivers.rule", 64)?,
        reason: words::clean(&waiver.reason),
        requested_by: words::key(&waiver.requested_by, "waivers.requested_by", 128)?,
        requested_at: micros::from(micros::to(now)),
        decision: None,
    };
    let row = waiver::ActiveModel {
        id: Set(stored.id),
        sp_no: Set(stored.sp_no.clone()),
        rule: Set(stored.rule.clone()),
        reason: Set(stored.reason.clone()),
        requested_by: Set(stored.requested_by.clone()),
        requested_at: Set(micros::to(now)),
        granted: Set(None),
        decided_by: Set(None),
        decided_at: Set(None),
        decision_reason: Set(None),
    };
    waiver::Entity::insert(row).exec_without_returning(db).await?;
    Ok(stored)
}

/// Decides whatever is open for the rule.
pub(crate) async fn decide<C: ConnectionTrait>(
    db: &C,
    decision: &RuleDecision,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let how = WaiverDecision {
        granted: decision.granted,
        by: decision.by.clone(),
        reason: decision.reason.clone(),
        at: now,
    };
    let updated = decided(&how)
        .filter(is_open())
        .filter(waiver::Column::SpNo.eq(decision.sp_no.as_str()))
        .filter(waiver::Column::Rule.eq(decision.rule.as_str()))
        .exec(db)
        .await?;
    if updated.rows_affected == 0 {
        return Err(StoreError::NotFound {
            what: format!("open waiver of {} for {}", decision.rule, decision.sp_no),
        });
    }
    Ok(())
}

fn of(sp_no: &str) -> Select<waiver::Entity> {
    waiver::Entity::find().filter(waiver::Column::SpNo.eq(sp_no))
}

fn is_open() -> Condition {
    Condition::all().add(waiver::Column::Granted.is_null())
}

fn decided(decision: &WaiverDecision) -> UpdateMany<waiver::Entity> {
    waiver::Entity::update_many()
        .col_expr(waiver::Column::Granted, Expr::value(Some(decision.granted)))
        .col_expr(
            waiver::Column::DecidedBy,
            Expr::value(Some(words::fit(&decision.by, 128))),
        )
        .col_expr(
            waiver::Column::DecidedAt,
            Expr::value(Some(micros::to(decision.at))),
        )
        .col_expr(
            waiver::Column::DecisionReason,
            Expr::value(Some(words::clean(&decision.reason))),
        )
}
