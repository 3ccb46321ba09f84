//! Change logs of issues: who changed what, and when.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::issue::User;
use crate::lenient::{instant, or_default};

/// An issue's change log, oldest change first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changelog {
    /// The changes, one entry for each field.
    pub changes: Vec<Change>,
    /// Whether these are all; a JIRA without the paged log gives no more than its own limit.
    pub complete: bool,
}

/// One field of an issue changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// When.
    pub at: DateTime<Utc>,
    /// Who; none where the user is gone.
    pub by: Option<User>,
    /// The field, such as `status`.
    pub field: String,
    /// What it was, as shown.
    pub from: String,
    /// What it became, as shown.
    pub to: String,
}

impl Changelog {
    /// The changes of state, oldest first.
    pub fn status_changes(&self) -> impl Iterator<Item = &Change> {
        self.changes
            .iter()
            .filter(|change| change.field.eq_ignore_ascii_case("status"))
    }
}

/// A change log as JIRA sends it: `histories` inside an issue, `values` where it is paged.
#[derive(Deserialize, Default)]
pub(crate) struct RawChangelog {
    #[serde(default)]
    pub(crate) total: Option<usize>,
    #[serde(default, alias = "values", deserialize_with = "or_default")]
    pub(crate) histories: Vec<RawHistory>,
}

#[derive(Deserialize)]
pub(crate) struct RawHistory {
    #[serde(default, deserialize_with = "or_default")]
    created: String,
    #[serde(default)]
    author: Option<User>,
    #[serde(default, deserialize_with = "or_default")]
    items: Vec<RawItem>,
}

#[derive(Deserialize)]
struct RawItem {
    #[serde(default, deserialize_with = "or_default")]
    field: String,
    #[serde(default, rename = "fromString", deserialize_with = "or_default")]
    from: String,
    #[serde(default, rename = "toString", deserialize_with = "or_default")]
    to: String,
}

/// The changes of some entries, oldest first; an entry without a readable time counts for nothing.
pub(crate) fn changes(histories: Vec<RawHistory>) -> Vec<Change> {
    let mut changes: Vec<Change> = histories
        .into_iter()
        .filter_map(|history| Some((instant(&history.created)?, history)))
        .flat_map(|(at, history)| {
            let by = history.author;
            history.items.into_iter().map(move |item| Change {
                at,
                by: by.clone(),
                field: item.field,
                from: item.from,
                to: item.to,
            })
        })
        .collect();
    changes.sort_by_key(|change| change.at);
    changes
}
