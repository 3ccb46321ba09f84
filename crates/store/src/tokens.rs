//! API tokens: stored as hashes only.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::entity::api_token;
use crate::{Store, StoreError, ids, micros, words};

/// How exactly the last use is known.
const TOUCH: Duration = Duration::from_mins(1);

/// A token to be stored.
#[derive(Clone)]
pub struct NewToken {
    /// What people call it, at most 128 bytes; unique among tokens that are not revoked is not demanded.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// SHA-256 of the token.
    pub hash: [u8; 32],
}

impl std::fmt::Debug for NewToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewToken")
            .field("name", &self.name)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}

/// A stored token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// Its id.
    pub id: Uuid,
    /// What people call it.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to about a minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
}

impl TryFrom<api_token::Model> for ApiToken {
    type Error = StoreError;

    fn try_from(row: api_token::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            name: row.name,
            scopes: serde_json::from_str(&row.scopes)?,
            created_at: micros::from(row.created_at),
            last_used_at: micros::from_opt(row.last_used_at),
            revoked_at: micros::from_opt(row.revoked_at),
        })
    }
}

impl Store {
    /// Stores a token.
    pub async fn create_token(&self, token: &NewToken, now: DateTime<Utc>) -> Result<ApiToken, StoreError> {
        let row = api_token::Model {
            id: ids::at(now),
            name: words::key(&token.name, "api_tokens.name", 128)?,
            scopes: serde_json::to_string(&token.scopes)?,
            token_hash: token.hash.to_vec(),
            created_at: micros::to(now),
            last_used_at: None,
            revoked_at: None,
        };
        let stored = api_token::ActiveModel {
            id: Set(row.id),
            name: Set(row.name.clone()),
            scopes: Set(row.scopes.clone()),
            token_hash: Set(row.token_hash.clone()),
            created_at: Set(row.created_at),
            last_used_at: Set(None),
            revoked_at: Set(None),
        };
        api_token::Entity::insert(stored)
            .exec_without_returning(&self.writer)
            .await?;
        ApiToken::try_from(row)
    }

    /// The token with this SHA-256, unless it was revoked.
    ///
    /// Looking a hash up gives away nothing about a token: whoever cannot invert SHA-256 cannot steer the index.
    pub async fn find_token(&self, hash: &[u8; 32]) -> Result<Option<ApiToken>, StoreError> {
        api_token::Entity::find()
            .filter(api_token::Column::TokenHash.eq(hash.to_vec()))
            .filter(api_token::Column::RevokedAt.is_null())
            .one(&self.reader)
            .await?
            .map(ApiToken::try_from)
            .transpose()
    }

    /// Notes that the token, as it was just found, was used; writes at most once a minute per token, and reads nothing.
    pub async fn touch_token(&self, token: &ApiToken, now: DateTime<Utc>) -> Result<(), StoreError> {
        let before = micros::before(now, TOUCH);
        if token.last_used_at.is_some_and(|at| micros::to(at) > before) {
            return Ok(());
        }
        // Asked once more: another request may have been faster.
        let stale = Condition::any()
            .add(api_token::Column::LastUsedAt.is_null())
            .add(api_token::Column::LastUsedAt.lte(before));
        api_token::Entity::update_many()
            .col_expr(api_token::Column::LastUsedAt, Expr::value(Some(micros::to(now))))
            .filter(api_token::Column::Id.eq(token.id))
            .filter(stale)
            .exec(&self.writer)
            .await?;
        Ok(())
    }

    /// Makes the token worthless.
    pub async fn revoke_token(&self, id: Uuid, now: DateTime<Utc>) -> Result<(), StoreError> {
        let updated = api_token::Entity::update_many()
            .col_expr(api_token::Column::RevokedAt, Expr::value(Some(micros::to(now))))
            .filter(api_token::Column::Id.eq(id))
            .filter(api_token::Column::RevokedAt.is_null())
            .exec(&self.writer)
            .await?;
        if updated.rows_affected == 0 {
            return Err(StoreError::NotFound {
                what: format!("valid token {id}"),
            });
        }
        Ok(())
    }

    /// All tokens, oldest first.
    pub async fn tokens(&self) -> Result<Vec<ApiToken>, StoreError> {
        api_token::Entity::find()
            .order_by_asc(api_token::Column::CreatedAt)
            .order_by_asc(api_token::Column::Id)
            .all(&self.reader)
            .await?
            .into_iter()
            .map(ApiToken::try_from)
            .collect()
    }
}
