//! Sessions of people in the web pages, and logins that were begun: tokens and states are stored as hashes only.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use sha2::{Digest, Sha256};

use crate::entity::{login, session};
use crate::{Store, StoreError, micros, words};

/// How exactly it is known when a session was last used.
const TOUCH: Duration = Duration::from_mins(1);
/// The longest address to return to, in bytes.
const RETURN_TO: usize = 2_048;

/// A person who is logged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The person's user id.
    pub user: String,
    /// When the person logged in.
    pub created_at: DateTime<Utc>,
}

impl Store {
    /// Begins a session and answers with its token of 256 bits, which is kept nowhere.
    pub async fn create_session(&self, user: &str, now: DateTime<Utc>) -> Result<String, StoreError> {
        let token = secret();
        let row = session::ActiveModel {
            token_hash: Set(hash(&token)),
            user_id: Set(words::key(user, "sessions.user_id", 128)?),
            created_at: Set(micros::to(now)),
            seen_at: Set(micros::to(now)),
            revoked_at: Set(None),
        };
        let _turn = self.turn().await;
        session::Entity::insert(row)
            .exec_without_returning(&self.writer)
            .await?;
        Ok(token)
    }

    /// The session of this token, unless it was revoked, was not used for `idle`, or began `absolute` ago; notes
    /// that it is in use, at most once a minute.
    pub async fn session(
        &self,
        token: &str,
        now: DateTime<Utc>,
        idle: Duration,
        absolute: Duration,
    ) -> Result<Option<Session>, StoreError> {
        let valid = session::Entity::find_by_id(hash(token))
            .filter(session::Column::RevokedAt.is_null())
            .filter(session::Column::SeenAt.gt(micros::before(now, idle)))
            .filter(session::Column::CreatedAt.gt(micros::before(now, absolute)))
            .one(&self.reader)
            .await?;
        let Some(row) = valid else {
            return Ok(None);
        };
        if row.seen_at <= micros::before(now, TOUCH) {
            self.touch_session(&row.token_hash, now).await?;
        }
        Ok(Some(Session {
            user: row.user_id,
            created_at: micros::from(row.created_at),
        }))
    }

    async fn touch_session(&self, token_hash: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let _turn = self.turn().await;
        session::Entity::update_many()
            .col_expr(session::Column::SeenAt, Expr::value(micros::to(now)))
            .filter(session::Column::TokenHash.eq(token_hash))
            .filter(session::Column::SeenAt.lte(micros::before(now, TOUCH)))
            .exec(&self.writer)
            .await?;
        Ok(())
    }

    /// Ends the session of this token, if there is one.
    pub async fn revoke_session(&self, token: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let _turn = self.turn().await;
        session::Entity::update_many()
            .col_expr(session::Column::RevokedAt, Expr::value(Some(micros::to(now))))
            .filter(session::Column::TokenHash.eq(hash(token)))
            .filter(session::Column::RevokedAt.is_null())
            .exec(&self.writer)
            .await?;
        Ok(())
    }

    /// Begins a login that is to lead back to `return_to` (at most 2,048 bytes); answers with its state: 64 digits
    /// and small letters.
    pub async fn begin_login(&self, return_to: &str, now: DateTime<Utc>) -> Result<String, StoreError> {
        let state = secret();
        let row = login::ActiveModel {
            state_hash: Set(hash(&state)),
            return_to: Set(words::key(return_to, "logins.return_to", RETURN_TO)?),
            created_at: Set(micros::to(now)),
        };
        let _turn = self.turn().await;
        login::Entity::insert(row)
            .exec_without_returning(&self.writer)
            .await?;
        Ok(state)
    }

    /// Ends the login of this state: where it is to lead back to, once, and only within `max_age` of its begin.
    pub async fn finish_login(
        &self,
        state: &str,
        now: DateTime<Utc>,
        max_age: Duration,
    ) -> Result<Option<String>, StoreError> {
        let Some(row) = login::Entity::find_by_id(hash(state)).one(&self.reader).await? else {
            return Ok(None);
        };
        let _turn = self.turn().await;
        // Of those who come together, one deletes the row.
        let removed = login::Entity::delete_many()
            .filter(login::Column::StateHash.eq(row.state_hash))
            .exec(&self.writer)
            .await?;
        let in_time = row.created_at > micros::before(now, max_age);
        Ok((removed.rows_affected == 1 && in_time).then_some(row.return_to))
    }

    /// Removes sessions that began before `before`, at most `limit` of them; tells how many.
    pub async fn prune_sessions(&self, before: DateTime<Utc>, limit: u32) -> Result<u64, StoreError> {
        let old = session::Entity::find()
            .filter(session::Column::CreatedAt.lt(micros::to(before)))
            .order_by_asc(session::Column::CreatedAt);
        self.remove::<session::Entity, String>(old, session::Column::TokenHash, limit)
            .await
    }

    /// Removes logins that began before `before` and never ended, at most `limit` of them; tells how many.
    pub async fn prune_logins(&self, before: DateTime<Utc>, limit: u32) -> Result<u64, StoreError> {
        let old = login::Entity::find()
            .filter(login::Column::CreatedAt.lt(micros::to(before)))
            .order_by_asc(login::Column::CreatedAt);
        self.remove::<login::Entity, String>(old, login::Column::StateHash, limit)
            .await
    }
}

/// 256 random bits as 64 digits and small letters.
fn secret() -> String {
    let mut bytes = [0_u8; 32];
    rand::fill(&mut bytes);
    hex::encode(bytes)
}

/// Looking a hash up gives away nothing about a token: whoever cannot invert SHA-256 cannot steer the index.
fn hash(secret: &str) -> String {
    hex::encode(Sha256::digest(secret))
}
