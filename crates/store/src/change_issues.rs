//! Which changes name an issue: an index beside the changes, kept with each step, so that a web hook about an issue
//! need not look through all of them.

use std::collections::BTreeSet;

use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::{change, change_issue};
use crate::{Store, StoreError, words};

/// The longest key that is told apart from others, in characters; JIRA's own are far shorter.
const KEY_CHARS: usize = 128;

/// More open changes than this over one issue tell nobody anything new.
const MOST: usize = 200;

/// How many changes that name an issue are looked at, from the newest on: the open ones are among the newest.
const MOST_NAMING: u64 = 2_000;

impl Store {
    /// Numbers of the open changes that name this issue on their form, at most 200, the newest first.
    ///
    /// The key is taken as it is written: it finds what the form's reading gave out as
    /// [`crate::ChangeDraft::jira_keys`], letter by letter.
    pub async fn open_changes_with_key(&self, key: &str) -> Result<Vec<String>, StoreError> {
        let named = Query::select()
            .column(change_issue::Column::SpNo)
            .from(change_issue::Entity)
            .and_where(Expr::col(change_issue::Column::JiraKey).eq(words::fit(key, KEY_CHARS)))
            .to_owned();
        // Which of them are open is told here: asked in the statement, SQLite would walk along all open changes.
        let rows: Vec<(String, bool)> = change::Entity::find()
            .select_only()
            .columns([change::Column::SpNo, change::Column::IsOpen])
            .filter(change::Column::SpNo.in_subquery(named))
            .order_by_desc(change::Column::SpNo)
            .limit(MOST_NAMING)
            .into_tuple()
            .all(&self.reader)
            .await?;
        let open = rows.into_iter().filter(|(_, is_open)| *is_open);
        Ok(open.take(MOST).map(|(sp_no, _)| sp_no).collect())
    }
}

/// Makes the index say what the form now says; the change must be locked, and `before` is its row until now.
pub(crate) async fn replace<C: ConnectionTrait>(
    db: &C,
    sp_no: &str,
    keys: &[String],
    before: Option<&change::Model>,
) -> Result<(), StoreError> {
    let keys: BTreeSet<String> = keys.iter().map(|key| words::fit(key, KEY_CHARS)).collect();
    if let Some(before) = before {
        let stored: Vec<String> = serde_json::from_str(&before.jira_keys)?;
        if keys == stored.iter().map(|key| words::fit(key, KEY_CHARS)).collect() {
            return Ok(());
        }
        change_issue::Entity::delete_many()
            .filter(change_issue::Column::SpNo.eq(sp_no))
            .exec(db)
            .await?;
    }
    if keys.is_empty() {
        return Ok(());
    }
    let rows = keys.into_iter().map(|jira_key| change_issue::ActiveModel {
        jira_key: Set(jira_key),
        sp_no: Set(sp_no.to_owned()),
    });
    change_issue::Entity::insert_many(rows)
        .exec_without_returning(db)
        .await?;
    Ok(())
}
