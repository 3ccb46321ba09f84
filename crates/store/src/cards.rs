//! Cards: messages with buttons. A button carries the card's key, which nobody can guess; a delivered card may be
//! altered once by WeCom's newest code for it.

use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use sea_orm::{Select, UpdateMany};

use crate::entity::card;
use crate::{Store, StoreError, micros, words};

/// A card that goes out with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCard {
    /// WeCom's task id, at most 128 bytes; never used twice.
    pub task_id: String,
    /// What its buttons carry, at most 64 bytes: 128 random bits in hex.
    pub card_key: String,
    /// The change.
    pub sp_no: String,
    /// The number of the duty within the change.
    pub duty: i64,
    /// Who gets it: a user id of at most 128 bytes.
    pub holder: String,
    /// The words of the actions that it offers.
    pub actions: Vec<String>,
    /// The key of the message that is the card, as in [`crate::NewMessage::dedupe_key`].
    pub message_key: String,
}

/// A stored card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// WeCom's task id.
    pub task_id: String,
    /// What its buttons carry.
    pub card_key: String,
    /// The change.
    pub sp_no: String,
    /// The number of the duty within the change.
    pub duty: i64,
    /// Who got it.
    pub holder: String,
    /// The words of the actions that it offers.
    pub actions: Vec<String>,
    /// The key of the message that is the card.
    pub message_key: String,
    /// WeCom's newest code for altering it that was not used yet.
    pub response_code: Option<String>,
    /// When that code came.
    pub code_at: Option<DateTime<Utc>>,
    /// Whether its buttons still mean something.
    pub live: bool,
    /// When it was decided on.
    pub created_at: DateTime<Utc>,
}

const LIVE: &str = "live";
const CLOSED: &str = "closed";

impl TryFrom<card::Model> for Card {
    type Error = StoreError;

    fn try_from(row: card::Model) -> Result<Self, StoreError> {
        let live = match row.state.as_str() {
            LIVE => true,
            CLOSED => false,
            _ => {
                return Err(StoreError::UnknownValue {
                    table: "cards",
                    column: "state",
                    key: row.task_id,
                    value: row.state,
                });
            }
        };
        Ok(Self {
            actions: serde_json::from_str(&row.actions)?,
            code_at: micros::from_opt(row.code_at),
            live,
            created_at: micros::from(row.created_at),
            task_id: row.task_id,
            card_key: row.card_key,
            sp_no: row.sp_no,
            duty: row.duty,
            holder: row.holder,
            message_key: row.message_key,
            response_code: row.response_code,
        })
    }
}

impl Store {
    /// The card whose buttons carry this key, live or closed.
    pub async fn card_by_key(&self, card_key: &str) -> Result<Option<Card>, StoreError> {
        card::Entity::find()
            .filter(card::Column::CardKey.eq(card_key))
            .one(&self.reader)
            .await?
            .map(Card::try_from)
            .transpose()
    }

    /// All cards of a duty, oldest first.
    pub async fn cards_of(&self, sp_no: &str, duty: i64) -> Result<Vec<Card>, StoreError> {
        self.list_cards(of(sp_no).filter(card::Column::Duty.eq(duty)))
            .await
    }

    /// All live cards of a change, oldest first.
    pub async fn live_cards(&self, sp_no: &str) -> Result<Vec<Card>, StoreError> {
        self.list_cards(of(sp_no).filter(card::Column::State.eq(LIVE)))
            .await
    }

    async fn list_cards(&self, select: Select<card::Entity>) -> Result<Vec<Card>, StoreError> {
        select
            .order_by_asc(card::Column::CreatedAt)
            .order_by_asc(card::Column::TaskId)
            .all(&self.reader)
            .await?
            .into_iter()
            .map(Card::try_from)
            .collect()
    }

    /// Remembers a code that came with a press, unless a newer one is known. Closed cards take codes, too: those
    /// that were under way when they were closed still have to be altered.
    pub async fn note_card_code(
        &self,
        task_id: &str,
        code: &str,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let _turn = self.turn().await;
        with_code(code, at)
            .filter(card::Column::TaskId.eq(task_id))
            .exec(&self.writer)
            .await?;
        Ok(())
    }

    /// Removes closed cards older than `before`, at most `limit` of them; tells how many.
    pub async fn prune_cards(&self, before: DateTime<Utc>, limit: u32) -> Result<u64, StoreError> {
        let old = card::Entity::find()
            .filter(card::Column::State.eq(CLOSED))
            .filter(card::Column::CreatedAt.lt(micros::to(before)))
            .order_by_asc(card::Column::CreatedAt);
        self.remove::<card::Entity, String>(old, card::Column::TaskId, limit)
            .await
    }
}

/// Stores cards, except those whose task id is known.
pub(crate) async fn add<C: ConnectionTrait>(
    db: &C,
    cards: &[NewCard],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let rows = cards
        .iter()
        .map(|card| row(card, now))
        .collect::<Result<Vec<_>, _>>()?;
    if rows.is_empty() {
        return Ok(());
    }
    card::Entity::insert_many(rows)
        .on_conflict_do_nothing_on([card::Column::TaskId])
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Closes the cards of these duties and spends their codes.
pub(crate) async fn close<C: ConnectionTrait>(db: &C, sp_no: &str, duties: &[i64]) -> Result<(), StoreError> {
    if duties.is_empty() {
        return Ok(());
    }
    card::Entity::update_many()
        .col_expr(card::Column::State, Expr::value(CLOSED))
        .col_expr(card::Column::ResponseCode, Expr::value(None::<String>))
        .filter(card::Column::SpNo.eq(sp_no))
        .filter(card::Column::Duty.is_in(duties.iter().copied()))
        .exec(db)
        .await?;
    Ok(())
}

/// Remembers the code that the delivery of a message brought, if the message is a card.
pub(crate) async fn delivered<C: ConnectionTrait>(
    db: &C,
    message_key: &str,
    code: &str,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    with_code(code, at)
        .filter(card::Column::MessageKey.eq(message_key))
        .exec(db)
        .await?;
    Ok(())
}

fn of(sp_no: &str) -> Select<card::Entity> {
    card::Entity::find().filter(card::Column::SpNo.eq(sp_no))
}

/// Sets the code where none newer is known.
fn with_code(code: &str, at: DateTime<Utc>) -> UpdateMany<card::Entity> {
    let not_newer = Condition::any()
        .add(card::Column::CodeAt.is_null())
        .add(card::Column::CodeAt.lte(micros::to(at)));
    card::Entity::update_many()
        .col_expr(card::Column::ResponseCode, Expr::value(Some(words::clean(code))))
        .col_expr(card::Column::CodeAt, Expr::value(Some(micros::to(at))))
        .filter(not_newer)
}

fn row(card: &NewCard, now: DateTime<Utc>) -> Result<card::ActiveModel, StoreError> {
    Ok(card::ActiveModel {
        task_id: Set(words::key(&card.task_id, "cards.task_id", 128)?),
        card_key: Set(words::key(&card.card_key, "cards.card_key", 64)?),
        sp_no: Set(words::key(&card.sp_no, "cards.sp_no", 64)?),
        duty: Set(card.duty),
        holder: Set(words::key(&card.holder, "cards.holder", 128)?),
        actions: Set(serde_json::to_string(&card.actions)?),
        message_key: Set(words::key(&card.message_key, "cards.message_key", 191)?),
        response_code: Set(None),
        code_at: Set(None),
        state: Set(LIVE.to_owned()),
        created_at: Set(micros::to(now)),
    })
}
